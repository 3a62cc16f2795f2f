import datetime as dt
from typing import Self, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.dates import MONTHS, DateCode, DateError, days_in, from_link, parse_jalali, to_link, today

TIR_28 = dt.date(2024, 7, 18)  # 28 Tir 1403
FIRST, LAST = dt.date(1921, 3, 21), dt.date(2121, 3, 20)  # 1300/01/01 and the end of 1499

READ = [
    ("۱۴۰۳/۰۴/۲۸", TIR_28),
    ("1403-4-28", TIR_28),
    ("۱۴۰۳.۴.۲۸", TIR_28),
    ("۱۴۰۳ ۴ ۲۸", TIR_28),
    ("14030428", TIR_28),
    ("\u200f۱۴۰۳/۴/۲۸ ", TIR_28),
    ("۲۸ تیر ۱۴۰۳", TIR_28),
    ("٢٨ تير ١٤٠٣", TIR_28),
    ("۲۸ تیر\u200cماه ۱۴۰۳", TIR_28),
    ("28 Tir 1403", TIR_28),
    ("۵ امرداد ۱۴۰۳", dt.date(2024, 7, 26)),
    ("۱ ابان ۱۴۰۳", dt.date(2024, 10, 22)),
    ("۱۴۰۳/۱۲/۳۰", dt.date(2025, 3, 20)),
    ("۱۳۰۰/۱/۱", FIRST),
    ("۱۴۹۹/۱۲/۲۹", LAST),
]

REFUSED: list[tuple[str, DateCode]] = [
    ("", "empty"),
    (" \u200c", "empty"),
    ("۲۸ تیرماه ۱۴۰۳", "month_name"),
    ("۲۸ ژوئیه ۱۴۰۳", "month_name"),
    ("۱۴۰۴/۱۲/۳۰", "day"),
    ("۱۴۰۴/۷/۳۱", "day"),
    ("۱۴۰۴/۷/۰", "day"),
    ("۱۴۰۴/۱۳/۱", "month"),
    ("۱۴۰۴/۰/۱", "month"),
    ("2024/7/18", "gregorian"),
    ("۰۳/۰۴/۲۸", "short_year"),
    ("۲۸/۰۴/۱۴۰۳", "day_first"),
    ("۱۲۰۰/۱/۱", "year"),
    ("۱۲۹۹/۱۲/۲۹", "year"),
    ("۱۵۰۰/۱/۱", "year"),
    ("۱۴۰۳/۰۴", "shape"),
    ("۱۴۰۳/۰۴-۲۸", "shape"),
    ("۱۴۰۳²/۱/۱", "shape"),
    ("१४०३/०४/२८", "shape"),
    ("دیروز", "shape"),
]


@pytest.mark.parametrize(("text", "date"), READ)
def test_a_clear_text_is_read(text: str, date: dt.date) -> None:
    assert parse_jalali(text) == date


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_an_unclear_text_is_refused(text: str, code: DateCode) -> None:
    assert parse_jalali(text) == DateError(code)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("۱۴۰۳/۰۴/۲۷", DateError("too_early")),
        ("۱۴۰۳/۰۴/۲۸", TIR_28),
        ("۱۴۰۳/۰۴/۲۹", dt.date(2024, 7, 19)),
        ("۱۴۰۳/۰۴/۳۰", DateError("too_late")),
    ],
)
def test_limits_belong_to_the_field(text: str, answer: dt.date | DateError) -> None:
    assert parse_jalali(text, lo=TIR_28, hi=dt.date(2024, 7, 19)) == answer


def test_every_code_has_a_case() -> None:
    assert {code for _, code in REFUSED} | {"too_early", "too_late"} == set(get_args(DateCode))


def test_every_day_of_forty_five_years_reads_back_from_field_and_link() -> None:
    for ordinal in range(dt.date(1990, 1, 1).toordinal(), dt.date(2035, 1, 1).toordinal()):
        date = dt.date.fromordinal(ordinal)
        link = to_link(date)
        year, month, day = link.split("-")
        assert date == from_link(link) == parse_jalali(link)
        assert date == from_link(date.isoformat())
        for names in MONTHS.values():
            assert date == parse_jalali(f"{day} {names[int(month) - 1]} {year}")


@given(
    st.text(max_size=14)
    | st.from_regex(r"[0-9۰-۹]{1,4}[/.\- ][0-9]{1,2}[/.\- ][0-9۰-۹]{1,4}", fullmatch=True)
)
@settings(max_examples=600, deadline=None, derandomize=True)
def test_no_text_raises_or_leaves_the_years(text: str) -> None:
    for answer in (parse_jalali(text), from_link(text)):
        assert isinstance(answer, DateError) or FIRST <= answer <= LAST


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1403-04-28", TIR_28),
        ("2024-07-18", TIR_28),
        ("1921-03-21", FIRST),
        ("1921-03-20", DateError("year")),
        ("2121-03-20", LAST),
        ("2121-03-21", DateError("year")),
        ("1299-12-29", DateError("year")),
        ("1699-01-01", DateError("year")),
        ("1700-01-01", DateError("year")),
        ("9999-12-31", DateError("year")),
        ("0000-00-00", DateError("year")),
        ("1403-13-01", DateError("month")),
        ("2024-13-01", DateError("month")),
        ("1404-12-30", DateError("day")),
        ("2025-02-29", DateError("day")),
        ("1403-4-28", DateError("shape")),
        ("1403/04/28", DateError("shape")),
        ("1403-04-28\n", DateError("shape")),
        ("today", DateError("shape")),
        ("", DateError("empty")),
    ],
)
def test_a_link_holds_a_date_in_one_form(text: str, answer: dt.date | DateError) -> None:
    assert from_link(text) == answer


def test_a_link_is_jalali() -> None:
    assert to_link(TIR_28) == "1403-04-28"


@pytest.mark.parametrize(
    ("year", "month", "days"),
    [
        (1403, 1, 31),
        (1403, 6, 31),
        (1403, 7, 30),
        (1403, 11, 30),
        (1399, 12, 30),
        (1403, 12, 30),
        (1404, 12, 29),
        (1407, 12, 29),
        (1408, 12, 30),
    ],
)
def test_months_have_their_days(year: int, month: int, days: int) -> None:
    assert days_in(year, month) == days


def test_both_languages_name_twelve_months() -> None:
    assert [len(names) for names in MONTHS.values()] == [12, 12]
    assert (MONTHS["fa"][3], MONTHS["en"][3]) == ("تیر", "Tir")


@pytest.mark.parametrize(("minute", "date"), [(29, TIR_28), (30, dt.date(2024, 7, 19))])
def test_the_day_turns_at_midnight_in_tehran(
    monkeypatch: pytest.MonkeyPatch, minute: int, date: dt.date
) -> None:
    moment = dt.datetime(2024, 7, 18, 20, minute, tzinfo=dt.UTC)

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moment.timestamp(), tz)

    monkeypatch.setattr(dt, "datetime", Clock)
    assert today() == date


def test_today_follows_the_clock() -> None:
    before = dt.datetime.now(dt.UTC)
    answer = today()
    assert answer - (before + dt.timedelta(hours=3, minutes=30)).date() in {dt.timedelta(0), dt.timedelta(1)}
