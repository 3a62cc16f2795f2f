from functools import partial

import streamlit as st

from logic.card.card_tyre import CardTyreRequest
from logic.core.models import Level
from logic.tyre.tyre_refund import TyreRefundRequest, causes, documents_for, kinds
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.dates import today
from ui.l10n.numbers import format_number
from ui.views import tyre

GRADES, PERSONS = ("1", "2"), ("natural", "legal")
EARLIER = [str(count) for count in range(7)]


def ask_refund(page: Page) -> TyreRefundRequest | fields.InputState:
    """A faulty tyre for its maker; what is missing, where a needed number is."""
    t = page.t
    cause = fields.choice(
        page, "cause", [*causes()], t.names_of("cause", causes()), style="list", default="production"
    )
    new, left = st.columns(2, vertical_alignment="bottom")
    with new:
        new_depth = fields.depth(page, "new_depth", positive=True)
    with left:
        remaining = fields.depth(page, "remaining_depth")
    problems = st.container()
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
    needed = (new_depth, remaining, price, grade2_price)
    for why in (fields.InputState.INVALID, fields.InputState.EMPTY):
        if why in needed:
            return why
    with problems:
        return fields.validated(
            page, lambda: TyreRefundRequest(
                new_depth_mm=new_depth, remaining_depth_mm=remaining, new_price_rial=price,
                grade2_price_rial=grade2_price, made_on=made, on=today(), documents=documents_for(person),
                cause=cause, grade=int(grade), kind=kind, person=person,
            )
        )  # fmt: skip


def ask_card(page: Page) -> CardTyreRequest | fields.InputState:
    """A tyre damaged in an incident, for the Golden Card."""
    t = page.t
    level = fields.choice(
        page, "level", [*Level], t.names_of("level", Level), style="list", default="two_star"
    )
    driven, price = fields.km(page, "tyre_km"), fields.money(page, "price", minimum=1)
    counts = {count: format_number(int(count), t.language) for count in EARLIER}
    earlier = fields.choice(page, "earlier", EARLIER, counts, style="segments", default="0")
    alone = fields.switch(page, "alone")
    report, visit = (fields.switch(page, each) for each in ("report", "visit")) if alone else (False, False)
    period = fields.km(page, "period_km") if level == Level.FOUR_STAR else 0
    return fields.first_missing(driven, price, optional=(period,)) or fields.validated(
        page, lambda: CardTyreRequest(
            level=level, tyre_km=driven, tyre_price_rial=price,
            km_in_period=fields.value_or_none(period) or 0, prior_incidents=int(earlier),
            only_tyre_damaged=alone, police_report=report, expert_visit=visit,
        )
    )  # fmt: skip


ASK = {"refund": ask_refund, "card": ask_card}

with open_page("tyre") as page, page.two_columns() as (inputs, result):
    with inputs:
        names = page.t.names_of("tyre_tab", ASK)
        request = ASK[fields.choice(page, "tab", [*ASK], names, style="segments", default="refund")](page)
    with result:
        answer_card.render_or_pending(page, request, partial(tyre.render, page))
