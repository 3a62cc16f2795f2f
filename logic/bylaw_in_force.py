"""Which by-law of the consumers' rights act is in force on a day."""

from datetime import date

from logic.answer import Answer, Notice, Step
from logic.calculators import calculator
from logic.models import Day, Request, Result
from logic.tables import Edition, editions, from_data, root

DOCUMENT = "bylaw"
FIRST = "bylaw_1389.scope"
"""Says from when there is a by-law at all; cited where none is in force."""


def in_force(day: date | None) -> Edition | None:
    """The edition of that day; without a day, the one whose end is open."""
    for folder in editions(DOCUMENT, root()):
        holds = folder.edition.holds_to is None if day is None else folder.edition.holds_on(day)
        if holds:
            return folder.edition
    return None


@from_data
def edition_ids() -> list[str]:
    """Every by-law, oldest first."""
    return [folder.edition.id for folder in editions(DOCUMENT, root())]


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
    if edition is None:
        return Answer(result, (Step("no_edition", FIRST, value=False),))
    inputs = {"from": edition.holds_from, "to": edition.holds_to}
    clause = f"{edition.id}.scope"
    step = Step("bylaw_until" if edition.holds_to else "bylaw_from", clause, request.on, inputs=inputs)
    return Answer(result, (step,), (Notice("bylaw_without_transition", clause),))
