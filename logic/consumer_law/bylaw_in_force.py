"""Which by-law of the consumers' rights act is in force on a day."""

from datetime import date

from logic.core.answer import Answer, Notice, Step
from logic.core.models import Day, Request, Result
from logic.core.registry import calculator
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import (
    Citations,
    Edition,
    EditionFolder,
    edition_reader,
    editions,
    nearest,
    scope_clause,
)

DOCUMENT = "bylaw"


class BylawCitations(Citations):
    """Clauses of a by-law that calculators cite and that belong to no row of its tables.

    The by-law of 1389 has only the scope.
    """

    scope: str
    worn_parts: str | None = None
    shorter_lived_parts: str | None = None
    missed_service: str | None = None


@edition_reader(DOCUMENT)
def bylaw_citations(folder: EditionFolder) -> BylawCitations:
    """Read the citations of a by-law. The day concerned selects the edition."""
    return folder.cite(BylawCitations)


def bylaw_clause(key: str, day: date | None) -> str:
    """Return the clause of a citation key in the by-law of a day, or in the next by-law that has the key.

    Without a day, or if no later by-law has the key, return the clause of the last one that has it.
    """
    first = editions(DOCUMENT).index(nearest(DOCUMENT, day))
    clauses: list[str | None] = [getattr(citations, key) for citations in bylaw_citations.editions()]
    return next(filter(None, (*clauses[first:], *reversed(clauses))))


def bylaw_edition(day: date | None) -> Edition | None:
    """Return the by-law in force on a day, or without a day the one whose end is open."""
    for folder in editions(DOCUMENT):
        edition = folder.edition
        is_in_force = edition.valid_to is None if day is None else edition.is_valid_on(day)
        if is_in_force:
            return edition
    return None


@cached_per_dataset
def bylaw_ids() -> list[str]:
    """Return the ids of all by-laws, oldest first."""
    return [folder.edition.id for folder in editions(DOCUMENT)]


class BylawInForceRequest(Request):
    """A day."""

    on: Day
    """Selects the edition."""


class BylawInForceResult(Result):
    """The by-law in force on the day; null before the first."""

    edition: str | None


@calculator
def bylaw_in_force(request: BylawInForceRequest) -> Answer[BylawInForceResult]:
    """Return the by-law in force on a day: that of 1389 from its decree, that of 1395 from its approval.

    Neither text states its first day or a transitional rule; reading A-12 uses the days of the decrees.
    Source: by-law of 1395, article 32.
    """
    edition = bylaw_edition(request.on)
    result = BylawInForceResult(edition=edition.id if edition else None)
    clause = scope_clause(DOCUMENT, request.on)
    if edition is None:
        return Answer(result, (Step("no_edition", clause, value=False),))
    inputs = {"from": edition.valid_from, "to": edition.valid_to}
    step = Step("bylaw_until" if edition.valid_to else "bylaw_from", clause, request.on, inputs=inputs)
    return Answer(result, (step,), (Notice("bylaw_without_transition", clause),))
