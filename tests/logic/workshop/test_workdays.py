"""Working days and holidays, and notices of uncertain ones."""

from datetime import date

import pytest

from logic.workshop.workdays import WorkCalendar
from tests.support.calculator_client import notices, response

pytestmark = pytest.mark.usefixtures("named_editions")

STOP = {
    "vehicle_class": "passenger", "contract_price_rial": 1_000_000_000, "admitted_on": "1403-02-01",
    "ready_on": "1403-02-10", "holidays": [],
}  # fmt: skip


def test_estimated_lunar_holiday_is_noted_with_its_day() -> None:
    """Use 16 Dey 1405, the first holiday whose date the library estimates."""
    request = {**STOP, "admitted_on": "1405-10-14", "ready_on": "1405-10-20"}
    del request["holidays"]
    answer = response("stop_compensation", **request)
    assert [day["day"] for day in answer["result"]["days"] if day["estimated"]] == ["1405-10-16"]
    notices = [notice["params"] for notice in answer["notices"] if notice["key"] == "holidays_are_estimated"]
    assert notices == [{"first": "1405-10-16"}]


@pytest.mark.parametrize(("year", "has_notice"), [(1403, False), (1485, True)])
def test_year_without_known_holidays_is_noted(year: int, *, has_notice: bool) -> None:
    request = {**STOP, "admitted_on": f"{year}-02-01", "ready_on": f"{year}-02-10"}
    del request["holidays"]
    assert ("calendar_not_known" in notices("stop_compensation", **request)) is has_notice
    assert "calendar_not_known" not in notices("stop_compensation", **request, holidays=[]), (
        "the request knows"
    )


def test_holiday_of_the_library_is_named_in_both_languages() -> None:
    holiday = WorkCalendar().holiday(date(2024, 2, 11))
    assert holiday is not None
    assert (holiday.source, holiday.estimated) == ("library", False)
    assert holiday.names == {"fa": "پیروزی انقلاب اسلامی", "en": "Islamic Revolution Day"}


def test_name_of_an_estimated_holiday_omits_that_word() -> None:
    """Use the holiday of 16 Dey 1405."""
    holiday = WorkCalendar().holiday(date(2027, 1, 6))
    assert holiday is not None
    assert (holiday.estimated, holiday.names["en"]) == (True, "Isra' and Mi'raj")


def test_first_of_several_uncertain_days_is_named() -> None:
    """Include 16 Dey and 4 Bahman 1405, which are estimated, and 1485, which has no known holidays."""
    request = {**STOP, "admitted_on": "1405-10-14", "ready_on": "1405-11-06"}
    late = {**STOP, "admitted_on": "1485-02-01", "ready_on": "1485-02-10"}
    for fields, key, first in (
        (request, "holidays_are_estimated", "1405-10-16"), (late, "calendar_not_known", "1485-02-01"),
    ):  # fmt: skip
        del fields["holidays"]
        notices = response("stop_compensation", **fields)["notices"]
        assert [notice["params"] for notice in notices if notice["key"] == key] == [{"first": first}]


@pytest.mark.parametrize(
    ("calculator", "fields", "clause"),
    [
        (
            "stop_compensation",
            {**STOP, "admitted_on": "1405-10-14", "ready_on": "1405-10-20"},
            "bylaw.bylaw_1395.a17",
        ),
        (
            "card_downtime",
            {
                "level": "four_star", "admitted_on": "1405-10-14", "completed_on": "1405-10-20",
                "released_on": "1405-10-20",
            },
            "emdad.ssa005_14.p3.7_1_1",
        ),
    ],
)  # fmt: skip
def test_estimated_holiday_is_noted_with_the_clause_of_the_days(
    calculator: str, fields: dict[str, object], clause: str
) -> None:
    notices = response(calculator, **{**fields, "holidays": None})["notices"]
    assert [notice["clause"] for notice in notices if notice["key"] == "holidays_are_estimated"] == [clause]


def test_fridays_and_holidays_of_the_request_have_no_name() -> None:
    nameless = {"fa": "", "en": ""}
    for calendar, day in (
        (WorkCalendar(), date(2024, 4, 26)),
        (WorkCalendar(frozenset({date(2024, 4, 21)})), date(2024, 4, 21)),
    ):  # fmt: skip
        holiday = calendar.holiday(day)
        assert holiday is not None
        assert holiday.names == nameless
