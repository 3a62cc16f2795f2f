"""What a renewal costs, whether the car is inspected, and from when it holds."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.tables import CardTables, card, no_edition
from logic.core.answer import Answer, Notice, Step
from logic.core.models import (
    AtMost,
    Day,
    Flag,
    JalaliText,
    Known,
    PositiveRial,
    Request,
    Result,
    RialSum,
    require_in_edition,
)
from logic.core.registry import calculator
from logic.core.rounding import half_up, percent_of
from logic.datasets.tables import cached_per_dataset


@cached_per_dataset
def grounds() -> Mapping[str, None]:
    """Return what may lower the price of a renewal, of every edition."""
    return dict.fromkeys(row.ground for booklet in card.editions() for row in booklet.discounts)


def grounds_in_force() -> list[str]:
    """What may lower the price of a renewal by the booklet in force, in the table's order."""
    tables = card()
    return [*dict.fromkeys(row.ground for row in tables.discounts)] if tables else []


MAX_GROUNDS = 20
"""More than any edition lists."""
GroundId = Annotated[str, Known(grounds, lists_ids=True)]


class RenewalRequest(Request):
    """The kind of card, its price for a natural person, the day on which it ends and that of the renewal."""

    kind: Literal["golden", "mobile"]
    rate_rial: PositiveRial
    expires_on: Day
    renewed_on: Day
    legal_entity: Flag = False
    grounds: Annotated[tuple[GroundId, ...], AtMost(MAX_GROUNDS)] = ()
    started_on: Day | None = None

    @model_validator(mode="after")
    def _grounds_of_the_edition(self) -> Self:
        if tables := card(self.started_on):
            known = {row.ground for row in tables.discounts}
            for index, ground in enumerate(self.grounds):
                require_in_edition(f"grounds.{index}", ground, known)
        return self


class RenewalResult(Result):
    """The price; inspection and start are null for mobile cards, on which the booklet is silent."""

    edition: str | None
    reason: Literal["no_edition"] | None
    fee_rial: RialSum | None
    inspection_required: bool | None
    active_from_end_of: JalaliText | None
    """The new card holds from 24:00 of this day."""
    discount_grounds: tuple[GroundId, ...]
    """Those of the grounds given that count for this kind; no percentages are printed."""


@calculator
def renewal(request: RenewalRequest) -> Answer[RenewalResult]:
    """The price of a renewal (part 5, 1-3), and for golden cards inspection and first hour (1-4, 1-5).

    A card holds through its last day, so a renewal on that day is in time. Rials, rounded half up, once. Left
    out: the percentages of discounts, which the booklet leaves to the company's rules (2).
    """
    tables = card(request.started_on)
    if tables is None:
        nothing = RenewalResult(
            edition=None,
            reason="no_edition",
            fee_rial=None,
            inspection_required=None,
            active_from_end_of=None,
            discount_grounds=(),
        )
        return Answer(nothing, (no_edition(request.started_on),))
    steps: list[Step] = []
    grounds = tuple(_grounds(request, tables, steps))
    late = request.renewed_on > request.expires_on
    active = request.expires_on
    if request.kind == "golden" and late:
        active = request.renewed_on + timedelta(days=int(tables.figures["renewal_active_after_days"].value))
        steps.append(Step("renewed_late", tables.figures["renewal_active_after_days"].clause, active))
    elif request.kind == "golden":
        steps.append(Step("renewed_in_time", tables.citations.golden_renewal, active))
    fee = _fee(request, tables, steps)
    golden = request.kind == "golden"
    result = RenewalResult(
        edition=tables.edition,
        reason=None,
        fee_rial=fee,
        inspection_required=late if golden else None,
        active_from_end_of=active if golden else None,
        discount_grounds=grounds,
    )
    return Answer(result, tuple(steps), tuple(_notices(request, tables, result)))


def _grounds(request: RenewalRequest, tables: CardTables, steps: list[Step]) -> Iterator[str]:
    for row in tables.discounts:
        if row.kind == request.kind and row.ground in request.grounds:
            steps.append(Step("discount_ground", row.clause, value=True, inputs={"ground": row.ground}))
            yield row.ground


def _fee(request: RenewalRequest, tables: CardTables, steps: list[Step]) -> int:
    more = tables.figures["legal_entity_percent"]
    added = half_up(percent_of(more.value, request.rate_rial)) if request.legal_entity else 0
    if request.legal_entity:
        steps.append(Step("legal_entity", more.clause, int(more.value), "percent"))
    steps.append(
        Step("renewal_fee", more.clause, request.rate_rial + added, "rial", {"rate_rial": request.rate_rial})
    )
    return request.rate_rial + added


def _notices(request: RenewalRequest, tables: CardTables, result: RenewalResult) -> Iterator[Notice]:
    if result.discount_grounds:
        yield Notice("discounts_without_percent", tables.citations.discounts)
    if result.inspection_required:
        yield Notice("defects_seen_are_excluded", tables.citations.renewal_age, "warning")
    if request.kind == "mobile":
        yield Notice("renewal_of_mobile_is_silent", tables.citations.golden_renewal)
    yield Notice("ask_after_48_hours", tables.citations.renewal_confirmation)
