import pytest

from tests.support.calculator_client import alternatives, errors, notices, result

LOSS = {"level": "two_star", "value_before_rial": 100_000_000, "new_price_rial": 200_000_000}
THEFT = {"level": "one_star", "zero_km_price_rial": 250_000_000, "requested_price_rial": 250_000_000}


@pytest.mark.parametrize(("damage", "total"), [(59_999_999, False), (60_000_000, False), (60_000_001, True)])
def test_a_total_loss_costs_more_than_sixty_percent(damage: int, *, total: bool) -> None:
    assert result("vehicle_replacement", damage_rial=damage, **LOSS)["total_loss"] is total
    at_the_limit = "exactly_at_the_limit" in notices("vehicle_replacement", damage_rial=damage, **LOSS)
    assert at_the_limit is (damage == 60_000_000)


@pytest.mark.parametrize(("earlier", "percent"), [(0, 20), (1, 30), (6, 80), (8, 100), (9, 100)])
def test_each_earlier_event_adds_ten_points_and_a_hundred_is_the_end(earlier: int, percent: int) -> None:
    found = result("vehicle_replacement", damage_rial=90_000_000, prior_incidents=earlier, **LOSS)
    assert found["share_percent"] == percent
    assert found["share_rial"] == 900_000 * percent
    assert found["customer_pays_rial"] == 200_000_000 - 90_000_000 + 900_000 * percent


def test_a_working_card_bears_thirty_percent() -> None:
    asked = {**LOSS, "level": "working_one_star", "damage_rial": 90_000_000}
    assert result("vehicle_replacement", **asked)["share_percent"] == 30


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"level": "mobile"}, "level_has_no_such_cover"),
        ({"repairs_started": True}, "repairs_started"),
        ({"exclusions": ["racing"]}, "racing"),
        ({"exclusions": ["no_plates"]}, None),
        ({"exclusions": ["no_plates"], "recovered": True}, "no_plates"),
        ({"exclusions": ["police_pursuit"], "recovered": True}, None),
        ({"started_on": "1391-07-30"}, "no_edition"),
    ],
)
def test_what_stands_in_the_way_of_a_replacement(more: dict[str, object], reason: str | None) -> None:
    found = result("vehicle_replacement", **{**LOSS, "damage_rial": 90_000_000, **more})
    assert (found["reason"], found["allowed"]) == (reason, reason is None)
    assert (found["customer_pays_rial"] is None) is (reason is not None)


@pytest.mark.parametrize(
    ("reported", "year", "coefficient"),
    [
        ("1392-02-09", 1, "0.94"),
        ("1392-02-10", 1, "0.90"),
        ("1392-08-09", 1, "0.90"),
        ("1392-08-10", 2, "0.81"),
        ("1401-08-09", 10, "0.48"),
    ],
)
def test_the_age_runs_from_delivery_to_the_report(reported: str, year: int, coefficient: str) -> None:
    days = {"delivered_on": "1391-08-10", "stolen_on": reported, "reported_on": reported}
    found = result("total_theft", **THEFT, **days)
    assert found["age_coefficient"] == coefficient
    assert ("guarantee_card" in found["documents"]) is (year == 1)


def test_a_car_in_its_eleventh_year_is_not_covered_by_dates_and_invalid_by_number() -> None:
    days = {"delivered_on": "1391-08-10", "stolen_on": "1401-08-10"}
    assert result("total_theft", **THEFT, **days)["reason"] == "too_old"
    assert errors("total_theft", **THEFT, car_year=11) == {("car_year", "too_large")}


def test_a_car_delivered_on_the_thirtieth_of_esfand_ages_on_the_twenty_ninth() -> None:
    for day, coefficient in (("1392-12-28", "0.90"), ("1392-12-29", "0.81")):
        days = {"delivered_on": "1391-12-30", "stolen_on": day}
        assert result("total_theft", **THEFT, **days)["age_coefficient"] == coefficient


@pytest.mark.parametrize(
    ("changed", "half", "coefficient"),
    [(False, 1, "0.94"), (False, 2, "0.90"), (True, 1, "0.91"), (True, 2, "0.87")],
)
def test_the_first_year_by_half_and_model_year(changed: bool, half: int, coefficient: str) -> None:
    found = result("total_theft", **THEFT, car_year=1, half=half, model_year_changed=changed)
    assert found["age_coefficient"] == coefficient


def test_negligence_adds_ten_points_or_by_another_reading_a_tenth() -> None:
    asked = {**THEFT, "car_year": 2, "negligent": True}
    assert result("total_theft", **asked)["share_percent"] == 30
    assert {"share_percent": 22, "share_rial": 55_000_000, "customer_pays_rial": 102_500_000} in alternatives(
        "total_theft", "A-3", **asked
    )


def test_the_difference_counted_twice_is_the_other_reading() -> None:
    found = alternatives("total_theft", "A-3", **THEFT, car_year=2)
    assert found == [{"customer_pays_rial": 145_000_000}]


def test_the_day_of_the_theft_is_another_reading_of_the_age() -> None:
    days = {"delivered_on": "1391-08-10", "stolen_on": "1392-08-09", "reported_on": "1392-08-10"}
    assert [each["age_coefficient"] for each in alternatives("total_theft", "A-33", **THEFT, **days)] == [
        "0.90"
    ]


def test_police_pursuit_does_not_take_a_stolen_car_out_and_missing_plates_do() -> None:
    assert result("total_theft", **THEFT, car_year=2, exclusions=["police_pursuit"])["covered"]
    assert result("total_theft", **THEFT, car_year=2, exclusions=["no_plates"])["reason"] == "no_plates"
    assert result("total_theft", **{**THEFT, "level": "mobile"}, car_year=2)["covered"] is False
    assert result("total_theft", **THEFT, car_year=2, started_on="1390-01-01")["reason"] == "no_edition"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({}, ("car_year", "age_or_dates")),
        ({"car_year": 1}, ("half", "half_of_first_year")),
        ({"car_year": 2, "half": 1}, ("half", "half_of_first_year")),
        ({"delivered_on": "1392-01-02", "stolen_on": "1392-01-01"}, ("stolen_on", "before_start")),
        (
            {"delivered_on": "1392-01-01", "stolen_on": "1392-01-02", "reported_on": "1392-01-01"},
            ("reported_on", "before_start"),
        ),
    ],
)
def test_an_age_that_cannot_be_is_refused(more: dict[str, object], error: tuple[str, str]) -> None:
    assert errors("total_theft", **THEFT, **more) == {error}


@pytest.mark.parametrize(("cost", "allowed"), [(59, True), (60, False), (61, False)])
def test_a_recovered_car_is_repaired_below_sixty_percent(cost: int, *, allowed: bool) -> None:
    found = result("recovered_vehicle", level="two_star", repair_cost_rial=cost, value_before_rial=100)
    assert found["repair_allowed"] is allowed
    assert (found["reason"] is None) is allowed


def test_two_earlier_events_make_thirty_percent_and_forty_from_the_theft_share() -> None:
    asked = {"level": "two_star", "repair_cost_rial": 1000, "value_before_rial": 10_000, "prior_incidents": 2}
    assert result("recovered_vehicle", **asked)["share_percent"] == 30
    assert alternatives("recovered_vehicle", "A-30", **asked)[0]["share_percent"] == 40
    assert result("recovered_vehicle", **asked, started_on="1390-01-01")["reason"] == "no_edition"


@pytest.mark.parametrize(
    ("km", "wear"), [(0, 10), (9_999, 10), (10_000, 10), (10_001, 20), (40_001, 50), (90_000, 50)]
)
def test_each_ten_thousand_km_begun_wears_a_tyre_by_ten_percent(km: int, wear: int) -> None:
    assert result("card_tyre", level="two_star", tyre_km=km)["wear_percent"] == wear


def test_wear_comes_off_before_the_share() -> None:
    asked = {"level": "two_star", "tyre_km": 15_000, "tyre_price_rial": 2_000_000}
    assert result("card_tyre", **asked)["subscriber_pays_rial"] == 560_000
    assert {"subscriber_pays_rial": 600_000, "company_pays_rial": 1_400_000} in alternatives(
        "card_tyre", "A-9", **asked
    )


@pytest.mark.parametrize(("km", "benefit"), [(59_999, False), (60_000, True), (60_001, True)])
def test_new_tyres_come_with_four_stars_and_sixty_thousand_km(km: int, *, benefit: bool) -> None:
    assert result("card_tyre", level="four_star", km_in_period=km)["replacement_benefit"] is benefit
    assert result("card_tyre", level="three_star", km_in_period=km)["replacement_benefit"] is False


def test_a_lone_tyre_needs_a_report_or_a_visit() -> None:
    lone = {"level": "two_star", "only_tyre_damaged": True}
    assert result("card_tyre", **lone)["reason"] == "no_report_or_visit"
    assert result("card_tyre", **lone, police_report=True)["covered"]
    assert alternatives("card_tyre", "A-28", **lone, expert_visit=True)[0]["covered"] is False
    assert alternatives("card_tyre", "A-28", **lone, expert_visit=True, police_report=True) == []
    assert result("card_tyre", level="mobile")["reason"] == "level_has_no_such_cover"
    assert result("card_tyre", level="two_star", started_on="1390-01-01")["reason"] == "no_edition"
