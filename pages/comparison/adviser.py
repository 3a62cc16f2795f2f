from decimal import Decimal
from typing import Any

import streamlit as st

from logic.card.tables import Use
from logic.comparison.level_adviser import LevelAdviserRequest, level_adviser
from logic.core.models import WORKING_LEVELS, Level
from logic.datasets.prices import prices
from logic.service.service_schedule import cars
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.inputs.car_tiles import car_name, vehicle_and_engine
from ui.l10n.numbers import format_number
from ui.views import adviser

TIMES = ("0", "0.1", "0.2", "0.5", "1", "2", "3", "4")
EARLIER = [str(count) for count in range(7)]
UNKNOWN = "unknown"
PRICES = {
    Level.MEMBERSHIP: "price_membership", Level.MOBILE: "price_mobile",
    Level.GOLDEN_YEAR: "price_golden_year", Level.ONE_STAR: "price_one_star",
    Level.WORKING_GOLDEN_YEAR: "price_working_golden_year",
    Level.WORKING_ONE_STAR: "price_working_one_star", Level.TWO_STAR: "price_two_star",
    Level.THREE_STAR: "price_three_star", Level.FOUR_STAR: "price_four_star",
}  # fmt: skip
"""The field of each level's price."""


def ask_often(page: Page, name: str, default: str = "0") -> Decimal:
    """How often something happens in a usual year."""
    names = {each: adviser.frequency_text(page, Decimal(each)) for each in TIMES}
    return Decimal(fields.choice(page, name, TIMES, names, style="list", default=default))


def ask_prices(page: Page, use: str) -> dict[Level, int | fields.InputState]:
    """What the seller asks for each level, the seller's own table filled in."""
    shown = [level for level in PRICES if (level in WORKING_LEVELS) == (use == "working")]
    with st.expander(page.t("adviser.prices"), key=page.key("prices"), expanded=not prices()):
        return {
            level: fields.money(
                page, PRICES[level], initial=prices()[level].price_rial if level in prices() else None
            )
            for level in shown
        }


def ask(page: Page) -> LevelAdviserRequest | fields.InputState:
    """A usual year, and what the levels cost."""
    t = page.t
    uses: tuple[Use, ...] = ("private", "working")
    use = fields.choice(
        page, "use", uses, t.names_of("adviser_use", uses), style="segments", default="private"
    )
    known: dict[str, Any] = {"use": use}
    typed: dict[str, int | fields.InputState] = {}
    known["accidents_a_year"] = ask_often(page, "accidents", "0.5")
    typed["accident_rial"] = fields.money(page, "accident")
    known["thefts_a_year"] = ask_often(page, "thefts")
    typed["theft_rial"] = fields.money(page, "theft")
    known["repairs_a_year"] = ask_often(page, "repairs_a_year", "1")
    typed["repair_rial"] = fields.money(page, "repair")
    with st.expander(t("adviser.driving"), key=page.key("driving")):
        names = {UNKNOWN: t("adviser.no_car"), **{car: car_name(t, car) for car in cars()}}
        car = fields.choice(page, "car", [*names], names, style="list", default=UNKNOWN)
        known["vehicle"], known["engine"] = vehicle_and_engine(car)
        typed["odometer_km"], typed["km_a_year"] = fields.km(page, "odometer"), fields.km(page, "km_a_year")
        typed["service_rial"] = fields.money(page, "service")
        known["tows_a_year"] = ask_often(page, "tows")
        typed["tow_rial"], typed["tyre_set_rial"] = fields.money(page, "tow"), fields.money(page, "tyres")
        typed["downtime_days_a_year"] = fields.days(page, "stopped")
    counts = {each: format_number(int(each), t.language) for each in EARLIER}
    with st.expander(t("adviser.before"), key=page.key("before")):
        earlier = fields.choice(page, "earlier", EARLIER, counts, style="segments", default="0")
        repairs = fields.choice(page, "repairs", EARLIER, counts, style="segments", default="0")
    asked = ask_prices(page, use)
    known |= {"prior_incidents": int(earlier), "prior_repairs": int(repairs)}
    known |= {name: value for name, value in typed.items() if not isinstance(value, fields.InputState)}
    known["prices_rial"] = {
        level: price for level, price in asked.items() if not isinstance(price, fields.InputState)
    }
    anything = any(value for name, value in known.items() if name.endswith("_rial"))
    return (
        fields.first_missing(optional=(*typed.values(), *asked.values()))
        or (None if anything else fields.InputState.EMPTY)
        or fields.validated(page, lambda: LevelAdviserRequest(**known))
    )


with open_page("adviser") as page, page.two_columns() as (inputs, result):
    with inputs:
        request = ask(page)
    with result:
        answer_card.render_or_pending(
            page,
            request,
            lambda request: adviser.render(page, level_adviser(request)),
            page.t("adviser.waiting"),
        )
