"""Whether a damaged car is a total loss, and what the subscriber pays for a new one."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.settlement import payment_steps, surplus_notices
from logic.card.subscriber_share import DocumentId, capped_share
from logic.card.tables import (
    MAX_EXCLUSIONS,
    CardTables,
    ExclusionId,
    card_tables,
    no_edition,
    require_exclusions,
)
from logic.core.answer import Alternative, Answer, Notice, Step, Value
from logic.core.models import AtMost, Count, Day, Flag, Level, PositiveRial, Request, Result, Rial, RialSum
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT, half_up, percent_of

Refusal = Literal["no_edition", "level_has_no_such_cover", "repairs_started"]


class VehicleReplacementRequest(Request):
    """The repair estimate, the value of the car before the event, and the price of the new car."""

    level: Level
    damage_rial: PositiveRial
    value_before_rial: PositiveRial
    new_price_rial: PositiveRial
    prior_incidents: Count = 0
    rebuildable: Flag = True
    repair_time_excessive: Flag = False
    repairs_started: Flag = False
    recovered: Flag = False
    """The car was stolen and recovered."""
    third_party_at_fault: Flag = False
    above_coupon: Flag = False
    received_from_liable_rial: Rial = 0
    exclusions: Annotated[tuple[ExclusionId, ...], AtMost(MAX_EXCLUSIONS)] = ()
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _exclusions_of_the_edition(self) -> Self:
        require_exclusions(self.exclusions, self.started_on)
        return self


class VehicleReplacementResult(Result):
    """Whether the car is a total loss and is replaced, and the amounts. Money is null in a refusal."""

    edition: str | None
    total_loss: bool = False
    allowed: bool = False
    reason: Refusal | ExclusionId | None = None
    share_percent: int | None = None
    share_rial: RialSum | None = None
    customer_pays_rial: RialSum | None = None
    remit_to_company_rial: RialSum | None = None
    documents: tuple[DocumentId, ...] = ()


@calculator
def vehicle_replacement(request: VehicleReplacementRequest) -> Answer[VehicleReplacementResult]:
    """Return what the subscriber pays for a new car: its price - (damage - share). The owner keeps the wreck.

    A car is a total loss if the repair costs more than 60 % of its value before the event, if it cannot be
    rebuilt, or if the expert expects the repair to take too long (4). The share is 20 % of the damage (30 %
    for working cards), plus 10 points for each earlier incident or theft (Table 4). If a third party is at
    fault, 90 % of what was received from it goes to the company (4-1-4). Begun repairs bar the subscriber's
    own wish only: a car that cannot be rebuilt is replaced (A-39). Rials, rounded half up, once.
    Not covered: the loss in value, which the subscriber bears. Source: part 3, section 4; Table 4.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        return Answer(_not_allowed(None, "no_edition"), (no_edition(request.started_on),))
    is_total_loss, total_loss_step = _total_loss(request, tables)
    refusal = next(_refusals(request, tables), None)
    if refusal:
        reason, clause = refusal
        refusal_steps = (total_loss_step, Step("not_replaced", clause, value=False))
        return Answer(_not_allowed(tables.edition, reason, is_total_loss=is_total_loss), refusal_steps)
    case = "unrebuildable" if not request.rebuildable else "total_loss" if is_total_loss else "wish"
    share_percent, share_steps = _share_percent(request, tables)
    share_rial = half_up(percent_of(share_percent, request.damage_rial))
    credit_rial = request.damage_rial - share_rial
    clause = tables.shares[request.level, "replacement"].clause
    remit_rial, remit_steps = _remit_rial(request, tables)
    difference_rial = request.new_price_rial - credit_rial
    inputs = {"new_price_rial": request.new_price_rial, "credit_rial": credit_rial}
    pays_rial, payment = payment_steps(
        "replacement_pays", tables.citations.replacement_price, difference_rial, inputs
    )
    steps = (
        total_loss_step,
        Step(f"replaced_for_{case}", tables.citations.replacement_cases, value=True),
        *share_steps,
        Step("replacement_share", clause, share_rial, "rial", {"damage_rial": request.damage_rial}),
        *remit_steps,
        *payment,
    )
    result = VehicleReplacementResult(
        edition=tables.edition,
        total_loss=is_total_loss,
        allowed=True,
        share_percent=share_percent,
        share_rial=share_rial,
        customer_pays_rial=pays_rial,
        remit_to_company_rial=remit_rial,
        documents=tables.documents_for(
            "replacement",
            with_culprit=request.third_party_at_fault,
            above_coupon=request.third_party_at_fault and request.above_coupon,
        ),
    )
    notices = (*_notices(request, tables, result), *surplus_notices(steps))
    alternatives: list[Alternative] = []
    if request.repairs_started:  # a car that cannot be rebuilt is replaced all the same
        refused = _not_allowed(tables.edition, "repairs_started", is_total_loss=is_total_loss)
        alternatives = Alternative.where_different("A-39", tables.citations.repairs_begun, result, refused)
    return Answer(result, steps, notices, tuple(alternatives))


def _total_loss(request: VehicleReplacementRequest, tables: CardTables) -> tuple[bool, Step]:
    """Return whether the car is a total loss, and the step that says so."""
    limit = tables.figures["total_loss_above_percent"]
    limit_rial = percent_of(limit.value, request.value_before_rial)
    is_above_limit = request.damage_rial > limit_rial
    is_total_loss = is_above_limit or not request.rebuildable or request.repair_time_excessive
    inputs: dict[str, Value] = {"percent": limit.value, "edge_rial": half_up(limit_rial)}
    return is_total_loss, Step("total_loss", limit.clause, is_total_loss, inputs=inputs)


def _refusals(
    request: VehicleReplacementRequest, tables: CardTables
) -> Iterator[tuple[Refusal | ExclusionId, str]]:
    """Yield the reasons for a refusal with their clauses: level, exclusions, repairs that have begun."""
    if (request.level, "replacement") not in tables.shares:
        yield "level_has_no_such_cover", tables.citations.level_table
    for exclusion in request.exclusions:
        row = tables.exclusions[exclusion]
        concerned = row.concerns == "damage" or (row.concerns == "total_theft" and request.recovered)
        is_waived = row.unless_stolen and request.recovered
        if concerned and not is_waived:
            yield exclusion, row.clause
    if request.repairs_started and request.rebuildable:
        yield "repairs_started", tables.citations.repairs_begun


def _share_percent(request: VehicleReplacementRequest, tables: CardTables) -> tuple[int, tuple[Step, ...]]:
    """Return the base share plus points for earlier events, at most 100 %, and the working."""
    row = tables.shares[request.level, "replacement"]
    steps = [Step("base_share", row.clause, row.base_percent, "percent", {"kind": "replacement"})]
    if request.prior_incidents:
        points = request.prior_incidents * row.step_percent
        inputs = {"count": request.prior_incidents, "step_percent": row.step_percent}
        steps.append(Step("earlier_incidents", row.clause, points, "percent", inputs))
    percent = row.base_percent + request.prior_incidents * row.step_percent
    percent, last_steps = capped_share(percent, row.clause)
    return percent, (*steps, *last_steps)


def _remit_rial(request: VehicleReplacementRequest, tables: CardTables) -> tuple[int, tuple[Step, ...]]:
    """Return the part of the liable party's payment that goes to the company, and the working."""
    if not request.third_party_at_fault:
        return 0, ()
    percent = tables.figures["remit_percent"]
    remit_rial = half_up(percent_of(percent.value, request.received_from_liable_rial))
    inputs: dict[str, Value] = {"percent": percent.value, "received_rial": request.received_from_liable_rial}
    return remit_rial, (Step("remit", percent.clause, remit_rial, "rial", inputs),)


def _notices(
    request: VehicleReplacementRequest, tables: CardTables, result: VehicleReplacementResult
) -> Iterator[Notice]:
    limit = tables.figures["total_loss_above_percent"]
    if request.damage_rial * HUNDRED_PERCENT == request.value_before_rial * int(limit.value):
        yield Notice("exactly_at_the_limit", limit.clause, "warning", {"percent": limit.value})
    if request.damage_rial > request.value_before_rial:
        yield Notice("damage_above_value", tables.citations.total_loss, "warning")
    if not request.rebuildable:
        yield Notice("replacement_only", tables.citations.total_loss)
    if result.total_loss:
        yield Notice("total_loss_voids_guarantee", tables.citations.guarantee_after_total_loss, "warning")
    yield Notice("first_payment_on_account", tables.citations.payment_on_account)
    yield Notice("loss_of_value_is_yours", tables.citations.loss_of_value)
    yield Notice("formula_turned_round", tables.citations.replacement_price)


def _not_allowed(
    edition: str | None, reason: Refusal | ExclusionId, *, is_total_loss: bool = False
) -> VehicleReplacementResult:
    return VehicleReplacementResult(
        edition=edition,
        total_loss=is_total_loss,
        reason=reason,
    )
