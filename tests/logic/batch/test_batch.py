"""Files of many requests: every row has the single calculator's answer, and no row is lost."""

import datetime as dt
import json
from decimal import Decimal
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from logic.batch import files
from logic.batch.cells import CellKind, FieldFormat, field_formats, is_empty, read_cell
from logic.batch.rows import BatchError, answer_rows, check_columns, columns
from logic.batch.run import BatchJob, run
from logic.core.answer import to_json
from logic.core.errors import DataError, RequestError
from logic.core.models import MAX_KM
from logic.core.registry import Segments, calculators, find
from logic.core.registry import _segments as promised
from logic.service.service_schedule import ServiceScheduleRequest, service_editions, window_edges
from tests.support.batch_files import schedules
from tests.support.data_edits import overwritten
from tests.support.paths import ROOT
from tests.support.worked_examples import requests_of

HUNDRED_THOUSAND = 100_000


def value_of_column(result: object, column: str) -> object:
    """Return the value of a column from a result in JSON form."""
    for name in column.split("."):
        result = result.get(name) if isinstance(result, dict) else None
    return result


def is_same(cell: object, expected: object) -> bool:
    if expected is None:
        return cell is None or cell is pd.NA or cell != cell  # noqa: PLR0124 - NaN
    return str(cell) == str(expected)


def count_same_rows(name: str, frame: pd.DataFrame) -> tuple[int, int]:
    """Compare every row with the single calculator; return how many were answered and refused."""
    part = answer_rows(name, frame)
    good = dict(zip(part.answers.index, part.answers.to_dict("records"), strict=True))
    refused = set(part.errors["row"])
    for number, row in zip(frame.index, frame.to_dict("records"), strict=True):
        fields: dict[str, object] = {}
        for field, cell in row.items():
            if field in find(name).request.model_fields and cell != "":
                fields[str(field)] = int(cell) if field == "odometer_km" else cell
        try:
            expected = to_json(find(name).answer(fields).result)
        except RequestError:
            assert number in refused
            continue
        for column in columns(name, lists=False):
            header = (
                column.name
                if column.name in good[number] and column.name not in row
                else f"result.{column.name}"
            )
            assert is_same(good[number][header], value_of_column(expected, column.name)), (number, header)
    return len(good), len(refused)


@pytest.mark.slow
def test_a_hundred_thousand_random_cars_get_the_single_calculators_answers() -> None:
    good, refused = count_same_rows("service_schedule", schedules(HUNDRED_THOUSAND))
    assert good + refused == HUNDRED_THOUSAND
    assert refused > 1000


def test_cars_at_window_limits_get_the_single_calculators_answer() -> None:
    cars = [key for edition_tables in service_editions() for key in edition_tables.vehicles]
    rows = []
    for (vehicle, engine), level in product(cars, ("", "mobile", "three_star", "four_star")):
        request = ServiceScheduleRequest(vehicle=vehicle, engine=engine)
        near = {
            km
            for edge in window_edges(request)
            for km in (edge - 1, edge, edge + 1)
            if km < 250_000 or km > MAX_KM
        }
        car = {"vehicle": vehicle, "engine": engine, "level": level}
        rows += [{**car, "odometer_km": str(km)} for km in sorted(near)]
    good, refused = count_same_rows("service_schedule", pd.DataFrame(rows).set_axis(range(2, len(rows) + 2)))
    assert (good + refused, refused) == (len(rows), 3 * 4 * len(cars))  # below 0; two above the maximum


ODD_CELLS = (
    "۲۹۷۰۰",
    " 29701 ",
    "",
    "x",
    "-1",
    "9" * 30,
    "1e4",
    "29700.0",
    29_703,
    29_704.0,
    1.5,
    True,
    None,
    "0",
)


def test_unusual_cells_have_the_same_answer_alone_and_among_others() -> None:
    cells = [*ODD_CELLS, *map(str, range(29_000, 29_100))]
    frame = pd.DataFrame({"vehicle": "tondar90", "odometer_km": pd.Series(cells, dtype=object)})
    together = answer_rows("service_schedule", frame)
    single_answers = [answer_rows("service_schedule", frame.iloc[[index]]) for index in range(len(frame))]
    pd.testing.assert_frame_equal(together.answers, pd.concat(part.answers for part in single_answers))
    refused = pd.concat(part.errors for part in single_answers).reset_index(drop=True)
    pd.testing.assert_frame_equal(together.errors, refused)
    assert set(refused["row"]) == {3, 4, 5, 6, 10, 11}


def test_a_batch_that_breaks_its_promise_is_answered_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"vehicle": "tondar90", "odometer_km": [str(km) for km in range(0, 60_000, 1_234)]})
    answers = answer_rows("service_schedule", frame)
    monkeypatch.setitem(promised, "service_schedule", Segments("odometer_km", lambda _: (0,)))
    broken = answer_rows("service_schedule", frame)
    pd.testing.assert_frame_equal(broken.answers, answers.answers)
    assert (len(broken.answers), len(broken.errors)) == (len(frame), 0)


def test_a_number_is_not_accepted_as_an_equal_boolean() -> None:
    frame = pd.DataFrame({"vehicle": "tondar90", "subscription_valid": pd.Series([True, 1], dtype=object)})
    part = answer_rows("service_schedule", frame)
    assert (list(part.answers.index), list(part.errors["code"])) == ([0], ["not_yes_no"])


@pytest.mark.parametrize("name", calculators())
def test_every_calculator_answers_a_table_like_single_requests(name: str) -> None:
    requests = requests_of(name)
    numbered_requests = [{**request, "own": number} for number, request in enumerate(requests)]
    cells = [{field: _cell(value) for field, value in request.items()} for request in numbered_requests]
    part = answer_rows(name, pd.DataFrame(cells).fillna(""), lists=True)
    assert part.errors.empty, part.errors
    for request, (_, row) in zip(requests, part.answers.iterrows(), strict=True):
        expected = to_json(find(name).answer(request).result)
        for column in columns(name, lists=True):
            header = (
                f"result.{column.name}"
                if column.name in cells[0] or f"result.{column.name}" in row
                else column.name
            )
            value = value_of_column(expected, column.name)
            if column.is_list and value is not None:
                value = json.dumps(value, ensure_ascii=False)
            assert is_same(row[header], value), (request, header)


def _cell(value: object) -> str:
    """Return a value as a spreadsheet cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("integer", "۱۲۳", 123), ("integer", " ٤٥ ", 45), ("integer", "-7", -7), ("integer", "1.5", "1.5"),
        ("integer", "9" * 30, int("9" * 30)), ("integer", "9" * 90, "9" * 90), ("integer", 5.0, 5), ("integer", 5.5, 5.5), ("boolean", "بله", True),
        ("boolean", "FALSE", False), ("boolean", "maybe", "maybe"), ("boolean", True, True),
        ("number", "۳۵.۷", Decimal("35.7")), ("number", "x", "x"), ("day", "۱۴۰۳/۱/۵", dt.date(2024, 3, 24)), ("day", "x", "x"),
        ("array", "a, b", ["a", "b"]), ("array", '["a"]', ["a"]), ("array", "[broken", "[broken"), ("array", ("a",), ["a"]),
    ],
)  # fmt: skip
def test_a_cell_is_parsed_or_left_as_it_is(kind: CellKind, cell: object, value: object) -> None:
    assert read_cell(FieldFormat(kind), cell) == value


@pytest.mark.parametrize(
    ("cell", "nothing"),
    [("", True), (" ", True), (None, True), (float("nan"), True), (pd.NA, True), (0, False), ("0", False)],
)
def test_an_empty_cell_is_a_missing_field(cell: object, *, nothing: bool) -> None:
    assert is_empty(cell) is nothing


@pytest.mark.parametrize(
    ("column_names", "message"),
    [
        (["vehicle", "odometer_km", "levle"], "'levle' is not a field .* did you mean 'level'"),
        (["level", "event"], "needs the columns damage_rial"),
        (["level", "event", "damage_rial", "level"], "same name"),
    ],
)
def test_a_file_with_unsuitable_columns_is_refused_before_any_work(
    column_names: list[str], message: str
) -> None:
    with pytest.raises(BatchError, match=message):
        check_columns("service_schedule" if "vehicle" in column_names else "subscriber_share", column_names)


def tyres(*lines: str) -> str:
    """Return a CSV file of tyres with a header line."""
    return "\n".join(("new_price_rial,new_depth_mm,remaining_depth_mm,label", *lines)) + "\n"


def numbered_parts(tmp_path: Path, content: str, rows: int = 2) -> pd.DataFrame:
    """Return the rows of a CSV file as `batch` reads them, in parts of two."""
    file = tmp_path / "tyres.csv"
    file.write_text(content, encoding="utf-8")
    return pd.concat(part.frame for part in files.read_parts(file, rows, "tyre_refund"))


def test_empty_cells_after_the_last_column_are_ignored(tmp_path: Path) -> None:
    parts = numbered_parts(tmp_path, tyres("100000000,8,4,first,", "100000000,8,4,second,,  ,"))
    assert parts.to_dict("list") == {
        "new_price_rial": ["100000000"] * 2,
        "new_depth_mm": ["8"] * 2,
        "remaining_depth_mm": ["4"] * 2,
        "label": ["first", "second"],
    }
    assert list(answer_rows("tyre_refund", parts).answers["customer_pays_rial"]) == [50_000_000] * 2


@pytest.mark.parametrize(
    ("line", "cells"),
    [("1000,8,4,a,b", 5), ("1000,8,4,a,,b", 6), ("1000,8", 2)],
    ids=["longer", "far", "shorter"],
)
def test_a_row_of_wrong_length_is_refused_with_its_number(tmp_path: Path, line: str, cells: int) -> None:
    file = tmp_path / "tyres.csv"
    file.write_text(tyres("1000,8,4,a", line, "1000,8,4,c"), encoding="utf-8")
    job = BatchJob("tyre_refund", file, tmp_path / "out.csv", tmp_path / "errors.csv", threads=True)
    summary = run(job, progress=False)
    assert (summary.answered, summary.errors) == (2, 1)
    assert list(pd.read_csv(job.target)["label"]) == ["a", "c"]
    error = pd.read_csv(job.errors).iloc[0]
    assert (error["row"], error["field"], error["code"]) == (3, "row", "row_length")
    assert f"has {cells} cells and the header has 4" in error["message_en"]
    assert error["new_price_rial"] == 1000


def test_blank_lines_count_in_row_numbers(tmp_path: Path) -> None:
    parts = numbered_parts(
        tmp_path, tyres("1000,8,4,a", "", "1000,8,4,b", ",,,", "", '1000,8,4,"c\nd"', "1000,8,4,e")
    )
    assert list(parts.index) == [2, 4, 7, 8]
    assert list(parts["label"]) == ["a", "b", "c\nd", "e"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (",new_depth_mm\n1,2\n", "Column A has no name"),
        ("a, ,b\n1,2,3\n", "Column B has no name"),
        ("", "header is missing"),
        ("\n\n", "header is missing"),
        ('a,b\n"open,1\n', "no column is a field"),
        ("on,on\n1404-01-01,1404-01-01\n", "The column “on” is in the file twice"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "tyres.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BatchError, match=problem):
        run(BatchJob("bylaw_in_force", file, tmp_path / "out.csv", tmp_path / "errors.csv"), progress=False)


def test_a_header_alone_gives_an_empty_answer(tmp_path: Path) -> None:
    file = tmp_path / "tyres.csv"
    file.write_text(tyres(), encoding="utf-8")
    job = BatchJob("tyre_refund", file, tmp_path / "out.csv", tmp_path / "errors.csv", threads=True)
    assert run(job, progress=False).answered == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1256"])
def test_a_file_in_any_encoding_is_answered(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "shares.csv"
    lines = (
        "فهرست;;;",
        "started_on;level;event;damage (rial)",
        "1400-01-01;2 ستاره;collision;20 میلیون تومان",
        "1400-01-01;two_star;collision;200,000,000",
    )
    content = "\r\n".join(lines)
    if encoding == "cp1256":  # it has no Persian yeh
        content = content.replace("ی", "ي")
    file.write_text(content, encoding=encoding)
    job = BatchJob("subscriber_share", file, tmp_path / "out.csv", tmp_path / "errors.csv", threads=True)
    assert run(job, progress=False).errors == 0
    assert pd.read_csv(job.target)["subscriber_pays_rial"].tolist() == [20_000_000] * 2


@pytest.mark.parametrize("ending", ["xls", "xlsm", "ods"])
def test_a_workbook_is_answered(tmp_path: Path, ending: str) -> None:
    source = ROOT / "tests/support/files" / f"cars.{ending}"
    job = BatchJob("service_schedule", source, tmp_path / "out.csv", tmp_path / "errors.csv", threads=True)
    summary = run(job, progress=False)
    errors = pd.read_csv(job.errors)
    assert (summary.answered, summary.errors) == (2, 0), errors


def test_fields_are_read_in_the_units_of_their_names() -> None:
    formats = field_formats("tyre_refund")
    assert read_cell(formats["new_price_rial"], "۲ میلیون تومان") == 20_000_000
    assert read_cell(formats["remaining_depth_mm"], "۷٫۵ میلی‌متر") == "7.5"
    assert read_cell(formats["remaining_depth_mm"], "7.50") == "7.50"
    assert read_cell(formats["new_price_rial"], "۲ کیلومتر") == "۲ کیلومتر"
    assert read_cell(field_formats("subscriber_share")["level"], "Two Star") == "two_star"
    assert read_cell(field_formats("service_schedule")["vehicle"], "پژو ۲۰۶") == "peugeot_206"
    assert read_cell(field_formats("nearest_dealers")["lat"], "۳۵٫۷") == Decimal("35.7")
    assert read_cell(field_formats("nearest_dealers")["lat"], "0") == 0
    holidays = field_formats("stop_compensation")["holidays"]
    days = [dt.date(2024, 3, 24), dt.date(2024, 3, 25)]
    assert read_cell(holidays, "1403/1/5، 1403/1/6") == days
    assert read_cell(holidays, '["1403-01-05", "2024-03-25"]') == days
    prices = field_formats("level_adviser")["prices_rial"]
    assert read_cell(prices, '{"two_star": 5}') == {"two_star": 5}
    with pytest.raises(RequestError):
        read_cell(prices, '{"two_star": 5, "two_star": 6}')
    assert read_cell(formats["new_price_rial"], "x" * 5000) == "x" * 5000


def test_a_table_damaged_during_a_run_stops_it(data_copy: Path) -> None:
    overwritten("bylaw/bylaw_1395/edition.toml", b"from = 5")(data_copy)
    with pytest.raises(DataError, match="bylaw_1395"):
        answer_rows("bylaw_in_force", pd.DataFrame([{"on": "1404-01-01"}]))
