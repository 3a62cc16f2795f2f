"""A fleet's file in, read row by row; lists out. Nothing of it is kept on the server.

A cell is read as people write it: ids or names in either language, any digits, Jalali or Gregorian days. What
cannot be read is said with its row and column, and the other rows go on. Formulas are never evaluated, and
text that a spreadsheet would take for one goes out with an apostrophe before it.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils.exceptions import InvalidFileException

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
MOST_UNPACKED, MOST_FILES = 80_000_000, 200
"""Bytes and parts that a workbook may have once it is unpacked: above it, it was made to choke a server."""
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


@dataclass(frozen=True)
class FleetFile:
    """The cars of a file, and what could not be read."""

    cars: list[FleetCar]
    errors: list[RowError]


def read(t: Text, name: str, content: bytes, most: int) -> FleetFile:
    """Read a CSV or an Excel file. Raises FleetFileError."""
    rows = _workbook(t, content) if name.lower().endswith(".xlsx") else _csv(t, content)
    head = next(rows, None)
    places = _places(head[1]) if head else {}
    missing = [t(f"fleet.{column}") for column in NEEDED if column not in places]
    if missing:
        raise FleetFileError(t("fleet.no_columns", columns=t("word.and").join(missing)))
    cars: list[FleetCar] = []
    errors: list[RowError] = []
    for row, cells in rows:
        if not any(cell not in (None, "") for cell in cells):
            continue
        if len(cars) + len({each.row for each in errors}) >= most:
            raise FleetFileError(t("fleet.too_many", most=number(most, t.language)))
        found = {name: cells[place] if place < len(cells) else None for name, place in places.items()}
        car, wrong = _car(t, row, found)
        errors += wrong
        if car:
            cars.append(car)
    return FleetFile(cars, errors)


# ---------------------------------------------------------------------------------------------- files
def _workbook(t: Text, content: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise FleetFileError(t("fleet.too_large"))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for row, cells in enumerate(sheet.iter_rows(max_col=50, values_only=True), start=1):
            yield row, [_plain(cell) for cell in cells]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, SyntaxError):
        raise FleetFileError(t("fleet.damaged")) from None


def _plain(cell: object) -> Cell:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, str | int | float | dt.date | None) else str(cell)


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


def _places(head: Sequence[Cell]) -> dict[str, int]:
    """Where each column stands: named by its id, or by its label in either language."""
    names = {
        _folded(name): column
        for column in COLUMNS
        for name in (column, *(text(language)(f"fleet.{column}") for language in LANGUAGES))
    }
    known = [(names.get(_folded(cell)), place) for place, cell in enumerate(head)]
    found = {column: place for column, place in reversed(known) if column}
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
            return cell if isinstance(cell, dt.date) else _day(t, shown)


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
    """Text that a spreadsheet would run as a formula, as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


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
