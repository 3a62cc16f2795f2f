"""The legal minimum of a warranty, and whether an offer meets it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.consumer_law.act import act_tables
from logic.consumer_law.bylaw_in_force import bylaw_ids
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Day, Km, Known, Request, Result, invalid
from logic.core.registry import calculator
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import EditionFolder, Row, edition_reader, scope_clause
from logic.warranty.tables import PartRow

LIGHT_VEHICLE_CLASS = "light"
"""The vehicle class of the makers' cars in the tables."""


class MinimumRow(Row):
    """Minimum months, km and paint months of a vehicle class; empty if the by-law does not state them."""

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
    """Parts that the by-law excludes, or covers for longer."""


@edition_reader("bylaw")
def minimum_tables(folder: EditionFolder) -> MinimumTables:
    """Read the minimum warranties. The day of delivery selects the by-law."""
    return MinimumTables(
        edition=folder.edition.id,
        rows=folder.rows_by_key("warranty_minimums", MinimumRow, lambda row: row.vehicle_class),
        parts=folder.rows_by_key("warranty_parts", PartRow, lambda row: row.part),
    )


@dataclass(frozen=True, slots=True)
class LegalMinimum:
    """The minimum warranty of a vehicle class, with its clauses."""

    edition: str
    months: int
    km: int | None
    clause: str
    paint_months: int | None = None
    paint_clause: str | None = None


def legal_minimum_for(
    vehicle_class: str, on: date | None = None, edition: str | None = None
) -> LegalMinimum | None:
    """Return the minimum on a day, or of a by-law.

    If the by-law states none for the class, the minimum of the act applies. None before the act.
    """
    act = act_tables(on)
    rules = minimum_tables(on)
    if edition:
        rules = next((tables for tables in minimum_tables.editions() if tables.edition == edition), None)
    row = rules.rows.get(vehicle_class) if rules else None
    if rules and row and row.months and row.clause:
        return LegalMinimum(
            edition=rules.edition,
            months=row.months,
            km=row.km,
            clause=row.clause,
            paint_months=row.paint_months,
            paint_clause=row.paint_clause,
        )
    if act is None:
        return None
    months, km = act.figures["minimum_months"], act.figures["minimum_km"]
    return LegalMinimum(
        edition=rules.edition if rules else act.edition,
        months=int(months.value),
        km=int(km.value),
        clause=months.clause,
        paint_months=row.paint_months if row else None,
        paint_clause=row.paint_clause if row else None,
    )


@cached_per_dataset
def act_and_bylaw_ids() -> list[str]:
    """Return the ids of all by-laws and of the act, which applies before the first by-law."""
    return [*bylaw_ids(), *(tables.edition for tables in act_tables.editions())]


@cached_per_dataset
def vehicle_classes() -> Mapping[str, None]:
    """Return the vehicle classes for which a by-law states a minimum, of every edition."""
    return dict.fromkeys(name for rules in minimum_tables.editions() for name in rules.rows)


VehicleClass = Annotated[str, Known(vehicle_classes, lists_ids=True)]


class MinimumWarrantyRequest(Request):
    """The vehicle class, the offer, and the day of delivery or a by-law."""

    vehicle_class: VehicleClass
    months: Count
    km: Km | None = None
    """Limit of the offer in km; null if it has none."""
    on: Day | None = None
    """The day of delivery; it selects the edition."""
    edition: Annotated[str, Known(act_and_bylaw_ids)] | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.on is None) == (self.edition is None):
            raise invalid("on", "day_or_edition")
        return self


class MinimumWarrantyResult(Result):
    """Whether the offer meets the minimum, and the minimum; null before the act."""

    edition: str | None
    reason: Literal["no_edition"] | None = None
    meets: bool | None = None
    required_months: int | None = None
    required_km: int | None = None
    paint_months: int | None = None


@calculator
def minimum_warranty(request: MinimumWarrantyRequest) -> Answer[MinimumWarrantyResult]:
    """Return the minimum warranty by date and vehicle class, and whether an offer meets it.

    The minimum is that of the by-law of the day, for light cars two years or 40,000 km since 1395. Before
    the first by-law, and if a by-law states none for the class, that of the act: a year or 30,000 km. There
    is none before the act. An offer must reach the months and the km. The alternative (A-27) applies the act
    alone. Not covered: parts with limits of their own (``part_warranty``).
    Source: by-law of 1395, article 12; act, article 2, note 1.
    """
    minimum = legal_minimum_for(request.vehicle_class, request.on, request.edition)
    if minimum is None:
        result = MinimumWarrantyResult(
            edition=None,
            reason="no_edition",
        )
        return Answer(result, (Step("no_edition", scope_clause("law", request.on), value=False),))
    meets_km = request.km is None or minimum.km is None or request.km >= minimum.km
    steps = [Step("minimum_months", minimum.clause, minimum.months, "month")]
    if minimum.km is not None:
        steps.append(Step("minimum_km", minimum.clause, minimum.km, "km"))
    if minimum.paint_months is not None and minimum.paint_clause is not None:
        steps.append(Step("minimum_paint", minimum.paint_clause, minimum.paint_months, "month"))
    result = MinimumWarrantyResult(
        edition=minimum.edition,
        meets=request.months >= minimum.months and meets_km,
        required_months=minimum.months,
        required_km=minimum.km,
        paint_months=minimum.paint_months,
    )
    steps.append(Step("meets_minimum", minimum.clause, result.meets))
    act = act_tables(request.on)
    alternatives: list[Alternative] = []
    notices = [Notice("longer_is_allowed", minimum.clause)]
    if act and act.figures["minimum_months"].clause != minimum.clause:
        months, km = act.figures["minimum_months"], act.figures["minimum_km"]
        meets_act = request.months >= months.value and (request.km is None or request.km >= km.value)
        alternative_result = result.model_copy(update={"meets": meets_act})
        alternatives += Alternative.where_different("A-27", months.clause, result, alternative_result)
        if months.value < minimum.months or (minimum.km is not None and km.value < minimum.km):
            params = {"months": months.value, "km": km.value}
            notices.append(Notice("act_asks_for_less", months.clause, "info", params))
    return Answer(result, tuple(steps), tuple(notices), tuple(alternatives))
