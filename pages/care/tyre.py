from typing import Any

import streamlit as st

from logic.tyre_refund import Cause, Kind, TyreRefundRequest, documents_for, tyre_refund
from ui import answer, fields, tyre_view
from ui.dates import today
from ui.page import Page, open_page

GRADES, PERSONS = ("1", "2"), ("natural", "legal")


def ask(page: Page) -> TyreRefundRequest | fields.Missing:
    """The tyre as typed; what is missing, where a needed number is."""
    t = page.t
    cause = fields.choice(
        page, "cause", [*Cause], t.labels("cause", Cause), look="list", default="production"
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
            page, "kind", [*Kind], t.labels("tyre_kind", Kind), look="list", default="radial_passenger"
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


with open_page("tyre") as page, page.halves() as (inputs, result):
    with inputs:
        asked = ask(page)
    with result:
        if isinstance(asked, fields.Missing):
            answer.waiting(page, asked, page.t("answer.waiting"))
        else:
            tyre_view.show(page, asked, tyre_refund(asked))
