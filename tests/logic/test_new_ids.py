"""Ids are data: a row more is a new id, and a row that an edition leaves out is refused by name."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from logic.calculators import find, respond
from tests.support.calculator_client import result
from tests.support.data_edits import (
    DEALERS,
    LAST_DAY,
    NEXT,
    NEXT_DAY,
    appended,
    followed,
    labelled,
    replaced,
    with_new_dealer,
)

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


@pytest.mark.parametrize("cause", ["impacts", 5, True, ["impact"]])
def test_an_unknown_cause_is_refused_with_the_causes_that_there_are(cause: object) -> None:
    response: dict[str, Any] = respond(
        find("tyre_refund"), json.dumps({**TYRE_REQUEST, "cause": cause}).encode()
    )
    (error,) = response["errors"]
    assert (error["field"], error["code"]) == ("cause", "unknown_value")
    assert error["message"]["en"].endswith("impact, serial_tampered or non_standard_tube")


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
]


@pytest.mark.parametrize("case", DROPPED, ids=lambda case: f"{case.table} {case.row.strip()}")
def test_an_id_that_the_edition_of_the_day_leaves_out_is_refused(data_copy: Path, case: Dropped) -> None:
    followed(case.edition)(data_copy)
    replaced(Path(case.edition).with_name(NEXT) / case.table, case.row, "")(data_copy)
    assert errors(case.calculator, **case.request, **{case.day: LAST_DAY}) == []
    assert errors(case.calculator, **case.request, **{case.day: NEXT_DAY}) == [(case.field, "not_in_edition")]


@pytest.mark.parametrize("name", ["khodroabad", "خودرو آباد", "Car town"])
def test_a_row_more_is_a_new_city_and_a_new_dealer(data_copy: Path, name: str) -> None:
    with_new_dealer()(data_copy)
    answer = result("nearest_dealers", city=name, limit=1)
    assert (answer["origin"]["name_en"], answer["origin"]["province"]) == ("Khodroabad", "yazd")
    assert (answer["dealers"][0]["code"], answer["dealers"][0]["kind"]) == ("999", "service")


def test_a_dealer_may_be_of_a_new_kind(data_copy: Path) -> None:
    with_new_dealer("charging")(data_copy)
    labelled(DEALERS.parent, "dealer_kind", "charging")(data_copy)
    assert [
        dealer["code"] for dealer in result("nearest_dealers", city="yazd", kind="charging")["dealers"]
    ] == ["999"]


def test_a_kind_that_the_newest_list_leaves_out_is_refused(data_copy: Path) -> None:
    followed(DEALERS.parent)(data_copy)
    dealers = data_copy / DEALERS.parent.with_name(NEXT) / DEALERS.name
    rows = dealers.read_text(encoding="utf-8").replace("mvm,service,", "mvm,sales_and_service,")
    dealers.write_text(rows, encoding="utf-8")
    assert errors("nearest_dealers", city="yazd", kind="sales_and_service") == []
    assert errors("nearest_dealers", city="yazd", kind="service") == [("kind", "not_in_edition")]
