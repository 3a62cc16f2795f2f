"""The compensation that the maker owes for the days that a car is in the workshop."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.consumer_law.act import act_tables
from logic.consumer_law.bylaw_in_force import bylaw_edition, bylaw_ids
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import AtMost, Count, Day, Flag, Known, PositiveRial, Request, Result, RialSum, invalid
from logic.core.registry import calculator
from logic.core.rounding import half_up
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import EditionFolder, Labelled, Row, YesNo, edition_reader, scope_clause
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

HOURS_PER_DAY = 24

Period = Literal["warranty", "commitment"]
Basis = Literal["words", "digits"]
Reason = Literal["no_edition", "accident", "substitute_provided", "no_rate_for_class", "no_rule_for_period"]


class RateRow(Row):
    """The fraction of the contract price for each day. The older by-law prints another in digits (A-11)."""

    vehicle_class: Annotated[str, Labelled("vehicle_class")]
    rate: Decimal
    rate_in_digits: Decimal | None = None
    clause: str


class SurchargeRow(Row):
    """What a long stay adds to the daily rate if the consumer has consented in writing."""

    vehicle_class: Annotated[str, Labelled("vehicle_class")]
    after_days: int
    rate: Decimal
    clause: str


class GraceRow(Row):
    """Working days of grace before days are paid."""

    period: Period
    working_days: int
    clause: str


class TermsRow(Row):
    """Other terms of a by-law: extension of the warranty, repeated defects, payment."""

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
    """The rules of one by-law about stays in the workshop."""

    edition: str
    rates: Mapping[str, RateRow]
    surcharges: Mapping[str, SurchargeRow]
    grace: Mapping[Period, GraceRow]
    terms: TermsRow


@edition_reader("bylaw")
def stop_tables(folder: EditionFolder) -> StopTables:
    """Read the rules about stays in the workshop. The day of admission selects the by-law."""
    terms = folder.rows("stop_terms", TermsRow)
    if len(terms) != 1:
        raise folder.error("stop_terms.csv", None, None, "must have exactly one row")
    return StopTables(
        edition=folder.edition.id,
        rates=folder.rows_by_key("stop_rates", RateRow, lambda row: row.vehicle_class),
        surcharges=folder.rows_by_key("stop_surcharges", SurchargeRow, lambda row: row.vehicle_class),
        grace=folder.rows_by_key("stop_grace", GraceRow, lambda row: row.period),
        terms=terms[0],
    )


@cached_per_dataset
def vehicle_classes() -> Mapping[str, None]:
    """Return the vehicle classes for which a by-law states a daily rate, of every edition."""
    return dict.fromkeys(name for rules in stop_tables.editions() for name in rules.rates)


VehicleClass = Annotated[str, Known(vehicle_classes, lists_ids=True)]


class StopCompensationRequest(Request):
    """The vehicle, its contract price, and the stay by its dates or by the days to be paid."""

    vehicle_class: VehicleClass
    contract_price_rial: PositiveRial
    admitted_on: Day | None = None
    """Selects the edition, unless ``edition`` names it."""
    ready_on: Day | None = None
    period: Period = "warranty"
    repeat_defect: Flag = False
    same_dealer: Flag = True
    standard_days: Count | None = None
    """Working days of the approved standard time of the repair, or agreed in writing."""
    cause: Literal["defect", "accident", "accident_from_defect"] = "defect"
    substitute_provided: Flag = False
    written_consent: Flag = False
    holidays: Annotated[tuple[Day, ...], AtMost(MAX_STAY_DAYS)] | None = None
    """Holidays that replace the national calendar. Fridays are always days of rest."""
    thursday_works: Flag | None = None
    payable_days: Count | None = None
    edition: Annotated[str, Known(bylaw_ids)] | None = None
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
    reason: Reason | None = None
    payable_days: int | None = None
    amount_rial: RialSum | None = None
    warranty_extension_days: int | None = None
    days: tuple[StayDay, ...] = ()


@dataclass(frozen=True)
class _Reading:
    """How ambiguous clauses are read: the rate (A-11), grace and surcharge (A-13), the extension (A-31)."""

    digits: bool = False
    shorter_grace: bool = False
    admission_counts: bool = False
    surcharge_without_consent: bool = False
    other_extension: bool = False


@calculator
def stop_compensation(request: StopCompensationRequest) -> Answer[StopCompensationResult]:
    """Return the compensation for days in the workshop: contract price × daily rate × payable days.

    The grace is two working days in the warranty period and seven in the commitment period, or the standard
    time of the repair if that is longer; admission is day 0. After the grace every day counts, including
    holidays, until the day on which the car is ready. For a repeated defect days count from admission.
    Heavy vehicles: a surcharge after 30 paid days, with written consent. The by-law of the day of admission
    applies. Rials, rounded half up, once. Alternatives: A-11, A-12, A-13 and A-31. Not covered: further
    damages (act, article 3). Source: by-law of 1395, articles 17 and 18; by-law of 1389, articles 9 to 13.
    """
    rules = _rules_for(request)
    if rules is None:
        clause = scope_clause("bylaw", request.admitted_on)
        return Answer(_no_result(None, "no_edition"), (Step("no_edition", clause, value=False),))
    main_reading = _Reading(digits=request.basis == "digits")
    result, steps = _calculate(request, rules, main_reading)
    alternatives: list[Alternative] = []
    for reading_id, reading, clause in _readings(request, rules):
        alternative_result, _ = _calculate(request, rules, reading)
        alternatives += Alternative.where_different(reading_id, clause, result, alternative_result)
    successor = _successor_bylaw(request, rules)
    if successor:
        alternative_result, _ = _calculate(request, successor, main_reading)
        clause = successor.terms.extension_clause
        alternatives += Alternative.where_different("A-12", clause, result, alternative_result)
    notices = _notices(request, rules, successor, result)
    return Answer(result, steps, tuple(notices), tuple(alternatives))


def _rules_for(request: StopCompensationRequest) -> StopTables | None:
    """Return the rules of the requested by-law, or of the one in force on the day of admission."""
    if request.edition is None:
        return stop_tables(request.admitted_on)
    return next(rules for rules in stop_tables.editions() if rules.edition == request.edition)


def _successor_bylaw(request: StopCompensationRequest, rules: StopTables) -> StopTables | None:
    """Return the by-law that came into force during the stay."""
    if request.edition or request.ready_on is None:
        return None
    last_rules = stop_tables(request.ready_on)
    return last_rules if last_rules and last_rules.edition != rules.edition else None


def _readings(request: StopCompensationRequest, rules: StopTables) -> Iterator[tuple[str, _Reading, str]]:
    """Yield the alternative readings that can change this answer: id, reading, clause."""
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
    request: StopCompensationRequest, rules: StopTables, reading: _Reading
) -> tuple[StopCompensationResult, tuple[Step, ...]]:
    """Return the result of one reading and the working."""
    days = _classified_days(request, rules, reading)
    counted_days = sum(day.kind in ("counted", "completion") for day in days)
    steps = [*day_steps(days, partial(_day_clause, rules, request.period))]
    extension_days = _extension_days(request, rules, reading, counted_days)
    refusal = next(_refusals(request, rules), None)
    if refusal:
        reason, clause = refusal
        steps.append(Step("stop_not_paid", clause, value=False))
        return _no_result(rules.edition, reason, extension_days, days), tuple(steps)
    payable_days = counted_days if request.payable_days is None else request.payable_days
    row = rules.rates[request.vehicle_class]
    rate = row.rate_in_digits if reading.digits and row.rate_in_digits is not None else row.rate
    price_fraction = Fraction(rate) * payable_days
    steps.append(Step("payable_days", _count_clause(request, rules), payable_days, "day"))
    steps.append(Step("stop_rate", row.clause, rate, inputs={"vehicle_class": request.vehicle_class}))
    surcharge = rules.surcharges.get(request.vehicle_class)
    if surcharge and (request.written_consent or reading.surcharge_without_consent):
        extra_days = max(0, payable_days - surcharge.after_days)
        price_fraction += Fraction(surcharge.rate) * extra_days
        inputs = {"days": extra_days, "after": surcharge.after_days}
        steps.append(Step("stop_surcharge", surcharge.clause, surcharge.rate, inputs=inputs))
    if extension_days is not None:
        steps.append(Step("warranty_extension", rules.terms.extension_clause, extension_days, "day"))
    price_rial = request.contract_price_rial
    price_clause = act_tables.nearest(request.admitted_on).citations.contract_price
    steps.append(Step("stop_price", price_clause, price_rial, "rial"))
    amount_rial = half_up(price_rial * price_fraction)
    inputs = {"price_rial": price_rial, "days": payable_days}
    steps.append(Step("stop_amount", row.clause, amount_rial, "rial", inputs))
    result = StopCompensationResult(
        edition=rules.edition,
        payable_days=payable_days,
        amount_rial=amount_rial,
        warranty_extension_days=extension_days,
        days=days,
    )
    return result, tuple(steps)


def _refusals(request: StopCompensationRequest, rules: StopTables) -> Iterator[tuple[Reason, str]]:
    """Yield the reasons for a refusal with their clauses."""
    if request.cause == "accident":
        yield "accident", rules.terms.accident_clause
    if request.substitute_provided:
        yield "substitute_provided", rules.terms.substitute_clause
    if request.period not in rules.grace:
        yield "no_rule_for_period", rules.terms.substitute_clause
    if request.vehicle_class not in rules.rates:
        yield "no_rate_for_class", rules.terms.accident_clause


def _is_repeated_defect(request: StopCompensationRequest, rules: StopTables) -> bool:
    """Return whether the defect is a repeated one by the by-law, which may require the same dealer."""
    return request.repeat_defect and (request.same_dealer or rules.terms.repeat_at_any_dealer)


def _count_clause(request: StopCompensationRequest, rules: StopTables) -> str:
    """Return the clause that decides when days begin to count."""
    if _is_repeated_defect(request, rules):
        return rules.terms.repeat_clause
    return rules.grace[request.period].clause


def _classified_days(
    request: StopCompensationRequest, rules: StopTables, reading: _Reading
) -> tuple[StayDay, ...]:
    """Return the days of the stay: admission, grace, counted, completion; none without dates."""
    grace = rules.grace.get(request.period)
    if request.admitted_on is None or request.ready_on is None or grace is None:
        return ()
    holidays = None if request.holidays is None else frozenset(request.holidays)
    calendar = WorkCalendar(holidays, request.thursday_works)
    grace_days = grace.working_days
    if request.standard_days is not None:
        grace_days = (min if reading.shorter_grace else max)(grace_days, request.standard_days)
    if _is_repeated_defect(request, rules):
        last_grace_day = None
    else:
        last_grace_day = _last_grace_day(request, calendar, grace_days, reading)

    def day_kind(day: date) -> DayKind:
        if last_grace_day is not None and day == request.admitted_on:
            return "admission"
        if last_grace_day is not None and day <= last_grace_day:
            return "grace"
        return "completion" if day == request.ready_on else "counted"

    return stay_days(request.admitted_on, request.ready_on, calendar, day_kind)


def _last_grace_day(
    request: StopCompensationRequest, calendar: WorkCalendar, grace_days: int, reading: _Reading
) -> date:
    """Return the last day of the grace, at most the ready day.

    Admission is day 0, unless the reading counts it as a working day.
    """
    assert request.admitted_on is not None  # noqa: S101 - the caller checks both dates
    assert request.ready_on is not None  # noqa: S101
    working_days, last_day = 0, request.admitted_on
    for day in days_between(request.admitted_on, request.ready_on):
        if working_days >= grace_days:
            break
        if day != request.admitted_on or reading.admission_counts:
            working_days += calendar.is_working_day(day)
        last_day = day
    return last_day


def _day_clause(rules: StopTables, period: Period, _kind: DayKind) -> str:
    return rules.grace[period].clause


def _extension_days(
    request: StopCompensationRequest, rules: StopTables, reading: _Reading, counted_days: int
) -> int | None:
    """Return the days added to the warranty (A-31): 0 after an accident, None without dates."""
    if request.cause == "accident":
        return 0
    if request.admitted_on is None or request.ready_on is None or request.period not in rules.grace:
        return None
    is_whole_stay = (rules.terms.extension == "whole_stay") != reading.other_extension
    return (request.ready_on - request.admitted_on).days if is_whole_stay else counted_days


def _notices(
    request: StopCompensationRequest,
    rules: StopTables,
    successor: StopTables | None,
    result: StopCompensationResult,
) -> Iterator[Notice]:
    has_holidays = request.holidays is not None
    yield from calendar_notices(result.days, rules.terms.substitute_clause, request_has_holidays=has_holidays)
    if successor:
        edition = bylaw_edition(request.ready_on)
        params = {"from": edition.valid_from if edition else None}
        yield Notice("stay_crosses_bylaws", successor.terms.extension_clause, "warning", params)
    in_warranty = request.period == "warranty"
    if in_warranty and request.admitted_on and request.ready_on and result.reason != "accident":
        act = act_tables(request.admitted_on)
        hours = (request.ready_on - request.admitted_on).days * HOURS_PER_DAY
        limit = act.figures["substitute_above_hours"] if act else None
        if limit and hours > limit.value and not request.substitute_provided:
            yield Notice("law_gives_a_substitute_car", limit.clause, "info", {"hours": int(limit.value)})
    if result.amount_rial and rules.terms.pay_below_days and rules.terms.pay_clause:
        limit_days = {"days": rules.terms.pay_below_days}
        yield Notice("stop_payment_is_due", rules.terms.pay_clause, "info", limit_days)
    surcharge = rules.surcharges.get(request.vehicle_class)
    if surcharge and (result.payable_days or 0) > surcharge.after_days and not request.written_consent:
        yield Notice("consent_brings_more", surcharge.clause, "warning", {"days": surcharge.after_days})


def _no_result(
    edition: str | None,
    reason: Reason,
    extension_days: int | None = None,
    days: tuple[StayDay, ...] = (),
) -> StopCompensationResult:
    return StopCompensationResult(
        edition=edition,
        reason=reason,
        warranty_extension_days=extension_days,
        days=days,
    )
