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


def ask_filters(page: Page) -> dict[str, Any]:
    """Ask for network and kind of dealer; return them as fields of the request."""
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
    with st.container(key="top-inputs"):
        location_column, filter_column = st.columns(2, gap="medium")
    with location_column:
        start = location.location_input(page)
    with filter_column:
        filters = ask_filters(page)
    with page.report_errors_in(st.container(key="answer-dealers")):
        list_column, map_column = st.columns([6, 5], gap="large")
        if isinstance(start, fields.InputState):
            with list_column:
                answer_card.pending(page, start, page.t("dealers.start"))
                dealers.list_source(page, filters["network"])
            with map_column:
                dealers_map.render_all(page, filters)
        else:
            answer = nearest_dealers(NearestDealersRequest(**start.fields, **filters))
            with list_column:
                dealers.render(page, answer, start.name)
                dealers.list_source(page, filters["network"])
            with map_column:
                dealers_map.render(page, answer.result, start.name)
