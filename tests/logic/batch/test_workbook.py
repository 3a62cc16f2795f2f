"""Workbooks are read in a process with limits, which gives rows or a reason within seconds."""

import datetime as dt
import io
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psutil
import pytest
from openpyxl import Workbook

from logic.batch import workbook
from logic.batch.workbook import MAX_SECONDS, CellValue, WorkbookError, read_workbook
from logic.batch.workbook_process import NICE_INCREMENT
from tools.harness.hostile_input import HEADER, HOSTILE_SHEETS, with_sheet_data, workbook_of

MAX_ROWS = 40_100


def outcome(content: bytes) -> str:
    """Return "rows", or the reason why the workbook is refused."""
    try:
        read_workbook(content, MAX_ROWS)
    except WorkbookError as error:
        return error.reason
    return "rows"


@pytest.mark.parametrize("sheet", HOSTILE_SHEETS.values(), ids=HOSTILE_SHEETS)
def test_a_malicious_sheet_is_refused_within_seconds(sheet: str) -> None:
    content = with_sheet_data(sheet)
    start = time.monotonic()
    assert outcome(content) in {"rows", "damaged", "too_large"}
    assert time.monotonic() - start < MAX_SECONDS + 10


def test_a_sheet_with_too_many_cells_is_too_large() -> None:
    assert outcome(with_sheet_data(HOSTILE_SHEETS["millions of cells"])) == "too_large"


def test_a_sheet_that_needs_more_memory_than_allowed_is_too_large() -> None:
    assert outcome(with_sheet_data(HOSTILE_SHEETS["a cell in the last row and column"])) == "too_large"


@pytest.mark.slow
def test_the_reading_process_has_a_low_priority() -> None:
    own = psutil.Process()
    with ThreadPoolExecutor(1) as other:
        reading = other.submit(outcome, with_sheet_data(HOSTILE_SHEETS["millions of cells"]))
        niceness = own.nice()
        while not reading.done():
            for child in own.children():
                with suppress(psutil.Error):  # the process has just ended
                    if "workbook_process.py" in " ".join(child.cmdline()):
                        niceness = max(niceness, child.nice())
    assert niceness == min(own.nice() + NICE_INCREMENT, 19)


def test_damaged_bytes_are_reported_as_damaged() -> None:
    good = workbook_of(HEADER, ["a", "roa"])
    for content in (
        b"",
        b"PK",
        good[:40],
        good[: len(good) // 2],
        b"\xd0\xcf\x11\xe0" * 200,
    ):
        assert outcome(content) == "damaged"


def test_cells_are_text_numbers_or_dates() -> None:
    day = dt.date(2024, 3, 20)
    rows = read_workbook(workbook_of(["سلام", 5, 5.5, True, day, None, "=1+1", "x"]), MAX_ROWS)
    expected: list[CellValue] = ["سلام", 5, 5.5, True, day, "", "", "x"]
    assert rows == [expected]


def test_a_datetime_becomes_a_date_and_a_time_becomes_text() -> None:
    (row,) = read_workbook(workbook_of([dt.datetime(2024, 3, 20, 5), dt.time(5, 30)]), MAX_ROWS)  # noqa: DTZ001
    assert row == [dt.date(2024, 3, 20), "05:30:00"]


def test_no_more_rows_and_columns_are_read_than_requested() -> None:
    rows = read_workbook(workbook_of(*[["x"] * 300] * 20), max_rows=7)
    assert (len(rows), len(rows[0])) == (7, workbook.MAX_COLUMNS)


def test_a_workbook_without_a_visible_sheet_of_cells_is_damaged() -> None:
    book = Workbook()
    book.worksheets[0].sheet_state = "hidden"
    book.create_chartsheet("chart")
    out = io.BytesIO()
    book.save(out)
    assert outcome(out.getvalue()) == "damaged"


def test_a_workbook_that_takes_too_long_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_SECONDS", 0.001)
    assert outcome(workbook_of(HEADER)) == "too_large"


def test_a_workbook_waits_or_is_refused_while_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_SECONDS", 0.01)
    for _ in range(workbook.MAX_PROCESSES):
        assert workbook._slots.acquire(blocking=False)
    try:
        assert outcome(workbook_of(HEADER)) == "busy"
    finally:
        for _ in range(workbook.MAX_PROCESSES):
            workbook._slots.release()
