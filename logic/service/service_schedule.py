"""Which periodic service is due at an odometer reading, and which of its items a level covers."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from logic.card.tables import CardTables, Service, card_tables, no_edition
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
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import Citations, EditionFolder, Labelled, Row, YesNo, edition_reader, read_frame
from logic.warranty.tables import Maker

ItemReason = Literal[
    "subscription_expired", "level_has_no_services", "above_level_ceiling", "needs_higher_level", "owner_pays"
]
READING = "A-6"
MANUAL, AUTOMATIC = "manual", "automatic"
"""The default gearbox, and the one whose notes apply to every gearbox that is not manual."""
BLANK = "-"
TICK = "√"


class TableRow(Row):
    """A printed service table: its family of marks, its window and its clauses."""

    table: Annotated[str, Labelled("table_name")]
    marks: str
    window_before_km: int
    window_after_km: int
    window_clause: str
    clause: str
    heads_note: Literal["lost_zero", "extra_zero"] | None = None


class MarkRow(Row):
    """The lowest level that a mark means by reading A-6 a, and if stars were levels (A-6 b)."""

    marks: str
    mark: str
    level: Level | None = None
    literal_level: Level | None = None
    clause: str


class NoteRow(Row):
    """A note below a table: the interval of an item, which overrides the services marked in the table."""

    table: str
    item: Annotated[str, Labelled("service_item")]
    every_km: int = Field(gt=0)
    repeats: YesNo
    own_service: YesNo
    """Whether the note adds services that the table does not have, as the notes on belts do."""
    gearbox: Annotated[str | None, Labelled("gearbox")] = None
    level: Level | None = None
    clause: str


class VehicleRow(Row):
    """The service table of a vehicle with an engine."""

    vehicle: str
    engine: Annotated[str, Labelled("engine")]
    table: str
    clause: str


class CarRow(Row):
    """A car in the lists of the pages, in their order: a vehicle and the engine that determines its table."""

    car: Annotated[str, Labelled("car")]
    vehicle: str
    engine: str
    gearboxes: Annotated[
        tuple[str, ...], BeforeValidator(str.split), Field(min_length=1), Labelled("gearbox")
    ]
    """The gearboxes that it is sold with; the first one is the default of the pages."""
    maker: Maker | None = None
    """The maker whose warranty it has; without one, the legal minimum applies."""


class Mark(NamedTuple):
    """A cell of a printed table that is not blank."""

    item: str
    mark: str


class CardServiceCitations(Citations):
    """Clauses of the card booklet on services that belong to no row."""

    level_table: str
    oil_top_up: str
    automatic_gearbox_oil: str


class MakerServiceCitations(Citations):
    """Clauses of a maker's booklet on services that belong to no row."""

    service_notes: str
    missed_service: str


@dataclass(frozen=True, eq=False)
class ServiceTable:
    """A service table: its marks by km, in printed order, and the notes below it."""

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
        """Whether a mark means another level if stars are levels."""
        return any(mark.level != mark.literal_level for mark in self.marks.values())

    def services_near(self, odometer_km: int) -> list[int]:
        """Return the km of the table's services and of the nearest services of notes, in order."""
        services = set(self.services)
        for note in self.notes:
            if note.own_service:
                interval = odometer_km // note.every_km
                services.update(note.every_km * max(1, interval + step) for step in (-1, 0, 1, 2))
        return sorted(services)

    def services_between(self, after_km: int, upto_km: int) -> tuple[int, ...]:
        """Return the km of the services of table and notes above one km and up to another, in order."""
        services = {km for km in self.services if after_km < km <= upto_km}
        for note in self.notes:
            if note.own_service:
                first = (after_km // note.every_km + 1) * note.every_km
                services.update(km for km in range(first, upto_km + 1, note.every_km) if is_due(note, km))
        return tuple(sorted(services))

    def has_service(self, km: int) -> bool:
        """Return whether the table or a note has a service at a km."""
        return km in self.services or any(note.own_service and is_due(note, km) for note in self.notes)

    def notes_for(self, gearbox: str) -> list[NoteRow]:
        """Return the notes that apply to a gearbox; a 7DCT or a CVT is an automatic one too."""
        gearboxes = {None, gearbox, *([AUTOMATIC] if gearbox != MANUAL else [])}
        return [note for note in self.notes if note.gearbox in gearboxes]


def is_due(note: NoteRow, km: int) -> bool:
    """Return whether the item of a note belongs to the service at a km."""
    return km == note.every_km or (note.repeats and km > 0 and km % note.every_km == 0)


@dataclass(frozen=True, eq=False)
class ServiceTables:
    """The service tables of one edition and its cars."""

    tables: Mapping[str, ServiceTable]
    vehicles: Mapping[tuple[str, str], VehicleRow]
    cars: Mapping[str, CarRow]

    @cached_property
    def vehicle_ids(self) -> Mapping[str, None]:
        """The vehicles, each once."""
        return dict.fromkeys(vehicle for vehicle, _ in self.vehicles)

    @cached_property
    def gearbox_ids(self) -> Mapping[str, None]:
        """The gearboxes that cars are sold with, and the default one."""
        return dict.fromkeys([MANUAL, *(name for car in self.cars.values() for name in car.gearboxes)])


def _ids(ids_of: Callable[[ServiceTables], Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(name for edition_tables in _all_editions() for name in ids_of(edition_tables)))


@cached_per_dataset
def _table_ids() -> list[str]:
    return _ids(lambda edition_tables: edition_tables.tables)


@cached_per_dataset
def _vehicle_ids() -> list[str]:
    return _ids(lambda edition_tables: edition_tables.vehicle_ids)


@cached_per_dataset
def _engine_ids() -> list[str]:
    return _ids(lambda edition_tables: (engine for _, engine in edition_tables.vehicles))


@cached_per_dataset
def gearboxes() -> list[str]:
    """Return the gearboxes of every edition."""
    return _ids(lambda edition_tables: edition_tables.gearbox_ids)


@cached_per_dataset
def car_ids() -> list[str]:
    """Return the ids of the cars of every edition."""
    return _ids(lambda edition_tables: edition_tables.cars)


@cached_per_dataset
def cars() -> Mapping[str, CarRow]:
    """Return the cars in the lists of the pages, by id: those of the current editions."""
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
        table_marks = {mark: mark_row for (family, mark), mark_row in marks.items() if family == row.marks}
        items, services = _read_marks(folder, name, table_marks)
        table_notes = tuple(note for note in notes if note.table == name)
        tables[name] = ServiceTable(
            row=row,
            edition=folder.edition.id,
            document=folder.edition.document,
            citations=citations,
            items=items,
            services=services,
            marks=table_marks,
            notes=table_notes,
        )
    vehicles = folder.rows_by_key("vehicles", VehicleRow, lambda row: (row.vehicle, row.engine))
    folder.check_references("vehicles", "table", (row.table for row in vehicles.values()), tables)
    folder.check_references("service_notes", "table", (row.table for row in notes), tables)
    cars = folder.rows_by_key("cars", CarRow, lambda row: row.car)
    folder.check_references("cars", "engine", ((row.vehicle, row.engine) for row in cars.values()), vehicles)
    return ServiceTables(tables, vehicles, cars)


_KM = re.compile(r"[1-9][0-9]{0,6}")


def _read_marks(
    folder: EditionFolder, table: str, table_marks: Mapping[str, MarkRow]
) -> tuple[tuple[str, ...], dict[int, tuple[Mark, ...]]]:
    """Read a service table; return its items in printed order, and its marks by km.

    The file has the printed heads, then the km as they are understood, then a line of marks per item.
    """
    file = f"services/{table}.csv"
    frame = read_frame(folder.path / file)
    if list(frame.columns[:1]) != ["item"] or not len(frame) or frame.iloc[0, 0] != "service_km":
        raise folder.error(file, 1, "item", "expected the first column item and the second line service_km")
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
            raise folder.error(file, 2, None, "the km are not in ascending order")
        for line, mark in enumerate(cells, start=3):
            if mark != BLANK and mark not in table_marks:
                raise folder.error(file, line, column, f"{mark!r} is not a mark of this table")
        pairs = zip(items, cells, strict=True)
        services[int(km)] = tuple(Mark(item, mark) for item, mark in pairs if mark != BLANK)
    return tuple(items), services


emdad_services = edition_reader("emdad")(partial(_read, CardServiceCitations))
mvm_services = edition_reader("mvm_fx")(partial(_read, MakerServiceCitations))


def service_editions(started_on: date | None = None) -> list[ServiceTables]:
    """Return the editions with service tables: the card booklet of a subscription, and the maker's."""
    return [tables for tables in (emdad_services(started_on), mvm_services.nearest()) if tables]


def _all_editions() -> list[ServiceTables]:
    """Return the service tables of every edition, the newest first."""
    return [*reversed(emdad_services.editions()), *reversed(mvm_services.editions())]


VehicleId = Annotated[str, Known(_vehicle_ids)]
EngineId = Annotated[str, Known(_engine_ids)]
Gearbox = Annotated[str, Known(gearboxes, lists_ids=True)]


class ServiceScheduleRequest(Request):
    """A table, or a vehicle and its engine; an odometer reading, or the km of a service; the level."""

    table: Annotated[str, Known(_table_ids)] | None = None
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
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _check_table(self) -> Self:
        if (self.table is None) == (self.vehicle is None):
            raise invalid("vehicle" if self.table is None else "table", "vehicle_or_table")
        if emdad_services(self.started_on):  # without an edition, the answer says so
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
    """An item of a service, and whether the level covers it."""

    item: str
    stars: int | None
    """The number of printed stars; null for a tick, and for an item that only a note has."""
    check: bool
    """Whether the cell has a tick."""
    mark: str | None
    """The cell as printed; null for an item that only a note has."""
    covered: bool | None
    needs_level: Level | None
    """The lowest level that covers the item."""
    reason: ItemReason | None
    clause: str


class ServiceEntry(Result):
    """A service: its km, its window and its items. Distances are null without an odometer reading."""

    service_km: int
    window_from_km: int
    window_to_km: int
    in_window: bool | None
    km_to_window: int | None
    """The km until the window opens: 0 in the window, null after it."""
    km_left: int | None
    """The km until the window closes; null outside the window."""
    items: tuple[ServiceItem, ...]


class ServiceScheduleResult(Result):
    """The service whose window is open, those before and after it, and the one at ``service_km``."""

    edition: str | None
    table: str
    reason: Literal["no_edition"] | None = None
    previous: ServiceEntry | None = None
    current: ServiceEntry | None = None
    next: ServiceEntry | None = None
    service: ServiceEntry | None = None
    services: tuple[ServiceEntry, ...] = ()
    """Every printed service, if the request asks for the whole table."""
    printed_items: tuple[str, ...] = ()
    """The items of the table in printed order."""


@cached_per_dataset
def engines_of(vehicle: str, started_on: date | None = None) -> dict[str, VehicleRow]:
    """Return the engines of a vehicle, by id: of the editions in force, else of any edition that has it."""
    for editions in (service_editions(started_on), _all_editions()):
        engines = {
            engine: row
            for tables in reversed(editions)
            for (name, engine), row in tables.vehicles.items()
            if name == vehicle
        }
        if engines:
            return engines
    return {}


def check_engine(vehicle: str, engine: str | None, started_on: date | None) -> None:
    """Reject a missing engine if the vehicle has several, and an engine that it does not have."""
    engines = engines_of(vehicle, started_on)
    if engine is None and len(engines) > 1:
        raise invalid("engine", "engine_missing")
    if engine is not None and engine not in engines:
        raise invalid("engine", "engine_not_offered")


def vehicle_row(vehicle: str, engine: str | None, started_on: date | None) -> VehicleRow:
    """Return the row of a vehicle with an engine; without an engine, that of its only one."""
    engines = engines_of(vehicle, started_on)
    return engines[engine] if engine else next(iter(engines.values()))


def table_named(name: str, started_on: date | None) -> ServiceTable | None:
    """Return the table of a name in the editions of a subscription, or None."""
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
    """Return the service that is due at an odometer reading, its window, and the items that a level covers.

    All distances are in km. Both ends of a window belong to it. Marks are read as A-6 recommends. The km
    ceiling of Table 1 applies, unless a note states its own level (A-7).

    Not covered: the months that some notes add to the km.
    Source: annex 1 and clause 6-6 of the card booklet; the service table of the maker's warranty booklet.
    """
    table_name, clause = _table_and_clause(request)
    table = table_named(table_name, request.started_on)
    if table is None:
        no_result = ServiceScheduleResult(
            edition=None, table=table_name, reason="no_edition" )  # fmt: skip
        return Answer(no_result, (no_edition(request.started_on),))
    schedule = _Schedule(
        request, table, card_tables(request.started_on) if table.document == "emdad" else None
    )
    result = schedule.result()
    alternatives = []
    if table.has_other_reading:
        other = _Schedule(request, table, schedule.card, literal=True).result()
        if _item_cover(other, request.level) != _item_cover(result, request.level):
            stars_clause = next(iter(table.marks.values())).clause
            alternatives = Alternative.where_different(READING, stars_clause, result, other)
    return Answer(
        result,
        tuple(_steps(request, table, result, clause)),
        tuple(_notices(request, table, result)),
        tuple(alternatives),
    )


@linear_between(service_schedule, field="odometer_km")
def window_edges(request: ServiceScheduleRequest) -> tuple[int, ...]:
    """Return the odometer readings (km) at which a window opens or has just closed."""
    table = table_named(_table_and_clause(request)[0], request.started_on)
    return _edges(table) if table else (0,)


@cache
def _edges(table: ServiceTable) -> tuple[int, ...]:
    row = table.row
    kms = table.services_between(0, MAX_KM + row.window_before_km)
    edges = {edge for km in kms for edge in (km - row.window_before_km, km + row.window_after_km + 1)}
    return tuple(sorted({0, *(edge for edge in edges if 0 < edge <= MAX_KM), MAX_KM + 1}))


@dataclass(frozen=True)
class _Schedule:
    """A request with its table and one reading of the stars."""

    request: ServiceScheduleRequest
    table: ServiceTable
    card: CardTables | None
    literal: bool = False

    def result(self) -> ServiceScheduleResult:
        request, table = self.request, self.table
        previous = current = following = None
        if (odometer := request.odometer_km) is not None:
            for km in table.services_near(odometer):
                if km + table.row.window_after_km < odometer:
                    previous = km
                elif km - table.row.window_before_km <= odometer:
                    current = km
                elif following is None:
                    following = km
        service_km = request.service_km
        if service_km is not None and not table.has_service(service_km):
            service_km = None
        return ServiceScheduleResult(
            edition=table.edition,
            table=table.row.table,
            previous=self.entry(previous),
            current=self.entry(current),
            next=self.entry(following),
            service=self.entry(service_km),
            services=tuple(filter(None, map(self.entry, table.services))) if request.whole_table else (),
            printed_items=table.items,
        )

    def entry(self, km: int | None) -> ServiceEntry | None:
        if km is None:
            return None
        opens, closes = max(0, km - self.table.row.window_before_km), km + self.table.row.window_after_km
        odometer = self.request.odometer_km
        in_window = None if odometer is None else opens <= odometer <= closes
        return ServiceEntry(
            service_km=km,
            window_from_km=opens,
            window_to_km=closes,
            in_window=in_window,
            km_to_window=None if odometer is None or odometer > closes else max(0, opens - odometer),
            km_left=closes - odometer if odometer is not None and in_window else None,
            items=self.items(km),
        )

    def items(self, km: int) -> tuple[ServiceItem, ...]:
        request = self.request
        rules = _CoverRules(self.table, self.card, request.level, request.subscription_valid, self.literal)
        return _items(rules, request.gearbox, km)


@dataclass(frozen=True)
class _CoverRules:
    """What determines whether an item is covered; ``literal`` means that stars are levels."""

    table: ServiceTable
    card: CardTables | None
    level: Level | None
    subscription_valid: bool
    literal: bool

    def item_of_mark(self, item: str, mark: str, km: int) -> ServiceItem:
        row = self.table.marks[mark]
        mark_level = row.literal_level if self.literal else row.level
        ceiling_level = self.lowest_level_for(km)
        needed_level = max(mark_level, ceiling_level, key=_rank) if mark_level and ceiling_level else None
        covered, reason = self.verdict(needed_level, mark_level)
        is_tick = mark == TICK
        return ServiceItem(
            item=item, stars=None if is_tick else len(mark), check=is_tick, mark=mark, covered=covered,
            needs_level=needed_level, reason=reason, clause=self.table.row.clause,
        )  # fmt: skip

    def item_of_note(self, note: NoteRow) -> ServiceItem:
        covered, reason = self.verdict(note.level, note.level)
        return ServiceItem(
            item=note.item, stars=None, check=False, mark=None, covered=covered,
            needs_level=note.level, reason=reason, clause=note.clause,
        )  # fmt: skip

    def verdict(
        self, needed_level: Level | None, mark_level: Level | None
    ) -> tuple[bool | None, ItemReason | None]:
        level = self.level
        if self.card is None:
            return (None if level is None else False), "owner_pays"
        if not self.subscription_valid:
            return False, "subscription_expired"
        if level is None:
            return None, None
        if self.card.services[level, Service.PERIODIC_SERVICE].kind != "limit_km":
            return False, "level_has_no_services"
        if needed_level and _rank(level) >= _rank(needed_level):
            return True, None
        has_mark_level = mark_level is None or _rank(level) >= _rank(mark_level)
        return False, "above_level_ceiling" if has_mark_level else "needs_higher_level"

    def lowest_level_for(self, km: int) -> Level | None:
        """Return the lowest level whose ceiling (Table 1) includes a km."""
        if self.card is None:
            return None
        return next((level for level, ceiling in _ceilings(self.card) if ceiling >= km), None)


@lru_cache(maxsize=4096)  # there are few combinations of car, level and service
def _items(rules: _CoverRules, gearbox: str, km: int) -> tuple[ServiceItem, ...]:
    """Return the items of the service at a km; an item with notes belongs to it only if a note is due."""
    notes = rules.table.notes_for(gearbox)
    due_notes = {note.item: note for note in notes if is_due(note, km)}
    items_not_due = {note.item for note in notes} - due_notes.keys()
    marks = [mark for mark in rules.table.services.get(km, ()) if mark.item not in items_not_due]
    marked_items = {mark.item for mark in marks}
    return (
        *(rules.item_of_mark(item, mark, km) for item, mark in marks),
        *(rules.item_of_note(note) for item, note in due_notes.items() if item not in marked_items),
    )


@cache
def _ceilings(tables: CardTables) -> tuple[tuple[Level, int], ...]:
    """Return the levels that have periodic services, lowest first, and their ceilings in km."""
    cells = ((level, tables.services[level, Service.PERIODIC_SERVICE]) for level in Level)
    return tuple((level, cell.value) for level, cell in cells if cell.kind == "limit_km" and cell.value)


_RANKS = {level: rank for rank, level in enumerate(Level)}


def _rank(level: Level) -> int:
    return _RANKS[level]


def _table_and_clause(request: ServiceScheduleRequest) -> tuple[str, str | None]:
    """Return the name of the request's table, and the clause that assigns it to the vehicle, if any."""
    if request.vehicle is None:
        return request.table or "", None
    row = vehicle_row(request.vehicle, request.engine, request.started_on)
    return row.table, row.clause


def _entries(result: ServiceScheduleResult) -> list[ServiceEntry]:
    entries = (result.previous, result.current, result.next, result.service, *result.services)
    return [entry for entry in entries if entry]


def _item_cover(result: ServiceScheduleResult, level: Level | None) -> list[object]:
    """Return for each item whether the level covers it, or without a level the level that it needs."""
    items = (item for entry in _entries(result) for item in entry.items)
    return [item.needs_level if level is None else item.covered for item in items]


def _steps(
    request: ServiceScheduleRequest,
    table: ServiceTable,
    result: ServiceScheduleResult,
    table_clause: str | None,
) -> Iterator[Step]:
    row = table.row
    inputs = {"vehicle": request.vehicle, "engine": request.engine}
    yield Step("table", table_clause or row.clause, row.table, inputs=inputs if request.vehicle else {})
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
    card = card_tables(request.started_on)
    if request.level and card and table.document == "emdad":
        cell = card.services[request.level, Service.PERIODIC_SERVICE]
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
        last_km = max(table.services)
        entries = (result.current, result.next, result.service)
        if any(entry and entry.service_km > last_km for entry in entries):
            clause = next(note.clause for note in table.notes if note.own_service)
            yield Notice("table_ends", clause, params={"last": last_km})
        return
    yield Notice("stars_in_every_cell", row.clause, "warning")
    yield Notice("months_too", table.citations.service_notes)
    if result.previous:
        yield Notice("missed_service_voids_assemblies", table.citations.missed_service, "warning")
    if all(note.gearbox != request.gearbox for note in table.notes):
        yield Notice("gearbox_oil_by_kind", table.citations.service_notes)
