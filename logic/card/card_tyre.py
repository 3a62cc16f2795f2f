"""What a tyre costs with the golden card, and whether the card replaces the tyres."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from logic.card.tables import CardTables, Service, card_tables, no_edition
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Day, Flag, Km, Level, Percent, Request, Result, Rial
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT, half_up, percent_of

Refusal = Literal["no_edition", "level_has_no_such_cover", "no_report_or_visit"]


class CardTyreRequest(Request):
    """Distance and price of the tyre, distance driven in this subscription, and records of the damage."""

    level: Level
    tyre_km: Km = 0
    tyre_price_rial: Rial = 0
    km_in_period: Km = 0
    prior_incidents: Count = 0
    only_tyre_damaged: Flag = False
    police_report: Flag = False
    expert_visit: Flag = False
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""


class CardTyreResult(Result):
    """Wear, share and amounts. In a refusal the share is null and the subscriber pays the full price."""

    edition: str | None
    covered: bool = False
    reason: Refusal | None = None
    wear_percent: Percent
    wear_rial: Rial
    share_percent: Percent | None = None
    subscriber_pays_rial: Rial
    company_pays_rial: Rial
    replacement_benefit: bool = False


@dataclass(frozen=True)
class _Reading:
    """How wear is counted and deducted (A-9), and which records damage to a tyre alone needs (A-28)."""

    completed_steps_only: bool = False
    share_of_full_price: bool = False
    both_records_needed: bool = False


@calculator
def card_tyre(request: CardTyreRequest) -> Answer[CardTyreResult]:
    """Return what the subscriber pays for a tyre damaged in an incident: the wear, and a share of the rest.

    Wear is 10 % for the first 10,000 km and 10 points for each further 10,000 km begun, at most 50 %. Damage
    to a tyre or rim alone needs a report or a visit of the expert on the scene (8-9). Four-star cards also
    replace the tyres after 60,000 km in one subscription (Table 1). Rials, rounded half up.
    Alternatives: A-9 and A-28. Source: part 3, 8-9 and 8-10.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        result = _refused(request, None, "no_edition", 0, 0)
        return Answer(result, (no_edition(request.started_on),))
    result, steps = _calculate(request, tables, _Reading())
    alternatives: list[Alternative] = []
    for reading_id, reading, clause in (
        ("A-9", _Reading(completed_steps_only=True), tables.citations.tyre_wear),
        ("A-9", _Reading(share_of_full_price=True), tables.citations.tyre_wear),
        ("A-28", _Reading(both_records_needed=True), tables.citations.lone_tyre),
    ):
        alternative_result, _ = _calculate(request, tables, reading)
        alternatives += Alternative.where_different(reading_id, clause, result, alternative_result)
    return Answer(result, steps, tuple(_notices(request, tables, result)), tuple(alternatives))


def _calculate(
    request: CardTyreRequest, tables: CardTables, reading: _Reading
) -> tuple[CardTyreResult, tuple[Step, ...]]:
    """Return the result of one reading and the working."""
    wear_percent = _wear_percent(request, tables, reading)
    wear_rial = percent_of(wear_percent, request.tyre_price_rial)
    wear_clause = tables.figures["tyre_wear_step_km"].clause
    wear_step = Step("tyre_wear", wear_clause, wear_percent, "percent", {"tyre_km": request.tyre_km})
    benefit, benefit_step = _replacement_benefit(request, tables)
    refusal = _refusal(request, tables, reading)
    if refusal:
        reason, clause = refusal
        refused = _refused(request, tables.edition, reason, wear_percent, half_up(wear_rial), benefit=benefit)
        return refused, (wear_step, benefit_step, Step("tyre_not_covered", clause, value=False))
    share = tables.shares[request.level, "incident"]
    share_percent = min(HUNDRED_PERCENT, share.base_percent + request.prior_incidents * share.step_percent)
    base_rial = Fraction(request.tyre_price_rial) - (0 if reading.share_of_full_price else wear_rial)
    pays_rial = min(request.tyre_price_rial, half_up(wear_rial + percent_of(share_percent, base_rial)))
    inputs = {"count": request.prior_incidents, "step_percent": share.step_percent}
    steps = (
        wear_step,
        benefit_step,
        Step("tyre_share", share.clause, share_percent, "percent", inputs),
        Step("tyre_worn", wear_clause, half_up(wear_rial), "rial", {"percent": wear_percent}),
        Step("tyre_pays", wear_clause, pays_rial, "rial", {"rest_rial": half_up(base_rial)}),
    )
    result = CardTyreResult(
        edition=tables.edition,
        covered=True,
        wear_percent=wear_percent,
        wear_rial=half_up(wear_rial),
        share_percent=share_percent,
        subscriber_pays_rial=pays_rial,
        company_pays_rial=request.tyre_price_rial - pays_rial,
        replacement_benefit=benefit,
    )
    return result, steps


def _wear_percent(request: CardTyreRequest, tables: CardTables, reading: _Reading) -> int:
    """Return 10 % for each 10,000 km begun: at least for the first 10,000 km, at most 50 %."""
    step_km = int(tables.figures["tyre_wear_step_km"].value)
    completed, begun = request.tyre_km // step_km, -(-request.tyre_km // step_km)
    count = max(1, completed if reading.completed_steps_only else begun)
    percent = count * int(tables.figures["tyre_wear_step_percent"].value)
    return min(percent, int(tables.figures["tyre_wear_cap_percent"].value))


def _replacement_benefit(request: CardTyreRequest, tables: CardTables) -> tuple[bool, Step]:
    """Return whether the level replaces the tyres after the distance driven, and the step that says so."""
    threshold = tables.figures["tyre_replacement_after_km"]
    is_included = tables.services[request.level, Service.TYRE_REPLACEMENT].kind == "included"
    benefit = is_included and request.km_in_period >= threshold.value
    inputs = {"km_in_period": request.km_in_period, "after_km": int(threshold.value)}
    return benefit, Step("tyre_benefit", threshold.clause, benefit, inputs=inputs)


def _refusal(request: CardTyreRequest, tables: CardTables, reading: _Reading) -> tuple[Refusal, str] | None:
    """Return the reason for a refusal and its clause."""
    if (request.level, "incident") not in tables.shares:
        return "level_has_no_such_cover", tables.citations.level_table
    records = (request.police_report, request.expert_visit)
    is_recorded = all(records) if reading.both_records_needed else any(records)
    if request.only_tyre_damaged and not is_recorded:
        return "no_report_or_visit", tables.citations.lone_tyre
    return None


def _notices(request: CardTyreRequest, tables: CardTables, result: CardTyreResult) -> Iterator[Notice]:
    if request.only_tyre_damaged and result.covered:
        yield Notice("lone_tyre_needs_a_record", tables.citations.lone_tyre)
    if result.replacement_benefit:
        after_km = int(tables.figures["tyre_replacement_after_km"].value)
        yield Notice("tyre_after_km_in_period", tables.citations.tyre_replacement, params={"km": after_km})


def _refused(
    request: CardTyreRequest,
    edition: str | None,
    reason: Refusal,
    wear_percent: int,
    wear_rial: int,
    *,
    benefit: bool = False,
) -> CardTyreResult:
    return CardTyreResult(
        edition=edition,
        reason=reason,
        wear_percent=wear_percent,
        wear_rial=wear_rial,
        subscriber_pays_rial=request.tyre_price_rial,
        company_pays_rial=0,
        replacement_benefit=benefit,
    )
