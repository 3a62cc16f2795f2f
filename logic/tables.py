"""Validated tables: every row checked cell by cell, every figure with a clause, editions by date.

A cell that cannot be used raises DataError with file, line and column, before any question is answered.
The folder is ``data/`` beside this package, or the one that ``KHODROYAR_DATA`` names.
"""

import os
import reprlib
import tomllib
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache, wraps
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from logic.errors import DataError
from logic.models import Day, invalid

SHIPPED = Path(__file__).parent.parent / "data"

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Row(BaseModel):
    """A line of a table. An empty cell is null; a column that the row does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


RowT = TypeVar("RowT", bound=Row)


def _yes_no(cell: object) -> object:
    match cell:
        case "yes":
            return True
        case "no":
            return False
        case _:
            raise ValueError("neither yes nor no")


YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Clause(Row):
    """Where a figure stands in a source, and what the place says in our own words."""

    document: str
    edition: str
    fa: str
    en: str
    part: str | None = None
    article: str | None = None
    table: str | None = None
    annex: str | None = None
    note: str | None = None
    place: str | None = None
    printed: str | None = None
    page: int | None = None


class Edition(Row):
    """One edition of a document and the days from and to which it holds; null is an open end."""

    document: str
    id: str
    title: Mapping[Literal["fa", "en"], str]
    holds_from: Day | None = Field(None, alias="from")
    holds_to: Day | None = Field(None, alias="to")
    published: Day | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the day lies within the edition's days, both included."""
        return (self.holds_from is None or self.holds_from <= day) and (
            self.holds_to is None or day <= self.holds_to
        )


@dataclass(frozen=True, eq=False)
class Folder:
    """A folder of tables, checked against the clause registry; with its edition where it has one."""

    path: Path
    edition: Edition
    clauses: Mapping[str, Clause]

    def rows(self, name: str, row: type[RowT]) -> tuple[RowT, ...]:
        """Every row of ``<name>.csv``."""
        return read_csv(self.path / f"{name}.csv", row, self.clauses)

    def keyed(
        self, name: str, row: type[RowT], key: Callable[[RowT], K], whole: Iterable[K] = ()
    ) -> dict[K, RowT]:
        """The rows of ``<name>.csv`` by key; no key may stand twice, none of ``whole`` may be missing."""
        file = self.path / f"{name}.csv"
        indexed: dict[K, RowT] = {}
        for line, each in enumerate(self.rows(name, row), start=2):
            if key(each) in indexed:
                raise DataError(name_of(file), line, None, f"{key(each)} stands twice")
            indexed[key(each)] = each
        for needed in whole:
            if needed not in indexed:
                raise DataError(name_of(file), None, None, f"{needed} is missing")
        return indexed

    def refers(self, name: str, column: str, cells: Iterable[str], known: Container[str]) -> None:
        """Check a column of ``<name>.csv`` (its cells from line 2 on) against the ids that it refers to."""
        for line, cell in enumerate(cells, start=2):
            if cell not in known:
                raise self.error(f"{name}.csv", line, column, f"{cell!r} is not known")

    def error(self, file: str, line: int | None, column: str | None, problem: str) -> DataError:
        """What is wrong in a file of the folder."""
        return DataError(name_of(self.path / file), line, column, problem)


_root = Path(os.environ.get("KHODROYAR_DATA") or SHIPPED)


def root() -> Path:
    """The data folder in use, named when the program starts."""
    return _root


def from_data(read: Callable[[], T]) -> Callable[[], T]:
    """Keep what is read from the data folder; another folder is read anew."""
    kept = cache(lambda _folder: read())
    return wraps(read)(lambda: kept(root()))


def clauses() -> Mapping[str, Clause]:
    """Every registered clause by id."""
    return _clauses(root())


@cache
def _clauses(folder: Path) -> Mapping[str, Clause]:
    file = folder / "clauses.toml"
    table = read_toml(file)
    for name, fields in table.items():
        if not isinstance(fields, dict):
            raise DataError(name_of(file), None, name, "stands outside every clause")
    return {name: build(Clause, fields, file, f"[{name}] ".__add__) for name, fields in table.items()}


@cache
def editions(document: str, folder: Path) -> tuple[Folder, ...]:
    """The editions of a document, oldest first. Two that hold on one day are an error."""
    if not folder.is_dir():
        raise DataError(str(folder), None, None, "is no folder")
    found = []
    for file in sorted((folder / document).glob("**/edition.toml")):
        fields = {"document": document, "id": file.parent.name, **read_toml(file)}
        found.append(Folder(file.parent, build(Edition, fields, file), _clauses(folder)))
    for each in found:
        if each.edition.holds_to and each.edition.holds_to < (each.edition.holds_from or date.min):
            raise each.error("edition.toml", None, "to", "lies before the first day")
    found.sort(key=lambda each: each.edition.holds_from or date.min)
    for earlier, later in pairwise(found):
        if (earlier.edition.holds_to or date.max) >= (later.edition.holds_from or date.min):
            raise DataError(
                name_of(later.path / "edition.toml"), None, "from", "overlaps the edition before it"
            )
    return tuple(found)


class Book(Generic[T]):
    """A document's tables as one object per edition, read once."""

    def __init__(self, document: str, read: Callable[[Folder], T]) -> None:
        """``read`` turns an edition's folder into the object."""
        self.document = document
        self._read = cache(read)
        self._of = lru_cache(maxsize=4096)(self._find)  # days are many, and asked for again and again
        self.editions = from_data(self._every)
        """Every edition's tables, oldest first."""
        _books.append(self)

    def __call__(self, day: date | None = None) -> T | None:
        """The edition of that day; without a day, the one whose end is open. None when there is none.

        Which one was read always stands in the result's ``edition``, so none is chosen in silence.
        """
        return self._of(root(), day)

    def _find(self, folder: Path, day: date | None) -> T | None:
        for each in editions(self.document, folder):
            holds = each.edition.holds_to is None if day is None else each.edition.holds_on(day)
            if holds:
                return self._read(each)
        return None

    def _every(self) -> tuple[T, ...]:
        return tuple(self._read(folder) for folder in editions(self.document, root()))


_books: list[Book[Any]] = []


def book(document: str) -> Callable[[Callable[[Folder], T]], Book[T]]:
    """Mark a function from an edition's folder to its tables as the reader of a document."""
    return lambda read: Book(document, read)


def check() -> None:
    """Read every edition of every document. Raises DataError at the first cell that cannot be used."""
    for each in _books:
        each.editions()


def documents() -> list[str]:
    """The documents that have tables, in the order of their ids."""
    return sorted({each.document for each in _books})


def title(document: str, edition: str) -> Mapping[Literal["fa", "en"], str]:
    """What an edition of a document is called in each language."""
    found = {folder.edition.id: folder.edition.title for folder in editions(document, root())}
    return found[edition]


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 100
"""How a cell is shown in an error, however long or deep it is."""


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file. Raises DataError with the line of a mistake."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(name_of(file), None, None, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise DataError(name_of(file), None, None, "is not UTF-8") from None
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise DataError(name_of(file), None, None, str(error)) from None
    except RecursionError:
        raise DataError(name_of(file), None, None, "is nested too deeply") from None


def read_frame(file: Path) -> pd.DataFrame:
    """A CSV file as text cells, as they stand. Raises DataError."""
    try:
        frame = pd.read_csv(
            file, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8", skip_blank_lines=False
        )
    except OSError as error:
        raise DataError(name_of(file), None, None, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise DataError(name_of(file), None, None, "is not UTF-8") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(name_of(file), None, None, str(error).strip()) from None
    if not isinstance(frame.index, pd.RangeIndex):  # pandas takes a cell too many for a row label
        raise DataError(name_of(file), 2, None, "has more cells than the head names columns")
    return frame


def read_csv(file: Path, row: type[RowT], known: Mapping[str, Clause]) -> tuple[RowT, ...]:
    """Every row of a CSV file, checked. Line 1 is the head. Raises DataError."""
    frame = read_frame(file)
    names = {info.alias or name for name, info in row.model_fields.items()}
    for column in frame.columns:
        if column not in names:
            raise DataError(name_of(file), 1, str(column), "is not a column of this table")
    for column, info in row.model_fields.items():
        if info.is_required() and column not in frame.columns:
            raise DataError(name_of(file), 1, column, "is missing")
    rows = []
    for line, cells in enumerate(frame.to_dict("records"), start=2):
        filled = {str(column): cell for column, cell in cells.items() if cell}
        where = lambda column, line=line: (line, column)  # noqa: E731 - a place, not a procedure
        rows.append(build(row, filled, file, where))
        for column, cell in filled.items():
            if column.endswith("clause") and cell not in known:
                raise DataError(name_of(file), line, column, f"the clause {cell} is not registered")
    return tuple(rows)


def build(
    row: type[T],
    fields: Mapping[str, object],
    file: Path,
    place: Callable[[str], Any] = lambda column: column,
) -> T:
    """The row, or DataError at the first cell that does not fit."""
    if not isinstance(fields, Mapping):
        raise DataError(name_of(file), None, str(place("")).strip(), "is no table")
    try:
        return row(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = str(first["loc"][0] if first["loc"] else first.get("ctx", {}).get("field", ""))
        where = place(column)
        line, column = where if isinstance(where, tuple) else (None, where)
        cell = f" ({_SHORT.repr(first['input'])})" if first["loc"] else ""
        problem = "is empty" if first["type"] == "missing" else f"{first['msg']}{cell}"
        raise DataError(name_of(file), line, column, problem) from None


def name_of(file: Path) -> str:
    """The file's name as its owner knows it: from the data folder on."""
    return file.relative_to(root().parent).as_posix() if file.is_relative_to(root().parent) else str(file)


class Figure(Row):
    """A single number of a document."""

    name: str
    value: Decimal
    unit: Literal["rial", "percent", "km", "hour", "day", "month", "year", "count"]
    clause: str

    @model_validator(mode="after")
    def _whole_unless_a_rate(self) -> Self:
        if self.unit != "percent" and self.value != self.value.to_integral_value():
            raise invalid("value", "is not a whole number")
        return self
