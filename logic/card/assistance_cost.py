"""Who pays for a piece of roadside help."""

from typing import Literal, Self

from pydantic import Field, model_validator

from logic.card.tables import CardTables, Item, ItemId, Payer, card, no_edition
from logic.core.answer import Answer, Notice, Step
from logic.core.models import MAX_COUNT, Day, Flag, Level, Request, Result, require_in_edition
from logic.core.registry import calculator

Reason = Literal[
    "not_in_level",
    "by_tariff_at_every_level",
    "car_can_move",
    "not_the_first_tow",
    "not_through_company",
    "in_guarantee",
    "not_intercity",
    "not_called_off",
    "no_edition",
]
THROUGH_COMPANY = (Item.CALLOUT, Item.TOW, Item.PASSENGER_TRANSFER)
"""What the company pays for only when it was called first (part 2, 5-13)."""
WHEN_STUCK = (Item.CALLOUT, Item.TOW, Item.PASSENGER_TRANSFER)
"""What is given only to a car that cannot move, or not without harm (part 2, 2-2 and 4-4)."""


class AssistanceCostRequest(Request):
    """A piece of help, the level, and how it came about."""

    level: Level
    item: ItemId
    immobile: Flag = True
    """The car cannot move, or moving it would do harm."""
    tow_number: int = Field(1, ge=1, le=MAX_COUNT, strict=True)
    """Which tow of this case it is."""
    via_company: Flag = True
    company_could_not_send: Flag = False
    in_guarantee: Flag = False
    intercity: Flag = False
    started_on: Day | None = None
    """First day of the subscription; it decides which edition of the booklet holds."""

    @model_validator(mode="after")
    def _item_of_the_edition(self) -> Self:
        if tables := card(self.started_on):
            require_in_edition("item", self.item, tables.items)
        return self


class AssistanceCostResult(Result):
    """Who pays, and what stands in the way of a lower cost."""

    edition: str | None
    payer: Payer | None
    reason: Reason | None


@calculator
def assistance_cost(request: AssistanceCostRequest) -> Answer[AssistanceCostResult]:
    """Who pays: nobody extra (free), the customer by tariff, the company, the customer, or the guarantee.

    Booklet Table 1 and part 2. Amounts are not in the booklet: the tariff is the company's. What is asked
    after the first condition that decides is not looked at. Payer null: no edition on ``started_on``.
    """
    tables = card(request.started_on)
    if tables is None:
        result = AssistanceCostResult(edition=None, payer=None, reason="no_edition")
        return Answer(result, (no_edition(request.started_on),))
    payer, reason, clause = _decide(request, tables)
    row = tables.assistance[request.level, request.item]
    steps = [Step("level_pays", row.clause, row.payer, inputs={"level": request.level, "item": request.item})]
    if reason or clause != row.clause:
        steps.append(Step(reason or "decided", clause, payer))
    return Answer(
        AssistanceCostResult(edition=tables.edition, payer=payer, reason=reason),
        tuple(steps),
        _notices(request.item, tables, payer),
    )


def _decide(request: AssistanceCostRequest, tables: CardTables) -> tuple[Payer, Reason | None, str]:
    row = tables.assistance[request.level, request.item]
    item = request.item
    tows = tables.figures["free_tows_per_case"]
    if item == Item.CANCELLED_CALLOUT:
        return row.payer, "not_called_off", row.clause
    if item == Item.ON_SITE_SERVICE:
        return row.payer, "by_tariff_at_every_level", row.clause
    if item == Item.ROADSIDE_WAGE_AND_PARTS:
        if request.in_guarantee:
            return "guarantee", "in_guarantee", tables.citations.roadside_guarantee
        return row.payer, None if row.payer == "company" else "not_in_level", row.clause
    if item in THROUGH_COMPANY and not (request.via_company or request.company_could_not_send):
        return "customer", "not_through_company", tables.citations.arranged_elsewhere
    if item == Item.TOW and request.tow_number > tows.value:
        return "tariff", "not_the_first_tow", tows.clause
    if item == Item.TOW and request.company_could_not_send:
        return "company", None, tables.citations.help_not_sent
    if row.payer in ("tariff", "customer"):
        return row.payer, "not_in_level", row.clause
    if item in WHEN_STUCK and not request.immobile:
        return (
            ("customer" if item == Item.PASSENGER_TRANSFER else "tariff"),
            "car_can_move",
            tables.citations.movable_car,
        )
    if item == Item.PASSENGER_TRANSFER and not request.intercity:
        return "customer", "not_intercity", row.clause
    return row.payer, None, row.clause


def _notices(item: str, tables: CardTables, payer: Payer) -> tuple[Notice, ...]:
    match item, payer:
        case Item.ROADSIDE_WAGE_AND_PARTS, "company":
            return (Notice("share_may_apply", tables.citations.share_table, "warning"),)
        case Item.CALLOUT, "tariff" | "free":
            return (Notice("call_out_negation", tables.citations.movable_car),)
        case Item.TOW, "free":
            return (Notice("tow_needs_approval", tables.citations.tow_approval),)
        case Item.PASSENGER_TRANSFER, "company":
            return (Notice("paid_to_owner_by_km", tables.citations.passenger_transfer),)
        case _:
            return ()


def pieces_of_help() -> tuple[str, ...]:
    """The pieces of roadside help of the booklet in force, in the table's order."""
    tables = card()
    return tables.items if tables else ()
