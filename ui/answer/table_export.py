"""Tables as files for spreadsheets: CSV and workbooks, with numbers and days as such.

Text that a spreadsheet would run as a formula is written with a leading apostrophe.
"""

import datetime as dt
import io
from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from logic.batch.table_file import FORMULA_STARTS
from ui.frame.page import Page

MAX_NUMBER_DIGITS = 15
"""A spreadsheet keeps no more digits of a number."""
MAX_SHEET_NAME_CHARS, COLUMN_WIDTH = 30, 20
DAY_FORMAT = "[$-fa-IR,16]yyyy/mm/dd"
"""Excel shows days in the Jalali calendar; programs without this calendar show Gregorian ones."""


def download_buttons(
    page: Page, name: str, file_name: str, tables: Callable[[], Mapping[str, pd.DataFrame]]
) -> None:
    """Render the downloads of tables: a workbook with a sheet for each, and the first one as CSV.

    The buttons have the texts ``<page>.<name>_xlsx`` and ``<page>.<name>_csv``.
    """
    files: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: xlsx(tables(), rtl=page.t.direction == "rtl"),
        "csv": lambda: csv_file(next(iter(tables().values()))),
    }
    with st.container(horizontal=True, key=page.key(f"{name}-files")):
        for ending, make in files.items():
            label, key = page.t(f"{page.id}.{name}_{ending}"), page.key(f"{name}_{ending}")
            st.download_button(
                label, page.download(make), f"{file_name}.{ending}",
                icon=":material/download:", on_click="ignore", key=key,
            )  # fmt: skip


def escape_formula(text: str) -> str:
    """Escape text that a spreadsheet would run as a formula, and remove characters that it cannot store."""
    cleaned = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{cleaned}" if cleaned.startswith(FORMULA_STARTS) else cleaned


def _csv_text(text: str) -> str:
    """Escape text for CSV; digits too many for a spreadsheet's number get an apostrophe, to stay text."""
    return f"'{text}" if len(text) > MAX_NUMBER_DIGITS and text.isdecimal() else escape_formula(text)


def _with_escaped_texts(table: pd.DataFrame, escape: Callable[[str], str]) -> pd.DataFrame:
    texts = table.select_dtypes(["object", "str"])
    escaped = texts.map(lambda cell: escape(cell) if isinstance(cell, str) else cell)
    return table.assign(**{str(name): column for name, column in escaped.items()})


def xlsx(tables: Mapping[str, pd.DataFrame], *, rtl: bool) -> bytes:
    """Return a workbook with a sheet for each table, without the table's index.

    openpyxl's write-only mode takes half the time of `DataFrame.to_excel`.
    """
    workbook = Workbook(write_only=True)
    for title, table in tables.items():
        sheet = workbook.create_sheet(title[:MAX_SHEET_NAME_CHARS])
        sheet.sheet_view.rightToLeft = rtl
        sheet.freeze_panes = "A2"
        heads = [WriteOnlyCell(sheet, name) for name in table.columns]
        for number, head in enumerate(heads, 1):
            head.font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(number)].width = COLUMN_WIDTH
        sheet.append(heads)
        cells = _with_escaped_texts(table, escape_formula).astype(object)
        for row in cells.where(cells.notna(), None).itertuples(index=False, name=None):
            sheet.append([_day(sheet, cell) if isinstance(cell, dt.date) else cell for cell in row])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _day(sheet: Worksheet, day: dt.date) -> Cell:
    cell = WriteOnlyCell(sheet, day)
    cell.number_format = DAY_FORMAT
    return cell


def csv_file(table: pd.DataFrame) -> bytes:
    """Return a table as CSV with a byte order mark, so that Excel reads it as UTF-8; days are ISO dates."""
    content = _with_escaped_texts(table, _csv_text).to_csv(index=False, lineterminator="\r\n")
    return content.encode("utf-8-sig")
