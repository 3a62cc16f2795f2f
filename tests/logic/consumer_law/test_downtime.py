import pytest

from tests.support.calculator_client import (
    alternatives,
    clauses_of_steps,
    errors,
    inputs_of_step,
    notices,
    response,
    result,
    steps_of,
)

pytestmark = pytest.mark.usefixtures("named_editions")

REPAIR = {
    "level": "four_star",
    "admitted_on": "1403-02-01",
    "completed_on": "1403-02-10",
    "released_on": "1403-02-10",
}
STOP = {"vehicle_class": "passenger", "contract_price_rial": 1_000_000_000, "holidays": []}
TEN_DAY_REPAIR = {**REPAIR, "holidays": []}
TEN_DAY_STOP = {**STOP, "admitted_on": "1403-02-01", "ready_on": "1403-02-10"}


@pytest.mark.parametrize(("hours", "reason"), [(48, "not_over_48_hours"), (49, None)])
def test_downtime_is_paid_above_forty_eight_hours(hours: int, reason: str | None) -> None:
    assert result("card_downtime", **REPAIR, stop_hours=hours)["reason"] == reason


def test_admission_release_fridays_and_holidays_do_not_count() -> None:
    """Count the eight days between 1 and 10 Ordibehesht 1403; the 7th is a Friday."""
    assert result("card_downtime", **REPAIR, holidays=[])["payable_days"] == 7
    answer = result("card_downtime", **REPAIR, holidays=["1403-02-03"])
    assert (answer["payable_days"], answer["amount_rial"]) == (6, 900_000)
    kinds = [day["kind"] for day in answer["days"]]
    assert kinds == [
        "admission",
        "counted",
        "holiday",
        *["counted"] * 3,
        "holiday",
        *["counted"] * 2,
        "release",
    ]


def test_uncounted_days_are_deducted_and_the_experts_days_are_a_cap() -> None:
    request = {**REPAIR, "released_on": "1403-02-12", "holidays": [], "papers_complete_on": "1403-02-04"}
    assert result("card_downtime", **request)["payable_days"] == 6
    assert result("card_downtime", **request, owner_delay_days=2)["payable_days"] == 4
    assert result("card_downtime", **request, owner_delay_days=2, expert_days=3)["payable_days"] == 3
    assert "parking_is_yours" in notices("card_downtime", **request)
    assert alternatives("card_downtime", "A-13", **request) == [{"payable_days": 4, "amount_rial": 600_000}]


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
def test_an_excluded_stay_has_a_reason(more: dict[str, object], reason: str) -> None:
    assert result("card_downtime", **{**REPAIR, **more})["reason"] == reason


def test_a_stay_with_unordered_or_too_many_days_is_refused() -> None:
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
def test_every_day_counts_after_two_working_days(ready: str, days: int) -> None:
    answer = result("stop_compensation", **STOP, admitted_on="1403-02-01", ready_on=ready)
    assert (answer["payable_days"], answer["amount_rial"]) == (days, days * 1_500_000)


def test_friday_is_not_a_grace_day_and_thursday_is() -> None:
    """Use 5 Ordibehesht 1403, a Wednesday; the 7th is a Friday."""
    request = {**STOP, "admitted_on": "1403-02-05", "ready_on": "1403-02-10"}
    assert result("stop_compensation", **request)["payable_days"] == 2
    assert result("stop_compensation", **request, thursday_works=False)["payable_days"] == 1


def test_nowruz_holidays_of_the_national_calendar_extend_the_grace() -> None:
    request = {**STOP, "admitted_on": "1402-12-28", "ready_on": "1403-01-10"}
    del request["holidays"]
    kinds = {
        day["day"]: (day["kind"], day["holiday"]) for day in result("stop_compensation", **request)["days"]
    }
    assert kinds["1402-12-29"] == ("grace", "library")
    assert kinds["1403-01-05"] == ("grace", None)
    assert kinds["1403-01-06"] == ("grace", None)
    assert kinds["1403-01-07"] == ("counted", None)


def test_the_commitment_period_has_seven_grace_days_only_since_1395() -> None:
    request = {**STOP, "period": "commitment", "admitted_on": "1403-02-01", "ready_on": "1403-02-12"}
    assert result("stop_compensation", **request)["payable_days"] == 3
    old = {**request, "admitted_on": "1394-02-01", "ready_on": "1394-02-12"}
    answer = result("stop_compensation", **old)
    assert (answer["reason"], answer["warranty_extension_days"]) == ("no_rule_for_period", None)


def test_the_longer_of_grace_and_standard_time_applies() -> None:
    request = {**STOP, "admitted_on": "1403-02-01", "ready_on": "1403-02-12"}
    assert result("stop_compensation", **request, standard_days=1)["payable_days"] == 9
    assert result("stop_compensation", **request, standard_days=5)["payable_days"] == 6
    assert {"payable_days": 9, "amount_rial": 13_500_000} in [
        {name: result_of_reading.get(name) for name in ("payable_days", "amount_rial")}
        for result_of_reading in alternatives("stop_compensation", "A-13", **request, standard_days=5)
    ]


def test_a_repeated_defect_counts_from_admission_at_any_dealer_since_1395() -> None:
    request = {**STOP, "repeat_defect": True, "same_dealer": False}
    new = result("stop_compensation", **request, admitted_on="1403-02-01", ready_on="1403-02-05")
    assert (new["payable_days"], new["warranty_extension_days"]) == (5, 4)
    old = result("stop_compensation", **request, admitted_on="1394-02-01", ready_on="1394-02-05")
    assert old["payable_days"] < 5
    request["same_dealer"] = True
    repeated = result("stop_compensation", **request, admitted_on="1394-02-01", ready_on="1394-02-05")
    assert repeated["payable_days"] == 5


@pytest.mark.parametrize(
    ("admitted", "edition"),
    [
        ("1389-02-28", None),
        ("1389-02-29", "bylaw_1389"),
        ("1395-01-21", "bylaw_1389"),
        ("1395-01-22", "bylaw_1395"),
    ],
)
def test_the_bylaw_is_that_of_the_admission_day(admitted: str, edition: str | None) -> None:
    answer = result(
        "stop_compensation",
        **STOP,
        admitted_on=admitted,
        ready_on="1395-02-01" if admitted > "1390" else "1389-03-09",
    )
    assert answer["edition"] == edition
    assert (answer["reason"] == "no_edition") is (edition is None)
    assert result("bylaw_in_force", on=admitted)["edition"] == edition


def test_a_stay_across_two_bylaws_has_the_other_as_alternative() -> None:
    request = {**STOP, "admitted_on": "1395-01-21", "ready_on": "1395-02-01"}
    assert "stay_crosses_bylaws" in notices("stop_compensation", **request)
    assert alternatives("stop_compensation", "A-12", **request)[0]["edition"] == "bylaw_1395"


def test_the_rate_in_words_applies_and_digits_are_the_alternative() -> None:
    request = {**STOP, "payable_days": 4, "edition": "bylaw_1389"}
    assert result("stop_compensation", **request)["amount_rial"] == 4_000_000
    assert alternatives("stop_compensation", "A-11", **request) == [{"amount_rial": 6_000_000}]
    assert result("stop_compensation", **request, basis="digits")["amount_rial"] == 6_000_000
    taxi = {**request, "vehicle_class": "taxi"}
    assert result("stop_compensation", **taxi)["amount_rial"] == 6_000_000
    assert alternatives("stop_compensation", "A-11", **taxi) == [{"amount_rial": 8_000_000}]
    assert result("stop_compensation", **{**request, "vehicle_class": "bus"})["reason"] == "no_rate_for_class"


@pytest.mark.parametrize(
    ("days", "consent", "amount"), [(30, True, 30_000_000), (31, True, 31_200_000), (31, False, 31_000_000)]
)
def test_a_heavy_vehicle_has_a_surcharge_after_thirty_days_with_consent(
    days: int, consent: bool, amount: int
) -> None:
    request = {**STOP, "vehicle_class": "truck", "payable_days": days, "edition": "bylaw_1395"}
    assert result("stop_compensation", **request, written_consent=consent)["amount_rial"] == amount


def test_accidents_and_substitute_cars_have_no_compensation() -> None:
    request = {**STOP, "admitted_on": "1403-02-01", "ready_on": "1403-02-10"}
    accident = result("stop_compensation", **request, cause="accident")
    assert (accident["reason"], accident["amount_rial"], accident["warranty_extension_days"]) == (
        "accident",
        None,
        0,
    )
    assert result("stop_compensation", **request, cause="accident_from_defect")["amount_rial"] == 10_500_000
    substitute = result("stop_compensation", **request, substitute_provided=True)
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
def test_an_incomplete_or_impossible_stop_is_refused(more: dict[str, object], error: tuple[str, str]) -> None:
    assert errors("stop_compensation", **STOP, **more) == {error}


def test_the_steps_list_the_days() -> None:
    answer = response("stop_compensation", **STOP, admitted_on="1403-02-01", ready_on="1403-02-05")
    days = [(step["key"], step["value"]) for step in answer["steps"] if step["key"].startswith("day_")]
    assert days == [
        ("day_admission", 1),
        ("day_grace", 2),
        ("day_counted", 1),
        ("day_completion", 1),
    ]


@pytest.mark.parametrize("changed_mind", [False, True])
def test_paid_and_refused_downtime_name_the_edition(*, changed_mind: bool) -> None:
    answer = result("card_downtime", **TEN_DAY_REPAIR, changed_mind=changed_mind)
    assert answer["edition"] == "ssa005_14"


def test_downtime_before_the_first_edition_is_not_covered() -> None:
    request = {**TEN_DAY_REPAIR, "started_on": "1391-07-30"}
    answer = result("card_downtime", **request)
    assert (answer["edition"], answer["reason"]) == (None, "no_edition")
    assert (answer["payable_days"], answer["days"]) == (0, [])
    assert (answer["daily_rial"], answer["amount_rial"]) == (None, None)
    assert steps_of("card_downtime", **request) == [("no_edition", False)]


def test_steps_of_a_downtime_show_days_delay_cap_and_rate() -> None:
    # 1 admission; 2 and 3 before the documents; 7 a Friday; 11 after completion; 12 release: six days remain
    request = {
        **TEN_DAY_REPAIR, "released_on": "1403-02-12", "papers_complete_on": "1403-02-04", "owner_delay_days": 2,
        "expert_days": 3,
    }  # fmt: skip
    assert steps_of("card_downtime", **request) == [
        ("day_admission", 1), ("day_before_papers", 2), ("day_counted", 3), ("day_holiday", 1),
        ("day_counted", 3), ("day_after_completion", 1), ("day_release", 1), ("owner_delay", -2),
        ("expert_days", 3), ("payable_days", 3), ("daily_rate", 150_000), ("downtime_amount", 450_000),
    ]  # fmt: skip
    assert clauses_of_steps("card_downtime", **request) == {
        "day_admission": "emdad.ssa005_14.p3.7_1_1", "day_before_papers": "emdad.ssa005_14.p3.7_2_7",
        "day_counted": "emdad.ssa005_14.p3.7_1_1", "day_holiday": "emdad.ssa005_14.p3.7_2_11",
        "day_after_completion": "emdad.ssa005_14.p3.7_2_6", "day_release": "emdad.ssa005_14.p3.7_1_1",
        "owner_delay": "emdad.ssa005_14.p3.7_2_9", "expert_days": "emdad.ssa005_14.p3.7_1_1", "payable_days": "emdad.ssa005_14.p3.7_1_1",
        "daily_rate": clauses_of_steps("card_downtime", **TEN_DAY_REPAIR)["daily_rate"], "downtime_amount": "emdad.ssa005_14.p3.7_1_2",
    }  # fmt: skip
    plain = [key for key, _ in steps_of("card_downtime", **TEN_DAY_REPAIR) if not key.startswith("day_")]
    assert plain == ["payable_days", "daily_rate", "downtime_amount"]


@pytest.mark.parametrize(("level", "daily"), [("three_star", 100_000), ("four_star", 150_000)])
def test_daily_rate_depends_on_the_level(level: str, daily: int) -> None:
    answer = result("card_downtime", **{**TEN_DAY_REPAIR, "level": level})
    assert (answer["daily_rial"], answer["amount_rial"]) == (daily, 7 * daily)


@pytest.mark.parametrize(("delay", "days"), [(6, 1), (7, 0), (8, 0)])
def test_owner_delay_deducts_at_most_all_days(delay: int, days: int) -> None:
    answer = result("card_downtime", **TEN_DAY_REPAIR, owner_delay_days=delay)
    assert (answer["payable_days"], answer["amount_rial"]) == (days, days * 150_000)


@pytest.mark.parametrize("days", [1, 2])
def test_two_days_pay_nothing_when_48_hours_are_deducted(days: int) -> None:
    assert alternatives("card_downtime", "A-13", **TEN_DAY_REPAIR, expert_days=days) == [
        {"payable_days": 0, "amount_rial": 0}
    ]


def test_refused_downtime_has_no_days_rate_or_amount() -> None:
    answer = result("card_downtime", **TEN_DAY_REPAIR, changed_mind=True)
    assert (answer["payable_days"], answer["daily_rial"], answer["amount_rial"]) == (0, None, None)
    assert steps_of("card_downtime", **TEN_DAY_REPAIR, changed_mind=True)[-1] == ("downtime_not_paid", False)


def test_car_released_on_the_completion_day_has_no_parking_notice() -> None:
    assert notices("card_downtime", **TEN_DAY_REPAIR) == {"paid_to_the_registered_owner"}


def test_repair_completed_on_the_admission_day_is_not_over_48_hours() -> None:
    same = {"admitted_on": "1403-02-01", "completed_on": "1403-02-01", "released_on": "1403-02-01"}
    assert result("card_downtime", level="four_star", **same)["reason"] == "not_over_48_hours"


def test_steps_of_a_stop_show_days_rate_extension_and_price() -> None:
    # Saturday 1 Ordibehesht 1403: grace on the 2nd and 3rd, then seven days at 0.0015 of 1,000 million
    assert steps_of("stop_compensation", **TEN_DAY_STOP) == [
        ("day_admission", 1), ("day_grace", 2), ("day_counted", 6), ("day_completion", 1),
        ("payable_days", 7), ("stop_rate", "0.0015"), ("warranty_extension", 9),
        ("stop_price", 1_000_000_000), ("stop_amount", 10_500_000),
    ]  # fmt: skip
    answer = result("stop_compensation", **TEN_DAY_STOP)
    assert (answer["edition"], answer["payable_days"], answer["amount_rial"]) == ("bylaw_1395", 7, 10_500_000)
    assert answer["warranty_extension_days"] == 9


def test_days_of_a_repeated_defect_cite_their_own_clause() -> None:
    for repeat, clause in ((True, "bylaw.bylaw_1395.a17_n2"), (False, "bylaw.bylaw_1395.a17_n1")):
        cited = clauses_of_steps("stop_compensation", **TEN_DAY_STOP, repeat_defect=repeat)
        assert cited["payable_days"] == clause


def test_steps_of_a_surcharge_show_the_days_above_thirty() -> None:
    request = {
        "vehicle_class": "truck", "contract_price_rial": 1_000_000_000, "payable_days": 31,
        "edition": "bylaw_1395",
    }  # fmt: skip
    plain = [("payable_days", 31), ("stop_rate", "0.001")]
    assert steps_of("stop_compensation", **request, written_consent=True) == [
        *plain, ("stop_surcharge", "0.0002"), ("stop_price", 1_000_000_000), ("stop_amount", 31_200_000),
    ]  # fmt: skip
    assert inputs_of_step("stop_compensation", "stop_surcharge", **request, written_consent=True) == {
        "days": 1, "after": 30,
    }  # fmt: skip
    assert steps_of("stop_compensation", **request) == [
        *plain, ("stop_price", 1_000_000_000), ("stop_amount", 31_000_000),
    ]  # fmt: skip
    assert alternatives("stop_compensation", "A-13", **request) == [{"amount_rial": 31_200_000}]
    assert alternatives("stop_compensation", "A-13", **request, written_consent=True) == []


@pytest.mark.parametrize(
    ("days", "more", "has_notice"),
    [
        (30, {}, False), (31, {}, True), (31, {"written_consent": True}, False),
        (31, {"vehicle_class": "passenger"}, False), (0, {}, False),
    ],
)  # fmt: skip
def test_a_notice_about_consent_appears_above_thirty_days(
    days: int, more: dict[str, object], *, has_notice: bool
) -> None:
    request = {
        "vehicle_class": "truck",
        "contract_price_rial": 1,
        "edition": "bylaw_1395",
        "payable_days": days,
    }
    assert ("consent_brings_more" in notices("stop_compensation", **{**request, **more})) is has_notice


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, {"law_gives_a_substitute_car", "stop_payment_is_due"}),
        ({"ready_on": "1403-02-04"}, {"law_gives_a_substitute_car", "stop_payment_is_due"}),
        ({"ready_on": "1403-02-03"}, set()),
        ({"substitute_provided": True}, set()),
        ({"cause": "accident"}, set()),
        ({"period": "commitment"}, {"stop_payment_is_due"}),
        ({"period": "commitment", "admitted_on": "1394-02-01", "ready_on": "1394-02-10"}, set()),
        ({"standard_days": 30}, {"law_gives_a_substitute_car"}),
        ({"admitted_on": "1394-02-01", "ready_on": "1394-02-10"}, {"law_gives_a_substitute_car"}),
    ],
)
def test_stop_notices_name_the_substitute_car_and_the_payment_deadline(
    more: dict[str, object], expected: set[str]
) -> None:
    notices_of_stop = response("stop_compensation", **{**TEN_DAY_STOP, **more})["notices"]
    assert {notice["key"] for notice in notices_of_stop} == expected
    params = {"law_gives_a_substitute_car": {"hours": 48}, "stop_payment_is_due": {"days": 15}}
    assert all(notice["params"] == params[notice["key"]] for notice in notices_of_stop)


@pytest.mark.parametrize(
    ("more", "reason", "extension"),
    [
        ({"cause": "accident"}, "accident", 0),
        ({"substitute_provided": True}, "substitute_provided", 9),
        (
            {"vehicle_class": "bus", "admitted_on": "1394-02-01", "ready_on": "1394-02-10"},
            "no_rate_for_class",
            7,
        ),
    ],
)
def test_unpaid_stop_keeps_its_days_bylaw_and_extension(
    more: dict[str, object], reason: str, extension: int
) -> None:
    """Add the days after the grace by the older by-law; of nine days, Wednesday and Thursday are grace."""
    request = {**TEN_DAY_STOP, **more}
    answer = result("stop_compensation", **request)
    edition = "bylaw_1389" if "admitted_on" in more else "bylaw_1395"
    assert (answer["edition"], answer["reason"], len(answer["days"])) == (edition, reason, 10)
    assert (answer["payable_days"], answer["amount_rial"]) == (None, None)
    assert answer["warranty_extension_days"] == extension
    assert steps_of("stop_compensation", **request)[-1] == ("stop_not_paid", False)


def test_alternatives_of_an_older_stop_keep_the_chosen_basis() -> None:
    # Tuesday 1 Ordibehesht 1394: five working days to Monday the 7th, a Friday between; three days remain
    request = {
        **TEN_DAY_STOP, "admitted_on": "1394-02-01", "ready_on": "1394-02-10", "standard_days": 5, "basis": "digits",
    }  # fmt: skip
    answer = result("stop_compensation", **request)
    assert (answer["payable_days"], answer["amount_rial"], answer["warranty_extension_days"]) == (
        3,
        4_500_000,
        3,
    )
    assert [other["amount_rial"] for other in alternatives("stop_compensation", "A-11", **request)] == [
        3_000_000
    ]
    amounts = [
        (other["payable_days"], other["amount_rial"])
        for other in alternatives("stop_compensation", "A-13", **request)
    ]
    assert amounts == [(7, 10_500_000), (4, 6_000_000)]
    assert alternatives("stop_compensation", "A-31", **request) == [{"warranty_extension_days": 9}]


def test_car_ready_on_its_admission_day_gets_no_compensation() -> None:
    answer = result("stop_compensation", **{**TEN_DAY_STOP, "ready_on": "1403-02-01"})
    assert (answer["payable_days"], answer["amount_rial"], answer["warranty_extension_days"]) == (0, 0, 0)


def test_stop_before_the_first_bylaw_has_no_edition() -> None:
    request = {**TEN_DAY_STOP, "admitted_on": "1389-02-01", "ready_on": "1389-02-10"}
    answer = result("stop_compensation", **request)
    assert (answer["edition"], answer["warranty_extension_days"], answer["days"]) == (None, None, [])
    assert steps_of("stop_compensation", **request) == [("no_edition", False)]


def test_stay_across_two_bylaws_names_the_first_day_of_the_later() -> None:
    request = {**TEN_DAY_STOP, "admitted_on": "1395-01-21", "ready_on": "1395-02-01"}
    answer = response("stop_compensation", **request)
    (notice,) = [notice for notice in answer["notices"] if notice["key"] == "stay_crosses_bylaws"]
    assert (notice["params"], notice["clause"]) == ({"from": "1395-01-22"}, "bylaw.bylaw_1395.a17_n1")
    (other,) = [other for other in answer["alternatives"] if other["reading"] == "A-12"]
    assert other["clause"] == "bylaw.bylaw_1395.a17_n1"


@pytest.mark.parametrize(("days", "amount"), [(29, 29_000_000), (30, 30_000_000), (32, 32_400_000)])
def test_surcharge_counts_only_the_days_after_thirty(days: int, amount: int) -> None:
    request = {"vehicle_class": "truck", "contract_price_rial": 1_000_000_000, "edition": "bylaw_1395"}
    answer = result("stop_compensation", **request, payable_days=days, written_consent=True)
    assert answer["amount_rial"] == amount


def test_step_of_consecutive_days_shows_the_first_and_last() -> None:
    assert inputs_of_step("stop_compensation", "day_counted", **TEN_DAY_STOP) == {
        "from": "1403-02-04",
        "to": "1403-02-09",
    }


def test_given_bylaw_answers_for_the_whole_stay() -> None:
    request = {**TEN_DAY_STOP, "edition": "bylaw_1389"}
    assert "stay_crosses_bylaws" not in notices("stop_compensation", **request)
    assert alternatives("stop_compensation", "A-12", **request) == []


def test_extension_by_the_days_after_the_grace_is_an_alternative() -> None:
    assert alternatives("stop_compensation", "A-31", **TEN_DAY_STOP) == [{"warranty_extension_days": 7}]
