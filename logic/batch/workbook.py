"""Read workbooks (.xlsx, .xlsm, .xls, .ods) in a process with memory and time limits."""

import datetime as dt
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Literal

from logic.core.errors import KhodroyarError

CellValue = str | int | float | bool | dt.date | None
MAX_COLUMNS = 200
MAX_MEMORY_BYTES = 512 << 20
"""The memory limit of the reading process; a workbook of 20,000 cars needs a tenth."""
MAX_CPU_SECONDS = 10
MAX_SECONDS = 20
"""The time limit in seconds, long enough for a busy machine."""
MAX_PROCESSES = 2
"""The maximum number of workbooks that are read at the same time; others wait."""
_WORKER_PROGRAM = Path(__file__).with_name("workbook_process.py")
_EXIT_TOO_LARGE = 4
"""The exit status of the program if the workbook has too many cells."""
_slots = threading.BoundedSemaphore(MAX_PROCESSES)


class WorkbookError(KhodroyarError):
    """A workbook cannot be read: it is damaged or too large, or too many others are being read."""

    def __init__(self, reason: Literal["damaged", "too_large", "busy"]) -> None:
        """``reason`` is part of a key of ``data/messages.toml``, as in ``file_damaged``."""
        self.reason = reason
        super().__init__(reason)


def read_workbook(content: bytes, max_rows: int) -> list[list[CellValue]]:
    """Return the first ``max_rows`` rows of the first visible sheet, each at most `MAX_COLUMNS` wide.

    A formula gives its last computed value, an empty cell "", a whole number an int, a date cell a date.

    Raises:
        WorkbookError: the workbook is damaged or encrypted, needs too much memory or time, or too many others
            are being read.

    """
    if not _slots.acquire(timeout=MAX_SECONDS):
        raise WorkbookError("busy")
    limits = map(str, (max_rows, MAX_COLUMNS, MAX_MEMORY_BYTES, MAX_CPU_SECONDS))
    try:
        run = subprocess.run(  # noqa: S603 - a program of this package
            [sys.executable, "-I", str(_WORKER_PROGRAM), *limits],
            input=content,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise WorkbookError("too_large") from None
    finally:
        _slots.release()
    stopped_by_signal = run.returncode < 0
    if run.returncode == _EXIT_TOO_LARGE or stopped_by_signal or b"MemoryError" in run.stderr:
        raise WorkbookError("too_large")
    if run.returncode:
        raise WorkbookError("damaged")
    return [[_decode(cell) for cell in json.loads(line)] for line in run.stdout.splitlines()]


def _decode(cell: object) -> CellValue:
    if isinstance(cell, dict):
        return dt.date.fromisoformat(cell["day"])
    return cell if isinstance(cell, str | int | float) else None
