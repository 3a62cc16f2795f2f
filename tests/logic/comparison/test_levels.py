import json
from typing import Any

import pytest

from logic.core.models import Level
from logic.core.registry import find, respond

pytestmark = pytest.mark.usefixtures("named_editions")

LEVELS = (
    "membership", "mobile", "golden_year", "one_star", "working_golden_year", "working_one_star",
    "two_star", "three_star", "four_star",
)  # fmt: skip
WORKING_USES = ("taxi", "passenger_carrying", "agency", "driving_school", "hire", "intercity")

# Table 1 as printed, from right to left after the level's name: a row for the levels that share one.
SERVICES = (
    "mobile_assistance", "towing", "on_site_service", "damage_repair", "technical_repair", "partial_theft",
    "vehicle_replacement", "tyre_replacement", "periodic_service", "downtime", "technical_advice",
)  # fmt: skip
TABLE_1 = {
    ("membership",): "tariff tariff tariff - - - - - - - √",
    ("mobile",): "free free tariff - - - - - - - √",
    ("golden_year", "one_star"): "free free tariff √ - √ √ - - - √",
    ("working_golden_year", "working_one_star"): "free free tariff √ - √ √ - - - √",
    ("two_star",): "free free tariff √ √ √ √ - 25000km - √",
    ("three_star",): "free free tariff √ √ √ √ - 40000km 100000rial √",
    ("four_star",): "free free tariff √ √ √ √ √ 60000km 150000rial √",
}


def answer(calculator: str, **fields: object) -> dict[str, Any]:
    response = respond(find(calculator), json.dumps(fields).encode())
    assert response["ok"], response
    return response


def refusals(calculator: str, **fields: object) -> list[tuple[str, str]]:
    response: dict[str, Any] = respond(find(calculator), json.dumps(fields).encode())
    assert not response["ok"], response
    return [(error["field"], error["code"]) for error in response["errors"]]


def cells(*levels: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the cells by service and level."""
    request = {"levels": levels} if levels else {}
    rows = answer("compare_levels", **request)["result"]["rows"]
    assert len(rows) == len({row["service"] for row in rows}) == 11
    return {row["service"]: row["cells"] for row in rows}


# --- compare_levels


def cell_as_printed(printed: str) -> dict[str, Any]:
    for ending, kind in (("km", "limit_km"), ("rial", "daily_rial")):
        if printed.endswith(ending):
            return {"kind": kind, "value": int(printed.removesuffix(ending))}
    return {"kind": {"√": "included", "-": "excluded"}.get(printed, printed), "value": None}


@pytest.mark.parametrize(("levels", "row"), TABLE_1.items())
def test_every_cell_of_table_1_is_answered_as_printed(levels: tuple[str, ...], row: str) -> None:
    by_level = cells()
    for level in levels:
        for service, printed in zip(SERVICES, row.split(), strict=True):
            assert by_level[service][level] == cell_as_printed(printed), (level, service)


def test_without_levels_all_nine_are_compared() -> None:
    assert tuple(LEVELS) == tuple(Level)
    assert all(tuple(row) == LEVELS for row in cells().values())


def test_levels_keep_the_requested_order_without_duplicates() -> None:
    by_level = cells("four_star", "mobile", "four_star")
    assert all(tuple(row) == ("four_star", "mobile") for row in by_level.values())


def test_an_answer_cites_a_clause_for_every_cell() -> None:
    steps = answer("compare_levels", levels=["mobile", "four_star"])["steps"]
    assert len(steps) == 22
    cited = {(step["inputs"]["level"], step["inputs"]["service"]): step["clause"] for step in steps}
    assert cited["four_star", "tyre_replacement"] == "emdad.ssa005_14.table_1.star"
    assert {*cited.values()} == {"emdad.ssa005_14.table_1", "emdad.ssa005_14.table_1.star"}


def test_only_differing_cells_are_marked_as_different() -> None:
    rows = answer("compare_levels", levels=["three_star", "four_star"])["result"]["rows"]
    differing = {row["service"] for row in rows if row["differs"]}
    assert differing == {"periodic_service", "downtime", "tyre_replacement"}
    assert not any(row["differs"] for row in answer("compare_levels", levels=["mobile"])["result"]["rows"])


@pytest.mark.parametrize(
    ("lower", "higher", "services"),
    [
        ("membership", "mobile", {"towing", "mobile_assistance"}),
        ("mobile", "golden_year", {"vehicle_replacement", "partial_theft", "damage_repair"}),
        ("golden_year", "one_star", set()),
        ("one_star", "two_star", {"technical_repair", "periodic_service"}),
        ("two_star", "three_star", {"periodic_service", "downtime"}),
        ("three_star", "four_star", {"periodic_service", "downtime", "tyre_replacement"}),
    ],
)
def test_an_upgrade_names_the_services_that_change(lower: str, higher: str, services: set[str]) -> None:
    (upgrade,) = answer("compare_levels", levels=[lower, higher])["result"]["upgrades"]
    assert (upgrade["lower"], upgrade["higher"]) == (lower, higher)
    assert set(upgrade["services"]) == services


@pytest.mark.parametrize(
    ("levels", "notices"),
    [
        (["mobile"], {"on_site_by_tariff"}),
        (["two_star"], {"on_site_by_tariff", "km_ceiling_is_odometer"}),
        (["four_star"], {"on_site_by_tariff", "km_ceiling_is_odometer", "tyre_after_km_in_period"}),
    ],
)
def test_notices_of_a_comparison_explain_its_figures(levels: list[str], notices: set[str]) -> None:
    assert {notice["key"] for notice in answer("compare_levels", levels=levels)["notices"]} == notices


@pytest.mark.parametrize(
    ("started_on", "edition"),
    [("1391-07-30", None), ("1391-08-01", "ssa005_14"), ("1391-08-02", "ssa005_14"), (None, "ssa005_14")],
)
def test_levels_are_compared_by_the_booklet_of_the_subscription(
    started_on: str | None, edition: str | None
) -> None:
    result = answer("compare_levels", started_on=started_on)["result"]
    assert result["edition"] == edition
    assert bool(result["rows"]) is (edition is not None)
    assert result["reason"] == (None if edition else "no_edition")


def test_an_unknown_level_and_an_empty_list_are_refused() -> None:
    assert refusals("compare_levels", levels=["five_star"]) == [("levels.0", "unknown_value")]
    assert refusals("compare_levels", levels=[]) == [("levels", "too_few")]
    assert refusals("compare_levels", levels="mobile") == [("levels", "not_a_list")]


# --- level_eligibility


def reasons_by_level(**fields: object) -> dict[str, str | None]:
    """Return the reason by level, None where the level is open to the car."""
    levels = answer("level_eligibility", **fields)["result"]["levels"]
    assert [row["level"] for row in levels] == list(LEVELS)
    assert all(row["eligible"] is (row["reason"] is None) for row in levels)
    return {row["level"]: row["reason"] for row in levels}


@pytest.mark.parametrize(
    ("produced_on", "on", "eligible"),
    [
        ("1393-01-15", "1398-01-14", True),
        ("1393-01-15", "1398-01-15", True),
        ("1393-01-15", "1398-01-16", False),
        ("1399-12-30", "1404-12-28", True),  # five years later Esfand has 29 days
        ("1399-12-30", "1404-12-29", True),
        ("1399-12-30", "1405-01-01", False),
        ("1403-12-30", "1408-12-29", True),  # here it has 30 again
        ("1403-12-30", "1408-12-30", True),
        ("1403-12-30", "1409-01-01", False),
    ],
)
@pytest.mark.parametrize("level", ["two_star", "three_star", "four_star"])
def test_two_stars_and_more_are_open_until_five_years_after_production(
    level: str, produced_on: str, on: str, *, eligible: bool
) -> None:
    assert reasons_by_level(produced_on=produced_on, on=on)[level] == (None if eligible else "too_old")


@pytest.mark.parametrize(
    ("produced_on", "on", "eligible"),
    [
        ("1388-01-15", "1398-01-14", True),
        ("1388-01-15", "1398-01-15", True),
        ("1388-01-15", "1398-01-16", False),
        ("1399-12-30", "1409-12-28", True),
        ("1399-12-30", "1409-12-29", True),
        ("1399-12-30", "1410-01-01", False),
    ],
)
@pytest.mark.parametrize("level", ["mobile", "golden_year", "one_star"])
def test_lower_levels_are_open_until_ten_years_after_production(
    level: str, produced_on: str, on: str, *, eligible: bool
) -> None:
    assert reasons_by_level(produced_on=produced_on, on=on)[level] == (None if eligible else "too_old")


@pytest.mark.parametrize(("on", "reason"), [("1398-01-15", None), ("1398-01-16", "too_old")])
def test_the_working_one_star_has_the_same_ten_years(on: str, reason: str | None) -> None:
    assert reasons_by_level(produced_on="1388-01-15", on=on, use="taxi")["working_one_star"] == reason


def test_no_age_is_printed_for_membership() -> None:
    assert reasons_by_level(produced_on="1350-01-01", on="1403-01-01")["membership"] is None


def test_a_verdict_names_the_last_day_of_its_age() -> None:
    levels = answer("level_eligibility", produced_on="1399-12-30", on="1403-01-01")["result"]["levels"]
    last_days = {row["level"]: row["last_day"] for row in levels}
    assert last_days["membership"] is None
    assert last_days["one_star"] == "1409-12-29"
    assert last_days["two_star"] == "1404-12-29"


def test_a_private_car_is_not_offered_the_working_levels() -> None:
    by_level = reasons_by_level(produced_on="1402-01-01", on="1403-01-01")
    assert {level for level, reason in by_level.items() if reason == "private_use"} == {
        "working_golden_year",
        "working_one_star",
    }
    assert sum(reason is None for reason in by_level.values()) == 7


@pytest.mark.parametrize("use", WORKING_USES)
def test_a_working_car_can_only_have_the_working_one_star(use: str) -> None:
    by_level = reasons_by_level(produced_on="1402-01-01", on="1403-01-01", use=use)
    assert by_level.pop("working_one_star") is None
    assert by_level.pop("working_golden_year") == "only_one_star_is_named"
    assert set(by_level.values()) == {"working_use"}
    rows = answer("level_eligibility", produced_on="1402-01-01", on="1403-01-01", use=use)["result"]["levels"]
    clauses = {row["level"]: row["clause"] for row in rows}
    assert clauses["mobile"] == "emdad.ssa005_14.p2.2_8"
    assert clauses["four_star"] == "emdad.ssa005_14.table_2.star_1"


def test_the_working_golden_year_is_an_alternative() -> None:
    response = answer("level_eligibility", produced_on="1402-01-01", on="1403-01-01", use="hire")
    (other,) = response["alternatives"]
    assert other["reading"] == "A-35"
    eligible = {row["level"] for row in other["result"]["levels"] if row["eligible"]}
    assert eligible == {"working_golden_year", "working_one_star"}
    private = answer("level_eligibility", produced_on="1402-01-01", on="1403-01-01")
    assert private["alternatives"] == []


def conversion(**fields: object) -> dict[str, Any] | None:
    request = {"produced_on": "1402-01-01", "on": "1403-01-01", "use": "agency", **fields}
    by_level: dict[str, Any] | None = answer("level_eligibility", **request)["result"]["conversion"]
    return by_level


@pytest.mark.parametrize("use", WORKING_USES)
@pytest.mark.parametrize("current", ["golden_year", "one_star", "two_star", "three_star", "four_star"])
def test_a_golden_card_becomes_a_working_one_star_without_refund(current: str, use: str) -> None:
    assert conversion(current_level=current, use=use) == {
        "new_level": "working_one_star",
        "voided": False,
        "refund_rial": 0,
        "reversible": False,
    }


def test_working_use_voids_a_mobile_card() -> None:
    assert conversion(current_level="mobile") == {
        "new_level": None,
        "voided": True,
        "refund_rial": 0,
        "reversible": False,
    }


@pytest.mark.parametrize("current", [None, "membership", "working_one_star", "working_golden_year"])
def test_only_a_private_card_is_converted(current: str | None) -> None:
    assert conversion(current_level=current) is None


@pytest.mark.parametrize("current", LEVELS)
def test_private_use_does_not_convert_a_card(current: str) -> None:
    assert conversion(current_level=current, use="private") is None


def test_a_notice_says_that_the_booklet_omits_a_refund() -> None:
    request = {"produced_on": "1402-01-01", "on": "1403-01-01", "use": "taxi"}
    golden = answer("level_eligibility", **request, current_level="two_star")
    mobile = answer("level_eligibility", **request, current_level="mobile")
    assert "refund_on_own_request" in {notice["key"] for notice in golden["notices"]}
    assert "refund_is_silent" in {notice["key"] for notice in mobile["notices"]}
    for response, key, value, clause in (
        (golden, "converted", "working_one_star", "emdad.ssa005_14.table_2.star_2"),
        (mobile, "voided", True, "emdad.ssa005_14.p2.2_8"),
    ):
        steps = {step["key"]: step for step in response["steps"]}
        assert (steps["working_use"]["value"], steps["working_use"]["inputs"]) == (True, {"use": "taxi"})
        assert (steps[key]["value"], steps[key]["clause"]) == (value, clause)
        assert (steps["refund"]["value"], steps["refund"]["clause"]) == (0, clause)
        assert response["steps"][-1] == steps["refund"]


@pytest.mark.parametrize(
    ("on", "edition"), [("1391-07-30", None), ("1391-08-01", "ssa005_14"), ("1391-08-02", "ssa005_14")]
)
def test_no_level_is_open_before_the_booklets_first_day(on: str, edition: str | None) -> None:
    request = {"produced_on": "1390-01-01", "on": on}
    assert answer("level_eligibility", **request)["result"]["edition"] == edition
    assert ("no_edition" in reasons_by_level(**request).values()) is (edition is None)


@pytest.mark.parametrize(
    ("produced_on", "fits"), [("1402-12-29", True), ("1403-01-01", True), ("1403-01-02", False)]
)
def test_a_production_date_in_the_future_is_refused(produced_on: str, *, fits: bool) -> None:
    request = {"produced_on": produced_on, "on": "1403-01-01"}
    if fits:
        assert reasons_by_level(**request)["four_star"] is None
    else:
        assert refusals("level_eligibility", **request) == [("produced_on", "produced_after_on")]


@pytest.mark.parametrize(
    "day",
    ["1402-12-30", "1403-13-01", "1403-00-10", "2023-02-29", "1403/01/01", "", 0, 14030101, 1.5, True, None],
)
def test_an_invalid_date_is_refused_at_its_field(day: object) -> None:
    ((field, code),) = refusals("level_eligibility", produced_on="1402-01-01", on=day)
    assert (field, code) == ("on", "no_such_day")


@pytest.mark.parametrize("year", ["9999", "9990", "1700", "1499", "1490", "1300", "0001"])
def test_a_distant_day_is_answered_or_refused_without_an_error(year: str) -> None:
    request = json.dumps({"produced_on": f"{year}-12-01", "on": f"{year}-12-01"})
    assert respond(find("level_eligibility"), request.encode())["ok"] in (True, False)
