"""What a buyer who withdraws gets beside the money back."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, Self

from pydantic import model_validator

from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.jalali import add_months
from logic.core.models import Count, Day, PositiveRial, Rate, Request, Result, RialSum, invalid
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT, half_up
from logic.sale.tables import NoRule, SaleTables, by_year, no_rule, sale_rules

READING = "A-20"


class WithdrawalInterestRequest(Request):
    """What was paid, the banks' one-year rate, the days, and the contract's own percent, if any."""

    paid_rial: PositiveRial
    one_year_deposit_percent: Rate
    contracted_on: Day
    withdrawn_on: Day
    repaid_after_days: Count = 0
    contract_percent: Rate | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.withdrawn_on < self.contracted_on:
            raise invalid("withdrawn_on", "before_start")
        return self


class WithdrawalInterestResult(Result):
    """The interest to the withdrawal, that for late repayment, and their sum without the principal."""

    edition: str | None
    reason: NoRule | Literal["before_one_month"] | None
    eligible: bool
    interest_rial: RialSum | None
    late_interest_rial: RialSum | None
    total_rial: RialSum | None


@calculator
def withdrawal_interest(request: WithdrawalInterestRequest) -> Answer[WithdrawalInterestResult]:
    """Interest from the contract to the withdrawal, from one month on (by-law of 1395, 4 and 7).

    The rate is the banks' one-year rate less three points, or the contract's where higher (A-20: three
    percent of the rate). The money is due within 20 days; from day 21 on interest goes on, also for those
    who withdrew before a month. By day, a year of 365. Rials, rounded half up, each once.
    """
    rules = sale_rules(request.contracted_on)
    if isinstance(rules, str):
        edition, step = no_rule(rules, request.contracted_on)
        nothing = WithdrawalInterestResult(
            edition=edition,
            reason=rules,
            eligible=False,
            interest_rial=None,
            late_interest_rial=None,
            total_rial=None,
        )
        return Answer(nothing, (step,))
    steps: list[Step] = []
    points = rules.figures["withdrawal_points"]
    least = max(Decimal(0), request.one_year_deposit_percent - points.value)
    result = _calculate(request, rules, least, steps)
    relative = request.one_year_deposit_percent * (HUNDRED_PERCENT - points.value) / HUNDRED_PERCENT
    other = _calculate(request, rules, relative, [])
    alternatives = Alternative.where_different(READING, points.clause, result, other)
    return Answer(result, tuple(steps), tuple(_notices(request, rules, result)), tuple(alternatives))


def _calculate(
    request: WithdrawalInterestRequest, rules: SaleTables, least: Decimal, steps: list[Step]
) -> WithdrawalInterestResult:
    month, due = rules.figures["withdrawal_months"], rules.figures["repayment_days"]
    rate = max(least, request.contract_percent or Decimal(0))
    first = add_months(request.contracted_on, int(month.value))
    eligible = request.withdrawn_on >= first
    steps.append(Step("withdrawal_from", month.clause, first, inputs={"eligible": eligible}))
    inputs = {"deposit_percent": request.one_year_deposit_percent}
    steps.append(Step("withdrawal_rate", rules.figures["withdrawal_points"].clause, rate, "percent", inputs))
    days = (request.withdrawn_on - request.contracted_on).days
    interest = by_year(rules, request.paid_rial, rate, days if eligible else 0)
    steps.append(Step("withdrawal_interest", month.clause, half_up(interest), "rial", {"days": days}))
    late_days = max(0, request.repaid_after_days - int(due.value))
    late = by_year(rules, request.paid_rial, rate, late_days)
    if late_days:
        steps.append(
            Step(
                "late_interest",
                rules.clauses["late_repayment"].clause,
                half_up(late),
                "rial",
                {"days": late_days},
            )
        )
    steps.append(Step("withdrawal_total", month.clause, half_up(interest + late), "rial"))
    return WithdrawalInterestResult(
        edition=rules.edition,
        reason=None if eligible else "before_one_month",
        eligible=eligible,
        interest_rial=half_up(interest),
        late_interest_rial=half_up(late),
        total_rial=half_up(interest + late),
    )


def _notices(
    request: WithdrawalInterestRequest, rules: SaleTables, result: WithdrawalInterestResult
) -> Iterator[Notice]:
    due = rules.figures["repayment_days"]
    yield Notice("money_back_within", due.clause, params={"days": int(due.value)})
    if result.late_interest_rial:
        late = {"days": request.repaid_after_days}
        yield Notice("repaid_late", rules.clauses["late_repayment"].clause, "warning", late)
