import streamlit as st

from logic.card_downtime import CardDowntimeRequest, card_downtime
from logic.models import Level
from logic.stop_compensation import StopCompensationRequest, VehicleClass, stop_compensation
from ui import answer, fields, rule_view, stay_view
from ui.page import open_page

PERIODS = ("warranty", "commitment")

with open_page("downtime") as page, page.halves() as (inputs, result):
    t = page.t
    with inputs:
        admitted, ready = fields.day(page, "admitted", past=True), fields.day(page, "ready")
        price = fields.money(page, "price", lo=1)
        kind = fields.choice(
            page,
            "kind",
            [*VehicleClass],
            t.labels("vehicle_class", VehicleClass),
            look="list",
            default="passenger",
        )
        period = fields.choice(
            page, "period", PERIODS, t.labels("period", PERIODS), look="segments", default="warranty"
        )
        repeat, consent = fields.switch(page, "repeat"), fields.switch(page, "consent")
        substitute = fields.switch(page, "substitute")
        level = fields.choice(
            page, "level", [*Level], t.labels("level", Level), look="list", default="three_star"
        )
        law: StopCompensationRequest | fields.Missing = fields.Missing.EMPTY
        card: CardDowntimeRequest | fields.Missing = fields.Missing.EMPTY
        if admitted and ready:
            card = fields.checked(
                page,
                CardDowntimeRequest,
                level=level,
                admitted_on=admitted,
                completed_on=ready,
                released_on=ready,
            )
        if isinstance(price, fields.Missing):
            law = price
        elif admitted and ready:
            law = fields.checked(
                page, StopCompensationRequest, vehicle_class=kind, contract_price_rial=price,
                    admitted_on=admitted,
                ready_on=ready, period=period, repeat_defect=repeat, written_consent=consent,
                substitute_provided=substitute,
            )  # fmt: skip
    with result:
        if isinstance(law, fields.Missing):
            answer.waiting(page, law, t("answer.waiting"))
        else:
            owed = stop_compensation(law)
            rule_view.show(page, owed, "bylaw", label=t("downtime.law"), name="amount_rial")
            if owed.result.warranty_extension_days is not None:
                days = t("unit.day", value=rule_view.said(page, "", owed.result.warranty_extension_days))
                answer.line(t("downtime.extension", days=days))
            stay_view.show(page, owed.result.days)
        if not isinstance(card, fields.Missing):
            with st.container(key=page.key("card")):
                paid = card_downtime(card)
                rule_view.show(page, paid, "emdad", label=t("downtime.card"), name="amount_rial", second=True)
