"""What a year costs under each card level: its price, and what the card leaves to the customer."""

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
    verdict,
)
from logic.card.tables import CardTables, Event, EventKind, Item, Service, ShareRow, Use, card, no_edition
from logic.comparison.poisson import PRECISION, at_least, quantile
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import (
    EARLIEST,
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
LOW, USUAL, HIGH = Decimal("0.1"), Decimal("0.5"), Decimal("0.9")
"""The parts of the years that a low, a usual and a high year are not below: our convention, no rule."""


class YearLine(StrEnum):
    """What a year's cost is made of, the price apart."""

    ACCIDENTS = "accidents"
    THEFTS = "thefts"
    REPAIRS = "repairs"
    TOWS = "tows"
    SERVICES = "services"
    TYRES = "tyres"
    DOWNTIME = "downtime"


class LevelAdviserRequest(Request):
    """A usual year: how often something is expected, and what it costs each time. All may be left out."""

    prices_rial: Annotated[dict[Level, Rial], AtMost(len(Level))] = Field(default_factory=dict)
    """What the seller asks for a year of each level; a level without a price is answered without a total."""
    use: Use = "private"
    produced_on: Day | None = None
    """With ``started_on``: levels for which the car is too old then are refused. Else no age is tested."""
    prior_incidents: Count = 0
    """Earlier incidents and thefts that raise the share."""
    prior_repairs: Count = 0
    accidents_a_year: Times = Decimal(0)
    """Expected number: 0.25 is one in four years."""
    accident_rial: Rial = 0
    """Usual damage of one."""
    thefts_a_year: Times = Decimal(0)
    """Thefts of parts, not of the car."""
    theft_rial: Rial = 0
    repairs_a_year: Times = Decimal(0)
    """Technical repairs outside the maker's guarantee."""
    repair_rial: Rial = 0
    tows_a_year: Times = Decimal(0)
    tow_rial: Rial = 0
    """Usual tariff of one; the booklet prints none."""
    vehicle: VehicleId | None = None
    """Whose service table counts; without one no service falls due."""
    engine: EngineId | None = None
    odometer_km: Km = 0
    """At the start of the year."""
    km_a_year: Km = 0
    service_rial: Rial = 0
    """Usual cost of one periodic service."""
    tyre_set_rial: Rial = 0
    """What will be spent on new tyres in this year."""
    downtime_days_a_year: DaysAYear = Decimal(0)
    """Days in the workshop that the card would count (card_downtime)."""
    started_on: Day | None = None
    """First day of the subscription; it decides which edition of the booklet holds."""

    @model_validator(mode="after")
    def _car_and_its_age(self) -> Self:
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
    """One kind of cost: customer and company together are the whole of it.

    The card's payment for days in the workshop has no whole: the customer's side is below zero, received.
    """

    kind: YearLine
    covered: bool
    """Whether the level takes any part of it."""
    customer_rial: int
    company_rial: RialSum
    clause: str


class AdvisedLevel(Result):
    """A level's expected year. All but the total are without the price."""

    level: Level
    cheapest: bool
    """Nothing costs less by total, or by expected cost where no level has a price; equals are marked too."""
    price_rial: Rial | None
    expected_customer_rial: int
    expected_company_rial: RialSum
    total_rial: int | None
    """Price and expected cost; null without a price."""
    low_rial: int
    """The customer's cost with the number of each kind of event that one year in ten stays within."""
    usual_rial: int
    """The same with the median number of each kind."""
    high_rial: int
    """The same with the number that nine years in ten stay within."""
    services_covered: Count
    lines: tuple[AdviserLine, ...]


class LevelUpgrade(Result):
    """From one open level to the next in the booklet's order."""

    lower: Level
    higher: Level
    break_even_rial: int
    """The difference in price at which both cost the same; below it the higher one is worth it."""
    price_difference_rial: int | None
    worth_it: bool | None
    """Null without both prices."""


class LevelAdviserResult(Result):
    """The open levels, the least costly first, and the others with the reason that closes them."""

    edition: str | None
    reason: Literal["no_edition", "no_level_open"] | None
    levels: tuple[AdvisedLevel, ...]
    upgrades: tuple[LevelUpgrade, ...]
    refused: tuple[LevelVerdict, ...]
    services_due_km: tuple[int, ...]
    """The services above the odometer and up to the year's km, by the car's table."""


class _Damage(NamedTuple):
    """A kind of damage that the card shares."""

    line: YearLine
    event: Event
    service: Service
    cost_rial: int


@dataclass(frozen=True)
class _Year:
    """How often each kind happens: expected numbers, or the whole numbers of a certain year."""

    counts: Mapping[YearLine, Decimal]
    certain: bool = False

    def reaching(self, mean: Decimal, upto: int) -> Sequence[Decimal]:
        """The chances of at least 1, 2, … ``upto`` events out of ``mean``."""
        if self.certain:
            return [Decimal(number < mean) for number in range(upto)]
        return at_least(mean, upto)

    def at(self, part: Decimal) -> "_Year":
        """The year with the number of each kind that is not exceeded in that part of the years."""
        numbers = {line: Decimal(quantile(mean, part)) for line, mean in self.counts.items()}
        return _Year(numbers, certain=True)


@calculator
def level_adviser(request: LevelAdviserRequest) -> Answer[LevelAdviserResult]:
    """The expected cost of one year under each level that the car can have: price and the customer's part.

    Events are Poisson with the expected numbers given. Accidents and thefts of parts raise one share, as
    Table 2 counts them, repairs their own; the sum over the number of events is exact, its tail closed where
    the share no longer rises. What a level lacks is paid whole. A service is covered up to the level's km
    (Table 1), tyres from the km of its star note on; tows as free or by tariff. A year of certain numbers
    takes any order of accidents and thefts as equally likely. Each line is rounded once, half up, to rials;
    totals add the lines. Levels with a price go by total, those without follow by expected cost. Left out:
    discounts, total loss and theft of the car, perils, items of a service that need a higher level. A-35.
    """
    tables = card(request.started_on)
    if tables is None:
        nothing = LevelAdviserResult(
            edition=None, reason="no_edition", levels=(), upgrades=(), refused=(), services_due_km=()
        )
        return Answer(nothing, (no_edition(request.started_on),))
    table = _table(request)
    with localcontext(prec=PRECISION):
        result = _advise(request, tables, table)
        other = _advise(request, tables, table, named=False) if request.use == "working" else result
    if other.levels == result.levels:
        other = result
    return Answer(
        result,
        tuple(_steps(request, tables, table, result)),
        tuple(_notices(request, tables, table, result)),
        tuple(Alternative.where_different(READING, tables.citations.working_use, result, other)),
    )


def _table(request: LevelAdviserRequest) -> ServiceTable | None:
    if request.vehicle is None:
        return None
    row = vehicle_row(request.vehicle, request.engine, request.started_on)
    return table_named(row.table, request.started_on)


def _advise(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, *, named: bool = True
) -> LevelAdviserResult:
    """The result; ``named`` as star note 1 names the working one-star alone (A-35)."""
    on = request.started_on or EARLIEST
    asked = LevelEligibilityRequest(produced_on=request.produced_on or on, on=on)
    working = request.use == "working"
    verdicts = [verdict(tables, level, asked, working=working, named=named) for level in Level]
    due = (
        table.services_between(request.odometer_km, request.odometer_km + request.km_a_year) if table else ()
    )
    found = [_level(request, tables, table, each.level, due) for each in verdicts if each.eligible]
    ranked = sorted(found, key=_cost)
    least = [each for each in ranked if _cost(each) == _cost(ranked[0])]
    return LevelAdviserResult(
        edition=tables.edition,
        reason=None if found else "no_level_open",
        levels=tuple(each.model_copy(update={"cheapest": each in least}) for each in ranked),
        upgrades=tuple(_upgrade(lower, higher) for lower, higher in pairwise(found)),
        refused=tuple(each for each in verdicts if not each.eligible),
        services_due_km=due,
    )


def _cost(level: AdvisedLevel) -> tuple[bool, int]:
    """What levels are ranked by: the total; behind all that have one, the expected cost."""
    if level.total_rial is None:
        return True, level.expected_customer_rial
    return False, level.total_rial


def _upgrade(lower: AdvisedLevel, higher: AdvisedLevel) -> LevelUpgrade:
    saved = lower.expected_customer_rial - higher.expected_customer_rial
    dearer = (
        None
        if lower.price_rial is None or higher.price_rial is None
        else higher.price_rial - lower.price_rial
    )
    return LevelUpgrade(
        lower=lower.level,
        higher=higher.level,
        break_even_rial=saved,
        price_difference_rial=dearer,
        worth_it=None if dearer is None else dearer < saved,
    )


def _level(
    request: LevelAdviserRequest,
    tables: CardTables,
    table: ServiceTable | None,
    level: Level,
    due: tuple[int, ...],
) -> AdvisedLevel:
    expected = _Year(
        {
            YearLine.ACCIDENTS: request.accidents_a_year,
            YearLine.THEFTS: request.thefts_a_year,
            YearLine.REPAIRS: request.repairs_a_year,
            YearLine.TOWS: request.tows_a_year,
        }
    )
    covered = _covered_services(tables, table, level, due)
    lines = _lines(request, tables, level, expected, (len(due), covered))
    customer = sum(line.customer_rial for line in lines)
    price = request.prices_rial.get(level)

    def in_year(part: Decimal) -> int:
        of_year = _lines(request, tables, level, expected.at(part), (len(due), covered))
        return sum(line.customer_rial for line in of_year)

    return AdvisedLevel(
        level=level,
        cheapest=False,
        price_rial=price,
        expected_customer_rial=customer,
        expected_company_rial=sum(line.company_rial for line in lines),
        total_rial=None if price is None else price + customer,
        low_rial=in_year(LOW),
        usual_rial=in_year(USUAL),
        high_rial=in_year(HIGH),
        services_covered=covered,
        lines=lines,
    )


# ------------------------------------------------------------------------------------------- a year's lines
def _lines(
    request: LevelAdviserRequest, tables: CardTables, level: Level, year: _Year, services: tuple[int, int]
) -> tuple[AdviserLine, ...]:
    """Each kind of cost in the order of YearLine."""
    return (
        *_damages(
            tables, level, year, request.prior_incidents,
            _Damage(YearLine.ACCIDENTS, Event.COLLISION, Service.DAMAGE_REPAIR, request.accident_rial),
            _Damage(YearLine.THEFTS, Event.PARTIAL_THEFT, Service.PARTIAL_THEFT, request.theft_rial),
        ),
        *_damages(
            tables, level, year, request.prior_repairs,
            _Damage(YearLine.REPAIRS, Event.REPAIR, Service.TECHNICAL_REPAIR, request.repair_rial),
        ),
        _tows(request, tables, level, year.counts[YearLine.TOWS]),
        _services(request, tables, level, *services),
        _tyres(request, tables, level),
        _downtime(request, tables, level),
    )  # fmt: skip


def _damages(
    tables: CardTables, level: Level, year: _Year, prior: int, *damages: _Damage
) -> Iterator[AdviserLine]:
    """Damages that raise one share: each event is of a kind with the chance that the kind has among all."""
    mean = sum((year.counts[damage.line] for damage in damages), Decimal(0))
    for damage in damages:
        share, clause = _cover(tables, level, damage)
        floor = tables.events[damage.event].floor_percent or 0
        whole = customer = year.counts[damage.line] * damage.cost_rial
        if share and mean:
            customer = whole * _borne(share, floor, prior, year, mean) / (mean * HUNDRED_PERCENT)
        yield _line(damage.line, clause, whole, customer, covered=share is not None)


def _cover(tables: CardTables, level: Level, damage: _Damage) -> tuple[ShareRow | None, str]:
    """The level's share of the event and its clause, or the clause that leaves it out."""
    exception = tables.exceptions.get((damage.event, level))
    if exception:
        return None, exception.clause
    share = tables.shares.get((level, tables.events[damage.event].kind))
    return share, share.clause if share else tables.services[level, damage.service].clause


def _borne(share: ShareRow, floor: int, prior: int, year: _Year, mean: Decimal) -> Decimal:
    """The sum of the percents that the customer bears over the year's events, were they all of this kind.

    The k-th event is weighed with the chance that there are k; once the share no longer rises, what is left
    of the expected number bears the last one.
    """
    rising = max(
        0, -(-(HUNDRED_PERCENT - share.base_percent) // (share.step_percent or HUNDRED_PERCENT)) - prior
    )
    *percents, last = (
        min(HUNDRED_PERCENT, max(floor, share.base_percent + (prior + earlier) * share.step_percent))
        for earlier in range(rising + 1)
    )
    weights = year.reaching(mean, rising)
    borne = sum((weight * percent for weight, percent in zip(weights, percents, strict=True)), Decimal(0))
    return borne + (mean - sum(weights)) * last


def _tows(request: LevelAdviserRequest, tables: CardTables, level: Level, number: Decimal) -> AdviserLine:
    row = tables.assistance[level, Item.TOW]
    covered = row.payer not in ("tariff", "customer")
    whole = number * request.tow_rial
    return _line(YearLine.TOWS, row.clause, whole, Decimal(0) if covered else whole, covered=covered)


def _services(
    request: LevelAdviserRequest, tables: CardTables, level: Level, due: int, covered: int
) -> AdviserLine:
    clause = tables.services[level, Service.PERIODIC_SERVICE].clause
    whole, customer = due * request.service_rial, (due - covered) * request.service_rial
    return _line(YearLine.SERVICES, clause, Decimal(whole), Decimal(customer), covered=covered > 0)


def _covered_services(
    tables: CardTables, table: ServiceTable | None, level: Level, due: tuple[int, ...]
) -> int:
    """How many of the services lie within the level's ceiling; a maker's own table is no card's."""
    cell = tables.services[level, Service.PERIODIC_SERVICE]
    ceiling = cell.value if cell.kind == "limit_km" and _of_the_card(table) else None
    return sum(km <= ceiling for km in due) if ceiling else 0


def _of_the_card(table: ServiceTable | None) -> bool:
    return table is not None and table.document == "emdad"


def _tyres(request: LevelAdviserRequest, tables: CardTables, level: Level) -> AdviserLine:
    after = tables.figures["tyre_replacement_after_km"]
    included = tables.services[level, Service.TYRE_REPLACEMENT].kind == "included"
    covered = included and request.km_a_year >= after.value
    whole = Decimal(request.tyre_set_rial)
    return _line(YearLine.TYRES, after.clause, whole, Decimal(0) if covered else whole, covered=covered)


def _downtime(request: LevelAdviserRequest, tables: CardTables, level: Level) -> AdviserLine:
    cell = tables.services[level, Service.DOWNTIME]
    covered = cell.kind == "daily_rial"
    paid = half_up(Fraction(request.downtime_days_a_year * (cell.value or 0)))
    return AdviserLine(
        kind=YearLine.DOWNTIME, covered=covered, customer_rial=-paid, company_rial=paid, clause=cell.clause
    )


def _line(kind: YearLine, clause: str, whole: Decimal, customer: Decimal, *, covered: bool) -> AdviserLine:
    """The customer's part rounded half up; the company's is the rest of the whole."""
    pays = half_up(Fraction(customer))
    rest = half_up(Fraction(whole)) - pays
    return AdviserLine(kind=kind, covered=covered, customer_rial=pays, company_rial=rest, clause=clause)


# ------------------------------------------------------------------------------------------- the working
def _steps(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, result: LevelAdviserResult
) -> Iterator[Step]:
    """The assumptions, what closes a level, every level's year; at last the first one's figures and lines."""
    yield from _assumptions(request, tables, table, result)
    if request.use == "working":
        yield Step("year_working", tables.citations.working_use, value=True)
    for each in result.refused:
        if each.reason == "too_old":
            yield age_step(each, tables)
    if not result.levels:
        yield Step("no_level_open", tables.citations.working_use, value=False)
        return
    first, *others = result.levels
    for other in reversed(others):
        yield _cost_step(tables, other)
    yield from _figures(request, tables, table, first)
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
    """What the level is ranked by."""
    unpriced, cost = _cost(level)
    return Step(
        "year_cost" if unpriced else "year_total",
        tables.citations.scope,
        cost,
        "rial",
        {"level": level.level},
    )


def _assumptions(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, result: LevelAdviserResult
) -> Iterator[Step]:
    """What was taken for a usual year; nothing for what was not asked."""
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


def _figures(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, level: AdvisedLevel
) -> Iterator[Step]:
    """The booklet's figures that a level's lines rest on."""
    earlier = {
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
            inputs = {"kind": share.kind, "count": earlier[line.kind], "step_percent": share.step_percent}
            yield Step("year_share", share.clause, share.base_percent, "percent", inputs)
    if request.tows_a_year:
        tow = tables.assistance[level.level, Item.TOW]
        yield Step("level_pays", tow.clause, tow.payer, inputs={"level": level.level, "item": Item.TOW})
    ceiling = tables.services[level.level, Service.PERIODIC_SERVICE]
    if table and ceiling.value:
        yield Step("ceiling", ceiling.clause, ceiling.value, "km", {"level": level.level})
    if request.tyre_set_rial:
        after = tables.figures["tyre_replacement_after_km"]
        covered = next(line.covered for line in level.lines if line.kind is YearLine.TYRES)
        inputs = {"km_in_period": request.km_a_year, "after_km": int(after.value)}
        yield Step("tyre_benefit", after.clause, covered, inputs=inputs)
    daily = tables.services[level.level, Service.DOWNTIME]
    if request.downtime_days_a_year and daily.value:
        yield Step("daily_rate", daily.clause, daily.value, "rial_a_day")


def _notices(
    request: LevelAdviserRequest, tables: CardTables, table: ServiceTable | None, result: LevelAdviserResult
) -> Iterator[Notice]:
    """What was assumed and what to confirm."""
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
    if table and request.odometer_km + request.km_a_year > (last := max(table.services)):
        yield Notice("year_table_ends", table.row.clause, params={"last_km": last})
    if request.vehicle and not _of_the_card(table):
        yield Notice("year_without_service_table", tables.citations.scope, "warning")
    if request.downtime_days_a_year:
        yield Notice("year_downtime_of_repairs", tables.citations.downtime)
