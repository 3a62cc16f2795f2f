from typing import Any

from logic.models import Level, Request
from logic.recovered_vehicle import RecoveredVehicleRequest, recovered_vehicle
from logic.total_theft import TotalTheftRequest, total_theft
from logic.vehicle_replacement import VehicleReplacementRequest, vehicle_replacement
from ui import answer, fields, rule_view
from ui.numbers import number
from ui.page import Page, open_page

DOORS = ("loss", "theft", "recovered")
EARLIER = [str(count) for count in range(7)]


def ask(page: Page, door: str) -> Request | fields.Missing:
    """The request of a door; what is missing, where a needed number is."""
    t = page.t
    level = fields.choice(page, "level", [*Level], t.labels("level", Level), look="list", default="two_star")
    if door == "theft":
        price, wanted = fields.money(page, "price", lo=1), fields.money(page, "wanted", lo=1)
        delivered, stolen = fields.day(page, "delivered", past=True), fields.day(page, "stolen", past=True)
        negligent = fields.switch(page, "negligent")
        dated = fields.Missing.EMPTY if delivered is None or stolen is None else 1
        needed: tuple[int | fields.Missing, ...] = (price, wanted, dated)
        known: dict[str, Any] = {
            "zero_km_price_rial": price, "requested_price_rial": wanted, "delivered_on": delivered,
            "stolen_on": stolen, "negligent": negligent,
        }  # fmt: skip
        request: type[Request] = TotalTheftRequest
    else:
        counts = {count: number(int(count), t.language) for count in EARLIER}
        damage, value = fields.money(page, "damage", lo=1), fields.money(page, "value", lo=1)
        wanted = fields.money(page, "wanted", lo=1) if door == "loss" else value
        earlier = fields.choice(page, "earlier", EARLIER, counts, look="segments", default="0")
        needed = (damage, value, wanted)
        known = {"value_before_rial": value, "prior_incidents": int(earlier)}
        if door == "loss":
            culprit = fields.switch(page, "culprit")
            known |= {"damage_rial": damage, "new_price_rial": wanted, "third_party_at_fault": culprit}
            request = VehicleReplacementRequest
        else:
            known |= {"repair_cost_rial": damage}
            request = RecoveredVehicleRequest
    for why in (fields.Missing.UNREADABLE, fields.Missing.EMPTY):
        if why in needed:
            return why
    return fields.checked(page, request, level=level, **known)


with open_page("replacement") as page, page.halves() as (inputs, result):
    t = page.t
    with inputs:
        door = fields.choice(page, "door", DOORS, t.labels("door", DOORS), look="segments", default="loss")
        asked = ask(page, door)
    with result:
        match asked:
            case VehicleReplacementRequest():
                lost = vehicle_replacement(asked)
                label, papers = t("replacement.new_car"), lost.result.documents
                rule_view.show(page, lost, "emdad", label=label, name="customer_pays_rial", papers=papers)
            case TotalTheftRequest():
                stolen = total_theft(asked)
                label, papers = t("replacement.new_car"), stolen.result.documents
                rule_view.show(page, stolen, "emdad", label=label, name="customer_pays_rial", papers=papers)
            case RecoveredVehicleRequest():
                mended = recovered_vehicle(asked)
                label = t("replacement.repair")
                rule_view.show(page, mended, "emdad", label=label, name="subscriber_pays_rial")
            case fields.Missing():
                answer.waiting(page, asked, t("answer.waiting"))
