"""The least warranty that the law asks for, and whether an offer meets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.consumer_law.act import law
from logic.consumer_law.bylaw_in_force import edition_ids
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Day, Km, Known, Request, Result, invalid
from logic.core.registry import calculator
from logic.datasets.tables import EditionFolder, Row, cached_per_dataset, edition_reader, scope_clause
from logic.warranty.tables import PartRow

LIGHT = "light"
"""The class of the makers' cars at hand."""


class MinimumRow(Row):
    """The least months, km and months of paint of a class; what a by-law does not print is empty."""

    vehicle_class: str
    months: int | None = None
    km: int | None = None
    clause: str | None = None
    paint_months: int | None = None
    paint_clause: str | None = None


@dataclass(frozen=True, eq=False)
class MinimumTables:
    """The minimum warranties of one by-law."""

    edition: str
    rows: Mapping[str, MinimumRow]
    parts: Mapping[str, PartRow]
    """Parts that the by-law itself takes out, or covers for longer."""


@edition_reader("bylaw")
def minimum_tables(folder: EditionFolder) -> MinimumTables:
    """The minimum warranties; ask them with the day of delivery."""
    return MinimumTables(
        edition=folder.edition.id,
        rows=folder.rows_by_key("warranty_minimums", MinimumRow, lambda row: row.vehicle_class),
        parts=folder.rows_by_key("warranty_parts", PartRow, lambda row: row.part),
    )


@dataclass(frozen=True, slots=True)
class Minimum:
    """What is owed at least, and by which clauses."""

    edition: str
    months: int
    km: int | None
    clause: str
    paint_months: int | None = None
    paint_clause: str | None = None


def minimum(vehicle_class: str, on: date | None = None, edition: str | None = None) -> Minimum | None:
    """The minimum on a day or of a by-law: its own, the act's where it prints none; None before the act."""
    act = law(on)
    rules = minimum_tables(on)
    if edition:
        rules = next((each for each in minimum_tables.editions() if each.edition == edition), None)
    row = rules.rows.get(vehicle_class) if rules else None
    if rules and row and row.months and row.clause:
        paint = (row.paint_months, row.paint_clause)
        return Minimum(rules.edition, row.months, row.km, row.clause, *paint)
    if act is None:
        return None
    months, km = act.figures["minimum_months"], act.figures["minimum_km"]
    return Minimum(
        edition=rules.edition if rules else act.edition,
        months=int(months.value),
        km=int(km.value),
        clause=months.clause,
        paint_months=row.paint_months if row else None,
        paint_clause=row.paint_clause if row else None,
    )


@cached_per_dataset
def editions_of_the_law() -> list[str]:
    """Every by-law, and the act, which answers before the first of them."""
    return [*edition_ids(), *(each.edition for each in law.editions())]


@cached_per_dataset
def vehicle_classes() -> Mapping[str, None]:
    """Return the classes of vehicle for which a by-law prints a minimum, of every edition."""
    return dict.fromkeys(name for rules in minimum_tables.editions() for name in rules.rows)


VehicleClass = Annotated[str, Known(vehicle_classes, lists_ids=True)]


class MinimumWarrantyRequest(Request):
    """The class of vehicle, what is offered, and the day of delivery or a by-law."""

    vehicle_class: VehicleClass
    months: Count
    km: Km | None = None
    """Without it the offer has no limit in km."""
    on: Day | None = None
    edition: Annotated[str, Known(editions_of_the_law)] | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.on is None) == (self.edition is None):
            raise invalid("on", "day_or_edition")
        return self


class MinimumWarrantyResult(Result):
    """Whether the offer meets the minimum, and the minimum; null before the act."""

    edition: str | None
    reason: Literal["no_edition"] | None
    meets: bool | None
    required_months: int | None
    required_km: int | None
    paint_months: int | None


@calculator
def minimum_warranty(request: MinimumWarrantyRequest) -> Answer[MinimumWarrantyResult]:
    """The least warranty: two years or 40,000 km for light cars (by-law of 1395, 12), by date and class.

    Before the first by-law, and where a by-law prints nothing for a class, the act answers (article 2, note
    1: a year or 30,000 km); before the act nothing does. Both limits must be met; meeting is reaching. Left
    out: parts with a life of their own (part_warranty).
    """
    least = minimum(request.vehicle_class, request.on, request.edition)
    if least is None:
        nothing = MinimumWarrantyResult(
            edition=None,
            reason="no_edition",
            meets=None,
            required_months=None,
            required_km=None,
            paint_months=None,
        )
        return Answer(nothing, (Step("no_edition", scope_clause("law", request.on), value=False),))
    enough_km = request.km is None or least.km is None or request.km >= least.km
    steps = [Step("minimum_months", least.clause, least.months, "month")]
    if least.km is not None:
        steps.append(Step("minimum_km", least.clause, least.km, "km"))
    if least.paint_months is not None and least.paint_clause is not None:
        steps.append(Step("minimum_paint", least.paint_clause, least.paint_months, "month"))
    result = MinimumWarrantyResult(
        edition=least.edition,
        reason=None,
        meets=request.months >= least.months and enough_km,
        required_months=least.months,
        required_km=least.km,
        paint_months=least.paint_months,
    )
    steps.append(Step("meets_minimum", least.clause, result.meets))
    act = law(request.on)
    alternatives: list[Alternative] = []
    notices = [Notice("longer_is_allowed", least.clause)]
    if act and act.figures["minimum_months"].clause != least.clause:
        months, km = act.figures["minimum_months"], act.figures["minimum_km"]
        by_act = request.months >= months.value and (request.km is None or request.km >= km.value)
        other = result.model_copy(update={"meets": by_act})
        alternatives += Alternative.where_different("A-27", months.clause, result, other)
        notices.append(
            Notice("act_asks_for_less", months.clause, "info", {"months": months.value, "km": km.value})
        )
    return Answer(result, tuple(steps), tuple(notices), tuple(alternatives))
