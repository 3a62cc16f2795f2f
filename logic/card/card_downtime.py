"""What the card pays for the days that a car stands in the workshop."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.tables import NO_DOWNTIME, CardTables, DowntimeReason, Service, card, no_edition
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import AtMost, Count, Day, Flag, Hours, Level, Request, Result, Rial, invalid
from logic.core.registry import calculator
from logic.workshop.stay import MAX_STAY_DAYS, DayKind, StayDay, calendar_notices, day_steps, stay_days
from logic.workshop.workdays import WorkCalendar

READING = "A-13"

Cause = Literal["repair", "accident", "guarantee", "periodic_service", "replacement", "theft"]
Reason = Literal["no_edition", DowntimeReason, "not_over_48_hours"]


class CardDowntimeRequest(Request):
    """The days of admission, completion and release, and what the stay was for."""

    level: Level
    admitted_on: Day
    completed_on: Day
    released_on: Day
    stop_hours: Hours | None = None
    """Hours from the start of the repairs; without them 24 for each day from admission to completion."""
    cause: Cause = "repair"
    work_order: Flag = True
    expert_days: Count | None = None
    owner_delay_days: Count = 0
    papers_complete_on: Day | None = None
    at_authorised: Flag = True
    changed_mind: Flag = False
    holidays: Annotated[tuple[Day, ...], AtMost(MAX_STAY_DAYS)] | None = None
    """In place of the national calendar; Fridays rest in any case."""
    started_on: Day | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.completed_on < self.admitted_on:
            raise invalid("completed_on", "before_admission")
        if self.released_on < self.completed_on:
            raise invalid("released_on", "before_completion")
        if (self.released_on - self.admitted_on).days > MAX_STAY_DAYS:
            raise invalid("released_on", "stay_too_long", limit=MAX_STAY_DAYS)
        return self


class CardDowntimeResult(Result):
    """The days that count and their rials; money is null where nothing is paid for a reason."""

    edition: str | None
    reason: Reason | None
    payable_days: int
    daily_rial: Rial | None
    amount_rial: Rial | None
    days: tuple[StayDay, ...]


@calculator
def card_downtime(request: CardDowntimeRequest) -> Answer[CardDowntimeResult]:
    """The days in the workshop × the level's daily rate (part 3, section 7; Table 1).

    Paid where the stop lasted more than 48 hours. Not counted: the days of admission and release, holidays
    and Fridays, days before the papers were complete, days after completion, the owner's delay; the
    expert's time is a cap on what is left. Whole rials. A-13 also reads the 48 hours as taken off. Left
    out: parking, the owner's.
    """
    tables = card(request.started_on)
    if tables is None:
        nothing = CardDowntimeResult(
            edition=None, reason="no_edition", payable_days=0, daily_rial=None, amount_rial=None, days=()
        )
        return Answer(nothing, (no_edition(request.started_on),))
    given = None if request.holidays is None else frozenset(request.holidays)
    calendar = WorkCalendar(given)
    kind = partial(_kind, request, calendar)
    days = stay_days(request.admitted_on, request.released_on, calendar, kind)
    steps = [*day_steps(days, partial(_clause_of, tables))]
    refusal = next(_refusals(request, tables), None)
    if refusal:
        reason, clause = refusal
        steps.append(Step("downtime_not_paid", clause, value=False))
        refused = CardDowntimeResult(
            edition=tables.edition,
            reason=reason,
            payable_days=0,
            daily_rial=None,
            amount_rial=None,
            days=days,
        )
        return Answer(refused, tuple(steps))
    payable = _payable(request, tables, days, steps)
    rate = tables.services[request.level, Service.DOWNTIME]
    daily = rate.value or 0
    steps.append(Step("daily_rate", rate.clause, daily, "rial_a_day"))
    steps.append(
        Step("downtime_amount", tables.citations.downtime_rate, payable * daily, "rial", {"days": payable})
    )
    result = CardDowntimeResult(
        edition=tables.edition,
        reason=None,
        payable_days=payable,
        daily_rial=daily,
        amount_rial=payable * daily,
        days=days,
    )
    trigger = tables.figures["downtime_above_hours"]
    less = max(0, payable - int(trigger.value / tables.figures["hours_of_a_day"].value))
    other = result.model_copy(update={"payable_days": less, "amount_rial": less * daily})
    return Answer(
        result,
        tuple(steps),
        (
            *calendar_notices(days, tables.citations.downtime_days, given=request.holidays is not None),
            *_notices(request, tables),
        ),
        tuple(Alternative.where_different(READING, trigger.clause, result, other)),
    )


def _kind(request: CardDowntimeRequest, calendar: WorkCalendar, day: date) -> DayKind:
    """What a day of the stay is."""
    if day == request.admitted_on:
        return "admission"
    if day == request.released_on:
        return "release"
    if day > request.completed_on:
        return "after_completion"
    if request.papers_complete_on and day < request.papers_complete_on:
        return "before_papers"
    return "holiday" if calendar.holiday(day) else "counted"


def _clause_of(tables: CardTables, kind: DayKind) -> str:
    clauses: dict[DayKind, str] = {
        "after_completion": tables.citations.days_after_completion,
        "before_papers": tables.citations.days_before_documents,
        "holiday": tables.citations.downtime_holidays,
    }
    return clauses.get(kind, tables.citations.downtime_days)


def _refusals(request: CardDowntimeRequest, tables: CardTables) -> Iterator[tuple[Reason, str]]:
    """What takes the whole stay out as far as the edition says so (7-2), then the 48 hours (7-1)."""
    not_paid: dict[DowntimeReason, bool] = {
        NO_DOWNTIME: tables.services[request.level, Service.DOWNTIME].kind != "daily_rial",
        "replacement": request.cause == "replacement",
        "theft": request.cause == "theft",
        "periodic_service": request.cause == "periodic_service",
        "no_work_order": not request.work_order,
        "outside_network": not request.at_authorised,
        "changed_mind": request.changed_mind,
        "guarantee": request.cause == "guarantee",
        "accident": request.cause == "accident",
    }
    for reason, holds in not_paid.items():
        if holds and (row := tables.downtime_refusals.get(reason)):
            yield reason, row.clause
    trigger = tables.figures["downtime_above_hours"]
    hours = request.stop_hours
    if hours is None:
        whole = (request.completed_on - request.admitted_on).days
        hours = whole * int(tables.figures["hours_of_a_day"].value)
    if hours <= trigger.value:
        yield "not_over_48_hours", trigger.clause


def _payable(
    request: CardDowntimeRequest, tables: CardTables, days: tuple[StayDay, ...], steps: list[Step]
) -> int:
    counted = sum(day.kind == "counted" for day in days)
    if request.owner_delay_days:
        steps.append(Step("owner_delay", tables.citations.owner_delay, -request.owner_delay_days, "day"))
    payable = max(0, counted - request.owner_delay_days)
    if request.expert_days is not None:
        steps.append(Step("expert_days", tables.citations.downtime_days, request.expert_days, "day"))
        payable = min(payable, request.expert_days)
    steps.append(Step("payable_days", tables.citations.downtime_days, payable, "day"))
    return payable


def _notices(request: CardDowntimeRequest, tables: CardTables) -> Iterator[Notice]:
    yield Notice("paid_to_the_registered_owner", tables.citations.downtime_payee)
    if request.released_on > request.completed_on:
        yield Notice("parking_is_yours", tables.citations.parking, "warning")
