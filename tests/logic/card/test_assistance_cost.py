import json
from typing import Any

import pytest

from logic.core.registry import find, respond

pytestmark = pytest.mark.usefixtures("named_editions")

ALL = (
    "membership", "mobile", "golden_year", "one_star", "working_golden_year", "working_one_star",
    "two_star", "three_star", "four_star",
)  # fmt: skip
SUBSCRIBERS = ALL[1:]
STARS = ("two_star", "three_star", "four_star")
THROUGH_THE_COMPANY = ("callout", "tow", "roadside_wage_and_parts", "passenger_transfer")


def answer(**fields: object) -> dict[str, Any]:
    response = respond(find("assistance_cost"), json.dumps(fields).encode())
    assert response["ok"], response
    return response


def payer(level: str, item: str, **fields: object) -> str | None:
    result = answer(level=level, item=item, **fields)["result"]
    assert (result["reason"] is None) is (result["payer"] in ("free", "company"))
    line: str | None = result["payer"]
    return line


def reason(level: str, item: str, **fields: object) -> str | None:
    line: str | None = answer(level=level, item=item, **fields)["result"]["reason"]
    return line


@pytest.mark.parametrize("item", ["callout", "tow"])
def test_a_member_pays_the_call_out_and_the_tow_by_tariff(item: str) -> None:
    assert payer("membership", item) == "tariff"
    assert reason("membership", item) == "not_in_level"


@pytest.mark.parametrize("item", ["callout", "tow"])
@pytest.mark.parametrize("level", SUBSCRIBERS)
def test_call_out_and_tow_are_free_from_the_mobile_card_up(level: str, item: str) -> None:
    assert payer(level, item) == "free"


@pytest.mark.parametrize("level", ALL)
def test_service_on_site_is_by_tariff_at_every_level(level: str) -> None:
    assert payer(level, "on_site_service") == "tariff"
    assert reason(level, "on_site_service") == "by_tariff_at_every_level"


@pytest.mark.parametrize("level", ALL)
def test_the_company_pays_roadside_wage_and_parts_from_two_stars(level: str) -> None:
    assert payer(level, "roadside_wage_and_parts") == ("company" if level in STARS else "tariff")
    notices = {row["key"] for row in answer(level=level, item="roadside_wage_and_parts")["notices"]}
    assert ("share_may_apply" in notices) is (level in STARS)


@pytest.mark.parametrize("level", ALL)
def test_during_the_makers_guarantee_it_governs_wage_and_parts(level: str) -> None:
    assert payer(level, "roadside_wage_and_parts", in_guarantee=True) == "guarantee"
    assert payer(level, "roadside_wage_and_parts", in_guarantee=True, via_company=False) == "guarantee"


@pytest.mark.parametrize("item", ["callout", "tow", "on_site_service", "passenger_transfer"])
def test_the_guarantee_governs_only_wage_and_parts(item: str) -> None:
    request = {"item": item, "intercity": True}
    assert answer(level="mobile", **request) == answer(level="mobile", **request, in_guarantee=True)


@pytest.mark.parametrize("level", SUBSCRIBERS)
def test_the_company_pays_for_passengers_only_on_inter_city_roads(level: str) -> None:
    assert payer(level, "passenger_transfer", intercity=True) == "company"
    assert payer(level, "passenger_transfer", intercity=False) == "customer"
    assert reason(level, "passenger_transfer", intercity=False) == "not_intercity"


def test_members_pay_for_their_passengers() -> None:
    assert payer("membership", "passenger_transfer", intercity=True) == "customer"


@pytest.mark.parametrize("level", ALL)
def test_the_customer_pays_for_an_uncancelled_call_out(level: str) -> None:
    assert payer(level, "cancelled_callout") == "customer"
    assert reason(level, "cancelled_callout") == "not_called_off"


@pytest.mark.parametrize(("tow_number", "who"), [(1, "free"), (2, "tariff"), (3, "tariff"), (1000, "tariff")])
def test_the_first_tow_of_each_case_is_free(tow_number: int, who: str) -> None:
    for level in SUBSCRIBERS:
        assert payer(level, "tow", tow_number=tow_number) == who
    assert reason("mobile", "tow", tow_number=2) == "not_the_first_tow"


@pytest.mark.parametrize("level", SUBSCRIBERS)
def test_help_for_a_car_that_can_move_safely_is_not_free(level: str) -> None:
    assert payer(level, "callout", immobile=False) == "tariff"
    assert payer(level, "tow", immobile=False) == "tariff"
    assert payer(level, "passenger_transfer", immobile=False, intercity=True) == "customer"
    assert reason(level, "callout", immobile=False) == "car_can_move"


@pytest.mark.parametrize("item", THROUGH_THE_COMPANY)
@pytest.mark.parametrize("level", ALL)
def test_the_customer_pays_for_help_not_arranged_by_the_company(level: str, item: str) -> None:
    assert payer(level, item, via_company=False, intercity=True) == "customer"
    assert reason(level, item, via_company=False, intercity=True) == "not_through_company"


@pytest.mark.parametrize("via_company", [True, False])
@pytest.mark.parametrize("level", SUBSCRIBERS)
def test_the_company_pays_the_tow_when_it_cannot_send_help(level: str, *, via_company: bool) -> None:
    assert payer(level, "tow", via_company=via_company, company_could_not_send=True) == "company"


@pytest.mark.parametrize("via_company", [True, False])
@pytest.mark.parametrize("item", ["callout", "roadside_wage_and_parts"])
@pytest.mark.parametrize("level", ALL)
def test_when_it_cannot_send_help_the_company_pays_no_other_rescuer(
    level: str, item: str, *, via_company: bool
) -> None:
    request = {"via_company": via_company, "company_could_not_send": True}
    assert payer(level, item, **request) == "customer"
    assert reason(level, item, **request) == "only_the_tow"


@pytest.mark.parametrize("level", SUBSCRIBERS)
def test_the_company_pays_for_passengers_when_it_cannot_send_help(level: str) -> None:
    request = {"via_company": False, "company_could_not_send": True, "intercity": True}
    assert payer(level, "passenger_transfer", **request) == "company"


@pytest.mark.parametrize(
    ("level", "item", "fields", "clause"),
    [
        ("membership", "callout", {}, "emdad.ssa005_14.p1"),
        ("mobile", "callout", {}, "emdad.ssa005_14.p2.4_4"),
        ("mobile", "callout", {"immobile": False}, "emdad.ssa005_14.p2.2_2"),
        ("mobile", "callout", {"via_company": False}, "emdad.ssa005_14.p2.3_4"),
        ("mobile", "callout", {"company_could_not_send": True}, "emdad.ssa005_14.p2.2_9"),
        ("four_star", "roadside_wage_and_parts", {"via_company": False}, "emdad.ssa005_14.p3.9_6"),
        ("mobile", "tow", {"via_company": False}, "emdad.ssa005_14.p2.5_13"),
        ("one_star", "tow", {}, "emdad.ssa005_14.p2.5_3"),
        ("one_star", "tow", {"tow_number": 2}, "emdad.ssa005_14.p2.5_8"),
        ("one_star", "tow", {"company_could_not_send": True}, "emdad.ssa005_14.p2.2_9"),
        ("one_star", "passenger_transfer", {}, "emdad.ssa005_14.p2.5_5"),
        ("one_star", "roadside_wage_and_parts", {}, "emdad.ssa005_14.p2.4_5"),
        ("four_star", "roadside_wage_and_parts", {}, "emdad.ssa005_14.p2.4_3"),
        ("four_star", "roadside_wage_and_parts", {"in_guarantee": True}, "emdad.ssa005_14.p2.4_1"),
        ("four_star", "on_site_service", {}, "emdad.ssa005_14.table_1"),
        ("four_star", "cancelled_callout", {}, "emdad.ssa005_14.p2.3_1"),
    ],
)
def test_the_last_step_cites_the_deciding_clause(
    level: str, item: str, fields: dict[str, object], clause: str
) -> None:
    response = answer(level=level, item=item, **fields)
    assert response["steps"][-1]["clause"] == clause
    assert response["steps"][-1]["value"] == response["result"]["payer"]


@pytest.mark.parametrize(
    ("item", "fields", "notice"),
    [
        ("callout", {}, "call_out_negation"),
        ("tow", {}, "tow_needs_approval"),
        ("passenger_transfer", {"intercity": True}, "paid_to_owner_by_km"),
        ("on_site_service", {}, None),
    ],
)
def test_an_answer_has_a_notice_of_what_to_confirm(
    item: str, fields: dict[str, object], notice: str | None
) -> None:
    notices = [row["key"] for row in answer(level="mobile", item=item, **fields)["notices"]]
    assert notices == ([notice] if notice else [])


@pytest.mark.parametrize(
    ("started_on", "who"), [("1391-07-30", None), ("1391-08-01", "free"), ("1391-08-02", "free")]
)
def test_the_booklet_applies_to_subscriptions_from_its_first_day(started_on: str, who: str | None) -> None:
    result = answer(level="mobile", item="tow", started_on=started_on)["result"]
    assert result["payer"] == who
    assert (result["reason"] == "no_edition") is (who is None)


@pytest.mark.parametrize("tow_number", [0, -1, 1001, 1.5, "1", True])
def test_tow_numbers_start_at_one(tow_number: object) -> None:
    line = json.dumps({"level": "mobile", "item": "tow", "tow_number": tow_number}).encode()
    response: dict[str, Any] = respond(find("assistance_cost"), line)
    assert [error["field"] for error in response["errors"]] == ["tow_number"]
