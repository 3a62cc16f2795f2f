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
        page, "network", NETWORKS, t.names_of("network", NETWORKS), style="segments", default="mvm"
    )
    kind, kinds = ANY, places().kinds[network]
    if len(kinds) > 1:
        labels = t.names_of("dealer_kind", [ANY, *kinds])
        kind = fields.choice(page, "kind", [*labels], labels, style="pills", default=ANY)
    return {"network": network, "kind": None if kind == ANY else kind}


with open_page("dealers") as page:
    with st.container(key="find"):
        where, which = st.columns(2, gap="medium")
    with where:
        start = location.location_input(page)
    with which:
        wanted = filters(page)
    with page.report_errors_in(st.container(key="answer-dealers")):
        listed, drawn = st.columns([6, 5], gap="large")
        if isinstance(start, fields.InputState):
            with listed:
                answer_card.pending(page, start, page.t("dealers.start"))
                dealers.list_source(page, wanted["network"])
            with drawn:
                dealers_map.render_all(page, wanted)
        else:
            found = nearest_dealers(NearestDealersRequest(**start.fields, **wanted))
            with listed:
                dealers.render(page, found, start.name)
                dealers.list_source(page, wanted["network"])
            with drawn:
                dealers_map.render(page, found.result, start.name)
