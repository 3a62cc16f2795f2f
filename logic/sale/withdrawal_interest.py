"""Interest for a buyer who withdraws from a contract."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, Self

from pydantic import model_validator

from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.jalali import add_months
from logic.core.models import Count, Day, PositiveRial, Rate, Request, Result, RialSum, invalid
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT, half_up
from logic.sale.tables import NoRulesReason, SaleTables, accrued_by_year, no_rules_step, sale_rules

READING = "A-20"


class WithdrawalInterestRequest(Request):
    """The amount paid, the banks' one-year rate, the days, and the contract's percent, if any."""

    paid_rial: PositiveRial
    one_year_deposit_percent: Rate
    contracted_on: Day
    """Selects the edition."""
    withdrawn_on: Day
    repaid_after_days: Count = 0
    contract_percent: Rate | None = None

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        if self.withdrawn_on < self.contracted_on:
            raise invalid("withdrawn_on", "before_start")
        return self


class WithdrawalInterestResult(Result):
    """The interest until the withdrawal, that for late repayment, and their sum without the principal."""

    edition: str | None
    reason: NoRulesReason | Literal["before_one_month"] | None = None
    eligible: bool = False
    interest_rial: RialSum | None = None
    late_interest_rial: RialSum | None = None
    total_rial: RialSum | None = None


@calculator
def withdrawal_interest(request: WithdrawalInterestRequest) -> Answer[WithdrawalInterestResult]:
    """Return the interest for a buyer who withdraws one month or more after the contract.

    The rate is the banks' one-year rate less three percentage points, or the contract's if that is higher;
    the other reading takes off three percent of the rate (A-20). The money is due within 20 days; from day
    21 on it bears interest again, even if the buyer withdrew within a month. A year has 365 days.

    Rounding: each amount to whole rials, half up, once.
    Source: by-law of 1395, articles 4 and 7.
    """
    rules = sale_rules(request.contracted_on)
    if isinstance(rules, str):
        edition, step = no_rules_step(rules, request.contracted_on)
        no_result = WithdrawalInterestResult(
            edition=edition,
            reason=rules,
        )
        return Answer(no_result, (step,))
    points = rules.figures["withdrawal_points"]
    reduced_percent = max(Decimal(0), request.one_year_deposit_percent - points.value)
    result, steps = _calculate(request, rules, reduced_percent)
    relative_percent = request.one_year_deposit_percent * (HUNDRED_PERCENT - points.value) / HUNDRED_PERCENT
    other, _ = _calculate(request, rules, relative_percent)
    alternatives = Alternative.where_different(READING, points.clause, result, other)
    return Answer(result, steps, tuple(_notices(request, rules, result)), tuple(alternatives))


def _calculate(
    request: WithdrawalInterestRequest, rules: SaleTables, reduced_percent: Decimal
) -> tuple[WithdrawalInterestResult, tuple[Step, ...]]:
    """Return the interest at a reduced rate, or at the contract's if that is higher, and the working."""
    min_months, repayment_days = rules.figures["withdrawal_months"], rules.figures["repayment_days"]
    percent = max(reduced_percent, request.contract_percent or Decimal(0))
    eligible_from = add_months(request.contracted_on, int(min_months.value))
    eligible = request.withdrawn_on >= eligible_from
    inputs = {"deposit_percent": request.one_year_deposit_percent}
    days = (request.withdrawn_on - request.contracted_on).days
    interest = accrued_by_year(rules, request.paid_rial, percent, days if eligible else 0)
    steps = [
        Step("withdrawal_from", min_months.clause, eligible_from, inputs={"eligible": eligible}),
        Step("withdrawal_rate", rules.figures["withdrawal_points"].clause, percent, "percent", inputs),
        Step("withdrawal_interest", min_months.clause, half_up(interest), "rial", {"days": days}),
    ]
    late_days = max(0, request.repaid_after_days - int(repayment_days.value))
    late_interest = accrued_by_year(rules, request.paid_rial, percent, late_days)
    if late_days:
        steps.append(
            Step(
                "late_interest",
                rules.clauses["late_repayment"].clause,
                half_up(late_interest),
                "rial",
                {"days": late_days},
            )
        )
    steps.append(Step("withdrawal_total", min_months.clause, half_up(interest + late_interest), "rial"))
    result = WithdrawalInterestResult(
        edition=rules.edition,
        reason=None if eligible else "before_one_month",
        eligible=eligible,
        interest_rial=half_up(interest),
        late_interest_rial=half_up(late_interest),
        total_rial=half_up(interest + late_interest),
    )
    return result, tuple(steps)


def _notices(
    request: WithdrawalInterestRequest, rules: SaleTables, result: WithdrawalInterestResult
) -> Iterator[Notice]:
    repayment_days = rules.figures["repayment_days"]
    yield Notice("money_back_within", repayment_days.clause, params={"days": int(repayment_days.value)})
    if result.late_interest_rial:
        params = {"days": request.repaid_after_days}
        yield Notice("repaid_late", rules.clauses["late_repayment"].clause, "warning", params)
    parts_rial = (result.interest_rial or 0) + (result.late_interest_rial or 0)
    if parts_rial != result.total_rial:
        yield Notice("total_is_rounded_once", rules.figures["withdrawal_points"].clause)
