"""Read a table from a file as people save it: CSV in any usual form, or a workbook.

The encoding, the separator and the row of the header are found out; a row that cannot be used is reported
with the number that a spreadsheet gives it, and the other rows are read.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from typing import BinaryIO, Final, Literal

from logic.batch.workbook import CellValue, WorkbookError, read_workbook
from logic.core.errors import KhodroyarError
from logic.core.messages import message
from logic.core.persian import COMMA, SEMICOLON

Encoding = Literal["utf-8", "utf-16-le", "utf-16-be", "cp1256"]
ENCODING_NAMES: Final[dict[Encoding, str]] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1256": "Windows-1256",
}
SEPARATORS: Final = (",", ";", "\t", "|", COMMA, SEMICOLON)
HEADER_ROWS: Final = 10
"""The header is one of the first so many rows; titles stand above it."""
MAX_LINES_OF_CELL: Final = 50
"""A cell in quotes goes over at most so many lines; more is a quote that is never closed."""
MAX_NAME_CHARS: Final = 200
MAX_ROW_CHARS: Final = 64_000
"""The longest request has as many bytes."""
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""
_SAMPLE_BYTES: Final = 4096
_BYTES_PER_ZERO: Final = 20
"""More zeros than one in so many bytes are UTF-16: digits, spaces and separators have one each."""
_CERTAIN_LINES: Final = 1000
"""After so many lines with letters beyond ASCII the encoding is certain."""
_LINES_OF_HEADER: Final = HEADER_ROWS * MAX_LINES_OF_CELL
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHER_FILES: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DAMAGED: Final = re.compile("[\udc80-\udcff\ufffd]")
"""A byte that the encoding does not know, and what another program put in the place of one."""
_ADDED_APOSTROPHE: Final = re.compile(r"^'(?=[=+\-@\t\r]|\d)")


class TableFileError(KhodroyarError):
    """A file that cannot be read as a table; ``code`` is a key of ``data/messages.toml``."""

    def __init__(self, code: str, **params: object) -> None:
        """``params`` fill in the message."""
        self.code, self.params = code, params
        super().__init__(message(code, **params)["en"])


Recognise = Callable[[str], str | None]
"""The column that a header cell names; None where it names none."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row below the header: the number that a spreadsheet gives it, and a text for each column."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be used, with the reason as a key of ``data/messages.toml``."""

    number: int
    cells: Sequence[str]
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass
class Table:
    """A table that is being read; ``rows`` can be gone through once."""

    header: Sequence[str]
    columns: Sequence[str | None]
    """The column that each cell of the header names."""
    header_row: int
    rows: Iterator[TableRow | RowProblem]
    encoding: Encoding | None = None
    """None for a workbook."""
    separator: str | None = None
    cleaned_cells: int = 0
    """Cells from which control characters were removed, as far as the rows have been read."""


def read_table(stream: BinaryIO, recognise: Recognise, max_rows: int, *, all_named: bool = False) -> Table:
    """Find the header of a table and read the rows below it, those without any text left out.

    Args:
        stream: the file, seekable.
        recognise: the column that a header cell names, of which it gets `MAX_NAME_CHARS` characters.
        max_rows: how many rows of a workbook are read at most.
        all_named: refuse every repeated or nameless column, not only those that ``recognise`` knows.

    Raises:
        TableFileError: it is no table, a column is repeated or has no name, or it is too large.

    """
    start = stream.read(_SAMPLE_BYTES)
    stream.seek(0)
    if start.startswith(_OTHER_FILES):
        raise TableFileError("file_damaged")
    if start.startswith(_WORKBOOKS):
        try:
            values = read_workbook(stream.read(), max_rows)
        except WorkbookError as error:
            raise TableFileError(f"file_{error.reason}") from None
        rows = [[cell_text(value) for value in row] for row in values]
        width, at = _best_header(rows[:HEADER_ROWS], recognise)
        table = Table(rows[at][:width] if rows else [], [], at + 1, iter(()))
        numbered: Iterable[tuple[int, list[str]]] = enumerate(rows[at + 1 :], at + 2)
    else:
        table, numbered = _csv_table(stream, recognise)
    table.header = [_cleaned(table, cell).strip() for cell in table.header]
    table.columns = [recognise(cell[:MAX_NAME_CHARS]) if cell else None for cell in table.header]
    _check_header(table, all_named=all_named)
    table.rows = _rows(table, numbered)
    return table


def cell_text(value: CellValue) -> str:
    """Return a workbook's cell as text: a day as YYYY-MM-DD, a number with all its digits."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return format(Decimal(repr(value)), "f")
        case _:
            return str(value)


def column_letters(index: int) -> str:
    """Return the letters by which a spreadsheet names a column, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# Header


def _best_header(rows: Sequence[Sequence[str]], recognise: Recognise) -> tuple[int, int]:
    """Return the width and index of the row that names most columns; else of the first that is not blank."""
    counts = [_known_columns(row, recognise) for row in rows]
    best = max(counts, default=0)
    filled = (index for index, row in enumerate(rows) if any(cell.strip() for cell in row))
    index = counts.index(best) if best else next(filled, 0)
    return (_width(rows[index]) if rows else 0), index


def _known_columns(row: Sequence[str], recognise: Recognise) -> int:
    return len({name for cell in row if cell.strip() and (name := recognise(cell[:MAX_NAME_CHARS]))})


def _width(cells: Sequence[str]) -> int:
    """Return how many cells there are up to the last that is not blank."""
    return max((position for position, cell in enumerate(cells, 1) if cell.strip()), default=0)


def _check_header(table: Table, *, all_named: bool) -> None:
    names: set[str] = set()
    for index, (cell, column) in enumerate(zip(table.header, table.columns, strict=True)):
        if all_named and not cell:
            raise TableFileError("column_without_name", column=column_letters(index))
        name = column or (cell if all_named else None)
        if name in names:
            raise TableFileError("repeated_column", column=cell)
        if name:
            names.add(name)


# Rows


def _rows(table: Table, numbered: Iterable[tuple[int, list[str]]]) -> Iterator[TableRow | RowProblem]:
    """Yield the rows that are not blank; trailing blank cells and what a workbook leaves out do not count."""
    width = len(table.header)
    for number, row in numbered:
        cells = row if len(row) <= width else [*row[:width], *row[width : _width(row)]]
        text = "".join(cells)
        if not text or text.isspace():
            continue
        if table.encoding is None:
            cells = [*cells, *[""] * (width - len(cells))]
        if _CONTROL.search(text):
            cells = [_cleaned(table, cell) for cell in cells]
        if "'" in text:
            cells = [_ADDED_APOSTROPHE.sub("", cell) for cell in cells]
        if _DAMAGED.search(text):
            yield RowProblem(number, [_DAMAGED.sub("\ufffd", cell) for cell in cells], "row_damaged")
        elif len(text) > MAX_ROW_CHARS:
            yield RowProblem(number, [], "row_too_large", {"limit": MAX_ROW_CHARS})
        elif len(cells) != width:
            yield RowProblem(number, cells, "row_length", {"cells": len(cells), "columns": width})
        else:
            yield TableRow(number, cells)


def _cleaned(table: Table, cell: str) -> str:
    cleaned = _CONTROL.sub("", cell)
    table.cleaned_cells += cleaned != cell
    return cleaned


# CSV


def _csv_table(stream: BinaryIO, recognise: Recognise) -> tuple[Table, Iterable[tuple[int, list[str]]]]:
    encoding = _find_encoding(stream)
    stream.seek(0)
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    lines = _lines(stream, encoding, errors)
    first_lines = [*islice(lines, _LINES_OF_HEADER)]
    if first_lines:
        first_lines[0] = first_lines[0].removeprefix("\ufeff")
    separators: Sequence[str] = SEPARATORS
    if first_lines and (match := _SEPARATOR_LINE.fullmatch(first_lines[0])):
        separators = (match[1],)
        del first_lines[0]  # a spreadsheet does not show it: the rows are counted from the next one
    candidates = []
    for separator in separators:
        rows = [*islice(_records(iter(first_lines), separator), HEADER_ROWS)]
        width, index = _best_header(rows, recognise)
        known = _known_columns(rows[index], recognise) if rows else 0
        candidates.append((known, width, separator, index, rows))
    _, width, separator, index, rows = max(candidates, key=lambda candidate: candidate[:2])
    table = Table(rows[index][:width] if rows else [], [], index + 1, iter(()), encoding, separator)
    records = _records(chain(first_lines, lines), separator)
    return table, islice(enumerate(records, 1), index + 1, None)


def _lines(stream: BinaryIO, encoding: Encoding, errors: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding, errors=errors, newline="")
    try:
        yield from text
    finally:
        if not text.closed:
            text.detach()  # the caller closes the file


def _find_encoding(stream: BinaryIO) -> Encoding:
    """Return the encoding of most lines that have letters beyond ASCII; UTF-8 where there are none."""
    start = stream.read(_SAMPLE_BYTES)
    has_mark = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if has_mark or start.count(0) > len(start) // _BYTES_PER_ZERO:
        odd, even = start[1::2].count(0), start[::2].count(0)
        is_little = start.startswith(codecs.BOM_UTF16_LE) or odd > even
        return "utf-16-le" if is_little else "utf-16-be"
    stream.seek(0)
    counts = {True: 0, False: 0}
    for line in stream:
        if not line.isascii():
            counts[_is_utf8(line)] += 1
            if sum(counts.values()) >= _CERTAIN_LINES:
                break
    return "utf-8" if counts[True] >= counts[False] else "cp1256"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _records(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    """Yield the cells of each row; a quote that is not meant as one spoils no other row."""
    ahead: deque[str] = deque()
    for line in _with_lines_ahead(ahead, lines):
        cells = _strict_cells(line, separator)
        if cells is None and line.count('"') % 2:
            cells = _cells_over_lines(line, separator, ahead, lines)
        yield _literal_cells(line, separator) if cells is None else cells


def _with_lines_ahead(ahead: deque[str], lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines that were read ahead, then the others."""
    while (line := ahead.popleft() if ahead else next(lines, None)) is not None:
        yield line


def _cells_over_lines(line: str, separator: str, ahead: deque[str], lines: Iterator[str]) -> list[str] | None:
    """Return the cells of a row with line breaks within quotes; None where the quote is never closed."""
    taken: list[str] = []
    text, is_open = line, True
    for following in islice(_with_lines_ahead(ahead, lines), MAX_LINES_OF_CELL):
        taken.append(following)
        text += following
        is_open ^= following.count('"') % 2 == 1
        if not is_open and (cells := _strict_cells(text, separator)) is not None:
            return cells
        if len(text) > MAX_ROW_CHARS:
            break
    ahead.extendleft(reversed(taken))
    return None


def _strict_cells(text: str, separator: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _literal_cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line in which quotes are text, but for those around a whole cell."""
    return [
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in line.rstrip("\r\n").split(separator)
    ]
