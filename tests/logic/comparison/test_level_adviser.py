"""The expected year under each level: calculated by hand, compared with a simulation, and its properties."""

import os
import subprocess
import sys
from decimal import Decimal, localcontext
from itertools import pairwise, product
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.card.subscriber_share import SubscriberShareRequest, subscriber_share
from logic.card.tables import Event, card_tables
from logic.comparison.level_adviser import YearLine, _sum_of_shares, _Year
from logic.comparison.poisson import DECIMAL_DIGITS, quantile, tail_probabilities
from logic.core.errors import DataError
from logic.core.models import Level
from logic.core.rounding import HUNDRED_PERCENT
from logic.datasets.prices import prices
from tests.support.calculator_client import alternatives, errors, notices, response, result
from tests.support.data_edits import EMDAD, appended, replaced
from tests.support.paths import ROOT

pytestmark = pytest.mark.usefixtures("named_editions")

LADDER = ("membership", "mobile", "golden_year", "one_star", "two_star", "three_star", "four_star")


def levels(**fields: object) -> dict[str, dict[str, Any]]:
    """Return the rows of the open levels by name."""
    return {row["level"]: row for row in result("level_adviser", **fields)["levels"]}


def line(level: dict[str, Any], kind: str) -> tuple[int, int]:
    """Return what the customer and the company pay for a kind of event."""
    (year_line,) = (row for row in level["lines"] if row["kind"] == kind)
    return year_line["customer_rial"], year_line["company_rial"]


def customer(**fields: object) -> dict[str, int]:
    return {level: row["expected_customer_rial"] for level, row in levels(**fields).items()}


# --- A year in which nothing happens


def test_a_year_without_events_costs_only_the_price() -> None:
    by_level = levels(prices_rial={"mobile": 7, "two_star": 5})
    assert [*by_level][:2] == ["two_star", "mobile"]
    assert [by_level[level]["total_rial"] for level in ("two_star", "mobile", "four_star")] == [5, 7, None]
    assert {row["expected_customer_rial"] for row in by_level.values()} == {0}
    assert [level for level, row in by_level.items() if row["cheapest"]] == ["two_star"]


def test_without_prices_and_events_levels_tie_in_booklet_order() -> None:
    by_level = levels()
    assert tuple(by_level) == LADDER
    assert all(row["cheapest"] for row in by_level.values())


def test_no_level_is_available_before_the_booklet() -> None:
    answer = result("level_adviser", started_on="1391-07-30", accidents_a_year=1)
    assert (answer["edition"], answer["reason"], answer["levels"]) == (None, "no_edition", [])


# --- Accidents, thefts, repairs: calculated by hand


def test_a_rare_accident_costs_about_its_base_share() -> None:
    # 10 percent of 0.01 accidents, and ten points more for the second in a year: 10 L + 10 L^2 / 2
    by_level = customer(accidents_a_year="0.01", accident_rial=10**9)
    assert by_level["four_star"] == by_level["golden_year"] == 1_000_000 + 5_000
    assert by_level["membership"] == by_level["mobile"] == 10_000_000


def test_accidents_and_thefts_raise_the_same_share() -> None:
    # each costs its base and ten points for every earlier one: L = 0.05 + 0.15, 10 L / 2 = 1 point on average
    by_level = levels(accidents_a_year="0.05", accident_rial=10**9, thefts_a_year="0.15", theft_rial=10**8)
    assert line(by_level["one_star"], "accidents") == (5_500_000, 44_500_000)  # 11 percent of 50,000,000
    assert line(by_level["one_star"], "thefts") == (3_150_000, 11_850_000)  # 21 percent of 15,000,000


def test_repairs_do_not_raise_the_share_of_accidents() -> None:
    alone = levels(accidents_a_year="0.5", accident_rial=10**9)["two_star"]
    both = levels(accidents_a_year="0.5", accident_rial=10**9, repairs_a_year=5, prior_repairs=5)["two_star"]
    assert line(alone, "accidents") == line(both, "accidents")


@pytest.mark.parametrize(("earlier", "percent"), [(7, 80), (8, 90), (9, 100), (10, 100), (1000, 100)])
def test_the_expected_share_is_at_most_a_hundred_percent(earlier: int, percent: int) -> None:
    # so rare that only the first of the year counts
    level = levels(prior_incidents=earlier, accidents_a_year="0.0000001", accident_rial=10**9)["two_star"]
    assert line(level, "accidents") == (percent, HUNDRED_PERCENT - percent)


def test_at_a_hundred_percent_the_cost_is_the_number_of_accidents() -> None:
    level = levels(prior_incidents=9, accidents_a_year=100, accident_rial=10**15)["two_star"]
    assert line(level, "accidents") == (10**17, 0)


@pytest.mark.parametrize("level", ["golden_year", "one_star"])
def test_without_technical_repair_the_customer_pays_in_full(level: str) -> None:
    by_level = levels(repairs_a_year=2, repair_rial=3_000_000)
    assert line(by_level[level], "repairs") == (6_000_000, 0)
    assert by_level[level]["lines"][2] == {
        "kind": "repairs", "covered": False, "customer_rial": 6_000_000, "company_rial": 0,
        "clause": "emdad.ssa005_14.table_1",
    }  # fmt: skip


def test_amounts_are_rounded_half_up_once() -> None:
    by_level = levels(
        tows_a_year="0.5", tow_rial=1, prior_repairs=4, repairs_a_year="0.000000001", repair_rial=10**9
    )
    assert line(by_level["membership"], "tows") == (1, 0)
    assert line(by_level["mobile"], "tows") == (0, 1)
    assert line(by_level["two_star"], "repairs") == (
        1,
        0,
    )  # half of one rial, and a little for a second repair


def test_the_expected_year_agrees_with_subscriber_share_at_every_level() -> None:
    tables = card_tables()
    assert tables
    for level, event, prior in product(Level, (Event.COLLISION, Event.PARTIAL_THEFT, Event.REPAIR), (0, 3)):
        share = tables.shares.get((level, tables.events[event].kind))
        for earlier in range(12):
            request = SubscriberShareRequest(
                level=level, event=event, damage_rial=100, prior_incidents=prior + earlier,
                prior_repairs=prior + earlier,
            )  # fmt: skip
            percent = subscriber_share(request).result.share_percent
            if share is None:
                assert percent is None
                continue
            of_years = (
                _sum_of_shares(share, 0, prior, _Year({}, has_fixed_counts=True), Decimal(number))
                for number in (earlier, earlier + 1)
            )
            fewer, more = of_years
            assert more - fewer == percent, (level, event, prior, earlier)


def test_a_share_that_never_rises_is_constant(data_copy: Path) -> None:
    replaced(EMDAD / "shares.csv", "two_star,incident,10,10", "two_star,incident,15,0")(data_copy)
    by_level = levels(accidents_a_year=3, accident_rial=1_000_000, prior_incidents=40)
    assert line(by_level["two_star"], "accidents") == (450_000, 2_550_000)


def test_the_floor_of_an_event_applies_to_the_expected_year(data_copy: Path) -> None:
    old = "collision,crash,incident,incident,,,p3.3_1"
    replaced(EMDAD / "events.csv", old, old.replace(",,,", ",20,table_2.note_1,"))(data_copy)
    level = levels(accidents_a_year=1, accident_rial=1_000_000)["two_star"]
    assert [level[year] for year in ("low_rial", "usual_rial", "high_rial")] == [0, 200_000, 400_000]


def test_the_customer_pays_in_full_for_an_uncovered_event(data_copy: Path) -> None:
    appended(EMDAD / "event_exceptions.csv", "collision,golden_year,p3.3_2\n")(data_copy)
    by_level = levels(accidents_a_year="0.01", accident_rial=10**9)
    assert line(by_level["golden_year"], "accidents") == (10_000_000, 0)
    assert by_level["golden_year"]["lines"][0]["clause"] == "emdad.ssa005_14.p3.3_2"
    assert line(by_level["one_star"], "accidents") == (1_005_000, 8_995_000)


# --- Low, usual and high years


@pytest.mark.parametrize(
    ("mean", "low", "usual", "high"),
    [
        ("0", 0, 0, 0),
        ("0.1", 0, 0, 0),  # P(0) = 0.905
        ("0.11", 0, 0, 1),  # P(0) = 0.896
        ("0.69", 0, 0, 2),  # P(0) = 0.502, P(<=1) = 0.848
        ("0.7", 0, 1, 2),  # P(0) = 0.497
        ("1", 0, 1, 2),  # P(0) = 0.368, P(<=1) = 0.736, P(<=2) = 0.920
        ("3", 1, 3, 5),  # P(0) = 0.050, P(<=1) = 0.199, P(<=2) = 0.423, P(<=4) = 0.815, P(<=5) = 0.916
    ],
)
def test_quantiles_of_the_number_of_events(mean: str, low: int, usual: int, high: int) -> None:
    parts = (Decimal("0.1"), Decimal("0.5"), Decimal("0.9"))
    assert [quantile(Decimal(mean), part) for part in parts] == [low, usual, high]


def test_a_high_year_takes_the_high_number_of_each_kind() -> None:
    # 2 accidents and 2 thefts in any order: on average 15 points above the base, 25 and 35 percent
    kinds = {"accidents_a_year": 1, "thefts_a_year": 1, "repairs_a_year": 1, "tows_a_year": 1}
    cost = {"accident_rial": 10**8, "theft_rial": 10**7, "repair_rial": 10**6, "tow_rial": 10**5}
    by_level = levels(**kinds, **cost)
    assert by_level["two_star"]["high_rial"] == 50_000_000 + 7_000_000 + 300_000
    assert by_level["one_star"]["high_rial"] == 50_000_000 + 7_000_000 + 2_000_000
    assert by_level["membership"]["high_rial"] == 222_200_000
    assert by_level["membership"]["usual_rial"] == 111_100_000
    assert by_level["membership"]["low_rial"] == 0
    assert (
        by_level["two_star"]["usual_rial"] == 15_000_000 + 2_500_000 + 100_000
    )  # five points: one of two comes second


def test_tail_probabilities_add_up_to_the_expected_number() -> None:
    for mean in ("0.3", "2", "50", "200"):
        chances = tail_probabilities(Decimal(mean), 600)
        with localcontext(prec=DECIMAL_DIGITS):
            assert abs(sum(chances) - Decimal(mean)) < Decimal("1e-90")
        assert float(chances[0]) == pytest.approx(1 - exp(-float(mean)))
        assert all(more >= fewer for more, fewer in pairwise(chances))
    assert tail_probabilities(Decimal(0), 3) == (Decimal(0), Decimal(0), Decimal(0))
    assert tail_probabilities(Decimal(1), 0) == ()


# --- Comparison with two hundred thousand simulated years

YEARS = 200_000
BASES = {
    "golden_year": (10, 20, None),
    "two_star": (10, 20, 10),
    "four_star": (10, 20, 10),
    "working_one_star": (20, 20, None),
}


@pytest.mark.parametrize(
    ("accidents", "thefts", "repairs", "prior"),
    [("0.8", "0.3", "1.2", 0), ("0.05", "0.02", "0.3", 2), ("3.5", "2", "6", 4)],
)
def test_the_expected_year_is_the_mean_of_simulated_years(
    accidents: str, thefts: str, repairs: str, prior: int
) -> None:
    generator = np.random.default_rng(1391)
    cost = {"accident_rial": 90_000_000, "theft_rial": 25_000_000, "repair_rial": 12_000_000}
    numbers = [generator.poisson(float(mean), YEARS) for mean in (accidents, thefts, repairs)]
    # draw the time of each event in its year; accidents and thefts are sorted by time
    days = [np.where(np.arange(n.max()) < n[:, None], generator.random((YEARS, n.max())), 2) for n in numbers]
    both = np.concatenate(days[:2], axis=1)
    order = np.argsort(both, axis=1)
    events_of_year = np.take_along_axis(both, order, axis=1) < 1
    accident = order < days[0].shape[1]
    ranks = np.arange(both.shape[1])
    usual = {"accidents_a_year": accidents, "thefts_a_year": thefts, "repairs_a_year": repairs}
    request = {**usual, **cost, "prior_incidents": prior, "prior_repairs": prior}
    exact = customer(**request) | customer(**request, use="working")
    for level, (of_accident, of_theft, of_repair) in BASES.items():
        shares = [np.minimum(100, base + 10 * (prior + ranks)) for base in (of_accident, of_theft)]
        paid = np.where(accident, shares[0] * 900_000, shares[1] * 250_000)
        years = (paid * events_of_year).sum(axis=1)
        if of_repair is None:
            years += numbers[2] * 12_000_000
        else:
            rising = np.minimum(100, of_repair + 10 * (prior + np.arange(days[2].shape[1])))
            years += ((days[2] < 1) * rising * 120_000).sum(axis=1)
        error = years.std() / YEARS**0.5
        assert abs(years.mean() - exact[level]) < 4 * error, level


# --- Services, tyres, tows, days in the workshop


@pytest.mark.parametrize(
    ("odometer", "km", "due"),
    [
        (23_999, 1, [24_000]),
        (24_000, 3_999, []),
        (24_000, 4_000, [28_000]),
        (24_001, 4_000, [28_000]),
        (0, 3_999, []),
        (56_000, 50_000, [60_000]),
        (0, 0, []),
    ],
)
def test_services_are_due_above_the_odometer_until_the_years_end(
    odometer: int, km: int, due: list[int]
) -> None:
    request = {"vehicle": "roa", "odometer_km": odometer, "km_a_year": km}
    assert result("level_adviser", **request)["services_due_km"] == due


@pytest.mark.parametrize(("end", "covered"), [(24_999, 0), (25_000, 1), (30_000, 1)])
def test_services_are_covered_up_to_the_ceiling_of_the_level(end: int, covered: int) -> None:
    car = {"vehicle": "pars", "engine": "xu7_l3", "odometer_km": 20_000, "service_rial": 1_000}
    by_level = levels(**car, km_a_year=end - 20_000)
    due = (end - 20_000) // 5_000
    assert by_level["two_star"]["services_covered"] == covered
    assert line(by_level["two_star"], "services") == ((due - covered) * 1_000, covered * 1_000)
    assert line(by_level["four_star"], "services") == (0, due * 1_000)
    assert line(by_level["one_star"], "services") == (due * 1_000, 0)


def test_belts_beyond_the_table_are_due_and_beyond_every_ceiling() -> None:
    request = {"vehicle": "pars_elx", "odometer_km": 79_999, "km_a_year": 80_001, "service_rial": 10}
    assert result("level_adviser", **request)["services_due_km"] == [80_000, 160_000]
    assert set(customer(**request).values()) == {20}
    assert "year_table_ends" in notices("level_adviser", **request)


def test_gearbox_oil_is_not_a_separate_service() -> None:
    request = {"vehicle": "peugeot_206", "odometer_km": 0, "km_a_year": 81_000}
    assert result("level_adviser", **request)["services_due_km"] == [20_000, 40_000, 60_000, 80_000]


def test_no_card_pays_the_services_of_another_makers_car() -> None:
    request = {"vehicle": "mvm_fx", "km_a_year": 20_000, "service_rial": 10}
    due = len(result("level_adviser", **request)["services_due_km"])
    assert due
    assert set(customer(**request).values()) == {due * 10}
    assert "year_without_service_table" in notices("level_adviser", **request)


def test_a_car_missing_from_the_booklet_has_no_service(data_copy: Path) -> None:
    replaced(EMDAD / "edition.toml", "from =", 'to = "1402-12-29"\nfrom =')(data_copy)
    new = data_copy / "emdad" / "ssa005_15"
    new.mkdir()
    for file in (data_copy / EMDAD).rglob("*.*"):
        copy = new / file.relative_to(data_copy / EMDAD)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes())
    replaced(new / "edition.toml", 'to = "1402-12-29"\nfrom = "1391-08-01"', 'from = "1403-01-01"')(Path())
    replaced(new / "cars.csv", "roa,roa,ohv,manual automatic,\n", "")(Path())
    replaced(new / "vehicles.csv", "roa,ohv,roa_ohv,annex_1.roa_ohv\n", "")(Path())
    replaced(new / "service_tables.csv", "roa_ohv,one_to_three,500,1500,p3.6_6,annex_1.roa_ohv,\n", "")(
        Path()
    )
    request = {"vehicle": "roa", "km_a_year": 20_000, "service_rial": 10}
    assert len(result("level_adviser", **request, started_on="1402-12-29")["services_due_km"]) == 5
    assert result("level_adviser", **request, started_on="1403-01-01")["services_due_km"] == []
    assert "year_without_service_table" in notices("level_adviser", **request, started_on="1403-01-01")


@pytest.mark.parametrize(("km", "covered"), [(59_999, False), (60_000, True), (60_001, True)])
def test_four_stars_include_tyres_from_sixty_thousand_km(km: int, *, covered: bool) -> None:
    by_level = levels(km_a_year=km, tyre_set_rial=100)
    assert line(by_level["four_star"], "tyres") == ((0, 100) if covered else (100, 0))
    assert line(by_level["three_star"], "tyres") == (100, 0)


def test_tows_are_free_except_for_members_who_pay_the_tariff() -> None:
    by_level = levels(tows_a_year=2, tow_rial=100)
    paid = {level: line(row, "tows") for level, row in by_level.items()}
    assert paid.pop("membership") == (200, 0)
    assert set(paid.values()) == {(0, 200)}


def test_days_in_the_workshop_are_compensated() -> None:
    by_level = levels(downtime_days_a_year="1.5")
    assert line(by_level["three_star"], "downtime") == (-150_000, 150_000)
    assert line(by_level["four_star"], "downtime") == (-225_000, 225_000)
    assert line(by_level["two_star"], "downtime") == (0, 0)
    assert by_level["four_star"]["cheapest"]


# --- Which levels are open


def test_a_private_car_has_seven_levels_and_no_working_level() -> None:
    answer = result("level_adviser")
    assert {row["level"] for row in answer["levels"]} == set(LADDER)
    assert {row["level"]: row["reason"] for row in answer["refused"]} == {
        "working_golden_year": "private_use", "working_one_star": "private_use",
    }  # fmt: skip
    assert {row["last_day"] for row in answer["refused"]} == {None}  # without a production day, no age
    dated = result("level_adviser", produced_on="1400-01-01", started_on="1400-02-01")
    assert "1410-01-01" in {row["last_day"] for row in dated["refused"]}


def test_a_working_car_has_one_or_two_levels_by_reading() -> None:
    request = {"use": "working", "accidents_a_year": "0.1", "accident_rial": 1_000}
    assert [*levels(**request)] == ["working_one_star"]
    (other,) = alternatives("level_adviser", "A-35", **request)
    assert [row["level"] for row in other["levels"]] == ["working_golden_year", "working_one_star"]
    assert [row["level"] for row in result("level_adviser", **request)["refused"]] == [
        level for level in Level if level is not Level.WORKING_ONE_STAR
    ]


@pytest.mark.parametrize(("started_on", "highest"), [("1396-09-01", "four_star"), ("1396-09-02", "one_star")])
def test_a_car_of_more_than_five_years_has_no_two_stars(started_on: str, highest: str) -> None:
    answer = result("level_adviser", produced_on="1391-09-01", started_on=started_on)
    assert answer["upgrades"][-1]["higher"] == highest
    assert highest in levels(produced_on="1391-09-01", started_on=started_on)


def test_an_old_working_car_has_no_level() -> None:
    request = {"use": "working", "produced_on": "1391-09-01", "started_on": "1402-01-01"}
    answer = response("level_adviser", **request)
    assert (answer["result"]["reason"], answer["result"]["levels"], answer["result"]["upgrades"]) == (
        "no_level_open",
        [],
        [],
    )
    assert answer["steps"][-1]["key"] == "no_level_open"
    assert answer["alternatives"] == []


# --- Prices and upgrades


def test_levels_are_sorted_by_total_then_unpriced_ones_by_cost() -> None:
    by_level = levels(
        repairs_a_year=1, repair_rial=100, prices_rial={"two_star": 300, "mobile": 20, "membership": 21}
    )
    assert [*by_level] == [
        "mobile",
        "membership",
        "two_star",
        "three_star",
        "four_star",
        "golden_year",
        "one_star",
    ]
    assert [row["total_rial"] for row in by_level.values()] == [120, 121, 315, None, None, None, None]


@pytest.mark.parametrize(
    ("price_difference", "is_worth_it"), [(8_499_999, True), (8_500_000, False), (8_500_001, False)]
)
def test_an_upgrade_is_worth_it_below_what_it_saves(price_difference: int, *, is_worth_it: bool) -> None:
    prices_rial = {"one_star": 1_000, "two_star": 1_000 + price_difference}
    request = {"repairs_a_year": 1, "repair_rial": 10_000_000, "prices_rial": prices_rial}
    (step,) = (row for row in result("level_adviser", **request)["upgrades"] if row["higher"] == "two_star")
    assert step == {
        "lower": "one_star", "higher": "two_star", "break_even_rial": 8_500_000,
        "price_difference_rial": price_difference, "worth_it": is_worth_it,
    }  # fmt: skip


@pytest.mark.parametrize("prices_rial", [{"one_star": 1}, {"two_star": 1}, {}])
def test_an_upgrade_without_both_prices_has_no_verdict(prices_rial: dict[str, int]) -> None:
    (step,) = (
        row
        for row in result("level_adviser", prices_rial=prices_rial)["upgrades"]
        if row["higher"] == "two_star"
    )
    assert (step["price_difference_rial"], step["worth_it"]) == (None, None)


# --- Properties

YEAR = st.fixed_dictionaries(
    {},
    optional={
        **{f"{kind}_a_year": st.decimals(0, 4, places=3).map(str) for kind in ("accidents", "thefts", "repairs", "tows")},
        **{f"{kind}_rial": st.integers(0, 10**9) for kind in ("accident", "theft", "repair", "tow", "service", "tyre_set")},
        "prior_incidents": st.integers(0, 12),
        "prior_repairs": st.integers(0, 12),
        "vehicle": st.sampled_from(["roa", "pars_elx", "peugeot_206", "mvm_fx"]),
        "odometer_km": st.integers(0, 90_000),
        "km_a_year": st.integers(0, 90_000),
        "downtime_days_a_year": st.decimals(0, 60, places=1).map(str),
        "use": st.sampled_from(["private", "working"]),
        "prices_rial": st.dictionaries(st.sampled_from([*Level]), st.integers(0, 10**8)),
    },
)  # fmt: skip


@given(YEAR)
def test_a_year_adds_up_and_higher_levels_never_cost_more(request: dict[str, object]) -> None:
    answer = response("level_adviser", **request)
    by_level = {row["level"]: row for row in answer["result"]["levels"]}
    sums_of_levels = set()
    for row in by_level.values():
        assert [year_line["kind"] for year_line in row["lines"]] == [*YearLine]
        sums = {
            side: sum(year_line[f"{side}_rial"] for year_line in row["lines"])
            for side in ("customer", "company")
        }
        assert row["expected_customer_rial"] == sums["customer"]
        assert row["expected_company_rial"] == sums["company"]
        assert row["low_rial"] <= row["usual_rial"] <= row["high_rial"]
        sums_of_levels.add(sums["customer"] + sums["company"])
        price = row["price_rial"]
        assert row["total_rial"] == (None if price is None else price + sums["customer"])
    assert len(sums_of_levels) == 1  # whoever pays, the damage is the same
    for lower, higher in pairwise(level for level in LADDER if level in by_level):
        for low, high in zip(by_level[lower]["lines"], by_level[higher]["lines"], strict=True):
            assert high["customer_rial"] <= low["customer_rial"], (lower, higher)
    assert all(row["break_even_rial"] >= 0 for row in answer["result"]["upgrades"])
    first = answer["result"]["levels"][0]
    *_, last = (step for step in answer["steps"] if step["unit"] == "rial")
    assert last["value"] == (
        first["expected_customer_rial"] if first["total_rial"] is None else first["total_rial"]
    )
    assert first["cheapest"]


# --- Invalid input


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"engine": "tu5"}, "vehicle", "required"),
        ({"vehicle": "pars"}, "engine", "engine_missing"),
        ({"vehicle": "roa", "engine": "tu5"}, "engine", "engine_not_offered"),
        ({"produced_on": "1391-09-01"}, "started_on", "required"),
        ({"produced_on": "1391-09-02", "started_on": "1391-09-01"}, "produced_on", "produced_after_on"),
        ({"prices_rial": {"two_star": -1}}, "prices_rial.two_star", "negative"),
        ({"prices_rial": {"five_star": 1}}, "prices_rial.five_star.[key]", "unknown_value"),
        ({"prices_rial": 3}, "prices_rial", "invalid"),
        ({"accidents_a_year": -1}, "accidents_a_year", "negative"),
        ({"repairs_a_year": "100.1"}, "repairs_a_year", "too_large"),
        ({"downtime_days_a_year": 367}, "downtime_days_a_year", "too_large"),
        ({"use": "taxi"}, "use", "unknown_value"),
    ],
)
def test_an_impossible_value_is_refused_at_its_field(
    fields: dict[str, object], field: str, code: str
) -> None:
    assert errors("level_adviser", **fields) == {(field, code)}


# --- Prices


def test_the_shipped_data_has_no_prices() -> None:
    assert prices() == {}


def test_prices_are_read_with_their_day(data_copy: Path) -> None:
    file = data_copy / "prices.csv"
    file.write_text(
        "\ufefflevel,price_rial,as_of\ntwo_star,12000000,1404-02-01\nfour_star,0,2025-05-01\n", "utf-8"
    )
    shipped = prices()
    assert {level: row.price_rial for level, row in shipped.items()} == {
        "two_star": 12_000_000,
        "four_star": 0,
    }
    assert shipped[Level.TWO_STAR].as_of.isoformat() == "2025-04-21"


def test_a_folder_without_the_file_has_no_prices(data_copy: Path) -> None:
    (data_copy / "prices.csv").unlink()
    assert prices() == {}


@pytest.mark.parametrize(
    ("lines", "line_number", "column", "problem"),
    [
        ("level,price_rial,as_of\nfive_star,1,1404-02-01\n", 2, "level", "'five_star'"),
        (
            "level,price_rial,as_of\ntwo_star,1,1404-02-01\none_star,12 million,1404-02-01\n",
            3,
            "price_rial",
            "'12 million'",
        ),
        ('level,price_rial,as_of\ntwo_star,"12,000",1404-02-01\n', 2, "price_rial", "'12,000'"),
        ("level,price_rial,as_of\ntwo_star,-1,1404-02-01\n", 2, "price_rial", "'-1'"),
        ("level,price_rial,as_of\ntwo_star,,1404-02-01\n", 2, "price_rial", "is empty"),
        ("level,price_rial,as_of\ntwo_star,1,1404-02-32\n", 2, "as_of", "no such day"),
        (
            "level,price_rial,as_of\ntwo_star,1,1404-02-01\ntwo_star,2,1404-02-01\n",
            3,
            "level",
            "duplicate key",
        ),
        ("level,price_rial\n", 1, "as_of", "is missing"),
        ("level,price_rial,as_of,note\n", 1, "note", "is not a column"),
    ],
)
def test_a_damaged_price_is_named_by_file_line_and_column(
    data_copy: Path, lines: str, line_number: int, column: str, problem: str
) -> None:
    (data_copy / "prices.csv").write_text(lines, "utf-8")
    with pytest.raises(DataError) as raised:
        prices()
    error = raised.value
    assert (error.file, error.line, error.column) == ("data/prices.csv", line_number, column)
    assert problem in error.problem


def test_the_app_does_not_start_with_a_damaged_price(data_copy: Path) -> None:
    (data_copy / "prices.csv").write_text("level,price_rial,as_of\ntwo_star,x,1404-02-01\n", "utf-8")
    run = subprocess.run(
        [sys.executable, "-c", "import app"], cwd=ROOT, env={**os.environ, "KHODROYAR_DATA": str(data_copy)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "data/prices.csv:2: column price_rial" in run.stderr
