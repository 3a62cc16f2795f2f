"""The price of a renewal, whether the car is inspected, and when the new card starts."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.card.tables import CardTables, DiscountRow, card_tables, no_edition
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
from logic.datasets.dataset import cached_per_dataset


@cached_per_dataset
def grounds() -> Mapping[str, None]:
    """Return the grounds for a discount at renewal of every edition."""
    return dict.fromkeys(row.ground for tables in card_tables.editions() for row in tables.discounts)


def grounds_in_force() -> list[str]:
    """Return the grounds for a discount of the edition in force, in the order of the table."""
    tables = card_tables()
    return [*dict.fromkeys(row.ground for row in tables.discounts)] if tables else []


MAX_GROUNDS = 20
"""Maximum length of the list of grounds in a request; no edition has as many."""
GroundId = Annotated[str, Known(grounds, lists_ids=True)]


class RenewalRequest(Request):
    """The kind of card, its price for a natural person, its last day, and the day of the renewal."""

    kind: Literal["golden", "mobile"]
    rate_rial: PositiveRial
    expires_on: Day
    renewed_on: Day
    legal_entity: Flag = False
    grounds: Annotated[tuple[GroundId, ...], AtMost(MAX_GROUNDS)] = ()
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _grounds_of_the_edition(self) -> Self:
        if tables := card_tables(self.started_on):
            ids = {row.ground for row in tables.discounts}
            for index, ground in enumerate(self.grounds):
                require_in_edition(f"grounds.{index}", ground, ids)
        return self


class RenewalResult(Result):
    """The price. Inspection and start are null for mobile cards, because the booklet does not state them."""

    edition: str | None
    reason: Literal["no_edition"] | None = None
    fee_rial: RialSum | None = None
    inspection_required: bool | None = None
    active_from_end_of: JalaliText | None = None
    """The new card is valid from 24:00 of this day."""
    discount_grounds: tuple[GroundId, ...] = ()
    """The grounds of the request that count for this kind of card."""


@calculator
def renewal(request: RenewalRequest) -> Answer[RenewalResult]:
    """Return the price of a renewal and, for golden cards, the inspection and the start.

    A card is valid until the end of its last day, so a renewal on that day is in time. Rials, rounded half
    up, once. Not covered: the percentages of discounts, which the company sets (2).
    Source: part 5, 1-3 to 1-5 and 2.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        result = RenewalResult(
            edition=None,
            reason="no_edition",
        )
        return Answer(result, (no_edition(request.started_on),))
    discounts = [*_discounts(request, tables)]
    steps = [
        Step("discount_ground", row.clause, value=True, inputs={"ground": row.ground}) for row in discounts
    ]
    is_golden = request.kind == "golden"
    is_late = request.renewed_on > request.expires_on
    active_from = request.expires_on
    if is_golden and is_late:
        delay = tables.figures["renewal_active_after_days"]
        active_from = request.renewed_on + timedelta(days=int(delay.value))
        steps.append(Step("renewed_late", delay.clause, active_from))
    elif is_golden:
        steps.append(Step("renewed_in_time", tables.citations.golden_renewal, active_from))
    fee_rial, fee_steps = _fee_rial(request, tables)
    result = RenewalResult(
        edition=tables.edition,
        fee_rial=fee_rial,
        inspection_required=is_late if is_golden else None,
        active_from_end_of=active_from if is_golden else None,
        discount_grounds=tuple(row.ground for row in discounts),
    )
    return Answer(result, (*steps, *fee_steps), tuple(_notices(request, tables, result)))


def _discounts(request: RenewalRequest, tables: CardTables) -> Iterator[DiscountRow]:
    """Yield the discounts of the request's grounds that count for its kind of card."""
    for row in tables.discounts:
        if row.kind == request.kind and row.ground in request.grounds:
            yield row


def _fee_rial(request: RenewalRequest, tables: CardTables) -> tuple[int, tuple[Step, ...]]:
    """Return the price, with the surcharge for a legal entity, and the working."""
    surcharge = tables.figures["legal_entity_percent"]
    fee_rial = request.rate_rial
    steps = []
    if request.legal_entity:
        fee_rial += half_up(percent_of(surcharge.value, request.rate_rial))
        steps.append(Step("legal_entity", surcharge.clause, int(surcharge.value), "percent"))
    inputs = {"rate_rial": request.rate_rial}
    steps.append(Step("renewal_fee", surcharge.clause, fee_rial, "rial", inputs))
    return fee_rial, tuple(steps)


def _notices(request: RenewalRequest, tables: CardTables, result: RenewalResult) -> Iterator[Notice]:
    if result.discount_grounds:
        yield Notice("discounts_without_percent", tables.citations.discounts)
    if result.inspection_required:
        yield Notice("defects_seen_are_excluded", tables.citations.renewal_age, "warning")
    if request.kind == "mobile":
        yield Notice("renewal_of_mobile_is_silent", tables.citations.golden_renewal)
    wait = tables.figures["renewal_message_hours"]
    yield Notice("ask_after_48_hours", wait.clause, params={"hours": int(wait.value)})
