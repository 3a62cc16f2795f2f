"""What mutants of the money and date rules showed that no other test would notice (docs/decisions/030)."""

import shutil
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from logic.card.cancellation_refund import CancellationRefundRequest, refund_by_day
from logic.card.subscriber_share import damage_exclusions, events_by_group
from logic.card.tables import exclusions
from logic.core.rounding import half_up
from logic.tyre.tyre_refund import TyreRefundRequest, band_edges, payment_curve
from logic.workshop.stay import MAX_STAY_DAYS
from logic.workshop.workdays import WorkCalendar
from tests.support.calculator_client import alternatives, errors, notices, response, result

BEFORE_THE_BOOKLET = "1391-07-30"
GOLDEN = {"kind": "golden", "fee_rial": 3_650_000, "paid_rial": 3_650_000}
REPAIR = {
    "level": "four_star", "admitted_on": "1403-02-01", "completed_on": "1403-02-10",
    "released_on": "1403-02-10", "holidays": [],
}  # fmt: skip
RENEWAL = {"kind": "golden", "rate_rial": 1005, "expires_on": "1392-07-29", "renewed_on": "1392-07-29"}
CLAIM = {"kind": "documents", "expired_on": "1392-07-29", "on": "1392-08-14"}
THEFT = {"level": "one_star", "zero_km_price_rial": 250_000_000, "requested_price_rial": 250_000_000}
LOSS = {
    "level": "two_star", "damage_rial": 90_000_000, "value_before_rial": 100_000_000,
    "new_price_rial": 200_000_000,
}  # fmt: skip
RECOVERED = {"level": "two_star", "repair_cost_rial": 1000, "value_before_rial": 10_000}
TYRE = {"level": "two_star", "tyre_km": 15_000, "tyre_price_rial": 2_000_000}
DELAY = {
    "method": "presale_definite",
    "paid_rial": 100_000_000,
    "late_days": 30,
    "participation_percent": "36.5",
}
PROFIT = {"method": "presale_ordinary", "paid_rial": 365_000_000, "annual_percent": 18, "days": 100}
WITHDRAWAL = {
    "paid_rial": 200_000_000, "one_year_deposit_percent": 18, "contracted_on": "1403-01-15",
    "withdrawn_on": "1403-03-26",
}  # fmt: skip
STOP = {
    "vehicle_class": "passenger", "contract_price_rial": 1_000_000_000, "admitted_on": "1403-02-01",
    "ready_on": "1403-02-10", "holidays": [],
}  # fmt: skip


def working(calculator: str, **fields: object) -> list[tuple[str, Any]]:
    """Key and value of each step; whatever is said has a clause, and a step lists what went into it."""
    found = response(calculator, **fields)
    said = [each for part in ("steps", "notices", "alternatives") for each in found[part]]
    assert all(isinstance(each["clause"], str) for each in said), said
    steps = found["steps"]
    assert all(isinstance(step["inputs"], dict) for step in steps), steps
    return [(step["key"], step["value"]) for step in steps]


def clauses(calculator: str, **fields: object) -> dict[str, str]:
    """The clause of each step."""
    return {step["key"]: step["clause"] for step in response(calculator, **fields)["steps"]}


def inputs(calculator: str, key: str, **fields: object) -> dict[str, Any]:
    """What went into a step."""
    (found,) = [step["inputs"] for step in response(calculator, **fields)["steps"] if step["key"] == key]
    listed: dict[str, Any] = found
    return listed


@pytest.mark.parametrize(
    ("value", "rial"),
    [(Fraction(1, 2), 1), (Fraction(49, 100), 0), (Fraction(-1, 2), 0), (Fraction(-7, 4), -2)],
)
def test_half_a_rial_goes_up_and_less_goes_to_the_nearest(value: Fraction, rial: int) -> None:
    assert half_up(value) == rial


# --- Which edition answers


@pytest.mark.parametrize(
    ("calculator", "fields"),
    [
        ("cancellation_refund", {**GOLDEN, "days_used": 1}),
        ("cancellation_refund", {**GOLDEN, "days_used": 1, "active": False}),
        ("cancellation_refund", {**GOLDEN, "days_used": 1, "obtained_from": "organisation"}),
        ("card_downtime", REPAIR),
        ("card_downtime", {**REPAIR, "changed_mind": True}),
        ("renewal", RENEWAL),
        ("subscription_validity", {"kind": "golden", "started_on": "1391-09-01"}),
        ("late_claim", CLAIM),
        ("total_theft", {**THEFT, "car_year": 2}),
        ("total_theft", {**THEFT, "car_year": 2, "exclusions": ["racing"]}),
        ("vehicle_replacement", LOSS),
        ("vehicle_replacement", {**LOSS, "repairs_started": True}),
        ("recovered_vehicle", RECOVERED),
        ("recovered_vehicle", {**RECOVERED, "repair_cost_rial": 6000}),
        ("card_tyre", TYRE),
        ("card_tyre", {**TYRE, "only_tyre_damaged": True}),
        ("subscriber_share", {"level": "two_star", "event": "collision", "damage_rial": 1000}),
        ("subscriber_share", {"level": "two_star", "event": "key_theft", "damage_rial": 1000}),
    ],
)
def test_an_answer_and_a_refusal_name_the_booklet_that_was_read(
    calculator: str, fields: dict[str, object]
) -> None:
    assert result(calculator, **fields)["edition"] == "ssa005_14"


@pytest.mark.parametrize(
    ("calculator", "fields", "expected"),
    [
        (
            "cancellation_refund",
            {**GOLDEN, "on": BEFORE_THE_BOOKLET},
            {"accepted": False, "refund_rial": None},
        ),
        ("card_downtime", REPAIR, {"payable_days": 0, "daily_rial": None, "amount_rial": None, "days": []}),
        (
            "renewal",
            {**RENEWAL, "grounds": ["cash_payment"]},
            {
                "fee_rial": None, "inspection_required": None, "active_from_end_of": None,
                "discount_grounds": [],
            },
        ),
        ("subscription_validity", {"kind": "golden"}, {"last_day": None}),
        ("late_claim", CLAIM, {"accepted": False, "deadline": None}),
        (
            "total_theft",
            {**THEFT, "delivered_on": "1391-01-01", "stolen_on": "1392-01-01"},
            {"covered": False, "customer_pays_rial": None, "notice_after": None, "letter_after": None},
        ),
        ("vehicle_replacement", LOSS, {"total_loss": False, "allowed": False, "customer_pays_rial": None}),
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
def test_before_the_first_booklet_nothing_is_counted_and_the_working_says_only_that(
    calculator: str, fields: dict[str, object], expected: dict[str, object]
) -> None:
    asked = {**fields, "started_on": BEFORE_THE_BOOKLET}
    found = result(calculator, **asked)
    assert (found["edition"], found["reason"]) == (None, "no_edition")
    assert {name: found[name] for name in expected} == expected
    assert working(calculator, **asked) == [("no_edition", False)]


@pytest.mark.parametrize(
    ("calculator", "fields", "nothing"),
    [
        ("delivery_delay", {**DELAY, "on": "{day}"}, {"amount_rial": None, "profit_rial": None}),
        ("participation_profit", {**PROFIT, "on": "{day}"}, {"amount_rial": None}),
        (
            "withdrawal_interest",
            {**WITHDRAWAL, "contracted_on": "{day}"},
            {"eligible": False, "interest_rial": None, "late_interest_rial": None, "total_rial": None},
        ),
    ],
)
@pytest.mark.parametrize(
    ("day", "edition", "reason"),
    [("1389-02-28", None, "no_edition"), ("1395-01-21", "bylaw_1389", "no_sale_rules")],
)
def test_before_the_sale_rules_there_is_no_money_and_the_by_law_of_the_day_is_named(
    calculator: str,
    fields: dict[str, object],
    nothing: dict[str, object],
    *,
    day: str,
    edition: str | None,
    reason: str,
) -> None:
    asked = {name: day if value == "{day}" else value for name, value in fields.items()}
    found = result(calculator, **asked)
    assert found == {"edition": edition, "reason": reason, **nothing}
    assert working(calculator, **asked) == [(reason, False)]
    assert clauses(calculator, **asked) == {reason: "bylaw.bylaw_1389.scope"}


# --- Cancellation


def test_the_working_of_a_refund_shows_each_deduction() -> None:
    # 12 % of 3,650,000 is 438,000; 100 days of 10,000 a day
    asked = {**GOLDEN, "days_used": 100, "periodic_services_rial": 12_000}
    found = result("cancellation_refund", **asked)
    assert (found["accepted"], found["reason"]) == (True, None)
    assert working("cancellation_refund", **asked) == [
        ("cancellation_fixed", 438_000), ("cancellation_by_day", 1_000_000),
        ("cancellation_services", 12_000), ("cancellation_refund", 2_200_000),
    ]  # fmt: skip
    assert working("cancellation_refund", **asked, obtained_from="organisation") == [
        ("refund_of_organisation", 0)
    ]
    assert working("cancellation_refund", **asked, open_work_order=True) == [("cancellation_refused", False)]


def test_days_told_in_figures_hold_beside_a_first_day_that_chooses_the_booklet() -> None:
    asked = {**GOLDEN, "days_used": 5, "started_on": "1392-01-01"}
    assert result("cancellation_refund", **asked)["refund_rial"] == 3_162_000


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"days_used": 321}, set()),
        ({"days_used": 322}, {"refund_used_up"}),
        ({"days_used": 322, "obtained_from": "organisation"}, set()),
        ({"days_used": 1, "obtained_from": "organisation"}, set()),
        ({"days_used": 1, "paid_rial": 3_649_999}, {"refund_counts_the_list_price"}),
        ({"days_used": 1, "paid_rial": 3_650_001}, set()),
    ],
)
def test_a_refund_says_where_nothing_is_left_and_that_the_list_price_counts(
    more: dict[str, object], said: set[str]
) -> None:
    assert notices("cancellation_refund", **{**GOLDEN, **more}) == {"refund_formula_damaged", *said}


def test_the_curve_of_a_dated_card_runs_over_the_year_and_not_over_its_dates() -> None:
    fields = {**GOLDEN, "started_on": "1392-01-01", "on": "1392-01-11"}
    curve = refund_by_day(CancellationRefundRequest.model_validate(fields))
    assert (curve[0], curve[10], curve[100]) == ((0, 3_212_000), (10, 3_112_000), (100, 2_212_000))


# --- Downtime


def test_the_working_of_a_downtime_shows_the_days_the_delay_the_cap_and_the_rate() -> None:
    # 1 admission; 2 and 3 before the papers; 7 a Friday; 11 after completion; 12 release: six days are left
    asked = {
        **REPAIR, "released_on": "1403-02-12", "papers_complete_on": "1403-02-04", "owner_delay_days": 2,
        "expert_days": 3,
    }  # fmt: skip
    assert working("card_downtime", **asked) == [
        ("day_admission", 1), ("day_before_papers", 2), ("day_counted", 3), ("day_holiday", 1),
        ("day_counted", 3), ("day_after_completion", 1), ("day_release", 1), ("owner_delay", -2),
        ("expert_days", 3), ("payable_days", 3), ("daily_rate", 150_000), ("downtime_amount", 450_000),
    ]  # fmt: skip
    assert clauses("card_downtime", **asked) == {
        "day_admission": "emdad.ssa005_14.p3.7_1_1", "day_before_papers": "emdad.ssa005_14.p3.7_2_7",
        "day_counted": "emdad.ssa005_14.p3.7_1_1", "day_holiday": "emdad.ssa005_14.p3.7_2_11",
        "day_after_completion": "emdad.ssa005_14.p3.7_2_6", "day_release": "emdad.ssa005_14.p3.7_1_1",
        "owner_delay": "emdad.ssa005_14.p3.7_2_9", "expert_days": "emdad.ssa005_14.p3.7_1_1", "payable_days": "emdad.ssa005_14.p3.7_1_1",
        "daily_rate": clauses("card_downtime", **REPAIR)["daily_rate"], "downtime_amount": "emdad.ssa005_14.p3.7_1_2",
    }  # fmt: skip
    plain = [key for key, _ in working("card_downtime", **REPAIR) if not key.startswith("day_")]
    assert plain == ["payable_days", "daily_rate", "downtime_amount"]


@pytest.mark.parametrize(("level", "daily"), [("three_star", 100_000), ("four_star", 150_000)])
def test_the_daily_rate_is_that_of_the_level(level: str, daily: int) -> None:
    found = result("card_downtime", **{**REPAIR, "level": level})
    assert (found["daily_rial"], found["amount_rial"]) == (daily, 7 * daily)


@pytest.mark.parametrize(("delay", "days"), [(6, 1), (7, 0), (8, 0)])
def test_the_owners_delay_takes_at_most_all_the_days(delay: int, days: int) -> None:
    found = result("card_downtime", **REPAIR, owner_delay_days=delay)
    assert (found["payable_days"], found["amount_rial"]) == (days, days * 150_000)


@pytest.mark.parametrize("days", [1, 2])
def test_forty_eight_hours_read_as_taken_off_leave_nothing_of_two_days(days: int) -> None:
    assert alternatives("card_downtime", "A-13", **REPAIR, expert_days=days) == [
        {"payable_days": 0, "amount_rial": 0}
    ]


def test_a_downtime_that_is_refused_has_no_day_no_rate_and_no_money() -> None:
    found = result("card_downtime", **REPAIR, changed_mind=True)
    assert (found["payable_days"], found["daily_rial"], found["amount_rial"]) == (0, None, None)
    assert working("card_downtime", **REPAIR, changed_mind=True)[-1] == ("downtime_not_paid", False)


def test_a_car_released_on_the_day_of_completion_owes_no_parking() -> None:
    assert notices("card_downtime", **REPAIR) == {"paid_to_the_registered_owner"}


def test_a_car_completed_on_the_day_of_its_admission_stood_for_no_hours() -> None:
    same = {"admitted_on": "1403-02-01", "completed_on": "1403-02-01", "released_on": "1403-02-01"}
    assert result("card_downtime", level="four_star", **same)["reason"] == "not_over_48_hours"


@pytest.mark.parametrize(
    ("calculator", "first", "last", "more"),
    [
        ("card_downtime", "admitted_on", "released_on", {"level": "four_star", "completed_on": "2021-03-25"}),
        ("stop_compensation", "admitted_on", "ready_on", {"vehicle_class": "van", "contract_price_rial": 1}),
        ("legal_deadline", "since", "acted_on", {"rule": "complaint"}),
    ],
)
def test_a_thousand_days_are_counted_and_a_day_more_is_a_typing_error(
    calculator: str, first: str, last: str, more: dict[str, object]
) -> None:
    """From 2021-03-21, 1000 days later it is 2023-12-16."""
    assert date(2023, 12, 16).toordinal() - date(2021, 3, 21).toordinal() == MAX_STAY_DAYS
    asked = {**more, first: "2021-03-21"}
    assert response(calculator, **asked, **{last: "2023-12-16"})["ok"]
    (error,) = response(calculator, **asked, **{last: "2023-12-17"})["errors"]
    assert (error["field"], error["code"]) == (last, "stay_too_long")
    assert "1000" in error["message"]["en"].replace(",", "")


# --- Renewal


@pytest.mark.parametrize(
    ("more", "steps"),
    [
        ({}, [("renewed_in_time", "1392-07-29"), ("renewal_fee", 1005)]),
        (
            {"renewed_on": "1392-07-30", "legal_entity": True, "grounds": ["cash_payment"]},
            [
                ("discount_ground", True), ("renewed_late", "1392-08-01"), ("legal_entity", 10),
                ("renewal_fee", 1106),
            ],
        ),
        ({"kind": "mobile", "renewed_on": "1392-07-30"}, [("renewal_fee", 1005)]),
    ],
)  # fmt: skip
def test_the_working_of_a_renewal_shows_what_is_added_and_from_when(
    more: dict[str, object], steps: list[tuple[str, object]]
) -> None:
    asked = {**RENEWAL, **more}
    assert working("renewal", **asked) == steps
    assert result("renewal", **asked)["fee_rial"] == steps[-1][1]


def test_a_mobile_card_has_no_day_of_activation() -> None:
    found = result("renewal", **{**RENEWAL, "kind": "mobile"})
    assert (found["inspection_required"], found["active_from_end_of"]) == (None, None)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, set()),
        ({"renewed_on": "1392-07-30"}, {"defects_seen_are_excluded"}),
        ({"grounds": ["cash_payment"]}, {"discounts_without_percent"}),
        ({"kind": "mobile", "renewed_on": "1392-07-30"}, {"renewal_of_mobile_is_silent"}),
    ],
)
def test_a_renewal_says_what_is_open(more: dict[str, object], said: set[str]) -> None:
    assert notices("renewal", **{**RENEWAL, **more}) == {"ask_after_48_hours", *said}


# --- Validity and late claims


@pytest.mark.parametrize(
    ("more", "steps", "clause"),
    [
        (
            {"kind": "golden"},
            [("validity_days", 365), ("last_day", "1392-08-29")],
            "emdad.ssa005_14.p3.1_validity",
        ),
        ({"kind": "mobile"}, [("validity_days", 365), ("last_day", "1392-08-29")], "emdad.ssa005_14.p5.1_2"),
        (
            {"kind": "golden", "factory_enrolled": True},
            [("validity_days", 365), ("last_day", "1392-08-29")],
            "emdad.ssa005_14.p3.1_validity",
        ),
        (
            {"kind": "mobile", "factory_enrolled": True},
            [("validity_years", 2), ("last_day", "1393-08-30")],
            "emdad.ssa005_14.p5.1_1",
        ),
    ],
)
def test_two_years_are_those_of_a_mobile_card_that_the_factory_enrolled(
    more: dict[str, object], steps: list[tuple[str, object]], clause: str
) -> None:
    """1391 is a leap year: 365 days from 1 Azar end on 29 Aban."""
    asked = {"started_on": "1391-09-01", **more}
    assert working("subscription_validity", **asked) == steps
    assert set(clauses("subscription_validity", **asked).values()) == {clause}


@pytest.mark.parametrize(
    ("fields", "limit", "unit", "accepted", "said"),
    [
        (CLAIM, 15, "day", True, set()),
        ({**CLAIM, "on": "1392-08-15"}, 15, "day", False, set()),
        ({**CLAIM, "kind": "service"}, 2, "month", True, {"growth_by_delay_excluded"}),
        ({**CLAIM, "kind": "replacement"}, 6, "month", True, {"growth_by_delay_excluded"}),
    ],
)
def test_the_working_of_a_late_claim_shows_the_limit_and_the_last_day(
    fields: dict[str, object], limit: int, unit: str, *, accepted: bool, said: set[str]
) -> None:
    last = result("late_claim", **fields)["deadline"]
    assert working("late_claim", **fields) == [
        ("late_claim_limit", limit), ("deadline", last), ("late_claim_accepted", accepted),
    ]  # fmt: skip
    assert response("late_claim", **fields)["steps"][0]["unit"] == unit
    assert notices("late_claim", **fields) == said


def test_on_the_last_day_of_the_card_no_file_is_needed() -> None:
    asked = {"kind": "service", "expired_on": "1392-07-29", "file_opened_in_time": False, "evidence": False}
    assert result("late_claim", **asked, on="1392-07-29")["accepted"] is True
    assert result("late_claim", **asked, on="1392-07-30")["reason"] == "no_file"


# --- Total theft


def test_the_working_of_a_theft_shows_value_share_and_what_is_paid() -> None:
    # 0.81 of 250 million is 202.5; 30 % is 75; 75 + 250 - 202.5
    asked = {**THEFT, "car_year": 2, "negligent": True}
    assert working("total_theft", **asked) == [
        ("age_coefficient", "0.81"), ("value_before", 202_500_000), ("base_share", 20), ("negligence", 10),
        ("theft_share", 75_000_000), ("theft_pays", 122_500_000),
    ]  # fmt: skip
    assert clauses("total_theft", **asked)["theft_share"] == "emdad.ssa005_14.table_4"
    assert inputs("total_theft", "theft_pays", **asked) == {
        "requested_price_rial": 250_000_000, "value_before_rial": 202_500_000,
    }  # fmt: skip


def test_a_theft_that_is_not_covered_still_has_its_days() -> None:
    """1 Farvardin and 20 days; 2 Farvardin and 60 days."""
    days = {"delivered_on": "1391-08-10", "stolen_on": "1392-01-01", "reported_on": "1392-01-02"}
    asked = {**THEFT, "level": "mobile", **days}
    found = result("total_theft", **asked)
    assert (found["notice_after"], found["letter_after"]) == ("1392-01-21", "1392-02-31")
    assert working("total_theft", **asked) == [
        ("theft_not_covered", False), ("theft_notice_after", "1392-01-21"),
        ("theft_letter_after", "1392-02-31"),
    ]  # fmt: skip


def test_a_cheap_car_in_place_of_a_stolen_one_costs_nothing_and_brings_nothing() -> None:
    # 50 + 100 - 202.5 million lies below nothing
    asked = {**THEFT, "requested_price_rial": 100_000_000, "car_year": 2}
    assert result("total_theft", **asked)["customer_pays_rial"] == 0


def test_a_car_may_be_stolen_on_the_day_of_its_delivery() -> None:
    days = {"delivered_on": "1391-08-10", "stolen_on": "1391-08-10"}
    assert result("total_theft", **THEFT, **days)["age_coefficient"] == "0.94"


def test_one_day_alone_gives_no_age_and_a_year_needs_no_day() -> None:
    assert errors("total_theft", **THEFT, delivered_on="1391-08-10") == {("car_year", "age_or_dates")}
    assert result("total_theft", **THEFT, delivered_on="1391-08-10", car_year=3)["age_coefficient"] == "0.76"


def test_the_day_of_the_theft_read_as_that_of_the_age_also_asks_for_a_first_years_papers() -> None:
    # 0.90 of 250 million is 225; 50 + 250 - 225
    days = {"delivered_on": "1391-08-10", "stolen_on": "1392-08-09", "reported_on": "1392-08-10"}
    assert "guarantee_card" not in result("total_theft", **THEFT, **days)["documents"]
    (other,) = alternatives("total_theft", "A-33", **THEFT, **days)
    assert (other["customer_pays_rial"], "guarantee_card" in other["documents"]) == (75_000_000, True)


@pytest.mark.parametrize(
    ("age", "said"),
    [({"car_year": 2}, True), ({"delivered_on": "1391-08-10", "stolen_on": "1392-01-01"}, False)],
)
def test_a_year_told_in_figures_is_said_to_run_from_delivery(age: dict[str, object], *, said: bool) -> None:
    assert ("years_from_delivery" in notices("total_theft", **THEFT, **age)) is said
    assert {"transfer_costs_are_yours", "police_file_is_required"} <= notices("total_theft", **THEFT, **age)


# --- Replacement


def test_the_working_of_a_replacement_shows_share_remittance_and_what_is_paid() -> None:
    # 20 % and twice 10 of 90 million is 36; 200 - 90 + 36; 90 % of 50,000,005 is 45,000,004.5
    liable = {"third_party_at_fault": True, "received_from_liable_rial": 50_000_005}
    assert working("vehicle_replacement", **LOSS, prior_incidents=2, **liable) == [
        ("total_loss", True), ("replaced_for_total_loss", True), ("base_share", 20),
        ("earlier_incidents", 20), ("share_percent", 40), ("replacement_share", 36_000_000), ("remit", 45_000_005), ("replacement_pays", 146_000_000),
    ]  # fmt: skip
    assert clauses("vehicle_replacement", **LOSS)["replacement_share"] == "emdad.ssa005_14.table_4"
    assert inputs("vehicle_replacement", "replacement_pays", **LOSS, prior_incidents=2) == {
        "new_price_rial": 200_000_000, "credit_rial": 54_000_000,
    }  # fmt: skip


def test_without_earlier_events_and_without_a_liable_side_the_working_is_shorter() -> None:
    asked = {**LOSS, "received_from_liable_rial": 5}
    assert working("vehicle_replacement", **asked) == [
        ("total_loss", True), ("replaced_for_total_loss", True), ("base_share", 20), ("share_percent", 20),
        ("replacement_share", 18_000_000), ("replacement_pays", 128_000_000),
    ]  # fmt: skip
    assert result("vehicle_replacement", **asked)["remit_to_company_rial"] == 0


def test_a_new_car_cheaper_than_the_damage_costs_nothing_and_brings_nothing() -> None:
    assert result("vehicle_replacement", **{**LOSS, "new_price_rial": 50_000_000})["customer_pays_rial"] == 0


def test_a_refusal_still_says_whether_the_car_is_a_total_loss() -> None:
    asked = {**LOSS, "repairs_started": True}
    assert result("vehicle_replacement", **asked)["total_loss"] is True
    assert working("vehicle_replacement", **asked) == [("total_loss", True), ("not_replaced", False)]
    assert result("vehicle_replacement", **{**asked, "damage_rial": 1})["total_loss"] is False


@pytest.mark.parametrize(
    ("more", "total"),
    [({}, False), ({"rebuildable": False}, True), ({"repair_time_excessive": True}, True)],
)
def test_each_ground_of_a_total_loss_stands_alone(more: dict[str, object], *, total: bool) -> None:
    assert result("vehicle_replacement", **{**LOSS, "damage_rial": 1}, **more)["total_loss"] is total


CULPRIT = {
    "culprit_policy_and_endorsement_copy", "remittance_slip_and_cheque_copy",
    "culprit_vehicle_card_or_title_copy", "notarial_assignment_of_third_party_rights", "culprit_licence_copy",
}  # fmt: skip
ABOVE_COUPON = {"non_settlement_sketch", "securing_of_evidence_petition"}


@pytest.mark.parametrize(
    ("more", "added"),
    [
        ({"above_coupon": True}, set()),
        ({"third_party_at_fault": True}, CULPRIT),
        ({"third_party_at_fault": True, "above_coupon": True}, CULPRIT | ABOVE_COUPON),
    ],
)
def test_a_culprit_adds_papers_to_a_replacement_and_a_damage_above_the_coupon_two_more(
    more: dict[str, object], added: set[str]
) -> None:
    plain = result("vehicle_replacement", **LOSS)["documents"]
    assert set(result("vehicle_replacement", **LOSS, **more)["documents"]) - set(plain) == added
    assert not (CULPRIT | ABOVE_COUPON) & set(plain)


@pytest.mark.parametrize(
    ("more", "said"),
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
def test_a_replacement_says_what_it_brings_with_it(more: dict[str, object], said: set[str]) -> None:
    always = {"first_payment_on_account", "loss_of_value_is_yours", "formula_turned_round"}
    assert notices("vehicle_replacement", **{**LOSS, **more}) == always | said


# --- A recovered car


def test_the_working_of_a_recovered_car_begins_with_the_limit_and_ends_with_the_share() -> None:
    steps = working("recovered_vehicle", **RECOVERED, prior_incidents=2)
    assert (steps[0], steps[-1]) == (("below_limit", True), ("subscriber_pays", 300))
    asked = {**RECOVERED, "repair_cost_rial": 6000}
    assert working("recovered_vehicle", **asked) == [("below_limit", False)]
    found = result("recovered_vehicle", **asked)
    assert (found["subscriber_pays_rial"], found["company_pays_rial"]) == (6000, 0)


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (5_999, {"expert_confirms_rebuilding", "recovered_under_limit"}),
        (6_000, {"expert_confirms_rebuilding", "exactly_at_the_limit", "replacement_instead"}),
        (6_001, {"expert_confirms_rebuilding", "replacement_instead"}),
    ],
)
def test_a_recovered_car_at_its_limit_is_left_to_the_expert(cost: int, said: set[str]) -> None:
    assert notices("recovered_vehicle", **{**RECOVERED, "repair_cost_rial": cost}) == said


@pytest.mark.parametrize(("exclusion", "reason"), [("racing", "racing"), ("police_pursuit", None)])
def test_an_exclusion_bars_a_recovered_car_but_a_pursuit_of_the_thief_does_not(
    exclusion: str, reason: str | None
) -> None:
    found = result("recovered_vehicle", **RECOVERED, exclusions=[exclusion])
    assert (found["reason"], found["repair_allowed"]) == (reason, reason is None)


# --- A tyre under the card


def test_the_working_of_a_tyre_shows_wear_share_and_what_is_paid() -> None:
    # 20 % of 2,000,000 is worn; 10 % and five times 10 of the other 1,600,000 is 960,000
    asked = {**TYRE, "prior_incidents": 5}
    found = result("card_tyre", **asked)
    assert (found["share_percent"], found["subscriber_pays_rial"], found["company_pays_rial"]) == (
        60, 1_360_000, 640_000,
    )  # fmt: skip
    assert working("card_tyre", **asked) == [
        ("tyre_wear", 20), ("tyre_benefit", False), ("tyre_share", 60), ("tyre_worn", 400_000),
        ("tyre_pays", 1_360_000),
    ]  # fmt: skip


def test_a_tyres_wear_by_completed_steps_and_the_share_of_the_whole_price_are_the_other_readings() -> None:
    # one step is complete: 200,000 and 60 % of 1,800,000; or 400,000 and 60 % of 2,000,000
    assert alternatives("card_tyre", "A-9", **TYRE, prior_incidents=5) == [
        {
            "wear_percent": 10, "wear_rial": 200_000, "subscriber_pays_rial": 1_280_000,
            "company_pays_rial": 720_000,
        },
        {"subscriber_pays_rial": 1_600_000, "company_pays_rial": 400_000},
    ]  # fmt: skip


def test_a_lone_tyre_without_a_record_is_the_subscribers_and_the_benefit_stays() -> None:
    asked = {**TYRE, "level": "four_star", "km_in_period": 60_000, "only_tyre_damaged": True}
    found = result("card_tyre", **asked)
    assert (found["wear_percent"], found["wear_rial"], found["replacement_benefit"]) == (20, 400_000, True)
    assert (found["subscriber_pays_rial"], found["company_pays_rial"]) == (2_000_000, 0)
    assert working("card_tyre", **asked) == [
        ("tyre_wear", 20), ("tyre_benefit", True), ("tyre_not_covered", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, set()),
        ({"only_tyre_damaged": True}, set()),
        ({"only_tyre_damaged": True, "police_report": True}, {"lone_tyre_needs_a_record"}),
        ({"level": "four_star", "km_in_period": 60_000}, {"tyre_after_km_in_period"}),
    ],
)
def test_a_tyre_says_what_it_needs_and_what_it_brings(more: dict[str, object], said: set[str]) -> None:
    assert notices("card_tyre", **{**TYRE, **more}) == said


# --- Buying


def test_the_working_of_a_late_delivery_shows_the_rate_and_the_profit_that_goes_on() -> None:
    # 1 % of 100 million in 30 days; 36.5 % a year is 3 % in 30 days; by the year 12 x 30 / 365 of a percent
    assert working("delivery_delay", **DELAY) == [
        ("late_percent", "1"), ("late_rial", 1_000_000), ("profit_goes_on", 3_000_000),
        ("delay_amount", 4_000_000),
    ]  # fmt: skip
    assert result("delivery_delay", **DELAY)["profit_rial"] == 3_000_000
    assert alternatives("delivery_delay", "A-20", **DELAY) == [{"amount_rial": 3_986_301}]
    immediate = {**DELAY, "method": "immediate"}
    assert working("delivery_delay", **immediate) == [
        ("late_percent", "2.5"), ("late_rial", 2_500_000), ("delay_amount", 2_500_000),
    ]  # fmt: skip
    assert result("delivery_delay", **immediate)["profit_rial"] == 0


def test_the_working_of_a_profit_shows_the_percent_and_a_sale_without_profit_says_so() -> None:
    assert working("participation_profit", **PROFIT) == [
        ("annual_percent", "18"), ("participation_profit", 18_000_000),
    ]  # fmt: skip
    assert notices("participation_profit", **PROFIT) == {"least_profit_is_the_banks"}
    immediate = {**PROFIT, "method": "immediate"}
    assert working("participation_profit", **immediate) == [("no_participation", False)]
    found = result("participation_profit", **immediate)
    assert found == {"edition": "bylaw_1395", "reason": "no_participation", "amount_rial": None}


def test_the_working_of_a_withdrawal_shows_the_rate_and_both_interests() -> None:
    # 18 less 3 points; 73 days of 15 % of 200 million are 6 million; 93 days are 73 more than 20
    asked = {**WITHDRAWAL, "repaid_after_days": 93}
    found = result("withdrawal_interest", **asked)
    assert (found["reason"], found["eligible"], found["total_rial"]) == (None, True, 12_000_000)
    assert working("withdrawal_interest", **asked) == [
        ("withdrawal_from", "1403-02-15"), ("withdrawal_rate", "15"), ("withdrawal_interest", 6_000_000),
        ("late_interest", 6_000_000), ("withdrawal_total", 12_000_000),
    ]  # fmt: skip
    assert "late_interest" not in clauses("withdrawal_interest", **WITHDRAWAL)
    early = {**asked, "withdrawn_on": "1403-02-14"}
    found = result("withdrawal_interest", **early)
    assert (found["reason"], found["interest_rial"], found["total_rial"]) == (
        "before_one_month",
        0,
        6_000_000,
    )


@pytest.mark.parametrize(("percent", "interest", "other"), [("2", 0, 776_000), ("3.5", 200_000, 1_358_000)])
def test_the_least_rate_of_a_withdrawal_never_falls_below_nothing(
    percent: str, interest: int, other: int
) -> None:
    """73 days are a fifth of a year; three percent of the rate leave 1.94 and 3.395."""
    asked = {**WITHDRAWAL, "one_year_deposit_percent": percent}
    assert result("withdrawal_interest", **asked)["interest_rial"] == interest
    assert alternatives("withdrawal_interest", "A-20", **asked)[0]["interest_rial"] == other


@pytest.mark.parametrize(
    ("days", "said"), [(20, {"money_back_within"}), (21, {"money_back_within", "repaid_late"})]
)
def test_a_withdrawal_says_when_the_money_is_due(days: int, said: set[str]) -> None:
    found = response("withdrawal_interest", **WITHDRAWAL, repaid_after_days=days)["notices"]
    assert {each["key"] for each in found} == said
    assert [each["params"] for each in found] == [{"days": each} for each in (20, 21)[: len(said)]]


# --- Deadlines


@pytest.mark.parametrize(
    ("rule", "key", "limit", "in_time"),
    [("complaint", "deadline_within", 20, True), ("stop_payment", "deadline_below", 15, False)],
)
def test_the_working_of_a_deadline_says_whether_the_last_day_counts(
    rule: str, key: str, limit: int, *, in_time: bool
) -> None:
    asked = {"rule": rule, "since": "1403-07-01", "acted_on": "1403-07-21"}
    assert working("legal_deadline", **asked) == [(key, limit), ("on_time", in_time)]
    assert inputs("legal_deadline", "on_time", **asked) == {"days": 20}
    assert notices("legal_deadline", **asked) == set()


@pytest.mark.parametrize(
    ("day", "edition", "reason"),
    [("1389-02-28", None, "no_edition"), ("1395-01-21", "bylaw_1389", "no_deadline")],
)
def test_a_by_law_without_the_deadline_is_named(day: str, edition: str | None, reason: str) -> None:
    asked = {"rule": "complaint", "days": 3, "on": day}
    found = result("legal_deadline", **asked)
    assert (found["edition"], found["reason"]) == (edition, reason)
    assert working("legal_deadline", **asked) == [(reason, False)]
    assert clauses("legal_deadline", **asked) == {reason: "bylaw.bylaw_1389.scope"}


def test_one_day_alone_is_no_span_and_a_span_may_be_of_no_days() -> None:
    day = "1403-07-01"
    assert errors("legal_deadline", rule="complaint", since=day) == {("days", "days_or_dates")}
    assert errors("legal_deadline", rule="complaint", acted_on=day) == {("days", "days_or_dates")}
    for asked in ({"since": day, "acted_on": day}, {"days": 0}):
        assert result("legal_deadline", rule="complaint", **asked)["on_time"] is True
        assert inputs("legal_deadline", "on_time", rule="complaint", **asked) == {"days": 0}


def test_days_told_in_figures_hold_beside_a_first_day_that_gives_the_last() -> None:
    found = result("legal_deadline", rule="complaint", days=21, since="1403-07-01")
    assert (found["on_time"], found["last_day"]) == (False, "1403-07-21")


# --- What the pages list


def test_the_events_are_grouped_as_people_think_of_them() -> None:
    groups = events_by_group()
    assert {name: len(events) for name, events in groups.items()} == {
        "crash": 6, "nature": 6, "fire_and_debris": 4, "theft_and_repair": 5,
    }  # fmt: skip
    assert groups["fire_and_debris"] == ["fire", "explosion", "falling_debris", "chemical_spill"]


def test_the_exclusions_of_a_damage_are_all_but_the_two_of_a_stolen_car() -> None:
    stolen = {"no_plates", "breach_of_trust"}
    assert set(damage_exclusions()) == set(exclusions()) - stolen


# --- A stop


def test_the_working_of_a_stop_shows_days_rate_extension_and_price() -> None:
    # Saturday 1 Ordibehesht 1403: grace on the 2nd and 3rd, then seven days of 0.0015 of a thousand million
    assert working("stop_compensation", **STOP) == [
        ("day_admission", 1), ("day_grace", 2), ("day_counted", 6), ("day_completion", 1),
        ("payable_days", 7), ("stop_rate", "0.0015"), ("warranty_extension", 9),
        ("stop_price", 1_000_000_000), ("stop_amount", 10_500_000),
    ]  # fmt: skip
    found = result("stop_compensation", **STOP)
    assert (found["edition"], found["payable_days"], found["amount_rial"]) == ("bylaw_1395", 7, 10_500_000)
    assert found["warranty_extension_days"] == 9


def test_a_defect_that_came_back_is_counted_on_its_own_clause() -> None:
    for repeat, clause in ((True, "bylaw.bylaw_1395.a17_n2"), (False, "bylaw.bylaw_1395.a17_n1")):
        found = clauses("stop_compensation", **STOP, repeat_defect=repeat)
        assert found["payable_days"] == clause


def test_the_working_of_a_supplement_shows_the_days_above_thirty() -> None:
    asked = {
        "vehicle_class": "truck", "contract_price_rial": 1_000_000_000, "payable_days": 31,
        "edition": "bylaw_1395",
    }  # fmt: skip
    plain = [("payable_days", 31), ("stop_rate", "0.001")]
    assert working("stop_compensation", **asked, written_consent=True) == [
        *plain, ("stop_surcharge", "0.0002"), ("stop_price", 1_000_000_000), ("stop_amount", 31_200_000),
    ]  # fmt: skip
    assert inputs("stop_compensation", "stop_surcharge", **asked, written_consent=True) == {
        "days": 1, "after": 30,
    }  # fmt: skip
    assert working("stop_compensation", **asked) == [
        *plain, ("stop_price", 1_000_000_000), ("stop_amount", 31_000_000),
    ]  # fmt: skip
    assert alternatives("stop_compensation", "A-13", **asked) == [{"amount_rial": 31_200_000}]
    assert alternatives("stop_compensation", "A-13", **asked, written_consent=True) == []


@pytest.mark.parametrize(
    ("days", "more", "said"),
    [
        (30, {}, False), (31, {}, True), (31, {"written_consent": True}, False),
        (31, {"vehicle_class": "passenger"}, False), (0, {}, False),
    ],
)  # fmt: skip
def test_consent_brings_more_to_a_heavy_vehicle_above_thirty_days(
    days: int, more: dict[str, object], *, said: bool
) -> None:
    asked = {
        "vehicle_class": "truck",
        "contract_price_rial": 1,
        "edition": "bylaw_1395",
        "payable_days": days,
    }
    assert ("consent_brings_more" in notices("stop_compensation", **{**asked, **more})) is said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, {"law_gives_a_substitute_car", "stop_payment_is_due"}),
        ({"ready_on": "1403-02-04"}, {"law_gives_a_substitute_car", "stop_payment_is_due"}),
        ({"ready_on": "1403-02-03"}, set()),
        ({"substitute_provided": True}, set()),
        ({"cause": "accident"}, set()),
        ({"standard_days": 30}, {"law_gives_a_substitute_car"}),
        ({"admitted_on": "1394-02-01", "ready_on": "1394-02-10"}, {"law_gives_a_substitute_car"}),
    ],
)
def test_a_stop_says_that_the_act_gives_a_car_above_48_hours_and_when_money_is_due(
    more: dict[str, object], said: set[str]
) -> None:
    found = response("stop_compensation", **{**STOP, **more})["notices"]
    assert {each["key"] for each in found} == said
    params = {"law_gives_a_substitute_car": {"hours": 48}, "stop_payment_is_due": {"days": 15}}
    assert all(each["params"] == params[each["key"]] for each in found)


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
def test_a_stop_that_is_not_paid_keeps_its_days_its_by_law_and_its_extension(
    more: dict[str, object], reason: str, extension: int
) -> None:
    """By the older by-law the days after the grace are added: of nine, Wednesday and Thursday are grace."""
    asked = {**STOP, **more}
    found = result("stop_compensation", **asked)
    edition = "bylaw_1389" if "admitted_on" in more else "bylaw_1395"
    assert (found["edition"], found["reason"], len(found["days"])) == (edition, reason, 10)
    assert (found["payable_days"], found["amount_rial"]) == (None, None)
    assert found["warranty_extension_days"] == extension
    assert working("stop_compensation", **asked)[-1] == ("stop_not_paid", False)


def test_the_other_readings_of_an_older_stop_keep_the_digits_that_were_chosen() -> None:
    # Tuesday 1 Ordibehesht 1394: five working days to Monday the 7th, a Friday between; three days are left
    asked = {
        **STOP, "admitted_on": "1394-02-01", "ready_on": "1394-02-10", "standard_days": 5, "basis": "digits",
    }  # fmt: skip
    found = result("stop_compensation", **asked)
    assert (found["payable_days"], found["amount_rial"], found["warranty_extension_days"]) == (
        3,
        4_500_000,
        3,
    )
    assert [each["amount_rial"] for each in alternatives("stop_compensation", "A-11", **asked)] == [3_000_000]
    other = [
        (each["payable_days"], each["amount_rial"])
        for each in alternatives("stop_compensation", "A-13", **asked)
    ]
    assert other == [(7, 10_500_000), (4, 6_000_000)]
    assert alternatives("stop_compensation", "A-31", **asked) == [{"warranty_extension_days": 9}]


def test_a_car_ready_on_the_day_of_its_admission_is_owed_nothing() -> None:
    found = result("stop_compensation", **{**STOP, "ready_on": "1403-02-01"})
    assert (found["payable_days"], found["amount_rial"], found["warranty_extension_days"]) == (0, 0, 0)


def test_no_by_law_before_the_first_and_the_working_says_only_that() -> None:
    asked = {**STOP, "admitted_on": "1389-02-01", "ready_on": "1389-02-10"}
    found = result("stop_compensation", **asked)
    assert (found["edition"], found["warranty_extension_days"], found["days"]) == (None, None, [])
    assert working("stop_compensation", **asked) == [("no_edition", False)]


def test_a_stay_across_two_by_laws_says_from_when_the_later_holds() -> None:
    asked = {**STOP, "admitted_on": "1395-01-21", "ready_on": "1395-02-01"}
    found = response("stop_compensation", **asked)
    (said,) = [each for each in found["notices"] if each["key"] == "stay_crosses_bylaws"]
    assert (said["params"], said["clause"]) == ({"from": "1395-01-22"}, "bylaw.bylaw_1395.a17_n1")
    (other,) = [each for each in found["alternatives"] if each["reading"] == "A-12"]
    assert other["clause"] == "bylaw.bylaw_1395.a17_n1"


@pytest.mark.parametrize(("days", "amount"), [(29, 29_000_000), (30, 30_000_000), (32, 32_400_000)])
def test_a_supplement_begins_after_thirty_days_and_takes_nothing_before(days: int, amount: int) -> None:
    asked = {"vehicle_class": "truck", "contract_price_rial": 1_000_000_000, "edition": "bylaw_1395"}
    found = result("stop_compensation", **asked, payable_days=days, written_consent=True)
    assert found["amount_rial"] == amount


def test_a_run_of_days_shows_its_first_and_its_last() -> None:
    assert inputs("stop_compensation", "day_counted", **STOP) == {"from": "1403-02-04", "to": "1403-02-09"}


def test_a_by_law_that_is_chosen_answers_for_the_whole_stay() -> None:
    asked = {**STOP, "edition": "bylaw_1389"}
    assert "stay_crosses_bylaws" not in notices("stop_compensation", **asked)
    assert alternatives("stop_compensation", "A-12", **asked) == []


def test_the_days_after_the_grace_are_the_other_reading_of_the_extension() -> None:
    assert alternatives("stop_compensation", "A-31", **STOP) == [{"warranty_extension_days": 7}]


# --- The calendar


def test_a_lunar_holiday_that_is_only_estimated_is_said_with_its_day() -> None:
    """16 Dey 1405, the first day whose date the library estimates."""
    asked = {**STOP, "admitted_on": "1405-10-14", "ready_on": "1405-10-20"}
    del asked["holidays"]
    found = response("stop_compensation", **asked)
    assert [day["day"] for day in found["result"]["days"] if day["estimated"]] == ["1405-10-16"]
    said = [each["params"] for each in found["notices"] if each["key"] == "holidays_are_estimated"]
    assert said == [{"first": "1405-10-16"}]


@pytest.mark.parametrize(("year", "said"), [(1403, False), (1485, True)])
def test_a_year_without_known_holidays_is_said(year: int, *, said: bool) -> None:
    asked = {**STOP, "admitted_on": f"{year}-02-01", "ready_on": f"{year}-02-10"}
    del asked["holidays"]
    assert ("calendar_not_known" in notices("stop_compensation", **asked)) is said
    assert "calendar_not_known" not in notices("stop_compensation", **asked, holidays=[]), "the request knows"


def test_a_holiday_of_the_library_has_its_name_in_both_languages() -> None:
    found = WorkCalendar().holiday(date(2024, 2, 11))
    assert found is not None
    assert (found.source, found.estimated) == ("library", False)
    assert found.names == {"fa": "پیروزی انقلاب اسلامی", "en": "Islamic Revolution Day"}


def test_an_estimated_holiday_is_named_without_that_word() -> None:
    """16 Dey 1405."""
    found = WorkCalendar().holiday(date(2027, 1, 6))
    assert found is not None
    assert (found.estimated, found.names["en"]) == (True, "Isra' and Mi'raj")


def test_of_several_uncertain_days_the_first_is_named() -> None:
    """16 Dey and 4 Bahman 1405 are estimated; of 1485 nothing is known."""
    asked = {**STOP, "admitted_on": "1405-10-14", "ready_on": "1405-11-06"}
    late = {**STOP, "admitted_on": "1485-02-01", "ready_on": "1485-02-10"}
    for fields, key, first in (
        (asked, "holidays_are_estimated", "1405-10-16"), (late, "calendar_not_known", "1485-02-01"),
    ):  # fmt: skip
        del fields["holidays"]
        found = response("stop_compensation", **fields)["notices"]
        assert [each["params"] for each in found if each["key"] == key] == [{"first": first}]


@pytest.mark.parametrize(
    ("calculator", "fields", "clause"),
    [
        (
            "stop_compensation",
            {**STOP, "admitted_on": "1405-10-14", "ready_on": "1405-10-20"},
            "bylaw.bylaw_1395.a17",
        ),
        (
            "card_downtime",
            {
                "level": "four_star", "admitted_on": "1405-10-14", "completed_on": "1405-10-20",
                "released_on": "1405-10-20",
            },
            "emdad.ssa005_14.p3.7_1_1",
        ),
    ],
)  # fmt: skip
def test_an_estimated_holiday_is_said_on_the_clause_of_the_days(
    calculator: str, fields: dict[str, object], clause: str
) -> None:
    found = response(calculator, **{**fields, "holidays": None})["notices"]
    assert [each["clause"] for each in found if each["key"] == "holidays_are_estimated"] == [clause]


def test_a_friday_and_a_holiday_of_the_request_have_no_name() -> None:
    nameless = {"fa": "", "en": ""}
    for calendar, day in (
        (WorkCalendar(), date(2024, 4, 26)),
        (WorkCalendar(frozenset({date(2024, 4, 21)})), date(2024, 4, 21)),
    ):  # fmt: skip
        found = calendar.holiday(day)
        assert found is not None
        assert found.names == nameless


# --- Ages


def test_a_part_may_fail_on_its_first_day() -> None:
    day = "1403-02-01"
    assert result("part_warranty", maker="mvm_fx", part="battery", started_on=day, on=day, km=0)["covered"]


# --- A returned tyre

WORN = {
    "new_depth_mm": 10, "remaining_depth_mm": 5, "new_price_rial": 1_000_000, "kind": "radial_passenger",
    "made_on": "1400-05-01", "on": "1403-05-01",
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "steps", "last_clauses"),
    [
        (
            {},
            [("wear", "50"), ("band_pro_rata", "80"), ("under_years", 4), ("cause", True),
             ("credit", 500_000), ("customer_pays", 500_000)],
            ("iran_tire.page_1403.5_7", "iran_tire.page_1403.6"),
        ),
        (
            {"remaining_depth_mm": 8},
            [("wear", "20"), ("band_pro_rata", "80"), ("under_years", 4), ("cause", True),
             ("credit", 800_000), ("customer_pays", 200_000)],
            ("iran_tire.page_1403.5_7", "iran_tire.page_1403.6"),
        ),
        (
            {"remaining_depth_mm": 9},
            [("wear", "10"), ("band_free", "20"), ("under_years", 4), ("cause", True), ("credit", 1_000_000),
             ("customer_pays", 0)],
            ("iran_tire.page_1403.5_7_2", "iran_tire.page_1403.5_7_2"),
        ),
        (
            {"grade": 2, "grade2_price_rial": 800_000},
            [("wear", "50"), ("band_pro_rata", "80"), ("under_years", 4), ("cause", True),
             ("credit", 400_000), ("customer_pays", 600_000)],
            ("iran_tire.page_1403.5_7_3", "iran_tire.page_1403.5_7_3"),
        ),
    ],
)  # fmt: skip
def test_the_working_of_a_tyres_refund_shows_wear_band_age_and_credit(
    more: dict[str, object], steps: list[tuple[str, object]], last_clauses: tuple[str, str]
) -> None:
    asked = {**WORN, **more}
    assert working("tyre_refund", **asked) == steps
    found = clauses("tyre_refund", **asked)
    assert (found["credit"], found["customer_pays"]) == last_clauses
    assert inputs("tyre_refund", "under_years", **asked) == {
        "kind": "radial_passenger", "made_on": "1400-05-01", "last_day": "1404-04-31",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"cause": "impact"}, "impact"),
        ({"on": "1404-05-01"}, "too_old"),
        ({"remaining_depth_mm": 1}, "worn_too_far"),
    ],
)
def test_a_tyre_that_is_refused_still_has_its_edition_its_papers_and_its_last_day(
    more: dict[str, object], reason: str
) -> None:
    found = result("tyre_refund", **{**WORN, "person": "natural", **more})
    assert (found["edition"], found["reason"], found["last_day"]) == ("page_1403", reason, "1404-04-31")
    assert found["missing_documents"] == ["vehicle_card", "vehicle_title", "national_card"]
    assert (found["customer_pays_rial"], found["credit_rial"]) == (None, None)


def test_half_of_a_ten_thousandth_of_wear_is_rounded_up() -> None:
    # 0.000004 of 8 mm is 0.00005 percent
    asked = {"new_depth_mm": "8", "remaining_depth_mm": "7.999996", "new_price_rial": 1}
    assert result("tyre_refund", **asked)["wear_percent"] == "0.0001"


def test_the_curve_of_a_tyre_has_fifty_steps() -> None:
    tyre = TyreRefundRequest(new_depth_mm=Decimal(10), remaining_depth_mm=Decimal(5), new_price_rial=1000)
    curve = payment_curve(tyre)
    assert (len(curve), curve[25].remaining_depth_mm, curve[25].customer_pays_rial) == (51, Decimal(5), 500)


# --- A share that is refused


def test_the_working_of_a_refused_share_ends_with_the_whole_damage() -> None:
    asked = {"level": "two_star", "event": "key_theft", "damage_rial": 1000}
    assert working("subscriber_share", **asked) == [("not_covered", False), ("subscriber_pays", 1000)]
    early = {**asked, "started_on": BEFORE_THE_BOOKLET}
    assert working("subscriber_share", **early) == [("no_edition", False), ("subscriber_pays", 1000)]


def test_both_other_readings_of_a_fire_after_somebody_elses_incident_are_shown() -> None:
    # 10 and 10 percent; without star note 4's incident 10; fire not covered: the whole
    asked = {"level": "four_star", "event": "fire", "damage_rial": 1000, "prior_third_party_incidents": 1}
    assert result("subscriber_share", **asked)["subscriber_pays_rial"] == 200
    assert working("subscriber_share", **asked)[-1] == ("subscriber_pays", 200)
    found = response("subscriber_share", **asked)["alternatives"]
    assert [(each["reading"], each["result"]["subscriber_pays_rial"]) for each in found] == [
        ("A-4", 100), ("A-19", 1000),
    ]  # fmt: skip


def test_the_working_of_an_exclusion_says_that_it_beats_the_cover() -> None:
    asked = {"level": "two_star", "event": "collision", "damage_rial": 1000, "exclusions": ["racing"]}
    assert working("subscriber_share", **asked) == [
        ("exclusions_beat_cover", True), ("not_covered", False), ("subscriber_pays", 1000),
    ]  # fmt: skip


@pytest.mark.parametrize(("exclusion", "said"), [("no_plates", True), ("racing", False)])
def test_an_exclusion_of_a_stolen_car_is_said_to_concern_no_damage(exclusion: str, *, said: bool) -> None:
    asked = {"level": "two_star", "event": "collision", "damage_rial": 1000, "exclusions": [exclusion]}
    assert ("exclusion_concerns_total_theft" in notices("subscriber_share", **asked)) is said


@pytest.mark.parametrize("fault", ["third_party_at_fault", "fault_shared"])
def test_either_fault_is_said_not_to_change_the_share(fault: str) -> None:
    asked = {"level": "two_star", "event": "collision", "damage_rial": 1000}
    assert "fault_does_not_change_share" in notices("subscriber_share", **asked, **{fault: True})
    assert "fault_does_not_change_share" not in notices("subscriber_share", **asked)


def test_the_share_of_a_theft_for_a_recovered_car_is_read_on_the_clause_of_its_floor() -> None:
    found = response("recovered_vehicle", **RECOVERED, prior_incidents=2)["alternatives"]
    assert [(each["reading"], each["clause"]) for each in found] == [("A-30", "emdad.ssa005_14.p3.5_2_4")]


# --- Other data


def test_a_thursday_that_rests_by_the_calendars_table_lengthens_the_grace(data_copy: Path) -> None:
    """5 Ordibehesht 1403 is a Wednesday; without Thursday and Friday the grace ends on Sunday the 9th."""
    week = data_copy / "calendar" / "official" / "week.csv"
    week.write_text(week.read_text(encoding="utf-8").replace("thursday,yes", "thursday,no"), encoding="utf-8")
    asked = {**STOP, "admitted_on": "1403-02-05"}
    assert result("stop_compensation", **asked)["payable_days"] == 1
    assert result("stop_compensation", **asked, thursday_works=True)["payable_days"] == 2


def test_a_closure_has_its_names_and_does_not_hold_where_the_request_gives_its_own_holidays(
    data_copy: Path,
) -> None:
    """Sunday 2 Ordibehesht 1403 is closed: the grace ends a day later."""
    with (data_copy / "calendar" / "official" / "closures.csv").open("a", encoding="utf-8") as table:
        table.write("1403-02-02,yes,آلودگی,smog,خبر,news\n")
    closed = WorkCalendar().holiday(date(2024, 4, 21))
    assert closed is not None
    assert closed.names == {"fa": "آلودگی", "en": "smog"}
    asked = {**STOP, "ready_on": "1403-02-05"}
    assert result("stop_compensation", **asked)["payable_days"] == 2
    assert result("stop_compensation", **{**asked, "holidays": None})["payable_days"] == 1


@pytest.mark.parametrize(("opened", "days", "holiday"), [(False, 1, "library"), (True, 2, None)])
def test_a_holiday_of_the_library_that_was_opened_works(
    data_copy: Path, *, opened: bool, days: int, holiday: str | None
) -> None:
    """Saturday 15 Ordibehesht 1403 rests by the library; opened, it ends the grace that Thursday began."""
    with (data_copy / "calendar" / "official" / "closures.csv").open("a", encoding="utf-8") as table:
        table.write("1403-02-15,no,a,a,b,b\n" if opened else "")
    found = result(
        "stop_compensation",
        **{**STOP, "admitted_on": "1403-02-12", "ready_on": "1403-02-17", "holidays": None},
    )
    assert (found["payable_days"], found["days"][3]["holiday"]) == (days, holiday)


def test_before_tyre_rules_that_have_a_first_day_nothing_is_replaced(data_copy: Path) -> None:
    edition = data_copy / "iran_tire" / "page_1403" / "edition.toml"
    edition.write_text('from = "1403-04-28"\n' + edition.read_text(encoding="utf-8"), encoding="utf-8")
    asked = {**WORN, "on": "1403-04-27"}
    found = result("tyre_refund", **asked)
    assert (found["edition"], found["eligible"], found["reason"]) == (None, False, "no_edition")
    assert working("tyre_refund", **asked) == [("no_edition", False)]
    early = TyreRefundRequest.model_validate({**asked, "new_depth_mm": "10", "remaining_depth_mm": "5"})
    assert band_edges(early) == (Decimal(10), Decimal(0))
    assert result("tyre_refund", **{**WORN, "on": "1403-04-28"})["edition"] == "page_1403"


def test_a_recovered_car_has_its_share_by_the_booklet_of_its_subscription(data_copy: Path) -> None:
    """The older booklet: 10 and four times 10; a newer one here: 15 and four times 5."""
    old, new = (data_copy / "emdad" / name for name in ("ssa005_14", "ssa005_15"))
    shutil.copytree(old, new)
    told = (old / "edition.toml").read_text(encoding="utf-8")
    (old / "edition.toml").write_text('to = "1402-12-29"\n' + told, encoding="utf-8")
    (new / "edition.toml").write_text(told.replace('"1391-08-01"', '"1403-01-01"'), encoding="utf-8")
    shares = (new / "shares.csv").read_text(encoding="utf-8")
    (new / "shares.csv").write_text(
        shares.replace("two_star,incident,10,10", "two_star,incident,15,5"), encoding="utf-8"
    )
    for day, percent in (("1402-12-29", 50), ("1403-01-01", 35)):
        found = result("recovered_vehicle", **RECOVERED, prior_incidents=4, started_on=day)
        assert found["share_percent"] == percent
