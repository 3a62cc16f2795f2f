"""The day is that of Tehran, and every page works after midnight and at the new year."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

import pytest

from logic.core.messages import Language
from tests.support.page_run import EXAMPLE_LINKS, assert_no_exception, html, open_page
from ui.l10n import dates
from ui.l10n.text import text

NEW_YEAR = datetime(2026, 3, 20, 20, 30, tzinfo=UTC)
"""Midnight in Tehran before 1 Farvardin 1405; in UTC it is still the day before."""


class Clock(datetime):
    """A clock with the time that a test sets."""

    current: datetime

    @classmethod
    def now(cls, tz: Any = None) -> Self:  # noqa: ANN401 - the signature of datetime
        return cls.current.astimezone(tz)  # type: ignore[return-value]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Clock]]:
    monkeypatch.setattr("ui.l10n.dates.dt.datetime", Clock)
    yield Clock
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("seconds", "day"), [(-1, date(2026, 3, 20)), (0, date(2026, 3, 21)), (86_399, date(2026, 3, 21))]
)
def test_the_day_is_that_of_tehran(seconds: int, day: date, clock: type[Clock]) -> None:
    clock.current = NEW_YEAR + timedelta(seconds=seconds)
    assert dates.today() == day


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", EXAMPLE_LINKS)
def test_a_page_that_is_open_at_midnight_shows_the_new_year(
    page: str, language: Language, clock: type[Clock]
) -> None:
    clock.current = NEW_YEAR - timedelta(seconds=1)
    app = open_page(page, language, EXAMPLE_LINKS[page])
    clock.current = NEW_YEAR
    app.run()
    assert_no_exception(app)
    assert text(language)(f"{page}.title") in html(app)
