"""Whether a card is active again after an unpaid instalment."""

from typing import Literal

from logic.card.tables import card_tables, no_edition
from logic.core.answer import Answer, Step
from logic.core.models import Day, Flag, Request, Result
from logic.core.registry import calculator


class InstalmentReactivationRequest(Request):
    """The three conditions: instalment paid, car inspected and unchanged, inspection fee paid."""

    paid: Flag
    inspected_unchanged: Flag
    inspection_fee_paid: Flag
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""


class InstalmentReactivationResult(Result):
    """Whether the card is active again. ``reason`` is the first condition that is not met."""

    edition: str | None
    reactivated: bool = False
    reason: Literal["no_edition", "not_paid", "not_inspected", "inspection_fee_open"] | None = None


@calculator
def instalment_reactivation(
    request: InstalmentReactivationRequest,
) -> Answer[InstalmentReactivationResult]:
    """Return whether a golden card paid in instalments is active again.

    All three conditions must be met. Not covered: amounts, because the booklet prints none.
    Source: part 5, 1-14.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        result = InstalmentReactivationResult(edition=None, reason="no_edition")
        return Answer(result, (no_edition(request.started_on),))
    unmet_conditions: list[Literal["not_paid", "not_inspected", "inspection_fee_open"]] = []
    if not request.paid:
        unmet_conditions.append("not_paid")
    if not request.inspected_unchanged:
        unmet_conditions.append("not_inspected")
    if not request.inspection_fee_paid:
        unmet_conditions.append("inspection_fee_open")
    result = InstalmentReactivationResult(
        edition=tables.edition,
        reactivated=not unmet_conditions,
        reason=unmet_conditions[0] if unmet_conditions else None,
    )
    steps = (
        Step("instalment_paid", tables.citations.unpaid_instalment, request.paid),
        Step("inspected_unchanged", tables.citations.unpaid_instalment, request.inspected_unchanged),
        Step("inspection_fee_paid", tables.citations.unpaid_instalment, request.inspection_fee_paid),
        Step("reactivated", tables.citations.unpaid_instalment, result.reactivated),
    )
    return Answer(result, steps)
