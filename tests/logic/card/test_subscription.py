import pytest

from logic.card.cancellation_refund import CancellationRefundRequest, refund_by_day
from tests.support.calculator_client import alternatives, errors, notices, result

GOLDEN = {"kind": "golden", "fee_rial": 3_650_000, "paid_rial": 3_650_000}


@pytest.mark.parametrize(
    ("days", "refund"), [(0, 3_212_000), (1, 3_202_000), (321, 2_000), (322, 0), (365, 0)]
)
def test_twelve_percent_and_the_days_used_come_off(days: int, refund: int) -> None:
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


def test_the_stray_number_read_as_days_takes_two_more() -> None:
    assert alternatives("cancellation_refund", "A-8", **GOLDEN, days_used=100) == [{"refund_rial": 2_192_000}]


def test_services_come_off_golden_cards_alone() -> None:
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
def test_what_stands_in_the_way_of_cancelling(more: dict[str, object], reason: str) -> None:
    found = result("cancellation_refund", **GOLDEN, days_used=1, **more)
    assert (found["accepted"], found["reason"], found["refund_rial"]) == (False, reason, None)


def test_an_organisation_gets_nothing_back_and_that_is_accepted() -> None:
    found = result("cancellation_refund", **GOLDEN, days_used=1, obtained_from="organisation")
    assert (found["accepted"], found["refund_rial"]) == (True, 0)


def test_the_curve_of_the_year_falls_from_the_first_day_to_nothing() -> None:
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
    asked = {"kind": "golden", "rate_rial": 1000, "expires_on": "1392-07-29", "renewed_on": renewed}
    found = result("renewal", **asked)
    assert (found["inspection_required"], found["active_from_end_of"]) == (inspected, active)


def test_a_legal_entity_pays_ten_percent_more_rounded_half_up() -> None:
    asked = {"kind": "mobile", "expires_on": "1392-07-29", "renewed_on": "1392-07-30", "legal_entity": True}
    assert result("renewal", **asked, rate_rial=1005)["fee_rial"] == 1106
    assert result("renewal", **asked, rate_rial=1004)["fee_rial"] == 1104
    assert result("renewal", **asked, rate_rial=1004)["inspection_required"] is None
    assert result("renewal", **asked, rate_rial=1, started_on="1390-01-01")["reason"] == "no_edition"


def test_a_ground_counts_for_its_kind_alone() -> None:
    asked = {"rate_rial": 1, "expires_on": "1392-07-29", "renewed_on": "1392-07-01"}
    grounds = ["no_tow_or_roadside_use", "cash_payment"]
    for kind, counts in (("golden", "cash_payment"), ("mobile", "no_tow_or_roadside_use")):
        assert result("renewal", **asked, kind=kind, grounds=grounds)["discount_grounds"] == [counts]


@pytest.mark.parametrize("missing", ["paid", "inspected_unchanged", "inspection_fee_paid"])
def test_each_condition_is_needed_for_an_instalment_card(missing: str) -> None:
    whole = {"paid": True, "inspected_unchanged": True, "inspection_fee_paid": True}
    assert result("instalment_reactivation", **whole)["reactivated"]
    assert not result("instalment_reactivation", **{**whole, missing: False})["reactivated"]
    assert result("instalment_reactivation", **whole, started_on="1390-01-01")["reason"] == "no_edition"


def test_a_year_is_365_days_and_by_the_calendar_a_day_longer_over_a_leap_day() -> None:
    asked = {"kind": "golden", "started_on": "1391-09-01"}
    assert result("subscription_validity", **asked)["last_day"] == "1392-08-29"
    assert alternatives("subscription_validity", "A-5", kind="golden", started_on="1391-08-02") == [
        {"last_day": "1392-08-01"}
    ]
    assert result("subscription_validity", kind="golden", started_on="1391-07-30")["reason"] == "no_edition"


def test_a_factory_mobile_card_ends_the_day_before_its_second_anniversary() -> None:
    asked = {"kind": "mobile", "started_on": "1391-12-30", "factory_enrolled": True}
    assert result("subscription_validity", **asked)["last_day"] == "1393-12-28"


@pytest.mark.parametrize(
    ("kind", "expired", "deadline", "after"),
    [
        ("documents", "1392-07-29", "1392-08-14", "1392-08-15"),
        ("service", "1392-06-31", "1392-08-30", "1392-09-01"),
        ("replacement", "1392-06-31", "1392-12-29", "1393-01-01"),
    ],
)
def test_a_late_claim_is_taken_to_its_last_day(kind: str, expired: str, deadline: str, after: str) -> None:
    for day, reason in ((deadline, None), (after, "too_late"), (expired, None)):
        found = result("late_claim", kind=kind, expired_on=expired, on=day)
        assert (found["deadline"], found["reason"]) == (deadline, reason)


def test_a_file_and_evidence_are_needed_but_for_documents() -> None:
    asked = {"expired_on": "1392-07-29", "on": "1392-08-01"}
    assert result("late_claim", kind="service", **asked, file_opened_in_time=False)["reason"] == "no_file"
    assert result("late_claim", kind="replacement", **asked, evidence=False)["reason"] == "no_evidence"
    assert result("late_claim", kind="documents", **asked, evidence=False)["accepted"]
    assert "growth_by_delay_excluded" in notices("late_claim", kind="service", **asked)
    assert result("late_claim", kind="service", **asked, started_on="1390-01-01")["reason"] == "no_edition"
