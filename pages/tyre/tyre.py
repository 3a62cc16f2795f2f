from functools import partial

import streamlit as st

from logic.card.card_tyre import CardTyreRequest
from logic.core.models import Level
from logic.tyre.tyre_refund import TyreRefundRequest, causes, documents_for, kinds
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.inputs.counts import count_choice
from ui.l10n.dates import today
from ui.views import tyre

GRADES, PERSONS = ("1", "2"), ("natural", "legal")


def ask_refund(page: Page) -> TyreRefundRequest | fields.InputState:
    """Ask about a faulty tyre; return the request, or the state of the first incomplete input."""
    t = page.t
    cause = fields.choice(
        page, "cause", [*causes()], t.names_of("cause", causes()), style="list", default="production"
    )
    new_column, remaining_column = st.columns(2, vertical_alignment="bottom")
    with new_column:
        new_depth = fields.depth(page, "new_depth", positive=True)
    with remaining_column:
        remaining_depth = fields.depth(page, "remaining_depth")
    message_area = st.container()
    price = fields.money(page, "price", minimum=1)
    grade = fields.choice(page, "grade", GRADES, t.names_of("grade", GRADES), style="segments", default="1")
    grade2_price = fields.money(page, "grade2_price", minimum=1) if grade == "2" else None
    with st.expander(t("tyre.age"), key=page.key("age"), expanded=True):
        kind = fields.choice(
            page,
            "kind",
            [*kinds()],
            t.names_of("tyre_kind", kinds()),
            style="list",
            default="radial_passenger",
        )
        made = fields.day(page, "made", past=True)
    person = fields.choice(
        page, "person", PERSONS, t.names_of("person", PERSONS), style="segments", default="natural"
    )
    required = (new_depth, remaining_depth, price, grade2_price)
    for state in (fields.InputState.INVALID, fields.InputState.EMPTY):
        if state in required:
            return state
    with message_area:
        return fields.validated(
            page, lambda: TyreRefundRequest(
                new_depth_mm=new_depth, remaining_depth_mm=remaining_depth, new_price_rial=price,
                grade2_price_rial=grade2_price, made_on=made, on=today(), documents=documents_for(person),
                cause=cause, grade=int(grade), kind=kind, person=person,
            )
        )  # fmt: skip


def ask_card(page: Page) -> CardTyreRequest | fields.InputState:
    """Ask about a tyre that was damaged in an incident, for the Golden Card."""
    t = page.t
    level = fields.choice(
        page, "level", [*Level], t.names_of("level", Level), style="list", default="two_star"
    )
    tyre_km, price = fields.km(page, "tyre_km"), fields.money(page, "price", minimum=1)
    prior_incidents = count_choice(page, "earlier")
    only_tyre_damaged = fields.switch(page, "alone")
    police_report = expert_visit = False
    if only_tyre_damaged:
        police_report, expert_visit = fields.switch(page, "report"), fields.switch(page, "visit")
    period_km = fields.km(page, "period_km") if level == Level.FOUR_STAR else 0
    return fields.first_missing(tyre_km, price, optional=(period_km,)) or fields.validated(
        page, lambda: CardTyreRequest(
            level=level, tyre_km=tyre_km, tyre_price_rial=price,
            km_in_period=fields.value_or_none(period_km) or 0, prior_incidents=prior_incidents,
            only_tyre_damaged=only_tyre_damaged, police_report=police_report, expert_visit=expert_visit,
        )
    )  # fmt: skip


ASK = {"refund": ask_refund, "card": ask_card}

with open_page("tyre") as page, page.two_columns() as (inputs, result):
    with inputs:
        names = page.t.names_of("tyre_tab", ASK)
        request = ASK[fields.choice(page, "tab", [*ASK], names, style="segments", default="refund")](page)
    with result:
        answer_card.render_or_pending(page, request, partial(tyre.render, page))
