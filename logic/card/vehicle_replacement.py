"""Whether a damaged car is a total loss and what a new one costs the subscriber."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.subscriber_share import DocumentId
from logic.card.tables import MAX_EXCLUSIONS, CardTables, ExclusionId, card, no_edition, require_exclusions
from logic.core.answer import Answer, Notice, Step, Value
from logic.core.models import AtMost, Count, Day, Flag, Level, PositiveRial, Request, Result, Rial, RialSum
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT, half_up, percent_of

Refusal = Literal["no_edition", "level_has_no_such_cover", "repairs_started"]


class VehicleReplacementRequest(Request):
    """The repair estimate, the car's value before the event and the new car's price, in rials."""

    level: Level
    damage_rial: PositiveRial
    value_before_rial: PositiveRial
    new_price_rial: PositiveRial
    prior_incidents: Count = 0
    rebuildable: Flag = True
    repair_time_excessive: Flag = False
    repairs_started: Flag = False
    recovered: Flag = False
    """A stolen car that was found again."""
    third_party_at_fault: Flag = False
    above_coupon: Flag = False
    received_from_liable_rial: Rial = 0
    exclusions: Annotated[tuple[ExclusionId, ...], AtMost(MAX_EXCLUSIONS)] = ()
    started_on: Day | None = None

    @model_validator(mode="after")
    def _exclusions_of_the_edition(self) -> Self:
        require_exclusions(self.exclusions, self.started_on)
        return self


class VehicleReplacementResult(Result):
    """Total loss or not, replaced or not, the share and what the customer adds; no money in a refusal."""

    edition: str | None
    total_loss: bool
    allowed: bool
    reason: Refusal | ExclusionId | None
    share_percent: int | None
    share_rial: RialSum | None
    customer_pays_rial: RialSum | None
    remit_to_company_rial: RialSum | None
    documents: tuple[DocumentId, ...]


@calculator
def vehicle_replacement(request: VehicleReplacementRequest) -> Answer[VehicleReplacementResult]:
    """The price of the new car - (damage - share), part 3, 4-1-2 with Table 4; the wreck stays the owner's.

    A total loss costs more than 60 % of the value before the event, cannot be rebuilt, or takes too long by
    the expert's forecast (4). The share is 20 % of the damage, 30 % on working cards, 10 more for each
    earlier incident or theft. With a third party at fault 90 % of what was received from it goes to the
    company. Rials, rounded half up, once. Left out: the loss in value, which stays the subscriber's.
    """
    tables = card(request.started_on)
    if tables is None:
        return Answer(_not_allowed(None, "no_edition"), (no_edition(request.started_on),))
    steps: list[Step] = []
    total = _total_loss(request, tables, steps)
    refusal = next(_refusals(request, tables), None)
    if refusal:
        reason, clause = refusal
        steps.append(Step("not_replaced", clause, value=False))
        return Answer(_not_allowed(tables.edition, reason, total=total), tuple(steps))
    case = "unrebuildable" if not request.rebuildable else "total_loss" if total else "wish"
    steps.append(Step(f"replaced_for_{case}", tables.citations.replacement_cases, value=True))
    percent = _share(request, tables, steps)
    share = half_up(percent_of(percent, request.damage_rial))
    pays = max(0, request.new_price_rial - request.damage_rial + share)
    clause = tables.shares[request.level, "replacement"].clause
    steps.append(Step("replacement_share", clause, share, "rial", {"damage_rial": request.damage_rial}))
    remit = _remit(request, tables, steps)
    steps.append(
        Step(
            "replacement_pays", tables.citations.replacement_price, pays, "rial",
            {"new_price_rial": request.new_price_rial, "credit_rial": request.damage_rial - share},
        )
    )  # fmt: skip
    result = VehicleReplacementResult(
        edition=tables.edition,
        total_loss=total,
        allowed=True,
        reason=None,
        share_percent=percent,
        share_rial=share,
        customer_pays_rial=pays,
        remit_to_company_rial=remit,
        documents=tables.papers(
            "replacement",
            with_culprit=request.third_party_at_fault,
            above_coupon=request.third_party_at_fault and request.above_coupon,
        ),
    )
    return Answer(result, tuple(steps), tuple(_notices(request, tables, result)))


def _total_loss(request: VehicleReplacementRequest, tables: CardTables, steps: list[Step]) -> bool:
    limit = tables.figures["total_loss_above_percent"]
    edge = percent_of(limit.value, request.value_before_rial)
    total = request.damage_rial > edge or not request.rebuildable or request.repair_time_excessive
    inputs: dict[str, Value] = {"percent": limit.value, "edge_rial": half_up(edge)}
    steps.append(Step("total_loss", limit.clause, total, inputs=inputs))
    return total


def _refusals(
    request: VehicleReplacementRequest, tables: CardTables
) -> Iterator[tuple[Refusal | ExclusionId, str]]:
    """What stands in the way, exclusions before the rest (8-1)."""
    if (request.level, "replacement") not in tables.shares:
        yield "level_has_no_such_cover", tables.citations.level_table
    for exclusion in request.exclusions:
        row = tables.exclusions[exclusion]
        theft_only = row.concerns == "total_theft" and not request.recovered
        excused = row.unless_stolen and request.recovered
        if not theft_only and not excused:
            yield exclusion, row.clause
    if request.repairs_started:
        yield "repairs_started", tables.citations.repairs_begun


def _share(request: VehicleReplacementRequest, tables: CardTables, steps: list[Step]) -> int:
    row = tables.shares[request.level, "replacement"]
    steps.append(Step("base_share", row.clause, row.base_percent, "percent", {"kind": "replacement"}))
    if request.prior_incidents:
        added = request.prior_incidents * row.step_percent
        inputs = {"count": request.prior_incidents, "step_percent": row.step_percent}
        steps.append(Step("earlier_incidents", row.clause, added, "percent", inputs))
    percent = min(HUNDRED_PERCENT, row.base_percent + request.prior_incidents * row.step_percent)
    steps.append(Step("share_percent", row.clause, percent, "percent"))
    return percent


def _remit(request: VehicleReplacementRequest, tables: CardTables, steps: list[Step]) -> int:
    if not request.third_party_at_fault:
        return 0
    part = tables.figures["remit_percent"]
    remit = half_up(percent_of(part.value, request.received_from_liable_rial))
    inputs: dict[str, Value] = {"percent": part.value, "received_rial": request.received_from_liable_rial}
    steps.append(Step("remit", part.clause, remit, "rial", inputs))
    return remit


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
    edition: str | None, reason: Refusal | ExclusionId, *, total: bool = False
) -> VehicleReplacementResult:
    return VehicleReplacementResult(
        edition=edition,
        total_loss=total,
        allowed=False,
        reason=reason,
        share_percent=None,
        share_rial=None,
        customer_pays_rial=None,
        remit_to_company_rial=None,
        documents=(),
    )
