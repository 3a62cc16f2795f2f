"""What the same events cost at each level: one event, or those of a year."""

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
from logic.card.tables import EventId, ExclusionId, card_tables
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
"""Limit of the events of a year."""
COUNT_FIELDS = ("prior_incidents", "prior_third_party_incidents", "prior_repairs")


class LevelEvent(Request):
    """An event, its damage, and whether someone else was at fault."""

    event: EventId
    damage_rial: Rial
    third_party_at_fault: Flag = False


class EventsByLevelRequest(Request):
    """The events in their order, and the numbers of earlier ones."""

    events: Annotated[tuple[LevelEvent, ...], Field(min_length=1), AtMost(MAX_EVENTS)]
    levels: Annotated[tuple[Level, ...], Field(min_length=1), AtMost(len(Level))] = tuple(Level)
    prior_incidents: Count = 0
    prior_third_party_incidents: Count = 0
    prior_repairs: Count = 0
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _check_edition(self) -> Self:
        if tables := card_tables(self.started_on):
            for index, event in enumerate(self.events):
                require_in_edition(f"events.{index}.event", event.event, tables.events)
        return self


class LevelEventCell(Result):
    """An event at a level, as ``subscriber_share`` answers it."""

    event: EventId
    covered: bool
    reason: Refusal | ExclusionId | None
    share_percent: Percent | None
    subscriber_pays_rial: Rial
    company_pays_rial: Rial
    clause: str
    other_readings: tuple[str, ...]
    """The readings by which the cell would differ."""


class LevelEvents(Result):
    """A level: what subscriber and company pay in total, and for each event."""

    level: Level
    subscriber_pays_rial: RialSum
    company_pays_rial: RialSum
    cells: tuple[LevelEventCell, ...]


class EventsByLevelResult(Result):
    """The levels, the one with the lowest payment first; equal ones in the order of the request."""

    edition: str | None
    reason: Literal["no_edition"] | None = None
    rows: tuple[LevelEvents, ...] = ()


@calculator
def events_by_level(request: EventsByLevelRequest) -> Answer[EventsByLevelResult]:
    """Return what subscriber and company pay for the same events at each level.

    Each event is answered as by ``subscriber_share``, in rials. An event that the level covers raises the
    share of later ones (Table 2). Incidents and thefts have one count, those with someone else at fault
    another (A-4), repairs a third. An event that is not covered raises nothing.

    Not covered: the price of a level.
    """
    tables = card_tables(request.started_on)
    rows, steps = [], []
    for level in dict.fromkeys(request.levels):
        answers = list(_event_answers(request, level))
        cells = tuple(_cell(answer) for answer in answers)
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
    notice = Notice("price_of_levels_left_out", scope_clause("emdad", request.started_on))
    return Answer(result, tuple(step for _, step in steps), (notice,))


def _event_answers(request: EventsByLevelRequest, level: Level) -> Iterator[Answer[SubscriberShareResult]]:
    """Yield the answer for each event in order, with the events before it that the level covers."""
    counts = request.model_dump(include=set(COUNT_FIELDS))
    for event in request.events:
        share_request = SubscriberShareRequest(
            level=level, started_on=request.started_on, **event.model_dump(), **counts
        )
        answer = subscriber_share(share_request)
        yield answer
        if answer.result.covered:
            counts[_count_field(event, request.started_on)] += 1


def _count_field(event: LevelEvent, started_on: date | None) -> str:
    """Return the field of the request that counts the event."""
    if is_repair(event.event, started_on):
        return "prior_repairs"
    return "prior_third_party_incidents" if event.third_party_at_fault else "prior_incidents"


def _cell(answer: Answer[SubscriberShareResult]) -> LevelEventCell:
    request, result = answer.request, answer.result
    assert isinstance(request, SubscriberShareRequest)  # noqa: S101 - the registry sets it
    share_steps = (step for step in answer.steps if step.key in ("base_share", "not_covered"))
    share_step = next(share_steps, answer.steps[-1])
    return LevelEventCell(
        event=request.event,
        covered=result.covered,
        reason=result.reason,
        share_percent=result.share_percent,
        subscriber_pays_rial=result.subscriber_pays_rial,
        company_pays_rial=result.company_pays_rial,
        clause=share_step.clause,
        other_readings=tuple(dict.fromkeys(alternative.reading for alternative in answer.alternatives)),
    )
