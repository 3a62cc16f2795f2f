import pytest

from logic.card.cancellation_refund import CancellationRefundRequest, refund_by_day
from tests.support.calculator_client import (
    alternatives,
    assert_no_edition,
    clauses_of_steps,
    errors,
    notices,
    response,
    result,
    steps_of,
)

pytestmark = pytest.mark.usefixtures("named_editions")

GOLDEN = {"kind": "golden", "fee_rial": 3_650_000, "paid_rial": 3_650_000}
RENEWAL = {"kind": "golden", "rate_rial": 1005, "expires_on": "1392-07-29", "renewed_on": "1392-07-29"}
CLAIM = {"kind": "documents", "expired_on": "1392-07-29", "on": "1392-08-14"}
BEFORE_THE_BOOKLET = "1391-07-30"


@pytest.mark.parametrize(
    ("days", "refund"), [(0, 3_212_000), (1, 3_202_000), (321, 2_000), (322, 0), (365, 0)]
)
def test_a_refund_deducts_twelve_percent_and_the_days_used(days: int, refund: int) -> None:
    assert result("cancellation_refund", **GOLDEN, days_used=days)["refund_rial"] == refund


def test_the_first_day_is_day_zero() -> None:
    dates = {"started_on": "1392-01-31", "on": "1392-02-10"}
    assert result("cancellation_refund", **GOLDEN, **dates)["refund_rial"] == 3_112_000
    assert errors("cancellation_refund", **GOLDEN) == {("days_used", "days_or_dates")}
    assert errors("cancellation_refund", **GOLDEN, started_on="1392-02-02", on="1392-02-01") == {
        ("on", "before_start")
    }
    early = {"started_on": "1391-07-30", "on": "1391-08-30"}
    assert result("cancellation_refund", **GOLDEN, **early)["reason"] == "no_edition"


def test_the_stray_number_read_as_days_deducts_two_more_days() -> None:
    assert alternatives("cancellation_refund", "A-8", **GOLDEN, days_used=100) == [{"refund_rial": 2_192_000}]


def test_services_are_deducted_from_golden_cards_only() -> None:
    used = {"days_used": 100, "periodic_services_rial": 12_000}
    assert result("cancellation_refund", **GOLDEN, **used)["refund_rial"] == 2_200_000
    assert result("cancellation_refund", **{**GOLDEN, "kind": "mobile"}, **used)["refund_rial"] == 2_212_000


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"obtained_from": "iran_khodro"}, "from_iran_khodro"),
        ({"active": False}, "inactive"),
        ({"open_work_order": True}, "open_work_order"),
        ({"used_services": True}, "services_used"),
    ],
)
def test_a_cancellation_without_refund_has_a_reason(more: dict[str, object], reason: str) -> None:
    answer = result("cancellation_refund", **GOLDEN, days_used=1, **more)
    assert (answer["accepted"], answer["reason"], answer["refund_rial"]) == (False, reason, None)


def test_a_card_from_an_organisation_is_cancelled_without_a_refund() -> None:
    answer = result("cancellation_refund", **GOLDEN, days_used=1, obtained_from="organisation")
    assert (answer["accepted"], answer["refund_rial"]) == (True, 0)


def test_the_refund_curve_falls_from_the_first_day_to_zero() -> None:
    curve = refund_by_day(CancellationRefundRequest(**GOLDEN, days_used=5))
    assert (curve[0], curve[100], curve[-1]) == ((0, 3_212_000), (100, 2_212_000), (365, 0))
    assert (
        refund_by_day(
            CancellationRefundRequest.model_validate(
                {**GOLDEN, "started_on": "1390-01-01", "on": "1390-01-02"}
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("renewed", "inspected", "active"),
    [
        ("1392-07-28", False, "1392-07-29"),
        ("1392-07-29", False, "1392-07-29"),
        ("1392-07-30", True, "1392-08-01"),
    ],
)
def test_a_golden_card_renewed_after_its_last_day_is_inspected(
    renewed: str, inspected: bool, active: str
) -> None:
    request = {"kind": "golden", "rate_rial": 1000, "expires_on": "1392-07-29", "renewed_on": renewed}
    answer = result("renewal", **request)
    assert (answer["inspection_required"], answer["active_from_end_of"]) == (inspected, active)


def test_a_legal_entity_pays_ten_percent_more_rounded_half_up() -> None:
    request = {"kind": "mobile", "expires_on": "1392-07-29", "renewed_on": "1392-07-30", "legal_entity": True}
    assert result("renewal", **request, rate_rial=1005)["fee_rial"] == 1106
    assert result("renewal", **request, rate_rial=1004)["fee_rial"] == 1104
    assert result("renewal", **request, rate_rial=1004)["inspection_required"] is None
    assert result("renewal", **request, rate_rial=1, started_on="1390-01-01")["reason"] == "no_edition"


def test_a_ground_applies_only_to_its_kind_of_card() -> None:
    request = {"rate_rial": 1, "expires_on": "1392-07-29", "renewed_on": "1392-07-01"}
    grounds = ["no_tow_or_roadside_use", "cash_payment"]
    for kind, counts in (("golden", "cash_payment"), ("mobile", "no_tow_or_roadside_use")):
        assert result("renewal", **request, kind=kind, grounds=grounds)["discount_grounds"] == [counts]


@pytest.mark.parametrize("missing", ["paid", "inspected_unchanged", "inspection_fee_paid"])
def test_an_instalment_card_needs_every_condition(missing: str) -> None:
    conditions = {"paid": True, "inspected_unchanged": True, "inspection_fee_paid": True}
    assert result("instalment_reactivation", **conditions)["reactivated"]
    assert not result("instalment_reactivation", **{**conditions, missing: False})["reactivated"]
    assert result("instalment_reactivation", **conditions, started_on="1390-01-01")["reason"] == "no_edition"


def test_a_year_is_365_days_or_a_calendar_year() -> None:
    request = {"kind": "golden", "started_on": "1391-09-01"}
    assert result("subscription_validity", **request)["last_day"] == "1392-08-29"
    assert alternatives("subscription_validity", "A-5", kind="golden", started_on="1391-08-02") == [
        {"last_day": "1392-08-01"}
    ]
    assert result("subscription_validity", kind="golden", started_on="1391-07-30")["reason"] == "no_edition"


def test_a_factory_mobile_card_ends_the_day_before_its_second_anniversary() -> None:
    request = {"kind": "mobile", "started_on": "1391-12-30", "factory_enrolled": True}
    assert result("subscription_validity", **request)["last_day"] == "1393-12-28"


@pytest.mark.parametrize(
    ("kind", "expired", "deadline", "after"),
    [
        ("documents", "1392-07-29", "1392-08-14", "1392-08-15"),
        ("service", "1392-06-31", "1392-08-30", "1392-09-01"),
        ("replacement", "1392-06-31", "1392-12-29", "1393-01-01"),
    ],
)
def test_a_late_claim_is_accepted_up_to_its_last_day(
    kind: str, expired: str, deadline: str, after: str
) -> None:
    for day, reason in ((deadline, None), (after, "too_late"), (expired, None)):
        answer = result("late_claim", kind=kind, expired_on=expired, on=day)
        assert (answer["deadline"], answer["reason"]) == (deadline, reason)


def test_a_late_claim_needs_a_file_and_evidence_except_for_documents() -> None:
    request = {"expired_on": "1392-07-29", "on": "1392-08-01"}
    assert result("late_claim", kind="service", **request, file_opened_in_time=False)["reason"] == "no_file"
    assert result("late_claim", kind="replacement", **request, evidence=False)["reason"] == "no_evidence"
    assert result("late_claim", kind="documents", **request, evidence=False)["accepted"]
    assert "growth_by_delay_excluded" in notices("late_claim", kind="service", **request)
    assert result("late_claim", kind="service", **request, started_on="1390-01-01")["reason"] == "no_edition"


@pytest.mark.parametrize(
    ("calculator", "fields"),
    [
        ("cancellation_refund", {**GOLDEN, "days_used": 1}),
        ("cancellation_refund", {**GOLDEN, "days_used": 1, "active": False}),
        ("cancellation_refund", {**GOLDEN, "days_used": 1, "obtained_from": "organisation"}),
        ("renewal", RENEWAL),
        ("subscription_validity", {"kind": "golden", "started_on": "1391-09-01"}),
        ("late_claim", CLAIM),
    ],
)
def test_answers_and_refusals_name_the_edition(calculator: str, fields: dict[str, object]) -> None:
    assert result(calculator, **fields)["edition"] == "ssa005_14"


@pytest.mark.parametrize(
    ("calculator", "fields", "expected"),
    [
        (
            "cancellation_refund",
            {**GOLDEN, "on": BEFORE_THE_BOOKLET},
            {"accepted": False, "refund_rial": None},
        ),
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
    ],
)  # fmt: skip
def test_subscription_before_the_first_edition_is_not_covered(
    calculator: str, fields: dict[str, object], expected: dict[str, object]
) -> None:
    assert_no_edition(calculator, expected, **{**fields, "started_on": BEFORE_THE_BOOKLET})


def test_steps_of_a_refund_show_each_deduction() -> None:
    # 12 % of 3,650,000 is 438,000; 100 days of 10,000 a day
    request = {**GOLDEN, "days_used": 100, "periodic_services_rial": 12_000}
    answer = result("cancellation_refund", **request)
    assert (answer["accepted"], answer["reason"]) == (True, None)
    assert steps_of("cancellation_refund", **request) == [
        ("cancellation_fixed", 438_000), ("cancellation_by_day", 1_000_000),
        ("cancellation_services", 12_000), ("cancellation_refund", 2_200_000),
    ]  # fmt: skip
    assert steps_of("cancellation_refund", **request, obtained_from="organisation") == [
        ("refund_of_organisation", 0)
    ]
    assert steps_of("cancellation_refund", **request, open_work_order=True) == [
        ("cancellation_refused", False)
    ]


def test_given_days_are_used_and_the_first_day_selects_the_edition() -> None:
    request = {**GOLDEN, "days_used": 5, "started_on": "1392-01-01"}
    assert result("cancellation_refund", **request)["refund_rial"] == 3_162_000


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"days_used": 321}, set()),
        ({"days_used": 322}, {"refund_used_up"}),
        ({"days_used": 1, "paid_rial": 3_649_999}, {"refund_counts_the_list_price"}),
        ({"days_used": 1, "paid_rial": 3_650_001}, set()),
    ],
)
def test_refund_notices_name_a_used_up_fee_and_the_list_price(
    more: dict[str, object], expected: set[str]
) -> None:
    assert notices("cancellation_refund", **{**GOLDEN, **more}) == {"refund_formula_damaged", *expected}


@pytest.mark.parametrize("days", [1, 322])
def test_a_cancellation_without_a_formula_has_no_notice_of_one(days: int) -> None:
    assert notices("cancellation_refund", **GOLDEN, days_used=days, obtained_from="organisation") == set()


@pytest.mark.parametrize(
    ("days", "last_steps"),
    [
        (321, [("cancellation_refund", 2_000)]),
        (322, [("cancellation_refund", -8_000), ("refunds_at_least_zero", 0)]),
    ],
)
def test_a_refund_below_zero_has_a_step_of_its_own(days: int, last_steps: list[tuple[str, int]]) -> None:
    assert steps_of("cancellation_refund", **GOLDEN, days_used=days)[2:] == last_steps


def test_refund_curve_of_a_dated_card_covers_the_whole_year() -> None:
    fields = {**GOLDEN, "started_on": "1392-01-01", "on": "1392-01-11"}
    curve = refund_by_day(CancellationRefundRequest.model_validate(fields))
    assert (curve[0], curve[10], curve[100]) == ((0, 3_212_000), (10, 3_112_000), (100, 2_212_000))


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
def test_steps_of_a_renewal_show_surcharges_and_the_start(
    more: dict[str, object], steps: list[tuple[str, object]]
) -> None:
    request = {**RENEWAL, **more}
    assert steps_of("renewal", **request) == steps
    assert result("renewal", **request)["fee_rial"] == steps[-1][1]


def test_mobile_card_has_no_inspection_and_no_activation_day() -> None:
    answer = result("renewal", **{**RENEWAL, "kind": "mobile"})
    assert (answer["inspection_required"], answer["active_from_end_of"]) == (None, None)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, set()),
        ({"renewed_on": "1392-07-30"}, {"defects_seen_are_excluded"}),
        ({"grounds": ["cash_payment"]}, {"discounts_without_percent"}),
        ({"kind": "mobile", "renewed_on": "1392-07-30"}, {"renewal_of_mobile_is_silent"}),
    ],
)
def test_renewal_notices_name_what_the_booklet_leaves_open(
    more: dict[str, object], expected: set[str]
) -> None:
    assert notices("renewal", **{**RENEWAL, **more}) == {"ask_after_48_hours", *expected}


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
def test_only_a_factory_enrolled_mobile_card_is_valid_for_two_years(
    more: dict[str, object], steps: list[tuple[str, object]], clause: str
) -> None:
    """Expect 29 Aban 1392 for 365 days from 1 Azar 1391, a leap year."""
    request = {"started_on": "1391-09-01", **more}
    assert steps_of("subscription_validity", **request) == steps
    assert set(clauses_of_steps("subscription_validity", **request).values()) == {clause}


@pytest.mark.parametrize(
    ("fields", "limit", "unit", "accepted", "expected"),
    [
        (CLAIM, 15, "day", True, set()),
        ({**CLAIM, "on": "1392-08-15"}, 15, "day", False, set()),
        ({**CLAIM, "kind": "service"}, 2, "month", True, {"growth_by_delay_excluded"}),
        ({**CLAIM, "kind": "replacement"}, 6, "month", True, {"growth_by_delay_excluded"}),
    ],
)
def test_steps_of_a_late_claim_show_the_limit_and_the_deadline(
    fields: dict[str, object], limit: int, unit: str, *, accepted: bool, expected: set[str]
) -> None:
    last = result("late_claim", **fields)["deadline"]
    assert steps_of("late_claim", **fields) == [
        ("late_claim_limit", limit), ("deadline", last), ("late_claim_accepted", accepted),
    ]  # fmt: skip
    assert response("late_claim", **fields)["steps"][0]["unit"] == unit
    assert notices("late_claim", **fields) == expected


def test_claim_on_the_last_day_of_the_card_needs_no_file() -> None:
    request = {"kind": "service", "expired_on": "1392-07-29", "file_opened_in_time": False, "evidence": False}
    assert result("late_claim", **request, on="1392-07-29")["accepted"] is True
    assert result("late_claim", **request, on="1392-07-30")["reason"] == "no_file"
