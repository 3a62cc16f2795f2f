"""The makers' guarantee booklets: their terms, first service, events, limited parts and consumables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from logic.datasets.tables import (
    Citations,
    EditionFolder,
    Labelled,
    Row,
    YesNo,
    cached_per_dataset,
    edition_reader,
)

Scope = Literal["none", "related_parts", "engine_gearbox", "whole"]
SCOPES: tuple[Scope, ...] = ("none", "related_parts", "engine_gearbox", "whole")
"""From the narrowest to the widest."""
FIRST_SERVICE_MISSED = "first_service_missed"
"""The event that a first service outside its window brings about."""


class Maker(StrEnum):
    """The makers whose guarantee terms are at hand."""

    MVM_FX = "mvm_fx"
    BAHMAN = "bahman"


class TermsRow(Row):
    """The guarantee's length; empty where the booklet's table is lost. Hours of a stop that lengthen it."""

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
    """Whether the print joins km and months by "whichever comes first"."""
    clause: str
    void_clause: str


class EventRow(Row):
    """What an event takes out of the guarantee; perhaps only the damage that arose from it."""

    event: Annotated[str, Labelled("warranty_event")]
    scope: Scope
    only_the_consequence: YesNo
    concerns: Literal["service", "tyre_size"] | None = None
    """A missed service, for which the by-law has a rule too, or tyres whose sizes the booklet lists."""
    clause: str


class PartRow(Row):
    """A part's own cover; ``apart`` runs by itself, ``limited`` ends with the car's guarantee too."""

    part: Annotated[str, Labelled("part")]
    kind: Literal["limited", "apart", "whole_period", "and_commitment", "excluded"]
    months: int | None = None
    km: int | None = None
    clause: str


class ConsumableRow(Row):
    """The interval of a consumable."""

    item: Annotated[str, Labelled("consumable")]
    months: int | None = None
    km: int
    outside_the_tank: YesNo
    """Whether the interval is printed only for a filter outside the tank."""
    clause: str


class RepairGuaranteeRow(Row):
    """How long a kind of repair is guaranteed; an empty km is no limit."""

    kind: Annotated[str, Labelled("repair_kind")]
    months: int
    km: int | None = None
    clause: str


class MakerCitations(Citations):
    """The clauses of a booklet that belong to no row of its tables; None where it has no such clause."""

    consequential_damage: str | None = None
    tyre_sizes: str | None = None


@dataclass(frozen=True, eq=False)
class MakerTables:
    """The guarantee terms of one maker."""

    edition: str
    citations: MakerCitations
    terms: TermsRow
    first_service: FirstServiceRow
    events: Mapping[str, EventRow]
    parts: Mapping[str, PartRow]
    repairs: Mapping[str, RepairGuaranteeRow]


def _read(folder: EditionFolder) -> MakerTables:
    terms, first = folder.rows("warranty_terms", TermsRow), folder.rows("first_service", FirstServiceRow)
    for name, rows in (("warranty_terms", terms), ("first_service", first)):
        if len(rows) != 1:
            raise folder.error(f"{name}.csv", None, None, "has not exactly one row")
    return MakerTables(
        edition=folder.edition.id,
        citations=folder.cite(MakerCitations),
        terms=terms[0],
        first_service=first[0],
        events=folder.rows_by_key("warranty_events", EventRow, lambda row: row.event, [FIRST_SERVICE_MISSED]),
        parts=folder.rows_by_key("limited_parts", PartRow, lambda row: row.part),
        repairs=folder.rows_by_key("repair_guarantees", RepairGuaranteeRow, lambda row: row.kind),
    )


_BOOKS = {Maker.MVM_FX: edition_reader("mvm_fx")(_read), Maker.BAHMAN: edition_reader("bahman")(_read)}


def maker_tables(maker: Maker, started_on: date | None = None) -> MakerTables:
    """The terms of a maker on the first day of a guarantee; an undated booklet holds on every day."""
    return _BOOKS[maker].nearest(started_on)


@cached_per_dataset
def warranty_events() -> Mapping[str, None]:
    """Return the events that end or limit a guarantee, of every maker and edition."""
    return dict.fromkeys(
        event for maker in Maker for tables in maker_editions(maker) for event in tables.events
    )


def maker_editions(maker: Maker) -> tuple[MakerTables, ...]:
    """Return the terms of a maker of every edition, oldest first."""
    return _BOOKS[maker].editions()


@edition_reader("mvm_fx")
def consumables(folder: EditionFolder) -> Mapping[str, ConsumableRow]:
    """The intervals under MVM's service table."""
    return folder.rows_by_key("consumables", ConsumableRow, lambda row: row.item)


def edition_of(maker: Maker) -> str:
    """The edition whose terms are read."""
    return maker_tables(maker).edition
