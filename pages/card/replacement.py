from functools import partial

import streamlit as st

from logic.card.recovered_vehicle import RecoveredVehicleRequest
from logic.card.subscriber_share import damage_exclusions
from logic.card.total_theft import TotalTheftRequest, theft_exclusions
from logic.card.vehicle_replacement import VehicleReplacementRequest
from logic.core.models import Level, Request
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.numbers import format_number
from ui.views import replacement

TABS = ("loss", "theft", "recovered")
EARLIER = [str(count) for count in range(7)]


def ask_earlier(page: Page) -> int:
    """How many incidents and thefts came before."""
    counts = {count: format_number(int(count), page.t.language) for count in EARLIER}
    return int(fields.choice(page, "earlier", EARLIER, counts, style="segments", default="0"))


def ask_loss(page: Page, level: str) -> Request | fields.InputState:
    """A damaged car, and the new one that is asked for."""
    t, exclusions = page.t, damage_exclusions()
    damage, value = fields.money(page, "damage", minimum=1), fields.money(page, "value", minimum=1)
    wanted, earlier = fields.money(page, "wanted", minimum=1), ask_earlier(page)
    with st.expander(t("share.more"), key=page.key("more")):
        hopeless, slow = fields.switch(page, "hopeless"), fields.switch(page, "slow")
        begun, found = fields.switch(page, "begun"), fields.switch(page, "found")
        culprit, above = fields.switch(page, "culprit"), fields.switch(page, "above_coupon")
        received = fields.money(page, "received")
        excluded = fields.choices(page, "excluded", exclusions, t.names_of("exclusion", exclusions))
    wanting = fields.first_missing(damage, value, wanted, optional=(received,))
    return wanting or fields.validated(
        page, lambda: VehicleReplacementRequest(
            level=level, damage_rial=damage, value_before_rial=value, new_price_rial=wanted,
            prior_incidents=earlier, rebuildable=not hopeless, repair_time_excessive=slow,
            repairs_started=begun, recovered=found, third_party_at_fault=culprit, above_coupon=above,
            received_from_liable_rial=fields.value_or_none(received) or 0, exclusions=excluded,
        )
    )  # fmt: skip


def ask_theft(page: Page, level: str) -> Request | fields.InputState:
    """A stolen car, its days, and the new one that is asked for."""
    t, exclusions = page.t, theft_exclusions()
    price, wanted = fields.money(page, "price", minimum=1), fields.money(page, "wanted", minimum=1)
    delivered, stolen = fields.day(page, "delivered", past=True), fields.day(page, "stolen", past=True)
    changed, negligent = fields.switch(page, "model_year"), fields.switch(page, "negligent")
    with st.expander(t("share.more"), key=page.key("more")):
        reported = fields.day(page, "reported", past=True)
        excluded = fields.choices(page, "excluded", exclusions, t.names_of("exclusion", exclusions))
    return fields.first_missing(price, wanted, delivered, stolen) or fields.validated(
        page, lambda: TotalTheftRequest(
            level=level, zero_km_price_rial=price, requested_price_rial=wanted, delivered_on=delivered,
            stolen_on=stolen, reported_on=reported, model_year_changed=changed, negligent=negligent,
            exclusions=excluded,
        )
    )  # fmt: skip


def ask_recovered(page: Page, level: str) -> Request | fields.InputState:
    """A stolen car that was found again, damaged."""
    cost, value = fields.money(page, "damage", minimum=1), fields.money(page, "value", minimum=1)
    earlier = ask_earlier(page)
    return fields.first_missing(cost, value) or fields.validated(
        page, lambda: RecoveredVehicleRequest(
            level=level, repair_cost_rial=cost, value_before_rial=value, prior_incidents=earlier,
        )
    )  # fmt: skip


ASK = {"loss": ask_loss, "theft": ask_theft, "recovered": ask_recovered}

with open_page("replacement") as page, page.two_columns() as (inputs, result):
    t = page.t
    with inputs:
        tab = fields.choice(
            page, "tab", TABS, t.names_of("replacement_tab", TABS), style="segments", default="loss"
        )
        levels = t.names_of("level", Level)
        level = fields.choice(page, "level", [*Level], levels, style="list", default="two_star")
        request = ASK[tab](page, level)
    with result:
        answer_card.render_or_pending(page, request, partial(replacement.render, page))
