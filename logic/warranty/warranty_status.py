"""Whether a car is still under warranty, for how long, and what events have voided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from logic.consumer_law.act import act_tables
from logic.consumer_law.bylaw_in_force import bylaw_clause
from logic.consumer_law.minimum_warranty import LIGHT_VEHICLE_CLASS, legal_minimum_for
from logic.core.answer import Alternative, Answer, Notice, Step, Value
from logic.core.jalali import add_months
from logic.core.models import (
    AtMost,
    Count,
    Day,
    JalaliText,
    Km,
    Known,
    Request,
    Result,
    invalid,
    require_in_edition,
)
from logic.core.registry import calculator
from logic.warranty.first_service import (
    FirstServiceRequest,
    FirstServiceResult,
    first_service,
    first_service_deadline,
)
from logic.warranty.tables import (
    FIRST_SERVICE_MISSED,
    SCOPES,
    Maker,
    MakerTables,
    Scope,
    maker_editions,
    maker_tables,
    warranty_events,
)

Status = Literal["valid", "partly_void", "void", "expired"]
Reason = Literal["months_over", "km_over"]
Event = Annotated[str, Known(warranty_events, lists_ids=True)]


class WarrantyStatusRequest(Request):
    """The first day of the warranty, the day of the request, the odometer and the events since."""

    maker: Maker
    started_on: Day
    """First day of the warranty; it selects the edition."""
    on: Day
    odometer_km: Km
    first_service_on: Day | None = None
    first_service_km: Km | None = None
    events: Annotated[tuple[Event, ...], AtMost(warranty_events)] = ()
    warranty_months: Count | None = Field(None, gt=0)
    """Bahman's period, which its page no longer prints; the default is the legal minimum."""
    warranty_km: Km | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _check_days_and_events(self) -> Self:
        if self.on < self.started_on:
            raise invalid("on", "before_start")
        if self.first_service_on and self.first_service_on < self.started_on:
            raise invalid("first_service_on", "before_start")
        if self.first_service_on and self.first_service_on > self.on:
            raise invalid("first_service_on", "service_after_on")
        if self.first_service_km is not None and self.first_service_km > self.odometer_km:
            raise invalid("first_service_km", "service_above_odometer")
        events = maker_tables(self.maker, self.started_on).events
        for event in self.events:
            if not any(event in tables.events for tables in maker_editions(self.maker)):
                raise invalid("events", "not_of_this_maker")
            require_in_edition("events", event, events)
        return self


class WarrantyStatusResult(Result):
    """The status, what is void, the days and km left, and the warranty period."""

    edition: str
    status: Status
    scope: Scope
    limit_months: int | None = None
    limit_km: int | None = None
    ends_on: JalaliText | None = None
    days_left: int | None = None
    km_left: int | None = None
    reasons: tuple[Reason | Event, ...] = ()


@dataclass(frozen=True, slots=True)
class _Period:
    """The length of the warranty and the clause that prints it."""

    months: int | None
    km: int | None
    clause: str
    is_legal_minimum: bool = False


@calculator
def warranty_status(request: WarrantyStatusRequest) -> Answer[WarrantyStatusResult]:
    """Return whether a car is under warranty by time, km and events; the limit reached first ends it.

    Void takes precedence over expired, and expired over partly void. Of several scopes the widest applies.
    A first service that is not given is unknown, never missed. Bahman's period is the one given, else the
    legal minimum of the first day; before the act there is none.

    Readings: a first service below its km range voids only when the window closes without another one
    (A-14); at Bahman, one within the months may be valid (A-16); the warranty ends on reaching a limit, or
    includes it (A-21); by article 14 of the by-law, a missed service voids only its assemblies (A-26).

    Not covered: parts with limits of their own (part_warranty) and days added after a stay in the workshop
    (stop_extension).
    """
    tables = maker_tables(request.maker, request.started_on)
    period = _period(request, tables)
    events = [*_events(request, tables)]
    result, steps = _calculate(request, tables, period, events)
    inclusive, _ = _calculate(request, tables, period, events, inclusive=True)
    alternatives = Alternative.where_different("A-21", period.clause, result, inclusive)
    if _can_be_repeated(request, tables):
        with_missed = {*events, FIRST_SERVICE_MISSED}
        ordered = [event for event in tables.events if event in with_missed]
        missed, _ = _calculate(request, tables, period, ordered)
        alternatives += Alternative.where_different("A-14", tables.first_service.void_clause, result, missed)
    elif _first_service(request, tables).alternatives and FIRST_SERVICE_MISSED not in request.events:
        other_events = [event for event in events if event != FIRST_SERVICE_MISSED]
        in_time, _ = _calculate(request, tables, period, other_events)
        alternatives += Alternative.where_different("A-16", tables.first_service.clause, result, in_time)
    consequences = [event for event in events if tables.events[event].only_the_consequence]
    if consequences:
        wholly, _ = _calculate(request, tables, period, events, consequences_void_all=True)
        clause = tables.events[consequences[0]].clause
        alternatives += Alternative.where_different("A-16", clause, result, wholly)
    if any(tables.events[event].concerns == "service" for event in events):
        by_law, _ = _calculate(request, tables, period, events, services_void_related=True)
        alternatives += Alternative.where_different(
            "A-26", bylaw_clause("missed_service", request.on), result, by_law
        )
    return Answer(result, steps, tuple(_notices(request, tables, period, events)), tuple(alternatives))


def _period(request: WarrantyStatusRequest, tables: MakerTables) -> _Period:
    terms = tables.terms
    if terms.months and terms.km:
        return _Period(terms.months, terms.km, terms.clause)
    months, km = request.warranty_months, request.warranty_km
    legal_minimum = legal_minimum_for(LIGHT_VEHICLE_CLASS, request.started_on)
    if legal_minimum is None or (months and km):
        return _Period(months, km, terms.clause)
    return _Period(
        months or legal_minimum.months, km or legal_minimum.km, legal_minimum.clause, is_legal_minimum=True
    )


def _events(request: WarrantyStatusRequest, tables: MakerTables) -> Iterator[str]:
    """Yield the events in the booklet's order, with FIRST_SERVICE_MISSED if it can no longer be done."""
    events = set(request.events)
    if not _first_service(request, tables).result.valid and not _can_be_repeated(request, tables):
        events.add(FIRST_SERVICE_MISSED)
    yield from (event for event in tables.events if event in events)


def _first_service(request: WarrantyStatusRequest, tables: MakerTables) -> Answer[FirstServiceResult]:
    """Return whether the first service was valid; a day or km that is not given counts as in the window."""
    day, km = request.first_service_on, request.first_service_km
    return first_service(
        FirstServiceRequest(
            maker=request.maker,
            started_on=request.started_on,
            on=request.started_on if day is None else day,
            odometer_km=tables.first_service.opens_km if km is None else km,
        )
    )


def _can_be_repeated(request: WarrantyStatusRequest, tables: MakerTables) -> bool:
    """Return whether the first service was done too early and its window is still open (A-14)."""
    is_early = _first_service(request, tables).result.reason == "before_window"
    return is_early and FIRST_SERVICE_MISSED not in request.events and _is_window_open(request, tables)


def _is_window_open(request: WarrantyStatusRequest, tables: MakerTables) -> bool:
    """Return whether a first service could still be done on the day of the request."""
    in_time = request.on <= first_service_deadline(request.maker, request.started_on)
    return in_time and request.odometer_km <= tables.first_service.closes_km


def _calculate(
    request: WarrantyStatusRequest,
    tables: MakerTables,
    period: _Period,
    events: Sequence[str],
    *,
    inclusive: bool = False,
    services_void_related: bool = False,
    consequences_void_all: bool = False,
) -> tuple[WarrantyStatusResult, tuple[Step, ...]]:
    """Return the result of one reading and the working."""
    steps = []
    scopes: list[Scope] = ["none"]
    for event in events:
        row = tables.events[event]
        scope: Scope = row.scope
        if services_void_related and row.concerns == "service":
            scope = "related_parts"
        elif consequences_void_all and row.only_the_consequence:
            scope = "whole"
        steps.append(Step("warranty_event", row.clause, scope, inputs={"warranty_event": event}))
        scopes.append(scope)
    scope = max(scopes, key=SCOPES.index)
    ends_on = add_months(request.started_on, period.months) if period.months else None
    if ends_on and period.months:
        steps.append(Step("warranty_ends", period.clause, ends_on, inputs={"months": period.months}))
    if period.km:
        steps.append(
            Step("warranty_km", period.clause, period.km, "km", {"odometer_km": request.odometer_km})
        )
    limits_passed = [*_limits_passed(request, period, ends_on, inclusive=inclusive)]
    status: Status = "valid"
    if scope == "whole":
        status = "void"
    elif limits_passed:
        status = "expired"
    elif scope != "none":
        status = "partly_void"
    steps.append(Step("warranty_status", period.clause, status))
    result = WarrantyStatusResult(
        edition=tables.edition,
        status=status,
        scope=scope,
        limit_months=period.months,
        limit_km=period.km,
        ends_on=ends_on,
        days_left=max(0, (ends_on - request.on).days) if ends_on else None,
        km_left=max(0, period.km - request.odometer_km) if period.km else None,
        reasons=(*events, *limits_passed),
    )
    return result, tuple(steps)


def _limits_passed(
    request: WarrantyStatusRequest, period: _Period, ends_on: date | None, *, inclusive: bool
) -> Iterator[Reason]:
    """Yield the limits that end the warranty: on reaching them, or after them if ``inclusive`` (A-21)."""
    min_excess = 1 if inclusive else 0
    if ends_on and (request.on - ends_on).days >= min_excess:
        yield "months_over"
    if period.km is not None and request.odometer_km - period.km >= min_excess:
        yield "km_over"


def _notices(
    request: WarrantyStatusRequest, tables: MakerTables, period: _Period, events: list[str]
) -> Iterator[Notice]:
    first_service_row = tables.first_service
    missed = FIRST_SERVICE_MISSED in events
    severity: Literal["info", "warning"] = "info" if _is_window_open(request, tables) else "warning"
    if not missed and (request.first_service_on is None or request.first_service_km is None):
        params: dict[str, Value] = {
            "km": first_service_row.closes_km,
            "day": first_service_deadline(request.maker, request.started_on),
        }
        yield Notice("first_service_not_told", first_service_row.clause, severity, params)
    if _can_be_repeated(request, tables):
        params = {"from_km": first_service_row.opens_km, "to_km": first_service_row.closes_km}
        yield Notice("first_service_too_early", first_service_row.clause, "warning", params)
    if period.is_legal_minimum:
        yield Notice("period_from_the_law", period.clause, "warning")
    consequences = (row.clause for row in map(tables.events.__getitem__, events) if row.only_the_consequence)
    for clause in dict.fromkeys(consequences):
        yield Notice("only_what_arose_from_it", clause, "warning")
    act = act_tables.nearest(request.on)
    if missed:
        yield Notice("waivers_are_void", act.citations.waivers, "warning")
    yield Notice("third_parties_by_law", act.citations.supplier_duties)
    if tables.citations.tyre_sizes and any(tables.events[event].concerns == "tyre_size" for event in events):
        yield Notice("approved_tyre_sizes", tables.citations.tyre_sizes)
