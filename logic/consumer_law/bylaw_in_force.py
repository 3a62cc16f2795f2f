"""Which by-law of the consumers' rights act is in force on a day."""

from datetime import date

from logic.core.answer import Answer, Notice, Step
from logic.core.models import Day, Request, Result
from logic.core.registry import calculator
from logic.datasets.tables import (
    Citations,
    Edition,
    EditionFolder,
    cached_per_dataset,
    data_dir,
    edition_reader,
    editions,
    nearest,
    scope_clause,
)

DOCUMENT = "bylaw"


class BylawCitations(Citations):
    """The clauses of a by-law that belong to no row of its tables; the older one lacks most of them."""

    scope: str
    worn_parts: str | None = None
    shorter_lived_parts: str | None = None
    missed_service: str | None = None


@edition_reader(DOCUMENT)
def bylaw_citations(folder: EditionFolder) -> BylawCitations:
    """The citations of a by-law; ask them with the day concerned."""
    return folder.cite(BylawCitations)


def bylaw_clause(key: str, day: date | None) -> str:
    """Return the clause under a key in the by-law of a day, else in the next one that has it.

    Without a day, or where no later by-law has the key, the last one that has it. Raises LookupError.
    """
    on = editions(DOCUMENT, data_dir()).index(nearest(DOCUMENT, day))
    clauses: list[str | None] = [getattr(citations, key) for citations in bylaw_citations.editions()]
    return next(filter(None, (*clauses[on:], *reversed(clauses))))


def in_force(day: date | None) -> Edition | None:
    """The edition of that day; without a day, the one whose end is open."""
    for folder in editions(DOCUMENT, data_dir()):
        holds = folder.edition.holds_to is None if day is None else folder.edition.holds_on(day)
        if holds:
            return folder.edition
    return None


@cached_per_dataset
def edition_ids() -> list[str]:
    """Every by-law, oldest first."""
    return [folder.edition.id for folder in editions(DOCUMENT, data_dir())]


class BylawInForceRequest(Request):
    """A day."""

    on: Day


class BylawInForceResult(Result):
    """The by-law of that day; null before the first."""

    edition: str | None


@calculator
def bylaw_in_force(request: BylawInForceRequest) -> Answer[BylawInForceResult]:
    """The by-law in force: the older one from its decree, the newer from its approval (its article 32).

    Neither text names its first day or a rule of transition; reading A-12 takes the days of the decrees.
    """
    edition = in_force(request.on)
    result = BylawInForceResult(edition=edition.id if edition else None)
    clause = scope_clause(DOCUMENT, request.on)
    if edition is None:
        return Answer(result, (Step("no_edition", clause, value=False),))
    inputs = {"from": edition.holds_from, "to": edition.holds_to}
    step = Step("bylaw_until" if edition.holds_to else "bylaw_from", clause, request.on, inputs=inputs)
    return Answer(result, (step,), (Notice("bylaw_without_transition", clause),))
