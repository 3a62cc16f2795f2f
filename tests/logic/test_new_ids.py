"""Ids are data: a row more is a new id, and a row that an edition leaves out is refused by name."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from logic import tables
from logic.calculators import find, respond
from logic.calendar import parse_day
from logic.my_car import MyCar, upcoming
from logic.service_schedule import cars, every_car
from tests.support.calculator_client import alternatives, notices, result
from tests.support.data_edits import EMDAD, LAST_DAY, NEXT, NEXT_DAY, appended, followed, new_car, replaced

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


# --- Cars and their services


def test_a_new_car_has_its_table_its_gearbox_and_its_makers_guarantee(data_copy: Path) -> None:
    new_car(data_copy)
    asked = {"vehicle": "dena", "service_km": 20_000, "gearbox": "robotised"}
    found = result("service_schedule", **asked)
    assert (found["table"], found["service"]["items"][1]["needs_level"]) == ("dena", "three_star")
    assert [*cars()][-2:] == ["dena", "mvm_fx"]  # each booklet's cars in the order of its rows
    known = MyCar(vehicle="dena", engine="ef7p", delivered_on=parse_day("1404-01-01"))
    (ends,) = (item for item in upcoming(known, parse_day("1405-01-01")) if item.what == "guarantee_ends")
    assert (ends.day, ends.km) == (parse_day("1409-01-01"), 150_000)


def test_a_new_gearbox_is_an_automatic_one(data_copy: Path) -> None:
    new_car(data_copy)
    service = result("service_schedule", vehicle="peugeot_206", service_km=40_000, gearbox="robotised")[
        "service"
    ]
    assert "automatic_gearbox_oil" in [item["item"] for item in service["items"]]
    keys = notices("service_schedule", vehicle="mvm_fx", odometer_km=0, gearbox="robotised")
    assert "gearbox_oil_by_kind" in keys


def test_a_car_that_the_newest_edition_leaves_out_is_not_offered_but_known(data_copy: Path) -> None:
    followed(EMDAD)(data_copy)
    replaced(EMDAD.with_name(NEXT) / "cars.csv", "roa,roa,ohv,manual automatic,\n", "")(data_copy)
    tables.check()
    assert "roa" not in cars()
    assert "roa" in every_car()


def test_a_gearbox_that_the_edition_of_the_day_leaves_out_is_refused(data_copy: Path) -> None:
    new_car(data_copy)
    followed(EMDAD)(data_copy)
    replaced(EMDAD.with_name(NEXT) / "cars.csv", "manual robotised", "manual")(data_copy)
    asked = {"vehicle": "roa", "gearbox": "robotised"}
    assert errors("service_schedule", **asked, started_on=LAST_DAY) == []
    assert errors("service_schedule", **asked, started_on=NEXT_DAY) == [("gearbox", "not_in_edition")]


def test_a_row_more_is_a_new_item_of_a_service(data_copy: Path) -> None:
    appended(EMDAD / "services" / "roa_ohv.csv", f"particle_filter{',√' * 15}\n")(data_copy)
    appended(EMDAD / "labels.toml", label("service_item", "particle_filter"))(data_copy)
    service = result("service_schedule", vehicle="roa", service_km=4000, level="two_star")["service"]
    assert [item["covered"] for item in service["items"] if item["item"] == "particle_filter"] == [True]


def test_a_row_more_is_a_new_item_of_a_note(data_copy: Path) -> None:
    appended(EMDAD / "service_notes.csv", "roa_ohv,ignition_coil,8000,yes,no,,,annex_1.belts\n")(data_copy)
    appended(EMDAD / "labels.toml", label("service_item", "ignition_coil"))(data_copy)
    for km, printed in ((4000, False), (8000, True)):
        service = result("service_schedule", vehicle="roa", service_km=km)["service"]
        assert ("ignition_coil" in [item["item"] for item in service["items"]]) is printed


def test_a_table_that_the_edition_of_the_day_leaves_out_is_refused(data_copy: Path) -> None:
    followed(EMDAD)(data_copy)
    for table, row in (
        ("cars.csv", "roa,roa,ohv,manual automatic,\n"),
        ("vehicles.csv", "roa,ohv,roa_ohv,annex_1.roa_ohv\n"),
        ("service_tables.csv", "roa_ohv,one_to_three,500,1500,p3.6_6,annex_1.roa_ohv,\n"),
    ):
        replaced(EMDAD.with_name(NEXT) / table, row, "")(data_copy)
    assert errors("service_schedule", table="roa_ohv", started_on=LAST_DAY) == []
    assert errors("service_schedule", table="roa_ohv", started_on=NEXT_DAY) == [("table", "not_in_edition")]


def test_marks_of_any_name_have_another_reading_where_their_levels_differ(data_copy: Path) -> None:
    for table in ("service_marks.csv", "service_tables.csv"):
        file = data_copy / EMDAD / table
        file.write_text(file.read_text(encoding="utf-8").replace("one_to_three", "stars"), encoding="utf-8")
    assert alternatives("service_schedule", "A-6", vehicle="roa", odometer_km=28_000, level="two_star")


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
    # cars and their services
    Dropped(
        EMDAD.as_posix(), "vehicles.csv", "samand_sarir,xu7_l4,xu7_l4,annex_1.xu7_l4\n",
        "service_schedule", "started_on", {"vehicle": "samand_sarir"},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", DROPPED, ids=lambda case: f"{case.table} {case.row.strip()}")
def test_an_id_that_the_edition_of_the_day_leaves_out_is_refused(data_copy: Path, case: Dropped) -> None:
    followed(case.edition)(data_copy)
    replaced(Path(case.edition).with_name(NEXT) / case.table, case.row, "")(data_copy)
    assert errors(case.calculator, **case.request, **{case.day: LAST_DAY}) == []
    assert errors(case.calculator, **case.request, **{case.day: NEXT_DAY}) == [(case.field, "not_in_edition")]
