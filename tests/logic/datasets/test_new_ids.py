"""Ids are data: an added row is a new id, and an id missing from an edition is refused by name."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from logic.card.renewal import grounds_in_force
from logic.card.tables import card_tables
from logic.core.errors import DataError
from logic.core.jalali import parse_day
from logic.core.models import Level
from logic.core.registry import find, respond
from logic.datasets import tables
from logic.service.service_schedule import car_ids, cars
from logic.tyre.tyre_refund import documents_for
from logic.vehicles.my_car import MyCar, upcoming
from tests.support.calculator_client import alternatives, notices, result
from tests.support.data_edits import (
    DEALERS,
    EMDAD,
    LAST_DAY,
    NEXT,
    NEXT_DAY,
    appended,
    followed,
    labelled,
    new_car,
    replaced,
    with_new_dealer,
)

TYRE = "iran_tire/page_1403"
TYRE_REQUEST = {
    "new_depth_mm": 8, "remaining_depth_mm": 5, "new_price_rial": 32_000_000, "on": "1403-05-01",
}  # fmt: skip


def errors(calculator: str, **fields: object) -> list[tuple[str, str]]:
    """Return field and code of each error of a request."""
    response: dict[str, Any] = respond(find(calculator), json.dumps(fields).encode())
    return [(error["field"], error["code"]) for error in response.get("errors", ())]


def test_an_added_row_is_a_new_kind_of_tyre(data_copy: Path) -> None:
    appended(f"{TYRE}/kinds.csv", "airship,7,5_1\n")(data_copy)
    labelled(TYRE, "tyre_kind", "airship")(data_copy)
    answer = result("tyre_refund", **TYRE_REQUEST, kind="airship", made_on="1397-01-01")
    assert (answer["eligible"], answer["last_day"]) == (True, "1403-12-30")


def test_an_added_row_is_a_new_cause(data_copy: Path) -> None:
    appended(f"{TYRE}/causes.csv", "meteorite,no,8_7\n")(data_copy)
    labelled(TYRE, "cause", "meteorite")(data_copy)
    assert result("tyre_refund", **TYRE_REQUEST, cause="meteorite")["reason"] == "meteorite"


# --- Cars and their services


def test_a_new_car_has_its_table_gearbox_and_makers_guarantee(data_copy: Path) -> None:
    new_car(data_copy)
    request = {"vehicle": "dena", "service_km": 20_000, "gearbox": "robotised"}
    answer = result("service_schedule", **request)
    assert (answer["table"], answer["service"]["items"][1]["needs_level"]) == ("dena", "three_star")
    assert [*cars()][-2:] == ["dena", "mvm_fx"]  # cars keep the row order of each booklet
    car = MyCar(vehicle="dena", engine="ef7p", delivered_on=parse_day("1404-01-01"))
    (guarantee_end,) = (
        item for item in upcoming(car, parse_day("1405-01-01")) if item.kind == "guarantee_ends"
    )
    assert (guarantee_end.day, guarantee_end.km) == (parse_day("1409-01-01"), 150_000)


def test_a_new_gearbox_is_an_automatic_one(data_copy: Path) -> None:
    new_car(data_copy)
    service = result("service_schedule", vehicle="peugeot_206", service_km=40_000, gearbox="robotised")[
        "service"
    ]
    assert "automatic_gearbox_oil" in [item["item"] for item in service["items"]]
    keys = notices("service_schedule", vehicle="mvm_fx", odometer_km=0, gearbox="robotised")
    assert "gearbox_oil_by_kind" in keys


def test_a_car_that_the_newest_edition_drops_is_still_answered(data_copy: Path) -> None:
    followed(EMDAD)(data_copy)
    replaced(EMDAD.with_name(NEXT) / "cars.csv", "roa,roa,ohv,manual automatic,\n", "")(data_copy)
    tables.check()
    assert "roa" not in cars()
    assert "roa" in car_ids()


def test_a_gearbox_missing_from_the_edition_in_force_is_refused(data_copy: Path) -> None:
    new_car(data_copy)
    followed(EMDAD)(data_copy)
    replaced(EMDAD.with_name(NEXT) / "cars.csv", "manual robotised", "manual")(data_copy)
    request = {"vehicle": "roa", "gearbox": "robotised"}
    assert errors("service_schedule", **request, started_on=LAST_DAY) == []
    assert errors("service_schedule", **request, started_on=NEXT_DAY) == [("gearbox", "not_in_edition")]


def test_an_added_row_is_a_new_item_of_a_service(data_copy: Path) -> None:
    appended(EMDAD / "services" / "roa_ohv.csv", f"particle_filter{',√' * 15}\n")(data_copy)
    labelled(EMDAD, "service_item", "particle_filter")(data_copy)
    service = result("service_schedule", vehicle="roa", service_km=4000, level="two_star")["service"]
    assert [item["covered"] for item in service["items"] if item["item"] == "particle_filter"] == [True]


def test_an_added_row_is_a_new_item_of_a_note(data_copy: Path) -> None:
    appended(EMDAD / "service_notes.csv", "roa_ohv,ignition_coil,8000,yes,no,,,annex_1.belts\n")(data_copy)
    labelled(EMDAD, "service_item", "ignition_coil")(data_copy)
    for km, printed in ((4000, False), (8000, True)):
        service = result("service_schedule", vehicle="roa", service_km=km)["service"]
        assert ("ignition_coil" in [item["item"] for item in service["items"]]) is printed


def test_a_table_missing_from_the_edition_in_force_is_refused(data_copy: Path) -> None:
    followed(EMDAD)(data_copy)
    for table, row in (
        ("cars.csv", "roa,roa,ohv,manual automatic,\n"),
        ("vehicles.csv", "roa,ohv,roa_ohv,annex_1.roa_ohv\n"),
        ("service_tables.csv", "roa_ohv,one_to_three,500,1500,p3.6_6,annex_1.roa_ohv,\n"),
    ):
        replaced(EMDAD.with_name(NEXT) / table, row, "")(data_copy)
    assert errors("service_schedule", table="roa_ohv", started_on=LAST_DAY) == []
    assert errors("service_schedule", table="roa_ohv", started_on=NEXT_DAY) == [("table", "not_in_edition")]


def test_marks_of_any_name_have_an_alternative_where_levels_differ(data_copy: Path) -> None:
    for table in ("service_marks.csv", "service_tables.csv"):
        file = data_copy / EMDAD / table
        file.write_text(file.read_text(encoding="utf-8").replace("one_to_three", "stars"), encoding="utf-8")
    assert alternatives("service_schedule", "A-6", vehicle="roa", odometer_km=28_000, level="two_star")


@pytest.mark.parametrize("cause", ["impacts", 5, True, ["impact"]])
def test_the_refusal_of_an_unknown_cause_lists_the_known_causes(cause: object) -> None:
    response: dict[str, Any] = respond(
        find("tyre_refund"), json.dumps({**TYRE_REQUEST, "cause": cause}).encode()
    )
    (error,) = response["errors"]
    assert (error["field"], error["code"]) == ("cause", "unknown_value")
    assert error["message"]["en"].endswith("impact, serial_tampered or non_standard_tube")


# --- Makers' guarantees and the law

MVM, BAHMAN, BYLAW = "mvm_fx/guarantee_booklet", "bahman/guarantee_page", "bylaw/bylaw_1395"
CARD = "emdad/ssa005_14"
CAR = {"maker": "mvm_fx", "started_on": LAST_DAY, "on": NEXT_DAY, "odometer_km": 10}


def test_an_added_row_is_a_new_event_of_a_guarantee(data_copy: Path) -> None:
    appended(f"{MVM}/warranty_events.csv", "flown_to_the_moon,related_parts,no,,void_parts\n")(data_copy)
    labelled(MVM, "warranty_event", "flown_to_the_moon")(data_copy)
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


def test_a_request_accepts_as_many_events_as_exist(data_copy: Path) -> None:
    appended(f"{MVM}/warranty_events.csv", "flown_to_the_moon,related_parts,no,,void_parts\n")(data_copy)
    labelled(MVM, "warranty_event", "flown_to_the_moon")(data_copy)
    for count, refused in ((18, []), (19, [("events", "too_many")])):
        assert errors("warranty_status", **CAR, events=["flown_to_the_moon"] * count) == refused


PART_REQUEST = {"maker": "mvm_fx", "started_on": "1400-01-01", "on": "1401-01-01", "km": 8_000}


@pytest.mark.parametrize(
    ("edition", "table"), [(MVM, "limited_parts"), (BAHMAN, "limited_parts"), (BYLAW, "warranty_parts")]
)
def test_an_added_row_is_a_new_part_with_a_guarantee(data_copy: Path, edition: str, table: str) -> None:
    clause = (data_copy / edition / f"{table}.csv").read_text(encoding="utf-8").split(",")[-1]
    appended(f"{edition}/{table}.csv", f"propeller,excluded,,,{clause}")(data_copy)
    labelled(edition, "part", "propeller")(data_copy)
    answers = {
        maker: result("part_warranty", **{**PART_REQUEST, "maker": maker, "part": "propeller"})["reason"]
        for maker in ("mvm_fx", "bahman")
    }
    named = {MVM: ["mvm_fx"], BAHMAN: ["bahman"]}.get(edition, ["mvm_fx", "bahman"])
    assert answers == {maker: "excluded" if maker in named else None for maker in answers}


def test_a_part_missing_from_an_edition_follows_the_law(data_copy: Path) -> None:
    followed(MVM)(data_copy)
    replaced(Path(MVM).with_name(NEXT) / "limited_parts.csv", "battery,limited,12,20000,limited_parts\n", "")(
        data_copy
    )
    request = {"maker": "mvm_fx", "part": "battery", "km": 30_000, "on": NEXT_DAY}
    before, after = (result("part_warranty", **request, started_on=day) for day in (LAST_DAY, NEXT_DAY))
    assert (before["kind"], before["covered"]) == ("limited", False)
    assert (after["edition"], after["kind"], after["covered"]) == (NEXT, "by_law", True)


def test_an_added_row_is_a_new_consumable(data_copy: Path) -> None:
    appended(f"{MVM}/consumables.csv", "hydrogen_filter,6,5000,yes,notes\n")(data_copy)
    labelled(MVM, "consumable", "hydrogen_filter")(data_copy)
    request = {"item": "hydrogen_filter", "months_since": 0, "km_since": 5_000}
    assert result("consumable_due", **request)["due"] is True
    assert notices("consumable_due", **request) == {"filter_outside_the_tank"}


def test_a_consumable_missing_from_the_booklet_in_force_is_refused(data_copy: Path) -> None:
    followed(MVM)(data_copy)
    replaced(Path(MVM).with_name(NEXT) / "consumables.csv", "fuel_filter,,20000,yes,notes\n", "")(data_copy)
    request = {"item": "fuel_filter", "months_since": 0, "km_since": 0}
    assert errors("consumable_due", **request) == [("item", "not_in_edition")]


@pytest.mark.parametrize(("edition", "clause"), [(BYLAW, "a23"), (CARD, "p2.3_6")])
def test_an_added_row_is_a_new_kind_of_repair(data_copy: Path, edition: str, clause: str) -> None:
    appended(f"{edition}/repair_guarantees.csv", f"welding,3,,{clause}\n")(data_copy)
    labelled(edition, "repair_kind", "welding")(data_copy)
    for months, covered in ((3, True), (4, False)):
        assert result("repair_guarantee", kind="welding", months=months, km=1)["covered"] is covered
    assert notices("repair_guarantee", kind="welding", months=1, km=1) == set()


def test_a_repair_kind_with_the_same_guarantee_has_a_notice(data_copy: Path) -> None:
    for edition, clause, months in ((BYLAW, "a23", 3), (MVM, "repairs", 3), (BAHMAN, "repairs", 4)):
        appended(f"{edition}/repair_guarantees.csv", f"welding,{months},,{clause}\n")(data_copy)
        labelled(edition, "repair_kind", "welding")(data_copy)
    assert notices("repair_guarantee", kind="welding", months=1, km=1) == {"mvm_prints_the_same"}


def test_a_repair_kind_missing_from_the_by_law_has_no_guarantee(data_copy: Path) -> None:
    followed(BYLAW)(data_copy)
    replaced(Path(BYLAW).with_name(NEXT) / "repair_guarantees.csv", "part,6,10000,a23\n", "")(data_copy)
    request = {"kind": "part", "months": 1, "km": 1}
    assert result("repair_guarantee", **request, on=LAST_DAY)["covered"] is True
    assert result("repair_guarantee", **request, on=NEXT_DAY)["reason"] == "no_rule_for_kind"


STAY = {"contract_price_rial": 10**9, "payable_days": 10}


def test_an_added_row_is_a_new_class_of_vehicle(data_copy: Path) -> None:
    appended(f"{BYLAW}/stop_rates.csv", "airship,0.003,,a18\n")(data_copy)
    labelled(BYLAW, "vehicle_class", "airship")(data_copy)
    request = {**STAY, "vehicle_class": "airship"}
    assert result("stop_compensation", **request, edition="bylaw_1395")["amount_rial"] == 30_000_000
    assert result("stop_compensation", **request, edition="bylaw_1389")["reason"] == "no_rate_for_class"


def test_a_vehicle_class_missing_from_the_by_law_has_no_rate(data_copy: Path) -> None:
    followed(BYLAW)(data_copy)
    replaced(Path(BYLAW).with_name(NEXT) / "stop_rates.csv", "taxi,0.002,,a18\n", "")(data_copy)
    request = {**STAY, "vehicle_class": "taxi"}
    assert result("stop_compensation", **request, edition="bylaw_1395")["amount_rial"] == 20_000_000
    assert result("stop_compensation", **request, edition=NEXT)["reason"] == "no_rate_for_class"


def test_an_added_row_is_a_new_deadline(data_copy: Path) -> None:
    appended(f"{BYLAW}/deadlines.csv", "apology,3,yes,no,a11\n")(data_copy)
    labelled(BYLAW, "deadline_rule", "apology")(data_copy)
    for days, on_time in ((3, True), (4, False)):
        assert result("legal_deadline", rule="apology", days=days, on="1400-01-01")["on_time"] is on_time


def test_a_deadline_missing_from_the_by_law_does_not_exist(data_copy: Path) -> None:
    followed(BYLAW)(data_copy)
    replaced(Path(BYLAW).with_name(NEXT) / "deadlines.csv", "complaint,20,yes,no,a11\n", "")(data_copy)
    request = {"rule": "complaint", "days": 20}
    assert result("legal_deadline", **request, on=LAST_DAY)["on_time"] is True
    assert result("legal_deadline", **request, on=NEXT_DAY)["reason"] == "no_deadline"


SHARE: dict[str, Any] = {"level": "two_star", "event": "collision", "damage_rial": 1_000_000}
HAIL = "hail,nature,incident,peril,,,p3.3_2,\n"


def add_event(data: Path, row: str) -> None:
    """Add an event row and its label to the card booklet."""
    appended(f"{CARD}/events.csv", f"{row}\n")(data)
    labelled(CARD, "event", row.partition(",")[0])(data)


def test_an_added_row_is_a_new_event(data_copy: Path) -> None:
    add_event(data_copy, "meteorite,nature,incident,peril,30,table_2.note_1,p3.3_2,")
    answer = result("subscriber_share", **{**SHARE, "event": "meteorite"})
    assert (answer["covered"], answer["subscriber_pays_rial"]) == (True, 300_000)
    year = result(
        "events_by_level", events=[{"event": "meteorite", "damage_rial": 1000}], levels=["one_star"]
    )
    assert year["rows"][0]["cells"][0]["event"] == "meteorite"


def test_the_kind_makes_a_new_event_a_theft_or_repair(data_copy: Path) -> None:
    add_event(data_copy, "wheel_theft,theft_and_repair,partial_theft,partial_theft,,,p3.5_3,")
    add_event(data_copy, "recall,theft_and_repair,repair,repair,,,p3.2,")
    theft = result("subscriber_share", **{**SHARE, "event": "wheel_theft"}, audio_panel_withheld=True)
    assert theft["subscriber_pays_rial"] == 480_000  # the panel's 350,000 and 20 % of the rest
    repairs = [{"event": "recall", "damage_rial": 1000}] * 2
    year = result("events_by_level", events=repairs, levels=["two_star"])
    assert [cell["share_percent"] for cell in year["rows"][0]["cells"]] == [10, 20]


def test_a_new_event_has_the_reading_named_in_its_row(data_copy: Path) -> None:
    add_event(data_copy, "meteorite,nature,incident,peril,,,p3.3_2,A-19")
    answer: dict[str, Any] = respond(
        find("subscriber_share"), json.dumps({**SHARE, "event": "meteorite"}).encode()
    )
    assert [other["reading"] for other in answer["alternatives"]] == ["A-19"]


def test_an_event_missing_from_the_edition_in_force_is_refused(data_copy: Path) -> None:
    followed(CARD)(data_copy)
    replaced(f"emdad/{NEXT}/events.csv", HAIL, "")(data_copy)
    year: dict[str, Any] = {"events": [{"event": event, "damage_rial": 1} for event in ("collision", "hail")]}
    assert errors("events_by_level", **year, started_on=LAST_DAY) == []
    assert errors("events_by_level", **year, started_on=NEXT_DAY) == [("events.1.event", "not_in_edition")]


LOSS: dict[str, Any] = {"damage_rial": 90, "value_before_rial": 100, "new_price_rial": 200}
THEFT: dict[str, Any] = {
    "zero_km_price_rial": 1000,
    "requested_price_rial": 2000,
    "car_year": 2,
}
RECOVERED: dict[str, Any] = {"repair_cost_rial": 10, "value_before_rial": 100}
WITH_EXCLUSIONS = {
    "subscriber_share": SHARE,
    "vehicle_replacement": {"level": "two_star", **LOSS},
    "total_theft": {"level": "two_star", **THEFT},
    "recovered_vehicle": {"level": "two_star", **RECOVERED},
}


@pytest.mark.parametrize("calculator", WITH_EXCLUSIONS)
def test_an_added_row_is_a_new_exclusion(data_copy: Path, calculator: str) -> None:
    appended(f"{CARD}/exclusions.csv", "no_headlights,damage,p3.9_17,no\n")(data_copy)
    labelled(CARD, "exclusion", "no_headlights")(data_copy)
    answer = result(calculator, **WITH_EXCLUSIONS[calculator], exclusions=["no_headlights"])
    assert answer["reason"] == "no_headlights"


@pytest.mark.parametrize(
    ("calculator", "stolen"),
    [
        ("subscriber_share", {"stolen_at_the_time": True}),
        ("vehicle_replacement", {"recovered": True}),
        ("total_theft", {}),
        ("recovered_vehicle", {}),
    ],
)
def test_a_new_exclusion_can_exempt_a_stolen_car(
    data_copy: Path, calculator: str, stolen: dict[str, Any]
) -> None:
    appended(f"{CARD}/exclusions.csv", "no_headlights,damage,p3.9_17,yes\n")(data_copy)
    labelled(CARD, "exclusion", "no_headlights")(data_copy)
    request = {**WITH_EXCLUSIONS[calculator], **stolen, "exclusions": ["no_headlights"]}
    assert result(calculator, **request)["reason"] is None


@pytest.mark.parametrize("calculator", WITH_EXCLUSIONS)
def test_an_exclusion_missing_from_the_edition_in_force_is_refused(data_copy: Path, calculator: str) -> None:
    followed(CARD)(data_copy)
    replaced(f"emdad/{NEXT}/exclusions.csv", "abroad,damage,p3.9_17,no\n", "")(data_copy)
    request = {**WITH_EXCLUSIONS[calculator], "exclusions": ["racing", "abroad"]}
    assert errors(calculator, **request, started_on=LAST_DAY) == []
    assert errors(calculator, **request, started_on=NEXT_DAY) == [("exclusions.1", "not_in_edition")]


def test_an_added_row_is_a_new_document(data_copy: Path) -> None:
    appended(f"{CARD}/share_documents.csv", "glass,always,photograph,p3.3_2\n")(data_copy)
    labelled(CARD, "document", "photograph")(data_copy)
    labelled(CARD, "papers", "glass")(data_copy)
    assert result("subscriber_share", **{**SHARE, "event": "glass"})["documents"] == ["photograph"]
    appended(f"{TYRE}/documents.csv", "natural,photograph,2_1\n")(data_copy)
    labelled(TYRE, "document", "photograph")(data_copy)
    assert "photograph" in documents_for("natural")


def test_a_new_event_has_the_report_of_its_documents_row(data_copy: Path) -> None:
    add_event(data_copy, "meteorite,nature,incident,crater,,,p3.3_2,")
    appended(f"{CARD}/reports.csv", "crater,,yes,p3.3_2,,yes,yes\n")(data_copy)
    answer: dict[str, Any] = respond(
        find("subscriber_share"), json.dumps({**SHARE, "event": "meteorite"}).encode()
    )
    assert (answer["result"]["report_required"], answer["result"]["fire_brigade_report"]) == (True, True)
    assert "petition_if_culprit" in {notice["key"] for notice in answer["notices"]}


def add_item(data: Path, item: str) -> None:
    """Add an assistance item that the company pays for at every level."""
    rows = "".join(f"{level},{item},company,p2.5_5\n" for level in Level)
    appended(f"{CARD}/assistance.csv", rows)(data)
    labelled(CARD, "item", item)(data)


def test_an_added_row_is_a_new_assistance_item(data_copy: Path) -> None:
    add_item(data_copy, "hotel")
    answer = result("assistance_cost", level="one_star", item="hotel", immobile=False, via_company=False)
    assert (answer["payer"], answer["reason"]) == ("company", None)


def test_an_assistance_item_missing_from_the_edition_in_force_is_refused(data_copy: Path) -> None:
    followed(CARD)(data_copy)
    add_item(data_copy, "hotel")
    assert errors("assistance_cost", level="one_star", item="hotel", started_on=LAST_DAY) == []
    refused = errors("assistance_cost", level="one_star", item="hotel", started_on=NEXT_DAY)
    assert refused == [("item", "not_in_edition")]


def test_a_new_assistance_item_needs_a_row_for_every_level(data_copy: Path) -> None:
    appended(f"{CARD}/assistance.csv", "one_star,hotel,company,p2.5_5\n")(data_copy)
    labelled(CARD, "item", "hotel")(data_copy)
    with pytest.raises(DataError, match="hotel"):
        card_tables()


def test_an_added_row_is_a_new_service_of_the_level_table(data_copy: Path) -> None:
    rows = "".join(f"{level},valet,included,,table_1\n" for level in Level)
    appended(f"{CARD}/level_services.csv", rows)(data_copy)
    appended(f"{CARD}/service_groups.csv", "valet,care\n")(data_copy)
    labelled(CARD, "service_name", "valet")(data_copy)
    last = result("compare_levels", levels=["mobile", "two_star"])["rows"][-1]
    assert (last["service"], last["cells"]["mobile"]["kind"]) == ("valet", "included")


def test_a_new_service_needs_a_group(data_copy: Path) -> None:
    rows = "".join(f"{level},valet,included,,table_1\n" for level in Level)
    appended(f"{CARD}/level_services.csv", rows)(data_copy)
    labelled(CARD, "service_name", "valet")(data_copy)
    with pytest.raises(DataError, match=r"service_groups\.csv.*valet"):
        card_tables()


def test_a_service_missing_from_the_edition_in_force_is_not_compared(data_copy: Path) -> None:
    followed(CARD)(data_copy)
    table = data_copy / "emdad" / NEXT / "level_services.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if ",towing," not in line), encoding="utf-8")
    rows = result("compare_levels", started_on=NEXT_DAY)["rows"]
    assert "towing" not in [row["service"] for row in rows]
    assert len(result("compare_levels", started_on=LAST_DAY)["rows"]) == len(rows) + 1


RENEWAL: dict[str, Any] = {
    "kind": "golden",
    "rate_rial": 1000,
    "expires_on": "1404-01-01",
    "renewed_on": "1404-01-01",
}


def test_an_added_row_is_a_new_ground_of_a_renewal(data_copy: Path) -> None:
    appended(f"{CARD}/renewal_discounts.csv", "golden,loyal,p5.2\n")(data_copy)
    labelled(CARD, "ground", "loyal")(data_copy)
    assert grounds_in_force()[-1] == "loyal"
    assert result("renewal", **RENEWAL, grounds=["loyal"])["discount_grounds"] == ["loyal"]


def test_a_ground_missing_from_the_edition_in_force_is_refused(data_copy: Path) -> None:
    followed(CARD)(data_copy)
    replaced(f"emdad/{NEXT}/renewal_discounts.csv", "golden,cash_payment,p5.2\n", "")(data_copy)
    request = {**RENEWAL, "grounds": ["no_body_insurance_claim", "cash_payment"]}
    assert errors("renewal", **request, started_on=LAST_DAY) == []
    assert errors("renewal", **request, started_on=NEXT_DAY) == [("grounds.1", "not_in_edition")]


def test_a_level_needs_a_label(data_copy: Path) -> None:
    replaced(f"{CARD}/labels.toml", "one_star =", "five_star =")(data_copy)
    with pytest.raises(DataError, match=r"levels\.csv:5.*one_star.* has no label"):
        card_tables()


def test_a_downtime_refusal_missing_from_an_edition_does_not_apply(data_copy: Path) -> None:
    followed(CARD)(data_copy)
    replaced(f"emdad/{NEXT}/downtime_refusals.csv", "accident,p3.7_2_13\n", "")(data_copy)
    stay = {"admitted_on": "1403-02-01", "completed_on": "1403-02-06", "released_on": "1403-02-07"}
    request = {"level": "four_star", "cause": "accident", **stay}
    assert result("card_downtime", **request, started_on=LAST_DAY)["reason"] == "accident"
    assert result("card_downtime", **request, started_on=NEXT_DAY)["payable_days"] > 0


@pytest.mark.parametrize("name", ["acident", ""])
def test_a_downtime_refusal_unknown_to_the_code_is_an_error(data_copy: Path, name: str) -> None:
    replaced(f"{CARD}/downtime_refusals.csv", "accident,", f"{name},")(data_copy)
    with pytest.raises(DataError, match=r"downtime_refusals\.csv:10: column refusal"):
        card_tables()


SALE = {"method": "barter", "on": "1400-01-01"}
PARTICIPATION = "participation,1095,36,,,no,,1,yes,no,a4\n"


def test_an_added_row_is_a_new_method_of_sale(data_copy: Path) -> None:
    appended(f"{BYLAW}/sale_methods.csv", "barter,60,2,,,yes,fixed,3,yes,yes,a4\n")(data_copy)
    labelled(BYLAW, "method", "barter")(data_copy)
    assert result("sale_terms", **SALE, delivery_days=61)["delivery_allowed"] is False
    assert notices("sale_terms", **SALE) == {"immediate_without_arrears"}
    late = {**SALE, "paid_rial": 365_000_000, "late_days": 30}
    assert errors("delivery_delay", **late) == [("participation_percent", "required")]
    assert result("delivery_delay", **late, participation_percent=10)["profit_rial"] == 3_000_000
    profit = {**SALE, "paid_rial": 365_000_000, "days": 30, "annual_percent": 10}
    assert result("participation_profit", **profit)["amount_rial"] == 3_000_000


def test_an_added_row_is_a_new_class_with_a_minimum_warranty(data_copy: Path) -> None:
    appended(f"{BYLAW}/warranty_minimums.csv", "airship,48,90000,a12,,\n")(data_copy)
    request = {"vehicle_class": "airship", "months": 48, "km": 90_000}
    answer = result("minimum_warranty", **request, edition="bylaw_1395")
    assert (answer["meets"], answer["required_months"], answer["required_km"]) == (True, 48, 90_000)
    assert errors("minimum_warranty", **{**request, "vehicle_class": "submarine"}, on="1400-01-01") == [
        ("vehicle_class", "unknown_value")
    ]


def test_a_class_missing_from_the_by_law_has_the_acts_minimum(data_copy: Path) -> None:
    followed(BYLAW)(data_copy)
    row = "motorcycle,12,,a12,3,a12_n2\n"
    replaced(Path(BYLAW).with_name(NEXT) / "warranty_minimums.csv", row, "")(data_copy)
    request = {"vehicle_class": "motorcycle", "months": 12}
    assert result("minimum_warranty", **request, on=LAST_DAY)["required_km"] is None
    assert result("minimum_warranty", **request, on=NEXT_DAY)["required_km"] == 30_000


@dataclass(frozen=True)
class Dropped:
    """A row that a later edition drops, and a request for its id; ``day`` is the date field."""

    edition: str
    table: str
    row: str
    calculator: str
    day: str
    request: dict[str, Any]

    @property
    def field(self) -> str:
        """Return the request field that holds the id, the first cell of the row."""
        (name,) = (name for name, value in self.request.items() if value == self.row.split(",")[0])
        return name


DROPPED = [
    Dropped(TYRE, "kinds.csv", "truck,3,5_1\n", "tyre_refund", "on", {**TYRE_REQUEST, "kind": "truck"}),
    Dropped(TYRE, "causes.csv", "impact,no,8_7\n", "tyre_refund", "on", {**TYRE_REQUEST, "cause": "impact"}),
    # the card booklet
    Dropped(CARD, "events.csv", HAIL, "subscriber_share", "started_on", {**SHARE, "event": "hail"}),
    # cars and their services
    Dropped(
        EMDAD.as_posix(),
        "vehicles.csv",
        "samand_sarir,xu7_l4,xu7_l4,annex_1.xu7_l4\n",
        "service_schedule",
        "started_on",
        {"vehicle": "samand_sarir"},
    ),
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
def test_an_id_missing_from_the_edition_in_force_is_refused(data_copy: Path, case: Dropped) -> None:
    followed(case.edition)(data_copy)
    replaced(Path(case.edition).with_name(NEXT) / case.table, case.row, "")(data_copy)
    assert errors(case.calculator, **{**case.request, case.day: LAST_DAY}) == []
    assert errors(case.calculator, **{**case.request, case.day: NEXT_DAY}) == [(case.field, "not_in_edition")]


@pytest.mark.parametrize("name", ["khodroabad", "خودرو آباد", "Car town"])
def test_added_rows_are_a_new_city_and_a_new_dealer(data_copy: Path, name: str) -> None:
    with_new_dealer()(data_copy)
    answer = result("nearest_dealers", city=name, limit=1)
    assert (answer["origin"]["name_en"], answer["origin"]["province"]) == ("Khodroabad", "yazd")
    assert (answer["dealers"][0]["code"], answer["dealers"][0]["kind"]) == ("999", "service")


def test_a_dealer_can_have_a_new_kind(data_copy: Path) -> None:
    with_new_dealer("charging")(data_copy)
    labelled(DEALERS.parent, "dealer_kind", "charging")(data_copy)
    assert [
        dealer["code"] for dealer in result("nearest_dealers", city="yazd", kind="charging")["dealers"]
    ] == ["999"]


def test_a_kind_missing_from_the_newest_list_is_refused(data_copy: Path) -> None:
    followed(DEALERS.parent)(data_copy)
    dealers = data_copy / DEALERS.parent.with_name(NEXT) / DEALERS.name
    rows = dealers.read_text(encoding="utf-8").replace("mvm,service,", "mvm,sales_and_service,")
    dealers.write_text(rows, encoding="utf-8")
    assert errors("nearest_dealers", city="yazd", kind="sales_and_service") == []
    assert errors("nearest_dealers", city="yazd", kind="service") == [("kind", "not_in_edition")]
