"""Which levels a car can have by its age and use, and what working use does to a card."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from logic.card.tables import CardTables, card_tables, no_edition
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.jalali import add_years
from logic.core.models import Day, Flag, JalaliText, Level, Request, Result, Rial, invalid
from logic.core.registry import calculator

CONVERTED_LEVELS = (Level.GOLDEN_YEAR, Level.ONE_STAR, Level.TWO_STAR, Level.THREE_STAR, Level.FOUR_STAR)
"""Golden cards that become a working one-star card through working use (star note 1)."""

Reason = Literal["too_old", "private_use", "working_use", "only_one_star_is_named", "no_edition"]


class CarUse(StrEnum):
    """The use of the car. Every use except private is working use."""

    PRIVATE = "private"
    TAXI = "taxi"
    PASSENGER_CARRYING = "passenger_carrying"
    AGENCY = "agency"
    DRIVING_SCHOOL = "driving_school"
    HIRE = "hire"
    INTERCITY = "intercity"


class LevelEligibilityRequest(Request):
    """Age and use of a car on a day, and its current card."""

    produced_on: Day
    on: Day
    """Selects the edition of the booklet."""
    use: CarUse = CarUse.PRIVATE
    current_level: Level | None = None

    @model_validator(mode="after")
    def _produced_by_the_day(self) -> Self:
        if self.produced_on > self.on:
            raise invalid("produced_on", "produced_after_on")
        return self


class LevelVerdict(Result):
    """Whether the car can have a level; ``reason`` is null when it can."""

    level: Level
    eligible: bool
    reason: Reason | None
    last_day: JalaliText | None
    """The last day on which the car's age allows the level; null if the level has no age limit."""
    clause: str


class Conversion(Result):
    """What working use does to the current card."""

    new_level: Level | None
    voided: bool
    refund_rial: Rial
    reversible: Flag


class LevelEligibilityResult(Result):
    """A verdict for each level, in the order of the booklet."""

    edition: str | None
    levels: tuple[LevelVerdict, ...] = ()
    conversion: Conversion | None = None


@calculator
def level_eligibility(request: LevelEligibilityRequest) -> Answer[LevelEligibilityResult]:
    """Return the levels that a car can have on a day, and what working use does to its current card.

    Age is in Jalali years from production, up to and including the anniversary (A-21). For working use only
    the working one-star is available (Table 2, star note 1). Nothing is refunded (star note 2, A-37).
    """
    tables = card_tables(request.on)
    if tables is None:
        return _no_edition(request)
    working = request.use is not CarUse.PRIVATE
    result = LevelEligibilityResult(
        edition=tables.edition,
        levels=tuple(level_verdict(tables, level, request, working=working) for level in Level),
        conversion=_conversion(request.current_level) if working else None,
    )
    steps = [age_step(verdict, tables) for verdict in result.levels if verdict.last_day]
    notices = [Notice("iran_khodro_cars_only", tables.citations.level_ages)]
    alternatives = []
    if working:
        steps.append(
            Step("working_use", tables.citations.working_use, value=True, inputs={"use": request.use})
        )
        alternatives += _working_golden_year_alternative(request, tables, result)
    if result.conversion:
        is_void = result.conversion.voided
        clause = tables.citations.mobile_private_use if is_void else tables.citations.conversion
        steps.append(
            Step(
                "voided" if is_void else "converted",
                clause,
                is_void or result.conversion.new_level,
                inputs={"from": request.current_level},
            )
        )
        if not is_void:
            steps.append(Step("reversible", tables.citations.no_reconversion, result.conversion.reversible))
        steps.append(Step("refund", clause, result.conversion.refund_rial, "rial"))
        notices.append(Notice("refund_is_silent" if is_void else "refund_on_own_request", clause, "warning"))
    return Answer(result, tuple(steps), tuple(notices), tuple(alternatives))


def level_verdict(
    tables: CardTables,
    level: Level,
    request: LevelEligibilityRequest,
    *,
    working: bool,
    one_star_only: bool = True,
) -> LevelVerdict:
    """Return whether a car can have a level.

    ``one_star_only``: the working golden year is refused, because star note 1 names only the one-star (A-35).
    """
    row = tables.levels[level]
    last_day = None if row.max_age_years is None else add_years(request.produced_on, row.max_age_years)
    reason: Reason | None = None
    clause = row.clause
    if working and row.use == "private":
        citations = tables.citations  # star note 1 names golden cards only
        is_mobile = row.level is Level.MOBILE
        reason, clause = "working_use", citations.mobile_private_use if is_mobile else citations.working_use
    elif not working and row.use == "working":
        reason, clause = "private_use", tables.citations.working_use
    elif row.level is Level.WORKING_GOLDEN_YEAR and one_star_only:
        reason, clause = "only_one_star_is_named", tables.citations.working_use
    elif last_day and request.on > last_day:
        reason = "too_old"
    return LevelVerdict(
        level=row.level, eligible=reason is None, reason=reason, last_day=last_day, clause=clause
    )


def _conversion(current_level: Level | None) -> Conversion | None:
    if current_level in CONVERTED_LEVELS:
        return Conversion(new_level=Level.WORKING_ONE_STAR, voided=False, refund_rial=0, reversible=False)
    if current_level is Level.MOBILE:
        return Conversion(new_level=None, voided=True, refund_rial=0, reversible=False)
    return None


def age_step(verdict: LevelVerdict, tables: CardTables) -> Step:
    """Return the step with the maximum age of a level, and the last day on which the car is not older."""
    row = tables.levels[verdict.level]
    return Step(
        "age_limit",
        row.clause,
        row.max_age_years,
        "year",
        {"level": verdict.level, "last_day": verdict.last_day},
    )


def _working_golden_year_alternative(
    request: LevelEligibilityRequest, tables: CardTables, result: LevelEligibilityResult
) -> list[Alternative]:
    """Return the alternative in which working cars can have the working golden year (A-35)."""
    levels = tuple(
        level_verdict(tables, level, request, working=True, one_star_only=False) for level in Level
    )
    return Alternative.where_different(
        "A-35", tables.citations.working_use, result, result.model_copy(update={"levels": levels})
    )


def _no_edition(request: LevelEligibilityRequest) -> Answer[LevelEligibilityResult]:
    step = no_edition(request.on)
    levels = tuple(
        LevelVerdict(level=level, eligible=False, reason="no_edition", last_day=None, clause=step.clause)
        for level in Level
    )
    result = LevelEligibilityResult(edition=None, levels=levels)
    return Answer(result, (step,))
