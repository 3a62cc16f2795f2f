import datetime as dt
from typing import Self

import pytest

from ui.l10n.dates import MONTHS, today

TIR_28 = dt.date(2024, 7, 18)


def test_both_languages_name_twelve_months() -> None:
    assert [len(names) for names in MONTHS.values()] == [12, 12]
    assert (MONTHS["fa"][3], MONTHS["en"][3]) == ("تیر", "Tir")


@pytest.mark.parametrize(("minute", "date"), [(29, TIR_28), (30, dt.date(2024, 7, 19))])
def test_the_day_changes_at_midnight_in_tehran(
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
