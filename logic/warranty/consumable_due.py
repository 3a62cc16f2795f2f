"""Whether a consumable is due for replacement."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import model_validator

from logic.core.answer import Answer, Notice, Step
from logic.core.models import Count, Km, Known, Request, Result, require_in_edition
from logic.core.registry import calculator
from logic.datasets.tables import cached_per_dataset
from logic.warranty.tables import Maker, consumables, edition_of


@cached_per_dataset
def consumable_items() -> Mapping[str, None]:
    """Return the consumables of every edition."""
    return dict.fromkeys(item for rows in consumables.editions() for item in rows)


Consumable = Annotated[str, Known(consumable_items, lists_ids=True)]


class ConsumableDueRequest(Request):
    """The consumable, and months and km since it was last replaced."""

    item: Consumable
    months_since: Count
    km_since: Km

    @model_validator(mode="after")
    def _in_the_booklet(self) -> Self:
        require_in_edition("item", self.item, consumables.nearest())
        return self


class ConsumableDueResult(Result):
    """Due or not, and the interval; months are null where only km are printed."""

    edition: str
    due: bool
    interval_months: int | None
    interval_km: int


@calculator
def consumable_due(request: ConsumableDueRequest) -> Answer[ConsumableDueResult]:
    """Whether an interval of MVM's notes is reached, in months or km, whichever comes first.

    Reached is due. Left out: consumables replaced after a defect of another part, which the guarantee covers.
    """
    row = consumables.nearest()[request.item]
    by_time = row.months is not None and request.months_since >= row.months
    due = by_time or request.km_since >= row.km
    steps = []
    if row.months is not None:
        inputs = {"months": request.months_since}
        steps.append(Step("interval_months", row.clause, row.months, "month", inputs))
    steps.append(Step("interval_km", row.clause, row.km, "km", {"km": request.km_since}))
    steps.append(Step("due", row.clause, due))
    result = ConsumableDueResult(
        edition=edition_of(Maker.MVM_FX), due=due, interval_months=row.months, interval_km=row.km
    )
    notices = [Notice("filter_outside_the_tank", row.clause)] if row.outside_the_tank else []
    return Answer(result, tuple(steps), tuple(notices))
