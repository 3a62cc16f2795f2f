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
from ui.inputs.counts import count_choice
from ui.views import adviser

YEARLY_FREQUENCIES = ("0", "0.1", "0.2", "0.5", "1", "2", "3", "4")

UNKNOWN = "unknown"
PRICE_FIELDS = {
    Level.MEMBERSHIP: "price_membership", Level.MOBILE: "price_mobile",
    Level.GOLDEN_YEAR: "price_golden_year", Level.ONE_STAR: "price_one_star",
    Level.WORKING_GOLDEN_YEAR: "price_working_golden_year",
    Level.WORKING_ONE_STAR: "price_working_one_star", Level.TWO_STAR: "price_two_star",
    Level.THREE_STAR: "price_three_star", Level.FOUR_STAR: "price_four_star",
}  # fmt: skip
"""The input of each level's price."""


def ask_frequency(page: Page, name: str, default: str = "0") -> Decimal:
    """Ask how often something happens in a usual year."""
    names = {frequency: adviser.frequency_text(page, Decimal(frequency)) for frequency in YEARLY_FREQUENCIES}
    return Decimal(fields.choice(page, name, YEARLY_FREQUENCIES, names, style="list", default=default))


def ask_prices(page: Page, use: str) -> dict[Level, int | fields.InputState]:
    """Ask for the price of each level; the seller's price table gives the initial values."""
    levels = [level for level in PRICE_FIELDS if (level in WORKING_LEVELS) == (use == "working")]
    with st.expander(page.t("adviser.prices"), key=page.key("prices"), expanded=not prices()):
        return {
            level: fields.money(
                page, PRICE_FIELDS[level], initial=prices()[level].price_rial if level in prices() else None
            )
            for level in levels
        }


def ask(page: Page) -> LevelAdviserRequest | fields.InputState:
    """Ask about a usual year and the prices of the levels."""
    t = page.t
    uses: tuple[Use, ...] = ("private", "working")
    use = fields.choice(
        page, "use", uses, t.names_of("adviser_use", uses), style="segments", default="private"
    )
    values: dict[str, Any] = {"use": use}
    typed_values: dict[str, int | fields.InputState] = {}
    values["accidents_a_year"] = ask_frequency(page, "accidents", "0.5")
    typed_values["accident_rial"] = fields.money(page, "accident")
    values["thefts_a_year"] = ask_frequency(page, "thefts")
    typed_values["theft_rial"] = fields.money(page, "theft")
    values["repairs_a_year"] = ask_frequency(page, "repairs_a_year", "1")
    typed_values["repair_rial"] = fields.money(page, "repair")
    with st.expander(t("adviser.driving"), key=page.key("driving")):
        names = {UNKNOWN: t("adviser.no_car"), **{car: car_name(t, car) for car in cars()}}
        car = fields.choice(page, "car", [*names], names, style="list", default=UNKNOWN)
        values["vehicle"], values["engine"] = vehicle_and_engine(car)
        typed_values["odometer_km"] = fields.km(page, "odometer")
        typed_values["km_a_year"] = fields.km(page, "km_a_year")
        typed_values["service_rial"] = fields.money(page, "service")
        values["tows_a_year"] = ask_frequency(page, "tows")
        typed_values["tow_rial"] = fields.money(page, "tow")
        typed_values["tyre_set_rial"] = fields.money(page, "tyres")
        typed_values["downtime_days_a_year"] = fields.days(page, "stopped")

    with st.expander(t("adviser.before"), key=page.key("before")):
        prior_incidents, prior_repairs = count_choice(page, "earlier"), count_choice(page, "repairs")
    prices_by_level = ask_prices(page, use)
    values |= {"prior_incidents": prior_incidents, "prior_repairs": prior_repairs}
    values |= {
        name: value for name, value in typed_values.items() if not isinstance(value, fields.InputState)
    }
    values["prices_rial"] = {
        level: price for level, price in prices_by_level.items() if not isinstance(price, fields.InputState)
    }
    has_amounts = any(value for name, value in values.items() if name.endswith("_rial"))
    return (
        fields.first_missing(optional=(*typed_values.values(), *prices_by_level.values()))
        or (None if has_amounts else fields.InputState.EMPTY)
        or fields.validated(page, lambda: LevelAdviserRequest(**values))
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
