"""Whether the delivery, advance and car of a sale follow the rules."""

from dataclasses import dataclass
from typing import Self

from pydantic import model_validator

from logic.core.answer import Answer, Notice, Step
from logic.core.models import Count, Day, Days, Flag, Km, PositiveRial, Request, Result, Rial
from logic.core.registry import calculator
from logic.core.rounding import percent_of
from logic.sale.tables import (
    Method,
    MethodRow,
    NoRulesReason,
    PriceBasis,
    SaleTables,
    method_row,
    no_rules_step,
    sale_rules,
)


class SaleTermsRequest(Request):
    """A method of sale and the terms of the contract; the delivery is given in days, months or both."""

    method: Method
    imported: Flag = False
    delivery_days: Days | None = None
    delivery_months: Count | None = None
    cash_price_rial: PositiveRial | None = None
    advance_rial: Rial | None = None
    odometer_km: Km | None = None
    on: Day | None = None
    """Selects the edition."""

    @model_validator(mode="after")
    def _check_method(self) -> Self:
        method_row(self.method, self.on)
        return self


class SaleTermsResult(Result):
    """What is allowed; null if the request does not give the term or no rule is printed."""

    edition: str | None
    reason: NoRulesReason | None = None
    delivery_allowed: bool | None = None
    limit_days: int | None = None
    limit_months: int | None = None
    advance_allowed: bool | None = None
    max_advance_rial: Rial | None = None
    is_new: bool | None = None
    price_basis: PriceBasis | None = None


@dataclass(frozen=True)
class _AdvanceCheck:
    """Whether the advance is allowed, and the highest one; None without pre-sale or price."""

    allowed: bool | None = None
    max_rial: int | None = None
    steps: tuple[Step, ...] = ()


@calculator
def sale_terms(request: SaleTermsRequest) -> Answer[SaleTermsResult]:
    """Return whether delivery time, advance and odometer are within the limits of a sale.

    The limits themselves are allowed. Days are compared with days and months with months. The highest
    advance of a pre-sale is half the cash price.

    Rounding: the highest advance is rounded down to whole rials, because a rial more is not allowed.
    Not covered: the licence for pre-sale (article 5).
    Source: by-law of 1395, articles 2 and 4.
    """
    rules = sale_rules(request.on)
    if isinstance(rules, str):
        edition, step = no_rules_step(rules, request.on)
        no_result = SaleTermsResult(
            edition=edition,
            reason=rules,
        )
        return Answer(no_result, (step,))
    row = rules.methods[request.method]
    limit_days, limit_months = _delivery_limits(request, row)
    steps = [Step("delivery_limit", row.clause, limit_days, "day", {"method": request.method})]
    delivery_allowed = _is_delivery_allowed(request, limit_days, limit_months)
    if delivery_allowed is not None:
        steps.append(Step("delivery_allowed", row.clause, delivery_allowed))
    advance = _check_advance(request, row, rules)
    steps += advance.steps
    is_new = None
    if request.odometer_km is not None:
        new_car_limit = rules.figures["new_car_km"]
        is_new = request.odometer_km <= new_car_limit.value
        inputs = {"odometer_km": request.odometer_km, "limit_km": int(new_car_limit.value)}
        steps.append(Step("is_new", new_car_limit.clause, is_new, inputs=inputs))
    result = SaleTermsResult(
        edition=rules.edition,
        delivery_allowed=delivery_allowed,
        limit_days=limit_days,
        limit_months=limit_months,
        advance_allowed=advance.allowed,
        max_advance_rial=advance.max_rial,
        is_new=is_new,
        price_basis=row.price_basis,
    )
    notices = [Notice("immediate_without_arrears", row.clause)] if row.without_arrears else []
    return Answer(result, tuple(steps), tuple(notices))


def _delivery_limits(request: SaleTermsRequest, row: MethodRow) -> tuple[int, int]:
    """Return the longest delivery in days and in months."""
    if request.imported and row.imported_limit_days and row.imported_limit_months:
        return row.imported_limit_days, row.imported_limit_months
    return row.limit_days, row.limit_months


def _is_delivery_allowed(request: SaleTermsRequest, limit_days: int, limit_months: int) -> bool | None:
    """Return whether the delivery is within its limits, or None if the request gives none."""
    checks = []
    if request.delivery_days is not None:
        checks.append(request.delivery_days <= limit_days)
    if request.delivery_months is not None:
        checks.append(request.delivery_months <= limit_months)
    return all(checks) if checks else None


def _check_advance(request: SaleTermsRequest, row: MethodRow, rules: SaleTables) -> _AdvanceCheck:
    """Compare the advance of a pre-sale with the highest one."""
    if not row.presale or request.cash_price_rial is None:
        return _AdvanceCheck()
    percent = rules.figures["advance_percent"]
    max_advance = int(percent_of(percent.value, request.cash_price_rial))
    limit_step = Step("max_advance", percent.clause, max_advance, "rial", {"percent": percent.value})
    if request.advance_rial is None:
        return _AdvanceCheck(None, max_advance, (limit_step,))
    allowed = request.advance_rial <= max_advance
    allowed_step = Step("advance_allowed", percent.clause, allowed)
    return _AdvanceCheck(allowed, max_advance, (limit_step, allowed_step))
