"""Compensation of a buyer for late delivery."""

from fractions import Fraction
from typing import Self

from pydantic import model_validator

from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Day, Days, PositiveRial, Rate, Request, Result, RialSum, invalid
from logic.core.registry import calculator
from logic.core.rounding import half_up
from logic.sale.tables import (
    Method,
    NoRulesReason,
    SaleTables,
    accrued_by_month,
    accrued_by_twelfth_of_year,
    accrued_by_year,
    method_row,
    no_rules_step,
    sale_rules,
)

READING = "A-20"


class DeliveryDelayRequest(Request):
    """A method of sale, the amount paid and the days of delay.

    A method with participation needs the contract's percent a year.
    """

    method: Method
    paid_rial: PositiveRial
    late_days: Days
    participation_percent: Rate | None = None
    on: Day | None = None
    """Selects the edition."""

    @model_validator(mode="after")
    def _check_percent(self) -> Self:
        row = method_row(self.method, self.on)
        if row.participation and self.participation_percent is None:
            raise invalid("participation_percent", "required")
        return self


class DeliveryDelayResult(Result):
    """The compensation in rials, and how much of it is continued participation profit."""

    edition: str | None
    reason: NoRulesReason | None = None
    amount_rial: RialSum | None = None
    profit_rial: RialSum | None = None


@calculator
def delivery_delay(request: DeliveryDelayRequest) -> Answer[DeliveryDelayResult]:
    """Return the compensation for late delivery: a monthly rate on the amount paid, by day.

    Methods with participation also continue to pay the profit. A month has 30 days, a year 365; the other
    reading divides twelve monthly rates by 365 days (A-20).

    Rounding: whole rials, half up, once.
    Source: by-law of 1395, articles 4 and 7, note 1.
    """
    rules = sale_rules(request.on)
    if isinstance(rules, str):
        edition, step = no_rules_step(rules, request.on)
        no_result = DeliveryDelayResult(edition=edition, reason=rules)
        return Answer(no_result, (step,))
    row, month_clause = rules.methods[request.method], rules.figures["month_days"].clause
    paid, days = request.paid_rial, request.late_days
    late_amount = accrued_by_month(rules, paid, row.late_percent_a_month, days)
    profit = _profit(request, rules) if row.participation else Fraction(0)
    steps = [
        Step("late_percent", row.clause, row.late_percent_a_month, "percent", {"method": request.method}),
        Step("late_rial", month_clause, half_up(late_amount), "rial", {"paid_rial": paid, "days": days}),
    ]
    if row.participation:
        inputs = {"percent": request.participation_percent}
        steps.append(Step("profit_goes_on", row.clause, half_up(profit), "rial", inputs))
    steps.append(
        Step("delay_amount", rules.clauses["late_delivery"].clause, half_up(late_amount + profit), "rial")
    )

    def result_for(late_amount: Fraction) -> DeliveryDelayResult:
        return DeliveryDelayResult(
            edition=rules.edition,
            amount_rial=half_up(late_amount + profit),
            profit_rial=half_up(profit),
        )

    result = result_for(late_amount)
    other = result_for(accrued_by_twelfth_of_year(rules, paid, row.late_percent_a_month, days))
    alternatives = Alternative.where_different(READING, month_clause, result, other)
    is_sum = half_up(late_amount) + half_up(profit) == result.amount_rial
    notices = () if is_sum else (Notice("total_is_rounded_once", rules.clauses["late_delivery"].clause),)
    return Answer(result, tuple(steps), notices, tuple(alternatives))


def _profit(request: DeliveryDelayRequest, rules: SaleTables) -> Fraction:
    percent = request.participation_percent
    assert percent is not None  # noqa: S101 - the request is validated
    return accrued_by_year(rules, request.paid_rial, percent, request.late_days)
