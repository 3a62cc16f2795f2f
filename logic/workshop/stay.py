"""The days of a stay in a workshop, with the kind of each day and its holiday."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Literal

from logic.core.answer import Notice, Step
from logic.core.models import JalaliText, Result
from logic.workshop.workdays import HolidaySource, WorkCalendar, is_year_known

MAX_STAY_DAYS = 1000
"""Longer stays are rejected as typing errors."""

DayKind = Literal[
    "admission", "grace", "counted", "holiday", "completion", "release", "after_completion", "before_papers",
]  # fmt: skip


class StayDay(Result):
    """A day of a stay: its kind, its holiday, and whether the date of the holiday is estimated."""

    day: JalaliText
    kind: DayKind
    holiday: HolidaySource | None
    estimated: bool


def days_between(first: date, last: date) -> Iterator[date]:
    """Return the days from the first to the last, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def stay_days(
    first: date, last: date, calendar: WorkCalendar, kind_of: Callable[[date], DayKind]
) -> tuple[StayDay, ...]:
    """Return the days of a stay; ``kind_of`` returns the kind of a day."""
    days = []
    for day in days_between(first, last):
        holiday = calendar.holiday(day)
        days.append(
            StayDay(
                day=day,
                kind=kind_of(day),
                holiday=holiday.source if holiday else None,
                estimated=bool(holiday and holiday.estimated),
            )
        )
    return tuple(days)


def day_steps(days: Iterable[StayDay], clause_of: Callable[[DayKind], str]) -> Iterator[Step]:
    """Yield one step for each run of consecutive days of the same kind."""
    for kind, run in groupby(days, key=lambda stay_day: stay_day.kind):
        run_days = list(run)
        inputs = {"from": run_days[0].day, "to": run_days[-1].day}
        yield Step(f"day_{kind}", clause_of(kind), len(run_days), "day", inputs)


def calendar_notices(days: Iterable[StayDay], clause: str, *, request_has_holidays: bool) -> Iterator[Notice]:
    """Yield a notice if holidays are estimated, or if the calendar of a year is unknown.

    If the request lists its own holidays, the calendar is not used and need not be known.
    """
    stay = list(days)
    estimated = [stay_day.day for stay_day in stay if stay_day.estimated]
    if estimated:
        yield Notice("holidays_are_estimated", clause, "warning", {"first": estimated[0]})
    unknown = [stay_day.day for stay_day in stay if not is_year_known(stay_day.day.year)]
    if unknown and not request_has_holidays:
        yield Notice("calendar_not_known", clause, "warning", {"first": unknown[0]})
