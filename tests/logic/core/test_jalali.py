from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.core.jalali import add_months, add_years, days_in_month, parse_day, to_jalali

# Dates of Nowruz in both calendars, from printed calendars.
NOWRUZ = {
    1391: date(2012, 3, 20),
    1392: date(2013, 3, 21),
    1395: date(2016, 3, 20),
    1396: date(2017, 3, 21),
    1399: date(2020, 3, 20),
    1400: date(2021, 3, 21),
    1403: date(2024, 3, 20),
    1404: date(2025, 3, 21),
}


@pytest.mark.parametrize(("year", "day"), NOWRUZ.items())
def test_the_first_of_farvardin_is_nowruz_in_both_calendars(year: int, day: date) -> None:
    assert parse_day(f"{year}-01-01") == day
    assert to_jalali(day) == f"{year}-01-01"
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1391-08-01", date(2012, 10, 22)),  # the booklet's first day
        ("1395-01-22", date(2016, 4, 10)),  # the by-law's day
        ("1403-04-28", date(2024, 7, 18)),  # the tyre maker's page
        ("1403-12-30", date(2025, 3, 20)),
        ("1699-01-01", date(2320, 3, 21)),  # the last year that is read as Jalali
        ("1700-01-01", date(1700, 1, 1)),  # the first year that is read as Gregorian
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_year_below_1700_is_jalali_and_from_there_on_gregorian(text: str, day: date) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1403",
        "1403-4-28",
        "1403/04/28",
        "14030428",
        "1403-04-28 ",
        "1403-04-28T00:00:00",
        "1403-00-01",
        "1403-13-01",
        "1403-01-00",
        "1403-06-32",
        "1403-07-31",
        "1402-12-30",
        "1404-12-30",
        "0000-01-01",
        "2023-02-29",
        "9999-13-01",
        "yesterday",
    ],
)
def test_an_invalid_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_day(text)


@pytest.mark.parametrize("year", [1391, 1395, 1399, 1403, 1408])
def test_esfand_has_thirty_days_in_a_leap_year(year: int) -> None:
    assert days_in_month(year, 12) == 30
    assert to_jalali(parse_day(f"{year}-12-30")) == f"{year}-12-30"


@pytest.mark.parametrize("year", [1392, 1394, 1396, 1400, 1402, 1404, 1405, 1407])
def test_esfand_has_twenty_nine_days_in_a_common_year(year: int) -> None:
    assert days_in_month(year, 12) == 29


def test_six_months_have_31_days_and_five_have_30() -> None:
    assert [days_in_month(1403, month) for month in range(1, 12)] == [31] * 6 + [30] * 5


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("1403-01-31", 1, "1403-02-31"),
        ("1403-06-31", 1, "1403-07-30"),
        ("1403-11-30", 1, "1403-12-30"),
        ("1404-11-30", 1, "1404-12-29"),
        ("1403-12-15", 1, "1404-01-15"),
        ("1403-01-15", 11, "1403-12-15"),
        ("1403-01-15", 12, "1404-01-15"),
        ("1403-05-10", 0, "1403-05-10"),
        ("1399-12-30", 60, "1404-12-29"),  # readings.md, A-21
    ],
)
def test_jalali_months_are_added_up_to_the_months_last_day(day: str, months: int, later: str) -> None:
    assert to_jalali(add_months(parse_day(day), months)) == later


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        ("1393-01-15", 5, "1398-01-15"),
        ("1399-12-30", 1, "1400-12-29"),
        ("1399-12-30", 4, "1403-12-30"),
        ("1403-12-30", 5, "1408-12-30"),
        ("1403-12-30", 10, "1413-12-29"),
        ("1400-12-29", 3, "1403-12-29"),
    ],
)
def test_the_anniversary_of_30_esfand_is_29_in_common_years(day: str, years: int, later: str) -> None:
    assert to_jalali(add_years(parse_day(day), years)) == later


@given(st.dates(date(1922, 3, 21), date(2150, 12, 31)))
def test_a_day_formatted_as_jalali_parses_to_itself(day: date) -> None:
    assert parse_day(to_jalali(day)) == day


@given(st.dates(date(1922, 3, 21), date(2150, 12, 31)), st.integers(0, 240))
def test_adding_months_never_gives_a_later_day_of_the_month(day: date, months: int) -> None:
    before, after = to_jalali(day), to_jalali(add_months(day, months))
    year, month, of_month = (int(part) for part in before.split("-"))
    later_year, later_month, later_of_month = (int(part) for part in after.split("-"))
    assert later_year * 12 + later_month == year * 12 + month + months
    assert later_of_month == min(of_month, days_in_month(later_year, later_month))
