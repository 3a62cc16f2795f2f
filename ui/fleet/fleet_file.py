"""Reading of fleet files row by row. Nothing is stored on the server.

A cell may hold an id or a name in either language, any digits, and Jalali or Gregorian days. A cell that
cannot be read is reported with its row and column; the other rows are still answered. Formulas are never
evaluated.
"""

import datetime as dt
import io
import threading
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice

from logic.batch.table_file import (
    ENCODING_NAMES,
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
REQUIRED_COLUMNS = ("car", "odometer")
MAX_LABEL_CHARS, MAX_CELL_CHARS = 60, 200
MAX_EXTRA_ROWS = 100
"""Rows that may be read in addition to two for each car."""
MAX_EXPLAINED_ERRORS = 1_000
"""Errors that are kept with their text; a visit holds them in memory while its page is open."""
MAX_SMALL_ROWS = 1_000
"""Larger files are read one at a time, so that many of them slow other pages no more than one does."""
READ_LOCK = threading.Lock()


class FleetFileError(Exception):
    """A file that cannot be read; the message is in the language of the page."""


@dataclass(frozen=True, slots=True)
class RowError:
    """An error in a cell, or in a whole row if ``column`` is empty."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, eq=False)
class FleetFile:
    """The cars of a file, its errors, and notes on how it was read."""

    cars: list[FleetCar]
    errors: list[RowError]
    """At most `MAX_EXPLAINED_ERRORS`; `further_errors` counts the others."""
    notes: Sequence[str] = ()
    further_errors: int = 0
    bad_rows: int = 0


def read(t: Text, content: bytes, max_cars: int) -> FleetFile:
    """Read a CSV file or a workbook.

    Raises: FleetFileError, if the file cannot be read or has more than ``max_cars`` rows.
    """
    columns = _columns()
    try:
        table = read_table(
            io.BytesIO(content),
            lambda cell: columns.get(_key(cell)),
            # Twice as many rows, because there may be blank rows between the cars.
            max_rows=2 * max_cars + MAX_EXTRA_ROWS,
        )
    except TableFileError as error:
        raise FleetFileError(message(error.code, **error.params)[t.language]) from None
    indexes = {column: index for index, column in enumerate(table.columns) if column}
    missing = [t(f"fleet.{column}") for column in REQUIRED_COLUMNS if column not in indexes]
    if missing:
        raise FleetFileError(t("fleet.no_columns", columns=t("word.and").join(missing)))
    first_rows = [*islice(table.rows, MAX_SMALL_ROWS)]
    with READ_LOCK if len(first_rows) == MAX_SMALL_ROWS else nullcontext():
        file = _read_rows(t, chain(first_rows, table.rows), indexes, max_cars)
    return replace(file, notes=_notes(t, table))


def _read_rows(
    t: Text, rows: Iterable[TableRow | RowProblem], indexes: Mapping[str, int], max_cars: int
) -> FleetFile:
    cars: list[FleetCar] = []
    errors: list[RowError] = []
    bad_rows = further_errors = 0
    for row in rows:
        if len(cars) + bad_rows >= max_cars:
            raise FleetFileError(t("fleet.too_many", most=format_number(max_cars, t.language)))
        car, row_errors = _car(t, row, indexes)
        remaining = MAX_EXPLAINED_ERRORS - len(errors)
        errors += row_errors[:remaining]
        further_errors += len(row_errors[remaining:])
        if car:
            cars.append(car)
        else:
            bad_rows += 1
    return FleetFile(cars, errors, (), further_errors, bad_rows)


def _notes(t: Text, table: Table) -> list[str]:
    """Return notes on how the file was read and on what was removed from it."""
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
    return cached_comparison_key(cell[:MAX_CELL_CHARS])


cached_comparison_key = lru_cache(maxsize=4096)(comparison_key)
"""Cached, because the cells of a column repeat: cars, levels, days."""


def _ids(
    kind: SynonymKind, names: Mapping[str, Iterable[str]], known_ids: Container[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Return the ids that a name can mean, by the comparison key of the name.

    The app's own names (``names``, by id) mean exactly one id. ``known_ids`` are further ids that may occur
    in the synonyms; they are left out of the result.
    """
    own_names = {_key(name): (id_,) for id_, labels in names.items() for name in (id_, *labels)}
    ids_by_key = synonyms(kind, known_ids or names).items()
    return {**{key: tuple(id_ for id_ in ids if id_ in names) for key, ids in ids_by_key}, **own_names}


@cached_per_dataset
def _columns() -> dict[str, str]:
    """Return the columns by the keys of their id, their labels in both languages and their synonyms."""
    names = {column: [text(language)(f"fleet.{column}") for language in LANGUAGES] for column in COLUMNS}
    return {key: ids[0] for key, ids in _ids("column", names).items()}


@cached_per_dataset
def _cars() -> dict[str, tuple[str, ...]]:
    """Return the tiles that a name can mean; a car with several engines needs the engine's name too."""
    texts = [text(language) for language in LANGUAGES]
    names = {
        car: [name for t in texts for name in (t.name_of("car", car), car_name(t, car))] for car in cars()
    }
    return _ids("car", names, car_ids())


@cached_per_dataset
def _levels() -> dict[str, tuple[str, ...]]:
    texts = [text(language) for language in LANGUAGES]
    return _ids("level", {level: [t.name_of("level", level) for t in texts] for level in Level})


@cached_per_dataset
def _empty_words() -> Mapping[str, object]:
    return synonyms("empty")


# ---------------------------------------------------------------------------------------------- cells
def _isolated(text: str) -> str:
    """Shorten the text of a cell and isolate its direction from the sentence around it."""
    return f"\u2068{text[:MAX_LABEL_CHARS]}\u2069"


class _CellError(Exception):
    """A cell that cannot be read; the message is in the language of the page."""


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
    """Return the value of a cell; None if it is empty.

    Raises: _CellError, if the cell cannot be read or a required cell is empty.
    """
    cell_text = cell.strip()[:MAX_CELL_CHARS]
    key = _key(cell_text)
    if column == "label":
        return cell_text[:MAX_LABEL_CHARS]
    if not key or key in _empty_words():  # blank, a dash, «ندارد»
        if column in REQUIRED_COLUMNS:
            raise _CellError(t("fleet.empty"))
        return None
    match column:
        case "car" | "level":
            ids = (_cars() if column == "car" else _levels()).get(key, ())
            if len(ids) > 1:
                names = " / ".join(car_name(t, car) for car in ids)
                raise _CellError(t("fleet.several", value=_isolated(cell_text), names=names))
            if not ids:
                raise _CellError(t("fleet.unknown", value=_isolated(cell_text)))
            return ids[0]
        case "odometer" | "earlier":
            return _count(t, cell_text, MAX_PLAUSIBLE_KM if column == "odometer" else MAX_COUNT)
        case _:
            return _day(t, cell_text)


def _count(t: Text, cell_text: str, maximum: int) -> int:
    value = parse_amount(cell_text.removeprefix("'"), unit="km", decimals=0, minimum=0, maximum=maximum)
    if isinstance(value, AmountError):
        limits = {"lo": format_number(0, t.language), "hi": format_number(maximum, t.language)}
        reason = t(f"amount_error.{value.code}", **limits)
        raise _CellError(t("fleet.no_number", value=_isolated(cell_text), reason=reason))
    return int(Decimal(value))


def _day(t: Text, cell_text: str) -> dt.date:
    day = read_day(cell_text)
    if day is None:
        raise _CellError(t("fleet.no_day", value=_isolated(cell_text)))
    return day
