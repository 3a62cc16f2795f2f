"""Which service to use in a situation, whom to call, what to bring, and safety advice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from logic.card.tables import ServiceId, ShareDocument, card_tables
from logic.datasets.tables import EditionFolder, Labelled, Row, YesNo, cited, edition_reader


class ServiceRow(Row):
    """A service of the overview; ``for_customers`` tells whether customers use it themselves."""

    service: Annotated[str, Labelled("guide_service")]
    for_customers: YesNo
    department: str | None = None
    clause: str


class SituationRow(Row):
    """A situation under the need that it belongs to, and its service, documents and page."""

    need: Annotated[str, Labelled("need")]
    situation: Annotated[str, Labelled("situation")]
    service: Annotated[str, Labelled("guide_service"), Labelled("who")]
    card_service: ServiceId | None = None
    """The row of the level table that shows which levels include the service."""
    bring: str | None = None
    """A ``papers`` id of the card booklet's documents, or a label of ``bring``."""
    department: str | None = None
    page: str | None = None
    link: str = ""
    clause: str = ""
    """The clause on the situation; empty in the table if ``citation`` names one of another document."""
    citation: str | None = None
    """``<document>.<key>``: the clause of the key in the document's current edition."""


class DepartmentRow(Row):
    """A department, with its phone number as printed and as dialled."""

    department: Annotated[str, Labelled("department")]
    phone: str
    dial: str
    clause: str


class AdviceRow(Row):
    """A piece of safety advice and when it applies, such as at the roadside."""

    moment: Annotated[str, Labelled("moment")]
    kind: Literal["step", "check", "advice"]
    """A step is followed in order, a check is ticked off."""
    tip: Annotated[str, Labelled("tip")]
    clause: str


@dataclass(frozen=True, eq=False)
class Overview:
    """The overview of services."""

    edition: str
    services: Mapping[str, ServiceRow]
    situations: Mapping[str, SituationRow]


@dataclass(frozen=True, eq=False)
class Contacts:
    """The departments and the safety advice of the card booklet."""

    edition: str
    departments: Mapping[str, DepartmentRow]
    advice: tuple[AdviceRow, ...]


@edition_reader("overview")
def _overview(folder: EditionFolder) -> Overview:
    services = folder.rows_by_key("services", ServiceRow, lambda row: row.service)
    situations = folder.rows_by_key("situations", SituationRow, lambda row: row.situation)
    _check_departments(folder, "services", services.values())
    _check_departments(folder, "situations", situations.values())
    card_ids = (row.papers for row in card_tables.nearest().documents)
    bring_ids = {None, *folder.labels.get("bring", ()), *card_ids}
    for line, row in enumerate(situations.values(), start=2):
        if row.bring not in bring_ids:
            raise folder.error("situations.csv", line, "bring", f"{row.bring!r} is not known")
        if bool(row.clause) is bool(row.citation):
            raise folder.error("situations.csv", line, "citation", "expected either a clause or a citation")
        if row.citation:
            try:
                clause = cited(row.citation)
            except (KeyError, ValueError):
                raise folder.error(
                    "situations.csv", line, "citation", f"{row.citation!r} is not known"
                ) from None
            situations[row.situation] = row.model_copy(update={"clause": clause})
    return Overview(
        edition=folder.edition.id,
        services=services,
        situations=situations,
    )


def _check_departments(folder: EditionFolder, table: str, rows: Iterable[ServiceRow | SituationRow]) -> None:
    """Check that the card booklet has the departments that the rows of a table name."""
    known = {"", *_contacts.nearest().departments}
    folder.check_references(table, "department", (row.department or "" for row in rows), known)


@edition_reader("emdad")
def _contacts(folder: EditionFolder) -> Contacts:
    return Contacts(
        edition=folder.edition.id,
        departments=folder.rows_by_key("departments", DepartmentRow, lambda row: row.department),
        advice=folder.rows("advice", AdviceRow),
    )


def overview() -> Overview:
    """Return the overview, which is undated."""
    return _overview.nearest()


def contacts() -> Contacts | None:
    """Return the departments and the advice of the current card booklet, if there is one."""
    return _contacts()


def card_documents() -> tuple[ShareDocument, ...]:
    """Return the documents that the current card booklet requires, each with its ``papers`` id."""
    booklet = card_tables()
    return booklet.documents if booklet else ()
