"""The same events under every level: sums, order, and what each event does to the ones after it."""

from typing import Any

import pytest

from tests.support.calculator_client import errors, response, result

pytestmark = pytest.mark.usefixtures("named_editions")

CRASH = {"event": "collision", "damage_rial": 100_000_000}
REPAIR = {"event": "repair", "damage_rial": 10_000_000}


def rows(*events: dict[str, Any], **more: object) -> dict[str, dict[str, Any]]:
    return {row["level"]: row for row in result("events_by_level", events=events, **more)["rows"]}


def pays(level: str, *events: dict[str, Any], **more: object) -> list[int]:
    return [cell["subscriber_pays_rial"] for cell in rows(*events, **more)[level]["cells"]]


def test_every_event_raises_the_share_of_the_next_one() -> None:
    assert pays("two_star", CRASH, CRASH, CRASH) == [10_000_000, 20_000_000, 30_000_000]
    assert pays("two_star", CRASH, CRASH, prior_incidents=2) == [30_000_000, 40_000_000]


def test_a_theft_counts_with_the_incidents_and_a_repair_by_itself() -> None:
    theft = {"event": "partial_theft", "damage_rial": 100_000_000}
    assert pays("three_star", theft, CRASH) == [20_000_000, 20_000_000]
    assert pays("three_star", REPAIR, CRASH, REPAIR) == [1_000_000, 10_000_000, 2_000_000]
    assert pays("three_star", REPAIR, prior_repairs=1) == [2_000_000]


def test_somebody_elses_fault_raises_nothing_on_a_working_card() -> None:
    theirs = {**CRASH, "third_party_at_fault": True}
    assert pays("working_one_star", theirs, CRASH) == [20_000_000, 20_000_000]
    assert pays("two_star", theirs, CRASH) == [10_000_000, 20_000_000]
    cell = rows(theirs, CRASH)["two_star"]["cells"][1]
    assert cell["other_readings"] == ["A-4"]


def test_what_is_not_covered_raises_nothing() -> None:
    hail = {"event": "hail", "damage_rial": 50_000_000}
    assert pays("golden_year", hail, CRASH) == [50_000_000, 10_000_000]
    assert pays("one_star", hail, CRASH) == [5_000_000, 20_000_000]
    assert rows(hail)["golden_year"]["cells"][0]["reason"] == "event_not_covered_by_level"


def test_the_least_to_pay_comes_first_and_both_sides_make_the_whole() -> None:
    found = response("events_by_level", events=[CRASH, REPAIR], prior_incidents=2)
    order = [row["level"] for row in found["result"]["rows"]]
    assert order[:3] == ["two_star", "three_star", "four_star"]
    assert set(order[-2:]) == {"membership", "mobile"}
    for row in found["result"]["rows"]:
        assert row["subscriber_pays_rial"] + row["company_pays_rial"] == 110_000_000
    assert found["steps"][-1]["value"] == found["result"]["rows"][0]["subscriber_pays_rial"] == 31_000_000


def test_only_the_levels_asked_for_are_priced_and_each_once() -> None:
    assert [*rows(CRASH, levels=["four_star", "mobile", "four_star"])] == ["four_star", "mobile"]


def test_before_the_booklet_no_level_covers_anything() -> None:
    found = result("events_by_level", events=[CRASH], started_on="1390-01-01")
    assert (found["edition"], found["reason"]) == (None, "no_edition")
    assert {row["subscriber_pays_rial"] for row in found["rows"]} == {100_000_000}


@pytest.mark.parametrize(
    ("events", "error"),
    [
        ([], ("events", "too_few")),
        ([CRASH] * 13, ("events", "too_many")),
        ([{"event": "collision", "damage_rial": -1}], ("events.0.damage_rial", "negative")),
        ([{"event": "flat_battery", "damage_rial": 1}], ("events.0.event", "unknown_value")),
    ],
)
def test_a_year_that_cannot_be_priced_is_told_why(events: list[Any], error: tuple[str, str]) -> None:
    assert errors("events_by_level", events=events) == {error}
