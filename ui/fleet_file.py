"""A fleet's file in, read row by row; lists out. Nothing of it is kept on the server.

A cell is read as people write it: ids or names in either language, any digits, Jalali or Gregorian days. What
cannot be read is said with its row and column, and the other rows go on. Formulas are never evaluated, and
text that a spreadsheet would take for one goes out with an apostrophe before it.
"""

import csv
import datetime as dt
import io
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain, islice

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from logic.batch.workbook import SUFFIXES, WorkbookError, read_workbook
from logic.fleet import FleetCar
from logic.messages import LANGUAGES
from logic.models import MAX_COUNT, Level
from logic.my_car import MyCar
from ui.amounts import LATIN_DIGITS, AmountError, parse_amount
from ui.cars import CARS, car_name
from ui.dates import from_link
from ui.fields import MAX_KM
from ui.numbers import number
from ui.text import Text, text

COLUMNS = ("label", "car", "odometer", "level", "card_started", "delivered", "produced", "earlier")
NEEDED = ("car", "odometer")
LONGEST_LABEL, LONGEST_CELL = 60, 200
WORKBOOK_ERRORS = {"damaged": "fleet.damaged", "too_large": "fleet.too_large", "busy": "fleet.busy"}
MAX_ROWS_AROUND = 100
"""Rows of a workbook that are read beside those of the cars."""
MAX_ERRORS = 1_000
"""That are explained; a visit keeps them as long as its page is open."""
MAX_SMALL_ROWS = 1_000
"""Files of more rows take turns: many of them slow other pages down no more than one does."""
TURN = threading.Lock()
FORMULA = ("=", "+", "-", "@", "\t", "\r")
DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
Cell = str | int | float | dt.date | None


class FleetFileError(Exception):
    """A file that cannot be read; the text is for people, in their language."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a cell."""

    row: int
    column: str
    said: str


@dataclass(frozen=True, eq=False)
class FleetFile:
    """The cars of a file, and what could not be read."""

    cars: list[FleetCar]
    errors: list[RowError]
    """The first `MAX_ERRORS`."""
    further_errors: int = 0
    bad_rows: int = 0


def read(t: Text, name: str, content: bytes, most: int) -> FleetFile:
    """Read a CSV file or a workbook. Raises FleetFileError."""
    workbook = name.lower().endswith(SUFFIXES)
    rows = _workbook(t, content, most) if workbook else _csv(t, content)
    head = next(rows, None)
    places = _places(t, head[1]) if head else {}
    missing = [t(f"fleet.{column}") for column in NEEDED if column not in places]
    if missing:
        raise FleetFileError(t("fleet.no_columns", columns=t("word.and").join(missing)))
    first = [*islice(rows, MAX_SMALL_ROWS)]
    with TURN if len(first) == MAX_SMALL_ROWS else nullcontext():
        return _read_rows(t, chain(first, rows), places, most)


def _read_rows(
    t: Text, rows: Iterable[tuple[int, Sequence[Cell]]], places: Mapping[str, int], most: int
) -> FleetFile:
    cars: list[FleetCar] = []
    errors: list[RowError] = []
    refused = further_errors = 0
    for row, cells in rows:
        if not any(cell not in (None, "") for cell in cells):
            continue
        if len(cars) + refused >= most:
            raise FleetFileError(t("fleet.too_many", most=number(most, t.language)))
        found = {name: cells[place] if place < len(cells) else None for name, place in places.items()}
        car, wrong = _car(t, row, found)
        room = MAX_ERRORS - len(errors)
        errors += wrong[:room]
        further_errors += len(wrong[room:])
        if car:
            cars.append(car)
        else:
            refused += 1
    return FleetFile(cars, errors, further_errors, refused)


# ---------------------------------------------------------------------------------------------- files
def _workbook(t: Text, content: bytes, most: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    try:
        # A header, and blank rows between the cars of an honest file.
        rows = read_workbook(content, max_rows=2 * most + MAX_ROWS_AROUND)
    except WorkbookError as error:
        raise FleetFileError(t(WORKBOOK_ERRORS[error.reason])) from None
    yield from enumerate(rows, start=1)


def _csv(t: Text, content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    for encoding in ("utf-8-sig", "cp1256"):  # Excel's Persian CSV is the second
        try:
            read_ = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FleetFileError(t("fleet.damaged"))
    first = read_.partition("\n")[0]
    comma = max((",", ";", "\t"), key=first.count)
    try:
        yield from enumerate(
            csv.reader(io.StringIO(read_, newline=""), delimiter=comma, strict=True), start=1
        )
    except csv.Error:
        raise FleetFileError(t("fleet.damaged")) from None


def _folded(said: object) -> str:
    """A name as it is compared: without spaces and marks, with one kind of letters and digits."""
    folded = str(said).translate(LATIN_DIGITS).lower().translate({ord("ي"): "ی", ord("ك"): "ک"})
    return re.sub(r"[\W_]+", "", folded)


def _places(t: Text, head: Sequence[Cell]) -> dict[str, int]:
    """Where each column stands: named by its id, or by its label in either language."""
    names = {
        _folded(name): column
        for column in COLUMNS
        for name in (column, *(text(language)(f"fleet.{column}") for language in LANGUAGES))
    }
    found: dict[str, int] = {}
    for place, cell in enumerate(head):
        column = names.get(_folded(cell))
        if column in found:
            raise FleetFileError(t("fleet.repeated_column", column=t(f"fleet.{column}")))
        if column:
            found[column] = place
    return {column: found[column] for column in COLUMNS if column in found}


# ---------------------------------------------------------------------------------------------- cells
def _names(of: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {_folded(said): name for name, all_said in of.items() for said in (name, *all_said)}


@cache
def _cars() -> dict[str, str]:
    """Tile by every name of its car; a car of two engines has them in its name."""
    texts = [text(language) for language in LANGUAGES]
    return _names(
        {car: [said for t in texts for said in (t.label("car", car), car_name(t, car))] for car in CARS}
    )


@cache
def _levels() -> dict[str, str]:
    texts = [text(language) for language in LANGUAGES]
    return _names({level: [t.label("level", level) for t in texts] for level in Level})


class _CellError(Exception):
    """A cell that cannot be read, in words."""


def _car(t: Text, row: int, cells: Mapping[str, Cell]) -> tuple[FleetCar | None, list[RowError]]:
    errors: list[RowError] = []
    values: dict[str, object] = {}
    for column, cell in cells.items():
        try:
            values[column] = _value(t, column, cell)
        except _CellError as error:
            errors.append(RowError(row, t(f"fleet.{column}"), str(error)))
    if errors:
        return None, errors
    days = {each: _day_or_none(values.get(each)) for each in ("produced", "delivered", "card_started")}
    level = values.get("level")
    car = MyCar(
        *CARS[str(values["car"])],
        produced_on=days["produced"],
        delivered_on=days["delivered"],
        odometer_km=int(str(values["odometer"])),
        level=Level(str(level)) if level else None,
        card_started_on=days["card_started"],
    )
    return FleetCar(row, str(values.get("label") or ""), car, int(str(values.get("earlier") or 0))), []


def _day_or_none(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _value(t: Text, column: str, cell: Cell) -> object:
    """A cell's value; None where it is empty. Raises _CellError."""
    shown = "" if cell is None else str(cell).strip()[:LONGEST_CELL]
    if not shown:
        if column in NEEDED:
            raise _CellError(t("fleet.empty"))
        return None
    match column:
        case "label":
            return shown[:LONGEST_LABEL]
        case "car" | "level":
            known = (_cars() if column == "car" else _levels()).get(_folded(shown))
            if known is None:
                raise _CellError(t("fleet.unknown", value=shown[:LONGEST_LABEL]))
            return known
        case "odometer" | "earlier":
            return _whole(t, shown, MAX_KM if column == "odometer" else MAX_COUNT)
        case _:
            return _day(t, shown)


def _whole(t: Text, shown: str, most: int) -> int:
    plain = shown.removesuffix(".0")  # a spreadsheet's whole number may come as 29700.0
    value = parse_amount(plain, unit="km", places=0, lo=0, hi=most)
    if isinstance(value, AmountError):
        raise _CellError(t("fleet.no_number", value=shown[:LONGEST_LABEL]))
    return int(Decimal(value))


def _day(t: Text, shown: str) -> dt.date:
    match = DAY.fullmatch(shown.translate(LATIN_DIGITS))
    day = from_link("{:0>4}-{:0>2}-{:0>2}".format(*match.groups())) if match else None
    if day is None:
        raise _CellError(t("fleet.no_day", value=shown[:LONGEST_LABEL]))
    return day


# ---------------------------------------------------------------------------------------------- out
def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run as a formula, as text, and without what no workbook can hold."""
    if not isinstance(cell, str):
        return cell
    text_ = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{text_}" if text_.startswith(FORMULA) else text_


def xlsx(tables: Mapping[str, Sequence[Sequence[Cell]]], *, rtl: bool) -> bytes:
    """A workbook with a sheet for each table; the first row of a table is its head."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tables.items():
        sheet = book.create_sheet(title[:30])
        sheet.sheet_view.rightToLeft = rtl
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([harmless(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for letter in sheet.column_dimensions or "ABCDEFGHIJ":
            sheet.column_dimensions[letter].width = 20
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV that Excel reads as UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
