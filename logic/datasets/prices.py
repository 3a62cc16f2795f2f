"""The seller's prices of the levels. No document has them; the seller enters them in ``data/prices.csv``."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from logic.core.errors import DataError
from logic.core.models import MAX_RIAL, Day, Level
from logic.datasets.dataset import cached_per_dataset, data_dir
from logic.datasets.tables import Row, display_path, read_csv

FILE = "prices.csv"


class PriceRow(Row):
    """The price of a level for one period, in rials, and the day of that price."""

    level: Level
    price_rial: Annotated[int, Field(ge=0, le=MAX_RIAL)]
    as_of: Day


@cached_per_dataset
def prices() -> Mapping[Level, PriceRow]:
    """Return the seller's prices by level; empty if the file has no rows or does not exist.

    Raises:
        DataError: a cell is invalid, or a level occurs twice.

    """
    file = data_dir() / FILE
    prices_by_level: dict[Level, PriceRow] = {}
    if not file.exists():
        return prices_by_level
    for line, row in enumerate(read_csv(file, PriceRow), start=2):
        if row.level in prices_by_level:
            raise DataError(display_path(file), line, "level", f"duplicate key {row.level}")
        prices_by_level[row.level] = row
    return prices_by_level
