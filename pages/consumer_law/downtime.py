from datetime import date
from typing import get_args

import streamlit as st

from logic.card.card_downtime import CardDowntimeRequest, card_downtime
from logic.card.card_downtime import Cause as CardCause
from logic.consumer_law.stop_compensation import StopCompensationRequest, stop_compensation, vehicle_classes
from logic.core.models import Level
from logic.core.settings import settings
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.views import downtime

PERIODS = ("warranty", "commitment")
LAW_CAUSES = ("defect", "accident_from_defect", "accident")
CARD_CAUSES: tuple[CardCause, ...] = get_args(CardCause)


def ask_card(
    page: Page, admitted: date | None, ready: date | None
) -> CardDowntimeRequest | fields.InputState:
    """Ask what the card's answer needs besides the days of the stay."""
    t = page.t
    level = fields.choice(
        page, "level", [*Level], t.names_of("level", Level), style="list", default="three_star"
    )
    with st.expander(t("downtime.more_card"), key=page.key("more-card")):
        names = t.names_of("card_cause", CARD_CAUSES)
        cause = fields.choice(page, "card_cause", CARD_CAUSES, names, style="list", default="repair")
        released = fields.day(page, "released")
        hours, expert_days = fields.hours(page, "stop_hours"), fields.days(page, "expert_days")
        owner_delay = fields.days(page, "owner_delay")
        documents_complete_on = fields.day(page, "papers_complete")
        no_order, outside = fields.switch(page, "no_order"), fields.switch(page, "outside")
        changed_mind = fields.switch(page, "changed_mind")
    missing = fields.first_missing(admitted, ready, optional=(hours, expert_days, owner_delay))
    return missing or fields.validated(
        page, lambda: CardDowntimeRequest(
            level=level, admitted_on=admitted, completed_on=ready, released_on=released or ready,
            stop_hours=fields.value_or_none(hours), cause=cause, work_order=not no_order,
            expert_days=fields.value_or_none(expert_days),
            owner_delay_days=fields.value_or_none(owner_delay) or 0,
            papers_complete_on=documents_complete_on, at_authorised=not outside, changed_mind=changed_mind,
        )
    )  # fmt: skip


def ask_law(
    page: Page, admitted: date | None, ready: date | None
) -> StopCompensationRequest | fields.InputState:
    """Ask what the law's answer needs besides the days of the stay."""
    t = page.t
    price = fields.money(page, "price", minimum=1)
    classes, periods = t.names_of("vehicle_class", vehicle_classes()), t.names_of("period", PERIODS)
    vehicle_class = fields.choice(
        page, "kind", [*vehicle_classes()], classes, style="list", default="passenger"
    )
    period = fields.choice(page, "period", PERIODS, periods, style="segments", default="warranty")
    with st.expander(t("downtime.more_law"), key=page.key("more-law")):
        names = t.names_of("law_cause", LAW_CAUSES)
        cause = fields.choice(page, "law_cause", LAW_CAUSES, names, style="list", default="defect")
        standard_days = fields.days(page, "standard_days")
        repeat_defect, other_dealer = fields.switch(page, "repeat"), fields.switch(page, "other_dealer")
        written_consent, substitute = fields.switch(page, "consent"), fields.switch(page, "substitute")
        thursday_rests = fields.switch(page, "thursday_rests", default=not settings().thursday_works)
    missing = fields.first_missing(admitted, ready, price, optional=(standard_days,))
    return missing or fields.validated(
        page, lambda: StopCompensationRequest(
            vehicle_class=vehicle_class, contract_price_rial=price, admitted_on=admitted, ready_on=ready,
            period=period, repeat_defect=repeat_defect, same_dealer=not other_dealer,
            written_consent=written_consent, standard_days=fields.value_or_none(standard_days), cause=cause,
            substitute_provided=substitute, thursday_works=False if thursday_rests else None,
        )
    )  # fmt: skip


with open_page("downtime") as page:
    t = page.t
    with st.container(key="top-inputs"):
        days_column, card_inputs, law_inputs = st.columns(3, gap="medium")
        with days_column:
            admitted, ready = fields.day(page, "admitted", past=True), fields.day(page, "ready")
        with card_inputs:
            card_request = ask_card(page, admitted, ready)
        with law_inputs:
            law_request = ask_law(page, admitted, ready)
    card_answer, law_answer = st.columns(2, gap="medium")
    with card_answer, page.report_errors_in(st.container(key="answer")):
        answer_card.render_or_pending(
            page,
            card_request,
            lambda request: downtime.render_card(page, card_downtime(request)),
            t("downtime.card_waits"),
        )
    with law_answer, page.report_errors_in(st.container(key="answer-secondary")):
        answer_card.render_or_pending(
            page,
            law_request,
            lambda request: downtime.render_law(page, stop_compensation(request)),
            t("downtime.law_waits"),
        )
