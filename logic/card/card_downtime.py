"""What the card pays for the days that a car is in the workshop."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.tables import NO_DOWNTIME, CardTables, DowntimeReason, Service, card_tables, no_edition
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import AtMost, Count, Day, Flag, Hours, Level, Request, Result, Rial, invalid
from logic.core.registry import calculator
from logic.workshop.stay import MAX_STAY_DAYS, DayKind, StayDay, calendar_notices, day_steps, stay_days
from logic.workshop.workdays import WorkCalendar

DEDUCTED_HOURS_READING = "A-13"

Cause = Literal["repair", "accident", "guarantee", "periodic_service", "replacement", "theft"]
Reason = Literal["no_edition", DowntimeReason, "not_over_48_hours"]


class CardDowntimeRequest(Request):
    """The days of admission, completion and release, and the cause of the stay."""

    level: Level
    admitted_on: Day
    completed_on: Day
    released_on: Day
    stop_hours: Hours | None = None
    """Hours from the start of the repairs. Default: 24 for each day from admission to completion."""
    cause: Cause = "repair"
    work_order: Flag = True
    expert_days: Count | None = None
    owner_delay_days: Count = 0
    papers_complete_on: Day | None = None
    at_authorised: Flag = True
    changed_mind: Flag = False
    holidays: Annotated[tuple[Day, ...], AtMost(MAX_STAY_DAYS)] | None = None
    """Holidays that replace the national calendar. Fridays are always days of rest."""
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

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
    """The days that count and the amount. Money is null in a refusal."""

    edition: str | None
    reason: Reason | None = None
    payable_days: int
    daily_rial: Rial | None = None
    amount_rial: Rial | None = None
    days: tuple[StayDay, ...] = ()


@calculator
def card_downtime(request: CardDowntimeRequest) -> Answer[CardDowntimeResult]:
    """Return the payment for days in the workshop: payable days × the level's daily rate.

    Paid only if the stay lasted more than 48 hours. Not counted: the days of admission and release, Fridays
    and holidays, days before the documents were complete, days after completion, and the owner's delay. Of
    the days left, at most the expert's time is paid. Whole rials, without rounding. The alternative (A-13)
    deducts the 48 hours. Not covered: parking, which the owner pays. Source: part 3, section 7; Table 1.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        result = CardDowntimeResult(edition=None, reason="no_edition", payable_days=0)
        return Answer(result, (no_edition(request.started_on),))
    calendar = WorkCalendar(None if request.holidays is None else frozenset(request.holidays))
    day_kind = partial(_day_kind, request, calendar)
    days = stay_days(request.admitted_on, request.released_on, calendar, day_kind)
    run_steps = tuple(day_steps(days, partial(_day_clause, tables)))
    refusal = next(_refusals(request, tables), None)
    if refusal:
        reason, clause = refusal
        result = CardDowntimeResult(
            edition=tables.edition,
            reason=reason,
            payable_days=0,
            days=days,
        )
        return Answer(result, (*run_steps, Step("downtime_not_paid", clause, value=False)))
    payable_days, payable_steps = _payable_days(request, tables, days)
    rate = tables.services[request.level, Service.DOWNTIME]
    daily_rial = rate.value or 0
    amount_rial = payable_days * daily_rial
    inputs = {"days": payable_days}
    steps = (
        *run_steps,
        *payable_steps,
        Step("daily_rate", rate.clause, daily_rial, "rial_a_day"),
        Step("downtime_amount", tables.citations.downtime_rate, amount_rial, "rial", inputs),
    )
    result = CardDowntimeResult(
        edition=tables.edition,
        payable_days=payable_days,
        daily_rial=daily_rial,
        amount_rial=amount_rial,
        days=days,
    )
    threshold = tables.figures["downtime_above_hours"]
    days_left = max(0, payable_days - int(threshold.value / tables.figures["hours_of_a_day"].value))
    alternative_result = result.model_copy(
        update={"payable_days": days_left, "amount_rial": days_left * daily_rial}
    )
    return Answer(
        result,
        steps,
        (
            *calendar_notices(
                days, tables.citations.downtime_days, request_has_holidays=request.holidays is not None
            ),
            *_notices(request, tables),
        ),
        tuple(
            Alternative.where_different(DEDUCTED_HOURS_READING, threshold.clause, result, alternative_result)
        ),
    )


def _day_kind(request: CardDowntimeRequest, calendar: WorkCalendar, day: date) -> DayKind:
    """Return the kind of a day of the stay."""
    if day == request.admitted_on:
        return "admission"
    if day == request.released_on:
        return "release"
    if day > request.completed_on:
        return "after_completion"
    if request.papers_complete_on and day < request.papers_complete_on:
        return "before_papers"
    return "holiday" if calendar.holiday(day) else "counted"


def _day_clause(tables: CardTables, kind: DayKind) -> str:
    """Return the clause that governs days of a kind."""
    clauses: dict[DayKind, str] = {
        "after_completion": tables.citations.days_after_completion,
        "before_papers": tables.citations.days_before_documents,
        "holiday": tables.citations.downtime_holidays,
    }
    return clauses.get(kind, tables.citations.downtime_days)


def _refusals(request: CardDowntimeRequest, tables: CardTables) -> Iterator[tuple[Reason, str]]:
    """Yield the reasons for a refusal: those that the edition lists (7-2), then a stay too short (7-1)."""
    conditions: dict[DowntimeReason, bool] = {
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
    for reason, applies in conditions.items():
        if applies and (row := tables.downtime_refusals.get(reason)):
            yield reason, row.clause
    threshold = tables.figures["downtime_above_hours"]
    hours = request.stop_hours
    if hours is None:
        days = (request.completed_on - request.admitted_on).days
        hours = days * int(tables.figures["hours_of_a_day"].value)
    if hours <= threshold.value:
        yield "not_over_48_hours", threshold.clause


def _payable_days(
    request: CardDowntimeRequest, tables: CardTables, days: tuple[StayDay, ...]
) -> tuple[int, tuple[Step, ...]]:
    """Return the counted days less the owner's delay, at most the expert's time, and the working."""
    steps = []
    counted_days = sum(day.kind == "counted" for day in days)
    if request.owner_delay_days:
        steps.append(Step("owner_delay", tables.citations.owner_delay, -request.owner_delay_days, "day"))
    payable_days = max(0, counted_days - request.owner_delay_days)
    if request.expert_days is not None:
        steps.append(Step("expert_days", tables.citations.downtime_days, request.expert_days, "day"))
        payable_days = min(payable_days, request.expert_days)
    steps.append(Step("payable_days", tables.citations.downtime_days, payable_days, "day"))
    return payable_days, tuple(steps)


def _notices(request: CardDowntimeRequest, tables: CardTables) -> Iterator[Notice]:
    yield Notice("paid_to_the_registered_owner", tables.citations.downtime_payee)
    if request.released_on > request.completed_on:
        yield Notice("parking_is_yours", tables.citations.parking, "warning")
