"""Read a table from a file: CSV in any common form, or a workbook.

Encoding, separator and header row are detected. An invalid row is reported with its number in a spreadsheet,
and the other rows are read.
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
MAX_HEADER_ROW: Final = 10
"""The header is one of the first rows, up to this one; there may be titles above it."""
MAX_LINES_OF_CELL: Final = 50
"""The maximum number of lines of a quoted cell; if there are more, the quote was never closed."""
MAX_NAME_CHARS: Final = 200
MAX_ROW_CHARS: Final = 64_000
"""As many as the bytes of the largest request."""
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets interpret a cell that starts with one of these as a formula."""
_SAMPLE_BYTES: Final = 4096
_BYTES_PER_ZERO: Final = 20
"""If more than one byte in this many is zero, the file is UTF-16: its ASCII characters have a zero byte."""
_MAX_ENCODING_LINES: Final = 1000
"""The number of non-ASCII lines that decide the encoding."""
_MAX_HEADER_LINES: Final = MAX_HEADER_ROW * MAX_LINES_OF_CELL
_WORKBOOK_SIGNATURES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHER_SIGNATURES: Final = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNDECODABLE: Final = re.compile("[\udc80-\udcff\ufffd]")
"""A byte that is invalid in the encoding, or the character with which another program replaced one."""
_ADDED_APOSTROPHE: Final = re.compile(r"^'(?=[=+\-@\t\r]|\d)")


class TableFileError(KhodroyarError):
    """A file cannot be read as a table; ``code`` is a key of ``data/messages.toml``."""

    def __init__(self, code: str, **params: object) -> None:
        """``params`` are the values in the message."""
        self.code, self.params = code, params
        super().__init__(message(code, **params)["en"])


Recognise = Callable[[str], str | None]
"""Returns the column that a header cell names; None if it names none."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row below the header: its number in a spreadsheet, and a text for each column."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """An invalid row; ``code`` is a key of ``data/messages.toml``."""

    number: int
    cells: Sequence[str]
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass
class Table:
    """A table that is being read; ``rows`` can be iterated once."""

    header: Sequence[str]
    columns: Sequence[str | None]
    """The column that each cell of the header names."""
    header_row: int
    rows: Iterator[TableRow | RowProblem]
    encoding: Encoding | None = None
    """None for a workbook."""
    separator: str | None = None
    cleaned_cells: int = 0
    """The number of cells from which control characters were removed, in the rows read so far."""


def read_table(stream: BinaryIO, recognise: Recognise, max_rows: int, *, all_named: bool = False) -> Table:
    """Find the header of a table and read the rows below it; skip blank rows.

    Args:
        stream: the file; it must be seekable.
        recognise: returns the column of a header cell; it gets the first `MAX_NAME_CHARS` characters.
        max_rows: the maximum number of rows that are read from a workbook.
        all_named: reject repeated and nameless columns even if ``recognise`` does not know them.

    Raises:
        TableFileError: the file is not a table or is too large, or a column is repeated or has no name.

    """
    start = stream.read(_SAMPLE_BYTES)
    stream.seek(0)
    if start.startswith(_OTHER_SIGNATURES):
        raise TableFileError("file_damaged")
    if start.startswith(_WORKBOOK_SIGNATURES):
        try:
            values = read_workbook(stream.read(), max_rows)
        except WorkbookError as error:
            raise TableFileError(f"file_{error.reason}") from None
        rows = [[cell_text(value) for value in row] for row in values]
        width, index = _best_header(rows[:MAX_HEADER_ROW], recognise)
        table = Table(rows[index][:width] if rows else [], [], index + 1, iter(()))
        numbered_rows: Iterable[tuple[int, list[str]]] = enumerate(rows[index + 1 :], index + 2)
    else:
        table, numbered_rows = _csv_table(stream, recognise)
    table.header = [_without_control_characters(table, cell).strip() for cell in table.header]
    table.columns = [recognise(cell[:MAX_NAME_CHARS]) if cell else None for cell in table.header]
    _check_header(table, all_named=all_named)
    table.rows = _rows(table, numbered_rows)
    return table


def cell_text(value: CellValue) -> str:
    """Return a workbook's cell as text: a day as YYYY-MM-DD, a number without an exponent."""
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
    """Return the letters of a column in spreadsheets; ``index`` starts at 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# Header


def _best_header(rows: Sequence[Sequence[str]], recognise: Recognise) -> tuple[int, int]:
    """Return width and index of the row that names most columns; if none does, of the first non-blank row."""
    counts = [_known_columns(row, recognise) for row in rows]
    highest = max(counts, default=0)
    non_blank = (index for index, row in enumerate(rows) if any(cell.strip() for cell in row))
    index = counts.index(highest) if highest else next(non_blank, 0)
    return (_width(rows[index]) if rows else 0), index


def _known_columns(row: Sequence[str], recognise: Recognise) -> int:
    return len({name for cell in row if cell.strip() and (name := recognise(cell[:MAX_NAME_CHARS]))})


def _width(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last non-blank one."""
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


def _rows(table: Table, numbered_rows: Iterable[tuple[int, list[str]]]) -> Iterator[TableRow | RowProblem]:
    """Yield the non-blank rows.

    Surplus blank cells at the end of a row are ignored. Rows of a workbook are filled up with blank cells.
    """
    width = len(table.header)
    for number, row in numbered_rows:
        cells = row if len(row) <= width else [*row[:width], *row[width : _width(row)]]
        text = "".join(cells)
        if not text or text.isspace():
            continue
        if table.encoding is None:
            cells = [*cells, *[""] * (width - len(cells))]
        if _CONTROL_CHARACTERS.search(text):
            cells = [_without_control_characters(table, cell) for cell in cells]
        if "'" in text:
            cells = [_ADDED_APOSTROPHE.sub("", cell) for cell in cells]
        if _UNDECODABLE.search(text):
            yield RowProblem(number, [_UNDECODABLE.sub("\ufffd", cell) for cell in cells], "row_damaged")
        elif len(text) > MAX_ROW_CHARS:
            yield RowProblem(number, [], "row_too_large", {"limit": MAX_ROW_CHARS})
        elif len(cells) != width:
            yield RowProblem(number, cells, "row_length", {"cells": len(cells), "columns": width})
        else:
            yield TableRow(number, cells)


def _without_control_characters(table: Table, cell: str) -> str:
    cleaned = _CONTROL_CHARACTERS.sub("", cell)
    table.cleaned_cells += cleaned != cell
    return cleaned


# CSV


def _csv_table(stream: BinaryIO, recognise: Recognise) -> tuple[Table, Iterable[tuple[int, list[str]]]]:
    encoding = _find_encoding(stream)
    stream.seek(0)
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    lines = _text_lines(stream, encoding, errors)
    first_lines = [*islice(lines, _MAX_HEADER_LINES)]
    if first_lines:
        first_lines[0] = first_lines[0].removeprefix("\ufeff")
    separators: Sequence[str] = SEPARATORS
    if first_lines and (match := _SEPARATOR_LINE.fullmatch(first_lines[0])):
        separators = (match[1],)
        del first_lines[0]  # spreadsheets hide this line and count the rows from the next one
    candidates = []
    for separator in separators:
        rows = [*islice(_records(iter(first_lines), separator), MAX_HEADER_ROW)]
        width, index = _best_header(rows, recognise)
        known_columns = _known_columns(rows[index], recognise) if rows else 0
        candidates.append((known_columns, width, separator, index, rows))
    _, width, separator, index, rows = max(candidates, key=lambda candidate: candidate[:2])
    table = Table(rows[index][:width] if rows else [], [], index + 1, iter(()), encoding, separator)
    records = _records(chain(first_lines, lines), separator)
    return table, islice(enumerate(records, 1), index + 1, None)


def _text_lines(stream: BinaryIO, encoding: Encoding, errors: str) -> Iterator[str]:
    text = io.TextIOWrapper(stream, encoding, errors=errors, newline="")
    try:
        yield from text
    finally:
        if not text.closed:
            text.detach()  # the caller closes the file


def _find_encoding(stream: BinaryIO) -> Encoding:
    """Return the encoding of the majority of non-ASCII lines; UTF-8 if there are none."""
    start = stream.read(_SAMPLE_BYTES)
    has_byte_order_mark = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if has_byte_order_mark or start.count(0) > len(start) // _BYTES_PER_ZERO:
        zeros_at_odd, zeros_at_even = start[1::2].count(0), start[::2].count(0)
        is_little_endian = start.startswith(codecs.BOM_UTF16_LE) or zeros_at_odd > zeros_at_even
        return "utf-16-le" if is_little_endian else "utf-16-be"
    stream.seek(0)
    counts = {True: 0, False: 0}
    for line in stream:
        if not line.isascii():
            counts[_is_utf8(line)] += 1
            if sum(counts.values()) >= _MAX_ENCODING_LINES:
                break
    return "utf-8" if counts[True] >= counts[False] else "cp1256"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _records(lines: Iterator[str], separator: str) -> Iterator[list[str]]:
    """Yield the cells of each row. A stray quotation mark affects only its own row."""
    ahead: deque[str] = deque()
    for line in _with_lines_ahead(ahead, lines):
        cells = _strict_cells(line, separator)
        if cells is None and line.count('"') % 2:
            cells = _cells_over_lines(line, separator, ahead, lines)
        yield _literal_cells(line, separator) if cells is None else cells


def _with_lines_ahead(ahead: deque[str], lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines that were read ahead, then the remaining lines."""
    while (line := ahead.popleft() if ahead else next(lines, None)) is not None:
        yield line


def _cells_over_lines(line: str, separator: str, ahead: deque[str], lines: Iterator[str]) -> list[str] | None:
    """Return the cells of a row with line breaks in quoted cells; None if the quote is never closed."""
    lines_taken: list[str] = []
    text, is_open = line, True
    for following in islice(_with_lines_ahead(ahead, lines), MAX_LINES_OF_CELL):
        lines_taken.append(following)
        text += following
        is_open ^= following.count('"') % 2 == 1
        if not is_open and (cells := _strict_cells(text, separator)) is not None:
            return cells
        if len(text) > MAX_ROW_CHARS:
            break
    ahead.extendleft(reversed(lines_taken))
    return None


def _strict_cells(text: str, separator: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return None


def _literal_cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line in which quotes are text, except those that enclose an entire cell."""
    return [
        cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
        for cell in line.rstrip("\r\n").split(separator)
    ]
