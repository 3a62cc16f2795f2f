"""Whether the card repairs a stolen car that was recovered, and the subscriber's share."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.subscriber_share import Refusal, SubscriberShareRequest, subscriber_share
from logic.card.tables import MAX_EXCLUSIONS, Event, ExclusionId, card_tables, no_edition, require_exclusions
from logic.core.answer import Answer, Notice, Step, Value
from logic.core.models import AtMost, Count, Day, Level, Percent, PositiveRial, Request, Result, Rial
from logic.core.registry import calculator
from logic.core.rounding import half_up, percent_of


class RecoveredVehicleRequest(Request):
    """Level, cost of the repair, and value of the car before the theft."""

    level: Level
    repair_cost_rial: PositiveRial
    value_before_rial: PositiveRial
    prior_incidents: Count = 0
    exclusions: Annotated[tuple[ExclusionId, ...], AtMost(MAX_EXCLUSIONS)] = ()
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _exclusions_of_the_edition(self) -> Self:
        require_exclusions(self.exclusions, self.started_on)
        return self


class RecoveredVehicleResult(Result):
    """Whether the car is repaired, and the share. ``share_percent`` is null in a refusal."""

    edition: str | None
    repair_allowed: bool = False
    reason: Literal["not_below_limit"] | Refusal | ExclusionId | None = None
    share_percent: Percent | None = None
    subscriber_pays_rial: Rial
    company_pays_rial: Rial


@calculator
def recovered_vehicle(request: RecoveredVehicleRequest) -> Answer[RecoveredVehicleResult]:
    """Return the subscriber's share of the repair of a recovered car: that of an incident, at least 20 %.

    The car is repaired only if the cost is below 60 % of its value before the theft (5-2-3); otherwise see
    ``vehicle_replacement``. Rials, rounded half up, once. The alternative (A-30) starts from the share of a
    partial theft. Not covered: whether the car can be rebuilt, which the expert confirms.
    Source: part 3, 5-2-3 and 5-2-4.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        return Answer(_not_allowed(request, None, "no_edition"), (no_edition(request.started_on),))
    limit = tables.figures["repair_of_recovered_below_percent"]
    limit_rial = percent_of(limit.value, request.value_before_rial)
    inputs: dict[str, Value] = {"percent": limit.value, "edge_rial": half_up(limit_rial)}
    limit_step = Step("below_limit", limit.clause, request.repair_cost_rial < limit_rial, inputs=inputs)
    notices = [Notice("expert_confirms_rebuilding", limit.clause)]
    if request.repair_cost_rial == limit_rial:
        notices.append(Notice("exactly_at_the_limit", limit.clause, "warning", {"percent": limit.value}))
    if request.repair_cost_rial >= limit_rial:
        notices.append(Notice("replacement_instead", tables.citations.replacement_table))
        result = _not_allowed(request, tables.edition, "not_below_limit")
        return Answer(result, (limit_step,), tuple(notices))
    share_answer = subscriber_share(
        SubscriberShareRequest(
            level=request.level,
            event=Event.RECOVERED_VEHICLE_REPAIR,
            damage_rial=request.repair_cost_rial,
            prior_incidents=request.prior_incidents,
            exclusions=request.exclusions,
            stolen_at_the_time=True,
            started_on=request.started_on,
        )
    )
    share = share_answer.result
    result = RecoveredVehicleResult(
        edition=share.edition,
        repair_allowed=share.covered,
        reason=share.reason,
        share_percent=share.share_percent,
        subscriber_pays_rial=share.subscriber_pays_rial,
        company_pays_rial=share.company_pays_rial,
    )
    steps = (limit_step, *share_answer.steps)
    return Answer(result, steps, (*notices, *share_answer.notices), share_answer.alternatives)


def _not_allowed(
    request: RecoveredVehicleRequest, edition: str | None, reason: Literal["not_below_limit", "no_edition"]
) -> RecoveredVehicleResult:
    return RecoveredVehicleResult(
        edition=edition,
        reason=reason,
        subscriber_pays_rial=request.repair_cost_rial,
        company_pays_rial=0,
    )
