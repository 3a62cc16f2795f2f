from typing import Any

import streamlit as st

from logic.card.subscriber_share import (
    SubscriberShareRequest,
    damage_exclusions,
    events_by_group,
    share_by_prior_count,
    subscriber_share,
)
from logic.core.models import Level
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.inputs.counts import MAX_COUNT_CHOICE, count_choice
from ui.views import share

FAULTS = ("me", "other", "shared")


def ask(page: Page) -> tuple[SubscriberShareRequest, int | fields.InputState]:
    """Ask for the request, and return it with the damage as typed.

    Without a damage the request has 0 rials, which is enough for the share in percent.
    """
    t, groups = page.t, events_by_group()

    linked_event = page.url_state.params.get("event")
    linked_group = next(
        (group for group, events in groups.items() if linked_event in events), next(iter(groups))
    )
    group = fields.choice(
        page,
        "group",
        [*groups],
        t.names_of("group", groups),
        style="segments",
        default=linked_group,
        in_url=False,
    )
    events = t.names_of("event", groups[group])
    first_event = next(iter(events))
    event = fields.choice(
        page, "event", [*events], events, style="pills", default=first_event, url_default="collision"
    )
    level = fields.choice(
        page, "level", [*Level], t.names_of("level", Level), style="list", default="two_star"
    )
    answer_card.which_level(page)
    damage = fields.money(page, "damage")
    prior_incidents = count_choice(page, "earlier")
    with st.expander(t("share.more"), key=page.key("more")):
        fault = fields.choice(
            page, "fault", FAULTS, t.names_of("fault", FAULTS), style="segments", default="me"
        )
        above_coupon = fields.switch(page, "above_coupon")
        prior_third_party = count_choice(page, "earlier_third")
        prior_repairs = count_choice(page, "repairs")
        panel_withheld = fields.switch(page, "panel")
        exclusions = damage_exclusions(event)
        exclusion_ids = fields.choices(page, "excluded", exclusions, t.names_of("exclusion", exclusions))
        stolen = fields.switch(page, "stolen")
    values: dict[str, Any] = {
        "level": level, "event": event, "damage_rial": 0 if isinstance(damage, fields.InputState) else damage,
        "prior_incidents": prior_incidents, "prior_third_party_incidents": prior_third_party,
        "prior_repairs": prior_repairs, "third_party_at_fault": fault == "other",
        "fault_shared": fault == "shared", "above_coupon": above_coupon,
        "audio_panel_withheld": panel_withheld, "exclusions": exclusion_ids, "stolen_at_the_time": stolen,
    }  # fmt: skip
    return SubscriberShareRequest(**values), damage


with open_page("share") as page, page.two_columns() as (inputs, result):
    with inputs:
        request, damage = ask(page)
    with result:
        if damage is fields.InputState.INVALID:
            answer_card.pending(page, damage, "")
        else:
            answer = subscriber_share(request)
            typed = damage is not fields.InputState.EMPTY
            by_earlier = share_by_prior_count(request, MAX_COUNT_CHOICE)
            share.render_headline(page, answer, typed=typed)
            share.render_details(page, answer, by_earlier, request.prior_incidents, typed=typed)
