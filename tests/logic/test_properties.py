import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.card.tables import events, exclusions
from logic.core.models import MAX_RIAL, Level
from logic.core.registry import Calculator, calculators, find, respond
from logic.service.service_schedule import ServiceScheduleRequest, service_schedule
from tests.support.contract import assert_matches_contract

LADDER = ("membership", "mobile", "golden_year", "one_star", "two_star", "three_star", "four_star")
CARD_TABLES = ("xu7_l3", "xu7_l4", "ef7", "grand_vitara", "roa_ohv", "tondar90_k4m", "peugeot_206")


def answer(calculator: str, fields: dict[str, object]) -> dict[str, Any]:
    response = respond(find(calculator), json.dumps(fields).encode())
    assert response["ok"], response
    return response


def result(calculator: str, fields: dict[str, object]) -> dict[str, Any]:
    response: dict[str, Any] = answer(calculator, fields)["result"]
    return response


# --- Any request has a response of the contract's shape

JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(-2, 2),
        st.sampled_from([10**9, 10**15, 10**15 + 1, 10**20, -(10**20)]),
        st.floats(),
        st.text(max_size=12),
        st.characters(categories=["Cs"]),
        st.sampled_from(
            ["", "NaN", "Infinity", "0", "8", "7.99", "۸", "1e5", "two_star", "tehran", "تهران", "true"]
        ),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
DAYS = st.one_of(
    st.dates().map(str),
    st.builds("{:04}-{:02}-{:02}".format, st.integers(0, 1699), st.integers(0, 13), st.integers(0, 32)),
    st.builds("{:04}-{:02}-{:02}".format, st.integers(1380, 1420), st.integers(1, 12), st.integers(1, 29)),
    st.sampled_from(["9999-12-31", "1700-01-01", "1499-12-29", "1300-01-01", "0001-01-01", "1404-12-30"]),
)


def values_of_schema(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[object]:
    """Generate values that a JSON Schema allows, including its limits and one step beyond them."""
    if "$ref" in schema:
        return values_of_schema(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    if {"type": "number"} in schema.get("anyOf", []):  # a depth, as a number or as text
        return st.decimals(0, 12, places=2).map(str) | st.floats(-1, 12) | st.integers(-1, 12)
    if "anyOf" in schema:
        return st.one_of([values_of_schema(subschema, definitions) for subschema in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "integer" | "number" as kind:
            least = schema.get("minimum", schema.get("exclusiveMinimum", 0))
            most = schema.get("maximum", 10**6)
            inside = st.integers(int(least), int(most)) | st.integers(int(least) + 1, min(int(most), 60))
            edges = st.sampled_from([least - 1, least, most, most + 1])
            fractions = [st.floats(least, most)] if kind == "number" else []
            return st.one_of(inside, inside, edges, *fractions)
        case "boolean":
            return st.booleans()
        case "array":
            return st.lists(values_of_schema(schema["items"], definitions), max_size=4)
        case "object" if "propertyNames" in schema:
            names = values_of_schema(schema["propertyNames"], definitions).map(str)
            return st.dictionaries(
                names, values_of_schema(schema["additionalProperties"], definitions), max_size=4
            )
        case "string" if "pattern" in schema:
            return DAYS
        case "string":
            return st.sampled_from(["tehran", "رشت", "ایلام", "yazd", "Gilan"]) | st.text(max_size=9)
        case _:
            return st.none()


request_schema = cache(lambda calculator: calculator.schema()["request"])


@st.composite
def requests(draw: st.DrawFn, calculator: Calculator) -> dict[str, object]:
    """Generate fields of a calculator, mostly valid, sometimes with a wrong value or an unknown field."""
    schema = request_schema(calculator)
    properties, definitions = schema["properties"], schema.get("$defs", {})
    required = set(schema.get("required", []))
    fields: dict[str, object] = {}
    for name, property_schema in properties.items():
        if name in required or draw(st.integers(0, 2)) == 0:
            is_junk = draw(st.integers(0, 29)) == 0
            fields[name] = draw(JUNK if is_junk else values_of_schema(property_schema, definitions))
    if draw(st.integers(0, 19)) == 0:
        fields[draw(st.text(max_size=5))] = draw(JUNK)
    return fields


@pytest.mark.parametrize("name", list(calculators()))
@given(st.data())
def test_any_request_has_a_response_of_the_contracts_shape(name: str, data: st.DataObject) -> None:
    calculator = find(name)
    line = json.dumps(data.draw(requests(calculator))).encode()
    assert_matches_contract(respond(calculator, line), calculator)


# --- Schemas


def properties_named(schema: object, name: str) -> Iterator[dict[str, Any]]:
    """Yield every property of a name anywhere in a schema."""
    match schema:
        case dict():
            properties = schema.get("properties", {})
            if isinstance(properties, dict) and name in properties:
                yield properties[name]
            for item in schema.values():
                yield from properties_named(item, name)
        case list():
            for item in schema:
                yield from properties_named(item, name)
        case _:
            return


def is_enumerated(schema: dict[str, Any], definitions: dict[str, Any]) -> bool:
    """Return whether every value except null is listed."""
    if "$ref" in schema:
        return is_enumerated(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in schema:
        return all(is_enumerated(subschema, definitions) for subschema in schema["anyOf"])
    return bool("enum" in schema or "const" in schema or schema.get("type") == "null")


@pytest.mark.parametrize("name", list(calculators()))
def test_a_schema_lists_every_reason_and_every_document(name: str) -> None:
    schema = find(name).schema()
    for side in ("request", "result"):
        definitions = schema[side].get("$defs", {})
        for reason in properties_named(schema[side], "reason"):
            assert is_enumerated(reason, definitions), reason
        for field in ("documents", "missing_documents", "exclusions"):
            for documents in properties_named(schema[side], field):
                assert is_enumerated(documents["items"], definitions), documents
    cannot_refuse = {
        "compare_levels", "bylaw_in_force", "consumable_due", "replacement_right", "stop_extension",
        "warranty_status",
    }  # fmt: skip
    assert name in cannot_refuse or list(properties_named(schema["result"], "reason"))


@pytest.mark.parametrize("name", list(calculators()))
def test_the_schema_of_a_result_requires_every_field(name: str) -> None:
    schema = find(name).schema()["result"]
    assert set(schema["required"]) == set(schema["properties"])


# --- subscriber_share

SHARES = st.fixed_dictionaries(
    {
        "level": st.sampled_from(list(Level)),
        "event": st.sampled_from(list(events())),
        "damage_rial": st.integers(0, 10**9) | st.integers(0, 20) | st.just(MAX_RIAL),
    },
    optional={
        "prior_incidents": st.integers(0, 12),
        "prior_third_party_incidents": st.integers(0, 4),
        "prior_repairs": st.integers(0, 12),
        "third_party_at_fault": st.booleans(),
        "fault_shared": st.booleans(),
        "above_coupon": st.booleans(),
        "audio_panel_withheld": st.booleans(),
        "stolen_at_the_time": st.booleans(),
        "exclusions": st.lists(st.sampled_from(list(exclusions())), max_size=1),
        "started_on": st.sampled_from(["1391-07-30", "1391-08-01"]),
    },
)


@given(SHARES)
def test_shares_equal_the_damage_and_the_last_step_is_the_answer(request: dict[str, object]) -> None:
    response = answer("subscriber_share", request)
    shares = response["result"]
    assert shares["subscriber_pays_rial"] + shares["company_pays_rial"] == request["damage_rial"]
    assert min(shares["subscriber_pays_rial"], shares["company_pays_rial"]) >= 0
    *_, last = (step for step in response["steps"] if step["unit"] == "rial")
    assert last["value"] == shares["subscriber_pays_rial"]
    percents = [step["value"] for step in response["steps"] if step["key"] == "share_percent"]
    assert percents == ([shares["share_percent"]] if shares["covered"] else [])


@given(SHARES, st.sampled_from(["prior_incidents", "prior_third_party_incidents", "prior_repairs"]))
def test_a_share_never_falls_as_earlier_events_rise(request: dict[str, object], counter: str) -> None:
    earlier = request.get(counter, 0)
    assert isinstance(earlier, int)
    fewer, more = (
        result("subscriber_share", {**request, counter: count}) for count in (earlier, earlier + 1)
    )
    assert more["subscriber_pays_rial"] >= fewer["subscriber_pays_rial"]
    assert (more["share_percent"] or 0) >= (fewer["share_percent"] or 0)


@given(SHARES)
def test_a_higher_level_never_covers_less(request: dict[str, object]) -> None:
    for ladder in (LADDER, ("working_golden_year", "working_one_star")):
        for lower, higher in pairwise(ladder):
            low, high = (result("subscriber_share", {**request, "level": level}) for level in (lower, higher))
            assert high["covered"] >= low["covered"]
            assert high["subscriber_pays_rial"] <= low["subscriber_pays_rial"]


# --- compare_levels


def test_in_table_1_a_higher_level_never_has_less() -> None:
    def worth(cell: dict[str, Any]) -> tuple[int, int]:
        kinds = ("excluded", "tariff", "limit_km", "daily_rial", "included", "free")
        return kinds.index(cell["kind"]), cell["value"] or 0

    for row in result("compare_levels", {"levels": LADDER})["rows"]:
        for lower, higher in pairwise(LADDER):
            assert worth(row["cells"][higher]) >= worth(row["cells"][lower]), row


def test_a_higher_level_never_pays_more_for_assistance() -> None:
    order = ("free", "company", "guarantee", "tariff", "customer")
    flags = {"immobile": (True, False), "intercity": (True, False), "via_company": (True, False)}
    items = ("callout", "tow", "on_site_service", "roadside_wage_and_parts", "passenger_transfer")
    for item, *values in product(items, *flags.values()):
        request = {"item": item, **dict(zip(flags, values, strict=True))}
        payers = [result("assistance_cost", {**request, "level": level})["payer"] for level in LADDER]
        ranks = [order.index(payer) for payer in payers]
        assert ranks == sorted(ranks, reverse=True), (request, payers)


# --- service_schedule


@pytest.mark.parametrize("table", [*CARD_TABLES, "mvm_fx"])
def test_every_km_from_0_to_110000_is_answered(table: str) -> None:
    """Try every km of one table and every 97th of the others; test_service_schedule.py tests the limits."""
    before, after = (1_000, 1_000) if table == "mvm_fx" else (500, 1_500)
    for odometer in range(0, 110_001, 1 if table == "xu7_l4" else 97):
        schedule = service_schedule(ServiceScheduleRequest(table=table, odometer_km=odometer)).result
        order = [entry.service_km for entry in (schedule.previous, schedule.current, schedule.next) if entry]
        assert order == sorted(set(order))
        assert order
        if schedule.previous:
            assert schedule.previous.service_km + after < odometer
        if schedule.current:
            assert schedule.current.service_km - before <= odometer <= schedule.current.service_km + after
        if schedule.next:
            assert odometer < schedule.next.service_km - before


SCHEDULES = st.fixed_dictionaries(
    {
        "table": st.sampled_from(CARD_TABLES),
        "odometer_km": st.integers(0, 170_000),
        "gearbox": st.sampled_from(["manual", "automatic", "dct", "cvt"]),
        "whole_table": st.booleans(),
    }
)


@given(SCHEDULES)
def test_higher_levels_and_the_needed_level_cover_an_item(
    request: dict[str, object],
) -> None:
    def items(level: str | None) -> list[dict[str, Any]]:
        schedule = result("service_schedule", {**request, "level": level})
        entries = [schedule["previous"], schedule["current"], schedule["next"], *schedule["services"]]
        return [item for entry in entries if entry for item in entry["items"]]

    covered = {level: [item["covered"] for item in items(level)] for level in LADDER}
    for lower, higher in pairwise(LADDER):
        assert all(low <= high for low, high in zip(covered[lower], covered[higher], strict=True))
    for number, item in enumerate(items(None)):
        assert item["covered"] is None
        needed = LADDER.index(item["needs_level"])
        assert [covered[level][number] for level in LADDER] == [rank >= needed for rank in range(len(LADDER))]


# --- tyre_refund

DEPTHS = st.decimals(0, 12, places=2).map(str)
TYRES = st.fixed_dictionaries(
    {
        "new_depth_mm": st.decimals("0.01", 12, places=2).map(str),
        "remaining_depth_mm": DEPTHS,
        "new_price_rial": st.integers(1, 10**9) | st.integers(1, 9) | st.just(MAX_RIAL),
    },
    optional={"grade": st.sampled_from([1, 2])},
)
GRADE_2_PRICES = st.integers(1, 10**9)


@given(TYRES, DEPTHS, GRADE_2_PRICES)
def test_more_tread_never_costs_more_than_less_or_the_price(
    request: dict[str, object], other_depth: str, grade2_price: int
) -> None:
    new, price = float(str(request["new_depth_mm"])), request["new_price_rial"]
    assert isinstance(price, int)
    depths = sorted(
        {str(request["remaining_depth_mm"]), other_depth, str(request["new_depth_mm"])}, key=float
    )
    paid: list[int] = []
    for depth in depths:
        if float(depth) > new:
            continue
        response = answer(
            "tyre_refund", {**request, "remaining_depth_mm": depth, "grade2_price_rial": grade2_price}
        )
        money = [step["value"] for step in response["steps"] if step["unit"] == "rial"]
        pays, credit = response["result"]["customer_pays_rial"], response["result"]["credit_rial"]
        if response["result"]["eligible"]:
            assert 0 <= pays <= price
            assert pays + credit == price
            assert money[-1] == pays
            paid.append(pays)
        else:
            assert not paid, "more tread was refused where less was not"
            assert (pays, credit, money) == (None, None, [])
    assert paid == sorted(paid, reverse=True)
