import json
from collections.abc import Iterable
from typing import Any

import pytest

from logic.core.registry import find, respond

pytestmark = pytest.mark.usefixtures("named_editions")

# Services of each table by its printed column heads (missing zeros restored), and belts of the notes.
SERVICES = {
    "xu7_l3": [5_000 * n for n in range(1, 13)],
    "xu7_l4": [5_000 * n for n in range(1, 13)],
    "ef7": [5_000 * n for n in range(1, 13)],
    "grand_vitara": [7_500 * n for n in range(1, 9)],
    "roa_ohv": [4_000 * n for n in range(1, 16)],
    "tondar90_k4m": [10_000 * n for n in range(1, 7)],
    "peugeot_206": [20_000, 40_000, 60_000],
    "mvm_fx": [10_000 * n for n in range(1, 16)],
}
BELTS = {"xu7_l4": 80_000, "ef7": 100_000, "peugeot_206": 80_000}
CARD_TABLES = [table for table in SERVICES if table != "mvm_fx"]
CHANGES = {"engine_oil", "oil_filter", "fuel_filter", "air_filter", "brake_pads", "spark_plugs"}


def answer(**fields: object) -> dict[str, Any]:
    response = respond(find("service_schedule"), json.dumps(fields).encode())
    assert response["ok"], response
    return response


def schedule(**fields: object) -> dict[str, Any]:
    result: dict[str, Any] = answer(**fields)["result"]
    return result


def refusals(**fields: object) -> list[tuple[str, str]]:
    response: dict[str, Any] = respond(find("service_schedule"), json.dumps(fields).encode())
    assert not response["ok"], response
    return [(error["field"], error["code"]) for error in response["errors"]]


def items(table: str, service_km: int, **fields: object) -> dict[str, dict[str, Any]]:
    """Return the items of a service by name; fail if an item occurs twice."""
    entry = schedule(table=table, service_km=service_km, **fields)["service"]
    by_item = {item["item"]: item for item in entry["items"]}
    assert len(by_item) == len(entry["items"])
    return by_item


def covered(table: str, service_km: int, level: str, **fields: object) -> set[str]:
    return {name for name, item in items(table, service_km, level=level, **fields).items() if item["covered"]}


def marks(table: str, service_km: int) -> dict[str, str]:
    """Return the printed mark by item, without blank cells."""
    return {name: item["mark"] for name, item in items(table, service_km).items() if item["mark"]}


# --- Windows


@pytest.mark.parametrize(
    ("odometer", "inside"), [(19_499, False), (19_500, True), (21_500, True), (21_501, False)]
)
@pytest.mark.parametrize("table", [table for table in CARD_TABLES if 20_000 in SERVICES[table]])
def test_a_service_window_is_500_km_before_to_1500_after(table: str, odometer: int, *, inside: bool) -> None:
    result = schedule(table=table, odometer_km=odometer, service_km=20_000)
    assert result["service"]["in_window"] is inside
    assert (result["service"]["window_from_km"], result["service"]["window_to_km"]) == (19_500, 21_500)
    current = result["current"] and result["current"]["service_km"]
    assert current == (20_000 if inside else None)


@pytest.mark.parametrize(
    ("odometer", "inside"), [(28_999, False), (29_000, True), (31_000, True), (31_001, False)]
)
def test_the_maker_allows_1000_km_on_either_side(odometer: int, *, inside: bool) -> None:
    result = schedule(table="mvm_fx", odometer_km=odometer, service_km=30_000)
    assert result["service"]["in_window"] is inside
    assert (result["current"] is not None) is inside


def test_after_a_missed_maker_service_the_next_window_is_shown() -> None:
    result = schedule(table="mvm_fx", odometer_km=31_001)
    assert result["previous"]["service_km"] == 30_000
    assert result["current"] is None
    assert (result["next"]["window_from_km"], result["next"]["window_to_km"]) == (39_000, 41_000)
    missed = answer(table="mvm_fx", odometer_km=31_001)["notices"]
    assert "missed_service_voids_assemblies" in {notice["key"] for notice in missed}


def expected_services(table: str, odometer: int) -> Iterable[int]:
    yield from SERVICES[table]
    if table in BELTS:
        yield from range(BELTS[table], odometer + 3 * BELTS[table], BELTS[table])


@pytest.mark.parametrize("table", SERVICES)
def test_every_km_has_its_previous_current_and_next_service(table: str) -> None:
    before, after = (1_000, 1_000) if table == "mvm_fx" else (500, 1_500)
    edges = {km + step for km in (*SERVICES[table], 80_000, 100_000) for step in (-before, 0, after)}
    readings = {edge + off for edge in edges for off in (-1, 0, 1)} | {*range(0, 112_000, 970), 10**7}
    for odometer in sorted(readings):
        services = list(expected_services(table, odometer))
        result = schedule(table=table, odometer_km=odometer)
        assert [result[key] and result[key]["service_km"] for key in ("previous", "current", "next")] == [
            max((km for km in services if km + after < odometer), default=None),
            next((km for km in services if km - before <= odometer <= km + after), None),
            min((km for km in services if km - before > odometer), default=None),
        ], odometer


@pytest.mark.parametrize(
    ("odometer", "to_window", "km_left"),
    [
        (0, 19_500, None),
        (19_499, 1, None),
        (19_500, 0, 2_000),
        (21_000, 0, 500),
        (21_500, 0, 0),
        (21_501, None, None),
    ],
)
def test_a_schedule_has_km_to_the_window_and_km_left(
    odometer: int, to_window: int | None, km_left: int | None
) -> None:
    entry = schedule(table="peugeot_206", odometer_km=odometer, service_km=20_000)["service"]
    assert (entry["km_to_window"], entry["km_left"]) == (to_window, km_left)


def test_without_an_odometer_a_service_is_shown_without_distances() -> None:
    result = schedule(table="peugeot_206", service_km=20_000)
    assert (result["previous"], result["current"], result["next"]) == (None, None, None)
    entry = result["service"]
    assert (entry["in_window"], entry["km_to_window"], entry["km_left"]) == (None, None, None)


def test_a_missed_service_keeps_its_cover_with_a_closed_window() -> None:
    previous = schedule(table="peugeot_206", odometer_km=21_501, level="four_star")["previous"]
    assert previous["service_km"] == 20_000
    assert previous["in_window"] is False
    assert previous["km_to_window"] is None
    assert all(item["covered"] for item in previous["items"])


@pytest.mark.parametrize("km", [1, 4_999, 5_001, 65_000, 79_999, 80_001, 100_000])
def test_a_service_missing_from_the_table_is_null(km: int) -> None:
    assert schedule(table="xu7_l4", service_km=km)["service"] is None


def test_no_service_is_at_zero_km() -> None:
    assert all(schedule(table=table, service_km=0)["service"] is None for table in SERVICES)


# --- The marks


@pytest.mark.parametrize(
    ("table", "service_km", "printed"),
    [
        (
            "peugeot_206",
            20_000,
            {
                "engine_oil": "*",
                "oil_filter": "*",
                "fuel_filter": "**",
                "air_filter": "*",
                "brake_pads": "**",
                "spark_plugs": "**",
                "periodic_inspections": "√",
            },
        ),
        ("xu7_l3", 60_000, dict.fromkeys([*CHANGES, "timing_belt"], "***") | {"periodic_inspections": "√"}),
        ("xu7_l3", 55_000, {"periodic_inspections": "√"}),
        (
            "roa_ohv",
            24_000,
            {
                "engine_oil": "*",
                "oil_filter": "**",
                "fuel_filter": "**",
                "air_filter": "*",
                "brake_pads": "**",
                "periodic_inspections": "√",
            },
        ),
        ("grand_vitara", 30_000, dict.fromkeys(CHANGES, "**") | {"periodic_inspections": "√"}),
        ("grand_vitara", 22_500, {"engine_oil": "*", "oil_filter": "**"}),
    ],
)
def test_a_service_lists_what_its_column_prints(table: str, service_km: int, printed: dict[str, str]) -> None:
    assert marks(table, service_km) == printed
    for name, item in items(table, service_km).items():
        assert item["check"] is (printed[name] == "√")
        assert item["stars"] == (None if item["check"] else len(printed[name]))


@pytest.mark.parametrize(
    ("table", "odometer", "service"),
    [
        ("peugeot_206", 21_000, 20_000),
        ("xu7_l3", 59_400, None),
        ("xu7_l3", 59_500, 60_000),
        ("roa_ohv", 24_900, 24_000),
        ("grand_vitara", 30_000, 30_000),
        ("mvm_fx", 31_000, 30_000),
    ],
)
def test_an_odometer_reading_selects_its_service(table: str, odometer: int, service: int | None) -> None:
    current = schedule(table=table, odometer_km=odometer)["current"]
    assert (current and current["service_km"]) == service


@pytest.mark.parametrize("table", ["xu7_l3", "xu7_l4", "ef7"])
def test_xu7_and_ef7_tables_mark_levels_with_equal_stars(table: str) -> None:
    assert items(table, 10_000)["engine_oil"]["needs_level"] == "two_star"
    assert items(table, 20_000)["spark_plugs"]["needs_level"] == "three_star"
    assert covered(table, 20_000, "two_star") == {
        "engine_oil", "oil_filter", "air_filter", "periodic_inspections",
    }  # fmt: skip
    assert covered(table, 20_000, "three_star") == CHANGES | {"periodic_inspections"}


@pytest.mark.parametrize(
    ("table", "service_km", "item", "level"),
    [
        ("peugeot_206", 20_000, "engine_oil", "two_star"),
        ("peugeot_206", 20_000, "fuel_filter", "three_star"),
        ("grand_vitara", 7_500, "engine_oil", "two_star"),
        ("grand_vitara", 7_500, "oil_filter", "three_star"),
        ("roa_ohv", 16_000, "spark_plugs", "four_star"),
        ("roa_ohv", 32_000, "spark_plugs", "three_star"),
        ("tondar90_k4m", 20_000, "brake_pads", "three_star"),
        ("tondar90_k4m", 60_000, "timing_belt", "four_star"),
    ],
)
def test_other_tables_mark_levels_with_one_star_less(
    table: str, service_km: int, item: str, level: str
) -> None:
    assert items(table, service_km)[item]["needs_level"] == level
    assert items(table, service_km)[item]["covered"] is None


def test_stars_read_as_levels_are_an_alternative_where_they_differ() -> None:
    request = {"table": "peugeot_206", "service_km": 20_000, "level": "two_star"}
    assert covered("peugeot_206", 20_000, "two_star") == {
        "engine_oil", "oil_filter", "air_filter", "periodic_inspections",
    }  # fmt: skip
    (other,) = answer(**request)["alternatives"]
    assert other["reading"] == "A-6"
    covered_items = {item["item"] for item in other["result"]["service"]["items"] if item["covered"]}
    assert covered_items == CHANGES | {"periodic_inspections"}


@pytest.mark.parametrize(("table", "level"), [("xu7_l3", "two_star"), ("peugeot_206", "four_star")])
def test_an_identical_cover_has_no_alternative(table: str, level: str) -> None:
    assert answer(table=table, service_km=20_000, level=level)["alternatives"] == []


# --- Table 1: ceilings


@pytest.mark.parametrize(
    ("level", "service_km", "is_covered"),
    [
        ("two_star", 20_000, True),
        ("two_star", 25_000, True),
        ("two_star", 30_000, False),
        ("three_star", 35_000, True),
        ("three_star", 40_000, True),
        ("three_star", 45_000, False),
        ("four_star", 55_000, True),
        ("four_star", 60_000, True),
    ],
)
def test_a_level_covers_services_up_to_its_ceiling(level: str, service_km: int, *, is_covered: bool) -> None:
    inspections = items("xu7_l3", service_km, level=level)["periodic_inspections"]
    assert inspections["covered"] is is_covered
    assert inspections["reason"] == (None if is_covered else "above_level_ceiling")


def test_the_ceiling_overrides_a_star() -> None:
    oil = items("xu7_l3", 50_000, level="three_star")["engine_oil"]
    assert (oil["stars"], oil["covered"], oil["needs_level"]) == (3, False, "four_star")
    assert oil["reason"] == "above_level_ceiling"
    pads = items("xu7_l3", 20_000, level="two_star")["brake_pads"]
    assert (pads["covered"], pads["reason"]) == (False, "needs_higher_level")


@pytest.mark.parametrize(
    "level",
    ["membership", "mobile", "golden_year", "one_star", "working_golden_year", "working_one_star"],
)
@pytest.mark.parametrize("table", CARD_TABLES)
def test_below_two_stars_no_service_is_covered(table: str, level: str) -> None:
    for service_km in SERVICES[table]:
        item_names = items(table, service_km, level=level).values()
        assert {item["reason"] for item in item_names} == {"level_has_no_services"}
        assert not any(item["covered"] for item in item_names)


@pytest.mark.parametrize("table", CARD_TABLES)
def test_a_service_covered_by_two_stars_is_covered_by_more(table: str) -> None:
    for service_km in SERVICES[table]:
        two, three, four = (
            covered(table, service_km, level) for level in ("two_star", "three_star", "four_star")
        )
        assert two <= three <= four
        assert four == set(items(table, service_km))


def test_an_expired_subscription_covers_nothing() -> None:
    for level in (None, "four_star"):
        result = schedule(
            table="xu7_l4", odometer_km=60_000, service_km=80_000, level=level, subscription_valid=False
        )
        for entry in (result["previous"], result["current"], result["next"], result["service"]):
            assert {(item["covered"], item["reason"]) for item in entry["items"]} == {
                (False, "subscription_expired")
            }
        assert result["current"]["in_window"] is True


# --- The notes: belts and the automatic gearbox


@pytest.mark.parametrize(
    ("table", "service_km", "has_belt"),
    [
        ("xu7_l3", 55_000, False),
        ("xu7_l3", 60_000, True),
        ("tondar90_k4m", 60_000, True),
        ("xu7_l4", 60_000, False),
        ("xu7_l4", 80_000, True),
        ("xu7_l4", 160_000, True),
        ("xu7_l4", 240_000, True),
        ("ef7", 60_000, False),
        ("ef7", 100_000, True),
        ("ef7", 200_000, True),
        ("peugeot_206", 60_000, False),
        ("peugeot_206", 80_000, True),
        ("peugeot_206", 160_000, True),
    ],
)
def test_a_timing_belt_has_its_own_km_and_needs_four_stars(
    table: str, service_km: int, *, has_belt: bool
) -> None:
    assert ("timing_belt" in items(table, service_km)) is has_belt
    if has_belt:
        assert items(table, service_km)["timing_belt"]["needs_level"] == "four_star"
        assert "timing_belt" not in covered(table, service_km, "three_star")
        assert "timing_belt" in covered(table, service_km, "four_star")


@pytest.mark.parametrize(
    ("table", "odometer", "inside"),
    [
        ("xu7_l4", 79_499, False),
        ("xu7_l4", 79_500, True),
        ("xu7_l4", 80_000, True),
        ("xu7_l4", 81_500, True),
        ("xu7_l4", 81_501, False),
        ("xu7_l4", 160_000, True),
        ("peugeot_206", 79_499, False),
        ("peugeot_206", 80_000, True),
        ("ef7", 99_499, False),
        ("ef7", 99_500, True),
        ("ef7", 101_500, True),
        ("ef7", 101_501, False),
        ("xu7_l3", 80_000, False),
        ("grand_vitara", 80_000, False),
    ],
)
def test_a_belt_of_the_notes_has_the_usual_service_window(table: str, odometer: int, *, inside: bool) -> None:
    current = schedule(table=table, odometer_km=odometer)["current"]
    assert (current is not None) is inside
    if current:
        assert [(item["item"], item["stars"], item["mark"]) for item in current["items"]] == [
            ("timing_belt", None, None)
        ]


@pytest.mark.parametrize("service_km", [80_000, 160_000])
def test_a_belt_beyond_the_ceiling_is_covered_for_four_stars(service_km: int) -> None:
    assert covered("xu7_l4", service_km, "four_star") == {"timing_belt"}
    belt = items("xu7_l4", service_km, level="three_star")["timing_belt"]
    assert (belt["covered"], belt["reason"]) == (False, "needs_higher_level")


@pytest.mark.parametrize("gearbox", ["automatic", "dct", "cvt"])
def test_automatic_gearbox_oil_is_due_at_40000_in_the_206_table(
    gearbox: str,
) -> None:
    oil = items("peugeot_206", 40_000, gearbox=gearbox)["automatic_gearbox_oil"]
    assert (oil["stars"], oil["needs_level"]) == (None, "four_star")
    assert "automatic_gearbox_oil" not in covered("peugeot_206", 40_000, "three_star", gearbox=gearbox)
    assert "automatic_gearbox_oil" in covered("peugeot_206", 40_000, "four_star", gearbox=gearbox)
    for other in (20_000, 60_000, 80_000):
        assert "automatic_gearbox_oil" not in items("peugeot_206", other, gearbox=gearbox)
    assert "automatic_gearbox_oil" not in items("tondar90_k4m", 40_000, gearbox=gearbox)


def test_a_manual_gearbox_has_no_automatic_oil() -> None:
    assert "automatic_gearbox_oil" not in items("peugeot_206", 40_000)


# --- The maker's table


@pytest.mark.parametrize("service_km", SERVICES["mvm_fx"])
def test_the_makers_notes_override_the_stars(service_km: int) -> None:
    for gearbox, gearbox_oil_every in (("dct", 60_000), ("cvt", 30_000)):
        item_names = set(items("mvm_fx", service_km, gearbox=gearbox))
        assert ("op_9" in item_names) is (service_km % gearbox_oil_every == 0)
        assert ("op_10" in item_names) is (service_km % 20_000 == 0)
        assert ("spark_plugs" in item_names) is (service_km % 30_000 == 0)
        assert ("brake_fluid" in item_names) is (service_km % 50_000 == 0)
        assert ("coolant" in item_names) is (service_km % 40_000 == 0)
        rows = {f"op_{row}" for row in range(1, 33)} - {"op_9", "op_10"}
        assert rows <= item_names


def test_a_cvt_service_at_30000_km_has_no_fuel_filter() -> None:
    item_names = set(items("mvm_fx", 30_000, gearbox="cvt"))
    assert {"spark_plugs", "op_9"} <= item_names
    assert not {"op_10", "brake_fluid", "coolant"} & item_names


@pytest.mark.parametrize(("gearbox", "required"), [("manual", True), ("automatic", True), ("cvt", False)])
def test_the_gearbox_is_required_only_where_it_matters(gearbox: str, *, required: bool) -> None:
    notices = {notice["key"] for notice in answer(table="mvm_fx", gearbox=gearbox)["notices"]}
    assert ("gearbox_oil_by_kind" in notices) is required


@pytest.mark.parametrize(("level", "is_covered"), [(None, None), ("four_star", False)])
def test_the_owner_pays_the_makers_services_at_every_level(
    level: str | None, *, is_covered: bool | None
) -> None:
    for item in items("mvm_fx", 10_000, level=level).values():
        assert (item["covered"], item["needs_level"], item["reason"]) == (is_covered, None, "owner_pays")


# --- Cars and engines


@pytest.mark.parametrize(
    ("vehicle", "engine", "table"),
    [
        ("pars", "xu7_l3", "xu7_l3"),
        ("pars", "xu7_l4", "xu7_l4"),
        ("pars", "ef7", "ef7"),
        ("pars", "tu5", "peugeot_206"),
        ("samand", "xu7_l3", "xu7_l3"),
        ("samand", "xu7_l4", "xu7_l4"),
        ("samand", "ef7", "ef7"),
        ("samand", "tu5", "peugeot_206"),
        ("peugeot_405", None, "xu7_l3"),
        ("pars_elx", None, "xu7_l4"),
        ("samand_sarir", None, "xu7_l4"),
        ("samand_ef7", None, "ef7"),
        ("grand_vitara", None, "grand_vitara"),
        ("roa", None, "roa_ohv"),
        ("tondar90", None, "tondar90_k4m"),
        ("peugeot_206", None, "peugeot_206"),
        ("mvm_fx", None, "mvm_fx"),
    ],
)
def test_a_car_follows_the_table_of_its_engine(vehicle: str, engine: str | None, table: str) -> None:
    response = answer(vehicle=vehicle, engine=engine, odometer_km=20_000)
    assert response["result"]["table"] == table
    assert response["steps"][0]["value"] == table


def test_a_tu5_pars_or_samand_cites_the_note_of_the_206() -> None:
    for vehicle in ("pars", "samand"):
        response = answer(vehicle=vehicle, engine="tu5", odometer_km=20_000)
        assert response["steps"][0]["clause"] == "emdad.ssa005_14.annex_1.note_2"


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({}, ("vehicle", "vehicle_or_table")),
        ({"vehicle": "roa", "table": "roa_ohv"}, ("table", "vehicle_or_table")),
        ({"vehicle": "pars"}, ("engine", "engine_missing")),
        ({"vehicle": "samand"}, ("engine", "engine_missing")),
        ({"vehicle": "roa", "engine": "tu5"}, ("engine", "engine_not_offered")),
        ({"vehicle": "trabant"}, ("vehicle", "unknown_id")),
        ({"vehicle": "pars", "engine": "v8"}, ("engine", "unknown_id")),
        ({"table": "xu9"}, ("table", "unknown_id")),
        ({"table": "xu7_l3", "odometer_km": -1}, ("odometer_km", "negative")),
        ({"table": "xu7_l3", "odometer_km": 10_000_001}, ("odometer_km", "too_large")),
        ({"table": "xu7_l3", "odometer_km": "20000"}, ("odometer_km", "not_whole")),
        ({"table": "xu7_l3", "odometer_km": 20_000.5}, ("odometer_km", "not_whole")),
        ({"table": "xu7_l3", "level": "five_star"}, ("level", "unknown_value")),
    ],
)
def test_a_request_that_matches_no_table_is_refused_at_its_field(
    fields: dict[str, object], refusal: tuple[str, str]
) -> None:
    assert refusals(**fields) == [refusal]


# --- Full table, notices, edition


@pytest.mark.parametrize("table", SERVICES)
def test_the_full_table_lists_every_printed_service_in_order(table: str) -> None:
    services = schedule(table=table, whole_table=True)["services"]
    assert [entry["service_km"] for entry in services] == SERVICES[table]
    assert schedule(table=table)["services"] == []


@pytest.mark.parametrize(
    ("table", "notice"),
    [
        ("xu7_l3", "heads_lost_zero"),
        ("xu7_l4", "heads_lost_zero"),
        ("ef7", "heads_lost_zero"),
        ("tondar90_k4m", "heads_lost_zero"),
        ("peugeot_206", "heads_lost_zero"),
        ("mvm_fx", "heads_extra_zero"),
        ("grand_vitara", None),
        ("roa_ohv", None),
    ],
)
def test_a_corrected_column_head_has_a_notice(table: str, notice: str | None) -> None:
    keys = {item["key"] for item in answer(table=table)["notices"]}
    assert {key for key in keys if key.startswith("heads_")} == ({notice} if notice else set())


def test_the_steps_show_the_window_and_the_ceiling() -> None:
    steps = answer(table="peugeot_206", odometer_km=21_000, level="three_star")["steps"]
    assert [step["key"] for step in steps] == ["table", "current", "window", "next", "window", "ceiling"]
    assert {step["clause"] for step in steps if step["key"] == "window"} == {"emdad.ssa005_14.p3.6_6"}
    assert steps[-1]["value"] == 40_000


@pytest.mark.parametrize(
    ("started_on", "edition"),
    [("1391-07-30", None), ("1391-08-01", "ssa005_14"), ("1391-08-02", "ssa005_14")],
)
def test_the_card_tables_apply_from_the_booklets_first_day(started_on: str, edition: str | None) -> None:
    result = schedule(vehicle="roa", odometer_km=8_000, started_on=started_on)
    assert result["edition"] == edition
    assert (result["reason"] == "no_edition") is (edition is None)
    assert (result["current"] is None) is (edition is None)


def test_the_makers_table_has_no_first_day() -> None:
    result = schedule(table="mvm_fx", odometer_km=10_000, started_on="1380-01-01", level="two_star")
    assert result["edition"] == "guarantee_booklet"
    assert result["current"]["service_km"] == 10_000


# --- Notices


@pytest.mark.parametrize(
    ("table", "gearbox", "has_notice"),
    [
        ("tondar90_k4m", "automatic", True),
        ("tondar90_k4m", "manual", False),
        ("peugeot_206", "automatic", False),
        ("xu7_l3", "cvt", True),
    ],
)
def test_automatic_gearbox_oil_is_printed_for_the_206_alone(
    table: str, gearbox: str, *, has_notice: bool
) -> None:
    response = answer(table=table, gearbox=gearbox, odometer_km=40_000, level="four_star")
    assert ("automatic_oil_for_206_only" in {notice["key"] for notice in response["notices"]}) is has_notice
    names = [item["item"] for item in response["result"]["current"]["items"]]
    assert ("automatic_gearbox_oil" in names) is (table == "peugeot_206")


@pytest.mark.parametrize(
    ("table", "odometer", "has_notice"),
    [
        ("peugeot_206", 60_000, True),
        ("peugeot_206", 40_000, False),
        ("peugeot_206", 80_300, True),
        ("xu7_l3", 200_000, False),
    ],
)
def test_only_the_belt_is_due_beyond_a_table(table: str, odometer: int, *, has_notice: bool) -> None:
    """Expect a belt service at 80,000 km for the 206 at 60,000 km; the XU7 L3 has no belt note."""
    notices = answer(table=table, odometer_km=odometer, level="four_star")["notices"]
    expected = [{"last": 60_000}] if has_notice else []
    assert [notice["params"] for notice in notices if notice["key"] == "table_ends"] == expected
