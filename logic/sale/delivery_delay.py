"""What a late delivery brings the buyer."""

from fractions import Fraction
from typing import Self

from pydantic import model_validator

from logic.core.answer import Alternative, Answer, Step
from logic.core.models import Day, Days, PositiveRial, Rate, Request, Result, RialSum, invalid
from logic.core.registry import calculator
from logic.core.rounding import half_up
from logic.sale.tables import (
    Method,
    NoRule,
    SaleTables,
    by_month,
    by_month_of_a_year,
    by_year,
    method_row,
    no_rule,
    sale_rules,
)

READING = "A-20"


class DeliveryDelayRequest(Request):
    """The method, what was paid, the days late, and the contract's percent a year where profit is shared."""

    method: Method
    paid_rial: PositiveRial
    late_days: Days
    participation_percent: Rate | None = None
    on: Day | None = None

    @model_validator(mode="after")
    def _percent_where_profit_is_shared(self) -> Self:
        row = method_row(self.method, self.on)
        if row.participation and self.participation_percent is None:
            raise invalid("participation_percent", "required")
        return self


class DeliveryDelayResult(Result):
    """The compensation in rials, and how much of it is the profit that goes on."""

    edition: str | None
    reason: NoRule | None
    amount_rial: RialSum | None
    profit_rial: RialSum | None


@calculator
def delivery_delay(request: DeliveryDelayRequest) -> Answer[DeliveryDelayResult]:
    """The monthly rate by day on what was paid (by-law of 1395, 4 and 7, note 1), and profit going on.

    A month has 30 days, a year 365; A-20 also divides twelve months by 365. Rials, rounded half up, once.
    """
    rules = sale_rules(request.on)
    if isinstance(rules, str):
        edition, step = no_rule(rules, request.on)
        nothing = DeliveryDelayResult(edition=edition, reason=rules, amount_rial=None, profit_rial=None)
        return Answer(nothing, (step,))
    row, by_day = rules.methods[request.method], rules.figures["month_days"].clause
    paid, days = request.paid_rial, request.late_days
    late = by_month(rules, paid, row.late_percent_a_month, days)
    profit = _profit(request, rules) if row.participation else Fraction(0)
    steps = [
        Step("late_percent", row.clause, row.late_percent_a_month, "percent", {"method": request.method}),
        Step("late_rial", by_day, half_up(late), "rial", {"paid_rial": paid, "days": days}),
    ]
    if row.participation:
        inputs = {"percent": request.participation_percent}
        steps.append(Step("profit_goes_on", row.clause, half_up(profit), "rial", inputs))
    steps.append(Step("delay_amount", rules.clauses["late_delivery"].clause, half_up(late + profit), "rial"))

    def settled(late: Fraction) -> DeliveryDelayResult:
        return DeliveryDelayResult(
            edition=rules.edition,
            reason=None,
            amount_rial=half_up(late + profit),
            profit_rial=half_up(profit),
        )

    result = settled(late)
    other = settled(by_month_of_a_year(rules, paid, row.late_percent_a_month, days))
    alternatives = Alternative.where_different(READING, by_day, result, other)
    return Answer(result, tuple(steps), (), tuple(alternatives))


def _profit(request: DeliveryDelayRequest, rules: SaleTables) -> Fraction:
    percent = request.participation_percent
    assert percent is not None  # noqa: S101 - the request asks for it
    return by_year(rules, request.paid_rial, percent, request.late_days)
