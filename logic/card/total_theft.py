"""What the subscriber pays for a new car after a total theft, and when to act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from logic.card.settlement import payment_steps, surplus_notices
from logic.card.subscriber_share import DocumentId
from logic.card.tables import (
    MAX_EXCLUSIONS,
    AgeCoefficient,
    CardTables,
    ExclusionId,
    ExclusionRow,
    card_tables,
    no_edition,
    require_exclusions,
)
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.jalali import add_months, add_years
from logic.core.models import (
    AtMost,
    Day,
    Flag,
    JalaliText,
    Level,
    Number,
    Percent,
    PositiveRial,
    Request,
    Result,
    RialSum,
    invalid,
)
from logic.core.registry import calculator
from logic.core.rounding import half_up, percent_of

HALF_YEAR_MONTHS = 6

Refusal = Literal["no_edition", "level_has_no_such_cover", "too_old"]
CoefficientColumn = Literal["coefficient", "by_halves", "reversed"]


class TotalTheftRequest(Request):
    """The new prices of the stolen and the requested car, and the age of the stolen car by dates or year."""

    level: Level
    zero_km_price_rial: PositiveRial
    requested_price_rial: PositiveRial
    delivered_on: Day | None = None
    stolen_on: Day | None = None
    reported_on: Day | None = None
    """The day of the report to the police, when the file is opened. Default: the day of the theft."""
    model_year_changed: Flag = False
    negligent: Flag = False
    """The car was left with the engine running or the key inside."""
    exclusions: Annotated[tuple[ExclusionId, ...], AtMost(MAX_EXCLUSIONS)] = ()
    car_year: Annotated[int, Field(ge=1, le=10, strict=True)] | None = None
    half: Annotated[int, Field(ge=1, le=2, strict=True)] | None = None
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _age_is_known_once(self) -> Self:
        if (self.car_year is None) != (self.delivered_on is not None and self.stolen_on is not None):
            raise invalid("car_year", "age_or_dates")
        if (self.car_year == 1) != (self.half is not None):
            raise invalid("half", "half_of_first_year")
        if self.delivered_on and self.stolen_on and self.stolen_on < self.delivered_on:
            raise invalid("stolen_on", "before_start")
        if self.stolen_on and self.reported_on and self.reported_on < self.stolen_on:
            raise invalid("reported_on", "before_start")
        require_exclusions(self.exclusions, self.started_on)
        return self


class TotalTheftResult(Result):
    """The coefficient, the values, the share and the dates. Money is null in a refusal."""

    edition: str | None
    covered: bool = False
    reason: Refusal | ExclusionId | None = None
    age_coefficient: Number | None = None
    value_before_rial: RialSum | None = None
    share_percent: Percent | None = None
    share_rial: RialSum | None = None
    customer_pays_rial: RialSum | None = None
    notice_after: JalaliText | None = None
    """The newspaper notice is published after this day; null without the day of the theft."""
    letter_after: JalaliText | None = None
    """The letter for the new car is issued after this day; null without the day of the theft."""
    documents: tuple[DocumentId, ...] = ()


@dataclass(frozen=True)
class _Reading:
    """How Table 5 (A-1, A-33) and the damaged clauses of section 5 (A-3) are read."""

    column: CoefficientColumn = "coefficient"
    age_on_theft_day: bool = False
    relative_negligence: bool = False
    difference_twice: bool = False


@calculator
def total_theft(request: TotalTheftRequest) -> Answer[TotalTheftResult]:
    """Return what the subscriber pays for a new car: share + its price - value of the stolen car.

    The value is the new price of the stolen car × the coefficient for its age on the day of the report
    (Table 5). The share is 20 % of that new price at every level (Table 4), plus 10 points for negligence
    (5-2-1). The notice is published after day 20 from the theft, the letter issued after day 60 from the
    report. Rials, each amount rounded half up, once. Alternatives: A-1, A-3 and A-33. Not covered: the cost
    of transferring the title, which the subscriber pays. Source: part 3, 5-1-6 and 5-2-1; Tables 4 and 5.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        return Answer(_not_covered(request, None, "no_edition"), (no_edition(request.started_on),))
    refusal = next(_refusals(request, tables), None)
    if refusal:
        reason, clause = refusal
        step = Step("theft_not_covered", clause, value=False)
        return Answer(_not_covered(request, tables, reason), (step, *_date_steps(request, tables)))
    result, steps = _calculate(request, tables, _Reading())
    alternatives: list[Alternative] = []
    for reading_id, reading, clause in _readings(request, tables):
        if reading.age_on_theft_day and _age(request, on_theft_day=True) == _age(request):
            continue
        alternative_result, _ = _calculate(request, tables, reading)
        found = Alternative.where_different(reading_id, clause, result, alternative_result)
        alternatives += (alternative for alternative in found if alternative not in alternatives)
    notices = (*_notices(request, tables), *surplus_notices(steps))
    return Answer(result, steps, notices, tuple(alternatives))


def _refusals(request: TotalTheftRequest, tables: CardTables) -> Iterator[tuple[Refusal | ExclusionId, str]]:
    """Yield the reasons for a refusal with their clauses."""
    if (request.level, "total_theft") not in tables.shares:
        yield "level_has_no_such_cover", tables.citations.level_table
    for exclusion in request.exclusions:
        row = tables.exclusions[exclusion]
        if _concerns_total_theft(row):
            yield exclusion, row.clause
    if _coefficient_row(request, tables, _Reading()) is None:
        yield "too_old", tables.citations.age_table


def _readings(request: TotalTheftRequest, tables: CardTables) -> Iterator[tuple[str, _Reading, str]]:
    """Yield the alternative readings: id, reading, clause."""
    yield "A-1", _Reading(column="by_halves"), tables.citations.age_table
    yield "A-1", _Reading(column="reversed"), tables.citations.age_table
    if request.negligent:
        yield "A-3", _Reading(relative_negligence=True), tables.citations.negligence
    yield "A-3", _Reading(difference_twice=True), tables.citations.theft_settlement
    yield "A-33", _Reading(age_on_theft_day=True), tables.citations.age_table


def _calculate(
    request: TotalTheftRequest, tables: CardTables, reading: _Reading
) -> tuple[TotalTheftResult, tuple[Step, ...]]:
    """Return the result of one reading and the working."""
    row = _coefficient_row(request, tables, reading)
    # A car that has no row on the day of the report is refused; on the day of the theft it is not older.
    assert row is not None  # noqa: S101
    coefficient = getattr(row, reading.column) or row.coefficient
    car_year, half, _ = _age(request, on_theft_day=reading.age_on_theft_day)
    price_rial = request.zero_km_price_rial
    value_rial = price_rial * Fraction(coefficient)
    share_percent, share_steps = _share_percent(request, tables, reading)
    share_rial = percent_of(share_percent, price_rial)
    difference_rial = request.requested_price_rial - value_rial
    remainder_rial = half_up(share_rial + difference_rial * (2 if reading.difference_twice else 1))
    age = {"car_year": car_year, "half": half}
    clause = tables.shares[request.level, "total_theft"].clause
    inputs = {"requested_price_rial": request.requested_price_rial, "value_before_rial": half_up(value_rial)}
    pays_rial, payment = payment_steps(
        "theft_pays", tables.citations.theft_settlement, remainder_rial, inputs
    )
    steps = (
        Step("age_coefficient", row.clause, coefficient, inputs=age),
        Step("value_before", row.clause, half_up(value_rial), "rial", {"price_rial": price_rial}),
        *share_steps,
        Step("theft_share", clause, half_up(share_rial), "rial", {"percent": share_percent}),
        *_date_steps(request, tables),
        *payment,
    )
    notice_after, letter_after = _waiting_periods_end(request, tables)
    result = TotalTheftResult(
        edition=tables.edition,
        covered=True,
        age_coefficient=coefficient,
        value_before_rial=half_up(value_rial),
        share_percent=share_percent,
        share_rial=half_up(share_rial),
        customer_pays_rial=pays_rial,
        notice_after=notice_after,
        letter_after=letter_after,
        documents=tables.documents_for("total_theft", first_year=car_year == 1),
    )
    return result, steps


def _share_percent(
    request: TotalTheftRequest, tables: CardTables, reading: _Reading
) -> tuple[int, tuple[Step, ...]]:
    """Return the flat share, plus the points for negligence, and the working. Earlier events add nothing."""
    share, negligence = tables.shares[request.level, "total_theft"], tables.figures["negligence_percent"]
    steps = [Step("base_share", share.clause, share.base_percent, "percent", {"kind": "total_theft"})]
    percent = share.base_percent
    if request.negligent:
        is_relative = reading.relative_negligence
        points = int(percent_of(negligence.value, percent) if is_relative else negligence.value)
        steps.append(Step("negligence", negligence.clause, points, "percent"))
        percent += points
    return percent, tuple(steps)


def _age(request: TotalTheftRequest, *, on_theft_day: bool = False) -> tuple[int, int | None, bool]:
    """Return the year of the car's life, the half of year one, and whether the model year has changed."""
    if request.car_year or request.delivered_on is None:
        return request.car_year or 0, request.half, request.model_year_changed
    day = request.stolen_on if on_theft_day else request.reported_on or request.stolen_on
    year = 1
    while day and add_years(request.delivered_on, year) <= day:
        year += 1
    if year > 1:
        return year, None, request.model_year_changed
    is_second_half = day is not None and add_months(request.delivered_on, HALF_YEAR_MONTHS) <= day
    return 1, 2 if is_second_half else 1, request.model_year_changed


def _coefficient_row(
    request: TotalTheftRequest, tables: CardTables, reading: _Reading
) -> AgeCoefficient | None:
    """Return the row of Table 5 for the age of the car; None if the car is too old."""
    car_year, half, changed = _age(request, on_theft_day=reading.age_on_theft_day)
    for row in tables.ages:
        is_half, is_model_year = row.half in (None, half), row.model_year_changed in (None, changed)
        if row.car_year == car_year and is_half and is_model_year:
            return row
    return None


def _waiting_periods_end(request: TotalTheftRequest, tables: CardTables) -> tuple[date | None, date | None]:
    """Return the days after which the notice is published and the letter issued."""
    if request.stolen_on is None:
        return None, None
    notice, letter = tables.figures["theft_notice_after"], tables.figures["theft_letter_after"]
    reported_on = request.reported_on or request.stolen_on
    return (
        request.stolen_on + timedelta(days=int(notice.value)),
        reported_on + timedelta(days=int(letter.value)),
    )


def _date_steps(request: TotalTheftRequest, tables: CardTables) -> Iterator[Step]:
    days = _waiting_periods_end(request, tables)
    for key, day in zip(("theft_notice_after", "theft_letter_after"), days, strict=True):
        if day:
            figure = tables.figures[key]
            yield Step(key, figure.clause, day, inputs={"days": int(figure.value)})


def _notices(request: TotalTheftRequest, tables: CardTables) -> Iterator[Notice]:
    yield Notice("transfer_costs_are_yours", tables.citations.theft_settlement)
    yield Notice("police_file_is_required", tables.citations.theft_report, "warning")
    if request.delivered_on is None:
        yield Notice("years_from_delivery", tables.citations.age_table)


def _not_covered(
    request: TotalTheftRequest, tables: CardTables | None, reason: Refusal | ExclusionId
) -> TotalTheftResult:
    notice_after, letter_after = _waiting_periods_end(request, tables) if tables else (None, None)
    return TotalTheftResult(
        edition=tables.edition if tables else None,
        reason=reason,
        notice_after=notice_after,
        letter_after=letter_after,
    )


def theft_exclusions() -> list[str]:
    """Return the exclusions for a total theft of the edition in force, in the order of the table."""
    tables = card_tables()
    rows = tables.exclusions.values() if tables else ()
    return [row.exclusion for row in rows if _concerns_total_theft(row)]


def _concerns_total_theft(row: ExclusionRow) -> bool:
    return row.concerns != "partial_theft" and not row.unless_stolen
