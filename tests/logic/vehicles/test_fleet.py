"""Due and upcoming services of a fleet, and the order of the list."""

import datetime as dt

import pytest

from logic.core.models import Level
from logic.vehicles.fleet import FleetCar, fleet
from logic.vehicles.my_car import MyCar

pytestmark = pytest.mark.usefixtures("named_editions")

TODAY = dt.date(2024, 7, 18)
"""28 Tir 1403."""


@pytest.mark.parametrize(
    ("odometer", "within", "state"),
    [
        (29_499, 1_000, "soon"), (29_500, 1_000, "due"), (31_500, 1_000, "due"), (31_501, 1_000, "later"),
        (28_500, 1_000, "soon"), (28_499, 1_000, "later"), (28_499, 2_000, "soon"),
    ],
)  # fmt: skip
def test_a_service_is_due_from_500_before_to_1500_after(odometer: int, within: int, state: str) -> None:
    line = fleet([FleetCar(2, "a", MyCar("tondar90", "k4m", odometer_km=odometer))], TODAY, within).lines[0]
    assert line.state == state
    assert (line.service_due_km == 30_000) is (state == "due")


@pytest.mark.parametrize(
    ("started", "state"),
    [
        (dt.date(2023, 7, 22), "card_ends"),  # 31 Tir 1402: until 30 or 31 Tir 1403
        (dt.date(2023, 7, 24), "later"),  # 2 Mordad 1402: until Mordad
        (dt.date(2023, 7, 10), "later"),  # already expired
    ],
)
def test_a_card_counts_if_it_ends_later_this_jalali_month(started: dt.date, state: str) -> None:
    car = MyCar("tondar90", "k4m", odometer_km=25_000, level=Level.TWO_STAR, card_started_on=started)
    assert fleet([FleetCar(2, "a", car)], TODAY, 1000).lines[0].state == state


def test_a_guarantee_that_ends_this_month_is_named() -> None:
    car = MyCar("tondar90", "k4m", odometer_km=25_000, delivered_on=dt.date(2022, 7, 20))
    line = fleet([FleetCar(2, "a", car)], TODAY, 1000).lines[0]
    assert (line.state, line.guarantee_ends) == ("guarantee_ends", dt.date(2024, 7, 19))


@pytest.mark.parametrize(
    ("level", "earlier", "share"),
    [(Level.TWO_STAR, 0, 10), (Level.TWO_STAR, 2, 30), (Level.MOBILE, 0, None), (None, 0, None)],
)
def test_a_car_shows_its_share_of_the_next_collision(
    level: Level | None, earlier: int, share: int | None
) -> None:
    car = MyCar("tondar90", "k4m", odometer_km=25_000, level=level)
    assert fleet([FleetCar(2, "a", car, earlier)], TODAY, 1000).lines[0].share_percent == share


def test_cars_are_sorted_by_urgency() -> None:
    odometers = (25_000, 31_400, 29_500, 29_000)
    cars = [
        FleetCar(row, str(row), MyCar("tondar90", "k4m", odometer_km=km))
        for row, km in enumerate(odometers, 2)
    ]
    lines = fleet(cars, TODAY, 1000).lines
    assert [(line.car.row, line.state) for line in lines] == [
        (3, "due"),
        (4, "due"),
        (5, "soon"),
        (2, "later"),
    ]
