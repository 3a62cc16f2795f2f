"""Tables of the makers' warranty booklets: terms, first service, events, parts and consumables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import Citations, EditionFolder, Labelled, Row, YesNo, edition_reader

Scope = Literal["none", "related_parts", "engine_gearbox", "whole"]
SCOPES: tuple[Scope, ...] = ("none", "related_parts", "engine_gearbox", "whole")
"""What a void part of the warranty includes, from the narrowest to the widest."""
FIRST_SERVICE_MISSED = "first_service_missed"
"""The event of a first service that was not done, or was done outside its window."""


class Maker(StrEnum):
    """The makers whose warranty terms are in the data."""

    MVM_FX = "mvm_fx"
    BAHMAN = "bahman"


class TermsRow(Row):
    """The length of the warranty, and how long a stay in the workshop must be to extend it.

    Months and km are empty if the booklet's table is lost.
    """

    months: int | None = None
    km: int | None = None
    clause: str
    stop_hours: int | None = None
    stop_clause: str | None = None


class FirstServiceRow(Row):
    """The window of the first service."""

    opens_km: int
    closes_km: int
    months: int
    whichever_first: YesNo
    """Whether the booklet joins km and months by "whichever comes first"."""
    clause: str
    void_clause: str


class EventRow(Row):
    """What an event voids; with ``only_the_consequence``, only the cover of the damage that it caused."""

    event: Annotated[str, Labelled("warranty_event")]
    scope: Scope
    only_the_consequence: YesNo
    concerns: Literal["service", "tyre_size"] | None = None
    """A missed service, for which the by-law also has a rule, or tyres of a size that is not approved."""
    clause: str


class PartRow(Row):
    """The warranty of a part; ``limited`` also ends with the car's warranty, ``apart`` does not."""

    part: Annotated[str, Labelled("part")]
    kind: Literal["limited", "apart", "whole_period", "and_commitment", "excluded"]
    months: int | None = None
    km: int | None = None
    clause: str


class ConsumableRow(Row):
    """The interval at which a consumable is replaced."""

    item: Annotated[str, Labelled("consumable")]
    months: int | None = None
    km: int
    outside_the_tank: YesNo
    """Whether the interval applies only to a filter outside the tank."""
    clause: str


class RepairGuaranteeRow(Row):
    """How long a kind of repair is guaranteed; without km there is no km limit."""

    kind: Annotated[str, Labelled("repair_kind")]
    months: int
    km: int | None = None
    clause: str


class MakerCitations(Citations):
    """Clauses of a warranty booklet that belong to no row; None if the booklet has no such clause."""

    tyre_sizes: str | None = None


@dataclass(frozen=True, eq=False)
class MakerTables:
    """The warranty terms of one maker in one edition."""

    edition: str
    citations: MakerCitations
    terms: TermsRow
    first_service: FirstServiceRow
    events: Mapping[str, EventRow]
    parts: Mapping[str, PartRow]
    repairs: Mapping[str, RepairGuaranteeRow]


def _read(folder: EditionFolder) -> MakerTables:
    terms = folder.rows("warranty_terms", TermsRow)
    first_service = folder.rows("first_service", FirstServiceRow)
    for name, rows in (("warranty_terms", terms), ("first_service", first_service)):
        if len(rows) != 1:
            raise folder.error(f"{name}.csv", None, None, "must have exactly one row")
    return MakerTables(
        edition=folder.edition.id,
        citations=folder.cite(MakerCitations),
        terms=terms[0],
        first_service=first_service[0],
        events=folder.rows_by_key("warranty_events", EventRow, lambda row: row.event, [FIRST_SERVICE_MISSED]),
        parts=folder.rows_by_key("limited_parts", PartRow, lambda row: row.part),
        repairs=folder.rows_by_key("repair_guarantees", RepairGuaranteeRow, lambda row: row.kind),
    )


_MAKERS = {Maker.MVM_FX: edition_reader("mvm_fx")(_read), Maker.BAHMAN: edition_reader("bahman")(_read)}


def maker_tables(maker: Maker, started_on: date | None = None) -> MakerTables:
    """Return the terms of a maker for a warranty that starts on a day; an undated booklet always applies."""
    return _MAKERS[maker].nearest(started_on)


@cached_per_dataset
def warranty_events() -> Mapping[str, None]:
    """Return the events that end or limit a warranty, of every maker and edition."""
    return dict.fromkeys(
        event for maker in Maker for tables in maker_editions(maker) for event in tables.events
    )


def maker_editions(maker: Maker) -> tuple[MakerTables, ...]:
    """Return the terms of a maker in every edition, oldest first."""
    return _MAKERS[maker].editions()


@edition_reader("mvm_fx")
def consumables(folder: EditionFolder) -> Mapping[str, ConsumableRow]:
    """Read the intervals in the notes below MVM's service table."""
    return folder.rows_by_key("consumables", ConsumableRow, lambda row: row.item)


def edition_of(maker: Maker) -> str:
    """Return the id of a maker's current edition."""
    return maker_tables(maker).edition
