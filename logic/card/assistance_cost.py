"""Who pays for an item of roadside assistance."""

from typing import Literal, Self

from pydantic import Field, model_validator

from logic.card.tables import CardTables, Item, ItemId, Payer, card_tables, no_edition
from logic.core.answer import Answer, Notice, Step
from logic.core.models import MAX_COUNT, Day, Flag, Level, Request, Result, require_in_edition
from logic.core.registry import calculator

Reason = Literal[
    "not_in_level",
    "by_tariff_at_every_level",
    "car_can_move",
    "not_the_first_tow",
    "not_through_company",
    "only_the_tow",
    "in_guarantee",
    "not_intercity",
    "not_called_off",
    "no_edition",
]
ARRANGED_ITEMS = (Item.CALLOUT, Item.TOW, Item.ROADSIDE_WAGE_AND_PARTS, Item.PASSENGER_TRANSFER)
"""Items that the company pays for only if it was called first."""
TRANSPORT_ITEMS = (Item.TOW, Item.PASSENGER_TRANSFER)
"""Items that the company pays for although it could not send anybody (part 2, 2-9 and 5-5)."""
IMMOBILE_CAR_ITEMS = (Item.CALLOUT, Item.TOW, Item.PASSENGER_TRANSFER)
"""Items for a car that cannot move, or not without damage (part 2, 2-2 and 4-4)."""


class AssistanceCostRequest(Request):
    """The level, the item of assistance and the circumstances of the case."""

    level: Level
    item: ItemId
    immobile: Flag = True
    """The car cannot move, or moving it would damage it."""
    tow_number: int = Field(1, ge=1, le=MAX_COUNT, strict=True)
    """Number of this tow within the case; the first is 1."""
    via_company: Flag = True
    """The company was called first and sent the help."""
    company_could_not_send: Flag = False
    """The company was called but could send neither a rescuer nor a transporter."""
    in_guarantee: Flag = False
    intercity: Flag = False
    started_on: Day | None = None
    """First day of the subscription; it selects the edition of the booklet."""

    @model_validator(mode="after")
    def _item_of_the_edition(self) -> Self:
        if tables := card_tables(self.started_on):
            require_in_edition("item", self.item, tables.items)
        return self


class AssistanceCostResult(Result):
    """Who pays, and why. ``reason`` is null if the item is covered."""

    edition: str | None
    payer: Payer | None = None
    reason: Reason | None = None


@calculator
def assistance_cost(request: AssistanceCostRequest) -> Answer[AssistanceCostResult]:
    """Return who pays for an item of roadside assistance.

    The payer is ``free`` (included in the card), ``tariff`` (the customer, at the company's rates),
    ``company``, ``customer`` or ``guarantee`` (the maker), and null if no edition is in force on
    ``started_on``. The first condition that applies decides; later ones are ignored.
    Not covered: amounts, because the booklet prints no rates. Source: Table 1 and part 2.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        result = AssistanceCostResult(edition=None, reason="no_edition")
        return Answer(result, (no_edition(request.started_on),))
    payer, reason, clause = _payer(request, tables)
    row = tables.assistance[request.level, request.item]
    steps = [Step("level_pays", row.clause, row.payer, inputs={"level": request.level, "item": request.item})]
    if reason or clause != row.clause:
        steps.append(Step(reason or "decided", clause, payer))
    return Answer(
        AssistanceCostResult(edition=tables.edition, payer=payer, reason=reason),
        tuple(steps),
        _notices(request.item, tables, payer),
    )


def _payer(request: AssistanceCostRequest, tables: CardTables) -> tuple[Payer, Reason | None, str]:
    """Return who pays, the reason, and the clause that decides."""
    row = tables.assistance[request.level, request.item]
    item = request.item
    free_tows = tables.figures["free_tows_per_case"]
    if item == Item.CANCELLED_CALLOUT:
        return row.payer, "not_called_off", row.clause
    if item == Item.ON_SITE_SERVICE:
        return row.payer, "by_tariff_at_every_level", row.clause
    if item == Item.ROADSIDE_WAGE_AND_PARTS and request.in_guarantee:
        return "guarantee", "in_guarantee", tables.citations.roadside_guarantee
    if item in ARRANGED_ITEMS and item not in TRANSPORT_ITEMS and request.company_could_not_send:
        return "customer", "only_the_tow", tables.citations.help_not_sent
    if item in ARRANGED_ITEMS and not (request.via_company or request.company_could_not_send):
        return "customer", "not_through_company", _arranged_elsewhere(item, tables)
    if item == Item.ROADSIDE_WAGE_AND_PARTS:
        return row.payer, None if row.payer == "company" else "not_in_level", row.clause
    if item == Item.TOW and request.tow_number > free_tows.value:
        return "tariff", "not_the_first_tow", free_tows.clause
    if item == Item.TOW and request.company_could_not_send:
        return "company", None, tables.citations.help_not_sent
    if row.payer in ("tariff", "customer"):
        return row.payer, "not_in_level", row.clause
    if item in IMMOBILE_CAR_ITEMS and not request.immobile:
        return (
            ("customer" if item == Item.PASSENGER_TRANSFER else "tariff"),
            "car_can_move",
            tables.citations.movable_car,
        )
    if item == Item.PASSENGER_TRANSFER and not request.intercity:
        return "customer", "not_intercity", row.clause
    return row.payer, None, row.clause


def _arranged_elsewhere(item: str, tables: CardTables) -> str:
    """Return the clause by which the company does not pay for an item that it did not arrange."""
    match item:
        case Item.CALLOUT:
            return tables.citations.unaffiliated_rescuers
        case Item.ROADSIDE_WAGE_AND_PARTS:
            return tables.citations.work_order
        case _:
            return tables.citations.arranged_elsewhere


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


def assistance_items() -> tuple[str, ...]:
    """Return the items of roadside assistance of the edition in force, in the order of the table."""
    tables = card_tables()
    return tables.items if tables else ()
