"""Read and validate the tables of the data folder: rows, clauses, and editions by date.

An invalid cell raises DataError with file, line and column at startup. The folder is ``data/`` next to the
package ``logic``, or the one in ``KHODROYAR_DATA``.
"""

import reprlib
import tomllib
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from logic.core.errors import DataError
from logic.core.models import Day, invalid
from logic.datasets.dataset import cached_per_dataset, data_dir

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Row(BaseModel):
    """Base class of the rows of a table. An empty cell is null; an unknown column is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


RowT = TypeVar("RowT", bound=Row)


def _yes_no(cell: object) -> object:
    match cell:
        case "yes":
            return True
        case "no":
            return False
        case _:
            raise ValueError("must be yes or no")


YesNo = Annotated[bool, BeforeValidator(_yes_no)]


class Clause(Row):
    """A clause of an edition: its position in the document, and a summary in each language."""

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
    """The name of an id in each language."""

    fa: str
    en: str


class Labelled:
    """Annotation of a column of ids: each id needs a label in ``labels.toml`` of the edition."""

    def __init__(self, kind: str) -> None:
        """``kind`` is the table of ``labels.toml`` that contains the labels."""
        self.kind = kind


class Edition(Row):
    """An edition of a document and the first and last day on which it is in force; null is open."""

    document: str
    id: str
    title: Mapping[Literal["fa", "en"], str]
    valid_from: Day | None = Field(None, alias="from")
    valid_to: Day | None = Field(None, alias="to")
    published: Day | None = None

    def is_valid_on(self, day: date) -> bool:
        """Return whether the edition is in force on a day; the first and the last day are included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class Citations(Row):
    """Base class of the clauses that answers cite in addition to those of table rows.

    Each field is a key of ``citations.csv``; its value is the full id of the clause in that edition. A field
    with the default None is optional, for editions without such a clause.
    """


CitationsT = TypeVar("CitationsT", bound=Citations)


class _CitationRow(Row):
    """A row of ``citations.csv``: a key and the clause that answers cite for it."""

    key: str
    clause: str


@dataclass(frozen=True, eq=False)
class EditionFolder:
    """The folder of an edition. Its tables may only name clauses of the same edition."""

    path: Path
    edition: Edition
    clauses: Mapping[str, Clause]
    """The edition's clauses by their full ids."""

    @cached_property
    def _clause_ids(self) -> Mapping[str, str]:
        """The full ids of the edition's clauses by their short ids, which its tables use."""
        prefix = f"{self.edition.document}.{self.edition.id}."
        return {clause.removeprefix(prefix): clause for clause in self.clauses}

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, Label]]:
        """The labels of the edition by kind and id; empty if it has no ``labels.toml``."""
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
        """The full ids of the cited clauses by their keys in ``citations.csv``."""
        return {
            key: row.clause
            for key, row in self.rows_by_key("citations", _CitationRow, lambda row: row.key).items()
        }

    def cite(self, model: type[CitationsT]) -> CitationsT:
        """Return the citations of a model. Raises DataError if a required key is missing."""
        citations = {key: clause for key, clause in self.citations.items() if key in model.model_fields}
        for key, field in model.model_fields.items():
            if field.is_required() and key not in citations:
                line = len(self.citations) + 2  # where to add the row
                raise self.error("citations.csv", line, "key", f"required key {key} is missing")
        return model(**citations)

    def rows(self, name: str, row: type[RowT]) -> tuple[RowT, ...]:
        """Return the rows of ``<name>.csv``, with the labels of their ids checked. Raises DataError."""
        rows = read_csv(self.path / f"{name}.csv", row, self._clause_ids)
        for column, field in row.model_fields.items():
            for annotation in field.metadata:
                if isinstance(annotation, Labelled):
                    cells = (getattr(row, column) for row in rows)
                    self.require_labels(f"{name}.csv", column, annotation.kind, cells)
        return rows

    def require_labels(
        self,
        file: str,
        column: str,
        kind: str,
        cells: Iterable[str | tuple[str, ...] | None],
        first_line: int = 2,
    ) -> None:
        """Check that every id of a column has a label in ``labels.toml``. Raises DataError."""
        labels = self.labels.get(kind, {})
        for line, cell in enumerate(cells, start=first_line):
            for id_ in cell if isinstance(cell, tuple) else (cell,):
                if id_ is not None and id_ not in labels:
                    raise self.error(file, line, column, f"{id_!r} has no label in [{kind}] of labels.toml")

    def rows_by_key(
        self, name: str, row: type[RowT], key: Callable[[RowT], K], required: Iterable[K] = ()
    ) -> dict[K, RowT]:
        """Return the rows of ``<name>.csv`` by key.

        Raises:
            DataError: a cell is invalid, a key occurs twice, or a required key is missing.

        """
        file = self.path / f"{name}.csv"
        rows: dict[K, RowT] = {}
        for line, table_row in enumerate(self.rows(name, row), start=2):
            row_key = key(table_row)
            if row_key in rows:
                raise DataError(display_path(file), line, None, f"duplicate key {row_key}")
            rows[row_key] = table_row
        for required_key in required:
            if required_key not in rows:
                raise DataError(display_path(file), None, None, f"required key {required_key} is missing")
        return rows

    def check_references(
        self, name: str, column: str, cells: Iterable[object], known: Container[object]
    ) -> None:
        """Check the cells of a column of ``<name>.csv`` against the known ids. Raises DataError."""
        for line, cell in enumerate(cells, start=2):
            if cell not in known:
                raise self.error(f"{name}.csv", line, column, f"{cell!r} is not known")

    def error(self, file: str, line: int | None, column: str | None, problem: str) -> DataError:
        """Return the error of a cell in a file of the folder."""
        return DataError(display_path(self.path / file), line, column, problem)


@cached_per_dataset
def clauses() -> Mapping[str, Clause]:
    """Return all clauses of all editions by full id, ``<document>.<edition>.<short id>``."""
    documents = sorted({file.parent.parent.name for file in data_dir().glob("*/*/clauses.toml")})
    return {
        clause_id: clause
        for document in documents
        for folder in editions(document)
        for clause_id, clause in folder.clauses.items()
    }


def _edition_clauses(path: Path, edition: Edition) -> Mapping[str, Clause]:
    """Return the clauses of an edition by full id; empty if it has no ``clauses.toml``."""
    file = path / "clauses.toml"
    if not file.exists():
        return {}
    clauses_by_id = {}
    for short_id, fields in read_toml(file).items():
        if not isinstance(fields, dict):
            raise DataError(display_path(file), None, short_id, "is not inside a [clause] table")
        clauses_by_id[f"{edition.document}.{edition.id}.{short_id}"] = build(
            Clause,
            {**fields, "document": edition.document, "edition": edition.id},
            file,
            f"[{short_id}] ".__add__,
        )
    return clauses_by_id


def cited(reference: str) -> str:
    """Return the full id of a clause of another document. The reference is ``<document>.<citation key>``.

    The edition is the one without an end, else the last one.

    Raises:
        KeyError: the edition has no such citation.

    """
    document, key = reference.split(".", 1)
    return nearest(document).citations[key]


def nearest(document: str, day: date | None = None) -> EditionFolder:
    """Return the edition that is in force on a day, else the next one after that day, else the last one.

    Without a day: the edition without an end, else the last one.

    Raises:
        DataError: the document has no edition.

    """
    folders = editions(document)
    if not folders:
        raise DataError(f"{data_dir().name}/{document}", None, None, "has no edition")
    for folder in folders:
        end = folder.edition.valid_to
        if end is None or (day is not None and day <= end):
            return folder
    return folders[-1]


def scope_clause(document: str, day: date | None = None) -> str:
    """Return the clause about the start of an edition, from the edition nearest to a day."""
    return nearest(document, day).citations["scope"]


@cached_per_dataset
def editions(document: str, data: Path | None = None) -> tuple[EditionFolder, ...]:
    """Return the editions of a document, oldest first; of the data folder in use or of another one.

    Raises:
        DataError: an ``edition.toml`` or ``clauses.toml`` is invalid, or two editions overlap.

    """
    data = data or data_dir()
    if not data.is_dir():
        raise DataError(str(data), None, None, "is not a folder")
    folders = []
    for file in sorted((data / document).glob("**/edition.toml")):
        fields = {"document": document, "id": file.parent.name, **read_toml(file)}
        edition = build(Edition, fields, file)
        if edition.valid_to and edition.valid_to < (edition.valid_from or date.min):
            raise DataError(display_path(file), None, "to", "is before the first day")
        folders.append(EditionFolder(file.parent, edition, _edition_clauses(file.parent, edition)))
    folders.sort(key=lambda folder: folder.edition.valid_from or date.min)
    for earlier, later in pairwise(folders):
        if (earlier.edition.valid_to or date.max) >= (later.edition.valid_from or date.min):
            raise DataError(
                display_path(later.path / "edition.toml"), None, "from", "overlaps the edition before it"
            )
    return tuple(folders)


class VersionedTables(Generic[T]):
    """The tables of a document, as one object per edition. Each edition is read once."""

    def __init__(self, document: str, read: Callable[[EditionFolder], T]) -> None:
        """``read`` returns the tables of an edition's folder."""
        self.document = document
        self._read = cached_per_dataset(read)
        self._find_cached = cached_per_dataset(self._find)
        self.editions = cached_per_dataset(self._read_all)
        """Return the tables of all editions, oldest first."""
        _versioned_tables.append(self)

    def __call__(self, day: date | None = None) -> T | None:
        """Return the tables in force on a day; without a day, those of the edition without an end.

        None if there is no such edition. A result names the edition in its field ``edition``, so that no
        edition is chosen silently.
        """
        return self._find_cached(day)

    def nearest(self, day: date | None = None) -> T:
        """Return the tables of the edition nearest to a day, as the function ``nearest`` defines it."""
        return self._read(nearest(self.document, day))

    def _find(self, day: date | None) -> T | None:
        for edition_folder in editions(self.document):
            edition = edition_folder.edition
            is_in_force = edition.valid_to is None if day is None else edition.is_valid_on(day)
            if is_in_force:
                return self._read(edition_folder)
        return None

    def _read_all(self) -> tuple[T, ...]:
        return tuple(self._read(folder) for folder in editions(self.document))


_versioned_tables: list[VersionedTables[Any]] = []


def edition_reader(document: str) -> Callable[[Callable[[EditionFolder], T]], VersionedTables[T]]:
    """Register a function that returns the tables of an edition's folder as the reader of a document."""
    return lambda read: VersionedTables(document, read)


def check() -> None:
    """Read all editions of all documents. Raises DataError at the first invalid cell."""
    for tables in _versioned_tables:
        tables.editions()
    labels()


def documents() -> list[str]:
    """Return the ids of the documents that have tables, sorted."""
    return sorted({tables.document for tables in _versioned_tables})


def title(document: str, edition: str) -> Mapping[Literal["fa", "en"], str]:
    """Return the title of an edition in each language. Raises KeyError if there is no such edition."""
    titles = {folder.edition.id: folder.edition.title for folder in editions(document)}
    return titles[edition]


@cached_per_dataset
def labels() -> Mapping[str, Mapping[str, Label]]:
    """Return the labels of all documents by kind and id; those of the newest edition of each document.

    Raises DataError if two documents label an id differently: every page shows the same label.
    """
    merged: dict[str, dict[str, Label]] = {}
    sources: dict[tuple[str, str], EditionFolder] = {}
    for document in sorted({file.parent.parent.name for file in data_dir().glob("*/*/labels.toml")}):
        newest: dict[tuple[str, str], EditionFolder] = {}
        for folder in editions(document):
            newest.update({(kind, name): folder for kind, names in folder.labels.items() for name in names})
        for (kind, name), folder in newest.items():
            label = folder.labels[kind][name]
            if merged.setdefault(kind, {}).setdefault(name, label) != label:
                other = display_path(sources[kind, name].path / "labels.toml")
                line = _label_line(folder.path / "labels.toml", kind, name)
                raise folder.error("labels.toml", line, f"[{kind}] {name}", f"has another name in {other}")
            sources[kind, name] = folder
    return merged


def _label_line(file: Path, kind: str, name: str) -> int | None:
    """Return the line of ``labels.toml`` on which a label begins; None if it is not found."""
    table = None
    for line, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if text.startswith("["):
            table = text.strip("[] ")
        if table == f"{kind}.{name}" or (table == kind and text.partition("=")[0].strip() == name):
            return line
    return None


_SHORT_REPR = reprlib.Repr()
_SHORT_REPR.maxstring = _SHORT_REPR.maxother = 100
"""Shortens cells in error messages."""


def read_toml(file: Path) -> dict[str, Any]:
    """Return the content of a TOML file. Raises DataError, with the line of a syntax error."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(display_path(file), None, None, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise DataError(display_path(file), None, None, "is not UTF-8") from None
    except ValueError as error:  # a syntax error, or a number of thousands of digits
        raise DataError(display_path(file), None, None, str(error)) from None
    except RecursionError:
        raise DataError(display_path(file), None, None, "is nested too deeply") from None


def read_frame(file: Path) -> pd.DataFrame:
    """Return a CSV file as unchanged text cells. Raises DataError."""
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
    if not isinstance(frame.index, pd.RangeIndex):  # pandas uses a surplus cell as a row label
        raise DataError(display_path(file), 2, None, "has more cells than the header has columns")
    return frame


def read_csv(file: Path, row: type[RowT], clause_ids: Mapping[str, str] | None = None) -> tuple[RowT, ...]:
    """Return the validated rows of a CSV file. Line 1 is the header.

    Columns whose name ends in ``clause`` contain short ids of clauses; ``clause_ids`` maps them to full ids.

    Raises:
        DataError: the file cannot be read, a column is unknown or missing, or a cell is invalid.

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
        values = {str(column): cell for column, cell in cells.items() if cell}
        for column, cell in values.items():
            if column.endswith("clause"):
                if cell not in (clause_ids or {}):
                    problem = f"the clause {_SHORT_REPR.repr(cell)} is not in clauses.toml"
                    raise DataError(display_path(file), line, column, problem)
                values[column] = (clause_ids or {})[cell]
        rows.append(build(row, values, file, line=line))
    return tuple(rows)


def build(
    row: type[T],
    fields: Mapping[str, object],
    file: Path,
    column_label: Callable[[str], str] = lambda column: column,
    line: int | None = None,
) -> T:
    """Return a validated row. Raises DataError at the first invalid cell.

    ``column_label`` turns the name of a field into the column that the error names, as in ``[a1] page``.
    """
    if not isinstance(fields, Mapping):
        raise DataError(display_path(file), None, column_label("").strip(), "is not a table")
    try:
        return row(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = str(first["loc"][0] if first["loc"] else first.get("ctx", {}).get("field", ""))
        cell = f" ({_SHORT_REPR.repr(first['input'])})" if first["loc"] else ""
        problem = "is empty" if first["type"] == "missing" else f"{first['msg']}{cell}"
        raise DataError(display_path(file), line, column_label(column), problem) from None


def display_path(file: Path) -> str:
    """Return the path of a file for messages, beginning with the name of the data folder."""
    return (
        file.relative_to(data_dir().parent).as_posix()
        if file.is_relative_to(data_dir().parent)
        else str(file)
    )


class Figure(Row):
    """A single number of a document, with its unit and clause."""

    name: str
    value: Decimal
    unit: Literal["rial", "percent", "km", "hour", "day", "month", "year", "count"]
    clause: str

    @model_validator(mode="after")
    def _check_whole_number(self) -> Self:
        if self.unit != "percent" and self.value != self.value.to_integral_value():
            raise invalid("value", "is not a whole number")
        return self
