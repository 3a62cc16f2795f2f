"""Whether the act gives a new car, or the money back, for a defect that stays."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from logic.consumer_law.act import law
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Day, Flag, Request, Result, invalid
from logic.core.registry import calculator
from logic.datasets.tables import scope_clause


class Ground(StrEnum):
    """The three cases of article 4."""

    SAFETY_PART = "safety_part_after_three_repairs"
    INJURY_RISK = "injury_risk_after_one_repair"
    UNUSABLE = "unusable_over_thirty_days"


class ReplacementRightRequest(Request):
    """The defect, its repairs within the warranty, and the days without the car."""

    safety_part: Flag = False
    injury_risk: Flag = False
    repairs_of_same_defect: Count = 0
    still_defective: Flag = True
    unusable_days: Count = 0
    """The longest single stay."""
    unusable_days_total: Count | None = None
    on: Day | None = None

    @model_validator(mode="after")
    def _the_sum_is_no_less(self) -> Self:
        if self.unusable_days_total is not None and self.unusable_days_total < self.unusable_days:
            raise invalid("unusable_days_total", "total_below_longest")
        return self


class ReplacementRightResult(Result):
    """Entitled or not, and every ground that holds."""

    edition: str | None
    entitled: bool
    grounds: tuple[Ground, ...]


@calculator
def replacement_right(request: ReplacementRightRequest) -> Answer[ReplacementRightResult]:
    """Whether a new car is due, or by agreement the price: article 4 of the act, within the warranty.

    A safety part defective after three repairs, a part that risks harm after one, or the car unusable for
    more than thirty days. Both questions are asked (A-34). A-31 sums the days of all stays, shown as the
    alternative.
    """
    act = law(request.on)
    if act is None:
        nothing = ReplacementRightResult(edition=None, entitled=False, grounds=())
        return Answer(nothing, (Step("no_edition", scope_clause("law", request.on), value=False),))
    three, one = act.figures["safety_repairs"], act.figures["injury_repairs"]
    days = act.figures["unusable_above_days"]
    left, repairs = request.still_defective, request.repairs_of_same_defect
    holds = {
        Ground.SAFETY_PART: request.safety_part and left and repairs >= three.value,
        Ground.INJURY_RISK: request.injury_risk and left and repairs >= one.value,
        Ground.UNUSABLE: request.unusable_days > days.value,
    }

    def settled(holds: dict[Ground, bool]) -> ReplacementRightResult:
        grounds = tuple(ground for ground, held in holds.items() if held)
        return ReplacementRightResult(edition=act.edition, entitled=bool(grounds), grounds=grounds)

    result = settled(holds)
    total = request.unusable_days_total or request.unusable_days
    other = settled({**holds, Ground.UNUSABLE: total > days.value})
    safety = {"repairs": repairs, "needed": int(three.value)}
    injury = {"repairs": repairs, "needed": int(one.value)}
    unusable = {"days": request.unusable_days, "above": int(days.value)}
    steps = (
        Step("safety_part_repairs", three.clause, holds[Ground.SAFETY_PART], inputs=safety),
        Step("injury_risk_repairs", one.clause, holds[Ground.INJURY_RISK], inputs=injury),
        Step("unusable_days", days.clause, holds[Ground.UNUSABLE], inputs=unusable),
        Step("entitled", days.clause, result.entitled),
    )
    notices = [Notice("ask_in_writing_within_warranty", days.clause)]
    if request.safety_part and request.injury_risk:
        notices.append(Notice("one_repair_suffices", one.clause))
    alternatives = Alternative.where_different("A-31", days.clause, result, other)
    return Answer(result, steps, tuple(notices), tuple(alternatives))
