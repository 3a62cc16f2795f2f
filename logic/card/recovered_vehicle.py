"""Whether a stolen car that was found again is repaired, and at what share."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.subscriber_share import Refusal, SubscriberShareRequest, subscriber_share
from logic.card.tables import MAX_EXCLUSIONS, Event, ExclusionId, card, no_edition, require_exclusions
from logic.core.answer import Answer, Notice, Step, Value
from logic.core.models import AtMost, Count, Day, Level, Percent, PositiveRial, Request, Result, Rial
from logic.core.registry import calculator
from logic.core.rounding import half_up, percent_of


class RecoveredVehicleRequest(Request):
    """The cost of the repair and the car's value before the theft, in rials."""

    level: Level
    repair_cost_rial: PositiveRial
    value_before_rial: PositiveRial
    prior_incidents: Count = 0
    exclusions: Annotated[tuple[ExclusionId, ...], AtMost(MAX_EXCLUSIONS)] = ()
    started_on: Day | None = None

    @model_validator(mode="after")
    def _exclusions_of_the_edition(self) -> Self:
        require_exclusions(self.exclusions, self.started_on)
        return self


class RecoveredVehicleResult(Result):
    """Repaired or not, the share; in a refusal the percent is null and the subscriber pays the whole."""

    edition: str | None
    repair_allowed: bool
    reason: Literal["not_below_limit"] | Refusal | ExclusionId | None
    share_percent: Percent | None
    subscriber_pays_rial: Rial
    company_pays_rial: Rial


@calculator
def recovered_vehicle(request: RecoveredVehicleRequest) -> Answer[RecoveredVehicleResult]:
    """The share of a recovered car's repair: that of an incident, at least 20 % (part 3, 5-2-4).

    Repaired only where the cost is less than 60 % of the value before the theft (5-2-3); otherwise see
    vehicle_replacement. Rials, rounded half up, once. A-30 starts from the theft's share. Left out: the
    expert's word that the car can be rebuilt.
    """
    tables = card(request.started_on)
    if tables is None:
        return Answer(_not_allowed(request, None, "no_edition"), (no_edition(request.started_on),))
    limit = tables.figures["repair_of_recovered_below_percent"]
    edge = percent_of(limit.value, request.value_before_rial)
    inputs: dict[str, Value] = {"percent": limit.value, "edge_rial": half_up(edge)}
    below = Step("below_limit", limit.clause, request.repair_cost_rial < edge, inputs=inputs)
    notices = [Notice("expert_confirms_rebuilding", limit.clause)]
    if request.repair_cost_rial == edge:
        notices.append(Notice("exactly_at_the_limit", limit.clause, "warning", {"percent": limit.value}))
    if request.repair_cost_rial >= edge:
        refused = _not_allowed(request, tables.edition, "not_below_limit")
        return Answer(
            refused, (below,), (*notices, Notice("replacement_instead", tables.citations.replacement_table))
        )
    shared = subscriber_share(
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
    found = shared.result
    result = RecoveredVehicleResult(
        edition=found.edition,
        repair_allowed=found.covered,
        reason=found.reason,
        share_percent=found.share_percent,
        subscriber_pays_rial=found.subscriber_pays_rial,
        company_pays_rial=found.company_pays_rial,
    )
    return Answer(result, (below, *shared.steps), (*notices, *shared.notices), shared.alternatives)


def _not_allowed(
    request: RecoveredVehicleRequest, edition: str | None, reason: Literal["not_below_limit", "no_edition"]
) -> RecoveredVehicleResult:
    return RecoveredVehicleResult(
        edition=edition,
        repair_allowed=False,
        reason=reason,
        share_percent=None,
        subscriber_pays_rial=request.repair_cost_rial,
        company_pays_rial=0,
    )
