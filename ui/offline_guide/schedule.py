"""What the guide with no network holds of the service tables: the calculator's answers, asked beforehand.

Nothing is worked out here: every service, window, mark and verdict is an answer of ``service_schedule``, so
the guide's script only has to look up the stretch of the road that a reading of the odometer lies on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from logic.core.answer import Answer, Notice
from logic.core.models import Level
from logic.datasets.dataset import data_dir
from logic.service.service_schedule import (
    ServiceEntry,
    ServiceItem,
    ServiceScheduleRequest,
    ServiceScheduleResult,
    cars,
    service_schedule,
)

HORIZON_KM = 300_000
"""How far the guide looks; services that a note repeats go on without end."""
VERDICTS: Mapping[str | None, str] = {
    None: "+",
    "needs_higher_level": "h",
    "above_level_ceiling": "a",
    "level_has_no_services": "n",
    "owner_pays": "o",
}
"""One letter for each verdict on an item, by its reason; covered has none."""


@dataclass(frozen=True)
class ItemVerdicts:
    """Who has an item, under one reading of the stars: a letter per level, and the lowest level that does."""

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
    """As the other reading (A-6) has it; the same where it does not matter."""
    clause: str


@dataclass(frozen=True)
class OdometerRange:
    """The services around every reading of the odometer from here to the next stretch, by their km."""

    from_km: int
    previous: int | None
    current: int | None
    next: int | None


@dataclass(frozen=True)
class Column:
    """A service: its km, its window and what stands in it."""

    km: int
    window_from_km: int
    window_to_km: int
    printed: bool
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class ServicePlan:
    """A service table as a gearbox has it."""

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
        """Whether the two differ in nothing but the gearbox's name."""
        return (self.table, self.columns, self.ranges) == (other.table, other.columns, other.ranges)


@cache
def _service_plans(_data: Path) -> tuple[list[ServicePlan], dict[str, dict[str, int]]]:
    """Every table once, and where each tile finds its own: tile → gearbox → place in the list.

    A tile whose gearboxes make no difference has one. ``_data`` is the folder that is read.
    """
    found: list[ServicePlan] = []
    places: dict[str, dict[str, int]] = {}
    for car, row in cars().items():
        own: dict[str, int] = {}
        for gearbox in row.gearboxes:
            plan = _plan(car, gearbox)
            place = next((number for number, each in enumerate(found) if each.same(plan)), len(found))
            if place == len(found):
                found.append(plan)
            own[gearbox] = place
        first = next(iter(own))
        places[car] = own if len(set(own.values())) > 1 else {first: own[first]}
    return found, places


def service_plans() -> tuple[list[ServicePlan], dict[str, dict[str, int]]]:
    """Every table once, and where each tile finds its own, by gearbox."""
    return _service_plans(data_dir())


def offered(found: Iterable[ServicePlan]) -> list[Level]:
    """The levels that have any item of any service free."""
    verdicts = [
        cell.cover.verdicts for plan in found for column in plan.columns for cell in column.cells.values()
    ]
    return [level for place, level in enumerate(Level) if any(each[place] == "+" for each in verdicts)]


def ask(car: str, gearbox: str, **known: Any) -> Answer[ServiceScheduleResult]:  # noqa: ANN401 - fields of a request
    """Ask the calculator about a tile's car."""
    row = cars()[car]
    return service_schedule(
        ServiceScheduleRequest(vehicle=row.vehicle, engine=row.engine, gearbox=gearbox, **known)
    )


def _plan(car: str, gearbox: str) -> ServicePlan:
    whole = ask(car, gearbox, whole_table=True)
    printed = {entry.service_km for entry in whole.result.services}
    stretches = tuple(_odometer_ranges(car, gearbox))
    named = {km for each in stretches for km in (each.previous, each.current, each.next) if km is not None}
    columns = tuple(_column(car, gearbox, km, printed=km in printed) for km in sorted(printed | named))
    noted = (item for column in columns for item in column.cells)
    around = [ask(car, gearbox, odometer_km=each.from_km) for each in stretches]
    window = next(step for answer in around for step in answer.steps if step.key == "window")
    return ServicePlan(
        table=whole.result.table,
        edition=whole.result.edition or "",
        gearbox=gearbox,
        items=tuple(dict.fromkeys((*whole.result.printed_items, *noted))),
        columns=columns,
        ranges=stretches,
        clause=whole.steps[0].clause,
        window_clause=window.clause,
        notices=tuple({each.key: each for answer in (whole, *around) for each in answer.notices}.values()),
    )


def _odometer_ranges(car: str, gearbox: str) -> Iterator[OdometerRange]:
    """The road from 0 km on, cut where the answer changes: as a window opens, and once it has closed."""
    odometer: int | None = 0
    while odometer is not None and odometer <= HORIZON_KM:
        found = ask(car, gearbox, odometer_km=odometer).result
        yield OdometerRange(odometer, _km(found.previous), _km(found.current), _km(found.next))
        changes = [found.current.window_to_km + 1] if found.current else []
        changes += [found.next.window_from_km] if found.next else []
        odometer = min(changes, default=None)


def _km(entry: ServiceEntry | None) -> int | None:
    return entry.service_km if entry else None


def _column(car: str, gearbox: str, km: int, *, printed: bool) -> Column:
    answers = [ask(car, gearbox, service_km=km, level=level) for level in (None, *Level)]
    entries = [answer.result.service for answer in answers]
    others = [
        each
        for answer in answers
        for each in [answer.alternatives[0].result.get("service") if answer.alternatives else None]
    ]
    here = [entry for entry in entries if entry]
    there = [other or entry for other, entry in zip(others, here, strict=True)]
    cells = {
        item.item: Cell(
            mark=item.mark,
            check=item.check,
            stars=item.stars,
            cover=_item_verdicts([entry.items[place] for entry in here]),
            literal=_item_verdicts([entry.items[place] for entry in there]),
            clause=item.clause,
        )
        for place, item in enumerate(here[0].items)
    }
    return Column(km, here[0].window_from_km, here[0].window_to_km, printed, cells)


def _item_verdicts(items: list[ServiceItem]) -> ItemVerdicts:
    """``items`` is one item, first as asked without a level, then under each level."""
    asked, *by_level = items
    letters = "".join(VERDICTS[None if item.covered else item.reason] for item in by_level)
    return ItemVerdicts(letters, asked.needs_level)
