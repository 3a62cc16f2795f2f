"""The seller's prices of the levels: no document prints them, so the seller fills ``data/prices.csv``."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from logic.core.errors import DataError
from logic.core.models import MAX_RIAL, Day, Level
from logic.datasets.tables import Row, data_dir, display_path, read_csv

FILE = "prices.csv"


class PriceRow(Row):
    """What a level costs for one period, in whole rials, and the day on which that was so."""

    level: Level
    price_rial: Annotated[int, Field(ge=0, le=MAX_RIAL)]
    as_of: Day


def prices() -> Mapping[Level, PriceRow]:
    """The seller's prices by level; none where the file is empty or there is none.

    Raises DataError with file, line and column where a cell cannot be used, or a level is a duplicate.
    """
    return _read(data_dir() / FILE)


@cache
def _read(file: Path) -> Mapping[Level, PriceRow]:
    found: dict[Level, PriceRow] = {}
    if not file.exists():
        return found
    for line, row in enumerate(read_csv(file, PriceRow), start=2):
        if row.level in found:
            raise DataError(display_path(file), line, "level", f"duplicate key {row.level}")
        found[row.level] = row
    return found
