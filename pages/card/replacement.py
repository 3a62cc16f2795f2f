from functools import partial

import streamlit as st

from logic.card.recovered_vehicle import RecoveredVehicleRequest
from logic.card.subscriber_share import damage_exclusions
from logic.card.tables import Event
from logic.card.total_theft import TotalTheftRequest, theft_exclusions
from logic.card.vehicle_replacement import VehicleReplacementRequest
from logic.core.models import Level, Request
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.inputs.counts import count_choice
from ui.views import replacement

TABS = ("loss", "theft", "recovered")


def ask_loss(page: Page, level: str) -> Request | fields.InputState:
    """Ask about the damaged car and the new one."""
    t, exclusions = page.t, damage_exclusions(Event.COLLISION)
    damage, value = fields.money(page, "damage", minimum=1), fields.money(page, "value", minimum=1)
    new_price, prior_incidents = fields.money(page, "wanted", minimum=1), count_choice(page, "earlier")
    with st.expander(t("share.more"), key=page.key("more")):
        not_rebuildable, repair_too_slow = fields.switch(page, "hopeless"), fields.switch(page, "slow")
        repairs_started, recovered = fields.switch(page, "begun"), fields.switch(page, "found")
        third_party_at_fault = fields.switch(page, "culprit")
        above_coupon = fields.switch(page, "above_coupon")
        received = fields.money(page, "received")
        exclusion_ids = fields.choices(page, "excluded", exclusions, t.names_of("exclusion", exclusions))
    missing = fields.first_missing(damage, value, new_price, optional=(received,))
    return missing or fields.validated(
        page, lambda: VehicleReplacementRequest(
            level=level, damage_rial=damage, value_before_rial=value, new_price_rial=new_price,
            prior_incidents=prior_incidents, rebuildable=not not_rebuildable,
            repair_time_excessive=repair_too_slow, repairs_started=repairs_started, recovered=recovered,
            third_party_at_fault=third_party_at_fault, above_coupon=above_coupon,
            received_from_liable_rial=fields.value_or_none(received) or 0, exclusions=exclusion_ids,
        )
    )  # fmt: skip


def ask_theft(page: Page, level: str) -> Request | fields.InputState:
    """Ask about the stolen car, the days of the theft, and the new car."""
    t, exclusions = page.t, theft_exclusions()
    price, new_price = fields.money(page, "price", minimum=1), fields.money(page, "wanted", minimum=1)
    delivered, stolen = fields.day(page, "delivered", past=True), fields.day(page, "stolen", past=True)
    model_year_changed, negligent = fields.switch(page, "model_year"), fields.switch(page, "negligent")
    with st.expander(t("share.more"), key=page.key("more")):
        reported = fields.day(page, "reported", past=True)
        exclusion_ids = fields.choices(page, "excluded", exclusions, t.names_of("exclusion", exclusions))
    return fields.first_missing(price, new_price, delivered, stolen) or fields.validated(
        page, lambda: TotalTheftRequest(
            level=level, zero_km_price_rial=price, requested_price_rial=new_price, delivered_on=delivered,
            stolen_on=stolen, reported_on=reported, model_year_changed=model_year_changed,
            negligent=negligent, exclusions=exclusion_ids,
        )
    )  # fmt: skip


def ask_recovered(page: Page, level: str) -> Request | fields.InputState:
    """Ask about a stolen car that was found again, damaged."""
    repair_cost, value = fields.money(page, "damage", minimum=1), fields.money(page, "value", minimum=1)
    prior_incidents = count_choice(page, "earlier")
    return fields.first_missing(repair_cost, value) or fields.validated(
        page, lambda: RecoveredVehicleRequest(
            level=level, repair_cost_rial=repair_cost, value_before_rial=value,
            prior_incidents=prior_incidents,
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
