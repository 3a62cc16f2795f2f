import datetime as dt
from typing import Self

import pytest

from ui.dates import MONTHS, from_link, today

TIR_28 = dt.date(2024, 7, 18)
FIRST, LAST = dt.date(1921, 3, 21), dt.date(2121, 3, 20)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1403-04-28", TIR_28),
        ("2024-07-18", TIR_28),
        ("1921-03-21", FIRST),
        ("1921-03-20", None),
        ("2121-03-20", LAST),
        ("2121-03-21", None),
        ("1299-12-29", None),
        ("1699-01-01", None),
        ("1700-01-01", None),
        ("9999-12-31", None),
        ("0000-00-00", None),
        ("1403-13-01", None),
        ("2024-13-01", None),
        ("1404-12-30", None),
        ("2025-02-29", None),
        ("1403-4-28", None),
        ("1403/04/28", None),
        ("1403-04-28\n", None),
        ("today", None),
        ("", None),
    ],
)
def test_a_link_holds_a_date_in_one_form(text: str, answer: dt.date | None) -> None:
    assert from_link(text) == answer


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
