"""Whether a consumable is due for replacement."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import model_validator

from logic.core.answer import Answer, Notice, Step
from logic.core.models import Count, Km, Known, Request, Result, require_in_edition
from logic.core.registry import calculator
from logic.datasets.dataset import cached_per_dataset
from logic.warranty.tables import Maker, consumables, edition_of


@cached_per_dataset
def consumable_items() -> Mapping[str, None]:
    """Return the consumables of every edition."""
    return dict.fromkeys(item for rows in consumables.editions() for item in rows)


Consumable = Annotated[str, Known(consumable_items, lists_ids=True)]


class ConsumableDueRequest(Request):
    """A consumable, and the months and km since it was last replaced."""

    item: Consumable
    months_since: Count
    km_since: Km

    @model_validator(mode="after")
    def _check_edition(self) -> Self:
        require_in_edition("item", self.item, consumables.nearest())
        return self


class ConsumableDueResult(Result):
    """Whether the consumable is due, and its interval; months are null if only km are printed."""

    edition: str
    due: bool = False
    interval_months: int | None = None
    interval_km: int


@calculator
def consumable_due(request: ConsumableDueRequest) -> Answer[ConsumableDueResult]:
    """Return whether a consumable has reached its interval in months or km, whichever comes first.

    A consumable is due as soon as the interval is reached.

    Not covered: consumables replaced because another part was defective; the warranty pays for those.
    Source: the notes below MVM's service table.
    """
    row = consumables.nearest()[request.item]
    months_reached = row.months is not None and request.months_since >= row.months
    due = months_reached or request.km_since >= row.km
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
