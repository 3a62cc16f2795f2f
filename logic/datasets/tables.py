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
from functools import cache, cached_property, lru_cache, wraps
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from logic.core.errors import DataError
from logic.core.models import Day, invalid

SHIPPED = Path(__file__).resolve().parents[2] / "data"

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
    """Where an edition states something, and what it states in our own words."""

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


class Label(Row):
    """What an id is called in each language."""

    fa: str
    en: str


class Labelled:
    """Marks a column of ids: each of them needs a label of a kind in the edition's ``labels.toml``."""

    def __init__(self, kind: str) -> None:
        """``kind`` is a table of ``labels.toml``."""
        self.kind = kind


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


class Citations(Row):
    """The clauses that an edition's answers cite besides those of their rows.

    Each field is a key of ``citations.csv`` and holds the full id of the clause that the edition gives it.
    A field with the default None may be missing from an edition that has no such clause.
    """


CitationsT = TypeVar("CitationsT", bound=Citations)


class _CitationRow(Row):
    """A line of ``citations.csv``: what a clause is cited for, and the clause."""

    key: str
    clause: str


@dataclass(frozen=True, eq=False)
class EditionFolder:
    """The folder of an edition: its tables, checked against its own clauses."""

    path: Path
    edition: Edition
    clauses: Mapping[str, Clause]
    """The edition's clauses by their full ids."""

    @cached_property
    def _clause_ids(self) -> Mapping[str, str]:
        """The full ids by place, as the tables of the edition write them."""
        prefix = f"{self.edition.document}.{self.edition.id}."
        return {clause.removeprefix(prefix): clause for clause in self.clauses}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, Label]]:
        """What the edition's ids are called, by kind and id; none where it has no ``labels.toml``."""
        file = self.path / "labels.toml"
        if not file.exists():
            return {}
        labels: dict[str, dict[str, Label]] = {}
        for kind, names in read_toml(file).items():
            if not isinstance(names, dict):
                raise DataError(display_path(file), None, kind, "is not inside a table of labels")
            labels[kind] = {
                name: build(Label, texts, file, f"[{kind}] {name} ".__add__) for name, texts in names.items()
            }
        return labels

    @cached_property
    def citations(self) -> Mapping[str, str]:
        """The full ids of clauses by the keys of ``citations.csv``."""
        return {
            key: row.clause
            for key, row in self.rows_by_key("citations", _CitationRow, lambda row: row.key).items()
        }

    def cite(self, model: type[CitationsT]) -> CitationsT:
        """Return the citations that a model names. Raises DataError at the first key that is missing."""
        found = {key: clause for key, clause in self.citations.items() if key in model.model_fields}
        for key, field in model.model_fields.items():
            if field.is_required() and key not in found:
                line = len(self.citations) + 2  # where the row has to be added
                raise self.error("citations.csv", line, "key", f"required key {key} is missing")
        return model(**found)

    def rows(self, name: str, row: type[RowT]) -> tuple[RowT, ...]:
        """Every row of ``<name>.csv``."""
        rows = read_csv(self.path / f"{name}.csv", row, self._clause_ids)
        for column, field in row.model_fields.items():
            for mark in field.metadata:
                if isinstance(mark, Labelled):
                    cells = (getattr(row, column) for row in rows)
                    self.require_labels(f"{name}.csv", column, mark.kind, cells)
        return rows

    def require_labels(
        self,
        file: str,
        column: str,
        kind: str,
        cells: Iterable[str | tuple[str, ...] | None],
        first_line: int = 2,
    ) -> None:
        """Raise DataError at the first id of a column that ``labels.toml`` does not name."""
        labels = self.labels.get(kind, {})
        for line, cell in enumerate(cells, start=first_line):
            for name in cell if isinstance(cell, tuple) else (cell,):
                if name is not None and name not in labels:
                    raise self.error(file, line, column, f"{name!r} has no label in [{kind}] of labels.toml")

    def rows_by_key(
        self, name: str, row: type[RowT], key: Callable[[RowT], K], required: Iterable[K] = ()
    ) -> dict[K, RowT]:
        """The rows of ``<name>.csv`` by key; keys are unique, none of ``required`` may be missing."""
        file = self.path / f"{name}.csv"
        indexed: dict[K, RowT] = {}
        for line, each in enumerate(self.rows(name, row), start=2):
            if key(each) in indexed:
                raise DataError(display_path(file), line, None, f"duplicate key {key(each)}")
            indexed[key(each)] = each
        for needed in required:
            if needed not in indexed:
                raise DataError(display_path(file), None, None, f"required key {needed} is missing")
        return indexed

    def check_references(
        self, name: str, column: str, cells: Iterable[object], known: Container[object]
    ) -> None:
        """Check a column of ``<name>.csv`` (its cells from line 2 on) against the ids that it refers to."""
        for line, cell in enumerate(cells, start=2):
            if cell not in known:
                raise self.error(f"{name}.csv", line, column, f"{cell!r} is not known")

    def error(self, file: str, line: int | None, column: str | None, problem: str) -> DataError:
        """What is wrong in a file of the folder."""
        return DataError(display_path(self.path / file), line, column, problem)


_data_dir = Path(os.environ.get("KHODROYAR_DATA") or SHIPPED)


def data_dir() -> Path:
    """The data folder in use, named when the program starts."""
    return _data_dir


def cached_per_dataset(read: Callable[[], T]) -> Callable[[], T]:
    """Keep what is read from the data folder; another folder is read anew."""
    kept = cache(lambda _folder: read())
    return wraps(read)(lambda: kept(data_dir()))


def clauses() -> Mapping[str, Clause]:
    """Every clause of every edition by its full id, ``<document>.<edition>.<place>``."""
    return _clauses(data_dir())


@cache
def _clauses(data: Path) -> Mapping[str, Clause]:
    documents = sorted({file.parent.parent.name for file in data.glob("*/*/clauses.toml")})
    return {
        name: clause
        for document in documents
        for folder in editions(document, data)
        for name, clause in folder.clauses.items()
    }


def _clauses_of(path: Path, edition: Edition) -> Mapping[str, Clause]:
    """The clauses of an edition by their full ids; none where it has no ``clauses.toml``."""
    file = path / "clauses.toml"
    if not file.exists():
        return {}
    found = {}
    for place, fields in read_toml(file).items():
        if not isinstance(fields, dict):
            raise DataError(display_path(file), None, place, "is not inside a [clause] table")
        of = {"document": edition.document, "edition": edition.id}
        found[f"{edition.document}.{edition.id}.{place}"] = build(
            Clause, {**fields, **of}, file, f"[{place}] ".__add__
        )
    return found


def cited(reference: str) -> str:
    """Return the clause that a key of another document names: ``<document>.<key>`` of ``citations.csv``.

    The edition is the one whose end is open, else the last one. Raises KeyError where there is no such key.
    """
    document, key = reference.split(".", 1)
    return nearest(document).citations[key]


def nearest(document: str, day: date | None = None) -> EditionFolder:
    """Return the edition that holds on a day, else the next one after it, else the last one.

    Without a day: the edition whose end is open, else the last one. Raises DataError if there is none.
    """
    folders = editions(document, data_dir())
    if not folders:
        raise DataError(f"{data_dir().name}/{document}", None, None, "has no edition")
    for folder in folders:
        end = folder.edition.holds_to
        if end is None or (day is not None and day <= end):
            return folder
    return folders[-1]


def scope_clause(document: str, day: date | None = None) -> str:
    """Return the clause that says from when an edition holds, of the edition nearest to a day."""
    return nearest(document, day).citations["scope"]


@cache
def editions(document: str, folder: Path) -> tuple[EditionFolder, ...]:
    """The editions of a document, oldest first. Two that hold on one day are an error."""
    if not folder.is_dir():
        raise DataError(str(folder), None, None, "is no folder")
    found = []
    for file in sorted((folder / document).glob("**/edition.toml")):
        fields = {"document": document, "id": file.parent.name, **read_toml(file)}
        edition = build(Edition, fields, file)
        found.append(EditionFolder(file.parent, edition, _clauses_of(file.parent, edition)))
    for each in found:
        if each.edition.holds_to and each.edition.holds_to < (each.edition.holds_from or date.min):
            raise each.error("edition.toml", None, "to", "lies before the first day")
    found.sort(key=lambda each: each.edition.holds_from or date.min)
    for earlier, later in pairwise(found):
        if (earlier.edition.holds_to or date.max) >= (later.edition.holds_from or date.min):
            raise DataError(
                display_path(later.path / "edition.toml"), None, "from", "overlaps the edition before it"
            )
    return tuple(found)


class VersionedTables(Generic[T]):
    """A document's tables as one object per edition, read once."""

    def __init__(self, document: str, read: Callable[[EditionFolder], T]) -> None:
        """``read`` turns an edition's folder into the object."""
        self.document = document
        self._read = cache(read)
        self._of = lru_cache(maxsize=4096)(self._find)  # days are many, and asked for again and again
        self.editions = cached_per_dataset(self._every)
        """Every edition's tables, oldest first."""
        _versioned_tables.append(self)

    def __call__(self, day: date | None = None) -> T | None:
        """The edition of that day; without a day, the one whose end is open. None when there is none.

        Which one was read always stands in the result's ``edition``, so none is chosen in silence.
        """
        return self._of(data_dir(), day)

    def nearest(self, day: date | None = None) -> T:
        """The edition of that day, else the next one after it, else the last; see ``nearest``."""
        return self._read(nearest(self.document, day))

    def _find(self, folder: Path, day: date | None) -> T | None:
        for each in editions(self.document, folder):
            holds = each.edition.holds_to is None if day is None else each.edition.holds_on(day)
            if holds:
                return self._read(each)
        return None

    def _every(self) -> tuple[T, ...]:
        return tuple(self._read(folder) for folder in editions(self.document, data_dir()))


_versioned_tables: list[VersionedTables[Any]] = []


def edition_reader(document: str) -> Callable[[Callable[[EditionFolder], T]], VersionedTables[T]]:
    """Mark a function from an edition's folder to its tables as the reader of a document."""
    return lambda read: VersionedTables(document, read)


def check() -> None:
    """Read every edition of every document. Raises DataError at the first cell that cannot be used."""
    for each in _versioned_tables:
        each.editions()


def documents() -> list[str]:
    """The documents that have tables, in the order of their ids."""
    return sorted({each.document for each in _versioned_tables})


def title(document: str, edition: str) -> Mapping[Literal["fa", "en"], str]:
    """What an edition of a document is called in each language."""
    found = {folder.edition.id: folder.edition.title for folder in editions(document, data_dir())}
    return found[edition]


@cached_per_dataset
def labels() -> Mapping[str, Mapping[str, Label]]:
    """What ids are called, by kind and id: of every edition, those of the newest where several name one."""
    found: dict[str, dict[str, Label]] = {}
    for document in sorted({file.parent.parent.name for file in data_dir().glob("*/*/labels.toml")}):
        for folder in editions(document, data_dir()):
            for kind, names in folder.labels.items():
                found.setdefault(kind, {}).update(names)
    return found


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 100
"""How a cell is shown in an error, however long or deep it is."""


def read_toml(file: Path) -> dict[str, Any]:
    """A TOML file. Raises DataError with the line of a mistake."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(display_path(file), None, None, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise DataError(display_path(file), None, None, "is not UTF-8") from None
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise DataError(display_path(file), None, None, str(error)) from None
    except RecursionError:
        raise DataError(display_path(file), None, None, "is nested too deeply") from None


def read_frame(file: Path) -> pd.DataFrame:
    """A CSV file as text cells, as they stand. Raises DataError."""
    try:
        frame = pd.read_csv(
            file, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8", skip_blank_lines=False
        )
    except OSError as error:
        raise DataError(display_path(file), None, None, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise DataError(display_path(file), None, None, "is not UTF-8") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError(display_path(file), None, None, str(error).strip()) from None
    if not isinstance(frame.index, pd.RangeIndex):  # pandas takes a cell too many for a row label
        raise DataError(display_path(file), 2, None, "has more cells than the head names columns")
    return frame


def read_csv(file: Path, row: type[RowT], clause_ids: Mapping[str, str] | None = None) -> tuple[RowT, ...]:
    """Every row of a CSV file, checked. Line 1 is the head. Raises DataError.

    ``clause_ids``: the full ids of clauses by what the columns named ``…clause`` hold.
    """
    frame = read_frame(file)
    names = {info.alias or name for name, info in row.model_fields.items()}
    for column in frame.columns:
        if column not in names:
            raise DataError(display_path(file), 1, str(column), "is not a column of this table")
    for column, info in row.model_fields.items():
        if info.is_required() and column not in frame.columns:
            raise DataError(display_path(file), 1, column, "is missing")
    rows = []
    for line, cells in enumerate(frame.to_dict("records"), start=2):
        filled = {str(column): cell for column, cell in cells.items() if cell}
        where = lambda column, line=line: (line, column)  # noqa: E731 - a place, not a procedure
        for column, cell in filled.items():
            if column.endswith("clause"):
                if cell not in (clause_ids or {}):
                    problem = f"the clause {_SHORT.repr(cell)} is not in clauses.toml"
                    raise DataError(display_path(file), line, column, problem)
                filled[column] = (clause_ids or {})[cell]
        rows.append(build(row, filled, file, where))
    return tuple(rows)


def build(
    row: type[T],
    fields: Mapping[str, object],
    file: Path,
    place: Callable[[str], Any] = lambda column: column,
) -> T:
    """The row, or DataError at the first cell that does not fit."""
    if not isinstance(fields, Mapping):
        raise DataError(display_path(file), None, str(place("")).strip(), "is no table")
    try:
        return row(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = str(first["loc"][0] if first["loc"] else first.get("ctx", {}).get("field", ""))
        where = place(column)
        line, column = where if isinstance(where, tuple) else (None, where)
        cell = f" ({_SHORT.repr(first['input'])})" if first["loc"] else ""
        problem = "is empty" if first["type"] == "missing" else f"{first['msg']}{cell}"
        raise DataError(display_path(file), line, column, problem) from None


def display_path(file: Path) -> str:
    """The file's name as its owner knows it: from the data folder on."""
    return (
        file.relative_to(data_dir().parent).as_posix()
        if file.is_relative_to(data_dir().parent)
        else str(file)
    )


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
