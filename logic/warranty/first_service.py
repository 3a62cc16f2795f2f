"""Whether a first service kept the guarantee."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from logic.consumer_law.bylaw_in_force import bylaw_clause
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.jalali import add_months
from logic.core.models import Day, JalaliText, Km, Request, Result, invalid
from logic.core.registry import calculator
from logic.warranty.tables import Maker, maker_tables

Reason = Literal["before_window", "above_window", "too_late"]


class FirstServiceRequest(Request):
    """The maker, the first day of the guarantee, and day and km of the service."""

    maker: Maker
    started_on: Day
    on: Day
    odometer_km: Km

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.on < self.started_on:
            raise invalid("on", "before_start")
        return self


class FirstServiceResult(Result):
    """Valid or not, and the window in km and time."""

    edition: str
    valid: bool
    reason: Reason | None
    opens_at_km: Km
    closes_at_km: Km
    closes_on: JalaliText


@calculator
def first_service(request: FirstServiceRequest) -> Answer[FirstServiceResult]:
    """Whether the first service lay in its window: MVM FX 1,000-5,000 km, Bahman 500-1,500.

    All limits are part of the window; months end on the same day of the month. A-14: for a service that was
    done both limits in km count. A-16: Bahman's range and six months are both limits; read as whichever comes
    first, a little-used car may come below the range when its months end. Left out: what is checked, and who
    may do it (authorised dealers alone).
    """
    tables = maker_tables(request.maker, request.started_on)
    row = tables.first_service
    closes = closes_on(request.maker, request.started_on)
    reason: Reason | None = None
    if request.odometer_km < row.opens_km:
        reason = "before_window"
    elif request.odometer_km > row.closes_km:
        reason = "above_window"
    elif request.on > closes:
        reason = "too_late"
    km = {"from_km": row.opens_km, "to_km": row.closes_km, "odometer_km": request.odometer_km}
    steps = (
        Step("first_service_km", row.clause, row.opens_km <= request.odometer_km <= row.closes_km, inputs=km),
        Step("first_service_until", row.clause, closes, inputs={"months": row.months}),
        Step("first_service_valid", row.clause, reason is None),
    )
    notices = [Notice("little_used_car", row.clause, "warning")] if reason == "before_window" else []
    if reason:
        notices.append(
            Notice("law_voids_related_parts_only", bylaw_clause("missed_service", request.on), "warning")
        )
    result = FirstServiceResult(
        edition=tables.edition,
        valid=reason is None,
        reason=reason,
        opens_at_km=row.opens_km,
        closes_at_km=row.closes_km,
        closes_on=closes,
    )
    alternatives: list[Alternative] = []
    if row.whichever_first and reason == "before_window" and request.on <= closes:
        in_time = result.model_copy(update={"valid": True, "reason": None})
        alternatives += Alternative.where_different("A-16", row.clause, result, in_time)
    return Answer(result, steps, tuple(notices), tuple(alternatives))


def closes_on(maker: Maker, started_on: date) -> date:
    """The last day of the first service."""
    return add_months(started_on, maker_tables(maker, started_on).first_service.months)
