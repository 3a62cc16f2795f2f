"""Whether a persistent defect entitles the owner to a new car or a refund."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from logic.consumer_law.act import act_tables
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Day, Flag, Request, Result, invalid
from logic.core.registry import calculator
from logic.datasets.tables import scope_clause


class Ground(StrEnum):
    """The three grounds of article 4."""

    SAFETY_PART = "safety_part_after_three_repairs"
    INJURY_RISK = "injury_risk_after_one_repair"
    UNUSABLE = "unusable_over_thirty_days"


class ReplacementRightRequest(Request):
    """The defect, its repairs within the warranty, and the days on which the car was unusable."""

    safety_part: Flag = False
    injury_risk: Flag = False
    repairs_of_same_defect: Count = 0
    still_defective: Flag = True
    unusable_days: Count = 0
    """Days of the longest single stay."""
    unusable_days_total: Count | None = None
    on: Day | None = None
    """Selects the edition of the act."""

    @model_validator(mode="after")
    def _total_includes_longest_stay(self) -> Self:
        if self.unusable_days_total is not None and self.unusable_days_total < self.unusable_days:
            raise invalid("unusable_days_total", "total_below_longest")
        return self


class ReplacementRightResult(Result):
    """Whether the owner is entitled, and all grounds that apply."""

    edition: str | None
    entitled: bool = False
    grounds: tuple[Ground, ...] = ()


@calculator
def replacement_right(request: ReplacementRightRequest) -> Answer[ReplacementRightResult]:
    """Return whether the owner is entitled to a new car or, by agreement, its price.

    Grounds: a safety part is still defective after three repairs; a defect that can cause injury remains
    after one; the car was unusable for more than thirty days. The first two are checked separately (A-34).
    The alternative (A-31) adds the days of all stays. Applies within the warranty. Source: act, article 4.
    """
    act = act_tables(request.on)
    if act is None:
        result = ReplacementRightResult(edition=None)
        return Answer(result, (Step("no_edition", scope_clause("law", request.on), value=False),))
    safety, injury = act.figures["safety_repairs"], act.figures["injury_repairs"]
    unusable = act.figures["unusable_above_days"]
    repairs, days = request.repairs_of_same_defect, request.unusable_days
    applies = {
        Ground.SAFETY_PART: request.safety_part and request.still_defective and repairs >= safety.value,
        Ground.INJURY_RISK: request.injury_risk and request.still_defective and repairs >= injury.value,
        Ground.UNUSABLE: days > unusable.value,
    }

    def result_with(applies: dict[Ground, bool]) -> ReplacementRightResult:
        grounds = tuple(ground for ground in applies if applies[ground])
        return ReplacementRightResult(edition=act.edition, entitled=bool(grounds), grounds=grounds)

    result = result_with(applies)
    total_days = request.unusable_days_total or days
    alternative_result = result_with({**applies, Ground.UNUSABLE: total_days > unusable.value})
    safety_inputs = {"repairs": repairs, "needed": int(safety.value)}
    injury_inputs = {"repairs": repairs, "needed": int(injury.value)}
    unusable_inputs = {"days": days, "above": int(unusable.value)}
    steps = (
        Step("still_defective", safety.clause, request.still_defective),
        Step("is_safety_part", safety.clause, request.safety_part),
        Step("safety_part_repairs", safety.clause, applies[Ground.SAFETY_PART], inputs=safety_inputs),
        Step("has_injury_risk", injury.clause, request.injury_risk),
        Step("injury_risk_repairs", injury.clause, applies[Ground.INJURY_RISK], inputs=injury_inputs),
        Step("unusable_days", unusable.clause, applies[Ground.UNUSABLE], inputs=unusable_inputs),
        Step("entitled", unusable.clause, result.entitled),
    )
    notices = [Notice("ask_in_writing_within_warranty", unusable.clause)]
    if request.safety_part and request.injury_risk:
        notices.append(Notice("one_repair_suffices", injury.clause))
    alternatives = Alternative.where_different("A-31", unusable.clause, result, alternative_result)
    return Answer(result, steps, tuple(notices), tuple(alternatives))
