"""What each subscription level includes, and what a step up adds."""

from itertools import pairwise
from typing import Literal

from pydantic import Field

from logic.answer import Answer, Notice, Step, Unit
from logic.calculators import calculator
from logic.card import SCOPE, CellKind, LevelService, Service, card
from logic.models import Day, Level, Request, Result

_UNITS: dict[CellKind, Unit] = {"limit_km": "km", "daily_rial": "rial"}


class CompareLevelsRequest(Request):
    """The levels to lay side by side."""

    levels: tuple[Level, ...] = Field(tuple(Level), min_length=1)
    started_on: Day | None = None
    """First day of the subscription; it decides which edition of the booklet holds."""


class Cell(Result):
    """How a level has a service; ``value`` in km (limit_km) or rials a day (daily_rial), else null."""

    kind: CellKind
    value: int | None


class ServiceRow(Result):
    """One service under every level asked for."""

    service: Service
    cells: dict[Level, Cell]
    differs: bool
    """Whether the levels differ in this service."""


class Upgrade(Result):
    """What changes from one level asked for to the next."""

    lower: Level
    higher: Level
    services: tuple[Service, ...]


class CompareLevelsResult(Result):
    """The level table, cut down to the levels asked for."""

    edition: str | None
    reason: Literal["no_edition"] | None
    rows: tuple[ServiceRow, ...]
    upgrades: tuple[Upgrade, ...]


@calculator
def compare_levels(request: CompareLevelsRequest) -> Answer[CompareLevelsResult]:
    """The level table (booklet, Table 1) for the levels asked for, each level once, in the order given.

    A row has a cell per level: free, by tariff, included, excluded, up to a number of km, or rials a day.
    Nothing is rounded. Without an edition on ``started_on`` there are no rows and ``reason`` says so.
    """
    book = card(request.started_on)
    if book is None:
        nothing = CompareLevelsResult(edition=None, reason="no_edition", rows=(), upgrades=())
        return Answer(nothing, (Step("no_edition", SCOPE, value=False),))
    levels = tuple(dict.fromkeys(request.levels))
    printed = {service: {level: book.services[level, service] for level in levels} for service in Service}
    rows = tuple(
        ServiceRow(
            service=service,
            cells={level: Cell(kind=cell.kind, value=cell.value) for level, cell in cells.items()},
            differs=len({(cell.kind, cell.value) for cell in cells.values()}) > 1,
        )
        for service, cells in printed.items()
    )
    upgrades = tuple(
        Upgrade(
            lower=lower,
            higher=higher,
            services=tuple(row.service for row in rows if row.cells[lower] != row.cells[higher]),
        )
        for lower, higher in pairwise(levels)
    )
    steps = tuple(_step(cell) for cells in printed.values() for cell in cells.values())
    notices = [Notice("on_site_by_tariff", "emdad.table_1")]
    if any(cell.kind == "included" for cell in printed[Service.TYRE_REPLACEMENT].values()):
        notices.append(Notice("tyre_after_km_in_period", "emdad.table_1.star"))
    if any(cell.kind == "limit_km" for cell in printed[Service.PERIODIC_SERVICE].values()):
        notices.append(Notice("km_ceiling_is_odometer", "emdad.table_1"))
    result = CompareLevelsResult(edition=book.edition, reason=None, rows=rows, upgrades=upgrades)
    return Answer(result, steps, tuple(notices))


def _step(cell: LevelService) -> Step:
    where = {"level": cell.level, "service": cell.service}
    return Step("table_cell", cell.clause, cell.value or cell.kind, _UNITS.get(cell.kind), where)
