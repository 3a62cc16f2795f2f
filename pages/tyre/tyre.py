from typing import Any

import streamlit as st

from logic.card.card_tyre import CardTyreRequest, card_tyre
from logic.core.models import Level
from logic.tyre.tyre_refund import TyreRefundRequest, causes, documents_for, kinds, tyre_refund
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.dates import today
from ui.l10n.numbers import number
from ui.views import tyre

GRADES, PERSONS = ("1", "2"), ("natural", "legal")
EARLIER = [str(count) for count in range(7)]


def ask_refund(page: Page) -> TyreRefundRequest | fields.Missing:
    """A faulty tyre for its maker; what is missing, where a needed number is."""
    t = page.t
    cause = fields.choice(
        page, "cause", [*causes()], t.labels("cause", causes()), look="list", default="production"
    )
    new, left = st.columns(2, vertical_alignment="bottom")
    with new:
        new_depth = fields.depth(page, "new_depth", positive=True)
    with left:
        remaining = fields.depth(page, "remaining_depth")
    problems = st.container()
    price = fields.money(page, "price", lo=1)
    grade = fields.choice(page, "grade", GRADES, t.labels("grade", GRADES), look="segments", default="1")
    grade2_price = fields.money(page, "grade2_price", lo=1) if grade == "2" else None
    with st.expander(t("tyre.age"), key=page.key("age"), expanded=True):
        kind = fields.choice(
            page, "kind", [*kinds()], t.labels("tyre_kind", kinds()), look="list", default="radial_passenger"
        )
        made = fields.day(page, "made", past=True)
    person = fields.choice(
        page, "person", PERSONS, t.labels("person", PERSONS), look="segments", default="natural"
    )
    needed = (new_depth, remaining, price, grade2_price)
    for why in (fields.Missing.UNREADABLE, fields.Missing.EMPTY):
        if why in needed:
            return why
    known: dict[str, Any] = {"cause": cause, "grade": int(grade), "kind": kind, "person": person}
    with problems:
        return fields.checked(
        page, TyreRefundRequest, new_depth_mm=new_depth, remaining_depth_mm=remaining, new_price_rial=price,
        grade2_price_rial=grade2_price, made_on=made, on=today(), documents=documents_for(person), **known,
    )  # fmt: skip


def ask_card(page: Page) -> CardTyreRequest | fields.Missing:
    """A tyre damaged in an incident, for the Golden Card."""
    t = page.t
    level = fields.choice(page, "level", [*Level], t.labels("level", Level), look="list", default="two_star")
    driven, price = fields.km(page, "tyre_km"), fields.money(page, "price", lo=1)
    counts = {count: number(int(count), t.language) for count in EARLIER}
    earlier = fields.choice(page, "earlier", EARLIER, counts, look="segments", default="0")
    alone = fields.switch(page, "alone")
    report, visit = (fields.switch(page, each) for each in ("report", "visit")) if alone else (False, False)
    period = fields.km(page, "period_km") if level == Level.FOUR_STAR else 0
    return fields.missing(driven, price, optional=(period,)) or fields.checked(
        page, CardTyreRequest, level=level, tyre_km=driven, tyre_price_rial=price,
        km_in_period=fields.known(period) or 0, prior_incidents=int(earlier), only_tyre_damaged=alone,
        police_report=report, expert_visit=visit,
    )  # fmt: skip


ASK = {"refund": ask_refund, "card": ask_card}

with open_page("tyre") as page, page.halves() as (inputs, result):
    with inputs:
        names = page.t.labels("tyre_tab", ASK)
        asked = ASK[fields.choice(page, "tab", [*ASK], names, look="segments", default="refund")](page)
    with result:
        match asked:
            case fields.Missing():
                answer_card.waiting(page, asked, page.t("answer.waiting"))
            case TyreRefundRequest():
                tyre.show(page, asked, tyre_refund(asked))
            case CardTyreRequest():
                tyre.show_card(page, card_tyre(asked))
