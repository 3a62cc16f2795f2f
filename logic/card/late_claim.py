"""Whether a claim still counts after the card has expired."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from logic.card.tables import CardTables, card, no_edition
from logic.core.answer import Answer, Notice, Step
from logic.core.jalali import add_months
from logic.core.models import Day, Flag, JalaliText, Request, Result
from logic.core.registry import calculator
from logic.datasets.tables import Figure

Reason = Literal["no_edition", "too_late", "no_file", "no_evidence"]


class LateClaimRequest(Request):
    """The card's last day, the day of the claim, what is claimed, and the two conditions of 8-7."""

    expired_on: Day
    on: Day
    kind: Literal["documents", "service", "replacement"]
    file_opened_in_time: Flag = True
    evidence: Flag = True
    started_on: Day | None = None


class LateClaimResult(Result):
    """Accepted or not, and the last day on which it is."""

    edition: str | None
    accepted: bool
    deadline: JalaliText | None
    reason: Reason | None


@calculator
def late_claim(request: LateClaimRequest) -> Answer[LateClaimResult]:
    """Whether a claim after expiry is accepted: papers 15 days (8-6), service 2 months, replacement 6 (8-7).

    Papers: nobody could be told in time. Service and replacement: a file was opened and a tracking code taken
    while the card held, and evidence of the delay is brought. The last day counts; months clip to their end.
    """
    tables = card(request.started_on)
    if tables is None:
        nothing = LateClaimResult(edition=None, accepted=False, deadline=None, reason="no_edition")
        return Answer(nothing, (no_edition(request.started_on),))
    figure, deadline = _deadline(request, tables)
    steps = [
        Step(
            "late_claim_limit", figure.clause, int(figure.value), "day" if figure.unit == "day" else "month"
        ),
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
    figure = tables.figures[f"late_{request.kind}"]
    if figure.unit == "day":
        return figure, request.expired_on + timedelta(days=int(figure.value))
    return figure, add_months(request.expired_on, int(figure.value))


def _refusals(request: LateClaimRequest, deadline: date) -> Iterator[Reason]:
    """Nothing stands in the way while the card holds."""
    if request.on <= request.expired_on:
        return
    if request.kind != "documents" and not request.file_opened_in_time:
        yield "no_file"
    if request.kind != "documents" and not request.evidence:
        yield "no_evidence"
    if request.on > deadline:
        yield "too_late"
