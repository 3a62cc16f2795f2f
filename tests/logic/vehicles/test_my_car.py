"""Upcoming dates of a car."""

from datetime import timedelta
from typing import Any

import pytest

from logic.core.jalali import parse_day
from logic.core.models import Level
from logic.vehicles.my_car import MyCar, Upcoming, projected_date, upcoming

pytestmark = pytest.mark.usefixtures("named_editions")

ON = parse_day("1405-09-04")


def car(**fields: Any) -> MyCar:  # noqa: ANN401 - any field of the car
    read: dict[str, Any] = {}
    for name, value in fields.items():
        read[name] = parse_day(value) if name.endswith("_on") else value
    return MyCar(**read)


def date_of_kind(kind: str, **fields: Any) -> Upcoming:  # noqa: ANN401
    (upcoming_date,) = (item for item in upcoming(car(**fields), ON) if item.kind == kind)
    return upcoming_date


def test_an_unknown_car_has_no_upcoming_dates() -> None:
    assert upcoming(MyCar(), ON) == []


def test_a_golden_card_ends_after_365_days_and_a_membership_never() -> None:
    assert date_of_kind("card_ends", level=Level.THREE_STAR, card_started_on="1405-03-01").day == parse_day(
        "1406-02-31"
    )
    assert date_of_kind("card_ends", level=Level.MOBILE, card_started_on="1405-03-01").day == parse_day(
        "1406-02-31"
    )
    assert upcoming(car(level=Level.MEMBERSHIP, card_started_on="1405-03-01"), ON) == []
    assert (
        upcoming(car(level=Level.THREE_STAR, card_started_on="1390-01-01"), ON) == []
    )  # before the first booklet


def test_a_level_can_be_renewed_up_to_the_booklets_age() -> None:
    assert date_of_kind("level_until", level=Level.TWO_STAR, produced_on="1402-02-01").day == parse_day(
        "1407-02-01"
    )
    assert date_of_kind("level_until", level=Level.ONE_STAR, produced_on="1402-02-01").day == parse_day(
        "1412-02-01"
    )
    assert upcoming(car(level=Level.TWO_STAR, produced_on="1406-01-01"), ON) == []  # not yet produced
    assert upcoming(car(level=Level.MEMBERSHIP, produced_on="1402-02-01"), ON) == []


def test_mvm_has_its_own_guarantee_and_others_the_legal_minimum() -> None:
    mvm = date_of_kind("guarantee_ends", vehicle="mvm_fx", engine="fx", delivered_on="1404-01-01")
    assert (mvm.day, mvm.km) == (parse_day("1409-01-01"), 150_000)
    first = date_of_kind("first_service_closes", vehicle="mvm_fx", engine="fx", delivered_on="1404-01-01")
    assert first.day == parse_day("1404-06-01")
    other = date_of_kind("legal_minimum_ends", vehicle="roa", engine="ohv", delivered_on="1404-01-01")
    assert (other.day, other.km) == (parse_day("1406-01-01"), 40_000)
    assert upcoming(car(delivered_on="1380-01-01"), ON) == []  # before the act


def test_an_open_window_closes_and_the_next_opens() -> None:
    tondar = {"vehicle": "tondar90", "engine": "k4m", "odometer_km": 29_700}
    closes, opens = date_of_kind("service_closes", **tondar), date_of_kind("service_opens", **tondar)
    assert (closes.km, opens.km, closes.day) == (31_500, 39_500, None)
    assert closes.service
    assert closes.service.service_km == 30_000
    between = upcoming(car(vehicle="tondar90", engine="k4m", odometer_km=35_000), ON)
    assert [upcoming_date.kind for upcoming_date in between] == ["service_opens"]
    beyond = upcoming(car(vehicle="roa", engine="ohv", odometer_km=900_000), ON)
    assert "service_closes" not in {upcoming_date.kind for upcoming_date in beyond}


def test_km_a_day_are_averaged_since_delivery() -> None:
    steady = car(delivered_on="1405-06-04", odometer_km=9_100)  # 91 days before ON: 100 km a day
    assert projected_date(steady, ON, 10_100) == ON + timedelta(days=10)
    for unknown in (
        car(odometer_km=9_100),
        car(delivered_on="1405-06-04"),
        car(delivered_on="1405-09-04", odometer_km=9),
    ):
        assert projected_date(unknown, ON, 10_100) is None


def test_past_dates_are_last() -> None:
    fields = {"vehicle": "tondar90", "engine": "k4m", "odometer_km": 45_000, "delivered_on": "1404-08-01"}
    dates = upcoming(car(**fields), ON)
    assert [upcoming_date.kind for upcoming_date in dates] == ["service_opens", "legal_minimum_ends"]
    assert [upcoming_date.is_past(car(**fields), ON) for upcoming_date in dates] == [False, True]
    expired = date_of_kind("card_ends", level=Level.MOBILE, card_started_on="1404-01-01")
    assert expired.is_past(MyCar(), ON)
