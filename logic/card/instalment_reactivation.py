"""Whether a card that an unpaid instalment made inactive holds again."""

from typing import Literal

from logic.card.tables import card, no_edition
from logic.core.answer import Answer, Step
from logic.core.models import Day, Flag, Request, Result
from logic.core.registry import calculator


class InstalmentReactivationRequest(Request):
    """The three conditions: paid, inspected and found unchanged, the inspection paid for."""

    paid: Flag
    inspected_unchanged: Flag
    inspection_fee_paid: Flag
    started_on: Day | None = None


class InstalmentReactivationResult(Result):
    """Active again or not, and the first condition that is open."""

    edition: str | None
    reactivated: bool
    reason: Literal["no_edition", "not_paid", "not_inspected", "inspection_fee_open"] | None


@calculator
def instalment_reactivation(
    request: InstalmentReactivationRequest,
) -> Answer[InstalmentReactivationResult]:
    """Whether a golden card in instalments is active again: all three conditions of part 5, 1-14, hold.

    Left out: the amounts; the booklet prints none.
    """
    tables = card(request.started_on)
    if tables is None:
        nothing = InstalmentReactivationResult(edition=None, reactivated=False, reason="no_edition")
        return Answer(nothing, (no_edition(request.started_on),))
    open_conditions: list[Literal["not_paid", "not_inspected", "inspection_fee_open"]] = []
    if not request.paid:
        open_conditions.append("not_paid")
    if not request.inspected_unchanged:
        open_conditions.append("not_inspected")
    if not request.inspection_fee_paid:
        open_conditions.append("inspection_fee_open")
    result = InstalmentReactivationResult(
        edition=tables.edition,
        reactivated=not open_conditions,
        reason=open_conditions[0] if open_conditions else None,
    )
    steps = (
        Step("instalment_paid", tables.citations.unpaid_instalment, request.paid),
        Step("inspected_unchanged", tables.citations.unpaid_instalment, request.inspected_unchanged),
        Step("inspection_fee_paid", tables.citations.unpaid_instalment, request.inspection_fee_paid),
        Step("reactivated", tables.citations.unpaid_instalment, result.reactivated),
    )
    return Answer(result, steps)
