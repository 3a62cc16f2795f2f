"""The dates that come next for a known car."""

from datetime import timedelta
from typing import Any

import pytest

from logic.core.jalali import parse_day
from logic.core.models import Level
from logic.vehicles.my_car import MyCar, Upcoming, projected_date, upcoming

pytestmark = pytest.mark.usefixtures("named_editions")

ON = parse_day("1405-09-04")


def car(**known: Any) -> MyCar:  # noqa: ANN401 - any field of the car
    read: dict[str, Any] = {}
    for name, value in known.items():
        read[name] = parse_day(value) if name.endswith("_on") else value
    return MyCar(**read)


def found(what: str, **known: Any) -> Upcoming:  # noqa: ANN401
    (only,) = (each for each in upcoming(car(**known), ON) if each.kind == what)
    return only


def test_nothing_is_known_of_an_unknown_car() -> None:
    assert upcoming(MyCar(), ON) == []


def test_a_golden_card_ends_on_its_365th_day_and_a_membership_never() -> None:
    assert found("card_ends", level=Level.THREE_STAR, card_started_on="1405-03-01").day == parse_day(
        "1406-02-31"
    )
    assert found("card_ends", level=Level.MOBILE, card_started_on="1405-03-01").day == parse_day("1406-02-31")
    assert upcoming(car(level=Level.MEMBERSHIP, card_started_on="1405-03-01"), ON) == []
    assert upcoming(car(level=Level.THREE_STAR, card_started_on="1390-01-01"), ON) == []  # before the booklet


def test_a_level_can_be_renewed_up_to_the_age_that_the_booklet_prints() -> None:
    assert found("level_until", level=Level.TWO_STAR, produced_on="1402-02-01").day == parse_day("1407-02-01")
    assert found("level_until", level=Level.ONE_STAR, produced_on="1402-02-01").day == parse_day("1412-02-01")
    assert upcoming(car(level=Level.TWO_STAR, produced_on="1406-01-01"), ON) == []  # not yet produced
    assert upcoming(car(level=Level.MEMBERSHIP, produced_on="1402-02-01"), ON) == []


def test_mvm_has_its_makers_guarantee_and_the_others_the_laws_least() -> None:
    mvm = found("guarantee_ends", vehicle="mvm_fx", engine="fx", delivered_on="1404-01-01")
    assert (mvm.day, mvm.km) == (parse_day("1409-01-01"), 150_000)
    first = found("first_service_closes", vehicle="mvm_fx", engine="fx", delivered_on="1404-01-01")
    assert first.day == parse_day("1404-06-01")
    other = found("legal_minimum_ends", vehicle="roa", engine="ohv", delivered_on="1404-01-01")
    assert (other.day, other.km) == (parse_day("1406-01-01"), 40_000)
    assert upcoming(car(delivered_on="1380-01-01"), ON) == []  # before the act


def test_an_open_window_closes_and_the_next_opens() -> None:
    tondar = {"vehicle": "tondar90", "engine": "k4m", "odometer_km": 29_700}
    closes, opens = found("service_closes", **tondar), found("service_opens", **tondar)
    assert (closes.km, opens.km, closes.day) == (31_500, 39_500, None)
    assert closes.service
    assert closes.service.service_km == 30_000
    between = upcoming(car(vehicle="tondar90", engine="k4m", odometer_km=35_000), ON)
    assert [each.kind for each in between] == ["service_opens"]
    beyond = upcoming(car(vehicle="roa", engine="ohv", odometer_km=900_000), ON)
    assert "service_closes" not in {each.kind for each in beyond}


def test_a_cars_pace_is_its_km_since_delivery() -> None:
    steady = car(delivered_on="1405-06-04", odometer_km=9_100)  # 91 days before ON: 100 km a day
    assert projected_date(steady, ON, 10_100) == ON + timedelta(days=10)
    for unknown in (
        car(odometer_km=9_100),
        car(delivered_on="1405-06-04"),
        car(delivered_on="1405-09-04", odometer_km=9),
    ):
        assert projected_date(unknown, ON, 10_100) is None


def test_what_is_over_comes_last() -> None:
    known = {"vehicle": "tondar90", "engine": "k4m", "odometer_km": 45_000, "delivered_on": "1404-08-01"}
    coming = upcoming(car(**known), ON)
    assert [each.kind for each in coming] == ["service_opens", "legal_minimum_ends"]
    assert [each.is_past(car(**known), ON) for each in coming] == [False, True]
    late = found("card_ends", level=Level.MOBILE, card_started_on="1404-01-01")
    assert late.is_past(MyCar(), ON)
