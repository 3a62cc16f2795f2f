"""Whether an act was in time for a deadline of the by-law."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.consumer_law.bylaw_in_force import bylaw_edition
from logic.core.answer import Answer, Notice, Step
from logic.core.models import Count, Day, JalaliText, Known, Request, Result, invalid
from logic.core.registry import calculator
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import EditionFolder, Labelled, Row, YesNo, edition_reader, scope_clause
from logic.workshop.stay import MAX_STAY_DAYS, days_between
from logic.workshop.workdays import WorkCalendar


class DeadlineRow(Row):
    """The days of a deadline, whether the last is in time, and whether only working days count."""

    rule: Annotated[str, Labelled("deadline_rule")]
    limit_days: int
    inclusive: YesNo
    working_days: YesNo
    clause: str


@dataclass(frozen=True, eq=False)
class DeadlineTables:
    """The deadlines of one by-law."""

    edition: str
    deadlines: Mapping[str, DeadlineRow]


@edition_reader("bylaw")
def deadline_tables(folder: EditionFolder) -> DeadlineTables:
    """Read the deadlines. The day of the act selects the by-law."""
    return DeadlineTables(
        edition=folder.edition.id,
        deadlines=folder.rows_by_key("deadlines", DeadlineRow, lambda row: row.rule),
    )


@cached_per_dataset
def deadline_rules() -> Mapping[str, None]:
    """Return the deadlines of every by-law."""
    return dict.fromkeys(rule for rules in deadline_tables.editions() for rule in rules.deadlines)


Rule = Annotated[str, Known(deadline_rules, lists_ids=True)]


class LegalDeadlineRequest(Request):
    """The deadline, and the days passed or the first day and the day of the act."""

    rule: Rule
    days: Count | None = None
    """Days passed; working days if the deadline counts working days."""
    on: Day | None = None
    """Selects the edition. Default: the one in force."""
    since: Day | None = None
    """With ``acted_on``, replaces ``days``: the day from which the time runs; it is day 0."""
    acted_on: Day | None = None

    @model_validator(mode="after")
    def _days_are_known_once(self) -> Self:
        dated = self.since is not None and self.acted_on is not None
        if (self.days is None) != dated:
            raise invalid("days", "days_or_dates")
        if self.since and self.acted_on and self.acted_on < self.since:
            raise invalid("acted_on", "before_start")
        if self.since and self.acted_on and (self.acted_on - self.since).days > MAX_STAY_DAYS:
            raise invalid("acted_on", "stay_too_long", limit=MAX_STAY_DAYS)
        return self


class LegalDeadlineResult(Result):
    """Whether the act was in time, and the deadline. Null if the by-law of the day has no such deadline."""

    edition: str | None
    reason: Literal["no_edition", "no_deadline"] | None = None
    on_time: bool | None = None
    limit_days: int | None = None
    inclusive: bool | None = None
    working_days: bool | None = None
    last_day: JalaliText | None = None
    """The last day in time; null without ``since``."""


@calculator
def legal_deadline(request: LegalDeadlineRequest) -> Answer[LegalDeadlineResult]:
    """Return whether an act was in time for a deadline of the by-law.

    "Within" includes the last day, "in less than" (18, note 2) does not. The first day is day 0. Working
    days follow the national calendar. Source: by-law of 1395, articles 7, 11, 18 and 29.
    """
    rules = deadline_tables(request.on)
    row = rules.deadlines.get(request.rule) if rules else None
    if row is None or rules is None:
        edition = bylaw_edition(request.on)
        reason: Literal["no_edition", "no_deadline"] = "no_deadline" if edition else "no_edition"
        clause = scope_clause("bylaw", request.on)
        result = LegalDeadlineResult(
            edition=edition.id if edition else None,
            reason=reason,
        )
        return Answer(result, (Step(reason, clause, value=False),))
    days = _days_passed(request, row)
    on_time = days <= row.limit_days if row.inclusive else days < row.limit_days
    result = LegalDeadlineResult(
        edition=rules.edition,
        on_time=on_time,
        limit_days=row.limit_days,
        inclusive=row.inclusive,
        working_days=row.working_days,
        last_day=_last_day(request.since, row) if request.since else None,
    )
    key = "deadline_within" if row.inclusive else "deadline_below"
    steps = (
        Step(key, row.clause, row.limit_days, "day", {"rule": request.rule}),
        Step("on_time", row.clause, on_time, inputs={"days": days}),
    )
    notices = [Notice("working_days_count", row.clause)] if row.working_days else []
    return Answer(result, steps, tuple(notices))


def _days_passed(request: LegalDeadlineRequest, row: DeadlineRow) -> int:
    """Return the number of days, or of working days, after the first day."""
    if request.since is None or request.acted_on is None:
        return request.days or 0
    if not row.working_days:
        return (request.acted_on - request.since).days
    calendar = WorkCalendar()
    days = days_between(request.since + timedelta(days=1), request.acted_on)
    return sum(calendar.is_working_day(day) for day in days)


def _last_day(since: date, row: DeadlineRow) -> date:
    """Return the last day in time. Counting starts on the day after the first."""
    days_left, day, calendar = row.limit_days - (not row.inclusive), since, WorkCalendar()
    while days_left:
        day += timedelta(days=1)
        days_left -= calendar.is_working_day(day) or not row.working_days
    return day
