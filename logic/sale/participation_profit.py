"""The participation profit on money paid in advance."""

from typing import Literal, Self

from pydantic import model_validator

from logic.core.answer import Answer, Notice, Step
from logic.core.models import Day, Days, PositiveRial, Rate, Request, Result, RialSum
from logic.core.registry import calculator
from logic.core.rounding import half_up
from logic.sale.tables import Method, NoRulesReason, accrued_by_year, method_row, no_rules_step, sale_rules


class ParticipationProfitRequest(Request):
    """A method of sale, the amount paid, the contract's percent a year and the days until delivery is due."""

    method: Method
    paid_rial: PositiveRial
    annual_percent: Rate
    days: Days
    on: Day | None = None
    """Selects the edition."""

    @model_validator(mode="after")
    def _check_method(self) -> Self:
        method_row(self.method, self.on)
        return self


class ParticipationProfitResult(Result):
    """The profit in rials; null if the method has none."""

    edition: str | None
    reason: NoRulesReason | Literal["no_participation"] | None = None
    amount_rial: RialSum | None = None


@calculator
def participation_profit(request: ParticipationProfitRequest) -> Answer[ParticipationProfitResult]:
    """Return the profit on money paid in advance: amount × percent a year × days ÷ 365.

    Rounding: whole rials, half up, once.
    Not covered: the minimum percent, which depends on the banks' deposit rates.
    Source: by-law of 1395, article 7.
    """
    rules = sale_rules(request.on)
    if isinstance(rules, str):
        edition, step = no_rules_step(rules, request.on)
        return Answer(ParticipationProfitResult(edition=edition, reason=rules), (step,))
    row = rules.methods[request.method]
    if not row.participation:
        step = Step("no_participation", row.clause, value=False, inputs={"method": request.method})
        no_result = ParticipationProfitResult(edition=rules.edition, reason="no_participation")
        return Answer(no_result, (step,))
    amount = half_up(accrued_by_year(rules, request.paid_rial, request.annual_percent, request.days))
    inputs = {"paid_rial": request.paid_rial, "days": request.days}
    steps = (
        Step("annual_percent", row.clause, request.annual_percent, "percent"),
        Step("participation_profit", rules.clauses["profit"].clause, amount, "rial", inputs),
    )
    result = ParticipationProfitResult(edition=rules.edition, amount_rial=amount)
    return Answer(result, steps, (Notice("least_profit_is_the_banks", row.clause),))
