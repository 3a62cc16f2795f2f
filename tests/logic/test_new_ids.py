"""Ids are data: a row more is a new id, and a row that an edition leaves out is refused by name."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from logic.calculators import find, respond
from tests.support.calculator_client import notices, result
from tests.support.data_edits import LAST_DAY, NEXT, NEXT_DAY, appended, followed, replaced

TYRE = "iran_tire/page_1403"
TYRE_REQUEST = {"new_depth_mm": 8, "remaining_depth_mm": 5, "new_price_rial": 32_000_000}


def errors(calculator: str, **fields: object) -> list[tuple[str, str]]:
    """Return field and code of each error of a request."""
    response: dict[str, Any] = respond(find(calculator), json.dumps(fields).encode())
    return [(error["field"], error["code"]) for error in response.get("errors", ())]


def label(kind: str, name: str) -> str:
    """Return the lines of labels.toml that name a new id."""
    return f'\n[{kind}.{name}]\nfa = "تازه"\nen = "New"\n'


def test_a_row_more_is_a_new_kind_of_tyre(data_copy: Path) -> None:
    appended(f"{TYRE}/kinds.csv", "airship,7,5_1\n")(data_copy)
    appended(f"{TYRE}/labels.toml", label("tyre_kind", "airship"))(data_copy)
    answer = result("tyre_refund", **TYRE_REQUEST, kind="airship", made_on="1400-01-01", on="1406-12-29")
    assert (answer["eligible"], answer["last_day"]) == (True, "1406-12-29")


def test_a_row_more_is_a_new_cause(data_copy: Path) -> None:
    appended(f"{TYRE}/causes.csv", "meteorite,no,8_7\n")(data_copy)
    appended(f"{TYRE}/labels.toml", label("cause", "meteorite"))(data_copy)
    assert result("tyre_refund", **TYRE_REQUEST, cause="meteorite")["reason"] == "meteorite"


# --- Makers' guarantees and the law

MVM, BAHMAN, BYLAW = "mvm_fx/guarantee_booklet", "bahman/guarantee_page", "bylaw/bylaw_1395"
CARD = "emdad/ssa005_14"
CAR = {"maker": "mvm_fx", "started_on": LAST_DAY, "on": NEXT_DAY, "odometer_km": 10}


def test_a_row_more_is_a_new_event_of_a_guarantee(data_copy: Path) -> None:
    appended(f"{MVM}/warranty_events.csv", "flown_to_the_moon,related_parts,no,,void_parts\n")(data_copy)
    appended(f"{MVM}/labels.toml", label("warranty_event", "flown_to_the_moon"))(data_copy)
    answer = result("warranty_status", **CAR, events=["flown_to_the_moon"])
    assert (answer["status"], answer["reasons"]) == ("partly_void", ["flown_to_the_moon"])
    assert errors("warranty_status", **{**CAR, "maker": "bahman"}, events=["flown_to_the_moon"]) == [
        ("events", "not_of_this_maker")
    ]


def test_an_event_of_another_edition_is_refused(data_copy: Path) -> None:
    followed(MVM)(data_copy)
    row = "change_of_use,whole,no,,void_whole\n"
    replaced(Path(MVM).with_name(NEXT) / "warranty_events.csv", row, "")(data_copy)
    request = {**CAR, "events": ["change_of_use"]}
    assert errors("warranty_status", **request) == []
    assert errors("warranty_status", **{**request, "started_on": NEXT_DAY}) == [("events", "not_in_edition")]


def test_as_many_events_may_be_given_as_there_are(data_copy: Path) -> None:
    appended(f"{MVM}/warranty_events.csv", "flown_to_the_moon,related_parts,no,,void_parts\n")(data_copy)
    appended(f"{MVM}/labels.toml", label("warranty_event", "flown_to_the_moon"))(data_copy)
    for count, refused in ((18, []), (19, [("events", "too_many")])):
        assert errors("warranty_status", **CAR, events=["flown_to_the_moon"] * count) == refused


PART_REQUEST = {"maker": "mvm_fx", "started_on": "1400-01-01", "on": "1401-01-01", "km": 8_000}


@pytest.mark.parametrize(
    ("edition", "table"), [(MVM, "limited_parts"), (BAHMAN, "limited_parts"), (BYLAW, "warranty_parts")]
)
def test_a_row_more_is_a_new_part_of_a_booklet_or_by_law(data_copy: Path, edition: str, table: str) -> None:
    clause = (data_copy / edition / f"{table}.csv").read_text(encoding="utf-8").split(",")[-1]
    appended(f"{edition}/{table}.csv", f"propeller,excluded,,,{clause}")(data_copy)
    appended(f"{edition}/labels.toml", label("part", "propeller"))(data_copy)
    answers = {
        maker: result("part_warranty", **{**PART_REQUEST, "maker": maker, "part": "propeller"})["reason"]
        for maker in ("mvm_fx", "bahman")
    }
    named = {MVM: ["mvm_fx"], BAHMAN: ["bahman"]}.get(edition, ["mvm_fx", "bahman"])
    assert answers == {maker: "excluded" if maker in named else None for maker in answers}


def test_a_part_that_an_edition_leaves_out_follows_the_law(data_copy: Path) -> None:
    followed(MVM)(data_copy)
    replaced(Path(MVM).with_name(NEXT) / "limited_parts.csv", "battery,limited,12,20000,limited_parts\n", "")(
        data_copy
    )
    request = {"maker": "mvm_fx", "part": "battery", "km": 30_000, "on": NEXT_DAY}
    before, after = (result("part_warranty", **request, started_on=day) for day in (LAST_DAY, NEXT_DAY))
    assert (before["kind"], before["covered"]) == ("limited", False)
    assert (after["edition"], after["kind"], after["covered"]) == (NEXT, "by_law", True)


def test_a_row_more_is_a_new_consumable(data_copy: Path) -> None:
    appended(f"{MVM}/consumables.csv", "hydrogen_filter,6,5000,yes,notes\n")(data_copy)
    appended(f"{MVM}/labels.toml", label("consumable", "hydrogen_filter"))(data_copy)
    request = {"item": "hydrogen_filter", "months_since": 0, "km_since": 5_000}
    assert result("consumable_due", **request)["due"] is True
    assert notices("consumable_due", **request) == {"filter_outside_the_tank"}


def test_a_consumable_that_the_booklet_in_force_leaves_out_is_refused(data_copy: Path) -> None:
    followed(MVM)(data_copy)
    replaced(Path(MVM).with_name(NEXT) / "consumables.csv", "fuel_filter,,20000,yes,notes\n", "")(data_copy)
    request = {"item": "fuel_filter", "months_since": 0, "km_since": 0}
    assert errors("consumable_due", **request) == [("item", "not_in_edition")]


@pytest.mark.parametrize(("edition", "clause"), [(BYLAW, "a23"), (CARD, "p2.3_6")])
def test_a_row_more_is_a_new_kind_of_repair(data_copy: Path, edition: str, clause: str) -> None:
    appended(f"{edition}/repair_guarantees.csv", f"welding,3,,{clause}\n")(data_copy)
    appended(f"{edition}/labels.toml", label("repair_kind", "welding"))(data_copy)
    for months, covered in ((3, True), (4, False)):
        assert result("repair_guarantee", kind="welding", months=months, km=1)["covered"] is covered
    assert notices("repair_guarantee", kind="welding", months=1, km=1) == set()


def test_a_kind_of_repair_that_a_booklet_guarantees_alike_is_told(data_copy: Path) -> None:
    for edition, clause, months in ((BYLAW, "a23", 3), (MVM, "repairs", 3), (BAHMAN, "repairs", 4)):
        appended(f"{edition}/repair_guarantees.csv", f"welding,{months},,{clause}\n")(data_copy)
        appended(f"{edition}/labels.toml", label("repair_kind", "welding"))(data_copy)
    assert notices("repair_guarantee", kind="welding", months=1, km=1) == {"mvm_prints_the_same"}


def test_a_kind_of_repair_that_the_by_law_leaves_out_has_no_guarantee(data_copy: Path) -> None:
    followed(BYLAW)(data_copy)
    replaced(Path(BYLAW).with_name(NEXT) / "repair_guarantees.csv", "part,6,10000,a23\n", "")(data_copy)
    request = {"kind": "part", "months": 1, "km": 1}
    assert result("repair_guarantee", **request, on=LAST_DAY)["covered"] is True
    assert result("repair_guarantee", **request, on=NEXT_DAY)["reason"] == "no_edition"


STAY = {"contract_price_rial": 10**9, "payable_days": 10}


def test_a_row_more_is_a_new_class_of_vehicle(data_copy: Path) -> None:
    appended(f"{BYLAW}/stop_rates.csv", "airship,0.003,,a18\n")(data_copy)
    appended(f"{BYLAW}/labels.toml", label("vehicle_class", "airship"))(data_copy)
    request = {**STAY, "vehicle_class": "airship"}
    assert result("stop_compensation", **request, edition="bylaw_1395")["amount_rial"] == 30_000_000
    assert result("stop_compensation", **request, edition="bylaw_1389")["reason"] == "no_rate_for_class"


def test_a_class_of_vehicle_that_the_by_law_leaves_out_has_no_rate(data_copy: Path) -> None:
    followed(BYLAW)(data_copy)
    replaced(Path(BYLAW).with_name(NEXT) / "stop_rates.csv", "taxi,0.002,,a18\n", "")(data_copy)
    request = {**STAY, "vehicle_class": "taxi"}
    assert result("stop_compensation", **request, edition="bylaw_1395")["amount_rial"] == 20_000_000
    assert result("stop_compensation", **request, edition=NEXT)["reason"] == "no_rate_for_class"


def test_a_row_more_is_a_new_deadline(data_copy: Path) -> None:
    appended(f"{BYLAW}/deadlines.csv", "apology,3,yes,no,a11\n")(data_copy)
    appended(f"{BYLAW}/labels.toml", label("deadline_rule", "apology"))(data_copy)
    for days, on_time in ((3, True), (4, False)):
        assert result("legal_deadline", rule="apology", days=days, on="1400-01-01")["on_time"] is on_time


def test_a_deadline_that_the_by_law_leaves_out_is_none(data_copy: Path) -> None:
    followed(BYLAW)(data_copy)
    replaced(Path(BYLAW).with_name(NEXT) / "deadlines.csv", "complaint,20,yes,no,a11\n", "")(data_copy)
    request = {"rule": "complaint", "days": 20}
    assert result("legal_deadline", **request, on=LAST_DAY)["on_time"] is True
    assert result("legal_deadline", **request, on=NEXT_DAY)["reason"] == "no_deadline"


SALE = {"method": "barter", "on": "1400-01-01"}
PARTICIPATION = "participation,1095,36,,,no,,1,yes,no,a4\n"


def test_a_row_more_is_a_new_method_of_sale(data_copy: Path) -> None:
    appended(f"{BYLAW}/sale_methods.csv", "barter,60,2,,,yes,fixed,3,yes,yes,a4\n")(data_copy)
    appended(f"{BYLAW}/labels.toml", label("method", "barter"))(data_copy)
    assert result("sale_terms", **SALE, delivery_days=61)["delivery_allowed"] is False
    assert notices("sale_terms", **SALE) == {"immediate_without_arrears"}
    late = {**SALE, "paid_rial": 365_000_000, "late_days": 30}
    assert errors("delivery_delay", **late) == [("participation_percent", "required")]
    assert result("delivery_delay", **late, participation_percent=10)["profit_rial"] == 3_000_000
    profit = {**SALE, "paid_rial": 365_000_000, "days": 30, "annual_percent": 10}
    assert result("participation_profit", **profit)["amount_rial"] == 3_000_000


@dataclass(frozen=True)
class Dropped:
    """A row that a later edition leaves out, and a request for its id; ``day`` is the field of the date."""

    edition: str
    table: str
    row: str
    calculator: str
    day: str
    request: dict[str, Any]

    @property
    def field(self) -> str:
        """The field of the request that holds the id, the first cell of the row."""
        (name,) = (name for name, value in self.request.items() if value == self.row.split(",")[0])
        return name


DROPPED = [
    Dropped(TYRE, "kinds.csv", "truck,3,5_1\n", "tyre_refund", "on", {**TYRE_REQUEST, "kind": "truck"}),
    Dropped(TYRE, "causes.csv", "impact,no,8_7\n", "tyre_refund", "on", {**TYRE_REQUEST, "cause": "impact"}),
    # makers' guarantees and the law
    Dropped(BYLAW, "sale_methods.csv", PARTICIPATION, "sale_terms", "on", {"method": "participation"}),
    Dropped(
        BYLAW,
        "sale_methods.csv",
        PARTICIPATION,
        "delivery_delay",
        "on",
        {"method": "participation", "paid_rial": 100, "late_days": 1, "participation_percent": 10},
    ),
    Dropped(
        BYLAW,
        "sale_methods.csv",
        PARTICIPATION,
        "participation_profit",
        "on",
        {"method": "participation", "paid_rial": 100, "days": 1, "annual_percent": 10},
    ),
]


@pytest.mark.parametrize("case", DROPPED, ids=lambda case: f"{case.table} {case.row.strip()}")
def test_an_id_that_the_edition_of_the_day_leaves_out_is_refused(data_copy: Path, case: Dropped) -> None:
    followed(case.edition)(data_copy)
    replaced(Path(case.edition).with_name(NEXT) / case.table, case.row, "")(data_copy)
    assert errors(case.calculator, **case.request, **{case.day: LAST_DAY}) == []
    assert errors(case.calculator, **case.request, **{case.day: NEXT_DAY}) == [(case.field, "not_in_edition")]
