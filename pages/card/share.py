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
from ui.l10n.numbers import format_number
from ui.views import share

EARLIER = [str(count) for count in range(7)]
FAULTS = ("me", "other", "shared")


def ask(page: Page) -> tuple[SubscriberShareRequest, int | fields.InputState]:
    """The request, and the damage as typed: without one, the share in percent is an answer already."""
    t, groups, exclusions = page.t, events_by_group(), damage_exclusions()
    counts = {count: format_number(int(count), t.language) for count in EARLIER}
    wanted = page.url_state.params.get("event")
    linked = next((group for group, events in groups.items() if wanted in events), next(iter(groups)))
    group = fields.choice(
        page, "group", [*groups], t.names_of("group", groups), style="segments", default=linked, in_url=False
    )
    events = t.names_of("event", groups[group])
    first = next(iter(events))
    event = fields.choice(
        page, "event", [*events], events, style="pills", default=first, url_default="collision"
    )
    level = fields.choice(
        page, "level", [*Level], t.names_of("level", Level), style="list", default="two_star"
    )
    answer_card.which_level(page)
    damage = fields.money(page, "damage")
    earlier = fields.choice(page, "earlier", EARLIER, counts, style="segments", default="0")
    with st.expander(t("share.more"), key=page.key("more")):
        fault = fields.choice(
            page, "fault", FAULTS, t.names_of("fault", FAULTS), style="segments", default="me"
        )
        above_coupon = fields.switch(page, "above_coupon")
        third = fields.choice(page, "earlier_third", EARLIER, counts, style="segments", default="0")
        repairs = fields.choice(page, "repairs", EARLIER, counts, style="segments", default="0")
        panel = fields.switch(page, "panel")
        excluded = fields.choices(page, "excluded", exclusions, t.names_of("exclusion", exclusions))
        stolen = fields.switch(page, "stolen")
    known: dict[str, Any] = {
        "level": level, "event": event, "damage_rial": 0 if isinstance(damage, fields.InputState) else damage,
        "prior_incidents": int(earlier), "prior_third_party_incidents": int(third),
        "prior_repairs": int(repairs), "third_party_at_fault": fault == "other",
        "fault_shared": fault == "shared", "above_coupon": above_coupon,
        "audio_panel_withheld": panel, "exclusions": excluded, "stolen_at_the_time": stolen,
    }  # fmt: skip
    return SubscriberShareRequest(**known), damage


with open_page("share") as page, page.two_columns() as (inputs, result):
    with inputs:
        request, damage = ask(page)
    with result:
        if damage is fields.InputState.INVALID:
            answer_card.pending(page, damage, "")
        else:
            found = subscriber_share(request)
            typed, growth = (
                damage is not fields.InputState.EMPTY,
                share_by_prior_count(request, int(EARLIER[-1])),
            )
            share.render_headline(page, found, typed=typed)
            share.render_details(page, found, growth, request.prior_incidents, typed=typed)
