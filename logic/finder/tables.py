"""Which service a situation calls for, whom to call, what to bring and what to take care of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from logic.card.tables import ServiceId, ShareDocument, card
from logic.datasets.tables import EditionFolder, Labelled, Row, YesNo, cited, edition_reader


class ServiceRow(Row):
    """A service as the overview names it; some work behind the scenes and ask nothing of a customer."""

    service: Annotated[str, Labelled("guide_service")]
    for_customers: YesNo
    department: str | None = None
    clause: str


class SituationRow(Row):
    """A situation as people put it, by what they need, and the service, papers and page that answer it."""

    need: Annotated[str, Labelled("need")]
    situation: Annotated[str, Labelled("situation")]
    service: Annotated[str, Labelled("guide_service"), Labelled("who")]
    card_service: ServiceId | None = None
    """The row of the level table that says which card has it."""
    bring: str | None = None
    """Papers of an event of the card booklet, else a sentence of the guide's own: a label of ``bring``."""
    department: str | None = None
    page: str | None = None
    link: str = ""
    clause: str = ""
    """The clause on the situation; empty in the table where ``citation`` names that of another document."""
    citation: str | None = None
    """``<document>.<key>``: the clause that the document's edition in force gives the key."""


class DepartmentRow(Row):
    """A department's printed number, and what of it can be dialled."""

    department: Annotated[str, Labelled("department")]
    phone: str
    dial: str
    clause: str


class AdviceRow(Row):
    """A piece of safety advice and the moment that it is for."""

    moment: Annotated[str, Labelled("moment")]
    kind: Literal["step", "check", "advice"]
    """Steps are followed in order, and checks can be ticked off."""
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
    """What the card booklet prints for everybody: departments and safety advice."""

    edition: str
    departments: Mapping[str, DepartmentRow]
    advice: tuple[AdviceRow, ...]


@edition_reader("overview")
def _overview(folder: EditionFolder) -> Overview:
    services = folder.rows_by_key("services", ServiceRow, lambda row: row.service)
    situations = folder.rows_by_key("situations", SituationRow, lambda row: row.situation)
    _check_departments(folder, "services", services.values())
    _check_departments(folder, "situations", situations.values())
    known_papers = {None, *folder.labels.get("bring", ()), *(row.papers for row in card.nearest().documents)}
    for line, row in enumerate(situations.values(), start=2):
        if row.bring not in known_papers:
            raise folder.error("situations.csv", line, "bring", f"{row.bring!r} is not known")
        if bool(row.clause) is bool(row.citation):
            raise folder.error("situations.csv", line, "citation", "is empty, or beside a clause of its own")
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
    """Check that the card booklet has the departments which the rows of a table name."""
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
    """The overview, which is undated."""
    return _overview.nearest()


def contacts() -> Contacts | None:
    """The departments and the advice of the booklet whose end is open; None where there is none."""
    return _contacts()


def papers() -> tuple[ShareDocument, ...]:
    """Every document of the card booklet with the event that it belongs to; none without a booklet."""
    booklet = card()
    return booklet.documents if booklet else ()
