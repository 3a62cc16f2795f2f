"""The same events under every level: one event or a year of them, priced at each level at once."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from logic.card.subscriber_share import (
    Refusal,
    SubscriberShareRequest,
    SubscriberShareResult,
    is_repair,
    subscriber_share,
)
from logic.card.tables import EventId, ExclusionId, card
from logic.core.answer import Answer, Notice, Step
from logic.core.models import (
    AtMost,
    Count,
    Day,
    Flag,
    Level,
    Percent,
    Request,
    Result,
    Rial,
    RialSum,
    require_in_edition,
)
from logic.core.registry import calculator
from logic.datasets.tables import scope_clause

MAX_EVENTS = 12
"""Events of one year; more is a typing error."""
COUNTERS = ("prior_incidents", "prior_third_party_incidents", "prior_repairs")


class LevelEvent(Request):
    """One event: what happened, its damage, and whether somebody else was at fault."""

    event: EventId
    damage_rial: Rial
    third_party_at_fault: Flag = False


class EventsByLevelRequest(Request):
    """The events in their order, and what went before them."""

    events: Annotated[tuple[LevelEvent, ...], Field(min_length=1), AtMost(MAX_EVENTS)]
    levels: Annotated[tuple[Level, ...], Field(min_length=1), AtMost(len(Level))] = tuple(Level)
    prior_incidents: Count = 0
    prior_third_party_incidents: Count = 0
    prior_repairs: Count = 0
    started_on: Day | None = None

    @model_validator(mode="after")
    def _ids_of_the_edition(self) -> Self:
        if tables := card(self.started_on):
            for index, event in enumerate(self.events):
                require_in_edition(f"events.{index}.event", event.event, tables.events)
        return self


class LevelEventCell(Result):
    """One event under one level, as ``subscriber_share`` answers it."""

    event: EventId
    covered: bool
    reason: Refusal | ExclusionId | None
    share_percent: Percent | None
    subscriber_pays_rial: Rial
    company_pays_rial: Rial
    clause: str
    other_readings: tuple[str, ...]
    """Readings of the print under which the cell comes to something else."""


class LevelEvents(Result):
    """One level: what both sides pay in all, and each event."""

    level: Level
    subscriber_pays_rial: RialSum
    company_pays_rial: RialSum
    cells: tuple[LevelEventCell, ...]


class EventsByLevelResult(Result):
    """The levels, the one with the least to pay first; equal ones in the order asked for."""

    edition: str | None
    reason: Literal["no_edition"] | None
    rows: tuple[LevelEvents, ...]


@calculator
def events_by_level(request: EventsByLevelRequest) -> Answer[EventsByLevelResult]:
    """Who pays what for the same events under each level, in rials; each event as ``subscriber_share``.

    An event that the level covers raises the share of the ones after it (Table 2): incidents and thefts in
    one count, those with somebody else at fault apart (A-4), repairs in their own. What is not covered was no
    use of the card and raises nothing. Left out: the price of a level.
    """
    tables = card(request.started_on)
    rows, steps = [], []
    for level in dict.fromkeys(request.levels):
        answers = list(_year(request, level))
        cells = tuple(_cell(each) for each in answers)
        row = LevelEvents(
            level=level,
            subscriber_pays_rial=sum(cell.subscriber_pays_rial for cell in cells),
            company_pays_rial=sum(cell.company_pays_rial for cell in cells),
            cells=cells,
        )
        rows.append(row)
        step = Step("year_pays", cells[-1].clause, row.subscriber_pays_rial, "rial", {"level": level})
        steps.append((row.subscriber_pays_rial, step))
    rows.sort(key=lambda row: row.subscriber_pays_rial)
    steps.sort(key=lambda pair: -pair[0])
    result = EventsByLevelResult(
        edition=tables.edition if tables else None, reason=None if tables else "no_edition", rows=tuple(rows)
    )
    return Answer(
        result,
        tuple(step for _, step in steps),
        (Notice("price_of_levels_left_out", scope_clause("emdad", request.started_on)),),
    )


def _year(request: EventsByLevelRequest, level: Level) -> Iterator[Answer[SubscriberShareResult]]:
    """The answers of the events in their order, each with what the ones before it used of the card."""
    counts = request.model_dump(include=set(COUNTERS))
    for each in request.events:
        asked = SubscriberShareRequest(
            level=level, started_on=request.started_on, **each.model_dump(), **counts
        )
        found = subscriber_share(asked)
        yield found
        if found.result.covered:
            counts[_counter(each, request.started_on)] += 1


def _counter(event: LevelEvent, started_on: date | None) -> str:
    """Which count the event adds to."""
    if is_repair(event.event, started_on):
        return "prior_repairs"
    return "prior_third_party_incidents" if event.third_party_at_fault else "prior_incidents"


def _cell(found: Answer[SubscriberShareResult]) -> LevelEventCell:
    asked, result = found.request, found.result
    assert isinstance(asked, SubscriberShareRequest)  # noqa: S101 - the registry keeps it
    share = next((step for step in found.steps if step.key in ("base_share", "not_covered")), found.steps[-1])
    return LevelEventCell(
        event=asked.event,
        covered=result.covered,
        reason=result.reason,
        share_percent=result.share_percent,
        subscriber_pays_rial=result.subscriber_pays_rial,
        company_pays_rial=result.company_pays_rial,
        clause=share.clause,
        other_readings=tuple(dict.fromkeys(each.reading for each in found.alternatives)),
    )
