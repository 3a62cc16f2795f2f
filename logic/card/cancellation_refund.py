"""The refund for a cancelled subscription."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal, Self

from pydantic import model_validator

from logic.card.settlement import REFUNDS_AT_LEAST_ZERO, payment_steps
from logic.card.tables import CardTables, card_tables, no_edition
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Day, Flag, PositiveRial, Request, Result, Rial, invalid
from logic.core.registry import calculator
from logic.core.rounding import half_up, percent_of

STRAY_DAYS_READING = "A-8"

Kind = Literal["golden", "mobile"]
ObtainedFrom = Literal["company", "iran_khodro", "organisation"]
Reason = Literal["no_edition", "from_iran_khodro", "inactive", "open_work_order", "services_used"]


class CancellationRefundRequest(Request):
    """The list price, the amount paid, and the days used or the first day and the day of cancellation."""

    kind: Kind
    fee_rial: PositiveRial
    """List price of the subscription. Deductions are calculated from it, not from the amount paid."""
    paid_rial: Rial
    days_used: Count | None = None
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""
    on: Day | None = None
    periodic_services_rial: Rial = 0
    obtained_from: ObtainedFrom = "company"
    active: Flag = True
    open_work_order: Flag = False
    used_services: Flag = False

    @model_validator(mode="after")
    def _days_are_known_once(self) -> Self:
        dated = self.started_on is not None and self.on is not None
        if (self.days_used is None) != dated:
            raise invalid("days_used", "days_or_dates")
        if self.started_on and self.on and self.on < self.started_on:
            raise invalid("on", "before_start")
        return self

    @property
    def days(self) -> int:
        """The days used; the first day is day 0."""
        if self.started_on and self.on:
            return (self.on - self.started_on).days
        return self.days_used or 0


class CancellationRefundResult(Result):
    """Whether the cancellation is accepted, and the refund: null in a refusal, 0 if nothing is refunded."""

    edition: str | None
    accepted: bool = False
    reason: Reason | None = None
    refund_rial: Rial | None = None


@calculator
def cancellation_refund(request: CancellationRefundRequest) -> Answer[CancellationRefundResult]:
    """Return the refund for a cancellation: paid - (12 % of the fee + fee ÷ 365 × days used).

    Periodic services that were used are deducted from the refund of a golden card (3-4). A subscription
    bought by an organisation is not refunded (3-5). Rials, rounded half up, once; at least zero.
    The formula is printed with its parts reversed and two stray numbers; the alternative (A-8) adds the
    second number to the days. Source: part 5, clause 3 and the formula after it.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        result = CancellationRefundResult(edition=None, reason="no_edition")
        return Answer(result, (no_edition(request.started_on),))
    for reason, clause in _refusals(request, tables):
        result = CancellationRefundResult(edition=tables.edition, reason=reason)
        return Answer(result, (Step("cancellation_refused", clause, value=False, inputs={"why": reason}),))
    result, steps = _calculate(request, tables)
    stray_days = int(tables.figures["cancellation_stray_days"].value)
    alternative_result, _ = _calculate(request, tables, stray_days)
    clause = tables.citations.refund_formula
    return Answer(
        result,
        steps,
        tuple(_notices(request, tables, result)),
        tuple(Alternative.where_different(STRAY_DAYS_READING, clause, result, alternative_result)),
    )


def _refusals(request: CancellationRefundRequest, tables: CardTables) -> Iterator[tuple[Reason, str]]:
    """Yield the reasons for a refusal and their clauses, in the order of the booklet."""
    if request.obtained_from == "iran_khodro":
        yield "from_iran_khodro", tables.citations.cancellation_iran_khodro
    if not request.active:
        yield "inactive", tables.citations.cancellation_inactive
    if request.open_work_order:
        yield "open_work_order", tables.citations.cancellation_open_order
    if request.used_services:
        yield "services_used", tables.citations.refund_formula


def _calculate(
    request: CancellationRefundRequest, tables: CardTables, extra_days: int = 0
) -> tuple[CancellationRefundResult, tuple[Step, ...]]:
    """Return the refund and the working."""
    if request.obtained_from == "organisation":
        step = Step("refund_of_organisation", tables.citations.cancellation_organisation, 0, "rial")
        return _accepted(tables, 0), (step,)
    fee_percent, year_days = tables.figures["cancellation_percent"], tables.figures["subscription_days"]
    days = request.days + extra_days
    fixed_rial = percent_of(fee_percent.value, request.fee_rial)
    used_rial = Fraction(request.fee_rial * days, int(year_days.value))
    services_rial = request.periodic_services_rial if request.kind == "golden" else 0
    rest_rial = half_up(request.paid_rial - fixed_rial - used_rial - services_rial)
    inputs = {"fee_rial": request.fee_rial}
    steps = [
        Step(
            "cancellation_fixed",
            fee_percent.clause,
            half_up(fixed_rial),
            "rial",
            {**inputs, "percent": fee_percent.value},
        ),
        Step(
            "cancellation_by_day",
            tables.citations.refund_formula,
            half_up(used_rial),
            "rial",
            {**inputs, "days": days, "year": year_days.value},
        ),
    ]
    if services_rial:
        clause = tables.citations.cancellation_services
        steps.append(Step("cancellation_services", clause, services_rial, "rial"))
    refund_rial, last_steps = payment_steps(
        "cancellation_refund",
        tables.citations.refund_formula,
        rest_rial,
        {"paid_rial": request.paid_rial},
        floor_key=REFUNDS_AT_LEAST_ZERO,
    )
    return _accepted(tables, refund_rial), (*steps, *last_steps)


def _accepted(tables: CardTables, refund_rial: int) -> CancellationRefundResult:
    return CancellationRefundResult(edition=tables.edition, accepted=True, refund_rial=refund_rial)


def _notices(
    request: CancellationRefundRequest, tables: CardTables, result: CancellationRefundResult
) -> Iterator[Notice]:
    if request.obtained_from == "organisation":  # nothing is refunded, by no formula
        return
    yield Notice("refund_formula_damaged", tables.citations.refund_formula)
    if request.paid_rial < request.fee_rial:
        yield Notice("refund_counts_the_list_price", tables.citations.refund_formula, "warning")
    if result.refund_rial == 0:
        yield Notice("refund_used_up", tables.citations.refund_formula, "warning")


def refund_by_day(request: CancellationRefundRequest) -> list[tuple[int, int]]:
    """Return (days used, refund in rials) for each day of the subscription, for a chart."""
    tables = card_tables(request.started_on)
    if tables is None:
        return []
    undated = request.model_copy(update={"started_on": None, "on": None})
    last_day = int(tables.figures["subscription_days"].value)
    refunds = []
    for day in range(last_day + 1):
        result, _ = _calculate(undated.model_copy(update={"days_used": day}), tables)
        refunds.append((day, result.refund_rial or 0))
    return refunds
