"""Alternative names of columns, cars, levels and months in uploaded files: ``data/synonyms.csv``."""

from collections.abc import Container, Mapping
from typing import Literal

from pydantic import Field

from logic.core.errors import DataError
from logic.core.normalisation import comparison_key
from logic.datasets.dataset import cached_per_dataset, data_dir
from logic.datasets.tables import Row, display_path, read_csv

FILE = "synonyms.csv"
SynonymKind = Literal[
    "column", "car", "vehicle", "level", "month", "gregorian_month", "weekday", "empty", "yes", "no"
]


class SynonymRow(Row):
    """An alternative name of an id."""

    kind: SynonymKind
    id: str
    text: str = Field(max_length=80)


def synonyms(kind: SynonymKind, known: Container[str] | None = None) -> Mapping[str, tuple[str, ...]]:
    """Return the ids that the alternative names of a kind can mean, by the comparison key of the name.

    Args:
        kind: which rows of the file are used.
        known: the valid ids; None if every id is valid.

    Raises:
        DataError: a cell is invalid, a row occurs twice, or an id is unknown.

    """
    file = data_dir() / FILE
    if known is not None:
        for line, row in _rows():
            if row.kind == kind and row.id not in known:
                raise DataError(display_path(file), line, "id", f"{row.id!r} is not known")
    return _synonyms(kind)


@cached_per_dataset
def _synonyms(kind: SynonymKind) -> Mapping[str, tuple[str, ...]]:
    file = data_dir() / FILE
    ids: dict[str, tuple[str, ...]] = {}
    for line, row in _rows():
        if row.kind != kind:
            continue
        key = comparison_key(row.text)
        if row.id in ids.get(key, ()):
            raise DataError(display_path(file), line, "text", f"{row.text!r} is a duplicate")
        ids[key] = (*ids.get(key, ()), row.id)
    return ids


@cached_per_dataset
def _rows() -> tuple[tuple[int, SynonymRow], ...]:
    """Return the rows of the file with their line numbers."""
    return tuple(enumerate(read_csv(data_dir() / FILE, SynonymRow), start=2))
