"""Read the first visible sheet of a workbook and write its rows as JSON lines.

`logic.batch.workbook` runs this file as a separate process, because a workbook of a few kilobytes can make
any reader allocate gigabytes or run for hours, and only the operating system can stop it. This file imports
nothing from the project. Arguments: maximum rows, maximum columns, bytes of memory, seconds of processor
time.
"""

import datetime as dt
import io
import json
import os
import resource
import sys

NICE_INCREMENT = 10
"""Lowers the priority, so that pages are served first."""
NO_VISIBLE_SHEET, TOO_LARGE = 3, 4
MAX_CELLS = 1_000_000
"""Counted up to the last non-empty cell of each row; twenty thousand cars have a fifth."""


def encode(cell: object) -> object:
    """Return a cell in JSON types; a day becomes {"day": "2024-03-20"}."""
    match cell:
        case dt.datetime():
            return {"day": cell.date().isoformat()}
        case dt.date():
            return {"day": cell.isoformat()}
        case float() if cell.is_integer():
            return int(cell)
        case bool() | int() | float():
            return cell
        case _:
            return str(cell)


def main() -> int:
    """Limit this process, read a workbook from standard input and write its rows."""
    os.nice(NICE_INCREMENT)
    max_rows, max_columns, memory, seconds = map(int, sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - after the limits are set

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if not visible:
        return NO_VISIBLE_SHEET
    cells = 0
    for row in workbook.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False, nrows=max_rows):
        width = max((index for index, cell in enumerate(row[:max_columns], 1) if cell != ""), default=0)
        cells += width
        if cells > MAX_CELLS:
            return TOO_LARGE
        sys.stdout.write(json.dumps([encode(cell) for cell in row[:width]]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
