"""What the maker owes for the days that a car stands at its dealer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.consumer_law.act import law
from logic.consumer_law.bylaw_in_force import edition_ids, in_force
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import AtMost, Count, Day, Flag, Known, PositiveRial, Request, Result, RialSum, invalid
from logic.core.registry import calculator
from logic.core.rounding import half_up
from logic.datasets.tables import (
    EditionFolder,
    Labelled,
    Row,
    YesNo,
    cached_per_dataset,
    edition_reader,
    scope_clause,
)
from logic.workshop.stay import (
    MAX_STAY_DAYS,
    DayKind,
    StayDay,
    calendar_notices,
    day_steps,
    days_between,
    stay_days,
)
from logic.workshop.workdays import WorkCalendar

HOURS_OF_A_DAY = 24

Period = Literal["warranty", "commitment"]
Basis = Literal["words", "digits"]
Reason = Literal["no_edition", "accident", "substitute_provided", "no_rate_for_class", "no_rule_for_period"]


class RateRow(Row):
    """The part of the contract price for each day; in digits where the print gives two."""

    vehicle_class: Annotated[str, Labelled("vehicle_class")]
    rate: Decimal
    rate_in_digits: Decimal | None = None
    clause: str


class SurchargeRow(Row):
    """What a long stay adds to the daily rate, with the consumer's written consent."""

    vehicle_class: Annotated[str, Labelled("vehicle_class")]
    after_days: int
    rate: Decimal
    clause: str


class GraceRow(Row):
    """Working days that pass before days are paid."""

    period: Period
    working_days: int
    clause: str


class TermsRow(Row):
    """What else a by-law says of a stop: what is added to the warranty, repeats, payment."""

    extension: Literal["whole_stay", "after_grace"]
    extension_clause: str
    repeat_at_any_dealer: YesNo
    repeat_clause: str
    accident_clause: str
    substitute_clause: str
    pay_below_days: int | None = None
    pay_clause: str | None = None


@dataclass(frozen=True, eq=False)
class StopTables:
    """The stop rules of one by-law."""

    edition: str
    rates: Mapping[str, RateRow]
    surcharges: Mapping[str, SurchargeRow]
    grace: Mapping[Period, GraceRow]
    terms: TermsRow


@edition_reader("bylaw")
def stop_tables(folder: EditionFolder) -> StopTables:
    """The stop rules; ask them with the day of the stop."""
    terms = folder.rows("stop_terms", TermsRow)
    if len(terms) != 1:
        raise folder.error("stop_terms.csv", None, None, "has not exactly one row")
    return StopTables(
        edition=folder.edition.id,
        rates=folder.rows_by_key("stop_rates", RateRow, lambda row: row.vehicle_class),
        surcharges=folder.rows_by_key("stop_surcharges", SurchargeRow, lambda row: row.vehicle_class),
        grace=folder.rows_by_key("stop_grace", GraceRow, lambda row: row.period),
        terms=terms[0],
    )


@cached_per_dataset
def vehicle_classes() -> Mapping[str, None]:
    """Return the classes of vehicle for which a by-law prints a daily rate, of every edition."""
    return dict.fromkeys(name for rules in stop_tables.editions() for name in rules.rates)


VehicleClass = Annotated[str, Known(vehicle_classes, lists_ids=True)]


class StopCompensationRequest(Request):
    """The vehicle, its contract price, and the stay: by its days, or by the days to be paid."""

    vehicle_class: VehicleClass
    contract_price_rial: PositiveRial
    admitted_on: Day | None = None
    ready_on: Day | None = None
    period: Period = "warranty"
    repeat_defect: Flag = False
    same_dealer: Flag = True
    standard_days: Count | None = None
    """Working days that the approved standard time, or an agreement in writing, gives the repair."""
    cause: Literal["defect", "accident", "accident_from_defect"] = "defect"
    substitute_provided: Flag = False
    written_consent: Flag = False
    holidays: Annotated[tuple[Day, ...], AtMost(MAX_STAY_DAYS)] | None = None
    """In place of the national calendar; Fridays rest in any case."""
    thursday_works: Flag | None = None
    payable_days: Count | None = None
    edition: Annotated[str, Known(edition_ids)] | None = None
    basis: Basis = "words"

    @model_validator(mode="after")
    def _stay_is_known(self) -> Self:
        if (self.admitted_on is None) != (self.ready_on is None):
            raise invalid("ready_on" if self.admitted_on else "admitted_on", "required")
        if self.admitted_on is None and self.payable_days is None:
            raise invalid("admitted_on", "required")
        if self.admitted_on is None and self.edition is None:
            raise invalid("edition", "required")
        if self.admitted_on and self.ready_on and self.ready_on < self.admitted_on:
            raise invalid("ready_on", "before_admission")
        if self.admitted_on and self.ready_on and (self.ready_on - self.admitted_on).days > MAX_STAY_DAYS:
            raise invalid("ready_on", "stay_too_long", limit=MAX_STAY_DAYS)
        return self


class StopCompensationResult(Result):
    """The days to be paid, their rials, and the days added to the warranty."""

    edition: str | None
    reason: Reason | None
    payable_days: int | None
    amount_rial: RialSum | None
    warranty_extension_days: int | None
    days: tuple[StayDay, ...]


@dataclass(frozen=True)
class _Reading:
    """How the open places are read: A-11, A-13, A-31."""

    digits: bool = False
    shorter_grace: bool = False
    admission_counts: bool = False
    surcharge_without_consent: bool = False
    other_extension: bool = False


@calculator
def stop_compensation(request: StopCompensationRequest) -> Answer[StopCompensationResult]:
    """The daily part of the contract price × the days after the grace (by-law of 1395, 17-18; older, 9-13).

    The grace is two working days in the warranty, seven in the commitment, or the standard time where longer;
    admission is day 0. After it every day counts, holidays too, to the day on which the car is ready. A
    defect that came back counts from admission. Heavy vehicles: a supplement after 30 paid days with
    written consent. The by-law of the day of admission answers. Rials, rounded half up, once. Readings
    A-11, A-12, A-13 and A-31. Left out: further damages (article 3 of the act).
    """
    rules = _rules(request)
    if rules is None:
        return Answer(
            _no_result(None, "no_edition"),
            (Step("no_edition", scope_clause("bylaw", request.admitted_on), value=False),),
        )
    chosen = _Reading(digits=request.basis == "digits")
    steps: list[Step] = []
    result = _calculate(request, rules, chosen, steps)
    alternatives: list[Alternative] = []
    for name, reading, clause in _readings(request, rules):
        other = _calculate(request, rules, reading, [])
        alternatives += Alternative.where_different(name, clause, result, other)
    later = _successor_bylaw(request, rules)
    if later:
        other = _calculate(request, later, chosen, [])
        clause = later.terms.extension_clause
        alternatives += Alternative.where_different("A-12", clause, result, other)
    notices = _notices(request, rules, later, result)
    return Answer(result, tuple(steps), tuple(notices), tuple(alternatives))


def _rules(request: StopCompensationRequest) -> StopTables | None:
    if request.edition is None:
        return stop_tables(request.admitted_on)
    return next(rules for rules in stop_tables.editions() if rules.edition == request.edition)


def _successor_bylaw(request: StopCompensationRequest, rules: StopTables) -> StopTables | None:
    """The by-law that came into force while the car stood there."""
    at_the_end = stop_tables(request.ready_on) if request.ready_on and not request.edition else rules
    return at_the_end if at_the_end and at_the_end.edition != rules.edition else None


def _readings(request: StopCompensationRequest, rules: StopTables) -> Iterator[tuple[str, _Reading, str]]:
    """The other readings that can concern this stay."""
    rate = rules.rates.get(request.vehicle_class)
    digits = request.basis == "digits"
    if rate and rate.rate_in_digits is not None:
        yield "A-11", _Reading(digits=not digits), rate.clause
    grace = rules.grace.get(request.period)
    if grace and request.admitted_on:
        if request.standard_days is not None:
            yield "A-13", _Reading(digits=digits, shorter_grace=True), grace.clause
        yield "A-13", _Reading(digits=digits, admission_counts=True), grace.clause
    surcharge = rules.surcharges.get(request.vehicle_class)
    if surcharge and not request.written_consent:
        yield "A-13", _Reading(digits=digits, surcharge_without_consent=True), surcharge.clause
    yield "A-31", _Reading(digits=digits, other_extension=True), rules.terms.extension_clause


def _calculate(
    request: StopCompensationRequest, rules: StopTables, reading: _Reading, steps: list[Step]
) -> StopCompensationResult:
    days = _days(request, rules, reading)
    counted = sum(day.kind in ("counted", "completion") for day in days)
    steps += day_steps(days, partial(_clause_of, rules, request.period))
    extension = _extension(request, rules, reading, counted)
    refusal = next(_refusals(request, rules), None)
    if refusal:
        reason, clause = refusal
        steps.append(Step("stop_not_paid", clause, value=False))
        return _no_result(rules.edition, reason, extension, days)
    payable = counted if request.payable_days is None else request.payable_days
    rate = rules.rates[request.vehicle_class]
    daily = rate.rate_in_digits if reading.digits and rate.rate_in_digits is not None else rate.rate
    paid = Fraction(daily) * payable
    steps.append(Step("payable_days", _count_clause(request, rules), payable, "day"))
    steps.append(Step("stop_rate", rate.clause, daily, inputs={"vehicle_class": request.vehicle_class}))
    surcharge = rules.surcharges.get(request.vehicle_class)
    if surcharge and (request.written_consent or reading.surcharge_without_consent):
        over = max(0, payable - surcharge.after_days)
        paid += Fraction(surcharge.rate) * over
        inputs = {"days": over, "after": surcharge.after_days}
        steps.append(Step("stop_surcharge", surcharge.clause, surcharge.rate, inputs=inputs))
    amount = half_up(request.contract_price_rial * paid)
    if extension is not None:
        steps.append(Step("warranty_extension", rules.terms.extension_clause, extension, "day"))
    price = {"price_rial": request.contract_price_rial, "days": payable}
    steps.append(
        Step(
            "stop_price",
            law.nearest(request.admitted_on).citations.contract_price,
            request.contract_price_rial,
            "rial",
        )
    )
    steps.append(Step("stop_amount", rate.clause, amount, "rial", price))
    return StopCompensationResult(
        edition=rules.edition,
        reason=None,
        payable_days=payable,
        amount_rial=amount,
        warranty_extension_days=extension,
        days=days,
    )


def _refusals(request: StopCompensationRequest, rules: StopTables) -> Iterator[tuple[Reason, str]]:
    if request.cause == "accident":
        yield "accident", rules.terms.accident_clause
    if request.substitute_provided:
        yield "substitute_provided", rules.terms.substitute_clause
    if request.period not in rules.grace:
        yield "no_rule_for_period", rules.terms.substitute_clause
    if request.vehicle_class not in rules.rates:
        yield "no_rate_for_class", rules.terms.accident_clause


def _repeats(request: StopCompensationRequest, rules: StopTables) -> bool:
    """Whether the defect came back where the by-law counts it."""
    return request.repeat_defect and (request.same_dealer or rules.terms.repeat_at_any_dealer)


def _count_clause(request: StopCompensationRequest, rules: StopTables) -> str:
    return rules.terms.repeat_clause if _repeats(request, rules) else rules.grace[request.period].clause


def _days(request: StopCompensationRequest, rules: StopTables, reading: _Reading) -> tuple[StayDay, ...]:
    """What each day of the stay is: admission, grace, counted, completion."""
    grace = rules.grace.get(request.period)
    if request.admitted_on is None or request.ready_on is None or grace is None:
        return ()
    given = None if request.holidays is None else frozenset(request.holidays)
    calendar = WorkCalendar(given, request.thursday_works)
    needed = grace.working_days
    if request.standard_days is not None:
        needed = (min if reading.shorter_grace else max)(needed, request.standard_days)
    last_grace = None if _repeats(request, rules) else _last_grace(request, calendar, needed, reading)

    def kind(day: date) -> DayKind:
        if last_grace is not None and day == request.admitted_on:
            return "admission"
        if last_grace is not None and day <= last_grace:
            return "grace"
        return "completion" if day == request.ready_on else "counted"

    return stay_days(request.admitted_on, request.ready_on, calendar, kind)


def _last_grace(
    request: StopCompensationRequest, calendar: WorkCalendar, needed: int, reading: _Reading
) -> date:
    """The last day of the grace: so many working days, the admission being day 0, or the ready day."""
    assert request.admitted_on is not None  # noqa: S101 - asked only for stays with dates
    assert request.ready_on is not None  # noqa: S101
    passed, last = 0, request.admitted_on
    for day in days_between(request.admitted_on, request.ready_on):
        if passed >= needed:
            break
        if day != request.admitted_on or reading.admission_counts:
            passed += calendar.is_working_day(day)
        last = day
    return last


def _clause_of(rules: StopTables, period: Period, _kind: DayKind) -> str:
    return rules.grace[period].clause


def _extension(
    request: StopCompensationRequest, rules: StopTables, reading: _Reading, counted: int
) -> int | None:
    """The days added to the warranty; null without dates, none after an accident (A-31)."""
    if request.cause == "accident":
        return 0
    if request.admitted_on is None or request.ready_on is None or request.period not in rules.grace:
        return None
    whole = (rules.terms.extension == "whole_stay") != reading.other_extension
    return (request.ready_on - request.admitted_on).days if whole else counted


def _notices(
    request: StopCompensationRequest,
    rules: StopTables,
    later: StopTables | None,
    result: StopCompensationResult,
) -> Iterator[Notice]:
    given = request.holidays is not None
    yield from calendar_notices(result.days, rules.terms.substitute_clause, given=given)
    if later:
        begins = in_force(request.ready_on)
        day = begins.holds_from if begins else None
        yield Notice("stay_crosses_bylaws", later.terms.extension_clause, "warning", {"from": day})
    if request.admitted_on and request.ready_on and result.reason != "accident":
        act = law(request.admitted_on)
        hours = (request.ready_on - request.admitted_on).days * HOURS_OF_A_DAY
        above = act.figures["substitute_above_hours"] if act else None
        if above and hours > above.value and not request.substitute_provided:
            yield Notice("law_gives_a_substitute_car", above.clause, "info", {"hours": int(above.value)})
    if result.amount_rial and rules.terms.pay_below_days and rules.terms.pay_clause:
        days = {"days": rules.terms.pay_below_days}
        yield Notice("stop_payment_is_due", rules.terms.pay_clause, "info", days)
    surcharge = rules.surcharges.get(request.vehicle_class)
    if surcharge and (result.payable_days or 0) > surcharge.after_days and not request.written_consent:
        yield Notice("consent_brings_more", surcharge.clause, "warning", {"days": surcharge.after_days})


def _no_result(
    edition: str | None,
    reason: Reason,
    extension: int | None = None,
    days: tuple[StayDay, ...] = (),
) -> StopCompensationResult:
    return StopCompensationResult(
        edition=edition,
        reason=reason,
        payable_days=None,
        amount_rial=None,
        warranty_extension_days=extension,
        days=days,
    )
