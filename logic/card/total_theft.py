"""What a new car costs the subscriber after the theft of the whole car, and when to act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from logic.card.subscriber_share import DocumentId
from logic.card.tables import (
    MAX_EXCLUSIONS,
    AgeCoefficient,
    CardTables,
    ExclusionId,
    card,
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

HALF_A_YEAR = 6

Refusal = Literal["no_edition", "level_has_no_such_cover", "too_old"]
Cell = Literal["coefficient", "by_halves", "reversed"]


class TotalTheftRequest(Request):
    """The stolen car's and the wanted car's price when new, and the car's age by dates or by year."""

    level: Level
    zero_km_price_rial: PositiveRial
    requested_price_rial: PositiveRial
    delivered_on: Day | None = None
    stolen_on: Day | None = None
    reported_on: Day | None = None
    """The day of the report to the police, when the file is opened; without it the day of the theft."""
    model_year_changed: Flag = False
    negligent: Flag = False
    """Left with the engine running, or with the key inside."""
    exclusions: Annotated[tuple[ExclusionId, ...], AtMost(MAX_EXCLUSIONS)] = ()
    car_year: Annotated[int, Field(ge=1, le=10, strict=True)] | None = None
    half: Annotated[int, Field(ge=1, le=2, strict=True)] | None = None
    started_on: Day | None = None

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
    """The coefficient, the values, the share and the days; money is null in a refusal."""

    edition: str | None
    covered: bool
    reason: Refusal | ExclusionId | None
    age_coefficient: Number | None
    value_before_rial: RialSum | None
    share_percent: Percent | None
    share_rial: RialSum | None
    customer_pays_rial: RialSum | None
    notice_after: JalaliText | None
    """The newspaper notice comes after this day; null without the day of the theft."""
    letter_after: JalaliText | None
    """The letter for the new car comes after this day; null without the day of the report."""
    documents: tuple[DocumentId, ...]


@dataclass(frozen=True)
class _Reading:
    """How the damaged places of 5 and of Table 5 are read."""

    cell: Cell = "coefficient"
    on_theft_day: bool = False
    relative_negligence: bool = False
    difference_twice: bool = False


@calculator
def total_theft(request: TotalTheftRequest) -> Answer[TotalTheftResult]:
    """The share + the wanted car's price - the stolen car's value before the theft (part 3, 5-1-6).

    The value is the age coefficient (Table 5) × the price when new, by the age on the day of the report; the
    share 20 % of that price at every level (Table 4), 10 points more after negligence (5-2-1). The notice
    comes after the 20th day from the theft, the letter after the 60th from the report. Rials, rounded half
    up, each figure once. Readings A-1, A-3 and A-33. Left out: the cost of the transfer of title, the
    subscriber's.
    """
    tables = card(request.started_on)
    if tables is None:
        return Answer(_not_covered(request, None, "no_edition"), (no_edition(request.started_on),))
    refusal = next(_refusals(request, tables), None)
    if refusal:
        reason, clause = refusal
        step = Step("theft_not_covered", clause, value=False)
        return Answer(_not_covered(request, tables, reason), (step, *_days(request, tables)))
    steps: list[Step] = []
    result = _calculate(request, tables, _Reading(), steps)
    alternatives: list[Alternative] = []
    for name, reading, clause in _readings(request, tables):
        if reading.on_theft_day and _age(request, on_theft_day=True) == _age(request):
            continue
        other = _calculate(request, tables, reading, [])
        alternatives += Alternative.where_different(name, clause, result, other)
    return Answer(result, tuple(steps), tuple(_notices(request, tables)), tuple(alternatives))


def _refusals(request: TotalTheftRequest, tables: CardTables) -> Iterator[tuple[Refusal | ExclusionId, str]]:
    if (request.level, "total_theft") not in tables.shares:
        yield "level_has_no_such_cover", tables.citations.level_table
    for exclusion in request.exclusions:
        row = tables.exclusions[exclusion]
        if not row.unless_stolen:
            yield exclusion, row.clause
    if _row(request, tables, _Reading()) is None:
        yield "too_old", tables.citations.age_table


def _readings(request: TotalTheftRequest, tables: CardTables) -> Iterator[tuple[str, _Reading, str]]:
    yield "A-1", _Reading(cell="by_halves"), tables.citations.age_table
    yield "A-1", _Reading(cell="reversed"), tables.citations.age_table
    if request.negligent:
        yield "A-3", _Reading(relative_negligence=True), tables.citations.negligence
    yield "A-3", _Reading(difference_twice=True), tables.citations.theft_settlement
    yield "A-33", _Reading(on_theft_day=True), tables.citations.age_table


def _calculate(
    request: TotalTheftRequest, tables: CardTables, reading: _Reading, steps: list[Step]
) -> TotalTheftResult:
    row = _row(request, tables, reading)
    # A car that is too old on the day of the report never comes here; a day earlier it is no older.
    assert row is not None  # noqa: S101
    k = getattr(row, reading.cell) or row.coefficient
    year, half, _ = _age(request, on_theft_day=reading.on_theft_day)
    steps.append(Step("age_coefficient", row.clause, k, inputs={"car_year": year, "half": half}))
    price = Fraction(request.zero_km_price_rial)
    value = price * Fraction(k)
    steps.append(
        Step("value_before", row.clause, half_up(value), "rial", {"price_rial": request.zero_km_price_rial})
    )
    percent = _percent(request, tables, reading, steps)
    share = percent_of(percent, price)
    clause = tables.shares[request.level, "total_theft"].clause
    steps.append(Step("theft_share", clause, half_up(share), "rial", {"percent": percent}))
    difference = request.requested_price_rial - value
    pays = max(0, half_up(share + difference * (2 if reading.difference_twice else 1)))
    inputs = {"requested_price_rial": request.requested_price_rial, "value_before_rial": half_up(value)}
    steps += _days(request, tables)
    steps.append(Step("theft_pays", tables.citations.theft_settlement, pays, "rial", inputs))
    first, second = _acts(request, tables)
    return TotalTheftResult(
        edition=tables.edition,
        covered=True,
        reason=None,
        age_coefficient=k,
        value_before_rial=half_up(value),
        share_percent=percent,
        share_rial=half_up(share),
        customer_pays_rial=pays,
        notice_after=first,
        letter_after=second,
        documents=tables.papers("total_theft", first_year=year == 1),
    )


def _percent(request: TotalTheftRequest, tables: CardTables, reading: _Reading, steps: list[Step]) -> int:
    """The flat share, ten points more after negligence; an earlier event adds nothing."""
    row, more = tables.shares[request.level, "total_theft"], tables.figures["negligence_percent"]
    steps.append(Step("base_share", row.clause, row.base_percent, "percent", {"kind": "total_theft"}))
    percent = row.base_percent
    if request.negligent:
        added = int(percent_of(more.value, percent) if reading.relative_negligence else more.value)
        steps.append(Step("negligence", more.clause, added, "percent"))
        percent += added
    return percent


def _age(request: TotalTheftRequest, *, on_theft_day: bool = False) -> tuple[int, int | None, bool]:
    """Year of the car's life, half of the first year, and whether the model year has changed."""
    if request.car_year or request.delivered_on is None:
        return request.car_year or 0, request.half, request.model_year_changed
    day = request.stolen_on if on_theft_day else request.reported_on or request.stolen_on
    year = 1
    while day and add_years(request.delivered_on, year) <= day:
        year += 1
    if year > 1:
        return year, None, request.model_year_changed
    second = day is not None and add_months(request.delivered_on, HALF_A_YEAR) <= day
    return 1, 2 if second else 1, request.model_year_changed


def _row(request: TotalTheftRequest, tables: CardTables, reading: _Reading) -> AgeCoefficient | None:
    year, half, changed = _age(request, on_theft_day=reading.on_theft_day)
    for row in tables.ages:
        if row.car_year == year and row.half in (None, half) and row.model_year_changed in (None, changed):
            return row
    return None


def _acts(request: TotalTheftRequest, tables: CardTables) -> tuple[date | None, date | None]:
    """The last days before the notice and before the letter."""
    if request.stolen_on is None:
        return None, None
    notice, letter = tables.figures["theft_notice_after"], tables.figures["theft_letter_after"]
    reported = request.reported_on or request.stolen_on
    return (
        request.stolen_on + timedelta(days=int(notice.value)),
        reported + timedelta(days=int(letter.value)),
    )


def _days(request: TotalTheftRequest, tables: CardTables) -> Iterator[Step]:
    for key, day in zip(("theft_notice_after", "theft_letter_after"), _acts(request, tables), strict=True):
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
    first, second = _acts(request, tables) if tables else (None, None)
    return TotalTheftResult(
        edition=tables.edition if tables else None,
        covered=False,
        reason=reason,
        age_coefficient=None,
        value_before_rial=None,
        share_percent=None,
        share_rial=None,
        customer_pays_rial=None,
        notice_after=first,
        letter_after=second,
        documents=(),
    )


def theft_exclusions() -> list[str]:
    """What takes a stolen car out of every cover, in the order of the clauses."""
    tables = card()
    return [row.exclusion for row in tables.exclusions.values() if not row.unless_stolen] if tables else []
