import streamlit as st

from logic.card.level_eligibility import CarUse
from logic.core.models import Level
from logic.service.service_schedule import cars
from logic.vehicles.my_car import MyCar
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.inputs.car_tiles import car_name, vehicle_and_engine
from ui.inputs.counts import count_choice
from ui.views import my_car

UNKNOWN = "unknown"


def ask(page: Page) -> MyCar:
    """Ask about the car; every input may stay empty."""
    t = page.t
    names = {UNKNOWN: t("my_car.unknown"), **{car: car_name(t, car) for car in cars()}}
    car = fields.choice(page, "car", [*names], names, style="list", default=UNKNOWN)
    produced, delivered = fields.day(page, "produced", past=True), fields.day(page, "delivered", past=True)
    odometer = fields.km(page, "odometer")
    levels = {UNKNOWN: t("my_car.unknown"), **t.names_of("level", Level)}
    level = fields.choice(page, "level", [*levels], levels, style="list", default=UNKNOWN)
    started = fields.day(page, "card_started", past=True)
    with st.expander(t("my_car.more"), key=page.key("more")):
        # These inputs have no part in the answer: they only prefill other pages.
        fields.choice(page, "use", [*CarUse], t.names_of("car_use", CarUse), style="list", default="private")
        count_choice(page, "earlier")
        count_choice(page, "repairs")
    vehicle, engine = vehicle_and_engine(car)
    return MyCar(
        vehicle, engine, produced, delivered, fields.value_or_none(odometer),
        None if level == UNKNOWN else Level(level), started,
    )  # fmt: skip


with open_page("my_car") as page, page.two_columns() as (inputs, result):
    with inputs:
        car = ask(page)
        my_car.render_clear_button(page)
    with result:
        my_car.render(page, car)
