"""Whether a claim is accepted after the card has expired."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from logic.card.tables import CardTables, card_tables, no_edition
from logic.core.answer import Answer, Notice, Step
from logic.core.jalali import add_months
from logic.core.models import Day, Flag, JalaliText, Request, Result
from logic.core.registry import calculator
from logic.datasets.tables import Figure

Reason = Literal["no_edition", "too_late", "no_file", "no_evidence"]


class LateClaimRequest(Request):
    """The last day of the card, the day and kind of the claim, and the two conditions of 8-7."""

    expired_on: Day
    on: Day
    kind: Literal["documents", "service", "replacement"]
    file_opened_in_time: Flag = True
    evidence: Flag = True
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""


class LateClaimResult(Result):
    """Whether the claim is accepted, and the last day on which it would be."""

    edition: str | None
    accepted: bool = False
    deadline: JalaliText | None = None
    reason: Reason | None = None


@calculator
def late_claim(request: LateClaimRequest) -> Answer[LateClaimResult]:
    """Return whether a claim is accepted after the card has expired.

    Limits: 15 days for documents, if the company could not be notified in time (8-6); 2 months for a
    service and 6 for a replacement (8-7). Service and replacement also need a file opened, with a tracking
    code, while the card was valid, and evidence of the delay. The last day is included. Adding months stops
    at the end of a shorter month. Source: part 3, 8-6 and 8-7.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        result = LateClaimResult(edition=None, reason="no_edition")
        return Answer(result, (no_edition(request.started_on),))
    figure, deadline = _deadline(request, tables)
    unit: Literal["day", "month"] = "day" if figure.unit == "day" else "month"
    steps = [
        Step("late_claim_limit", figure.clause, int(figure.value), unit),
        Step("deadline", figure.clause, deadline, inputs={"expired_on": request.expired_on}),
    ]
    reason = next(_refusals(request, deadline), None)
    steps.append(Step("late_claim_accepted", figure.clause, reason is None))
    result = LateClaimResult(
        edition=tables.edition, accepted=reason is None, deadline=deadline, reason=reason
    )
    notices = (
        []
        if request.kind == "documents"
        else [Notice("growth_by_delay_excluded", tables.citations.late_claims)]
    )
    return Answer(result, tuple(steps), tuple(notices))


def _deadline(request: LateClaimRequest, tables: CardTables) -> tuple[Figure, date]:
    """Return the limit for the kind of claim, and the last day that it allows."""
    figure = tables.figures[f"late_{request.kind}"]
    if figure.unit == "day":
        return figure, request.expired_on + timedelta(days=int(figure.value))
    return figure, add_months(request.expired_on, int(figure.value))


def _refusals(request: LateClaimRequest, deadline: date) -> Iterator[Reason]:
    """Yield the reasons for a refusal; there are none while the card is valid."""
    if request.on <= request.expired_on:
        return
    if request.kind != "documents" and not request.file_opened_in_time:
        yield "no_file"
    if request.kind != "documents" and not request.evidence:
        yield "no_evidence"
    if request.on > deadline:
        yield "too_late"
