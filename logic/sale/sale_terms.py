"""Whether a sale's delivery, advance and car keep to the rules."""

from typing import Self

from pydantic import model_validator

from logic.core.answer import Answer, Notice, Step
from logic.core.models import Count, Day, Days, Flag, Km, PositiveRial, Request, Result, Rial
from logic.core.registry import calculator
from logic.core.rounding import percent_of
from logic.sale.tables import (
    Method,
    MethodRow,
    NoRule,
    PriceBasis,
    SaleTables,
    method_row,
    no_rule,
    sale_rules,
)


class SaleTermsRequest(Request):
    """The method of sale and what the contract says; days and months of delivery either way."""

    method: Method
    imported: Flag = False
    delivery_days: Days | None = None
    delivery_months: Count | None = None
    cash_price_rial: PositiveRial | None = None
    advance_rial: Rial | None = None
    odometer_km: Km | None = None
    on: Day | None = None

    @model_validator(mode="after")
    def _method_of_the_by_law(self) -> Self:
        method_row(self.method, self.on)
        return self


class SaleTermsResult(Result):
    """What is allowed; null where nothing was asked or no rule is printed."""

    edition: str | None
    reason: NoRule | None
    delivery_allowed: bool | None
    limit_days: int | None
    limit_months: int | None
    advance_allowed: bool | None
    max_advance_rial: Rial | None
    is_new: bool | None
    price_basis: PriceBasis | None


@calculator
def sale_terms(request: SaleTermsRequest) -> Answer[SaleTermsResult]:
    """The longest delivery, the highest advance (half the cash price) and what a new car is (2 and 4).

    Limits are allowed themselves; months and days are each compared in their own unit. The highest advance is
    whole rials, rounded down, because a rial more is not allowed. Left out: the licence for pre-sale (5).
    """
    rules = sale_rules(request.on)
    if isinstance(rules, str):
        edition, step = no_rule(rules, request.on)
        nothing = SaleTermsResult(
            edition=edition,
            reason=rules,
            delivery_allowed=None,
            limit_days=None,
            limit_months=None,
            advance_allowed=None,
            max_advance_rial=None,
            is_new=None,
            price_basis=None,
        )
        return Answer(nothing, (step,))
    row = rules.methods[request.method]
    steps: list[Step] = []
    days, months = _limits(request, row)
    steps.append(Step("delivery_limit", row.clause, days, "day", {"method": request.method}))
    allowed = _delivery(request, days, months)
    if allowed is not None:
        steps.append(Step("delivery_allowed", row.clause, allowed))
    advance, highest = _advance(request, row, rules, steps)
    is_new = None
    if request.odometer_km is not None:
        limit = rules.figures["new_car_km"]
        is_new = request.odometer_km <= limit.value
        inputs = {"odometer_km": request.odometer_km, "limit_km": int(limit.value)}
        steps.append(Step("is_new", limit.clause, is_new, inputs=inputs))
    result = SaleTermsResult(
        edition=rules.edition,
        reason=None,
        delivery_allowed=allowed,
        limit_days=days,
        limit_months=months,
        advance_allowed=advance,
        max_advance_rial=highest,
        is_new=is_new,
        price_basis=row.price_basis,
    )
    notices = [Notice("immediate_without_arrears", row.clause)] if row.without_arrears else []
    return Answer(result, tuple(steps), tuple(notices))


def _limits(request: SaleTermsRequest, row: MethodRow) -> tuple[int, int]:
    if request.imported and row.imported_limit_days and row.imported_limit_months:
        return row.imported_limit_days, row.imported_limit_months
    return row.limit_days, row.limit_months


def _delivery(request: SaleTermsRequest, days: int, months: int) -> bool | None:
    asked = []
    if request.delivery_days is not None:
        asked.append(request.delivery_days <= days)
    if request.delivery_months is not None:
        asked.append(request.delivery_months <= months)
    return all(asked) if asked else None


def _advance(
    request: SaleTermsRequest, row: MethodRow, rules: SaleTables, steps: list[Step]
) -> tuple[bool | None, int | None]:
    """Whether the advance is allowed and the highest one; null outside pre-sale and without a price."""
    if not row.presale or request.cash_price_rial is None:
        return None, None
    percent = rules.figures["advance_percent"]
    highest = int(percent_of(percent.value, request.cash_price_rial))
    steps.append(Step("max_advance", percent.clause, highest, "rial", {"percent": percent.value}))
    if request.advance_rial is None:
        return None, highest
    allowed = request.advance_rial <= highest
    steps.append(Step("advance_allowed", percent.clause, allowed))
    return allowed, highest
