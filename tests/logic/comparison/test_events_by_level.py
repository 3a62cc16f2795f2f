"""The same events under every level: sums, order, and the effect of an event on later ones."""

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


def test_thefts_count_as_incidents_and_repairs_count_separately() -> None:
    theft = {"event": "partial_theft", "damage_rial": 100_000_000}
    assert pays("three_star", theft, CRASH) == [20_000_000, 20_000_000]
    assert pays("three_star", REPAIR, CRASH, REPAIR) == [1_000_000, 10_000_000, 2_000_000]
    assert pays("three_star", REPAIR, prior_repairs=1) == [2_000_000]


def test_third_party_fault_does_not_raise_a_working_cards_share() -> None:
    third_party_crash = {**CRASH, "third_party_at_fault": True}
    assert pays("working_one_star", third_party_crash, CRASH) == [20_000_000, 20_000_000]
    assert pays("two_star", third_party_crash, CRASH) == [10_000_000, 20_000_000]
    cell = rows(third_party_crash, CRASH)["two_star"]["cells"][1]
    assert cell["other_readings"] == ["A-4"]


def test_an_uncovered_event_does_not_raise_the_share() -> None:
    hail = {"event": "hail", "damage_rial": 50_000_000}
    assert pays("golden_year", hail, CRASH) == [50_000_000, 10_000_000]
    assert pays("one_star", hail, CRASH) == [5_000_000, 20_000_000]
    assert rows(hail)["golden_year"]["cells"][0]["reason"] == "event_not_covered_by_level"


def test_levels_are_sorted_by_payment_and_payments_equal_the_damage() -> None:
    answer = response("events_by_level", events=[CRASH, REPAIR], prior_incidents=2)
    order = [row["level"] for row in answer["result"]["rows"]]
    assert order[:3] == ["two_star", "three_star", "four_star"]
    assert set(order[-2:]) == {"membership", "mobile"}
    for row in answer["result"]["rows"]:
        assert row["subscriber_pays_rial"] + row["company_pays_rial"] == 110_000_000
    assert answer["steps"][-1]["value"] == answer["result"]["rows"][0]["subscriber_pays_rial"] == 31_000_000


def test_only_the_requested_levels_are_priced_each_once() -> None:
    assert [*rows(CRASH, levels=["four_star", "mobile", "four_star"])] == ["four_star", "mobile"]


def test_no_level_covers_anything_before_the_booklet() -> None:
    answer = result("events_by_level", events=[CRASH], started_on="1390-01-01")
    assert (answer["edition"], answer["reason"]) == (None, "no_edition")
    assert {row["subscriber_pays_rial"] for row in answer["rows"]} == {100_000_000}


@pytest.mark.parametrize(
    ("events", "error"),
    [
        ([], ("events", "too_few")),
        ([CRASH] * 13, ("events", "too_many")),
        ([{"event": "collision", "damage_rial": -1}], ("events.0.damage_rial", "negative")),
        ([{"event": "flat_battery", "damage_rial": 1}], ("events.0.event", "unknown_value")),
    ],
)
def test_an_impossible_year_is_refused_with_a_code(events: list[Any], error: tuple[str, str]) -> None:
    assert errors("events_by_level", events=events) == {error}
