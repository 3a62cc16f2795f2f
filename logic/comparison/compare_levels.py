"""What each subscription level includes, and what the next level adds."""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from logic.card.tables import CardTables, CellKind, Service, ServiceId, card_tables, no_edition
from logic.core.answer import Answer, Notice, Step, Unit
from logic.core.models import AtMost, Day, Level, Request, Result
from logic.core.registry import calculator

_UNITS: dict[CellKind, Unit] = {"limit_km": "km", "daily_rial": "rial_a_day"}


class CompareLevelsRequest(Request):
    """The levels to compare."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1), AtMost(len(Level))] = tuple(Level)
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""


class Cell(Result):
    """What a level offers of a service; ``value`` in km (limit_km) or rials a day (daily_rial), else null."""

    kind: CellKind
    value: int | None


class ServiceRow(Result):
    """A service at each level of the request."""

    service: ServiceId
    cells: dict[Level, Cell]
    differs: bool
    """Whether the levels differ in this service."""


class Upgrade(Result):
    """What changes from one level of the request to the next."""

    lower: Level
    higher: Level
    services: tuple[ServiceId, ...]


class CompareLevelsResult(Result):
    """The level table for the levels of the request."""

    edition: str | None
    reason: Literal["no_edition"] | None = None
    rows: tuple[ServiceRow, ...] = ()
    upgrades: tuple[Upgrade, ...] = ()


@calculator
def compare_levels(request: CompareLevelsRequest) -> Answer[CompareLevelsResult]:
    """Return the level table for the levels of the request, each once, in the order of the request.

    A row has a cell per level: free, by tariff, included, excluded, up to a number of km, or rials a day.
    Nothing is rounded. If no edition is in force on ``started_on``, there are no rows and a reason.

    Source: Table 1 of the card booklet.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        no_result = CompareLevelsResult(edition=None, reason="no_edition")
        return Answer(no_result, (no_edition(request.started_on),))
    levels = tuple(dict.fromkeys(request.levels))
    cells = _cells(tables)
    rows = tuple(
        ServiceRow(
            service=service,
            cells={level: cells[level, service][0] for level in levels},
            differs=len({cells[level, service][1].value for level in levels}) > 1,
        )
        for service in tables.service_ids
    )
    upgrades = tuple(
        Upgrade(
            lower=lower,
            higher=higher,
            services=tuple(
                service
                for service in tables.service_ids
                if cells[lower, service][1].value != cells[higher, service][1].value
            ),
        )
        for lower, higher in pairwise(levels)
    )
    steps = tuple(cells[level, service][1] for service in tables.service_ids for level in levels)
    notices = [Notice("on_site_by_tariff", tables.citations.level_table)]
    if any(cells[level, Service.TYRE_REPLACEMENT][0].kind == "included" for level in levels):
        after_km = int(tables.figures["tyre_replacement_after_km"].value)
        notices.append(
            Notice("tyre_after_km_in_period", tables.citations.tyre_replacement, params={"km": after_km})
        )
    if any(cells[level, Service.PERIODIC_SERVICE][0].kind == "limit_km" for level in levels):
        notices.append(Notice("km_ceiling_is_odometer", tables.citations.level_table))
    result = CompareLevelsResult(edition=tables.edition, rows=rows, upgrades=upgrades)
    return Answer(result, steps, tuple(notices))


@cache
def _cells(tables: CardTables) -> Mapping[tuple[Level, str], tuple[Cell, Step]]:
    """Return each cell of the level table with the step that cites it."""
    return {
        key: (
            Cell(kind=cell.kind, value=cell.value),
            Step("table_cell", cell.clause, cell.value or cell.kind, _UNITS.get(cell.kind),
                 {"level": cell.level, "service": cell.service}),
        )
        for key, cell in tables.services.items()
    }  # fmt: skip


def services_by_group() -> dict[str, list[str]]:
    """Return the services of the current booklet by the groups in which pages list them."""
    groups: dict[str, list[str]] = {}
    tables = card_tables()
    for row in tables.service_groups.values() if tables else ():
        groups.setdefault(row.group, []).append(row.service)
    return groups
