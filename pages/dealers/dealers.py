from typing import Any, get_args

import streamlit as st

from logic.dealers.nearest_dealers import NearestDealersRequest, Network, nearest_dealers, places
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields, location
from ui.map import dealers_map
from ui.views import dealers

NETWORKS: tuple[Network, ...] = get_args(Network)
ANY = "any"


def filters(page: Page) -> dict[str, Any]:
    """Which places count, in the request's words."""
    t = page.t
    network = fields.choice(
        page, "network", NETWORKS, t.labels("network", NETWORKS), look="segments", default="mvm"
    )
    kind, kinds = ANY, places().kinds[network]
    if len(kinds) > 1:
        labels = t.labels("dealer_kind", [ANY, *kinds])
        kind = fields.choice(page, "kind", [*labels], labels, look="pills", default=ANY)
    return {"network": network, "kind": None if kind == ANY else kind}


with open_page("dealers") as page:
    with st.container(key="find"):
        where, which = st.columns(2, gap="medium")
    with where:
        start = location.ask(page)
    with which:
        wanted = filters(page)
    with page.answering(st.container(key="answer-dealers")):
        listed, drawn = st.columns([6, 5], gap="large")
        if isinstance(start, fields.Missing):
            with listed:
                answer_card.waiting(page, start, page.t("dealers.start"))
                dealers.source(page, wanted["network"])
            with drawn:
                dealers_map.show_all(page, wanted)
        else:
            found = nearest_dealers(NearestDealersRequest(**start.fields, **wanted))
            with listed:
                dealers.show(page, found, start.name)
                dealers.source(page, wanted["network"])
            with drawn:
                dealers_map.show(page, found.result, start.name)
