import shutil
from pathlib import Path

import pytest

from tests.support.calculator_client import (
    alternatives,
    answer,
    assert_no_edition,
    clauses_of_steps,
    errors,
    inputs_of_step,
    notices,
    response,
    result,
    steps_of,
)

pytestmark = pytest.mark.usefixtures("named_editions")

LOSS = {"level": "two_star", "value_before_rial": 100_000_000, "new_price_rial": 200_000_000}
THEFT = {"level": "one_star", "zero_km_price_rial": 250_000_000, "requested_price_rial": 250_000_000}
TOTAL_LOSS = {**LOSS, "damage_rial": 90_000_000}
RECOVERED = {"level": "two_star", "repair_cost_rial": 1000, "value_before_rial": 10_000}
TYRE = {"level": "two_star", "tyre_km": 15_000, "tyre_price_rial": 2_000_000}
CULPRIT = {
    "culprit_policy_and_endorsement_copy", "remittance_slip_and_cheque_copy",
    "culprit_vehicle_card_or_title_copy", "notarial_assignment_of_third_party_rights", "culprit_licence_copy",
}  # fmt: skip
ABOVE_COUPON = {"non_settlement_sketch", "securing_of_evidence_petition"}
BEFORE_THE_BOOKLET = "1391-07-30"


@pytest.mark.parametrize(("damage", "total"), [(59_999_999, False), (60_000_000, False), (60_000_001, True)])
def test_a_total_loss_is_damage_above_sixty_percent(damage: int, *, total: bool) -> None:
    assert result("vehicle_replacement", damage_rial=damage, **LOSS)["total_loss"] is total
    at_the_limit = "exactly_at_the_limit" in notices("vehicle_replacement", damage_rial=damage, **LOSS)
    assert at_the_limit is (damage == 60_000_000)


@pytest.mark.parametrize(("earlier", "percent"), [(0, 20), (1, 30), (6, 80), (8, 100), (9, 100)])
def test_each_earlier_event_adds_ten_points_up_to_a_hundred(earlier: int, percent: int) -> None:
    answer = result("vehicle_replacement", damage_rial=90_000_000, prior_incidents=earlier, **LOSS)
    assert answer["share_percent"] == percent
    assert answer["share_rial"] == 900_000 * percent
    assert answer["customer_pays_rial"] == 200_000_000 - 90_000_000 + 900_000 * percent


def test_a_working_card_pays_thirty_percent() -> None:
    request = {**LOSS, "level": "working_one_star", "damage_rial": 90_000_000}
    assert result("vehicle_replacement", **request)["share_percent"] == 30


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"level": "mobile"}, "level_has_no_such_cover"),
        ({"repairs_started": True}, "repairs_started"),
        ({"exclusions": ["racing"]}, "racing"),
        ({"exclusions": ["no_plates"]}, None),
        ({"exclusions": ["not_in_police_certificate"]}, None),
        ({"exclusions": ["no_plates"], "recovered": True}, "no_plates"),
        ({"exclusions": ["police_pursuit"], "recovered": True}, None),
        ({"started_on": "1391-07-30"}, "no_edition"),
    ],
)
def test_an_uncovered_replacement_has_a_reason(more: dict[str, object], reason: str | None) -> None:
    answer = result("vehicle_replacement", **{**LOSS, "damage_rial": 90_000_000, **more})
    assert (answer["reason"], answer["allowed"]) == (reason, reason is None)
    assert (answer["customer_pays_rial"] is None) is (reason is not None)


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
def test_the_age_is_counted_from_delivery_to_the_report(reported: str, year: int, coefficient: str) -> None:
    days = {"delivered_on": "1391-08-10", "stolen_on": reported, "reported_on": reported}
    answer = result("total_theft", **THEFT, **days)
    assert answer["age_coefficient"] == coefficient
    assert ("guarantee_card" in answer["documents"]) is (year == 1)


def test_an_eleven_year_old_car_is_uncovered_and_invalid_by_number() -> None:
    days = {"delivered_on": "1391-08-10", "stolen_on": "1401-08-10"}
    assert result("total_theft", **THEFT, **days)["reason"] == "too_old"
    assert errors("total_theft", **THEFT, car_year=11) == {("car_year", "too_large")}


def test_a_car_delivered_on_30_esfand_ages_on_29_esfand() -> None:
    for day, coefficient in (("1392-12-28", "0.90"), ("1392-12-29", "0.81")):
        days = {"delivered_on": "1391-12-30", "stolen_on": day}
        assert result("total_theft", **THEFT, **days)["age_coefficient"] == coefficient


@pytest.mark.parametrize(
    ("changed", "half", "coefficient"),
    [(False, 1, "0.94"), (False, 2, "0.90"), (True, 1, "0.91"), (True, 2, "0.87")],
)
def test_the_first_years_coefficient_depends_on_half_and_model_year(
    changed: bool, half: int, coefficient: str
) -> None:
    answer = result("total_theft", **THEFT, car_year=1, half=half, model_year_changed=changed)
    assert answer["age_coefficient"] == coefficient


def test_negligence_adds_ten_points_or_a_tenth_by_another_reading() -> None:
    request = {**THEFT, "car_year": 2, "negligent": True}
    assert result("total_theft", **request)["share_percent"] == 30
    assert {"share_percent": 22, "share_rial": 55_000_000, "customer_pays_rial": 102_500_000} in alternatives(
        "total_theft", "A-3", **request
    )


def test_the_other_reading_counts_the_difference_twice() -> None:
    results = alternatives("total_theft", "A-3", **THEFT, car_year=2)
    assert results == [{"customer_pays_rial": 145_000_000}]


def test_another_reading_counts_the_age_to_the_day_of_theft() -> None:
    days = {"delivered_on": "1391-08-10", "stolen_on": "1392-08-09", "reported_on": "1392-08-10"}
    assert [
        result_of_reading["age_coefficient"]
        for result_of_reading in alternatives("total_theft", "A-33", **THEFT, **days)
    ] == ["0.90"]


def test_missing_plates_exclude_a_stolen_car_but_police_pursuit_does_not() -> None:
    for exclusion in ("police_pursuit", "not_in_police_certificate"):
        assert result("total_theft", **THEFT, car_year=2, exclusions=[exclusion])["covered"]
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
def test_an_impossible_age_is_refused(more: dict[str, object], error: tuple[str, str]) -> None:
    assert errors("total_theft", **THEFT, **more) == {error}


@pytest.mark.parametrize(("cost", "allowed"), [(59, True), (60, False), (61, False)])
def test_a_recovered_car_is_repaired_below_sixty_percent(cost: int, *, allowed: bool) -> None:
    answer = result("recovered_vehicle", level="two_star", repair_cost_rial=cost, value_before_rial=100)
    assert answer["repair_allowed"] is allowed
    assert (answer["reason"] is None) is allowed


def test_two_earlier_events_give_thirty_percent_or_forty_by_theft_share() -> None:
    request = {
        "level": "two_star",
        "repair_cost_rial": 1000,
        "value_before_rial": 10_000,
        "prior_incidents": 2,
    }
    assert result("recovered_vehicle", **request)["share_percent"] == 30
    assert alternatives("recovered_vehicle", "A-30", **request)[0]["share_percent"] == 40
    assert result("recovered_vehicle", **request, started_on="1390-01-01")["reason"] == "no_edition"


@pytest.mark.parametrize(
    ("km", "wear"), [(0, 10), (9_999, 10), (10_000, 10), (10_001, 20), (40_001, 50), (90_000, 50)]
)
def test_each_started_ten_thousand_km_is_ten_percent_of_wear(km: int, wear: int) -> None:
    assert result("card_tyre", level="two_star", tyre_km=km)["wear_percent"] == wear


def test_wear_is_deducted_before_the_share() -> None:
    request = {"level": "two_star", "tyre_km": 15_000, "tyre_price_rial": 2_000_000}
    assert result("card_tyre", **request)["subscriber_pays_rial"] == 560_000
    assert {"subscriber_pays_rial": 600_000, "company_pays_rial": 1_400_000} in alternatives(
        "card_tyre", "A-9", **request
    )


@pytest.mark.parametrize(("km", "benefit"), [(59_999, False), (60_000, True), (60_001, True)])
def test_new_tyres_come_with_four_stars_and_sixty_thousand_km(km: int, *, benefit: bool) -> None:
    assert result("card_tyre", level="four_star", km_in_period=km)["replacement_benefit"] is benefit
    assert result("card_tyre", level="three_star", km_in_period=km)["replacement_benefit"] is False


def test_a_single_tyre_needs_a_report_or_a_visit() -> None:
    single = {"level": "two_star", "only_tyre_damaged": True}
    assert result("card_tyre", **single)["reason"] == "no_report_or_visit"
    assert result("card_tyre", **single, police_report=True)["covered"]
    assert alternatives("card_tyre", "A-28", **single, expert_visit=True)[0]["covered"] is False
    assert alternatives("card_tyre", "A-28", **single, expert_visit=True, police_report=True) == []
    assert result("card_tyre", level="mobile")["reason"] == "level_has_no_such_cover"
    assert result("card_tyre", level="two_star", started_on="1390-01-01")["reason"] == "no_edition"


@pytest.mark.parametrize(
    ("calculator", "fields"),
    [
        ("total_theft", {**THEFT, "car_year": 2}),
        ("total_theft", {**THEFT, "car_year": 2, "exclusions": ["racing"]}),
        ("vehicle_replacement", TOTAL_LOSS),
        ("vehicle_replacement", {**TOTAL_LOSS, "repairs_started": True}),
        ("recovered_vehicle", RECOVERED),
        ("recovered_vehicle", {**RECOVERED, "repair_cost_rial": 6000}),
        ("card_tyre", TYRE),
        ("card_tyre", {**TYRE, "only_tyre_damaged": True}),
    ],
)
def test_answers_and_refusals_name_the_edition(calculator: str, fields: dict[str, object]) -> None:
    assert result(calculator, **fields)["edition"] == "ssa005_14"


@pytest.mark.parametrize(
    ("calculator", "fields", "expected"),
    [
        (
            "total_theft",
            {**THEFT, "delivered_on": "1391-01-01", "stolen_on": "1392-01-01"},
            {"covered": False, "customer_pays_rial": None, "notice_after": None, "letter_after": None},
        ),
        ("vehicle_replacement", TOTAL_LOSS, {"total_loss": False, "allowed": False, "customer_pays_rial": None}),
        (
            "recovered_vehicle",
            RECOVERED,
            {"repair_allowed": False, "subscriber_pays_rial": 1000, "company_pays_rial": 0},
        ),
        (
            "card_tyre",
            TYRE,
            {
                "covered": False, "wear_percent": 0, "wear_rial": 0, "share_percent": None,
                "subscriber_pays_rial": 2_000_000, "company_pays_rial": 0, "replacement_benefit": False,
            },
        ),
    ],
)  # fmt: skip
def test_subscription_before_the_first_edition_is_not_covered(
    calculator: str, fields: dict[str, object], expected: dict[str, object]
) -> None:
    assert_no_edition(calculator, expected, **{**fields, "started_on": BEFORE_THE_BOOKLET})


def test_steps_of_a_theft_show_value_share_and_payment() -> None:
    # 0.81 of 250 million is 202.5; 30 % is 75; 75 + 250 - 202.5
    request = {**THEFT, "car_year": 2, "negligent": True}
    assert steps_of("total_theft", **request) == [
        ("age_coefficient", "0.81"), ("value_before", 202_500_000), ("base_share", 20), ("negligence", 10),
        ("theft_share", 75_000_000), ("theft_pays", 122_500_000),
    ]  # fmt: skip
    assert clauses_of_steps("total_theft", **request)["theft_share"] == "emdad.ssa005_14.table_4"
    assert inputs_of_step("total_theft", "theft_pays", **request) == {
        "requested_price_rial": 250_000_000, "value_before_rial": 202_500_000,
    }  # fmt: skip


def test_uncovered_theft_still_has_notice_and_letter_days() -> None:
    """Count 20 days from 1 Farvardin and 60 days from 2 Farvardin."""
    days = {"delivered_on": "1391-08-10", "stolen_on": "1392-01-01", "reported_on": "1392-01-02"}
    request = {**THEFT, "level": "mobile", **days}
    answer = result("total_theft", **request)
    assert (answer["notice_after"], answer["letter_after"]) == ("1392-01-21", "1392-02-31")
    assert steps_of("total_theft", **request) == [
        ("theft_not_covered", False), ("theft_notice_after", "1392-01-21"),
        ("theft_letter_after", "1392-02-31"),
    ]  # fmt: skip


def test_payment_for_a_cheaper_car_after_theft_is_never_negative() -> None:
    # 50 + 100 - 202.5 million is negative
    request = {**THEFT, "requested_price_rial": 100_000_000, "car_year": 2}
    assert result("total_theft", **request)["customer_pays_rial"] == 0


def test_car_stolen_on_its_delivery_day_is_in_half_one() -> None:
    days = {"delivered_on": "1391-08-10", "stolen_on": "1391-08-10"}
    assert result("total_theft", **THEFT, **days)["age_coefficient"] == "0.94"


def test_age_of_a_stolen_car_needs_both_dates_or_the_year() -> None:
    assert errors("total_theft", **THEFT, delivered_on="1391-08-10") == {("car_year", "age_or_dates")}
    assert result("total_theft", **THEFT, delivered_on="1391-08-10", car_year=3)["age_coefficient"] == "0.76"


def test_age_at_the_theft_day_also_requires_first_year_documents() -> None:
    # 0.90 of 250 million is 225; 50 + 250 - 225
    days = {"delivered_on": "1391-08-10", "stolen_on": "1392-08-09", "reported_on": "1392-08-10"}
    assert "guarantee_card" not in result("total_theft", **THEFT, **days)["documents"]
    (other,) = alternatives("total_theft", "A-33", **THEFT, **days)
    assert (other["customer_pays_rial"], "guarantee_card" in other["documents"]) == (75_000_000, True)


@pytest.mark.parametrize(
    ("age", "has_notice"),
    [({"car_year": 2}, True), ({"delivered_on": "1391-08-10", "stolen_on": "1392-01-01"}, False)],
)
def test_a_notice_says_that_car_years_count_from_delivery(
    age: dict[str, object], *, has_notice: bool
) -> None:
    assert ("years_from_delivery" in notices("total_theft", **THEFT, **age)) is has_notice
    assert {"transfer_costs_are_yours", "police_file_is_required"} <= notices("total_theft", **THEFT, **age)


def test_steps_of_a_replacement_show_share_remittance_and_payment() -> None:
    # 20 % and twice 10 of 90 million is 36; 200 - 90 + 36; 90 % of 50,000,005 is 45,000,004.5
    liable = {"third_party_at_fault": True, "received_from_liable_rial": 50_000_005}
    assert steps_of("vehicle_replacement", **TOTAL_LOSS, prior_incidents=2, **liable) == [
        ("total_loss", True), ("replaced_for_total_loss", True), ("base_share", 20),
        ("earlier_incidents", 20), ("share_percent", 40), ("replacement_share", 36_000_000), ("remit", 45_000_005), ("replacement_pays", 146_000_000),
    ]  # fmt: skip
    assert (
        clauses_of_steps("vehicle_replacement", **TOTAL_LOSS)["replacement_share"]
        == "emdad.ssa005_14.table_4"
    )
    assert inputs_of_step("vehicle_replacement", "replacement_pays", **TOTAL_LOSS, prior_incidents=2) == {
        "new_price_rial": 200_000_000, "credit_rial": 54_000_000,
    }  # fmt: skip


def test_replacement_without_earlier_events_or_liable_party_has_fewer_steps() -> None:
    request = {**TOTAL_LOSS, "received_from_liable_rial": 5}
    assert steps_of("vehicle_replacement", **request) == [
        ("total_loss", True), ("replaced_for_total_loss", True), ("base_share", 20), ("share_percent", 20),
        ("replacement_share", 18_000_000), ("replacement_pays", 128_000_000),
    ]  # fmt: skip
    assert result("vehicle_replacement", **request)["remit_to_company_rial"] == 0


def test_a_car_cheaper_than_the_credit_costs_nothing_and_the_surplus_is_named() -> None:
    request = {
        **TOTAL_LOSS,
        "new_price_rial": 50_000_000,
    }  # a share of 18 of 90 million leaves a credit of 72
    assert result("vehicle_replacement", **request)["customer_pays_rial"] == 0
    assert steps_of("vehicle_replacement", **request)[-2:] == [
        ("replacement_pays", -22_000_000), ("pays_at_least_zero", 0),
    ]  # fmt: skip
    (notice,) = surplus_notices("vehicle_replacement", **request)
    assert notice["params"] == {"surplus_rial": 22_000_000}
    assert surplus_notices("vehicle_replacement", **{**TOTAL_LOSS, "new_price_rial": 72_000_000}) == []


def test_a_car_cheaper_than_the_stolen_one_costs_nothing_and_the_surplus_is_named() -> None:
    # 60 million of share, and 150 less 243 (0.81 of 300) million
    request = {"level": "one_star", "zero_km_price_rial": 300_000_000, "requested_price_rial": 150_000_000}
    assert result("total_theft", **request, car_year=2)["customer_pays_rial"] == 0
    assert steps_of("total_theft", **request, car_year=2)[-2:] == [
        ("theft_pays", -33_000_000), ("pays_at_least_zero", 0),
    ]  # fmt: skip
    (notice,) = surplus_notices("total_theft", **request, car_year=2)
    assert notice["params"] == {"surplus_rial": 33_000_000}


@pytest.mark.parametrize(
    ("half", "changed", "coefficients"),
    [(1, False, ["0.87"]), (1, True, ["0.90"]), (2, False, ["0.91"]), (2, True, ["0.94"])],
)
def test_readings_of_table_5_with_the_same_coefficient_are_one_alternative(
    half: int, changed: bool, coefficients: list[str]
) -> None:
    request = {**THEFT, "car_year": 1, "half": half, "model_year_changed": changed}
    others = alternatives("total_theft", "A-1", **request)
    assert [other["age_coefficient"] for other in others] == coefficients


def surplus_notices(calculator: str, **fields: object) -> list[dict[str, object]]:
    notices = answer(calculator, **fields)["notices"]
    return [notice for notice in notices if notice["key"] == "surplus_is_not_printed"]


@pytest.mark.parametrize(("rebuildable", "allowed"), [(True, False), (False, True)])
def test_begun_repairs_bar_only_a_car_that_can_be_rebuilt(*, rebuildable: bool, allowed: bool) -> None:
    request = {**TOTAL_LOSS, "repairs_started": True, "rebuildable": rebuildable}
    assert result("vehicle_replacement", **request)["allowed"] is allowed
    others = alternatives("vehicle_replacement", "A-39", **request)
    assert [(other["allowed"], other["reason"]) for other in others] == (
        [(False, "repairs_started")] if allowed else []
    )


def test_a_capped_share_of_a_replacement_has_a_step() -> None:
    steps = dict(steps_of("vehicle_replacement", **TOTAL_LOSS, prior_incidents=9))
    assert (steps["earlier_incidents"], steps["share_cap"], steps["share_percent"]) == (90, 100, 100)
    assert "share_cap" not in dict(steps_of("vehicle_replacement", **TOTAL_LOSS, prior_incidents=8))


def test_refused_replacement_still_states_the_total_loss() -> None:
    request = {**TOTAL_LOSS, "repairs_started": True}
    assert result("vehicle_replacement", **request)["total_loss"] is True
    assert steps_of("vehicle_replacement", **request) == [("total_loss", True), ("not_replaced", False)]
    assert result("vehicle_replacement", **{**request, "damage_rial": 1})["total_loss"] is False


@pytest.mark.parametrize(
    ("more", "total"),
    [({}, False), ({"rebuildable": False}, True), ({"repair_time_excessive": True}, True)],
)
def test_each_ground_is_enough_for_a_total_loss(more: dict[str, object], *, total: bool) -> None:
    assert result("vehicle_replacement", **{**TOTAL_LOSS, "damage_rial": 1}, **more)["total_loss"] is total


@pytest.mark.parametrize(
    ("more", "added"),
    [
        ({"above_coupon": True}, set()),
        ({"third_party_at_fault": True}, CULPRIT),
        ({"third_party_at_fault": True, "above_coupon": True}, CULPRIT | ABOVE_COUPON),
    ],
)
def test_culprit_and_damage_above_the_coupon_add_documents_to_a_replacement(
    more: dict[str, object], added: set[str]
) -> None:
    plain = result("vehicle_replacement", **TOTAL_LOSS)["documents"]
    assert set(result("vehicle_replacement", **TOTAL_LOSS, **more)["documents"]) - set(plain) == added
    assert not (CULPRIT | ABOVE_COUPON) & set(plain)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"damage_rial": 50_000_000}, set()),
        (
            {"damage_rial": 50_000_000, "rebuildable": False},
            {"replacement_only", "total_loss_voids_guarantee"},
        ),
        ({"damage_rial": 100_000_000}, {"total_loss_voids_guarantee"}),
        ({"damage_rial": 100_000_001}, {"total_loss_voids_guarantee", "damage_above_value"}),
    ],
)
def test_replacement_notices_name_its_consequences(more: dict[str, object], expected: set[str]) -> None:
    always = {"first_payment_on_account", "loss_of_value_is_yours", "formula_turned_round"}
    assert notices("vehicle_replacement", **{**TOTAL_LOSS, **more}) == always | expected


def test_steps_of_a_recovered_car_run_from_limit_to_share() -> None:
    steps = steps_of("recovered_vehicle", **RECOVERED, prior_incidents=2)
    assert (steps[0], steps[-1]) == (("below_limit", True), ("subscriber_pays", 300))
    request = {**RECOVERED, "repair_cost_rial": 6000}
    assert steps_of("recovered_vehicle", **request) == [("below_limit", False)]
    answer = result("recovered_vehicle", **request)
    assert (answer["subscriber_pays_rial"], answer["company_pays_rial"]) == (6000, 0)


@pytest.mark.parametrize(
    ("cost", "expected"),
    [
        (5_999, {"expert_confirms_rebuilding", "recovered_under_limit"}),
        (6_000, {"expert_confirms_rebuilding", "exactly_at_the_limit", "replacement_instead"}),
        (6_001, {"expert_confirms_rebuilding", "replacement_instead"}),
    ],
)
def test_recovered_car_exactly_at_the_limit_is_left_to_the_expert(cost: int, expected: set[str]) -> None:
    assert notices("recovered_vehicle", **{**RECOVERED, "repair_cost_rial": cost}) == expected


@pytest.mark.parametrize(
    ("exclusion", "reason"),
    [("racing", "racing"), ("police_pursuit", None), ("not_in_police_certificate", None)],
)
def test_only_exclusions_that_concern_a_recovered_car_bar_it(exclusion: str, reason: str | None) -> None:
    answer = result("recovered_vehicle", **RECOVERED, exclusions=[exclusion])
    assert (answer["reason"], answer["repair_allowed"]) == (reason, reason is None)


def test_steps_of_a_card_tyre_show_wear_share_and_payment() -> None:
    # 20 % of 2,000,000 is worn; 10 % and five times 10 of the other 1,600,000 is 960,000
    request = {**TYRE, "prior_incidents": 5}
    answer = result("card_tyre", **request)
    assert (answer["share_percent"], answer["subscriber_pays_rial"], answer["company_pays_rial"]) == (
        60, 1_360_000, 640_000,
    )  # fmt: skip
    assert steps_of("card_tyre", **request) == [
        ("tyre_wear", 20), ("tyre_benefit", False), ("tyre_share", 60), ("tyre_worn", 400_000),
        ("tyre_pays", 1_360_000),
    ]  # fmt: skip


def test_completed_wear_steps_and_share_of_full_price_are_alternatives() -> None:
    # one step is complete: 200,000 and 60 % of 1,800,000; or 400,000 and 60 % of 2,000,000
    assert alternatives("card_tyre", "A-9", **TYRE, prior_incidents=5) == [
        {
            "wear_percent": 10, "wear_rial": 200_000, "subscriber_pays_rial": 1_280_000,
            "company_pays_rial": 720_000,
        },
        {"subscriber_pays_rial": 1_600_000, "company_pays_rial": 400_000},
    ]  # fmt: skip


def test_single_tyre_without_a_report_is_uncovered_but_keeps_the_benefit() -> None:
    request = {**TYRE, "level": "four_star", "km_in_period": 60_000, "only_tyre_damaged": True}
    answer = result("card_tyre", **request)
    assert (answer["wear_percent"], answer["wear_rial"], answer["replacement_benefit"]) == (20, 400_000, True)
    assert (answer["subscriber_pays_rial"], answer["company_pays_rial"]) == (2_000_000, 0)
    assert steps_of("card_tyre", **request) == [
        ("tyre_wear", 20), ("tyre_benefit", True), ("tyre_not_covered", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, set()),
        ({"only_tyre_damaged": True}, set()),
        ({"only_tyre_damaged": True, "police_report": True}, {"lone_tyre_needs_a_record"}),
        ({"level": "four_star", "km_in_period": 60_000}, {"tyre_after_km_in_period"}),
    ],
)
def test_card_tyre_notices_name_the_record_and_the_benefit(
    more: dict[str, object], expected: set[str]
) -> None:
    assert notices("card_tyre", **{**TYRE, **more}) == expected


def test_theft_share_of_a_recovered_car_cites_the_floor_clause() -> None:
    others = response("recovered_vehicle", **RECOVERED, prior_incidents=2)["alternatives"]
    assert [(other["reading"], other["clause"]) for other in others] == [("A-30", "emdad.ssa005_14.p3.5_2_4")]


def test_recovered_car_takes_its_share_from_the_edition_of_its_subscription(data_copy: Path) -> None:
    """Expect 10 + 4 x 10 percent by the older booklet, 15 + 4 x 5 by the newer one."""
    old, new = (data_copy / "emdad" / name for name in ("ssa005_14", "ssa005_15"))
    shutil.copytree(old, new)
    settings = (old / "edition.toml").read_text(encoding="utf-8")
    (old / "edition.toml").write_text('to = "1402-12-29"\n' + settings, encoding="utf-8")
    (new / "edition.toml").write_text(settings.replace('"1391-08-01"', '"1403-01-01"'), encoding="utf-8")
    shares = (new / "shares.csv").read_text(encoding="utf-8")
    (new / "shares.csv").write_text(
        shares.replace("two_star,incident,10,10", "two_star,incident,15,5"), encoding="utf-8"
    )
    for day, percent in (("1402-12-29", 50), ("1403-01-01", 35)):
        answer = result("recovered_vehicle", **RECOVERED, prior_incidents=4, started_on=day)
        assert answer["share_percent"] == percent
