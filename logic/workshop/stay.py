"""A stay in the workshop, day by day: what each day is, shown instead of asserted."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Literal

from logic.core.answer import Notice, Step
from logic.core.models import JalaliText, Result
from logic.workshop.workdays import Source, WorkCalendar, is_year_known

MAX_STAY_DAYS = 1000
"""Days; a longer stay is a typing error."""

DayKind = Literal[
    "admission", "grace", "counted", "holiday", "completion", "release", "after_completion", "before_papers",
]  # fmt: skip


class StayDay(Result):
    """A day of the stay: what it is, and what it rests for."""

    day: JalaliText
    kind: DayKind
    holiday: Source | None
    estimated: bool


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def stay_days(
    first: date, last: date, calendar: WorkCalendar, kind: Callable[[date], DayKind]
) -> tuple[StayDay, ...]:
    """The days of a stay, each as ``kind`` says."""
    found = []
    for day in days_between(first, last):
        rest = calendar.holiday(day)
        found.append(
            StayDay(
                day=day,
                kind=kind(day),
                holiday=rest.source if rest else None,
                estimated=bool(rest and rest.estimated),
            )
        )
    return tuple(found)


def day_steps(days: Iterable[StayDay], clause: Callable[[DayKind], str]) -> Iterator[Step]:
    """The working: one step for each run of days of a kind."""
    for kind, run in groupby(days, key=lambda each: each.kind):
        listed = list(run)
        inputs = {"from": listed[0].day, "to": listed[-1].day}
        yield Step(f"day_{kind}", clause(kind), len(listed), "day", inputs)


def calendar_notices(days: Iterable[StayDay], clause: str, *, given: bool) -> Iterator[Notice]:
    """Where the calendar itself is uncertain; it is not, where the request has ``given`` its holidays."""
    listed = list(days)
    estimated = [each.day for each in listed if each.estimated]
    if estimated:
        yield Notice("holidays_are_estimated", clause, "warning", {"first": estimated[0]})
    unknown = [each.day for each in listed if not is_year_known(each.day.year)]
    if unknown and not given:
        yield Notice("calendar_not_known", clause, "warning", {"first": unknown[0]})
