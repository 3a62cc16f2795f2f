"""What the subscriber pays of a damage, a theft of parts or a repair, and which papers it takes."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.tables import (
    MAX_EXCLUSIONS,
    CardTables,
    EventId,
    EventRow,
    ExclusionId,
    ReportRow,
    ShareRow,
    card,
    no_edition,
    require_exclusions,
)
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import (
    WORKING_LEVELS,
    AtMost,
    Count,
    Day,
    Flag,
    Known,
    Level,
    Percent,
    Request,
    Result,
    Rial,
    require_in_edition,
)
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT
from logic.datasets.tables import cached_per_dataset


class Reading(StrEnum):
    """The other readings of readings.md that can change a share."""

    THIRD_PARTY_NEVER_COUNTS = "A-4"
    FIRE_NOT_COVERED = "A-19"
    PANEL_AFTER_SHARE = "A-22"
    WORKING_GOLDEN_YEAR_COVERED = "A-29"
    RECOVERED_AS_THEFT = "A-30"


Refusal = Literal["no_edition", "level_has_no_such_cover", "event_not_covered_by_level", "never_covered"]


@cached_per_dataset
def _documents() -> Mapping[str, None]:
    return dict.fromkeys(row.document for tables in card.editions() for row in tables.documents)


DocumentId = Annotated[str, Known(_documents)]


class SubscriberShareRequest(Request):
    """An event, the level, the damage, and what went before."""

    level: Level
    event: EventId
    damage_rial: Rial
    prior_incidents: Count = 0
    """Earlier incidents and thefts that raise the share."""
    prior_third_party_incidents: Count = 0
    """Further earlier incidents in which somebody else was at fault; never a part of ``prior_incidents``."""
    prior_repairs: Count = 0
    third_party_at_fault: Flag = False
    fault_shared: Flag = False
    """A court or police report gives percentages of fault."""
    above_coupon: Flag = False
    """The damage exceeds the culprit's coupon and endorsement."""
    audio_panel_withheld: Flag = False
    exclusions: Annotated[tuple[ExclusionId, ...], AtMost(MAX_EXCLUSIONS)] = ()
    stolen_at_the_time: Flag = False
    """The car was stolen when the police pursued it."""
    started_on: Day | None = None
    """First day of the subscription; it decides which edition of the booklet holds."""

    @model_validator(mode="after")
    def _ids_of_the_edition(self) -> Self:
        if tables := card(self.started_on):
            require_in_edition("event", self.event, tables.events)
        require_exclusions(self.exclusions, self.started_on)
        return self


class SubscriberShareResult(Result):
    """Who pays how much, and what to bring. A refusal leaves the whole to the subscriber."""

    edition: str | None
    covered: bool
    reason: Refusal | ExclusionId | None
    share_percent: Percent | None
    subscriber_pays_rial: Rial
    company_pays_rial: Rial
    report_required: bool
    fire_brigade_report: bool
    documents: tuple[DocumentId, ...]


@calculator
def subscriber_share(request: SubscriberShareRequest) -> Answer[SubscriberShareResult]:
    """The subscriber's share of a damage: percent, rials (half up, once, at the end) and papers.

    Table 2: a base percent by level and kind of event, more for each earlier one, at least the event's
    floor (note 1; 5-2-4), at most the whole. Incidents and thefts are one count, repairs their own
    (A-4). Exclusions of section 9 beat every cover. Left out: the insurer's part, collateral costs (8-2).
    """
    tables = card(request.started_on)
    if tables is None:
        step = no_edition(request.started_on)
        return Answer(
            _not_covered(request, None, "no_edition"), (step, _pays(request.damage_rial, step.clause))
        )
    steps: list[Step] = []
    result = _calculate(request, tables, steps)
    alternatives: list[Alternative] = []
    for reading, clause in _readings(request, tables):
        other = _calculate(request, tables, [], reading)
        alternatives += Alternative.where_different(reading, clause, result, other)
    return Answer(result, tuple(steps), tuple(_notices(request, tables, result)), tuple(alternatives))


def _calculate(
    request: SubscriberShareRequest, tables: CardTables, steps: list[Step], reading: Reading | None = None
) -> SubscriberShareResult:
    """The result under one reading; the working goes into ``steps``."""
    event = tables.events[request.event]
    refusal = _refusal(request, tables, event, reading)
    if refusal:
        reason, clause = refusal
        if reason in tables.exclusions:
            steps.append(Step("exclusions_beat_cover", tables.citations.exclusions, value=True))
        steps.append(
            Step("not_covered", clause, value=False, inputs={"level": request.level, "event": event.event})
        )
        steps.append(_pays(request.damage_rial, clause))
        return _not_covered(request, tables.edition, reason)
    steps.append(
        Step("covered", event.clause, value=True, inputs={"level": request.level, "event": event.event})
    )
    percent = _percent(request, tables, event, steps, reading)
    pays = _amount(request, tables, percent, steps, reading)
    report = tables.reports[event.papers]
    required = _report_required(request, report)
    if report.culprit_clause and _culprit(request):
        step = Step("report_at_any_amount", report.culprit_clause, required)
    else:
        step = Step("report_required", report.clause, required, inputs={"above": report.above_rial})
    steps.insert(len(steps) - 1, step)
    return SubscriberShareResult(
        edition=tables.edition,
        covered=True,
        reason=None,
        share_percent=percent,
        subscriber_pays_rial=pays,
        company_pays_rial=request.damage_rial - pays,
        report_required=required,
        fire_brigade_report=required and report.fire_brigade,
        documents=tables.papers(
            event.papers,
            with_report=required,
            with_culprit=_culprit(request),
            above_coupon=request.above_coupon,
        ),
    )


def _refusal(
    request: SubscriberShareRequest, tables: CardTables, event: EventRow, reading: Reading | None
) -> tuple[Refusal | ExclusionId, str] | None:
    if event.kind == "never":
        return "never_covered", event.clause
    if (request.level, event.kind) not in tables.shares:
        return "level_has_no_such_cover", tables.citations.level_table
    exception = tables.exceptions.get((event.event, request.level))
    read_as_open = (
        reading is Reading.WORKING_GOLDEN_YEAR_COVERED and request.level is Level.WORKING_GOLDEN_YEAR
    )
    if exception and not read_as_open:
        return "event_not_covered_by_level", exception.clause
    if reading is Reading.FIRE_NOT_COVERED:
        return "event_not_covered_by_level", tables.citations.perils
    for exclusion, row in tables.exclusions.items():
        excused = row.unless_stolen and request.stolen_at_the_time
        if exclusion in request.exclusions and row.concerns == "damage" and not excused:
            return exclusion, row.clause
    return None


def _percent(
    request: SubscriberShareRequest,
    tables: CardTables,
    event: EventRow,
    steps: list[Step],
    reading: Reading | None,
) -> int:
    kind = "partial_theft" if reading is Reading.RECOVERED_AS_THEFT else event.kind
    share = tables.shares[request.level, kind]
    steps.append(Step("base_share", share.clause, share.base_percent, "percent", {"kind": kind}))
    percent = share.base_percent
    for key, count, clause in _earlier(request, tables, share, reading):
        added = count * share.step_percent
        inputs = {"count": count, "step_percent": share.step_percent}
        steps.append(Step(key, clause, added, "percent", inputs))
        percent += added
    if event.floor_percent is not None and event.floor_clause is not None:
        steps.append(Step("floor", event.floor_clause, event.floor_percent, "percent"))
        percent = max(percent, event.floor_percent)
    percent = min(percent, HUNDRED_PERCENT)
    steps.append(Step("share_percent", share.clause, percent, "percent"))
    return percent


def _earlier(
    request: SubscriberShareRequest, tables: CardTables, share: ShareRow, reading: Reading | None
) -> Iterator[tuple[str, int, str]]:
    """What raises the share: the step's key, how many, and the clause."""
    if share.kind == "repair":
        if request.prior_repairs:
            yield "earlier_repairs", request.prior_repairs, share.clause
        return
    if request.prior_incidents:
        yield "earlier_incidents", request.prior_incidents, share.clause
    if request.prior_third_party_incidents:
        if _third_party_counts(request, reading):
            yield "earlier_third_party", request.prior_third_party_incidents, share.clause
        else:
            yield "earlier_third_party_free", 0, tables.citations.third_party_incidents


def _third_party_counts(request: SubscriberShareRequest, reading: Reading | None) -> bool:
    """Star note 4 stands under the working cards, and is read for them alone (A-4)."""
    return request.level not in WORKING_LEVELS and reading is not Reading.THIRD_PARTY_NEVER_COUNTS


def _amount(
    request: SubscriberShareRequest,
    tables: CardTables,
    percent: int,
    steps: list[Step],
    reading: Reading | None,
) -> int:
    """The subscriber's rials. A withheld audio panel comes off the damage before the share (A-22)."""
    damage, aside, clause = request.damage_rial, 0, tables.citations.share_table
    if request.audio_panel_withheld and tables.events[request.event].kind == "partial_theft":
        panel = tables.figures["audio_panel_withheld"]
        clause, aside = panel.clause, min(int(panel.value), damage)
        steps.append(Step("audio_panel", clause, aside, "rial"))
        if reading is not Reading.PANEL_AFTER_SHARE:
            damage -= aside
    shared = Decimal(damage * percent) / HUNDRED_PERCENT
    pays = min(request.damage_rial, int((shared + aside).to_integral_value(ROUND_HALF_UP)))
    inputs = {"percent": percent, "damage_rial": damage, "audio_panel_rial": aside}
    steps.append(Step("subscriber_pays", clause, pays, "rial", inputs))
    return pays


def _report_required(request: SubscriberShareRequest, report: ReportRow) -> bool:
    culprit = report.culprit_clause is not None and _culprit(request)
    above = report.above_rial is not None and request.damage_rial > report.above_rial
    return report.always or culprit or above


def _culprit(request: SubscriberShareRequest) -> bool:
    return request.third_party_at_fault or request.fault_shared


def _readings(request: SubscriberShareRequest, tables: CardTables) -> Iterator[tuple[Reading, str]]:
    """The other readings that concern this request; most concern none."""
    if request.prior_third_party_incidents:
        yield Reading.THIRD_PARTY_NEVER_COUNTS, tables.citations.third_party_incidents
    event = tables.events[request.event]
    if event.reading == Reading.FIRE_NOT_COVERED.value:
        yield Reading.FIRE_NOT_COVERED, tables.citations.perils
    if request.audio_panel_withheld:
        yield Reading.PANEL_AFTER_SHARE, tables.figures["audio_panel_withheld"].clause
    if request.level is Level.WORKING_GOLDEN_YEAR and (request.event, request.level) in tables.exceptions:
        yield Reading.WORKING_GOLDEN_YEAR_COVERED, tables.citations.perils
    if (
        event.reading == Reading.RECOVERED_AS_THEFT.value
        and (request.level, "partial_theft") in tables.shares
    ):
        yield Reading.RECOVERED_AS_THEFT, event.floor_clause or tables.citations.scope


def _notices(
    request: SubscriberShareRequest, tables: CardTables, result: SubscriberShareResult
) -> Iterator[Notice]:
    event = tables.events[request.event]
    report = tables.reports[event.papers]
    for exclusion in request.exclusions:
        row = tables.exclusions[exclusion]
        if row.concerns != "damage":
            yield Notice("exclusion_concerns_total_theft", row.clause, params={"exclusion": exclusion})
    if not result.covered:
        return
    if request.third_party_at_fault or request.fault_shared:
        yield Notice("fault_does_not_change_share", tables.citations.fault)
    if request.fault_shared and report.culprit_clause:
        yield Notice("shared_fault_papers", tables.citations.shared_fault)
    if report.petition:
        yield Notice("petition_if_culprit", tables.citations.petition)
    if event.reading == Reading.FIRE_NOT_COVERED.value:
        yield Notice("fire_in_table_only", tables.citations.report_table, "warning")
    if event.reading == Reading.RECOVERED_AS_THEFT.value:
        yield Notice("recovered_under_limit", tables.citations.recovered_vehicle, "warning")
    if request.audio_panel_withheld and event.kind != "partial_theft":
        yield Notice("audio_panel_only_in_theft", tables.figures["audio_panel_withheld"].clause)
    if not result.documents and report.above_rial is not None:
        yield Notice("papers_above", report.clause, params={"limit": report.above_rial})
    elif not result.documents:
        yield Notice("no_papers_printed", report.clause)


def _not_covered(
    request: SubscriberShareRequest, edition: str | None, reason: Refusal | ExclusionId
) -> SubscriberShareResult:
    return SubscriberShareResult(
        edition=edition,
        covered=False,
        reason=reason,
        share_percent=None,
        subscriber_pays_rial=request.damage_rial,
        company_pays_rial=0,
        report_required=False,
        fire_brigade_report=False,
        documents=(),
    )


def _pays(damage: int, clause: str) -> Step:
    return Step("subscriber_pays", clause, damage, "rial")


def is_repair(event: str, started_on: date | None) -> bool:
    """Return whether an event counts as a repair, in the booklet of a day; False if there is none."""
    tables = card(started_on)
    return tables is not None and tables.events[event].kind == "repair"


def answers_by_earlier(request: SubscriberShareRequest, upto: int) -> list[Answer[SubscriberShareResult]]:
    """The answer for 0 … ``upto`` earlier events of the kind that raises the share."""
    counter = "prior_repairs" if is_repair(request.event, request.started_on) else "prior_incidents"
    return [subscriber_share(request.model_copy(update={counter: count})) for count in range(upto + 1)]


def share_by_earlier(request: SubscriberShareRequest, upto: int) -> list[tuple[int, int | None]]:
    """The share in percent for 0 … ``upto`` earlier events, for a chart."""
    return [
        (count, each.result.share_percent) for count, each in enumerate(answers_by_earlier(request, upto))
    ]


def events_by_group() -> dict[str, list[str]]:
    """The events as people think of them, in the table's order."""
    groups: dict[str, list[str]] = {}
    tables = card()
    for row in tables.events.values() if tables else ():
        groups.setdefault(row.group, []).append(row.event)
    return groups


def damage_exclusions() -> list[str]:
    """What takes a damage out of every cover, in the order of the clauses."""
    tables = card()
    return [row.exclusion for row in tables.exclusions.values() if row.concerns == "damage"] if tables else []
