"""Read the first visible sheet of a workbook and write its rows as JSON lines.

`logic.batch.workbook` runs this file in a process of its own: a workbook of a few kilobytes can make any
reader allocate gigabytes or run for hours, and only the operating system can stop it. So this file imports
nothing of the project. Arguments: rows and columns at the most, bytes of memory, seconds of processor time.
"""

import datetime as dt
import io
import json
import os
import resource
import sys

NICENESS = 10
"""Pages that want the core as well come first."""
NO_VISIBLE_SHEET, TOO_LARGE = 3, 4
MAX_CELLS = 1_000_000
"""Up to the last of a row that is not empty; twenty thousand cars have a fifth."""


def encode(cell: object) -> object:
    """Return a cell as JSON knows it; a day as {"day": "2024-03-20"}."""
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
    """Limit this process, read a workbook from standard input, write its rows."""
    os.nice(NICENESS)
    max_rows, max_columns, memory, seconds = map(int, sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - once limited

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
