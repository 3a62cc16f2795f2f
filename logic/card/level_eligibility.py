"""Which levels a car can have by its age and use, and what becomes of a card when the use is work."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from logic.card.tables import CardTables, card, no_edition
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.jalali import add_years
from logic.core.models import Day, Flag, JalaliText, Level, Request, Result, Rial, invalid
from logic.core.registry import calculator

CONVERTED = (Level.GOLDEN_YEAR, Level.ONE_STAR, Level.TWO_STAR, Level.THREE_STAR, Level.FOUR_STAR)
"""The golden cards that star note 1 names for conversion to the working one-star."""

Reason = Literal["too_old", "private_use", "working_use", "only_one_star_is_named", "no_edition"]


class CarUse(StrEnum):
    """What the car is used for; all but private is working use."""

    PRIVATE = "private"
    TAXI = "taxi"
    PASSENGER_CARRYING = "passenger_carrying"
    AGENCY = "agency"
    DRIVING_SCHOOL = "driving_school"
    HIRE = "hire"
    INTERCITY = "intercity"


class LevelEligibilityRequest(Request):
    """A car's age and use on a day, and the card that it has now."""

    produced_on: Day
    on: Day
    use: CarUse = CarUse.PRIVATE
    current_level: Level | None = None

    @model_validator(mode="after")
    def _produced_before(self) -> Self:
        if self.produced_on > self.on:
            raise invalid("produced_on", "produced_after_on")
        return self


class LevelVerdict(Result):
    """Whether the car can have a level; ``reason`` is null when it can."""

    level: Level
    eligible: bool
    reason: Reason | None
    last_day: JalaliText | None
    """The last day on which the age allows the level; null where no age is printed."""
    clause: str


class Conversion(Result):
    """What becomes of the present card through working use."""

    new_level: Level | None
    voided: bool
    refund_rial: Rial
    reversible: Flag


class LevelEligibilityResult(Result):
    """A verdict per level, in the booklet's order."""

    edition: str | None
    levels: tuple[LevelVerdict, ...]
    conversion: Conversion | None


@calculator
def level_eligibility(request: LevelEligibilityRequest) -> Answer[LevelEligibilityResult]:
    """Which levels the car can have on a day, and the forced conversion of its card by working use.

    Age is counted in Jalali years from production, the anniversary included (reading A-21). Working use
    leaves only the working one-star (Table 2, star note 1); nothing is refunded (star note 2, A-37).
    """
    tables = card(request.on)
    if tables is None:
        return _no_edition(request)
    working = request.use is not CarUse.PRIVATE
    result = LevelEligibilityResult(
        edition=tables.edition,
        levels=tuple(verdict(tables, level, request, working=working) for level in Level),
        conversion=_conversion(request.current_level) if working else None,
    )
    steps = [age_step(each, tables) for each in result.levels if each.last_day]
    notices = [Notice("iran_khodro_cars_only", tables.citations.level_ages)]
    alternatives = []
    if working:
        steps.append(
            Step("working_use", tables.citations.working_use, value=True, inputs={"use": request.use})
        )
        alternatives += _with_working_golden_year(request, tables, result)
    if result.conversion:
        void = result.conversion.voided
        clause = tables.citations.mobile_private_use if void else tables.citations.conversion
        steps.append(
            Step(
                "voided" if void else "converted",
                clause,
                void or result.conversion.new_level,
                inputs={"from": request.current_level},
            )
        )
        if not void:
            steps.append(Step("reversible", tables.citations.no_reconversion, result.conversion.reversible))
        steps.append(Step("refund", clause, result.conversion.refund_rial, "rial"))
        notices.append(Notice("refund_is_silent" if void else "refund_on_own_request", clause, "warning"))
    return Answer(result, tuple(steps), tuple(notices), tuple(alternatives))


def verdict(
    tables: CardTables, level: Level, request: LevelEligibilityRequest, *, working: bool, named: bool = True
) -> LevelVerdict:
    """Whether a car can have a level.

    ``named``: the working golden year is refused because star note 1 names the one-star alone (A-35).
    """
    row = tables.levels[level]
    last_day = None if row.max_age_years is None else add_years(request.produced_on, row.max_age_years)
    reason: Reason | None = None
    clause = row.clause
    if working and row.use == "private":
        reason, clause = "working_use", tables.citations.working_use
    elif not working and row.use == "working":
        reason, clause = "private_use", tables.citations.working_use
    elif row.level is Level.WORKING_GOLDEN_YEAR and named:
        reason, clause = "only_one_star_is_named", tables.citations.working_use
    elif last_day and request.on > last_day:
        reason = "too_old"
    return LevelVerdict(
        level=row.level, eligible=reason is None, reason=reason, last_day=last_day, clause=clause
    )


def _conversion(current: Level | None) -> Conversion | None:
    if current in CONVERTED:
        return Conversion(new_level=Level.WORKING_ONE_STAR, voided=False, refund_rial=0, reversible=False)
    if current is Level.MOBILE:
        return Conversion(new_level=None, voided=True, refund_rial=0, reversible=False)
    return None


def age_step(found: LevelVerdict, tables: CardTables) -> Step:
    """The age that a level allows, and the last day on which this car has it."""
    row = tables.levels[found.level]
    return Step(
        "age_limit",
        row.clause,
        row.max_age_years,
        "year",
        {"level": found.level, "last_day": found.last_day},
    )


def _with_working_golden_year(
    request: LevelEligibilityRequest, tables: CardTables, result: LevelEligibilityResult
) -> list[Alternative]:
    """Tables 1, 2 and 4 print a working golden year, so it may be open to working cars (A-35)."""
    levels = tuple(verdict(tables, level, request, working=True, named=False) for level in Level)
    return Alternative.where_different(
        "A-35", tables.citations.working_use, result, result.model_copy(update={"levels": levels})
    )


def _no_edition(request: LevelEligibilityRequest) -> Answer[LevelEligibilityResult]:
    step = no_edition(request.on)
    levels = tuple(
        LevelVerdict(level=level, eligible=False, reason="no_edition", last_day=None, clause=step.clause)
        for level in Level
    )
    result = LevelEligibilityResult(edition=None, levels=levels, conversion=None)
    return Answer(result, (step,))
