"""Files of a fleet's cars, as CSV and as a workbook."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook

HEAD = ["label", "car", "odometer", "level", "card_started"]


def as_csv(*rows: Sequence[object], head: Sequence[str] = HEAD, encoding: str = "utf-8") -> bytes:
    """Return rows below a header as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([head, *rows])
    return buffer.getvalue().encode(encoding)


def as_xlsx(*rows: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    """Return rows below a header as a workbook."""
    workbook = Workbook()
    for row in ([*head], *rows):
        workbook.worksheets[0].append(list(row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
