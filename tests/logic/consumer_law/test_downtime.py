import pytest

from tests.support.calculator_client import alternatives, errors, notices, response, result

REPAIR = {
    "level": "four_star",
    "admitted_on": "1403-02-01",
    "completed_on": "1403-02-10",
    "released_on": "1403-02-10",
}
STOP = {"vehicle_class": "passenger", "contract_price_rial": 1_000_000_000, "holidays": []}


@pytest.mark.parametrize(("hours", "reason"), [(48, "not_over_48_hours"), (49, None)])
def test_downtime_is_paid_above_forty_eight_hours(hours: int, reason: str | None) -> None:
    assert result("card_downtime", **REPAIR, stop_hours=hours)["reason"] == reason


def test_admission_release_fridays_and_holidays_do_not_count() -> None:
    """1 to 10 Ordibehesht 1403: eight days between; the 7th is a Friday."""
    assert result("card_downtime", **REPAIR, holidays=[])["payable_days"] == 7
    found = result("card_downtime", **REPAIR, holidays=["1403-02-03"])
    assert (found["payable_days"], found["amount_rial"]) == (6, 900_000)
    kinds = [day["kind"] for day in found["days"]]
    assert kinds == [
        "admission",
        "counted",
        "holiday",
        *["counted"] * 3,
        "holiday",
        *["counted"] * 2,
        "release",
    ]


def test_days_before_the_papers_after_completion_and_by_the_owner_come_off_and_the_expert_caps() -> None:
    asked = {**REPAIR, "released_on": "1403-02-12", "holidays": [], "papers_complete_on": "1403-02-04"}
    assert result("card_downtime", **asked)["payable_days"] == 6
    assert result("card_downtime", **asked, owner_delay_days=2)["payable_days"] == 4
    assert result("card_downtime", **asked, owner_delay_days=2, expert_days=3)["payable_days"] == 3
    assert "parking_is_yours" in notices("card_downtime", **asked)
    assert alternatives("card_downtime", "A-13", **asked) == [{"payable_days": 4, "amount_rial": 600_000}]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"level": "two_star"}, "level_without_downtime"),
        ({"cause": "accident"}, "accident"),
        ({"work_order": False}, "no_work_order"),
        ({"at_authorised": False}, "outside_network"),
        ({"changed_mind": True}, "changed_mind"),
        ({"started_on": "1390-01-01"}, "no_edition"),
    ],
)
def test_what_takes_a_stay_out(more: dict[str, object], reason: str) -> None:
    assert result("card_downtime", **{**REPAIR, **more})["reason"] == reason


def test_a_stay_whose_days_are_out_of_order_or_too_long_is_refused() -> None:
    assert errors("card_downtime", **{**REPAIR, "completed_on": "1403-01-30"}) == {
        ("completed_on", "before_admission")
    }
    assert errors("card_downtime", **{**REPAIR, "released_on": "1403-02-09"}) == {
        ("released_on", "before_completion")
    }
    assert errors("card_downtime", **{**REPAIR, "released_on": "1410-02-09"}) == {
        ("released_on", "stay_too_long")
    }


@pytest.mark.parametrize(("ready", "days"), [("1403-02-03", 0), ("1403-02-04", 1), ("1403-02-07", 4)])
def test_two_working_days_pass_and_then_every_day_counts(ready: str, days: int) -> None:
    found = result("stop_compensation", **STOP, admitted_on="1403-02-01", ready_on=ready)
    assert (found["payable_days"], found["amount_rial"]) == (days, days * 1_500_000)


def test_a_friday_does_not_shorten_the_grace_and_thursday_works() -> None:
    """5 Ordibehesht 1403 is a Wednesday, 7 a Friday."""
    asked = {**STOP, "admitted_on": "1403-02-05", "ready_on": "1403-02-10"}
    assert result("stop_compensation", **asked)["payable_days"] == 2
    assert result("stop_compensation", **asked, thursday_works=False)["payable_days"] == 1


def test_nowruz_lengthens_the_grace_by_the_national_calendar() -> None:
    asked = {**STOP, "admitted_on": "1402-12-28", "ready_on": "1403-01-10"}
    del asked["holidays"]
    kinds = {
        day["day"]: (day["kind"], day["holiday"]) for day in result("stop_compensation", **asked)["days"]
    }
    assert kinds["1402-12-29"] == ("grace", "library")
    assert kinds["1403-01-05"] == ("grace", None)
    assert kinds["1403-01-06"] == ("grace", None)
    assert kinds["1403-01-07"] == ("counted", None)


def test_seven_working_days_in_the_commitment_and_no_rule_before_1395() -> None:
    asked = {**STOP, "period": "commitment", "admitted_on": "1403-02-01", "ready_on": "1403-02-12"}
    assert result("stop_compensation", **asked)["payable_days"] == 3
    old = {**asked, "admitted_on": "1394-02-01", "ready_on": "1394-02-12"}
    found = result("stop_compensation", **old)
    assert (found["reason"], found["warranty_extension_days"]) == ("no_rule_for_period", None)


def test_the_longer_of_grace_and_standard_time_holds() -> None:
    asked = {**STOP, "admitted_on": "1403-02-01", "ready_on": "1403-02-12"}
    assert result("stop_compensation", **asked, standard_days=1)["payable_days"] == 9
    assert result("stop_compensation", **asked, standard_days=5)["payable_days"] == 6
    assert {"payable_days": 9, "amount_rial": 13_500_000} in [
        {name: each.get(name) for name in ("payable_days", "amount_rial")}
        for each in alternatives("stop_compensation", "A-13", **asked, standard_days=5)
    ]


def test_a_defect_that_came_back_counts_from_admission_at_any_dealer_since_1395() -> None:
    asked = {**STOP, "repeat_defect": True, "same_dealer": False}
    new = result("stop_compensation", **asked, admitted_on="1403-02-01", ready_on="1403-02-05")
    assert (new["payable_days"], new["warranty_extension_days"]) == (5, 4)
    old = result("stop_compensation", **asked, admitted_on="1394-02-01", ready_on="1394-02-05")
    assert old["payable_days"] < 5
    asked["same_dealer"] = True
    again = result("stop_compensation", **asked, admitted_on="1394-02-01", ready_on="1394-02-05")
    assert again["payable_days"] == 5


@pytest.mark.parametrize(
    ("admitted", "edition"),
    [
        ("1389-02-28", None),
        ("1389-02-29", "bylaw_1389"),
        ("1395-01-21", "bylaw_1389"),
        ("1395-01-22", "bylaw_1395"),
    ],
)
def test_the_bylaw_of_the_day_of_admission_answers(admitted: str, edition: str | None) -> None:
    found = result(
        "stop_compensation",
        **STOP,
        admitted_on=admitted,
        ready_on="1395-02-01" if admitted > "1390" else "1389-03-09",
    )
    assert found["edition"] == edition
    assert (found["reason"] == "no_edition") is (edition is None)
    assert result("bylaw_in_force", on=admitted)["edition"] == edition


def test_a_stay_across_the_change_is_told_and_the_other_bylaw_stands_beside() -> None:
    asked = {**STOP, "admitted_on": "1395-01-21", "ready_on": "1395-02-01"}
    assert "stay_crosses_bylaws" in notices("stop_compensation", **asked)
    assert alternatives("stop_compensation", "A-12", **asked)[0]["edition"] == "bylaw_1395"


def test_words_govern_and_digits_are_the_alternative() -> None:
    asked = {**STOP, "payable_days": 4, "edition": "bylaw_1389"}
    assert result("stop_compensation", **asked)["amount_rial"] == 4_000_000
    assert alternatives("stop_compensation", "A-11", **asked) == [{"amount_rial": 6_000_000}]
    assert result("stop_compensation", **asked, basis="digits")["amount_rial"] == 6_000_000
    taxi = {**asked, "vehicle_class": "taxi"}
    assert result("stop_compensation", **taxi)["amount_rial"] == 6_000_000
    assert alternatives("stop_compensation", "A-11", **taxi) == [{"amount_rial": 8_000_000}]
    assert result("stop_compensation", **{**asked, "vehicle_class": "bus"})["reason"] == "no_rate_for_class"


@pytest.mark.parametrize(
    ("days", "consent", "amount"), [(30, True, 30_000_000), (31, True, 31_200_000), (31, False, 31_000_000)]
)
def test_a_heavy_vehicle_gets_more_after_thirty_days_with_consent(
    days: int, consent: bool, amount: int
) -> None:
    asked = {**STOP, "vehicle_class": "truck", "payable_days": days, "edition": "bylaw_1395"}
    assert result("stop_compensation", **asked, written_consent=consent)["amount_rial"] == amount


def test_accidents_and_substitutes_bring_no_money() -> None:
    asked = {**STOP, "admitted_on": "1403-02-01", "ready_on": "1403-02-10"}
    accident = result("stop_compensation", **asked, cause="accident")
    assert (accident["reason"], accident["amount_rial"], accident["warranty_extension_days"]) == (
        "accident",
        None,
        0,
    )
    assert result("stop_compensation", **asked, cause="accident_from_defect")["amount_rial"] == 10_500_000
    substitute = result("stop_compensation", **asked, substitute_provided=True)
    assert (substitute["reason"], substitute["warranty_extension_days"]) == ("substitute_provided", 9)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"admitted_on": "1403-02-01"}, ("ready_on", "required")),
        ({"ready_on": "1403-02-01"}, ("admitted_on", "required")),
        ({}, ("admitted_on", "required")),
        ({"payable_days": 4}, ("edition", "required")),
        ({"admitted_on": "1403-02-02", "ready_on": "1403-02-01"}, ("ready_on", "before_admission")),
        ({"admitted_on": "1400-02-02", "ready_on": "1403-02-01"}, ("ready_on", "stay_too_long")),
    ],
)
def test_a_stop_that_cannot_be_counted_is_refused(more: dict[str, object], error: tuple[str, str]) -> None:
    assert errors("stop_compensation", **STOP, **more) == {error}


def test_the_working_lists_the_days() -> None:
    found = response("stop_compensation", **STOP, admitted_on="1403-02-01", ready_on="1403-02-05")
    listed = [(step["key"], step["value"]) for step in found["steps"] if step["key"].startswith("day_")]
    assert listed == [("day_admission", 1), ("day_grace", 2), ("day_counted", 1), ("day_completion", 1)]
