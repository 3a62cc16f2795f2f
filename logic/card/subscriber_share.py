"""The subscriber's share of a damage, a partial theft or a repair, and the documents of the claim."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.tables import (
    MAX_EXCLUSIONS,
    CardTables,
    Event,
    EventId,
    EventRow,
    ExclusionId,
    ExclusionRow,
    ReportRow,
    ShareRow,
    card_tables,
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
from logic.datasets.dataset import cached_per_dataset


class Reading(StrEnum):
    """Alternative readings that can change a share."""

    THIRD_PARTY_NEVER_COUNTS = "A-4"
    FIRE_NOT_COVERED = "A-19"
    PANEL_AFTER_SHARE = "A-22"
    WORKING_GOLDEN_YEAR_COVERED = "A-29"
    RECOVERED_AS_THEFT = "A-30"


Refusal = Literal["no_edition", "level_has_no_such_cover", "event_not_covered_by_level", "never_covered"]


@cached_per_dataset
def _documents() -> Mapping[str, None]:
    return dict.fromkeys(row.document for tables in card_tables.editions() for row in tables.documents)


DocumentId = Annotated[str, Known(_documents)]


class SubscriberShareRequest(Request):
    """The level, the event, the damage, and earlier events."""

    level: Level
    event: EventId
    damage_rial: Rial
    prior_incidents: Count = 0
    """Earlier incidents and thefts that raise the share."""
    prior_third_party_incidents: Count = 0
    """Further earlier incidents in which someone else was at fault; not included in ``prior_incidents``."""
    prior_repairs: Count = 0
    third_party_at_fault: Flag = False
    fault_shared: Flag = False
    """A court or police report gives percentages of fault."""
    above_coupon: Flag = False
    """The damage exceeds the coupon and endorsement of the party at fault."""
    audio_panel_withheld: Flag = False
    exclusions: Annotated[tuple[ExclusionId, ...], AtMost(MAX_EXCLUSIONS)] = ()
    stolen_at_the_time: Flag = False
    """The car was stolen when the police pursued it."""
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _ids_of_the_edition(self) -> Self:
        if tables := card_tables(self.started_on):
            require_in_edition("event", self.event, tables.events)
        require_exclusions(self.exclusions, self.started_on)
        return self


class SubscriberShareResult(Result):
    """Who pays how much, and the documents of the claim. In a refusal the subscriber pays everything."""

    edition: str | None
    covered: bool = False
    reason: Refusal | ExclusionId | None = None
    share_percent: Percent | None = None
    subscriber_pays_rial: Rial
    company_pays_rial: Rial
    report_required: bool = False
    fire_brigade_report: bool = False
    documents: tuple[DocumentId, ...] = ()


@calculator
def subscriber_share(request: SubscriberShareRequest) -> Answer[SubscriberShareResult]:
    """Return the subscriber's share of a damage, and the documents of the claim.

    The share is a base percent by level and kind of event, plus points for each earlier event; at least the
    minimum of the event (note 1; 5-2-4), at most 100 %. Incidents and thefts are counted together, repairs
    separately (A-4). An exclusion (section 9) takes precedence over any cover. Rials, rounded half up, once.
    Not covered: what an insurer pays, and collateral costs (8-2).
    Source: part 3, sections 2 to 5 and 9; Tables 2 and 3.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        step = no_edition(request.started_on)
        refusal_steps = (step, _full_payment_step(request, step.clause))
        return Answer(_not_covered(request, None, "no_edition"), refusal_steps)
    result, steps = _calculate(request, tables)
    alternatives: list[Alternative] = []
    for reading, clause in _readings(request, tables):
        alternative_result, _ = _calculate(request, tables, reading)
        alternatives += Alternative.where_different(reading, clause, result, alternative_result)
    return Answer(result, steps, tuple(_notices(request, tables, result)), tuple(alternatives))


def _calculate(
    request: SubscriberShareRequest, tables: CardTables, reading: Reading | None = None
) -> tuple[SubscriberShareResult, tuple[Step, ...]]:
    """Return the result of one reading and the working."""
    event = tables.events[request.event]
    refusal = _refusal(request, tables, event, reading)
    if refusal:
        reason, clause = refusal
        refusal_steps = tuple(_refusal_steps(request, tables, reason, clause))
        return _not_covered(request, tables.edition, reason), refusal_steps
    share_percent, share_steps = _share_percent(request, tables, event, reading)
    pays_rial, (*panel_steps, pays_step) = _subscriber_pays_rial(request, tables, share_percent, reading)
    report = tables.reports[event.papers]
    report_required = _is_report_required(request, report)
    inputs = {"level": request.level, "event": event.event}
    steps = (
        Step("covered", event.clause, value=True, inputs=inputs),
        *share_steps,
        *panel_steps,
        _report_step(request, report, required=report_required),
        pays_step,
    )
    result = SubscriberShareResult(
        edition=tables.edition,
        covered=True,
        share_percent=share_percent,
        subscriber_pays_rial=pays_rial,
        company_pays_rial=request.damage_rial - pays_rial,
        report_required=report_required,
        fire_brigade_report=report_required and report.fire_brigade,
        documents=tables.documents_for(
            event.papers,
            with_report=report_required,
            with_culprit=_is_someone_else_at_fault(request),
            above_coupon=request.above_coupon and _is_someone_else_at_fault(request),
        ),
    )
    return result, steps


def _refusal(
    request: SubscriberShareRequest, tables: CardTables, event: EventRow, reading: Reading | None
) -> tuple[Refusal | ExclusionId, str] | None:
    """Return the reason why the damage is not covered, and its clause."""
    if event.kind == "never":
        return "never_covered", event.clause
    if (request.level, event.kind) not in tables.shares:
        return "level_has_no_such_cover", tables.citations.level_table
    exception = tables.exceptions.get((event.event, request.level))
    is_read_as_covered = (
        reading is Reading.WORKING_GOLDEN_YEAR_COVERED and request.level is Level.WORKING_GOLDEN_YEAR
    )
    if exception and not is_read_as_covered:
        return "event_not_covered_by_level", exception.clause
    if reading is Reading.FIRE_NOT_COVERED:
        return "event_not_covered_by_level", tables.citations.perils
    for exclusion, row in tables.exclusions.items():
        is_waived = row.unless_stolen and request.stolen_at_the_time
        if exclusion in request.exclusions and _concerns(row, request.event) and not is_waived:
            return exclusion, row.clause
    return None


def _concerns(row: ExclusionRow, event: str) -> bool:
    return row.concerns == "damage" or (row.concerns == "partial_theft" and event == Event.PARTIAL_THEFT)


def _refusal_steps(
    request: SubscriberShareRequest, tables: CardTables, reason: Refusal | ExclusionId, clause: str
) -> Iterator[Step]:
    exclusion = tables.exclusions.get(reason)
    if exclusion and exclusion.concerns == "damage":  # 8-1 says so of the list of section 9
        yield Step("exclusions_beat_cover", tables.citations.exclusions, value=True)
    inputs = {"level": request.level, "event": request.event}
    yield Step("not_covered", clause, value=False, inputs=inputs)
    yield _full_payment_step(request, clause)


def _share_percent(
    request: SubscriberShareRequest,
    tables: CardTables,
    event: EventRow,
    reading: Reading | None,
) -> tuple[int, tuple[Step, ...]]:
    """Return the share and the working.

    The share is the base plus points for earlier events; at least the minimum of the event, at most 100 %.
    """
    kind = "partial_theft" if reading is Reading.RECOVERED_AS_THEFT else event.kind
    share = tables.shares[request.level, kind]
    steps = [Step("base_share", share.clause, share.base_percent, "percent", {"kind": kind})]
    percent = share.base_percent
    for key, count, step_percent, clause in _share_increases(request, tables, share, reading):
        points = count * step_percent
        steps.append(Step(key, clause, points, "percent", {"count": count, "step_percent": step_percent}))
        percent += points
    if event.floor_percent is not None and event.floor_clause is not None:
        steps.append(Step("floor", event.floor_clause, event.floor_percent, "percent"))
        percent = max(percent, event.floor_percent)
    percent, last_steps = capped_share(percent, share.clause)
    return percent, (*steps, *last_steps)


def capped_share(percent: int, clause: str) -> tuple[int, tuple[Step, ...]]:
    """Return a share of at most 100 %, and the steps to it; the share is the last step."""
    share = min(percent, HUNDRED_PERCENT)
    cap = (Step("share_cap", clause, HUNDRED_PERCENT, "percent"),) if percent > share else ()
    return share, (*cap, Step("share_percent", clause, share, "percent"))


def _share_increases(
    request: SubscriberShareRequest, tables: CardTables, share: ShareRow, reading: Reading | None
) -> Iterator[tuple[str, int, int, str]]:
    """Yield what can raise the share: the key of the step, the count, the points for each, and the clause."""
    if share.kind == "repair":
        if request.prior_repairs:
            yield "earlier_repairs", request.prior_repairs, share.step_percent, share.clause
        return
    if request.prior_incidents:
        yield "earlier_incidents", request.prior_incidents, share.step_percent, share.clause
    if count := request.prior_third_party_incidents:
        if _third_party_incidents_count(request, reading):
            yield "earlier_third_party", count, share.step_percent, share.clause
        else:
            yield "earlier_third_party_free", count, 0, tables.citations.third_party_incidents


def _third_party_incidents_count(request: SubscriberShareRequest, reading: Reading | None) -> bool:
    """Return whether earlier incidents in which someone else was at fault raise the share.

    Star note 4 exempts them. It is printed under the working cards and applies to these only (A-4).
    """
    return request.level not in WORKING_LEVELS and reading is not Reading.THIRD_PARTY_NEVER_COUNTS


def _subscriber_pays_rial(
    request: SubscriberShareRequest,
    tables: CardTables,
    share_percent: int,
    reading: Reading | None,
) -> tuple[int, tuple[Step, ...]]:
    """Return what the subscriber pays, and the working; the amount is the last step.

    A withheld audio panel is deducted before the share (A-22).
    """
    steps = []
    base_rial, panel_rial, clause = request.damage_rial, 0, tables.citations.share_table
    if request.audio_panel_withheld and tables.events[request.event].kind == "partial_theft":
        panel = tables.figures["audio_panel_withheld"]
        clause, panel_rial = panel.clause, min(int(panel.value), base_rial)
        steps.append(Step("audio_panel", clause, panel_rial, "rial"))
        if reading is not Reading.PANEL_AFTER_SHARE:
            base_rial -= panel_rial
    share_rial = Decimal(base_rial * share_percent) / HUNDRED_PERCENT
    pays_rial = min(request.damage_rial, int((share_rial + panel_rial).to_integral_value(ROUND_HALF_UP)))
    inputs = {"percent": share_percent, "damage_rial": base_rial, "audio_panel_rial": panel_rial}
    steps.append(Step("subscriber_pays", clause, pays_rial, "rial", inputs))
    return pays_rial, tuple(steps)


def _is_report_required(request: SubscriberShareRequest, report: ReportRow) -> bool:
    at_any_amount = report.culprit_clause is not None and _is_someone_else_at_fault(request)
    is_above_limit = report.above_rial is not None and request.damage_rial > report.above_rial
    return report.always or at_any_amount or is_above_limit


def _report_step(request: SubscriberShareRequest, report: ReportRow, *, required: bool) -> Step:
    if report.culprit_clause and _is_someone_else_at_fault(request):
        return Step("report_at_any_amount", report.culprit_clause, required)
    return Step("report_required", report.clause, required, inputs={"above": report.above_rial})


def _is_someone_else_at_fault(request: SubscriberShareRequest) -> bool:
    return request.third_party_at_fault or request.fault_shared


def _readings(request: SubscriberShareRequest, tables: CardTables) -> Iterator[tuple[Reading, str]]:
    """Yield the alternative readings that can change this answer, with their clauses."""
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
        if not _concerns(row, request.event):
            yield Notice(f"exclusion_concerns_{row.concerns}", row.clause, params={"exclusion": exclusion})
    if not result.covered:
        return
    if _is_someone_else_at_fault(request):
        yield Notice("fault_does_not_change_share", tables.citations.fault)
    if request.fault_shared and report.culprit_clause:
        yield Notice("shared_fault_papers", tables.citations.shared_fault)
    if report.petition:
        yield Notice("petition_if_culprit", tables.citations.petition)
    if event.reading == Reading.FIRE_NOT_COVERED.value:
        yield Notice("fire_in_table_only", tables.citations.report_table, "warning")
    if event.reading == Reading.RECOVERED_AS_THEFT.value:
        percent = tables.figures["repair_of_recovered_below_percent"].value
        yield Notice(
            "recovered_under_limit", tables.citations.recovered_vehicle, "warning", {"percent": percent}
        )
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
        reason=reason,
        subscriber_pays_rial=request.damage_rial,
        company_pays_rial=0,
    )


def _full_payment_step(request: SubscriberShareRequest, clause: str) -> Step:
    return Step("subscriber_pays", clause, request.damage_rial, "rial")


def is_repair(event: str, started_on: date | None) -> bool:
    """Return whether an event is a repair in the edition of a day; False if no edition is in force."""
    tables = card_tables(started_on)
    return tables is not None and tables.events[event].kind == "repair"


def answers_by_prior_count(
    request: SubscriberShareRequest, max_count: int
) -> list[Answer[SubscriberShareResult]]:
    """Return the answers for 0 to ``max_count`` earlier events of the kind that raises the share."""
    field = "prior_repairs" if is_repair(request.event, request.started_on) else "prior_incidents"
    return [subscriber_share(request.model_copy(update={field: count})) for count in range(max_count + 1)]


def share_by_prior_count(request: SubscriberShareRequest, max_count: int) -> list[tuple[int, int | None]]:
    """Return (count, share in percent) for 0 to ``max_count`` earlier events, for a chart."""
    answers = answers_by_prior_count(request, max_count)
    return [(count, answer.result.share_percent) for count, answer in enumerate(answers)]


def events_by_group() -> dict[str, list[str]]:
    """Return the events of the edition in force by group, in the order of the table."""
    groups: dict[str, list[str]] = {}
    tables = card_tables()
    for row in tables.events.values() if tables else ():
        groups.setdefault(row.group, []).append(row.event)
    return groups


def damage_exclusions(event: str) -> list[str]:
    """Return the exclusions for a damage by an event, of the edition in force, in the order of the table."""
    tables = card_tables()
    return [row.exclusion for row in tables.exclusions.values() if _concerns(row, event)] if tables else []
