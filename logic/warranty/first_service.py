"""Whether the first service was done in time and keeps the warranty."""

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
    """The maker, the first day of the warranty, and the day and odometer of the service."""

    maker: Maker
    started_on: Day
    """First day of the warranty; it selects the edition."""
    on: Day
    odometer_km: Km

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        if self.on < self.started_on:
            raise invalid("on", "before_start")
        return self


class FirstServiceResult(Result):
    """Whether the service is valid, and its window in km and time."""

    edition: str
    valid: bool = False
    reason: Reason | None = None
    opens_at_km: Km
    closes_at_km: Km
    closes_on: JalaliText


@calculator
def first_service(request: FirstServiceRequest) -> Answer[FirstServiceResult]:
    """Return whether a first service was done in its window: MVM FX 1,000-5,000 km, Bahman 500-1,500 km.

    The limits belong to the window. Months end on the same day of the month.

    Both km limits apply to a service that was done (A-14). Bahman's km range and six months both apply; if
    they are read as whichever comes first, a car that is used little may be serviced below the range within
    the six months (A-16).

    Not covered: what the service includes, and that only authorised dealers may do it.
    """
    tables = maker_tables(request.maker, request.started_on)
    row = tables.first_service
    last_day = first_service_deadline(request.maker, request.started_on)
    reason: Reason | None = None
    if request.odometer_km < row.opens_km:
        reason = "before_window"
    elif request.odometer_km > row.closes_km:
        reason = "above_window"
    elif request.on > last_day:
        reason = "too_late"
    inputs = {"from_km": row.opens_km, "to_km": row.closes_km, "odometer_km": request.odometer_km}
    steps = (
        Step(
            "first_service_km",
            row.clause,
            row.opens_km <= request.odometer_km <= row.closes_km,
            inputs=inputs,
        ),
        Step("first_service_until", row.clause, last_day, inputs={"months": row.months}),
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
        closes_on=last_day,
    )
    alternatives: list[Alternative] = []
    if row.whichever_first and reason == "before_window" and request.on <= last_day:
        valid_result = result.model_copy(update={"valid": True, "reason": None})
        alternatives += Alternative.where_different("A-16", row.clause, result, valid_result)
    return Answer(result, steps, tuple(notices), tuple(alternatives))


def first_service_deadline(maker: Maker, started_on: date) -> date:
    """Return the last day on which the first service may be done."""
    return add_months(started_on, maker_tables(maker, started_on).first_service.months)
