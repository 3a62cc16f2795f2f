"""Whether a car's guarantee still holds, for how long, and what events took out of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from logic.consumer_law.act import law
from logic.consumer_law.bylaw_in_force import bylaw_clause
from logic.consumer_law.minimum_warranty import LIGHT, minimum
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
from logic.warranty.first_service import FirstServiceRequest, FirstServiceResult, closes_on, first_service
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
    """The guarantee's first day, the day asked about, the odometer, and what happened to the car."""

    maker: Maker
    started_on: Day
    on: Day
    odometer_km: Km
    first_service_on: Day | None = None
    first_service_km: Km | None = None
    events: Annotated[tuple[Event, ...], AtMost(warranty_events)] = ()
    warranty_months: Count | None = Field(None, gt=0)
    """Bahman's own period, which the page lost; what is not given is the legal minimum."""
    warranty_km: Km | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
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
    """The status, how much of the car is out, what is left in days and km, and the period."""

    edition: str
    status: Status
    scope: Scope
    limit_months: int | None
    limit_km: int | None
    ends_on: JalaliText | None
    days_left: int | None
    km_left: int | None
    reasons: tuple[Reason | Event, ...]


@dataclass(frozen=True, slots=True)
class _Period:
    """The guarantee's length and where it is printed."""

    months: int | None
    km: int | None
    clause: str
    of_the_law: bool = False


@calculator
def warranty_status(request: WarrantyStatusRequest) -> Answer[WarrantyStatusResult]:
    """The guarantee by time, km and events; whichever limit is reached first ends it.

    Void goes before expired, expired before partly void; of several scopes the widest. A first service that
    is not told is unknown, never missed. A-14: one below the range voids only when the window closes without
    another; A-16: by Bahman's print one within the months may do. A-21: a guarantee ends on reaching a limit;
    the other reading includes it. A-26: by article 14 of the by-law a missed service takes out its assemblies
    alone. Bahman's period: as given, else the legal minimum of the first day; before the act there is none.
    Left out: parts with a life of their own (part_warranty) and days added after a stop (stop_extension).
    """
    tables = maker_tables(request.maker, request.started_on)
    period = _period(request, tables)
    events = [*_events(request, tables)]
    steps: list[Step] = []
    result = _calculate(request, tables, period, events, steps)
    inclusive = _calculate(request, tables, period, events, [], inclusive=True)
    alternatives = Alternative.where_different("A-21", period.clause, result, inclusive)
    if _may_come_again(request, tables):
        missed = {*events, FIRST_SERVICE_MISSED}
        at_once = _calculate(request, tables, period, [each for each in tables.events if each in missed], [])
        alternatives += Alternative.where_different("A-14", tables.first_service.void_clause, result, at_once)
    elif _done(request, tables).alternatives and FIRST_SERVICE_MISSED not in request.events:
        kept = [each for each in events if each != FIRST_SERVICE_MISSED]
        in_time = _calculate(request, tables, period, kept, [])
        alternatives += Alternative.where_different("A-16", tables.first_service.clause, result, in_time)
    if any(tables.events[event].concerns == "service" for event in events):
        by_law = _calculate(request, tables, period, events, [], services_void_related=True)
        alternatives += Alternative.where_different(
            "A-26", bylaw_clause("missed_service", request.on), result, by_law
        )
    return Answer(result, tuple(steps), tuple(_notices(request, tables, period, events)), tuple(alternatives))


def _period(request: WarrantyStatusRequest, tables: MakerTables) -> _Period:
    terms = tables.terms
    if terms.months and terms.km:
        return _Period(terms.months, terms.km, terms.clause)
    months, km = request.warranty_months, request.warranty_km
    least = minimum(LIGHT, request.started_on)
    if least is None or (months and km):
        return _Period(months, km, terms.clause)
    return _Period(months or least.months, km or least.km, least.clause, of_the_law=True)


def _events(request: WarrantyStatusRequest, tables: MakerTables) -> Iterator[str]:
    """The events told, and a first service that was done outside its window and cannot come again."""
    told = set(request.events)
    if not _done(request, tables).result.valid and not _may_come_again(request, tables):
        told.add(FIRST_SERVICE_MISSED)
    yield from (event for event in tables.events if event in told)


def _done(request: WarrantyStatusRequest, tables: MakerTables) -> Answer[FirstServiceResult]:
    """The first service as it was told; what is not told of it is taken as in the window."""
    day, km = request.first_service_on, request.first_service_km
    return first_service(
        FirstServiceRequest(
            maker=request.maker,
            started_on=request.started_on,
            on=request.started_on if day is None else day,
            odometer_km=tables.first_service.opens_km if km is None else km,
        )
    )


def _may_come_again(request: WarrantyStatusRequest, tables: MakerTables) -> bool:
    """Whether the first service came below its range and the window is still open (A-14)."""
    early = _done(request, tables).result.reason == "before_window"
    return early and FIRST_SERVICE_MISSED not in request.events and _open(request, tables)


def _open(request: WarrantyStatusRequest, tables: MakerTables) -> bool:
    """Whether a first service could still be done on the day asked about."""
    in_time = request.on <= closes_on(request.maker, request.started_on)
    return in_time and request.odometer_km <= tables.first_service.closes_km


def _calculate(
    request: WarrantyStatusRequest,
    tables: MakerTables,
    period: _Period,
    events: Sequence[str],
    steps: list[Step],
    *,
    inclusive: bool = False,
    services_void_related: bool = False,
) -> WarrantyStatusResult:
    scopes: list[Scope] = ["none"]
    for event in events:
        row = tables.events[event]
        by_law = services_void_related and row.concerns == "service"
        scope: Scope = "related_parts" if by_law else row.scope
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
    over = [*_limits_over(request, period, ends_on, inclusive=inclusive)]
    status: Status = "valid"
    if scope == "whole":
        status = "void"
    elif over:
        status = "expired"
    elif scope != "none":
        status = "partly_void"
    steps.append(Step("warranty_status", period.clause, status))
    return WarrantyStatusResult(
        edition=tables.edition,
        status=status,
        scope=scope,
        limit_months=period.months,
        limit_km=period.km,
        ends_on=ends_on,
        days_left=max(0, (ends_on - request.on).days) if ends_on else None,
        km_left=max(0, period.km - request.odometer_km) if period.km else None,
        reasons=(*events, *over),
    )


def _limits_over(
    request: WarrantyStatusRequest, period: _Period, ends_on: date | None, *, inclusive: bool
) -> Iterator[Reason]:
    """Which limits were reached; under the other reading, passed (A-21)."""
    grace = 1 if inclusive else 0
    if ends_on and (request.on - ends_on).days >= grace:
        yield "months_over"
    if period.km is not None and request.odometer_km - period.km >= grace:
        yield "km_over"


def _notices(
    request: WarrantyStatusRequest, tables: MakerTables, period: _Period, events: list[str]
) -> Iterator[Notice]:
    first = tables.first_service
    missed = FIRST_SERVICE_MISSED in events
    severity: Literal["info", "warning"] = "info" if _open(request, tables) else "warning"
    if not missed and (request.first_service_on is None or request.first_service_km is None):
        params: dict[str, Value] = {
            "km": first.closes_km,
            "day": closes_on(request.maker, request.started_on),
        }
        yield Notice("first_service_not_told", first.clause, severity, params)
    if _may_come_again(request, tables):
        params = {"from_km": first.opens_km, "to_km": first.closes_km}
        yield Notice("first_service_too_early", first.clause, "warning", params)
    if period.of_the_law:
        yield Notice("period_from_the_law", period.clause, "warning")
    consequential = tables.citations.consequential_damage
    if consequential and any(tables.events[event].only_the_consequence for event in events):
        yield Notice("only_what_arose_from_it", consequential, "warning")
    act = law.nearest(request.on)
    if missed:
        yield Notice("waivers_are_void", act.citations.waivers, "warning")
    yield Notice("third_parties_by_law", act.citations.supplier_duties)
    if tables.citations.tyre_sizes and any(tables.events[event].concerns == "tyre_size" for event in events):
        yield Notice("approved_tyre_sizes", tables.citations.tyre_sizes)
