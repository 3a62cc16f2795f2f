import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from logic.core.jalali import parse_day
from logic.core.registry import find, respond
from logic.tyre.tyre_refund import (
    TyreRefundRequest,
    band_edges,
    causes,
    documents_for,
    payment_curve,
    tyre_tables,
)
from tests.support.calculator_client import clauses_of_steps, inputs_of_step, result, steps_of

pytestmark = pytest.mark.usefixtures("named_editions")

FOUR_YEARS = ("radial_passenger", "radial_van", "radial_commercial")
THREE_YEARS = (
    "bias_pickup", "minibus", "light_truck", "truck", "bus", "agricultural", "road_building",
)  # fmt: skip


DAY = "1403-05-01"
"""A date in the edition page_1403."""


def request_body(**fields: object) -> bytes:
    tyre = {"new_depth_mm": 8, "remaining_depth_mm": 4, "new_price_rial": 10_000_000, "on": DAY}
    return json.dumps({**tyre, **fields}).encode()


def answer(**fields: object) -> dict[str, Any]:
    response = respond(find("tyre_refund"), request_body(**fields))
    assert response["ok"], response
    return response


def refund(**fields: object) -> dict[str, Any]:
    result: dict[str, Any] = answer(**fields)["result"]
    return result


def refusals(**fields: object) -> list[tuple[str, str]]:
    response: dict[str, Any] = respond(find("tyre_refund"), request_body(**fields))
    assert not response["ok"], response
    return [(error["field"], error["code"]) for error in response["errors"]]


def other_results(**fields: object) -> list[dict[str, Any]]:
    """Return the alternative results by reading A-10."""
    alternatives = answer(**fields)["alternatives"]
    assert {alternative["reading"] for alternative in alternatives} <= {"A-10"}
    return [alternative["result"] for alternative in alternatives]


def notices(**fields: object) -> set[str]:
    return {notice["key"] for notice in answer(**fields)["notices"]}


# --- 5-7 and 6: payment


@pytest.mark.parametrize(
    ("new", "remaining_depth_mm", "price", "payment_rial", "wear", "band"),
    [
        (8, 5, 32_000_000, 12_000_000, "37.5", "pro_rata"),
        (8, 7, 32_000_000, 0, "12.5", "free"),
        (8, 4, 10_000_000, 5_000_000, "50", "pro_rata"),
        ("8", "4", 10_000_000, 5_000_000, "50", "pro_rata"),
        (8.0, 4.0, 10_000_000, 5_000_000, "50", "pro_rata"),
        (9, 3, 30_000_000, 20_000_000, "66.6667", "pro_rata"),
        (8, 8, 10_000_000, 0, "0", "free"),
        ("7.5", "5.25", 20_000_000, 6_000_000, "30", "pro_rata"),
    ],
)
def test_the_customer_pays_the_price_less_the_remaining_tread(
    new: object, remaining_depth_mm: object, price: int, payment_rial: int, *, wear: str, band: str
) -> None:
    result = refund(new_depth_mm=new, remaining_depth_mm=remaining_depth_mm, new_price_rial=price)
    assert result["eligible"] is True
    assert (result["customer_pays_rial"], result["credit_rial"]) == (payment_rial, price - payment_rial)
    assert (result["wear_percent"], result["band"]) == (wear, band)


@pytest.mark.parametrize(
    ("remaining_depth_mm", "payment_rial", "other"),
    [
        ("8.01", 0, None),
        ("8", 2_000_000, 0),
        ("7.99", 2_010_000, None),
    ],
)
def test_a_tyre_is_free_below_twenty_percent_of_wear(
    remaining_depth_mm: str, payment_rial: int, other: int | None
) -> None:
    fields = {"new_depth_mm": 10, "remaining_depth_mm": remaining_depth_mm}
    assert refund(**fields)["customer_pays_rial"] == payment_rial
    assert refund(**fields)["band"] == ("free" if payment_rial == 0 else "pro_rata")
    assert [alternative["customer_pays_rial"] for alternative in other_results(**fields)] == (
        [] if other is None else [other]
    )


@pytest.mark.parametrize(
    ("remaining_depth_mm", "payment_rial", "shows_refusal"),
    [("2.01", 7_990_000, False), ("2", 8_000_000, True), ("1.99", None, False)],
)
def test_a_tyre_is_refused_above_eighty_percent_of_wear(
    remaining_depth_mm: str, payment_rial: int | None, *, shows_refusal: bool
) -> None:
    fields = {"new_depth_mm": 10, "remaining_depth_mm": remaining_depth_mm}
    result = refund(**fields)
    assert result["customer_pays_rial"] == payment_rial
    assert result["eligible"] is (payment_rial is not None)
    assert result["reason"] == ("worn_too_far" if payment_rial is None else None)
    refused = {"eligible": False, "reason": "worn_too_far", "band": "refused"}
    money = {"customer_pays_rial": None, "credit_rial": None}
    assert other_results(**fields) == ([refused | money] if shows_refusal else [])


@pytest.mark.parametrize(("new", "remaining_depth_mm"), [("0.3", "0.24"), ("9.5", "7.6"), ("0.7", "0.56")])
def test_depths_in_tenths_of_a_millimetre_are_exact(new: str, remaining_depth_mm: str) -> None:
    for as_number in (False, True):
        depths = (float(new), float(remaining_depth_mm)) if as_number else (new, remaining_depth_mm)
        result = refund(new_depth_mm=depths[0], remaining_depth_mm=depths[1])
        assert (result["wear_percent"], result["band"]) == ("20", "pro_rata")
        assert result["customer_pays_rial"] == 2_000_000


@pytest.mark.parametrize(
    ("price", "payment_rial"), [(1, 1), (2, 1), (3, 2), (5, 3), (999_999_999_999_999, 500_000_000_000_000)]
)
def test_half_a_rial_is_rounded_up_for_the_customer(price: int, payment_rial: int) -> None:
    result = refund(new_price_rial=price)
    assert (result["customer_pays_rial"], result["credit_rial"]) == (payment_rial, price - payment_rial)


def test_a_third_is_rounded_once_at_the_end() -> None:
    result = refund(new_depth_mm=9, remaining_depth_mm=6, new_price_rial=10_000_001)
    assert result["wear_percent"] == "33.3333"
    assert result["customer_pays_rial"] == 3_333_334  # 3,333,333 and two thirds


# --- 5-7-3: grade 2


@pytest.mark.parametrize(
    ("new", "remaining_depth_mm", "price", "grade2", "payment_rial"),
    [
        (8, 4, 40_000_000, 30_000_000, 25_000_000),
        (10, 5, 10_000_000, 8_000_000, 6_000_000),
        (10, 2, 10_000_000, 8_000_000, 8_400_000),
        (8, 4, 10_000_000, 30_000_000, 0),
    ],
)
def test_a_grade_2_tyre_is_credited_at_its_own_price(
    new: int, remaining_depth_mm: int, price: int, grade2: int, payment_rial: int
) -> None:
    result = refund(
        new_depth_mm=new,
        remaining_depth_mm=remaining_depth_mm,
        new_price_rial=price,
        grade=2,
        grade2_price_rial=grade2,
    )
    assert (result["customer_pays_rial"], result["credit_rial"]) == (payment_rial, price - payment_rial)


def test_a_free_grade_2_tyre_costs_the_difference_with_two_alternatives() -> None:
    fields = {"new_depth_mm": 10, "remaining_depth_mm": 9, "grade": 2, "grade2_price_rial": 8_000_000}
    assert refund(**fields)["band"] == "free"
    assert refund(**fields)["customer_pays_rial"] == 2_800_000
    assert {alternative["customer_pays_rial"] for alternative in other_results(**fields)} == {2_000_000, 0}


def test_a_notice_names_a_grade_2_price_above_the_new_price() -> None:
    assert "grade2_price_above_new" in notices(grade=2, grade2_price_rial=10_000_001)
    assert "grade2_price_above_new" not in notices(grade=2, grade2_price_rial=10_000_000)


def test_the_grade_2_price_is_needed_only_for_grade_2() -> None:
    assert refusals(grade=2) == [("grade2_price_rial", "grade2_price_missing")]
    assert refund(grade=1, grade2_price_rial=1)["customer_pays_rial"] == 5_000_000


# --- 5-1: age


@pytest.mark.parametrize(
    ("kinds", "made_on", "on", "eligible"),
    [
        (FOUR_YEARS, "1399-05-10", "1403-05-09", True),
        (FOUR_YEARS, "1399-05-10", "1403-05-10", False),
        (FOUR_YEARS, "1399-05-10", "1403-05-11", False),
        (FOUR_YEARS, "1399-12-30", "1403-12-29", True),  # four years later Esfand has 30 days again
        (FOUR_YEARS, "1399-12-30", "1403-12-30", False),
        (FOUR_YEARS, "1403-12-30", "1407-12-28", True),  # here it has 29
        (FOUR_YEARS, "1403-12-30", "1407-12-29", False),
        (FOUR_YEARS, "1399-08-01", "1403-07-01", True),  # 3 years and 11 months
        (THREE_YEARS, "1400-05-10", "1403-05-09", True),
        (THREE_YEARS, "1400-05-10", "1403-05-10", False),
        (THREE_YEARS, "1400-05-10", "1403-05-11", False),
        (THREE_YEARS, "1399-12-30", "1402-12-28", True),
        (THREE_YEARS, "1399-12-30", "1402-12-29", False),
    ],
)
def test_a_tyre_is_guaranteed_for_less_than_its_kinds_years(
    kinds: tuple[str, ...], made_on: str, on: str, *, eligible: bool
) -> None:
    for kind in kinds:
        result = refund(kind=kind, made_on=made_on, on=on)
        assert result["eligible"] is eligible
        assert result["reason"] == (None if eligible else "too_old")
        assert (result["customer_pays_rial"] is None) is not eligible


def test_every_kind_has_its_guarantee_years() -> None:
    rules = tyre_tables(parse_day(DAY))
    assert rules is not None
    assert {*FOUR_YEARS, *THREE_YEARS} == {*rules.kinds}


def test_the_last_day_of_the_guarantee_is_named() -> None:
    assert refund(kind="truck", made_on="1399-12-30")["last_day"] == "1402-12-28"
    assert refund(kind="radial_van", made_on="1399-05-10")["last_day"] == "1403-05-09"
    assert refund(kind="radial_van")["last_day"] is None


@pytest.mark.parametrize("missing", ["kind", "made_on", "on"])
def test_age_is_tested_only_when_kind_manufacture_and_day_are_given(missing: str) -> None:
    old: dict[str, str | None] = {"kind": "truck", "made_on": "1390-01-01", "on": "1403-05-01"}
    assert refund(**old)["reason"] == "too_old"
    assert "age_not_tested" not in notices(**old)
    old[missing] = None
    assert refund(**old)["eligible"] is True
    assert "age_not_tested" in notices(**old)


@pytest.mark.parametrize(("made_on", "matches_age"), [("1403-05-01", True), ("1403-05-02", False)])
def test_a_manufacture_date_in_the_future_is_refused(made_on: str, *, matches_age: bool) -> None:
    fields = {"kind": "truck", "made_on": made_on, "on": "1403-05-01"}
    if matches_age:
        assert refund(**fields)["eligible"] is True
    else:
        assert refusals(**fields) == [("made_on", "made_after_on")]


@pytest.mark.parametrize(
    ("on", "has_notice"), [("1403-04-27", True), ("1403-04-28", False), ("1403-04-29", False)]
)
def test_a_day_before_the_date_of_the_page_has_a_notice(on: str, *, has_notice: bool) -> None:
    assert ("rules_dated_later" in notices(on=on)) is has_notice


# --- 8: causes


@pytest.mark.parametrize(
    ("cause", "clause"),
    [
        ("wrong_use", "iran_tire.page_1403.8_1"),
        ("chemicals", "iran_tire.page_1403.8_2"),
        ("customer_repaired", "iran_tire.page_1403.8_3"),
        ("wrong_mounting", "iran_tire.page_1403.8_4"),
        ("wrong_rotation", "iran_tire.page_1403.8_5"),
        ("vehicle_fault", "iran_tire.page_1403.8_6"),
        ("impact", "iran_tire.page_1403.8_7"),
        ("serial_tampered", "iran_tire.page_1403.8_8"),
        ("non_standard_tube", "iran_tire.page_1403.8_9"),
    ],
)
def test_only_a_production_defect_is_replaced(cause: str, clause: str) -> None:
    response = answer(cause=cause)
    result = response["result"]
    assert (result["eligible"], result["reason"]) == (False, cause)
    assert (result["customer_pays_rial"], result["credit_rial"]) == (None, None)
    assert (result["wear_percent"], result["band"]) == ("50", "pro_rata")
    assert [(step["clause"], step["value"]) for step in response["steps"] if step["key"] == "cause"] == [
        (clause, False)
    ]


def test_every_cause_of_the_contract_is_known() -> None:
    assert len(causes()) == 10
    assert refund(cause="production")["eligible"] is True


# --- 2: documents, 4: collection


@pytest.mark.parametrize(
    ("person", "needed"),
    [
        ("natural", ["vehicle_card", "vehicle_title", "national_card"]),
        (
            "legal",
            ["official_letter", "registration_id", "gazette_copy", "vehicle_card", "trade_role_code"],
        ),
    ],
)
def test_a_missing_document_is_listed_without_a_refusal(person: str, needed: list[str]) -> None:
    assert refund(person=person)["missing_documents"] == needed
    assert refund(person=person)["eligible"] is True
    assert "documents_are_required" in notices(person=person)
    for document in needed:
        remaining = [alternative for alternative in needed if alternative != document]
        assert refund(person=person, documents=[document])["missing_documents"] == remaining
    assert refund(person=person, documents=needed)["missing_documents"] == []
    assert "documents_are_required" not in notices(person=person, documents=needed)


def test_the_documents_of_a_person_can_be_listed() -> None:
    assert documents_for("natural") == ("vehicle_card", "vehicle_title", "national_card")
    assert len(documents_for("legal")) == 5
    assert documents_for(None) == ()


def test_without_a_person_documents_are_not_tested() -> None:
    assert refund(documents=[])["missing_documents"] == []
    assert refusals(documents=["passport"]) == [("documents.0", "unknown_id")]


@pytest.mark.parametrize(
    ("days", "has_notice"), [(None, False), (0, False), (29, False), (30, False), (31, True)]
)
def test_a_tyre_uncollected_after_thirty_days_is_the_customers_risk(
    days: int | None, *, has_notice: bool
) -> None:
    assert ("uncollected" in notices(uncollected_days=days)) is has_notice
    assert refund(uncollected_days=days)["eligible"] is True


# --- Invalid input


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"remaining_depth_mm": "8.01"}, ("remaining_depth_mm", "above_new_depth")),
        ({"remaining_depth_mm": -1}, ("remaining_depth_mm", "negative")),
        ({"new_depth_mm": 0}, ("new_depth_mm", "not_positive")),
        ({"new_depth_mm": -8}, ("new_depth_mm", "not_positive")),
        ({"new_depth_mm": 1001}, ("new_depth_mm", "too_large")),
        ({"new_depth_mm": "eight"}, ("new_depth_mm", "not_a_number")),
        ({"new_depth_mm": ""}, ("new_depth_mm", "not_a_number")),
        ({"new_depth_mm": True}, ("new_depth_mm", "not_a_number")),
        ({"new_depth_mm": "NaN"}, ("new_depth_mm", "not_a_number")),
        ({"new_depth_mm": "Infinity"}, ("new_depth_mm", "not_a_number")),
        ({"new_depth_mm": "sNaN"}, ("new_depth_mm", "not_a_number")),
        ({"new_depth_mm": "۸ میلی‌متر"}, ("new_depth_mm", "not_a_number")),
        ({"new_depth_mm": "8_0"}, ("new_depth_mm", "not_a_number")),
        ({"new_depth_mm": None}, ("new_depth_mm", "not_a_number")),
        ({"new_price_rial": 0}, ("new_price_rial", "not_positive")),
        ({"new_price_rial": 10**20}, ("new_price_rial", "too_large")),
        ({"new_price_rial": "10000000"}, ("new_price_rial", "not_whole")),
        ({"new_price_rial": 1.5}, ("new_price_rial", "not_whole")),
        ({"grade": 3}, ("grade", "unknown_value")),
        ({"grade": True}, ("grade", "unknown_value")),
        ({"kind": "bicycle"}, ("kind", "unknown_value")),
        ({"cause": "fate"}, ("cause", "unknown_value")),
        ({"person": "king"}, ("person", "unknown_value")),
        ({"uncollected_days": -1}, ("uncollected_days", "negative")),
        ({"color": "black"}, ("color", "unknown_field")),
    ],
)
def test_an_impossible_tyre_is_refused_at_its_field(
    fields: dict[str, object], refusal: tuple[str, str]
) -> None:
    assert refusals(**fields) == [refusal]


@pytest.mark.parametrize("remaining_depth_mm", ["7.99", "8"])
def test_a_remaining_depth_up_to_the_new_depth_is_accepted(remaining_depth_mm: str) -> None:
    assert refund(remaining_depth_mm=remaining_depth_mm)["customer_pays_rial"] == 0


@pytest.mark.parametrize(
    "depth", ["1e-400", "1e-30000"]
)  # exact arithmetic with that many digits would be slow
def test_a_depth_of_hundreds_of_digits_is_refused(depth: str) -> None:
    ((field, _),) = refusals(remaining_depth_mm=depth)
    assert field == "remaining_depth_mm"


# --- Notices, steps, chart


def test_notices_name_the_assumptions_of_an_answer() -> None:
    assert {"price_of_the_day", "full_depths", "age_not_tested"} == notices()
    assert "clause_1_4_word_for_word" in notices(remaining_depth_mm=7)
    assert notices(cause="impact") == {"age_not_tested"}


@pytest.mark.parametrize(
    ("fields", "clause", "credited_at", "payment_rial"),
    [
        ({}, "iran_tire.page_1403.6", 10_000_000, 5_000_000),
        ({"remaining_depth_mm": 7}, "iran_tire.page_1403.5_7_2", 10_000_000, 0),
        ({"grade": 2, "grade2_price_rial": 8_000_000}, "iran_tire.page_1403.5_7_3", 8_000_000, 6_000_000),
    ],
)
def test_the_last_step_cites_the_clause_of_the_band(
    fields: dict[str, object], clause: str, credited_at: int, payment_rial: int
) -> None:
    steps = answer(**fields)["steps"]
    assert [step["key"] for step in steps][-3:] == ["cause", "credit", "customer_pays"]
    accepted, credit, paid = steps[-3:]
    assert accepted["value"] is True
    assert (credit["value"], credit["inputs"]) == (10_000_000 - payment_rial, {"price_rial": credited_at})
    assert (paid["value"], paid["clause"]) == (payment_rial, clause)
    assert paid["inputs"] == {"price_rial": 10_000_000, "credit_rial": 10_000_000 - payment_rial}


@pytest.mark.parametrize("remaining_depth_mm", [2.4000000000000004, 0.1 + 0.2, 1 / 3 * 10])
def test_a_depth_given_as_a_float_is_accepted(remaining_depth_mm: float) -> None:
    assert refund(new_depth_mm=10, remaining_depth_mm=remaining_depth_mm)["edition"] == "page_1403"


@pytest.mark.parametrize(
    ("new", "free", "refused"), [("8", "6.4", "1.6"), ("10", "8", "2"), ("9.5", "7.6", "1.9")]
)
def test_the_band_limits_are_eighty_and_twenty_percent_of_tread(new: str, free: str, refused: str) -> None:
    tyre = TyreRefundRequest(new_depth_mm=Decimal(new), remaining_depth_mm=Decimal(1), new_price_rial=1)
    assert band_edges(tyre) == (Decimal(free), Decimal(refused))


def test_the_chart_has_its_jumps_at_twenty_and_eighty_percent() -> None:
    tyre = TyreRefundRequest(
        new_depth_mm=Decimal(10),
        remaining_depth_mm=Decimal(1),
        new_price_rial=1000,
        kind="truck",
        cause="impact",
    )
    curve = {point.remaining_depth_mm: point for point in payment_curve(tyre, intervals=20)}
    assert len(curve) == 21
    assert [curve[Decimal(depth)].customer_pays_rial for depth in ("1.5", "2", "5", "8", "8.5", "10")] == [
        None, 800, 500, 200, 0, 0,
    ]  # fmt: skip
    assert [curve[Decimal(depth)].band for depth in ("1.5", "2", "8", "8.5")] == [
        "refused", "pro_rata", "pro_rata", "free",
    ]  # fmt: skip


# --- Steps and refusals

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
def test_steps_of_a_refund_show_wear_band_age_and_credit(
    more: dict[str, object], steps: list[tuple[str, object]], last_clauses: tuple[str, str]
) -> None:
    request = {**WORN, **more}
    assert steps_of("tyre_refund", **request) == steps
    cited = clauses_of_steps("tyre_refund", **request)
    assert (cited["credit"], cited["customer_pays"]) == last_clauses
    assert inputs_of_step("tyre_refund", "under_years", **request) == {
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
def test_refused_tyre_still_has_edition_documents_and_last_day(more: dict[str, object], reason: str) -> None:
    refused = result("tyre_refund", **{**WORN, "person": "natural", **more})
    assert (refused["edition"], refused["reason"], refused["last_day"]) == ("page_1403", reason, "1404-04-31")
    assert refused["missing_documents"] == ["vehicle_card", "vehicle_title", "national_card"]
    assert (refused["customer_pays_rial"], refused["credit_rial"]) == (None, None)


def test_half_of_a_ten_thousandth_of_wear_is_rounded_up() -> None:
    # 0.000004 of 8 mm is 0.00005 percent
    request = {"new_depth_mm": "8", "remaining_depth_mm": "7.999996", "new_price_rial": 1}
    assert result("tyre_refund", **request)["wear_percent"] == "0.0001"


def test_payment_curve_has_fifty_steps() -> None:
    tyre = TyreRefundRequest(new_depth_mm=Decimal(10), remaining_depth_mm=Decimal(5), new_price_rial=1000)
    curve = payment_curve(tyre)
    assert (len(curve), curve[25].remaining_depth_mm, curve[25].customer_pays_rial) == (51, Decimal(5), 500)


def test_no_tyre_is_replaced_before_the_first_day_of_the_rules(data_copy: Path) -> None:
    edition = data_copy / "iran_tire" / "page_1403" / "edition.toml"
    edition.write_text('from = "1403-04-28"\n' + edition.read_text(encoding="utf-8"), encoding="utf-8")
    request = {**WORN, "on": "1403-04-27"}
    refused = result("tyre_refund", **request)
    assert (refused["edition"], refused["eligible"], refused["reason"]) == (None, False, "no_edition")
    assert steps_of("tyre_refund", **request) == [("no_edition", False)]
    early = TyreRefundRequest.model_validate({**request, "new_depth_mm": "10", "remaining_depth_mm": "5"})
    assert band_edges(early) == (Decimal(10), Decimal(0))
    assert result("tyre_refund", **{**WORN, "on": "1403-04-28"})["edition"] == "page_1403"
