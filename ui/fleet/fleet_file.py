"""Read a file of a fleet's cars row by row, and write the lists of results. The server keeps nothing of it.

A cell is read as people write it: ids or names in either language, any digits, Jalali or Gregorian days. What
cannot be read is said with its row and column, and the other rows go on. Formulas are never evaluated, and
text that a spreadsheet would take for one goes out with an apostrophe before it.
"""

import csv
import datetime as dt
import io
import threading
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain, islice

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from logic.batch.table_file import (
    ENCODING_NAMES,
    FORMULA_STARTS,
    RowProblem,
    Table,
    TableFileError,
    TableRow,
    read_table,
)
from logic.core.amounts import AmountError, parse_amount
from logic.core.day_text import read_day
from logic.core.messages import LANGUAGES, message
from logic.core.models import MAX_COUNT, Level
from logic.core.normalisation import comparison_key
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.synonyms import SynonymKind, synonyms
from logic.service.service_schedule import car_ids, cars
from logic.vehicles.fleet import FleetCar
from logic.vehicles.my_car import MyCar
from ui.inputs.car_tiles import car_name
from ui.inputs.fields import MAX_PLAUSIBLE_KM
from ui.l10n.numbers import format_number
from ui.l10n.text import Text, text

COLUMNS = ("label", "car", "odometer", "level", "card_started", "delivered", "produced", "earlier")
NEEDED = ("car", "odometer")
MAX_LABEL_CHARS, MAX_CELL_CHARS = 60, 200
MAX_NUMBER_DIGITS = 15
"""A spreadsheet loses the digits of a longer number."""
MAX_ROWS_AROUND = 100
"""Rows of a workbook that are read beside those of the cars."""
MAX_ERRORS = 1_000
"""That are explained; a visit keeps them as long as its page is open."""
MAX_SMALL_ROWS = 1_000
"""Files of more rows take turns: many of them slow other pages down no more than one does."""
TURN = threading.Lock()
OutputCell = str | int | float | dt.date | None


class FleetFileError(Exception):
    """A file that cannot be read; the text is for people, in their language."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a cell, or where ``column`` is empty in a whole row."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, eq=False)
class FleetFile:
    """The cars of a file, what could not be read, and what to know of how it was read."""

    cars: list[FleetCar]
    errors: list[RowError]
    """The first `MAX_ERRORS`."""
    notes: Sequence[str] = ()
    further_errors: int = 0
    bad_rows: int = 0


def read(t: Text, content: bytes, most: int) -> FleetFile:
    """Read a CSV file or a workbook. Raises FleetFileError."""
    columns = _columns()
    try:
        table = read_table(
            io.BytesIO(content),
            lambda cell: columns.get(_key(cell)),
            max_rows=2 * most
            + MAX_ROWS_AROUND,  # a header, and blank rows between the cars of an honest file
        )
    except TableFileError as error:
        raise FleetFileError(message(error.code, **error.params)[t.language]) from None
    indexes = {column: index for index, column in enumerate(table.columns) if column}
    missing = [t(f"fleet.{column}") for column in NEEDED if column not in indexes]
    if missing:
        raise FleetFileError(t("fleet.no_columns", columns=t("word.and").join(missing)))
    first = [*islice(table.rows, MAX_SMALL_ROWS)]
    with TURN if len(first) == MAX_SMALL_ROWS else nullcontext():
        file = _read_rows(t, chain(first, table.rows), indexes, most)
    return replace(file, notes=_notes(t, table))


def _read_rows(
    t: Text, rows: Iterable[TableRow | RowProblem], indexes: Mapping[str, int], most: int
) -> FleetFile:
    cars: list[FleetCar] = []
    errors: list[RowError] = []
    refused = further_errors = 0
    for row in rows:
        if len(cars) + refused >= most:
            raise FleetFileError(t("fleet.too_many", most=format_number(most, t.language)))
        car, wrong = _car(t, row, indexes)
        room = MAX_ERRORS - len(errors)
        errors += wrong[:room]
        further_errors += len(wrong[room:])
        if car:
            cars.append(car)
        else:
            refused += 1
    return FleetFile(cars, errors, (), further_errors, refused)


def _notes(t: Text, table: Table) -> list[str]:
    """Say how the file was read, and what was removed from it."""
    row = format_number(table.header_row, t.language)
    notes = []
    if table.encoding and table.separator:
        separator = t("fleet.separator_tab") if table.separator == "\t" else table.separator
        encoding = ENCODING_NAMES[table.encoding]
        notes.append(t("fleet.read_csv", encoding=encoding, separator=separator, row=row))
    else:
        notes.append(t("fleet.read_sheet", row=row))
    if table.cleaned_cells:
        notes.append(t("fleet.cleaned", count=format_number(table.cleaned_cells, t.language)))
    return notes


# ---------------------------------------------------------------------------------------------- names
def _key(cell: str) -> str:
    return cached_key(cell[:MAX_CELL_CHARS])


cached_key = lru_cache(maxsize=4096)(comparison_key)
"""The cells of a column repeat: cars, levels, days."""


def _ids(
    kind: SynonymKind, names: Mapping[str, Iterable[str]], known: Container[str] = ()
) -> dict[str, tuple[str, ...]]:
    """The ids that a name can mean, by the name's key; a name of the app's own means only its id.

    ``known``: the ids that synonyms may have besides those of ``names``; they are not meant.
    """
    own = {_key(name): (id_,) for id_, others in names.items() for name in (id_, *others)}
    meant = synonyms(kind, known or names).items()
    return {**{key: tuple(id_ for id_ in ids if id_ in names) for key, ids in meant}, **own}


@cache
def _columns() -> dict[str, str]:
    """Each column by its id, its label in either language and its other names."""
    names = {column: [text(language)(f"fleet.{column}") for language in LANGUAGES] for column in COLUMNS}
    return {key: ids[0] for key, ids in _ids("column", names).items()}


@cached_per_dataset
def _cars() -> dict[str, tuple[str, ...]]:
    """The tiles that a name can mean; a car of several engines needs the engine's name too."""
    texts = [text(language) for language in LANGUAGES]
    names = {
        car: [name for t in texts for name in (t.name_of("car", car), car_name(t, car))] for car in cars()
    }
    return _ids("car", names, car_ids())


@cache
def _levels() -> dict[str, tuple[str, ...]]:
    texts = [text(language) for language in LANGUAGES]
    return _ids("level", {level: [t.name_of("level", level) for t in texts] for level in Level})


@cache
def _blanks() -> Mapping[str, object]:
    return synonyms("empty")


# ---------------------------------------------------------------------------------------------- cells
def _isolated(shown: str) -> str:
    """What stands in a cell, cut, in an order of its own within a sentence of either direction."""
    return f"\u2068{shown[:MAX_LABEL_CHARS]}\u2069"


class _CellError(Exception):
    """A cell that cannot be read, in words."""


def _car(
    t: Text, row: TableRow | RowProblem, indexes: Mapping[str, int]
) -> tuple[FleetCar | None, list[RowError]]:
    if isinstance(row, RowProblem):
        problem = message(row.code, **row.params)[t.language]
        return None, [RowError(row.number, "", problem)]
    errors: list[RowError] = []
    values: dict[str, object] = {}
    for column, index in indexes.items():
        try:
            values[column] = _value(t, column, row.cells[index])
        except _CellError as error:
            errors.append(RowError(row.number, t(f"fleet.{column}"), str(error)))
    if errors:
        return None, errors
    days = {column: _day_or_none(values.get(column)) for column in ("produced", "delivered", "card_started")}
    level = values.get("level")
    tile = cars()[str(values["car"])]
    car = MyCar(
        tile.vehicle,
        tile.engine,
        produced_on=days["produced"],
        delivered_on=days["delivered"],
        odometer_km=int(str(values["odometer"])),
        level=Level(str(level)) if level else None,
        card_started_on=days["card_started"],
    )
    return FleetCar(row.number, str(values.get("label") or ""), car, int(str(values.get("earlier") or 0))), []


def _day_or_none(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _value(t: Text, column: str, cell: str) -> object:
    """A cell's value; None where it is empty. Raises _CellError."""
    shown = cell.strip()[:MAX_CELL_CHARS]
    key = _key(shown)
    if column == "label":
        return shown[:MAX_LABEL_CHARS]
    if not key or key in _blanks():  # blank, a dash, «ندارد»
        if column in NEEDED:
            raise _CellError(t("fleet.empty"))
        return None
    match column:
        case "car" | "level":
            ids = (_cars() if column == "car" else _levels()).get(key, ())
            if len(ids) > 1:
                names = " / ".join(car_name(t, car) for car in ids)
                raise _CellError(t("fleet.several", value=_isolated(shown), names=names))
            if not ids:
                raise _CellError(t("fleet.unknown", value=_isolated(shown)))
            return ids[0]
        case "odometer" | "earlier":
            return _whole(t, shown, MAX_PLAUSIBLE_KM if column == "odometer" else MAX_COUNT)
        case _:
            return _day(t, shown)


def _whole(t: Text, shown: str, most: int) -> int:
    value = parse_amount(shown.removeprefix("'"), unit="km", decimals=0, minimum=0, maximum=most)
    if isinstance(value, AmountError):
        limits = {"lo": format_number(0, t.language), "hi": format_number(most, t.language)}
        reason = t(f"amount_error.{value.code}", **limits)
        raise _CellError(t("fleet.no_number", value=_isolated(shown), reason=reason))
    return int(Decimal(value))


def _day(t: Text, shown: str) -> dt.date:
    day = read_day(shown)
    if day is None:
        raise _CellError(t("fleet.no_day", value=_isolated(shown)))
    return day


# ---------------------------------------------------------------------------------------------- out
def escape_formula(cell: OutputCell) -> OutputCell:
    """Text that a spreadsheet would run as a formula, as text, and without what no workbook can hold."""
    if not isinstance(cell, str):
        return cell
    text_ = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{text_}" if text_.startswith(FORMULA_STARTS) else text_


def _for_csv(cell: OutputCell) -> OutputCell:
    """The same; digits beyond what a spreadsheet keeps of a number get an apostrophe, to stay text."""
    if isinstance(cell, str) and len(cell) > MAX_NUMBER_DIGITS and cell.isdecimal():
        return f"'{cell}"
    return escape_formula(cell)


def xlsx(tables: Mapping[str, Sequence[Sequence[OutputCell]]], *, rtl: bool) -> bytes:
    """A workbook with a sheet for each table; the first row of a table is its head."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tables.items():
        sheet = book.create_sheet(title[:30])
        sheet.sheet_view.rightToLeft = rtl
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([escape_formula(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for letter in sheet.column_dimensions or "ABCDEFGHIJ":
            sheet.column_dimensions[letter].width = 20
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(rows: Iterable[Sequence[OutputCell]]) -> bytes:
    """A table as CSV that Excel reads as UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows([_for_csv(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
