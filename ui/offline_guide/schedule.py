"""The service tables of the offline guide: answers of ``service_schedule``, computed in advance.

Every service, window, mark and verdict comes from the calculator. The script of the guide only looks up the
range that contains the odometer value.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from logic.core.answer import Answer, Notice
from logic.core.models import Level
from logic.datasets.dataset import cached_per_dataset
from logic.service.service_schedule import (
    ServiceEntry,
    ServiceItem,
    ServiceScheduleRequest,
    ServiceScheduleResult,
    cars,
    service_schedule,
)

HORIZON_KM = 300_000
"""The highest odometer value in the guide; some services repeat without end."""
VERDICT_LETTERS: Mapping[str | None, str] = {
    None: "+",
    "needs_higher_level": "h",
    "above_level_ceiling": "a",
    "level_has_no_services": "n",
    "owner_pays": "o",
}
"""The letter of each verdict on an item, by its reason; a covered item has no reason."""


@dataclass(frozen=True)
class ItemVerdicts:
    """The verdicts on an item under one reading: a letter for each level, and the lowest level with it."""

    verdicts: str
    needs: Level | None


@dataclass(frozen=True)
class Cell:
    """An item of a service."""

    mark: str | None
    check: bool
    stars: int | None
    cover: ItemVerdicts
    literal: ItemVerdicts
    """The verdicts under the other reading (A-6); equal to `cover` where the reading makes no difference."""
    clause: str


@dataclass(frozen=True)
class OdometerRange:
    """The km of the services around every odometer value from `from_km` up to the next range."""

    from_km: int
    previous: int | None
    current: int | None
    next: int | None


@dataclass(frozen=True)
class Column:
    """A service: its km, its window and its items."""

    km: int
    window_from_km: int
    window_to_km: int
    printed: bool
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class ServicePlan:
    """A service table for one gearbox."""

    table: str
    edition: str
    gearbox: str
    items: tuple[str, ...]
    columns: tuple[Column, ...]
    ranges: tuple[OdometerRange, ...]
    clause: str = field(compare=False)
    window_clause: str = field(compare=False)
    notices: tuple[Notice, ...] = field(compare=False)

    def same(self, other: "ServicePlan") -> bool:
        """Return whether the two plans differ only in the gearbox."""
        return (self.table, self.columns, self.ranges) == (other.table, other.columns, other.ranges)


@cached_per_dataset
def service_plans() -> tuple[list[ServicePlan], dict[str, dict[str, int]]]:
    """Return the distinct plans, and the index of each tile's plan: tile → gearbox → index.

    A tile whose gearboxes share a plan has one entry.
    """
    plans: list[ServicePlan] = []
    plan_indexes: dict[str, dict[str, int]] = {}
    for car, row in cars().items():
        by_gearbox: dict[str, int] = {}
        for gearbox in row.gearboxes:
            plan = _plan(car, gearbox)
            index = next(
                (position for position, known_plan in enumerate(plans) if known_plan.same(plan)), len(plans)
            )
            if index == len(plans):
                plans.append(plan)
            by_gearbox[gearbox] = index
        first_gearbox = next(iter(by_gearbox))
        plan_indexes[car] = (
            by_gearbox if len(set(by_gearbox.values())) > 1 else {first_gearbox: by_gearbox[first_gearbox]}
        )
    return plans, plan_indexes


def levels_with_services(plans: Iterable[ServicePlan]) -> list[Level]:
    """Return the levels in which at least one item of a service is free."""
    verdicts = [
        cell.cover.verdicts for plan in plans for column in plan.columns for cell in column.cells.values()
    ]
    return [level for index, level in enumerate(Level) if any(letters[index] == "+" for letters in verdicts)]


def ask_calculator(car: str, gearbox: str, **fields: Any) -> Answer[ServiceScheduleResult]:  # noqa: ANN401 - fields of a request
    """Return the calculator's answer for a tile's car."""
    row = cars()[car]
    return service_schedule(
        ServiceScheduleRequest(vehicle=row.vehicle, engine=row.engine, gearbox=gearbox, **fields)
    )


def _plan(car: str, gearbox: str) -> ServicePlan:
    table_answer = ask_calculator(car, gearbox, whole_table=True)
    printed_km = {entry.service_km for entry in table_answer.result.services}
    ranges = tuple(_odometer_ranges(car, gearbox))
    shown_km = {
        km for range_ in ranges for km in (range_.previous, range_.current, range_.next) if km is not None
    }
    columns = tuple(
        _column(car, gearbox, km, printed=km in printed_km) for km in sorted(printed_km | shown_km)
    )
    noted_items = (item for column in columns for item in column.cells)
    range_answers = [ask_calculator(car, gearbox, odometer_km=range_.from_km) for range_ in ranges]
    window = next(step for answer in range_answers for step in answer.steps if step.key == "window")
    return ServicePlan(
        table=table_answer.result.table,
        edition=table_answer.result.edition or "",
        gearbox=gearbox,
        items=tuple(dict.fromkeys((*table_answer.result.printed_items, *noted_items))),
        columns=columns,
        ranges=ranges,
        clause=table_answer.steps[0].clause,
        window_clause=window.clause,
        notices=tuple(
            {
                notice.key: notice for answer in (table_answer, *range_answers) for notice in answer.notices
            }.values()
        ),
    )


def _odometer_ranges(car: str, gearbox: str) -> Iterator[OdometerRange]:
    """Yield the ranges from 0 km; a new one begins where a window opens or has closed."""
    odometer: int | None = 0
    while odometer is not None and odometer <= HORIZON_KM:
        result = ask_calculator(car, gearbox, odometer_km=odometer).result
        yield OdometerRange(odometer, _km(result.previous), _km(result.current), _km(result.next))
        changes = [result.current.window_to_km + 1] if result.current else []
        changes += [result.next.window_from_km] if result.next else []
        odometer = min(changes, default=None)


def _km(entry: ServiceEntry | None) -> int | None:
    return entry.service_km if entry else None


def _column(car: str, gearbox: str, km: int, *, printed: bool) -> Column:
    answers = [ask_calculator(car, gearbox, service_km=km, level=level) for level in (None, *Level)]
    entries = [answer.result.service for answer in answers]
    other_entries = [
        other_entry
        for answer in answers
        for other_entry in [answer.alternatives[0].result.get("service") if answer.alternatives else None]
    ]
    recommended = [entry for entry in entries if entry]
    other_reading = [other or entry for other, entry in zip(other_entries, recommended, strict=True)]
    cells = {
        item.item: Cell(
            mark=item.mark,
            check=item.check,
            stars=item.stars,
            cover=_item_verdicts([entry.items[index] for entry in recommended]),
            literal=_item_verdicts([entry.items[index] for entry in other_reading]),
            clause=item.clause,
        )
        for index, item in enumerate(recommended[0].items)
    }
    return Column(km, recommended[0].window_from_km, recommended[0].window_to_km, printed, cells)


def _item_verdicts(items: list[ServiceItem]) -> ItemVerdicts:
    """Return the verdicts on an item; ``items`` are its results without a level, then under each level."""
    without_level, *by_level = items
    letters = "".join(VERDICT_LETTERS[None if item.covered else item.reason] for item in by_level)
    return ItemVerdicts(letters, without_level.needs_level)
