"""Tables of the Emdad Khodro card booklet: their rows, and the reader of an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.core.answer import Step
from logic.core.models import Known, Level, Percent, invalid, require_in_edition
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import (
    Citations,
    EditionFolder,
    Figure,
    Labelled,
    Row,
    YesNo,
    edition_reader,
    scope_clause,
)

Use = Literal["private", "working"]
CellKind = Literal["free", "tariff", "included", "excluded", "limit_km", "daily_rial"]
EventKind = Literal["incident", "partial_theft", "repair", "replacement", "total_theft", "never"]
Condition = Literal["always", "with_report", "with_culprit", "above_coupon", "first_year"]
DowntimeReason = Literal[
    "level_without_downtime", "replacement", "theft", "periodic_service", "no_work_order", "outside_network",
    "changed_mind", "guarantee", "accident",
]  # fmt: skip
Payer = Literal["free", "tariff", "company", "customer", "guarantee"]


NO_DOWNTIME: DowntimeReason = "level_without_downtime"
"""The reason that every edition has to list in ``downtime_refusals.csv``."""


class Service(StrEnum):
    """Services of the level table that calculators name. Every edition has them and may have more."""

    DOWNTIME = "downtime"
    PERIODIC_SERVICE = "periodic_service"
    TYRE_REPLACEMENT = "tyre_replacement"
    PARTIAL_THEFT = "partial_theft"
    TECHNICAL_REPAIR = "technical_repair"
    DAMAGE_REPAIR = "damage_repair"


class Event(StrEnum):
    """Events that calculators name. Every edition has them and may have more."""

    COLLISION = "collision"
    PARTIAL_THEFT = "partial_theft"
    REPAIR = "repair"
    RECOVERED_VEHICLE_REPAIR = "recovered_vehicle_repair"


class Item(StrEnum):
    """Items of roadside assistance that calculators name. Every edition has them and may have more."""

    CALLOUT = "callout"
    TOW = "tow"
    ON_SITE_SERVICE = "on_site_service"
    ROADSIDE_WAGE_AND_PARTS = "roadside_wage_and_parts"
    PASSENGER_TRANSFER = "passenger_transfer"
    CANCELLED_CALLOUT = "cancelled_callout"


class LevelRow(Row):
    """The use of the car for which a level is sold, and the maximum age of the car."""

    level: Annotated[Level, Labelled("level")]
    use: Use
    max_age_years: int | None = None
    stars: int
    clause: str


class LevelService(Row):
    """A cell of the level table. ``value`` is in km for ``limit_km``, in rials a day for ``daily_rial``."""

    level: Level
    service: Annotated[str, Labelled("service_name")]
    kind: CellKind
    value: int | None = None
    clause: str

    @model_validator(mode="after")
    def _value_matches_kind(self) -> Self:
        if (self.kind in ("limit_km", "daily_rial")) != (self.value is not None):
            raise invalid(
                "value", "is required for limit_km and daily_rial, and must be empty for other kinds"
            )
        return self


class ServiceGroup(Row):
    """The heading under which pages list a service of the level table."""

    service: str
    group: Annotated[str, Labelled("service_group")]


class ShareRow(Row):
    """The subscriber's share in percent, and the percentage points that each earlier event adds."""

    level: Level
    kind: EventKind
    base_percent: Percent
    step_percent: Percent
    clause: str


class EventRow(Row):
    """An event: the kind of share that applies, the documents that it needs, and its minimum share."""

    event: Annotated[str, Labelled("event")]
    group: Annotated[str, Labelled("group")]
    kind: EventKind
    papers: str
    """Key of the event in ``share_documents.csv`` and ``reports.csv``."""
    floor_percent: Percent | None = None
    floor_clause: str | None = None
    clause: str
    reading: Literal["A-19", "A-30"] | None = None
    """The alternative reading of the event: not covered (A-19), or the share of a partial theft (A-30)."""

    @model_validator(mode="after")
    def _floor_has_a_clause(self) -> Self:
        if (self.floor_percent is None) != (self.floor_clause is None):
            raise invalid("floor_clause", "is required with floor_percent, and must be empty without it")
        return self


class EventException(Row):
    """An event that a golden level does not cover."""

    event: Annotated[str, Labelled("event")]
    level: Level
    clause: str


class ExclusionRow(Row):
    """An exclusion: no level covers a claim that it concerns."""

    exclusion: Annotated[str, Labelled("exclusion")]
    concerns: Literal["damage", "partial_theft", "total_theft"]
    """The claims that its clause names; an exclusion of damage concerns a total theft as well."""
    clause: str
    unless_stolen: YesNo = False
    """Does not apply to a car that was stolen."""


class ShareDocument(Row):
    """A document of a claim, and the condition under which it is needed."""

    papers: Annotated[str, Labelled("papers")]
    needed: Condition
    document: Annotated[str, Labelled("document")]
    clause: str


class ReportRow(Row):
    """When a report is required: always, above an amount, or at any amount if someone else is at fault."""

    papers: str
    above_rial: int | None = None
    always: YesNo
    clause: str
    culprit_clause: str | None = None
    petition: YesNo = False
    """Whether a petition is also needed if someone else is at fault."""
    fire_brigade: YesNo = False
    """Whether a report of the fire brigade is also needed."""


class AssistanceRow(Row):
    """Who pays for an item of roadside assistance at a level."""

    level: Level
    item: Annotated[str, Labelled("item")]
    payer: Payer
    clause: str


class AgeCoefficient(Row):
    """The value of a stolen car by its age, as a fraction of the price of a new car (Table 5)."""

    car_year: int
    half: int | None = None
    model_year_changed: YesNo | None = None
    coefficient: Decimal
    by_halves: Decimal | None = None
    """The coefficient if the damaged headings pair the columns by half-year (A-1)."""
    reversed: Decimal | None = None
    """The coefficient if the columns are in the opposite order (A-1)."""
    clause: str


class DiscountRow(Row):
    """A ground for a discount at renewal. The booklet prints no percentages."""

    kind: Literal["golden", "mobile"]
    ground: Annotated[str, Labelled("ground")]
    clause: str


class DowntimeRefusal(Row):
    """A reason for which no downtime is paid (7-2)."""

    refusal: DowntimeReason
    clause: str


class CardCitations(Citations):
    """Clauses of the card booklet that calculators cite and that belong to no row of a table."""

    scope: str
    level_table: str
    tyre_replacement: str
    movable_car: str
    mobile_private_use: str
    help_not_sent: str
    unaffiliated_rescuers: str
    work_order: str
    roadside_guarantee: str
    tow_approval: str
    passenger_transfer: str
    free_tow: str
    arranged_elsewhere: str
    level_ages: str
    share_table: str
    fault: str
    working_use: str
    conversion: str
    no_reconversion: str
    third_party_incidents: str
    shared_fault: str
    perils: str
    report_table: str
    petition: str
    total_loss: str
    loss_of_value: str
    replacement_cases: str
    replacement_price: str
    payment_on_account: str
    repairs_begun: str
    guarantee_after_total_loss: str
    replacement_table: str
    age_table: str
    theft_procedure: str
    theft_settlement: str
    negligence: str
    theft_report: str
    recovered_vehicle: str
    service_window: str
    downtime: str
    downtime_days: str
    downtime_rate: str
    parking: str
    downtime_payee: str
    days_after_completion: str
    days_before_documents: str
    owner_delay: str
    downtime_holidays: str
    exclusions: str
    late_claims: str
    lone_tyre: str
    tyre_wear: str
    renewal_age: str
    mobile_renewal: str
    golden_renewal: str
    unpaid_instalment: str
    discounts: str
    cancellation_iran_khodro: str
    cancellation_inactive: str
    cancellation_open_order: str
    cancellation_services: str
    cancellation_organisation: str
    refund_formula: str


@dataclass(frozen=True, eq=False)
class CardTables:
    """The tables of one edition of the card booklet."""

    edition: str
    citations: CardCitations
    levels: Mapping[Level, LevelRow]
    services: Mapping[tuple[Level, str], LevelService]
    service_groups: Mapping[str, ServiceGroup]
    """By service, in the order of the pages."""
    shares: Mapping[tuple[Level, EventKind], ShareRow]
    events: Mapping[str, EventRow]
    exceptions: Mapping[tuple[str, Level], EventException]
    exclusions: Mapping[str, ExclusionRow]
    documents: tuple[ShareDocument, ...]
    reports: Mapping[str, ReportRow]
    assistance: Mapping[tuple[Level, str], AssistanceRow]
    items: tuple[str, ...]
    """The items of roadside assistance, in the order of the table."""
    ages: tuple[AgeCoefficient, ...]
    discounts: tuple[DiscountRow, ...]
    downtime_refusals: Mapping[DowntimeReason, DowntimeRefusal]
    figures: Mapping[str, Figure]

    @cached_property
    def service_ids(self) -> tuple[str, ...]:
        """The services of the level table, in its order."""
        return tuple(dict.fromkeys(service for _, service in self.services))

    def documents_for(self, papers: str, **conditions: bool) -> tuple[str, ...]:
        """Return the documents of a claim: those always needed, and those whose condition is true.

        ``papers`` is a key of ``share_documents.csv``; the conditions are values of its column ``needed``.
        """
        needed = {"always"} | {condition for condition, is_met in conditions.items() if is_met}
        return tuple(row.document for row in self.documents if row.papers == papers and row.needed in needed)


@edition_reader("emdad")
def card_tables(folder: EditionFolder) -> CardTables:
    """Read the card booklet. The first day of the subscription selects the edition."""
    events = folder.rows_by_key("events", EventRow, lambda row: row.event, [event.value for event in Event])
    papers = {row.papers for row in events.values()}
    services = dict.fromkeys(row.service for row in folder.rows("level_services", LevelService))
    items = dict.fromkeys(row.item for row in folder.rows("assistance", AssistanceRow))
    return CardTables(
        edition=folder.edition.id,
        citations=folder.cite(CardCitations),
        levels=folder.rows_by_key("levels", LevelRow, lambda row: row.level, Level),
        services=folder.rows_by_key(
            "level_services",
            LevelService,
            lambda row: (row.level, row.service),
            product(Level, {*Service, *services}),
        ),
        service_groups=folder.rows_by_key("service_groups", ServiceGroup, lambda row: row.service, services),
        shares=folder.rows_by_key("shares", ShareRow, lambda row: (row.level, row.kind)),
        events=events,
        exceptions=folder.rows_by_key("event_exceptions", EventException, lambda row: (row.event, row.level)),
        exclusions=folder.rows_by_key("exclusions", ExclusionRow, lambda row: row.exclusion),
        documents=folder.rows("share_documents", ShareDocument),
        reports=folder.rows_by_key("reports", ReportRow, lambda row: row.papers, papers),
        assistance=folder.rows_by_key(
            "assistance", AssistanceRow, lambda row: (row.level, row.item), product(Level, {*Item, *items})
        ),
        items=tuple(items),
        ages=folder.rows("age_coefficients", AgeCoefficient),
        discounts=folder.rows("renewal_discounts", DiscountRow),
        downtime_refusals=folder.rows_by_key(
            "downtime_refusals", DowntimeRefusal, lambda row: row.refusal, [NO_DOWNTIME]
        ),
        figures=folder.rows_by_key("figures", Figure, lambda row: row.name, FIGURES),
    )


FIGURES = (
    "audio_panel_withheld", "free_tows_per_case",
    "cancellation_percent", "cancellation_stray_days", "subscription_days", "factory_mobile_years",
    "legal_entity_percent", "renewal_active_after_days", "renewal_message_hours",
    "late_documents", "late_service", "late_replacement",
    "total_loss_above_percent", "repair_of_recovered_below_percent", "remit_percent", "negligence_percent",
    "theft_notice_after", "theft_letter_after", "tyre_wear_step_km", "tyre_wear_step_percent",
    "tyre_wear_cap_percent", "tyre_replacement_after_km", "downtime_above_hours", "hours_of_a_day",
)  # fmt: skip


@cached_per_dataset
def events() -> Mapping[str, None]:
    """Return the events of every edition."""
    return dict.fromkeys(event for tables in card_tables.editions() for event in tables.events)


@cached_per_dataset
def exclusions() -> Mapping[str, None]:
    """Return the exclusions of every edition."""
    return dict.fromkeys(exclusion for tables in card_tables.editions() for exclusion in tables.exclusions)


@cached_per_dataset
def items() -> Mapping[str, None]:
    """Return the items of roadside assistance of every edition."""
    return dict.fromkeys(item for tables in card_tables.editions() for item in tables.items)


@cached_per_dataset
def services() -> Mapping[str, None]:
    """Return the services of the level table of every edition."""
    return dict.fromkeys(service for tables in card_tables.editions() for service in tables.service_ids)


MAX_EXCLUSIONS = 50
"""Maximum length of a list of exclusions in a request; no edition has as many."""
EventId = Annotated[str, Known(events, lists_ids=True)]
ItemId = Annotated[str, Known(items, lists_ids=True)]
ServiceId = Annotated[str, Known(services, lists_ids=True)]
ExclusionId = Annotated[str, Known(exclusions, lists_ids=True)]


def require_exclusions(exclusions: Sequence[str], started_on: date | None) -> None:
    """Raise a validation error for an exclusion that the edition in force on a day does not have.

    Exclusions that no edition has are rejected by ``ExclusionId``.
    """
    if tables := card_tables(started_on):
        for index, exclusion in enumerate(exclusions):
            require_in_edition(f"exclusions.{index}", exclusion, tables.exclusions)


def no_edition(on: date | None) -> Step:
    """Return the step that states that no edition of the booklet is in force on a day."""
    return Step("no_edition", scope_clause("emdad", on), value=False)
