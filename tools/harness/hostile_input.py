"""Markup that a page must show as text, and malformed or oversized workbooks."""

import io
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook

MARKUP = "<img src=x onerror=\"window.khRun='yes'\"><script>window.khRun='yes'</script>"

HEADER = ["label", "car"]


def workbook_of(*rows: Sequence[object]) -> bytes:
    """Return rows as a workbook."""
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def with_sheet_data(rows: str) -> bytes:
    """Return a workbook whose sheet contains markup instead of rows."""
    source = zipfile.ZipFile(io.BytesIO(workbook_of(HEADER, ["a", "roa"])))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                before, _, rest = content.partition(b"<sheetData>")
                after = rest.partition(b"</sheetData>")[2]
                content = before + b"<sheetData>" + rows.encode() + b"</sheetData>" + after
            target.writestr(part.filename, content)
    return buffer.getvalue()


FIRST_ROW = '<row r="1"><c t="inlineStr"><is><t>label</t></is></c></row>'
HOSTILE_SHEETS = {
    "a row number of three thousand million": FIRST_ROW + '<row r="3000000000"><c r="A3000000000"><v>1</v></c></row>',
    "a cell in the last row and column": FIRST_ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "a cell in the last row": FIRST_ROW + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    "millions of empty rows": FIRST_ROW + "<row/>" * 3_000_000,
    "millions of empty cells": FIRST_ROW + '<row r="2">' + "<c/>" * 3_000_000 + "</row>",
    "millions of cells": FIRST_ROW + ("<row>" + "<c><v>1</v></c>" * 100 + "</row>") * 40_000,
    "a text of ten million letters": f'<row r="1"><c t="inlineStr"><is><t>{"a" * 10_000_000}</t></is></c></row>',
    "nothing": "",
    "broken markup": "<row",
}  # fmt: skip
