"""Which periodic service is due at a reading of the odometer, and which items a level covers."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from logic.card.tables import CardTables, Service, card, no_edition
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import (
    MAX_KM,
    Day,
    Flag,
    Km,
    Known,
    Level,
    Request,
    Result,
    invalid,
    require_in_edition,
)
from logic.core.registry import calculator, linear_between
from logic.datasets.tables import (
    Citations,
    EditionFolder,
    Labelled,
    Row,
    YesNo,
    cached_per_dataset,
    data_dir,
    edition_reader,
    read_frame,
)
from logic.warranty.tables import Maker

ItemReason = Literal[
    "subscription_expired", "level_has_no_services", "above_level_ceiling", "needs_higher_level", "owner_pays"
]
READING = "A-6"
MANUAL, AUTOMATIC = "manual", "automatic"
"""The gearbox that is assumed where none is given, and the one whose notes hold for all but manual ones."""
BLANK = "-"
TICK = "√"


class TableRow(Row):
    """A printed service table: its marks' family, its window and its clause."""

    table: Annotated[str, Labelled("table_name")]
    marks: str
    window_before_km: int
    window_after_km: int
    window_clause: str
    clause: str
    heads_note: Literal["lost_zero", "extra_zero"] | None = None


class MarkRow(Row):
    """The lowest level that a mark stands for, as read (A-6 a) and if stars were levels (A-6 b)."""

    marks: str
    mark: str
    level: Level | None = None
    literal_level: Level | None = None
    clause: str


class NoteRow(Row):
    """An item that a note below a table fixes; it beats the table's own marks for that item."""

    table: str
    item: Annotated[str, Labelled("service_item")]
    every_km: int = Field(gt=0)
    repeats: YesNo
    own_service: YesNo
    """Whether the note makes a service where the table has none, as the belts' notes do."""
    gearbox: Annotated[str | None, Labelled("gearbox")] = None
    level: Level | None = None
    clause: str


class VehicleRow(Row):
    """Which table a car with an engine follows."""

    vehicle: str
    engine: Annotated[str, Labelled("engine")]
    table: str
    clause: str


class CarRow(Row):
    """A car that the pages offer, in their order: a vehicle and the engine that decides its table."""

    car: Annotated[str, Labelled("car")]
    vehicle: str
    engine: str
    gearboxes: Annotated[
        tuple[str, ...], BeforeValidator(str.split), Field(min_length=1), Labelled("gearbox")
    ]
    """The gearboxes that it is sold with; pages assume the first one."""
    maker: Maker | None = None
    """Whose guarantee it has; where empty, the legal minimum holds."""


class Mark(NamedTuple):
    """A cell of a printed table that is not blank."""

    item: str
    mark: str


class CardServiceCitations(Citations):
    """The clauses of the card booklet on services that belong to no row."""

    level_table: str
    oil_top_up: str
    automatic_gearbox_oil: str


class MakerServiceCitations(Citations):
    """The clauses of a maker's booklet on services that belong to no row."""

    service_notes: str
    missed_service: str


@dataclass(frozen=True, eq=False)
class ServiceTable:
    """One engine's table: marks by service, in printed order, and the notes below it."""

    row: TableRow
    edition: str
    document: str
    citations: CardServiceCitations | MakerServiceCitations
    items: tuple[str, ...]
    services: Mapping[int, tuple[Mark, ...]]
    marks: Mapping[str, MarkRow]
    notes: tuple[NoteRow, ...]

    @cached_property
    def has_other_reading(self) -> bool:
        """Whether a mark stands for another level where stars are levels."""
        return any(mark.level != mark.literal_level for mark in self.marks.values())

    def near(self, odometer_km: int) -> list[int]:
        """The services around a reading, in order: all of the table, and the notes' own nearest ones."""
        found = set(self.services)
        for note in self.notes:
            if note.own_service:
                passed = odometer_km // note.every_km
                found.update(note.every_km * max(1, passed + step) for step in (-1, 0, 1, 2))
        return sorted(found)

    def between(self, after_km: int, upto_km: int) -> tuple[int, ...]:
        """The services above one reading and up to another, in order: the table's and the notes' own."""
        found = {km for km in self.services if after_km < km <= upto_km}
        for note in self.notes:
            if note.own_service:
                first = (after_km // note.every_km + 1) * note.every_km
                found.update(km for km in range(first, upto_km + 1, note.every_km) if due(note, km))
        return tuple(sorted(found))

    def has(self, km: int) -> bool:
        """Whether the table or a note fixes a service at this km."""
        return km in self.services or any(note.own_service and due(note, km) for note in self.notes)

    def notes_for(self, gearbox: str) -> list[NoteRow]:
        """The notes that hold for a gearbox; a 7DCT or a CVT is an automatic one too."""
        kinds = {None, gearbox, *([AUTOMATIC] if gearbox != MANUAL else [])}
        return [note for note in self.notes if note.gearbox in kinds]


def due(note: NoteRow, km: int) -> bool:
    """Whether the note's item belongs to the service at this km."""
    return km == note.every_km or (note.repeats and km > 0 and km % note.every_km == 0)


@dataclass(frozen=True, eq=False)
class ServiceTables:
    """The service tables of one edition and the cars that follow them."""

    tables: Mapping[str, ServiceTable]
    vehicles: Mapping[tuple[str, str], VehicleRow]
    cars: Mapping[str, CarRow]

    @cached_property
    def vehicle_ids(self) -> Mapping[str, None]:
        """The vehicles, whatever their engine."""
        return dict.fromkeys(vehicle for vehicle, _ in self.vehicles)

    @cached_property
    def gearbox_ids(self) -> Mapping[str, None]:
        """The gearboxes that cars are sold with, and the one that is assumed."""
        return dict.fromkeys([MANUAL, *(name for car in self.cars.values() for name in car.gearboxes)])


def _ids(of: Callable[[ServiceTables], Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(name for edition_tables in _all_editions() for name in of(edition_tables)))


@cached_per_dataset
def _tables() -> list[str]:
    return _ids(lambda edition_tables: edition_tables.tables)


@cached_per_dataset
def _vehicles() -> list[str]:
    return _ids(lambda edition_tables: edition_tables.vehicle_ids)


@cached_per_dataset
def _engines() -> list[str]:
    return _ids(lambda edition_tables: (engine for _, engine in edition_tables.vehicles))


@cached_per_dataset
def gearboxes() -> list[str]:
    """Return the gearboxes of every edition."""
    return _ids(lambda edition_tables: edition_tables.gearbox_ids)


@cached_per_dataset
def every_car() -> list[str]:
    """Return the cars of every edition, by id."""
    return _ids(lambda edition_tables: edition_tables.cars)


@cached_per_dataset
def cars() -> Mapping[str, CarRow]:
    """Return the cars that the pages offer, by id: those of the editions in force, else of the last ones."""
    editions = (emdad_services.nearest(), mvm_services.nearest())
    return {name: car for edition_tables in editions for name, car in edition_tables.cars.items()}


def _read(
    citations_model: type[CardServiceCitations] | type[MakerServiceCitations], folder: EditionFolder
) -> ServiceTables:
    marks = folder.rows_by_key("service_marks", MarkRow, lambda row: (row.marks, row.mark))
    notes = folder.rows("service_notes", NoteRow)
    citations = folder.cite(citations_model)
    tables = {}
    for name, row in folder.rows_by_key("service_tables", TableRow, lambda row: row.table).items():
        family = {mark: each for (marks_name, mark), each in marks.items() if marks_name == row.marks}
        printed, services = _read_marks(folder, name, family)
        own = tuple(note for note in notes if note.table == name)
        tables[name] = ServiceTable(
            row, folder.edition.id, folder.edition.document, citations, printed, services, family, own
        )
    vehicles = folder.rows_by_key("vehicles", VehicleRow, lambda row: (row.vehicle, row.engine))
    folder.check_references("vehicles", "table", (row.table for row in vehicles.values()), tables)
    folder.check_references("service_notes", "table", (row.table for row in notes), tables)
    cars = folder.rows_by_key("cars", CarRow, lambda row: row.car)
    folder.check_references("cars", "engine", ((row.vehicle, row.engine) for row in cars.values()), vehicles)
    return ServiceTables(tables, vehicles, cars)


_KM = re.compile(r"[1-9][0-9]{0,6}")


def _read_marks(
    folder: EditionFolder, table: str, family: Mapping[str, MarkRow]
) -> tuple[tuple[str, ...], dict[int, tuple[Mark, ...]]]:
    """A printed table: heads as printed, beneath them the km as read, then a line of marks per item.

    Gives the items in printed order, and the marks by km.
    """
    file = f"services/{table}.csv"
    frame = read_frame(folder.path / file)
    if list(frame.columns[:1]) != ["item"] or not len(frame) or frame.iloc[0, 0] != "service_km":
        raise folder.error(file, 1, "item", "the first column is item, the second line service_km")
    items = list(frame["item"][1:])
    for line, item in enumerate(items, start=3):
        if item in items[: line - 3]:
            raise folder.error(file, line, "item", f"duplicate key {item}")
    folder.require_labels(file, "item", "service_item", items, first_line=3)
    services: dict[int, tuple[Mark, ...]] = {}
    for column in frame.columns[1:]:
        km, *cells = frame[column]
        if not _KM.fullmatch(km):
            raise folder.error(file, 2, column, f"{km[:20]!r} is not a number of km")
        if services and int(km) <= max(services):
            raise folder.error(file, 2, None, "the km do not rise")
        for line, mark in enumerate(cells, start=3):
            if mark != BLANK and mark not in family:
                raise folder.error(file, line, column, f"{mark!r} is not a mark of this table")
        pairs = zip(items, cells, strict=True)
        services[int(km)] = tuple(Mark(item, mark) for item, mark in pairs if mark != BLANK)
    return tuple(items), services


emdad_services = edition_reader("emdad")(partial(_read, CardServiceCitations))
mvm_services = edition_reader("mvm_fx")(partial(_read, MakerServiceCitations))


def service_editions(started_on: date | None = None) -> list[ServiceTables]:
    """The books with service tables: the card's for the subscription, the maker's undated one."""
    return [each for each in (emdad_services(started_on), mvm_services.nearest()) if each]


def _all_editions() -> list[ServiceTables]:
    """The books of every edition, the newest first: an id of an old one is known too."""
    return [*reversed(emdad_services.editions()), *reversed(mvm_services.editions())]


VehicleId = Annotated[str, Known(_vehicles)]
EngineId = Annotated[str, Known(_engines)]
Gearbox = Annotated[str, Known(gearboxes, lists_ids=True)]


class ServiceScheduleRequest(Request):
    """A table, or a car and its engine; a reading of the odometer, or a service; the level."""

    table: Annotated[str, Known(_tables)] | None = None
    vehicle: VehicleId | None = None
    engine: EngineId | None = None
    level: Level | None = None
    odometer_km: Km | None = None
    service_km: Km | None = None
    subscription_valid: Flag = True
    gearbox: Gearbox = MANUAL
    whole_table: Flag = False
    """List every printed service in ``services``."""
    started_on: Day | None = None
    """First day of the subscription; it decides which edition of the booklet holds."""

    @model_validator(mode="after")
    def _one_table(self) -> Self:
        if (self.table is None) == (self.vehicle is None):
            raise invalid("vehicle" if self.table is None else "table", "vehicle_or_table")
        if emdad_services(self.started_on):  # else the answer says that no edition is in force
            editions = service_editions(self.started_on)
            require_in_edition(
                "table", self.table, {name for edition_tables in editions for name in edition_tables.tables}
            )
            require_in_edition(
                "vehicle",
                self.vehicle,
                {name for edition_tables in editions for name in edition_tables.vehicle_ids},
            )
            require_in_edition(
                "gearbox",
                self.gearbox,
                {name for edition_tables in editions for name in edition_tables.gearbox_ids},
            )
        if self.vehicle is not None:
            check_engine(self.vehicle, self.engine, self.started_on)
        return self


class ServiceItem(Result):
    """One item of a service and whether the level has it."""

    item: str
    stars: int | None
    """How many stars are printed; null for a tick, and for what only a note fixes."""
    check: bool
    """The cell prints a tick."""
    mark: str | None
    """The cell as printed; null for what only a note fixes."""
    covered: bool | None
    needs_level: Level | None
    """The lowest level that has the item."""
    reason: ItemReason | None
    clause: str


class ServiceEntry(Result):
    """One service: its km, its window and its items. Distances are null without an odometer."""

    service_km: int
    window_from_km: int
    window_to_km: int
    in_window: bool | None
    km_to_window: int | None
    """How far until the window opens; 0 inside, null after it."""
    km_left: int | None
    """How far until the window closes; null outside it."""
    items: tuple[ServiceItem, ...]


class ServiceScheduleResult(Result):
    """The service whose window is open, the ones before and after it, and the one asked for by its km."""

    edition: str | None
    table: str
    reason: Literal["no_edition"] | None
    previous: ServiceEntry | None
    current: ServiceEntry | None
    next: ServiceEntry | None
    service: ServiceEntry | None
    services: tuple[ServiceEntry, ...]
    """Every printed service, where the whole table was asked for."""
    printed_items: tuple[str, ...]
    """The table's items in printed order."""


def engines_of(vehicle: str, started_on: date | None = None) -> dict[str, VehicleRow]:
    """The engines that a vehicle comes with, by id: by the booklet in force, else by any with the car."""
    return _engines_of(vehicle, started_on, data_dir())


@lru_cache(maxsize=4096)
def _engines_of(vehicle: str, started_on: date | None, _folder: Path) -> dict[str, VehicleRow]:
    for editions in (service_editions(started_on), _all_editions()):
        found = {
            engine: row
            for each in reversed(editions)
            for (name, engine), row in each.vehicles.items()
            if name == vehicle
        }
        if found:
            return found
    return {}


def check_engine(vehicle: str, engine: str | None, started_on: date | None) -> None:
    """Refuse a car of several engines without one, and an engine that it does not come with."""
    engines = engines_of(vehicle, started_on)
    if engine is None and len(engines) > 1:
        raise invalid("engine", "engine_missing")
    if engine is not None and engine not in engines:
        raise invalid("engine", "engine_not_offered")


def vehicle_row(vehicle: str, engine: str | None, started_on: date | None) -> VehicleRow:
    """Which table a car follows; without an engine, that of its only one."""
    engines = engines_of(vehicle, started_on)
    return engines[engine] if engine else next(iter(engines.values()))


def table_named(name: str, started_on: date | None) -> ServiceTable | None:
    """The table of that name in the books of a subscription; None where they print none."""
    return next(
        (
            edition_tables.tables[name]
            for edition_tables in service_editions(started_on)
            if name in edition_tables.tables
        ),
        None,
    )


@calculator
def service_schedule(request: ServiceScheduleRequest) -> Answer[ServiceScheduleResult]:
    """What is due at an odometer reading (km), within which window, and which items a level covers.

    Annex 1 and clause 6-6 of the card booklet; the periodic table of the maker's guarantee booklet. Marks
    are read as A-6 recommends and the km ceiling of Table 1 is kept (a note's own level beats it, A-7).
    Both ends of a window belong to it. Left out: the months that some notes add to the km.
    """
    chosen, clause = _choose(request)
    table = table_named(chosen, request.started_on)
    if table is None:
        nothing = ServiceScheduleResult(
            edition=None, table=chosen, reason="no_edition", previous=None, current=None, next=None,
            service=None, services=(), printed_items=(),
        )  # fmt: skip
        return Answer(nothing, (no_edition(request.started_on),))
    scheme = _Scheme(request, table, card(request.started_on) if table.document == "emdad" else None)
    result = scheme.result()
    alternatives = []
    if table.has_other_reading:
        other = _Scheme(request, table, scheme.card, literal=True).result()
        if _cover(other, request.level) != _cover(result, request.level):
            clause_of_stars = next(iter(table.marks.values())).clause
            alternatives = Alternative.where_different(READING, clause_of_stars, result, other)
    return Answer(
        result,
        tuple(_steps(request, table, result, clause)),
        tuple(_notices(request, table, result)),
        tuple(alternatives),
    )


@linear_between(service_schedule, field="odometer_km")
def window_edges(request: ServiceScheduleRequest) -> tuple[int, ...]:
    """The readings (km) at which a window of the car's table opens or has just closed."""
    table = table_named(_choose(request)[0], request.started_on)
    return _edges(table) if table else (0,)


@cache
def _edges(table: ServiceTable) -> tuple[int, ...]:
    row = table.row
    kms = table.between(0, MAX_KM + row.window_before_km)
    edges = {edge for km in kms for edge in (km - row.window_before_km, km + row.window_after_km + 1)}
    return tuple(sorted({0, *(edge for edge in edges if 0 < edge <= MAX_KM), MAX_KM + 1}))


@dataclass(frozen=True)
class _Scheme:
    """A request against a table, under one reading of the stars."""

    request: ServiceScheduleRequest
    table: ServiceTable
    card: CardTables | None
    literal: bool = False

    def result(self) -> ServiceScheduleResult:
        request, table = self.request, self.table
        previous = current = following = None
        if (odometer := request.odometer_km) is not None:
            for km in table.near(odometer):
                if km + table.row.window_after_km < odometer:
                    previous = km
                elif km - table.row.window_before_km <= odometer:
                    current = km
                elif following is None:
                    following = km
        asked = request.service_km
        return ServiceScheduleResult(
            edition=table.edition,
            table=table.row.table,
            reason=None,
            previous=self.entry(previous),
            current=self.entry(current),
            next=self.entry(following),
            service=self.entry(asked if asked is not None and table.has(asked) else None),
            services=tuple(filter(None, map(self.entry, table.services))) if request.whole_table else (),
            printed_items=table.items,
        )

    def entry(self, km: int | None) -> ServiceEntry | None:
        if km is None:
            return None
        opens, closes = max(0, km - self.table.row.window_before_km), km + self.table.row.window_after_km
        odometer = self.request.odometer_km
        inside = None if odometer is None else opens <= odometer <= closes
        return ServiceEntry(
            service_km=km,
            window_from_km=opens,
            window_to_km=closes,
            in_window=inside,
            km_to_window=None if odometer is None or odometer > closes else max(0, opens - odometer),
            km_left=closes - odometer if odometer is not None and inside else None,
            items=self.items(km),
        )

    def items(self, km: int) -> tuple[ServiceItem, ...]:
        request = self.request
        cover = _Cover(self.table, self.card, request.level, request.subscription_valid, self.literal)
        return _items(cover, request.gearbox, km)


@dataclass(frozen=True)
class _Cover:
    """What decides whether an item is covered: the table, the level, the card, the reading of the stars."""

    table: ServiceTable
    card: CardTables | None
    level: Level | None
    subscription_valid: bool
    literal: bool

    def marked(self, item: str, mark: str, km: int) -> ServiceItem:
        row = self.table.marks[mark]
        by_mark = row.literal_level if self.literal else row.level
        ceiling = self.lowest_up_to(km)
        needs = max(by_mark, ceiling, key=_rank) if by_mark and ceiling else None
        covered, reason = self.verdict(needs, by_mark)
        tick = mark == TICK
        return ServiceItem(
            item=item, stars=None if tick else len(mark), check=tick, mark=mark, covered=covered,
            needs_level=needs, reason=reason, clause=self.table.row.clause,
        )  # fmt: skip

    def noted(self, note: NoteRow) -> ServiceItem:
        covered, reason = self.verdict(note.level, note.level)
        return ServiceItem(
            item=note.item, stars=None, check=False, mark=None, covered=covered,
            needs_level=note.level, reason=reason, clause=note.clause,
        )  # fmt: skip

    def verdict(self, needs: Level | None, by_mark: Level | None) -> tuple[bool | None, ItemReason | None]:
        level = self.level
        if self.card is None:
            return (None if level is None else False), "owner_pays"
        if not self.subscription_valid:
            return False, "subscription_expired"
        if level is None:
            return None, None
        if self.card.services[level, Service.PERIODIC_SERVICE].kind != "limit_km":
            return False, "level_has_no_services"
        if needs and _rank(level) >= _rank(needs):
            return True, None
        enough = by_mark is None or _rank(level) >= _rank(by_mark)
        return False, "above_level_ceiling" if enough else "needs_higher_level"

    def lowest_up_to(self, km: int) -> Level | None:
        """The lowest level whose ceiling (Table 1) reaches the service."""
        if self.card is None:
            return None
        return next((level for level, ceiling in _ceilings(self.card) if ceiling >= km), None)


@lru_cache(maxsize=4096)  # few cars, few levels: the same services are asked for over and over
def _items(cover: _Cover, gearbox: str, km: int) -> tuple[ServiceItem, ...]:
    """The items of the service at this km; what a note fixes stands only where the note says so."""
    notes = cover.table.notes_for(gearbox)
    fixed = {note.item for note in notes}
    now = {note.item: note for note in notes if due(note, km)}
    marks = [mark for mark in cover.table.services.get(km, ()) if mark.item not in fixed or mark.item in now]
    marked = [cover.marked(item, mark, km) for item, mark in marks]
    added = now.keys() - {mark.item for mark in marks}
    return (*marked, *(cover.noted(note) for item, note in now.items() if item in added))


@cache
def _ceilings(edition_tables: CardTables) -> tuple[tuple[Level, int], ...]:
    """The levels that have periodic services, lowest first, and how far."""
    cells = ((level, edition_tables.services[level, Service.PERIODIC_SERVICE]) for level in Level)
    return tuple((level, cell.value) for level, cell in cells if cell.kind == "limit_km" and cell.value)


_RANKS = {level: rank for rank, level in enumerate(Level)}


def _rank(level: Level) -> int:
    return _RANKS[level]


def _choose(request: ServiceScheduleRequest) -> tuple[str, str | None]:
    if request.vehicle is None:
        return request.table or "", None
    row = vehicle_row(request.vehicle, request.engine, request.started_on)
    return row.table, row.clause


def _entries(result: ServiceScheduleResult) -> list[ServiceEntry]:
    named = (result.previous, result.current, result.next, result.service, *result.services)
    return [entry for entry in named if entry]


def _cover(result: ServiceScheduleResult, level: Level | None) -> list[object]:
    """What the reading of the stars comes to: cover at a level, else the level needed."""
    items = (item for entry in _entries(result) for item in entry.items)
    return [item.needs_level if level is None else item.covered for item in items]


def _steps(
    request: ServiceScheduleRequest, table: ServiceTable, result: ServiceScheduleResult, chosen_by: str | None
) -> Iterator[Step]:
    row = table.row
    inputs = {"vehicle": request.vehicle, "engine": request.engine}
    yield Step("table", chosen_by or row.clause, row.table, inputs=inputs if request.vehicle else {})
    for key in ("previous", "current", "next", "service"):
        entry: ServiceEntry | None = getattr(result, key)
        if entry:
            window = {"from_km": entry.window_from_km, "to_km": entry.window_to_km}
            yield Step(key, row.clause, entry.service_km, "km")
            yield Step(
                "window",
                row.window_clause,
                entry.in_window,
                inputs={"service_km": entry.service_km, **window},
            )
    edition_tables = card(request.started_on)
    if request.level and edition_tables and table.document == "emdad":
        cell = edition_tables.services[request.level, Service.PERIODIC_SERVICE]
        yield Step("ceiling", cell.clause, cell.value, "km", {"level": request.level})


def _notices(
    request: ServiceScheduleRequest, table: ServiceTable, result: ServiceScheduleResult
) -> Iterator[Notice]:
    row = table.row
    if table.document != "emdad":
        yield Notice("owner_pays_services", next(iter(table.marks.values())).clause)
    if row.heads_note:
        yield Notice(f"heads_{row.heads_note}", row.clause)
    if isinstance(table.citations, CardServiceCitations):
        yield Notice("stars_not_explained", next(iter(table.marks.values())).clause)
        yield Notice("ceiling_by_odometer", table.citations.level_table)
        yield Notice("oil_top_up", table.citations.oil_top_up)
        if request.gearbox != MANUAL and not any(note.gearbox for note in table.notes):
            yield Notice("automatic_oil_for_206_only", table.citations.automatic_gearbox_oil, "warning")
        last = max(table.services)
        shown = (result.current, result.next, result.service)
        if any(entry and entry.service_km > last for entry in shown):
            clause = next(note.clause for note in table.notes if note.own_service)
            yield Notice("table_ends", clause, params={"last": last})
        return
    yield Notice("stars_in_every_cell", row.clause, "warning")
    yield Notice("months_too", table.citations.service_notes)
    if result.previous:
        yield Notice("missed_service_voids_assemblies", table.citations.missed_service, "warning")
    if all(note.gearbox != request.gearbox for note in table.notes):
        yield Notice("gearbox_oil_by_kind", table.citations.service_notes)
