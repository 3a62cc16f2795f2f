"""What a year costs at each card level: its price, and what the customer still pays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from logic.card.level_eligibility import (
    LevelEligibilityRequest,
    LevelVerdict,
    age_step,
    level_verdict,
)
from logic.card.tables import (
    CardTables,
    Event,
    EventKind,
    Item,
    Service,
    ShareRow,
    Use,
    card_tables,
    no_edition,
)
from logic.comparison.poisson import DECIMAL_DIGITS, quantile, tail_probabilities
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import (
    EARLIEST_DAY,
    AtMost,
    Count,
    Day,
    DaysAYear,
    Km,
    Level,
    Request,
    Result,
    Rial,
    RialSum,
    Times,
    invalid,
)
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT, half_up
from logic.service.service_schedule import (
    EngineId,
    ServiceTable,
    VehicleId,
    check_engine,
    table_named,
    vehicle_row,
)

READING = "A-35"
LOW_QUANTILE, USUAL_QUANTILE, HIGH_QUANTILE = Decimal("0.1"), Decimal("0.5"), Decimal("0.9")
"""The quantiles of a low, a usual and a high year: our convention, not a rule of a document."""


class YearLine(StrEnum):
    """The kinds of cost of a year, without the price of the level."""

    ACCIDENTS = "accidents"
    THEFTS = "thefts"
    REPAIRS = "repairs"
    TOWS = "tows"
    SERVICES = "services"
    TYRES = "tyres"
    DOWNTIME = "downtime"


class LevelAdviserRequest(Request):
    """A typical year: how often each event is expected, and what it costs. Every field is optional."""

    prices_rial: Annotated[dict[Level, Rial], AtMost(len(Level))] = Field(default_factory=dict)
    """The seller's price for a year of each level; a level without a price has no total."""
    use: Use = "private"
    produced_on: Day | None = None
    """With ``started_on``, levels for which the car is then too old are refused; else no age is checked."""
    prior_incidents: Count = 0
    """Earlier incidents and thefts that raise the share."""
    prior_repairs: Count = 0
    accidents_a_year: Times = Decimal(0)
    """Expected number: 0.25 means once in four years."""
    accident_rial: Rial = 0
    """Usual damage of an accident."""
    thefts_a_year: Times = Decimal(0)
    """Thefts of parts, not of the car."""
    theft_rial: Rial = 0
    repairs_a_year: Times = Decimal(0)
    """Technical repairs outside the maker's warranty."""
    repair_rial: Rial = 0
    tows_a_year: Times = Decimal(0)
    tow_rial: Rial = 0
    """Usual tariff of a tow; the booklet prints none."""
    vehicle: VehicleId | None = None
    """The vehicle whose service table applies; without one, no service is due."""
    engine: EngineId | None = None
    odometer_km: Km = 0
    """At the start of the year."""
    km_a_year: Km = 0
    service_rial: Rial = 0
    """Usual cost of a periodic service."""
    tyre_set_rial: Rial = 0
    """Cost of new tyres in the year."""
    downtime_days_a_year: DaysAYear = Decimal(0)
    """Days in the workshop that count by the rules of card_downtime."""
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _check_car_and_days(self) -> Self:
        if self.vehicle is None and self.engine is not None:
            raise invalid("vehicle", "required")
        if self.vehicle is not None:
            check_engine(self.vehicle, self.engine, self.started_on)
        if self.produced_on and not self.started_on:
            raise invalid("started_on", "required")
        if self.produced_on and self.started_on and self.produced_on > self.started_on:
            raise invalid("produced_on", "produced_after_on")
        return self


class AdviserLine(Result):
    """A kind of cost, divided between customer and company.

    Downtime is money received: ``company_rial`` is what the card pays, and ``customer_rial`` is the same
    amount, negative.
    """

    kind: YearLine
    covered: bool
    """Whether the level pays any part of it."""
    customer_rial: int
    company_rial: RialSum
    clause: str


class AdvisedLevel(Result):
    """The expected year at a level; only the total includes the price."""

    level: Level
    cheapest: bool
    """Whether no other level has a lower total, or a lower expected cost if no level has a price."""
    price_rial: Rial | None
    expected_customer_rial: int
    expected_company_rial: RialSum
    total_rial: int | None
    """Price plus expected cost; null without a price."""
    low_rial: int
    """The customer's cost with the 10 % quantile of the number of each kind of event."""
    usual_rial: int
    """The same with the medians."""
    high_rial: int
    """The same with the 90 % quantiles."""
    services_covered: Count
    lines: tuple[AdviserLine, ...]


class LevelUpgrade(Result):
    """The step from one eligible level to the next in the booklet's order."""

    lower: Level
    higher: Level
    break_even_rial: int
    """The price difference at which both levels cost the same; below it, the higher one is worth it."""
    price_difference_rial: int | None
    worth_it: bool | None
    """Null without both prices."""


class LevelAdviserResult(Result):
    """The eligible levels, the cheapest first, and the refused ones with their reasons."""

    edition: str | None
    reason: Literal["no_edition", "no_level_open"] | None = None
    levels: tuple[AdvisedLevel, ...] = ()
    upgrades: tuple[LevelUpgrade, ...] = ()
    refused: tuple[LevelVerdict, ...] = ()
    services_due_km: tuple[int, ...] = ()
    """The km of the services due in the year, by the car's table."""


class _Damage(NamedTuple):
    """A kind of damage of which the card pays a part."""

    line: YearLine
    event: Event
    service: Service
    cost_rial: int


@dataclass(frozen=True)
class _Year:
    """How often each kind of event happens: expected numbers, or fixed counts."""

    counts: Mapping[YearLine, Decimal]
    has_fixed_counts: bool = False

    def tail_probabilities(self, expected_events: Decimal, max_count: int) -> Sequence[Decimal]:
        """Return the probabilities of at least 1, 2, … ``max_count`` events."""
        if self.has_fixed_counts:
            return [Decimal(index < expected_events) for index in range(max_count)]
        return tail_probabilities(expected_events, max_count)

    def at_quantile(self, probability: Decimal) -> "_Year":
        """Return the year with a quantile of the number of each kind of event."""
        counts = {line: Decimal(quantile(mean, probability)) for line, mean in self.counts.items()}
        return _Year(counts, has_fixed_counts=True)


@calculator
def level_adviser(request: LevelAdviserRequest) -> Answer[LevelAdviserResult]:
    """Return the expected cost of a year at each level that the car can have, with the level's price.

    The number of events of each kind has a Poisson distribution with the expected number given. Accidents and
    thefts of parts raise one share, as Table 2 counts them, and repairs another. The sum over all numbers of
    events is exact: from the event on at which the share stops rising, it has a closed form. With fixed
    counts, every order of accidents and thefts is equally likely.

    The customer pays in full for what a level does not cover. A service is covered up to the level's km
    (Table 1), tyres from the km of its star note on; a tow is free or charged by tariff. Levels are ranked by
    total; those without a price follow, ranked by expected cost. Whether a working golden year exists is
    reading A-35.

    Rounding: each line to whole rials, half up, once; totals add the rounded lines.
    Not covered: discounts, total loss and theft of the car, perils, and the items of a service that need a
    higher level.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        no_result = LevelAdviserResult(edition=None, reason="no_edition")
        return Answer(no_result, (no_edition(request.started_on),))
    table = _service_table(request)
    with localcontext(prec=DECIMAL_DIGITS):
        result = _advise(request, tables, table)
        other = result
        if request.use == "working":
            other = _advise(request, tables, table, only_one_star_is_named=False)
    if other.levels == result.levels:
        other = result
    return Answer(
        result,
        tuple(_steps(request, tables, table, result)),
        tuple(_notices(request, tables, table, result)),
        tuple(Alternative.where_different(READING, tables.citations.working_use, result, other)),
    )


def _service_table(request: LevelAdviserRequest) -> ServiceTable | None:
    if request.vehicle is None:
        return None
    row = vehicle_row(request.vehicle, request.engine, request.started_on)
    return table_named(row.table, request.started_on)


def _advise(
    request: LevelAdviserRequest,
    tables: CardTables,
    table: ServiceTable | None,
    *,
    only_one_star_is_named: bool = True,
) -> LevelAdviserResult:
    """Return the result, by default for star note 1 naming only the working one-star (A-35)."""
    on = request.started_on or EARLIEST_DAY
    is_age_known = request.produced_on is not None
    eligibility_request = LevelEligibilityRequest(produced_on=request.produced_on or on, on=on)
    working = request.use == "working"
    verdicts = [
        level_verdict(
            tables, level, eligibility_request, working=working, one_star_only=only_one_star_is_named
        )
        for level in Level
    ]
    year_end_km = request.odometer_km + request.km_a_year
    services_due = table.services_between(request.odometer_km, year_end_km) if table else ()
    levels = [
        _advised_level(request, tables, table, verdict.level, services_due)
        for verdict in verdicts
        if verdict.eligible
    ]
    ranked = sorted(levels, key=_ranking_cost)
    cheapest = [level for level in ranked if _ranking_cost(level) == _ranking_cost(ranked[0])]
    return LevelAdviserResult(
        edition=tables.edition,
        reason=None if levels else "no_level_open",
        levels=tuple(level.model_copy(update={"cheapest": level in cheapest}) for level in ranked),
        upgrades=tuple(_upgrade(lower, higher) for lower, higher in pairwise(levels)),
        refused=tuple(
            verdict if is_age_known else verdict.model_copy(update={"last_day": None})
            for verdict in verdicts
            if not verdict.eligible
        ),
        services_due_km=services_due,
    )


def _ranking_cost(level: AdvisedLevel) -> tuple[bool, int]:
    """Return the sort key of a level: first by total, then those without a total by expected cost."""
    if level.total_rial is None:
        return True, level.expected_customer_rial
    return False, level.total_rial


def _upgrade(lower: AdvisedLevel, higher: AdvisedLevel) -> LevelUpgrade:
    saving = lower.expected_customer_rial - higher.expected_customer_rial
    price_difference = (
        None
        if lower.price_rial is None or higher.price_rial is None
        else higher.price_rial - lower.price_rial
    )
    return LevelUpgrade(
        lower=lower.level,
        higher=higher.level,
        break_even_rial=saving,
        price_difference_rial=price_difference,
        worth_it=None if price_difference is None else price_difference < saving,
    )


def _advised_level(
    request: LevelAdviserRequest,
    tables: CardTables,
    table: ServiceTable | None,
    level: Level,
    services_due: tuple[int, ...],
) -> AdvisedLevel:
    expected_year = _Year(
        {
            YearLine.ACCIDENTS: request.accidents_a_year,
            YearLine.THEFTS: request.thefts_a_year,
            YearLine.REPAIRS: request.repairs_a_year,
            YearLine.TOWS: request.tows_a_year,
        }
    )
    services_covered = _covered_services(tables, table, level, services_due)
    services = (len(services_due), services_covered)
    lines = _lines(request, tables, level, expected_year, services)
    expected_customer_rial = sum(line.customer_rial for line in lines)
    price_rial = request.prices_rial.get(level)

    def cost_at(probability: Decimal) -> int:
        year = expected_year.at_quantile(probability)
        return sum(line.customer_rial for line in _lines(request, tables, level, year, services))

    return AdvisedLevel(
        level=level,
        cheapest=False,
        price_rial=price_rial,
        expected_customer_rial=expected_customer_rial,
        expected_company_rial=sum(line.company_rial for line in lines),
        total_rial=None if price_rial is None else price_rial + expected_customer_rial,
        low_rial=cost_at(LOW_QUANTILE),
        usual_rial=cost_at(USUAL_QUANTILE),
        high_rial=cost_at(HIGH_QUANTILE),
        services_covered=services_covered,
        lines=lines,
    )


# ---------------------------------------------------------------------------------------- lines of a year
def _lines(
    request: LevelAdviserRequest, tables: CardTables, level: Level, year: _Year, services: tuple[int, int]
) -> tuple[AdviserLine, ...]:
    """Return a line for each kind of cost, in the order of YearLine."""
    return (
        *_damage_lines(
            tables, level, year, request.prior_incidents,
            _Damage(YearLine.ACCIDENTS, Event.COLLISION, Service.DAMAGE_REPAIR, request.accident_rial),
            _Damage(YearLine.THEFTS, Event.PARTIAL_THEFT, Service.PARTIAL_THEFT, request.theft_rial),
        ),
        *_damage_lines(
            tables, level, year, request.prior_repairs,
            _Damage(YearLine.REPAIRS, Event.REPAIR, Service.TECHNICAL_REPAIR, request.repair_rial),
        ),
        _tow_line(request, tables, level, year.counts[YearLine.TOWS]),
        _service_line(request, tables, level, *services),
        _tyre_line(request, tables, level),
        _downtime_line(request, tables, level),
    )  # fmt: skip


def _damage_lines(
    tables: CardTables, level: Level, year: _Year, prior_events: int, *damages: _Damage
) -> Iterator[AdviserLine]:
    """Yield the lines of damages that raise the same share.

    The probability that an event is of a kind is the kind's part of the expected events.
    """
    expected_events = sum((year.counts[damage.line] for damage in damages), Decimal(0))
    for damage in damages:
        share, clause = _share_and_clause(tables, level, damage)
        floor_percent = tables.events[damage.event].floor_percent or 0
        total_cost = customer_cost = year.counts[damage.line] * damage.cost_rial
        if share and expected_events:
            shares = _sum_of_shares(share, floor_percent, prior_events, year, expected_events)
            customer_cost = total_cost * shares / (expected_events * HUNDRED_PERCENT)
        yield _line(damage.line, clause, total_cost, customer_cost, covered=share is not None)


def _share_and_clause(tables: CardTables, level: Level, damage: _Damage) -> tuple[ShareRow | None, str]:
    """Return the subscriber's share of the event and its clause, or the clause that excludes the event."""
    exception = tables.exceptions.get((damage.event, level))
    if exception:
        return None, exception.clause
    share = tables.shares.get((level, tables.events[damage.event].kind))
    return share, share.clause if share else tables.services[level, damage.service].clause


def _sum_of_shares(
    share: ShareRow, floor_percent: int, prior_events: int, year: _Year, expected_events: Decimal
) -> Decimal:
    """Return the expected sum of the customer's percentages over a year's events, as if all had this share.

    The percentage of the k-th event is weighted with the probability of at least k events. From the event on
    at which the share stops rising, the remaining expected events all have the last percentage.
    """
    divisor = share.step_percent or HUNDRED_PERCENT  # a share may not rise at all
    steps_to_full_share = -(-(HUNDRED_PERCENT - share.base_percent) // divisor)  # rounded up
    rising_events = max(0, steps_to_full_share - prior_events)
    raised_percents = (
        share.base_percent + count * share.step_percent
        for count in range(prior_events, prior_events + rising_events + 1)
    )
    *percents, last_percent = (
        min(HUNDRED_PERCENT, max(floor_percent, percent)) for percent in raised_percents
    )
    probabilities = year.tail_probabilities(expected_events, rising_events)
    products = (probability * percent for probability, percent in zip(probabilities, percents, strict=True))
    return sum(products, Decimal(0)) + (expected_events - sum(probabilities)) * last_percent


def _tow_line(request: LevelAdviserRequest, tables: CardTables, level: Level, tows: Decimal) -> AdviserLine:
    row = tables.assistance[level, Item.TOW]
    covered = row.payer not in ("tariff", "customer")
    total_cost = tows * request.tow_rial
    customer_cost = Decimal(0) if covered else total_cost
    return _line(YearLine.TOWS, row.clause, total_cost, customer_cost, covered=covered)


def _service_line(
    request: LevelAdviserRequest, tables: CardTables, level: Level, services_due: int, services_covered: int
) -> AdviserLine:
    clause = tables.services[level, Service.PERIODIC_SERVICE].clause
    total_cost = Decimal(services_due * request.service_rial)
    customer_cost = Decimal((services_due - services_covered) * request.service_rial)
    return _line(YearLine.SERVICES, clause, total_cost, customer_cost, covered=services_covered > 0)


def _covered_services(
    tables: CardTables, table: ServiceTable | None, level: Level, services_due: tuple[int, ...]
) -> int:
    """Return how many services are within the level's ceiling; none of a maker's own table is."""
    cell = tables.services[level, Service.PERIODIC_SERVICE]
    ceiling = cell.value if cell.kind == "limit_km" and _is_card_table(table) else None
    return sum(km <= ceiling for km in services_due) if ceiling else 0


def _is_card_table(table: ServiceTable | None) -> bool:
    return table is not None and table.document == "emdad"


def _tyre_line(request: LevelAdviserRequest, tables: CardTables, level: Level) -> AdviserLine:
    after_km = tables.figures["tyre_replacement_after_km"]
    included = tables.services[level, Service.TYRE_REPLACEMENT].kind == "included"
    covered = included and request.km_a_year >= after_km.value
    total_cost = Decimal(request.tyre_set_rial)
    customer_cost = Decimal(0) if covered else total_cost
    return _line(YearLine.TYRES, after_km.clause, total_cost, customer_cost, covered=covered)


def _downtime_line(request: LevelAdviserRequest, tables: CardTables, level: Level) -> AdviserLine:
    cell = tables.services[level, Service.DOWNTIME]
    covered = cell.kind == "daily_rial"
    payment = half_up(Fraction(request.downtime_days_a_year * (cell.value or 0)))
    return AdviserLine(
        kind=YearLine.DOWNTIME,
        covered=covered,
        customer_rial=-payment,
        company_rial=payment,
        clause=cell.clause,
    )


def _line(
    kind: YearLine, clause: str, total_cost: Decimal, customer_cost: Decimal, *, covered: bool
) -> AdviserLine:
    """Return a line with total and customer's cost rounded half up; the company pays the difference."""
    customer_rial = half_up(Fraction(customer_cost))
    company_rial = half_up(Fraction(total_cost)) - customer_rial
    return AdviserLine(
        kind=kind, covered=covered, customer_rial=customer_rial, company_rial=company_rial, clause=clause
    )


# --------------------------------------------------------------------------------------- steps and notices
def _steps(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, result: LevelAdviserResult
) -> Iterator[Step]:
    """Yield the assumptions, refusals, costs of the other levels, and the first level's figures and lines."""
    yield from _assumption_steps(request, tables, table, result)
    if request.use == "working":
        yield Step("year_working", tables.citations.working_use, value=True)
    for refused in result.refused:
        if refused.reason == "too_old":
            yield age_step(refused, tables)
    if not result.levels:
        yield Step("no_level_open", tables.citations.working_use, value=False)
        return
    first, *others = result.levels
    for other in reversed(others):
        yield _cost_step(tables, other)
    yield from _figure_steps(request, tables, table, first)
    for line in first.lines:
        if line.customer_rial or line.company_rial:
            yield Step(
                "year_line",
                line.clause,
                line.customer_rial,
                "rial",
                {"line": line.kind, "company_rial": line.company_rial},
            )
    if first.price_rial is not None:
        yield Step("year_price", tables.citations.scope, first.price_rial, "rial", {"level": first.level})
    yield _cost_step(tables, first)


def _cost_step(tables: CardTables, level: AdvisedLevel) -> Step:
    """Return the step with the cost by which a level is ranked."""
    unpriced, cost = _ranking_cost(level)
    return Step(
        "year_cost" if unpriced else "year_total",
        tables.citations.scope,
        cost,
        "rial",
        {"level": level.level},
    )


def _assumption_steps(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, result: LevelAdviserResult
) -> Iterator[Step]:
    """Yield the assumptions about a typical year that the request contains."""
    share = tables.citations.share_table
    if request.accidents_a_year:
        amount = {"amount_rial": request.accident_rial}
        yield Step("year_accidents", share, request.accidents_a_year, "count", amount)
    if request.thefts_a_year:
        yield Step("year_thefts", share, request.thefts_a_year, "count", {"amount_rial": request.theft_rial})
    if request.repairs_a_year:
        yield Step(
            "year_repairs", share, request.repairs_a_year, "count", {"amount_rial": request.repair_rial}
        )
    if request.tows_a_year:
        clause = tables.figures["free_tows_per_case"].clause
        yield Step("year_tows", clause, request.tows_a_year, "count", {"amount_rial": request.tow_rial})
    if table:
        km = {"from_km": request.odometer_km, "to_km": request.odometer_km + request.km_a_year}
        amount = {"amount_rial": request.service_rial}
        yield Step("year_services", table.row.clause, len(result.services_due_km), "count", {**km, **amount})
    if request.tyre_set_rial:
        km = {"km": request.km_a_year}
        yield Step("year_tyres", tables.citations.tyre_replacement, request.tyre_set_rial, "rial", km)
    if request.downtime_days_a_year:
        yield Step("year_downtime", tables.citations.downtime, request.downtime_days_a_year, "day")


def _figure_steps(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, level: AdvisedLevel
) -> Iterator[Step]:
    """Yield the booklet's figures from which the lines of a level are computed."""
    prior_events = {
        YearLine.ACCIDENTS: request.prior_incidents,
        YearLine.THEFTS: request.prior_incidents,
        YearLine.REPAIRS: request.prior_repairs,
    }
    kinds: dict[YearLine, EventKind] = {
        YearLine.ACCIDENTS: "incident", YearLine.THEFTS: "partial_theft", YearLine.REPAIRS: "repair",
    }  # fmt: skip
    for line in level.lines:
        if line.kind in kinds and line.covered and (line.customer_rial or line.company_rial):
            share = tables.shares[level.level, kinds[line.kind]]
            inputs = {
                "kind": share.kind,
                "count": prior_events[line.kind],
                "step_percent": share.step_percent,
            }
            yield Step("year_share", share.clause, share.base_percent, "percent", inputs)
    if request.tows_a_year:
        tow = tables.assistance[level.level, Item.TOW]
        yield Step("level_pays", tow.clause, tow.payer, inputs={"level": level.level, "item": Item.TOW})
    ceiling = tables.services[level.level, Service.PERIODIC_SERVICE]
    if table and ceiling.value:
        yield Step("ceiling", ceiling.clause, ceiling.value, "km", {"level": level.level})
    if request.tyre_set_rial:
        after_km = tables.figures["tyre_replacement_after_km"]
        covered = next(line.covered for line in level.lines if line.kind is YearLine.TYRES)
        inputs = {"km_in_period": request.km_a_year, "after_km": int(after_km.value)}
        yield Step("tyre_benefit", after_km.clause, covered, inputs=inputs)
    daily_rate = tables.services[level.level, Service.DOWNTIME]
    if request.downtime_days_a_year and daily_rate.value:
        yield Step("daily_rate", daily_rate.clause, daily_rate.value, "rial_a_day")


def _notices(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, result: LevelAdviserResult
) -> Iterator[Notice]:
    """Yield what was assumed and what the customer should confirm."""
    yield Notice("year_events_independent", tables.citations.share_table)
    yield Notice("year_amounts_usual", tables.citations.share_table)
    yield Notice("year_by_this_booklet", tables.citations.scope)
    yield Notice("iran_khodro_cars_only", tables.citations.level_ages)
    if any(level.price_rial is not None for level in result.levels):
        yield Notice("year_prices_are_the_sellers", tables.citations.scope)
    if any(level.price_rial is None for level in result.levels):
        yield Notice("year_prices_missing", tables.citations.scope, "warning")
    if request.produced_on is None:
        yield Notice("year_age_not_tested", tables.citations.level_ages, "warning")
    if request.accidents_a_year:
        yield Notice("year_every_accident_counts", tables.citations.third_party_incidents)
    if request.tows_a_year:
        yield Notice("year_first_tow_only", tables.citations.free_tow)
    if result.services_due_km:
        yield Notice("km_ceiling_is_odometer", tables.citations.level_table)
    if any(level.services_covered for level in result.levels):
        yield Notice("year_items_of_higher_levels", tables.citations.level_table, "warning")
    if table and request.odometer_km + request.km_a_year > (last_km := max(table.services)):
        yield Notice("year_table_ends", table.row.clause, params={"last_km": last_km})
    if request.vehicle and not _is_card_table(table):
        yield Notice("year_without_service_table", tables.citations.scope, "warning")
    if request.downtime_days_a_year:
        hours = int(tables.figures["downtime_above_hours"].value)
        yield Notice("year_downtime_of_repairs", tables.citations.downtime, params={"hours": hours})
