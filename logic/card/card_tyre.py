"""What a tyre costs under the golden card, and whether tyres are replaced as a benefit."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from logic.card.tables import CardTables, Service, card, no_edition
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Day, Flag, Km, Level, Percent, Request, Result, Rial
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT, half_up, percent_of

Refusal = Literal["no_edition", "level_has_no_such_cover", "no_report_or_visit"]


class CardTyreRequest(Request):
    """The tyre's km and price, the km driven in this subscription, and how the damage was recorded."""

    level: Level
    tyre_km: Km = 0
    tyre_price_rial: Rial = 0
    km_in_period: Km = 0
    prior_incidents: Count = 0
    only_tyre_damaged: Flag = False
    police_report: Flag = False
    expert_visit: Flag = False
    started_on: Day | None = None


class CardTyreResult(Result):
    """Wear, share and money; in a refusal the percent is null and the subscriber pays the whole."""

    edition: str | None
    covered: bool
    reason: Refusal | None
    wear_percent: Percent
    wear_rial: Rial
    share_percent: Percent | None
    subscriber_pays_rial: Rial
    company_pays_rial: Rial
    replacement_benefit: bool


@dataclass(frozen=True)
class _Reading:
    """How the wear is counted and taken off (A-9), and what a lone tyre needs (A-28)."""

    completed_steps: bool = False
    share_of_the_whole: bool = False
    both_records: bool = False


@calculator
def card_tyre(request: CardTyreRequest) -> Answer[CardTyreResult]:
    """What is paid for a tyre damaged in an incident: its wear, and the incident's share of the rest (8-10).

    Wear is 10 % for the first 10,000 km and 10 more for each further 10,000 begun, at most 50. A tyre or rim
    that alone was damaged needs a report or a visit on the scene (8-9). Four stars also bring new tyres once
    60,000 km were driven in one subscription (Table 1). Rials, rounded half up. Readings A-9 and A-28.
    """
    tables = card(request.started_on)
    if tables is None:
        nothing = _result(request, None, "no_edition", 0, 0)
        return Answer(nothing, (no_edition(request.started_on),))
    steps: list[Step] = []
    result = _calculate(request, tables, _Reading(), steps)
    alternatives: list[Alternative] = []
    for name, reading, clause in (
        ("A-9", _Reading(completed_steps=True), tables.citations.tyre_wear),
        ("A-9", _Reading(share_of_the_whole=True), tables.citations.tyre_wear),
        ("A-28", _Reading(both_records=True), tables.citations.lone_tyre),
    ):
        other = _calculate(request, tables, reading, [])
        alternatives += Alternative.where_different(name, clause, result, other)
    return Answer(result, tuple(steps), tuple(_notices(request, tables, result)), tuple(alternatives))


def _calculate(
    request: CardTyreRequest, tables: CardTables, reading: _Reading, steps: list[Step]
) -> CardTyreResult:
    wear = _wear(request, tables, reading)
    worn = percent_of(wear, request.tyre_price_rial)
    step = tables.figures["tyre_wear_step_km"]
    steps.append(Step("tyre_wear", step.clause, wear, "percent", {"tyre_km": request.tyre_km}))
    benefit = _benefit(request, tables, steps)
    refusal = _refusal(request, tables, reading)
    if refusal:
        reason, clause = refusal
        steps.append(Step("tyre_not_covered", clause, value=False))
        return _result(request, tables.edition, reason, wear, half_up(worn), benefit=benefit)
    row = tables.shares[request.level, "incident"]
    percent = min(HUNDRED_PERCENT, row.base_percent + request.prior_incidents * row.step_percent)
    inputs = {"count": request.prior_incidents, "step_percent": row.step_percent}
    steps.append(Step("tyre_share", row.clause, percent, "percent", inputs))
    steps.append(Step("tyre_worn", step.clause, half_up(worn), "rial", {"percent": wear}))
    base = Fraction(request.tyre_price_rial) - (0 if reading.share_of_the_whole else worn)
    pays = min(request.tyre_price_rial, half_up(worn + percent_of(percent, base)))
    steps.append(Step("tyre_pays", step.clause, pays, "rial", {"rest_rial": half_up(base)}))
    return CardTyreResult(
        edition=tables.edition,
        covered=True,
        reason=None,
        wear_percent=wear,
        wear_rial=half_up(worn),
        share_percent=percent,
        subscriber_pays_rial=pays,
        company_pays_rial=request.tyre_price_rial - pays,
        replacement_benefit=benefit,
    )


def _wear(request: CardTyreRequest, tables: CardTables, reading: _Reading) -> int:
    """Ten percent for every 10,000 km begun, never less than the first step, never above the cap."""
    step_km = int(tables.figures["tyre_wear_step_km"].value)
    begun = request.tyre_km // step_km if reading.completed_steps else -(-request.tyre_km // step_km)
    wear = max(1, begun) * int(tables.figures["tyre_wear_step_percent"].value)
    return min(wear, int(tables.figures["tyre_wear_cap_percent"].value))


def _benefit(request: CardTyreRequest, tables: CardTables, steps: list[Step]) -> bool:
    after = tables.figures["tyre_replacement_after_km"]
    included = tables.services[request.level, Service.TYRE_REPLACEMENT].kind == "included"
    benefit = included and request.km_in_period >= after.value
    inputs = {"km_in_period": request.km_in_period, "after_km": int(after.value)}
    steps.append(Step("tyre_benefit", after.clause, benefit, inputs=inputs))
    return benefit


def _refusal(request: CardTyreRequest, tables: CardTables, reading: _Reading) -> tuple[Refusal, str] | None:
    if (request.level, "incident") not in tables.shares:
        return "level_has_no_such_cover", tables.citations.level_table
    records = (request.police_report, request.expert_visit)
    recorded = all(records) if reading.both_records else any(records)
    if request.only_tyre_damaged and not recorded:
        return "no_report_or_visit", tables.citations.lone_tyre
    return None


def _notices(request: CardTyreRequest, tables: CardTables, result: CardTyreResult) -> Iterator[Notice]:
    if request.only_tyre_damaged and result.covered:
        yield Notice("lone_tyre_needs_a_record", tables.citations.lone_tyre)
    if result.replacement_benefit:
        yield Notice("tyre_after_km_in_period", tables.citations.tyre_replacement)


def _result(
    request: CardTyreRequest,
    edition: str | None,
    reason: Refusal,
    wear: int,
    worn: int,
    *,
    benefit: bool = False,
) -> CardTyreResult:
    return CardTyreResult(
        edition=edition,
        covered=False,
        reason=reason,
        wear_percent=wear,
        wear_rial=worn,
        share_percent=None,
        subscriber_pays_rial=request.tyre_price_rial,
        company_pays_rial=0,
        replacement_benefit=benefit,
    )
