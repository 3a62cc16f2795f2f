import pytest

from logic.sale.tables import sale_methods
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

pytestmark = pytest.mark.usefixtures("named_editions")


@pytest.mark.parametrize(
    ("on", "vehicle", "edition", "months", "km", "paint"),
    [
        ("1386-04-02", "light", None, None, None, None),
        ("1386-04-03", "light", "law_1386", 12, 30_000, None),
        ("1389-02-28", "heavy", "law_1386", 12, 30_000, None),
        ("1389-02-29", "light", "bylaw_1389", 12, 30_000, 36),
        ("1395-01-21", "heavy", "bylaw_1389", 12, 30_000, 18),
        ("1395-01-22", "light", "bylaw_1395", 24, 40_000, 36),
        ("1395-01-22", "heavy", "bylaw_1395", 24, 200_000, 18),
        ("1395-01-22", "motorcycle", "bylaw_1395", 12, None, 3),
    ],
)
def test_the_minimum_warranty_depends_on_the_day(
    on: str, vehicle: str, *, edition: str | None, months: int | None, km: int | None, paint: int | None
) -> None:
    answer = result("minimum_warranty", vehicle_class=vehicle, months=24, on=on)
    assert (answer["edition"], answer["required_months"], answer["required_km"], answer["paint_months"]) == (
        edition, months, km, paint,
    )  # fmt: skip
    assert (answer["meets"] is None) is (edition is None)


@pytest.mark.parametrize(
    ("months", "km", "meets"), [(24, 40_000, True), (23, 40_000, False), (24, 39_999, False)]
)
def test_an_offer_meets_the_minimum_by_reaching_both(months: int, km: int, *, meets: bool) -> None:
    request = {"vehicle_class": "light", "months": months, "km": km, "edition": "bylaw_1395"}
    assert result("minimum_warranty", **request)["meets"] is meets
    assert alternatives("minimum_warranty", "A-27", **request) == ([] if meets else [{"meets": True}])
    act = {**request, "edition": "law_1386"}
    assert result("minimum_warranty", **act)["required_km"] == 30_000 or act["edition"] == "law_1386"
    assert errors("minimum_warranty", vehicle_class="light", months=1) == {("on", "day_or_edition")}


@pytest.mark.parametrize(
    ("more", "grounds"),
    [
        ({"safety_part": True, "repairs_of_same_defect": 2}, []),
        ({"safety_part": True, "repairs_of_same_defect": 3}, ["safety_part_after_three_repairs"]),
        ({"safety_part": True, "repairs_of_same_defect": 3, "still_defective": False}, []),
        ({"injury_risk": True, "repairs_of_same_defect": 0}, []),
        ({"injury_risk": True, "repairs_of_same_defect": 1}, ["injury_risk_after_one_repair"]),
        ({"unusable_days": 30}, []),
        ({"unusable_days": 31}, ["unusable_over_thirty_days"]),
    ],
)
def test_article_4_entitles_to_a_new_car_on_three_grounds(
    more: dict[str, object], grounds: list[str]
) -> None:
    answer = result("replacement_right", **more)
    assert (answer["grounds"], answer["entitled"]) == (grounds, bool(grounds))


def test_the_conditions_of_article_4_are_steps_of_their_own() -> None:
    repaired = {"safety_part": True, "repairs_of_same_defect": 3, "still_defective": False}
    assert steps_of("replacement_right", **repaired) == [
        ("still_defective", False), ("is_safety_part", True), ("safety_part_repairs", False),
        ("has_injury_risk", False), ("injury_risk_repairs", False), ("unusable_days", False), ("entitled", False),
    ]  # fmt: skip


def test_the_other_reading_adds_the_stays() -> None:
    results = alternatives("replacement_right", "A-31", unusable_days=30, unusable_days_total=31)
    assert results == [{"entitled": True, "grounds": ["unusable_over_thirty_days"]}]
    assert errors("replacement_right", unusable_days=3, unusable_days_total=2) == {
        ("unusable_days_total", "total_below_longest")
    }
    assert result("replacement_right", unusable_days=31, on="1385-01-01")["entitled"] is False


@pytest.mark.parametrize(
    ("method", "imported", "days", "months"),
    [("immediate", False, 30, 1), ("presale_definite", False, 270, 9), ("presale_ordinary", False, 360, 12),
     ("participation", False, 1095, 36), ("special_order", False, 90, 3), ("special_order", True, 120, 4)],
)  # fmt: skip
def test_delivery_is_allowed_up_to_the_limit_of_the_method(
    method: str, imported: bool, days: int, months: int
) -> None:
    request = {"method": method, "imported": imported}
    for field, limit in (("delivery_days", days), ("delivery_months", months)):
        assert result("sale_terms", **request, **{field: limit})["delivery_allowed"] is True
        assert result("sale_terms", **request, **{field: limit + 1})["delivery_allowed"] is False
    assert result("sale_terms", **request)["delivery_allowed"] is None


@pytest.mark.parametrize(("advance", "allowed"), [(400, True), (401, False), (None, None)])
def test_a_presale_takes_at_most_half_the_cash_price(advance: int | None, allowed: bool | None) -> None:
    answer = result("sale_terms", method="presale_definite", cash_price_rial=801, advance_rial=advance)
    assert (answer["advance_allowed"], answer["max_advance_rial"]) == (allowed, 400)
    assert result("sale_terms", method="immediate", cash_price_rial=801)["max_advance_rial"] is None


@pytest.mark.parametrize(("km", "new"), [(99, True), (100, False)])
def test_a_new_car_has_not_run_more_than_ninety_nine_km(km: int, *, new: bool) -> None:
    assert result("sale_terms", method="immediate", odometer_km=km)["is_new"] is new


def test_participation_has_daily_profit_and_immediate_sale_none() -> None:
    request = {"paid_rial": 365_000_000, "annual_percent": "18", "days": 100}
    assert result("participation_profit", method="presale_ordinary", **request)["amount_rial"] == 18_000_000
    assert result("participation_profit", method="immediate", **request)["reason"] == "no_participation"


@pytest.mark.parametrize(
    ("method", "percent", "amount"),
    [
        ("immediate", None, 2_500_000),
        ("special_order", None, 3_000_000),
        ("presale_definite", "36.5", 4_000_000),
    ],
)
def test_a_late_delivery_is_compensated_daily_at_the_methods_rate(
    method: str, percent: str | None, amount: int
) -> None:
    request = {"method": method, "paid_rial": 100_000_000, "late_days": 30, "participation_percent": percent}
    assert result("delivery_delay", **request)["amount_rial"] == amount
    assert alternatives("delivery_delay", "A-20", **request)[0]["amount_rial"] < amount


def test_the_percent_is_needed_where_profit_is_shared() -> None:
    request = {"method": "participation", "paid_rial": 1, "late_days": 1}
    assert errors("delivery_delay", **request) == {("participation_percent", "required")}


@pytest.mark.parametrize(
    ("withdrawn", "interest"), [("1403-02-14", 0), ("1403-02-15", 2_547_945), ("1403-03-26", 6_000_000)]
)
def test_withdrawal_has_interest_after_one_month(withdrawn: str, interest: int) -> None:
    request = {"paid_rial": 200_000_000, "one_year_deposit_percent": 18, "contracted_on": "1403-01-15"}
    answer = result("withdrawal_interest", **request, withdrawn_on=withdrawn)
    assert (answer["interest_rial"], answer["eligible"]) == (interest, interest > 0)


def test_late_interest_starts_on_day_21_and_can_be_higher() -> None:
    request = {
        "paid_rial": 365_000_000, "one_year_deposit_percent": 13, "contracted_on": "1403-01-15",
        "withdrawn_on": "1403-01-20",
    }  # fmt: skip
    assert result("withdrawal_interest", **request, repaid_after_days=20)["late_interest_rial"] == 0
    assert result("withdrawal_interest", **request, repaid_after_days=21)["late_interest_rial"] == 100_000
    more = result("withdrawal_interest", **request, repaid_after_days=21, contract_percent=20)
    assert more["late_interest_rial"] == 200_000
    assert "repaid_late" in notices("withdrawal_interest", **request, repaid_after_days=21)
    assert errors("withdrawal_interest", **{**request, "withdrawn_on": "1402-01-01"}) == {
        ("withdrawn_on", "before_start")
    }


def test_no_bylaw_before_1395_has_sale_rules() -> None:
    for day, reason in (("1388-01-01", "no_edition"), ("1395-01-21", "no_sale_rules"), ("1395-01-22", None)):
        assert result("sale_terms", method="immediate", on=day)["reason"] == reason


@pytest.mark.parametrize(
    ("rule", "last"),
    [("withdrawal_refund", 20), ("stop_payment", 14), ("customer_settlement", 15), ("complaint", 20),
     ("board_decision", 20), ("board_execution", 10), ("expert_fee", 5)],
)  # fmt: skip
def test_a_deadline_is_met_up_to_its_last_day(rule: str, last: int) -> None:
    assert result("legal_deadline", rule=rule, days=last)["on_time"] is True
    assert result("legal_deadline", rule=rule, days=last + 1)["on_time"] is False
    assert result("legal_deadline", rule=rule, days=last, on="1390-01-01")["reason"] == "no_deadline"
    assert result("legal_deadline", rule=rule, days=last, on="1388-01-01")["reason"] == "no_edition"


def test_a_deadline_is_counted_from_the_day_after_the_first() -> None:
    # 1 Mehr + 20 days = 21 Mehr; "in less than 15" ends on the 14th day
    request = {"since": "1403-07-01", "acted_on": "1403-07-21"}
    answer = result("legal_deadline", rule="complaint", **request)
    assert (answer["on_time"], answer["last_day"]) == (True, "1403-07-21")
    late = result("legal_deadline", rule="complaint", **{**request, "acted_on": "1403-07-22"})
    assert late["on_time"] is False
    assert result("legal_deadline", rule="stop_payment", **request)["last_day"] == "1403-07-15"


def test_fifteen_working_days_skip_fridays_and_holidays() -> None:
    # Saturday 1 Ordibehesht 1403; Fridays are the 7th, 14th and 21st, the 15th is a holiday
    request = {"rule": "customer_settlement", "since": "1403-02-01"}
    answer = result("legal_deadline", **request, acted_on="1403-02-19")
    assert (answer["on_time"], answer["last_day"]) == (True, "1403-02-19")
    assert result("legal_deadline", **request, acted_on="1403-02-20")["on_time"] is False
    assert "working_days_count" in notices("legal_deadline", **request, acted_on="1403-02-20")


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({}, ("days", "days_or_dates")),
        ({"days": 3, "since": "1403-01-01", "acted_on": "1403-01-02"}, ("days", "days_or_dates")),
        ({"since": "1403-01-02", "acted_on": "1403-01-01"}, ("acted_on", "before_start")),
        ({"since": "1390-01-02", "acted_on": "1403-01-01"}, ("acted_on", "stay_too_long")),
    ],
)
def test_a_deadline_needs_either_days_or_dates(more: dict[str, object], error: tuple[str, str]) -> None:
    assert errors("legal_deadline", rule="complaint", **more) == {error}


def test_a_delivery_of_one_month_is_stated_in_days() -> None:
    assert {name for name, row in sale_methods().items() if row.in_days} == {"immediate"}


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
def test_before_the_sale_rules_the_bylaw_is_named_without_amounts(
    calculator: str,
    fields: dict[str, object],
    nothing: dict[str, object],
    *,
    day: str,
    edition: str | None,
    reason: str,
) -> None:
    request = {name: day if value == "{day}" else value for name, value in fields.items()}
    answer = result(calculator, **request)
    assert answer == {"edition": edition, "reason": reason, **nothing}
    assert steps_of(calculator, **request) == [(reason, False)]
    assert clauses_of_steps(calculator, **request) == {reason: "bylaw.bylaw_1389.scope"}


def test_steps_of_a_late_delivery_show_rate_and_continued_profit() -> None:
    # 1 % of 100 million in 30 days; 36.5 % a year is 3 % in 30 days; by the year 12 x 30 / 365 of a percent
    assert steps_of("delivery_delay", **DELAY) == [
        ("late_percent", "1"), ("late_rial", 1_000_000), ("profit_goes_on", 3_000_000),
        ("delay_amount", 4_000_000),
    ]  # fmt: skip
    assert result("delivery_delay", **DELAY)["profit_rial"] == 3_000_000
    assert alternatives("delivery_delay", "A-20", **DELAY) == [{"amount_rial": 3_986_301}]
    immediate = {**DELAY, "method": "immediate"}
    assert steps_of("delivery_delay", **immediate) == [
        ("late_percent", "2.5"), ("late_rial", 2_500_000), ("delay_amount", 2_500_000),
    ]  # fmt: skip
    assert result("delivery_delay", **immediate)["profit_rial"] == 0


def test_steps_of_a_profit_show_the_percent_or_its_absence() -> None:
    assert steps_of("participation_profit", **PROFIT) == [
        ("annual_percent", "18"), ("participation_profit", 18_000_000),
    ]  # fmt: skip
    assert notices("participation_profit", **PROFIT) == {"least_profit_is_the_banks"}
    immediate = {**PROFIT, "method": "immediate"}
    assert steps_of("participation_profit", **immediate) == [("no_participation", False)]
    answer = result("participation_profit", **immediate)
    assert answer == {"edition": "bylaw_1395", "reason": "no_participation", "amount_rial": None}


def test_steps_of_a_withdrawal_show_the_rate_and_both_interests() -> None:
    # 18 less 3 points; 73 days of 15 % of 200 million are 6 million; 93 days are 73 more than 20
    request = {**WITHDRAWAL, "repaid_after_days": 93}
    answer = result("withdrawal_interest", **request)
    assert (answer["reason"], answer["eligible"], answer["total_rial"]) == (None, True, 12_000_000)
    assert steps_of("withdrawal_interest", **request) == [
        ("withdrawal_from", "1403-02-15"), ("withdrawal_rate", "15"), ("withdrawal_interest", 6_000_000),
        ("late_interest", 6_000_000), ("withdrawal_total", 12_000_000),
    ]  # fmt: skip
    assert "late_interest" not in clauses_of_steps("withdrawal_interest", **WITHDRAWAL)
    early = {**request, "withdrawn_on": "1403-02-14"}
    answer = result("withdrawal_interest", **early)
    assert (answer["reason"], answer["interest_rial"], answer["total_rial"]) == (
        "before_one_month",
        0,
        6_000_000,
    )


@pytest.mark.parametrize(("percent", "interest", "other"), [("2", 0, 776_000), ("3.5", 200_000, 1_358_000)])
def test_minimum_withdrawal_rate_is_never_negative(percent: str, interest: int, other: int) -> None:
    """Use 73 days, a fifth of a year; 97 percent of the rates are 1.94 and 3.395."""
    request = {**WITHDRAWAL, "one_year_deposit_percent": percent}
    assert result("withdrawal_interest", **request)["interest_rial"] == interest
    assert alternatives("withdrawal_interest", "A-20", **request)[0]["interest_rial"] == other


def test_a_total_that_differs_from_its_rounded_parts_has_a_notice() -> None:
    request = {
        "paid_rial": 100_000_001, "contracted_on": "1402-01-01", "withdrawn_on": "1402-04-03",
        "one_year_deposit_percent": "18", "repaid_after_days": 23,
    }  # fmt: skip
    answer = result("withdrawal_interest", **request)
    assert [answer[name] for name in ("interest_rial", "late_interest_rial", "total_rial")] == [
        3_904_110, 123_288, 4_027_397,
    ]  # fmt: skip
    assert "total_is_rounded_once" in notices("withdrawal_interest", **request)
    assert "total_is_rounded_once" not in notices("withdrawal_interest", **{**request, "paid_rial": 10**9})
    delay = {
        "method": "participation", "paid_rial": 100_000_001, "late_days": 23, "participation_percent": "18",
        "on": "1402-01-01",
    }  # fmt: skip
    steps = dict(steps_of("delivery_delay", **delay))
    assert steps["late_rial"] + steps["profit_goes_on"] - steps["delay_amount"] == 1
    assert notices("delivery_delay", **delay) == {"total_is_rounded_once"}
    assert notices("delivery_delay", **{**delay, "paid_rial": 365 * 10**8}) == set()


@pytest.mark.parametrize(
    ("days", "expected"), [(20, {"money_back_within"}), (21, {"money_back_within", "repaid_late"})]
)
def test_withdrawal_notices_name_when_the_money_is_due(days: int, expected: set[str]) -> None:
    notices_of_answer = response("withdrawal_interest", **WITHDRAWAL, repaid_after_days=days)["notices"]
    assert {notice["key"] for notice in notices_of_answer} == expected
    assert [notice["params"] for notice in notices_of_answer] == [
        {"days": day} for day in (20, 21)[: len(expected)]
    ]


@pytest.mark.parametrize(
    ("rule", "key", "limit", "in_time"),
    [("complaint", "deadline_within", 20, True), ("stop_payment", "deadline_below", 15, False)],
)
def test_steps_of_a_deadline_show_whether_the_last_day_counts(
    rule: str, key: str, limit: int, *, in_time: bool
) -> None:
    request = {"rule": rule, "since": "1403-07-01", "acted_on": "1403-07-21"}
    assert steps_of("legal_deadline", **request) == [(key, limit), ("on_time", in_time)]
    assert inputs_of_step("legal_deadline", "on_time", **request) == {"days": 20}
    assert notices("legal_deadline", **request) == set()


@pytest.mark.parametrize(
    ("day", "edition", "reason"),
    [("1389-02-28", None, "no_edition"), ("1395-01-21", "bylaw_1389", "no_deadline")],
)
def test_bylaw_without_the_deadline_is_named_in_the_refusal(
    day: str, edition: str | None, reason: str
) -> None:
    request = {"rule": "complaint", "days": 3, "on": day}
    answer = result("legal_deadline", **request)
    assert (answer["edition"], answer["reason"]) == (edition, reason)
    assert steps_of("legal_deadline", **request) == [(reason, False)]
    assert clauses_of_steps("legal_deadline", **request) == {reason: "bylaw.bylaw_1389.scope"}


def test_deadline_needs_both_dates_which_may_be_equal() -> None:
    day = "1403-07-01"
    assert errors("legal_deadline", rule="complaint", since=day) == {("days", "days_or_dates")}
    assert errors("legal_deadline", rule="complaint", acted_on=day) == {("days", "days_or_dates")}
    for request in ({"since": day, "acted_on": day}, {"days": 0}):
        assert result("legal_deadline", rule="complaint", **request)["on_time"] is True
        assert inputs_of_step("legal_deadline", "on_time", rule="complaint", **request) == {"days": 0}


def test_given_days_of_a_deadline_override_its_first_day() -> None:
    answer = result("legal_deadline", rule="complaint", days=21, since="1403-07-01")
    assert (answer["on_time"], answer["last_day"]) == (False, "1403-07-21")
