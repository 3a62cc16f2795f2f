"""Damaged or changed tables of the calendar, the makers and the by-laws."""

from datetime import date
from pathlib import Path

import pytest

from logic.core.errors import DataError
from logic.core.jalali import parse_day
from logic.core.registry import calculators
from logic.datasets.tables import check
from logic.workshop.workdays import WorkCalendar
from tests.support.calculator_client import result

pytestmark = pytest.mark.usefixtures("named_editions")

STOP = {"vehicle_class": "passenger", "contract_price_rial": 10**9}
TEN_DAY_STOP = {**STOP, "admitted_on": "1403-02-01", "ready_on": "1403-02-10", "holidays": []}


def test_closures_csv_adds_closures_and_opens_holidays(data_copy: Path) -> None:
    with (data_copy / "calendar/official/closures.csv").open("a", encoding="utf-8") as table:
        table.write("1403-02-02,yes,a,a,b,b\n1403-02-15,no,a,a,b,b\n")
    closed = result("stop_compensation", **STOP, admitted_on="1403-02-01", ready_on="1403-02-05")
    assert closed["payable_days"] == 1
    assert closed["days"][1]["holiday"] == "override"
    # Saturday 15 Ordibehesht 1403 is a holiday in the library
    opened = result("stop_compensation", **STOP, admitted_on="1403-02-12", ready_on="1403-02-18")
    assert [day["holiday"] for day in opened["days"]][2:4] == ["friday", None]


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        ("1402-05-10", False), ("1402-05-11", True), ("1402-05-12", True), ("1402-05-14", False),
        ("1403-03-01", False), ("1403-03-02", True), ("1403-03-03", False),
    ],
)  # fmt: skip
def test_nationwide_closures_are_no_working_days_unlike_their_neighbours(day: str, is_holiday: bool) -> None:
    assert (WorkCalendar().holiday(parse_day(day)) is not None) is is_holiday


def test_without_that_row_the_library_holiday_applies() -> None:
    answer = result("stop_compensation", **STOP, admitted_on="1403-02-12", ready_on="1403-02-18")
    assert [day["holiday"] for day in answer["days"]][2:4] == ["friday", "library"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("mvm_fx/guarantee_booklet/first_service.csv", "1000,5000,5,no,first_service,void_whole\n"),
        (
            "bylaw/bylaw_1395/stop_terms.csv",
            "after_grace,a17,no,a17,a17,a17,,\n",
        ),
    ],
)
def test_a_table_of_one_row_has_exactly_one(data_copy: Path, file: str, line: str) -> None:
    calculators()
    with (data_copy / file).open("a", encoding="utf-8") as table:
        table.write(line)
    with pytest.raises(DataError, match="exactly one row"):
        check()


def test_thursday_as_weekly_holiday_in_week_csv_lengthens_the_grace(data_copy: Path) -> None:
    """Start on Wednesday 5 Ordibehesht 1403; without Thursday and Friday the grace ends on Sunday the 9th."""
    week = data_copy / "calendar" / "official" / "week.csv"
    week.write_text(week.read_text(encoding="utf-8").replace("thursday,yes", "thursday,no"), encoding="utf-8")
    request = {**TEN_DAY_STOP, "admitted_on": "1403-02-05"}
    assert result("stop_compensation", **request)["payable_days"] == 1
    assert result("stop_compensation", **request, thursday_works=True)["payable_days"] == 2


def test_closure_is_named_and_ignored_where_the_request_gives_holidays(
    data_copy: Path,
) -> None:
    """Close Sunday 2 Ordibehesht 1403: the grace ends a day later."""
    with (data_copy / "calendar" / "official" / "closures.csv").open("a", encoding="utf-8") as table:
        table.write("1403-02-02,yes,آلودگی,smog,خبر,news\n")
    closed = WorkCalendar().holiday(date(2024, 4, 21))
    assert closed is not None
    assert closed.names == {"fa": "آلودگی", "en": "smog"}
    request = {**TEN_DAY_STOP, "ready_on": "1403-02-05"}
    assert result("stop_compensation", **request)["payable_days"] == 2
    assert result("stop_compensation", **{**request, "holidays": None})["payable_days"] == 1


@pytest.mark.parametrize(("opened", "days", "holiday"), [(False, 1, "library"), (True, 2, None)])
def test_library_holiday_opened_in_closures_csv_is_a_working_day(
    data_copy: Path, *, opened: bool, days: int, holiday: str | None
) -> None:
    """Open Saturday 15 Ordibehesht 1403, a library holiday: it ends the grace that began on Thursday."""
    with (data_copy / "calendar" / "official" / "closures.csv").open("a", encoding="utf-8") as table:
        table.write("1403-02-15,no,a,a,b,b\n" if opened else "")
    answer = result(
        "stop_compensation",
        **{**TEN_DAY_STOP, "admitted_on": "1403-02-12", "ready_on": "1403-02-17", "holidays": None},
    )
    assert (answer["payable_days"], answer["days"][3]["holiday"]) == (days, holiday)
