import json
from typing import Any

import pytest

from logic.core.registry import find, respond


def asked(calculator: str, **fields: object) -> dict[str, Any]:
    response = respond(find(calculator), json.dumps(fields).encode())
    assert response["ok"], response
    return response


def notices(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {notice["key"]: notice for notice in answer["notices"]}


@pytest.mark.parametrize(("damage", "needed"), [(6_999_999, False), (7_000_000, False), (7_000_001, True)])
def test_the_papers_of_a_peril_are_needed_above_seven_million_and_below_it_that_is_said(
    damage: int, *, needed: bool
) -> None:
    answer = asked("subscriber_share", level="one_star", event="hail", damage_rial=damage)
    assert bool(answer["result"]["documents"]) is needed
    assert answer["result"]["report_required"] is needed
    said = notices(answer).get("papers_above")
    assert (said is None) is needed
    if said:
        assert (said["params"], said["clause"]) == ({"limit": 7_000_000}, "emdad.ssa005_14.table_3.note_1")


def test_glass_alone_has_no_papers_printed_at_any_amount() -> None:
    answer = asked("subscriber_share", level="one_star", event="glass", damage_rial=90_000_000)
    assert "no_papers_printed" in notices(answer)
    assert "papers_above" not in notices(answer)


@pytest.mark.parametrize(
    ("table", "gearbox", "said"),
    [
        ("tondar90_k4m", "automatic", True),
        ("tondar90_k4m", "manual", False),
        ("peugeot_206", "automatic", False),
        ("xu7_l3", "cvt", True),
    ],
)
def test_automatic_gearbox_oil_is_printed_for_the_206_alone_and_for_others_that_is_said(
    table: str, gearbox: str, *, said: bool
) -> None:
    answer = asked("service_schedule", table=table, gearbox=gearbox, odometer_km=40_000, level="four_star")
    assert ("automatic_oil_for_206_only" in notices(answer)) is said
    items = [item["item"] for item in answer["result"]["current"]["items"]]
    assert ("automatic_gearbox_oil" in items) is (table == "peugeot_206")


@pytest.mark.parametrize(("odometer", "said"), [(60_000, True), (40_000, False), (80_300, True)])
def test_beyond_the_table_only_the_belt_stands_and_that_is_said(odometer: int, *, said: bool) -> None:
    """At 60,000 the next service already is the belt's at 80,000."""
    answer = asked("service_schedule", table="peugeot_206", odometer_km=odometer, level="four_star")
    found = notices(answer).get("table_ends")
    assert (found is not None) is said
    if found:
        assert found["params"] == {"last": 60_000}


def test_a_table_without_a_belt_note_never_says_so() -> None:
    answer = asked("service_schedule", table="xu7_l3", odometer_km=200_000, level="four_star")
    assert "table_ends" not in notices(answer)
