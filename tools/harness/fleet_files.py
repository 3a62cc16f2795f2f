"""Files of cars as a fleet manager uploads them."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook

from ui.fleet.fleet_file import OutputCell

HEAD = ["label", "car", "odometer", "level", "card_started"]


def as_csv(*rows: Sequence[object], head: Sequence[str] = HEAD, encoding: str = "utf-8") -> bytes:
    """Write rows below a header as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def as_xlsx(*rows: Sequence[OutputCell], head: Sequence[str] = HEAD) -> bytes:
    """Write rows below a header as a workbook."""
    book = Workbook()
    for row in ([*head], *rows):
        book.worksheets[0].append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
