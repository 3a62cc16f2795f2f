import pytest

from tests.support.calculator_client import alternatives, errors, notices, response, result

pytestmark = pytest.mark.usefixtures("named_editions")

MVM = {"maker": "mvm_fx", "started_on": "1400-01-15"}
BAHMAN = {"maker": "bahman", "started_on": "1400-01-15"}


@pytest.mark.parametrize(
    ("on", "km", "status", "days"),
    [
        ("1405-01-14", 149_999, "valid", 1),
        ("1405-01-15", 1, "expired", 0),
        ("1400-01-15", 150_000, "expired", 1826),
    ],
)
def test_mvm_ends_on_reaching_sixty_months_or_150_000_km(on: str, km: int, status: str, days: int) -> None:
    answer = result("warranty_status", **MVM, on=on, odometer_km=km)
    assert (answer["status"], answer["days_left"], answer["ends_on"]) == (status, days, "1405-01-15")
    if status == "expired":
        assert alternatives("warranty_status", "A-21", **MVM, on=on, odometer_km=km)[0]["status"] == "valid"


def test_sixty_months_after_a_leap_day_end_on_29_esfand() -> None:
    request = {"maker": "mvm_fx", "started_on": "1399-12-30", "on": "1400-01-01", "odometer_km": 0}
    assert result("warranty_status", **request)["ends_on"] == "1404-12-29"


def test_void_overrides_expired_and_expired_overrides_partly_void() -> None:
    late = {**MVM, "on": "1406-01-01", "odometer_km": 10}
    assert result("warranty_status", **late, events=["odometer_tampered"])["status"] == "void"
    assert result("warranty_status", **late, events=["altered_sections"])["status"] == "expired"
    early = {**MVM, "on": "1401-01-01", "odometer_km": 10}
    partly_void = result("warranty_status", **early, events=["altered_sections", "periodic_service_missed"])
    assert (partly_void["status"], partly_void["scope"]) == ("partly_void", "engine_gearbox")


def test_a_missed_first_service_voids_all_or_related_parts() -> None:
    request = {**MVM, "on": "1401-01-01", "odometer_km": 10_000}
    missed = {"first_service_on": "1400-03-01", "first_service_km": 5_001}
    assert result("warranty_status", **request, **missed)["status"] == "void"
    assert alternatives("warranty_status", "A-26", **request, **missed) == [
        {"status": "partly_void", "scope": "related_parts"}
    ]
    done = {"first_service_on": "1400-03-01", "first_service_km": 5_000}
    assert result("warranty_status", **request, **done)["status"] == "valid"
    assert "first_service_not_told" in notices("warranty_status", **request)


@pytest.mark.parametrize(
    ("on", "odometer", "status"),
    [("1400-06-15", 5_000, "valid"), ("1400-06-16", 5_000, "void"), ("1400-06-15", 5_001, "void")],
)
def test_a_first_service_below_1000_km_voids_when_the_window_closes(
    on: str, odometer: int, status: str
) -> None:
    request = {
        **MVM,
        "on": on,
        "odometer_km": odometer,
        "first_service_on": "1400-02-01",
        "first_service_km": 999,
    }
    assert result("warranty_status", **request)["status"] == status
    open_still = status == "valid"
    assert ("first_service_too_early" in notices("warranty_status", **request)) is open_still
    at_once = (
        [{"status": "void", "scope": "whole", "reasons": ["first_service_missed"]}] if open_still else []
    )
    assert alternatives("warranty_status", "A-14", **request) == at_once


def test_km_or_date_of_the_first_service_can_be_enough() -> None:
    request = {**MVM, "on": "1401-01-01", "odometer_km": 10_000}
    assert result("warranty_status", **request, first_service_km=5_001)["status"] == "void"
    assert result("warranty_status", **request, first_service_on="1400-06-16")["status"] == "void"
    for first_service in ({"first_service_km": 5_000}, {"first_service_on": "1400-06-15"}):
        assert result("warranty_status", **request, **first_service)["status"] == "valid"
        assert "first_service_not_told" in notices("warranty_status", **request, **first_service)


def test_bahmans_other_reading_allows_a_service_below_the_range() -> None:
    service = {"started_on": "1400-01-15", "maker": "bahman", "on": "1400-07-15", "odometer_km": 499}
    assert alternatives("first_service", "A-16", **service) == [{"valid": True, "reason": None}]
    assert alternatives("first_service", "A-16", **{**service, "on": "1400-07-16"}) == []
    assert alternatives("first_service", "A-16", **{**service, "maker": "mvm_fx", "on": "1400-06-01"}) == []
    request = {**BAHMAN, "on": "1401-01-01", "odometer_km": 4_000, "first_service_km": 499}
    assert result("warranty_status", **request)["status"] == "void"
    assert alternatives("warranty_status", "A-16", **request)[0]["status"] == "valid"
    assert alternatives("warranty_status", "A-16", **request, events=["first_service_missed"]) == []


@pytest.mark.parametrize(
    ("event", "clause"),
    [
        ("unapproved_parts", "void_1"),
        ("misuse", "void_2"),
        ("outside_repair", "void_4"),
        ("non_standard_rims", "void_6"),
        ("unapproved_electrical_options", "void_7"),
    ],
)
def test_bahmans_list_of_breaches_can_be_read_to_void_the_whole_warranty(event: str, clause: str) -> None:
    request = {**BAHMAN, "on": "1401-01-01", "odometer_km": 4_000, "events": [event]}
    assert result("warranty_status", **request)["scope"] == "related_parts"
    (other,) = alternatives("warranty_status", "A-16", **request)
    assert (other["status"], other["scope"]) == ("void", "whole")
    notices_of_answer = response("warranty_status", **request)["notices"]
    cited = [notice["clause"] for notice in notices_of_answer if notice["key"] == "only_what_arose_from_it"]
    assert cited == [f"bahman.guarantee_page.{clause}"]


def test_the_act_asks_for_less_than_the_newer_bylaw_only() -> None:
    request = {"vehicle_class": "light", "months": 24, "km": 40_000}
    assert "act_asks_for_less" in notices("minimum_warranty", **request, on="1400-01-01")
    assert "act_asks_for_less" not in notices("minimum_warranty", **request, on="1392-01-01")


def test_bahmans_period_is_the_given_one_or_that_of_the_law() -> None:
    request = {**BAHMAN, "on": "1401-06-01", "odometer_km": 39_999}
    assert result("warranty_status", **request)["ends_on"] == "1402-01-15"
    assert "period_from_the_law" in notices("warranty_status", **request)
    answer = result("warranty_status", **request, warranty_months=36)
    assert (answer["ends_on"], answer["km_left"]) == ("1403-01-15", 1)
    km = result("warranty_status", **request, warranty_km=50_000)
    assert (km["ends_on"], km["km_left"]) == ("1402-01-15", 10_001)
    own = {**request, "warranty_months": 36, "warranty_km": 50_000}
    assert (
        result("warranty_status", **own)["limit_months"],
        result("warranty_status", **own)["limit_km"],
    ) == (36, 50_000)
    assert "period_from_the_law" not in notices("warranty_status", **own)
    before = {**request, "started_on": "1385-01-01"}
    assert result("warranty_status", **before)["ends_on"] is None
    older = {**request, "started_on": "1394-12-29", "on": "1395-12-28"}
    assert result("warranty_status", **older)["ends_on"] == "1395-12-29"
    assert result("warranty_status", **{**older, "odometer_km": 30_000})["status"] == "expired"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"on": "1399-01-01"}, ("on", "before_start")),
        ({"first_service_on": "1401-01-02"}, ("first_service_on", "service_after_on")),
        ({"first_service_km": 2}, ("first_service_km", "service_above_odometer")),
        ({"first_service_on": "1399-03-01", "first_service_km": 1}, ("first_service_on", "before_start")),
        ({"events": ["misuse"]}, ("events", "not_of_this_maker")),
    ],
)
def test_an_impossible_guarantee_is_refused(more: dict[str, object], error: tuple[str, str]) -> None:
    assert errors("warranty_status", **{**MVM, "on": "1401-01-01", "odometer_km": 1, **more}) == {error}


@pytest.mark.parametrize(
    ("maker", "on", "km", "reason"),
    [
        ("mvm_fx", "1400-06-15", 1_000, None),
        ("mvm_fx", "1400-06-16", 1_000, "too_late"),
        ("mvm_fx", "1400-06-15", 999, "before_window"),
        ("mvm_fx", "1400-06-15", 5_000, None),
        ("mvm_fx", "1400-06-15", 5_001, "above_window"),
        ("bahman", "1400-07-15", 500, None),
        ("bahman", "1400-07-16", 500, "too_late"),
        ("bahman", "1400-07-15", 499, "before_window"),
        ("bahman", "1400-07-15", 1_501, "above_window"),
    ],
)
def test_the_first_service_has_a_window_in_km_and_months(
    maker: str, on: str, km: int, reason: str | None
) -> None:
    answer = result("first_service", maker=maker, started_on="1400-01-15", on=on, odometer_km=km)
    assert (answer["reason"], answer["valid"]) == (reason, reason is None)


def test_a_first_service_before_the_start_is_refused() -> None:
    assert errors("first_service", **MVM, on="1399-01-01", odometer_km=1) == {("on", "before_start")}


@pytest.mark.parametrize(
    ("part", "months", "km", "covered"),
    [
        ("battery", 12, 20_000, True), ("battery", 13, 20_000, False), ("battery", 12, 20_001, False),
        ("belts", 48, 100_000, True), ("belts", 49, 1, False), ("paint", 36, 1, True), ("paint", 37, 1, False),
        ("lamp", 59, 10_000, True), ("lamp", 60, 1, False), ("audio", 59, 149_999, True), ("audio", 59, 150_000, False),
        ("airbag", 90, 300_000, True), ("canister", 18, 30_000, True), ("electric_step", 24, 40_001, False),
    ],
)  # fmt: skip
def test_a_part_is_covered_up_to_its_limits(part: str, months: int, km: int, *, covered: bool) -> None:
    assert result("part_warranty", maker="mvm_fx", part=part, months=months, km=km)["covered"] is covered


@pytest.mark.parametrize(("on", "covered"), [("1401-01-15", True), ("1401-01-16", False)])
def test_twelve_months_are_counted_to_the_day_when_dates_are_given(on: str, *, covered: bool) -> None:
    battery = {"maker": "mvm_fx", "part": "battery", "km": 1, "started_on": "1400-01-15", "on": on}
    assert result("part_warranty", **battery)["covered"] is covered
    audio = {"maker": "mvm_fx", "part": "audio", "km": 1, "started_on": "1400-01-15"}
    assert result("part_warranty", **audio, on="1405-01-14")["covered"] is True
    assert result("part_warranty", **audio, on="1405-01-15")["reason"] == "warranty_over"


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({}, ("months", "required")),
        ({"months": 1, "started_on": "1400-01-15", "on": "1400-01-15"}, ("months", "months_or_days")),
        ({"months": 1, "on": "1400-01-15"}, ("months", "months_or_days")),
        ({"started_on": "1400-01-15"}, ("months", "months_or_days")),
        ({"started_on": "1400-01-15", "on": "1400-01-14"}, ("on", "before_start")),
    ],
)
def test_an_age_needs_either_months_or_dates(more: dict[str, object], error: tuple[str, str]) -> None:
    assert errors("part_warranty", maker="mvm_fx", part="battery", km=1, **more) == {error}


def test_the_last_day_and_km_have_an_alternative_reading() -> None:
    battery = {"maker": "mvm_fx", "part": "battery"}
    for months, km, reason in ((12, 1, "beyond_months"), (1, 20_000, "beyond_km")):
        assert alternatives("part_warranty", "A-21", **battery, months=months, km=km) == [
            {"covered": False, "reason": reason}
        ]
    assert alternatives("part_warranty", "A-21", **battery, months=11, km=19_999) == []
    audio = {"maker": "mvm_fx", "part": "audio", "months": 60, "km": 150_000}
    assert alternatives("part_warranty", "A-21", **audio) == [{"covered": True, "reason": None}]
    at_the_limit = {"kind": "part", "months": 6, "km": 10_000}
    assert alternatives("repair_guarantee", "A-21", **at_the_limit) == [
        {"covered": False, "reason": "beyond_limits"}
    ]
    assert alternatives("repair_guarantee", "A-21", **{**at_the_limit, "months": 5, "km": 9_999}) == []


def test_paint_is_covered_for_three_years_at_any_km() -> None:
    for maker in ("mvm_fx", "bahman"):
        paint = {"maker": maker, "part": "paint", "km": 200_000}
        assert result("part_warranty", **paint, months=36)["covered"] is True
        assert result("part_warranty", **paint, months=37)["reason"] == "beyond_months"
    request = {"maker": "bahman", "part": "paint", "months": 25, "km": 1}
    assert alternatives("part_warranty", "A-16", **request) == [{"covered": False, "reason": "beyond_months"}]


def test_a_part_unlisted_by_bahman_has_no_minimum_before_the_act() -> None:
    lamp = {"maker": "bahman", "part": "lamp", "km": 1, "started_on": "1385-01-01", "on": "1385-02-01"}
    assert result("part_warranty", **lamp)["reason"] == "no_edition"
    delivered_early = {**lamp, "started_on": "1390-01-01", "on": "1391-01-02"}
    assert result("part_warranty", **delivered_early)["limit_months"] == 12
    pads = {**lamp, "maker": "mvm_fx", "part": "brake_pads"}
    assert alternatives("part_warranty", "A-25", **pads) == []


def test_the_legal_minimum_never_reduces_the_booklets_cover() -> None:
    pads = {"maker": "mvm_fx", "part": "brake_pads", "months": 30, "km": 9_999}
    assert alternatives("part_warranty", "A-25", **pads) == [{"limit_months": 24, "limit_km": 40_000}]


def test_the_longer_cover_of_the_law_is_an_alternative() -> None:
    results = alternatives("part_warranty", "A-25", maker="mvm_fx", part="battery", months=20, km=30_000)
    assert results[0] == {"covered": True, "reason": None, "limit_months": 24, "limit_km": 40_000}
    tyre = {"maker": "bahman", "part": "tyre", "months": 1, "km": 1}
    assert result("part_warranty", **tyre)["reason"] == "excluded"
    assert alternatives("part_warranty", "A-17", **tyre)[0]["covered"] is True
    assert "booklet_below_law" in notices("part_warranty", **tyre)
    lamp = {"maker": "bahman", "part": "lamp", "months": 24, "km": 40_001}
    assert result("part_warranty", **lamp)["reason"] == "beyond_km"


@pytest.mark.parametrize(
    ("item", "months", "km", "due"),
    [("brake_fluid", 23, 49_999, False), ("brake_fluid", 24, 0, True), ("brake_fluid", 0, 50_000, True),
     ("cvt_oil", 500, 29_999, False), ("cvt_oil", 0, 30_000, True), ("engine_oil", 12, 0, True)],
)  # fmt: skip
def test_a_consumable_is_due_on_reaching_its_interval(item: str, months: int, km: int, *, due: bool) -> None:
    assert result("consumable_due", item=item, months_since=months, km_since=km)["due"] is due


@pytest.mark.parametrize(
    ("kind", "months", "km", "covered"),
    [("service", 2, 3000, True), ("service", 3, 3000, False), ("service", 2, 3001, False), ("part", 6, 10_000, True),
     ("part", 6, 10_001, False), ("assistance", 2, 3000, True), ("assistance", 2, 3001, False)],
)  # fmt: skip
def test_a_repair_is_guaranteed_up_to_its_limits(kind: str, months: int, km: int, *, covered: bool) -> None:
    assert result("repair_guarantee", kind=kind, months=months, km=km)["covered"] is covered


@pytest.mark.parametrize(("asked_on", "covered"), [("1403-08-30", True), ("1403-09-01", False)])
def test_two_months_of_a_repair_are_counted_to_the_day(asked_on: str, *, covered: bool) -> None:
    work = {"kind": "service", "km": 3000, "on": "1403-06-31"}
    assert result("repair_guarantee", **work, asked_on=asked_on)["covered"] is covered
    assert errors("repair_guarantee", **work) == {("months", "required")}
    assert "mvm_prints_the_same" in notices("repair_guarantee", **work, asked_on=asked_on)


def test_the_older_bylaw_has_no_guarantee_on_parts() -> None:
    part = response("repair_guarantee", kind="part", months=1, km=1, on="1390-01-01")
    assert (part["result"]["reason"], part["result"]["edition"]) == ("no_rule_for_kind", "bylaw_1389")
    assert part["steps"][-1]["clause"] == "bylaw.bylaw_1389.a18"
    before = result("repair_guarantee", kind="part", months=1, km=1, on="1388-01-01")
    assert (before["reason"], before["edition"]) == ("no_edition", None)
    assert result("repair_guarantee", kind="service", months=1, km=1, on="1390-01-01")["covered"]
    assert result("repair_guarantee", kind="assistance", months=1, km=1, on="1390-01-01")["edition"] is None


@pytest.mark.parametrize(("hours", "days"), [(48, 0), (49, 3)])
def test_bahman_extends_the_guarantee_by_stops_above_48_hours(hours: int, days: int) -> None:
    assert result("stop_extension", maker="bahman", stop_hours=hours, stop_days=3)["extend_days"] == days
    other_results = alternatives("stop_extension", "A-31", maker="bahman", stop_hours=hours, stop_days=3)
    assert other_results == ([] if days else [{"extend_days": 3}])
    assert result("stop_extension", maker="mvm_fx", stop_hours=hours, stop_days=3)["extend_days"] == 3


@pytest.mark.parametrize(("months", "covered"), [(11, True), (12, True), (13, False)])
def test_repaired_paint_is_guaranteed_for_a_year_at_any_km(months: int, covered: bool) -> None:
    answer = result("repair_guarantee", kind="paint", months=months, km=90_000)
    assert (answer["covered"], answer["limit_months"], answer["limit_km"]) == (covered, 12, None)


@pytest.mark.parametrize("part", ["clutch_disc", "wiper_blade"])
def test_the_older_by_law_covers_wearing_parts_only_with_a_defect(part: str) -> None:
    request = {"maker": "bahman", "part": part, "km": 100}
    old = {**request, "started_on": "1392-01-01", "on": "1392-02-01"}
    answer = result("part_warranty", **old)
    assert (answer["covered"], answer["reason"], answer["kind"]) == (False, "excluded", "excluded")
    assert "worn_by_a_defect_is_covered" in notices("part_warranty", **old)
    assert result("part_warranty", **request, started_on="1400-01-01", on="1400-02-01")["covered"] is True


def test_the_newer_by_law_covers_the_airbag_in_the_commitment_period() -> None:
    request = {"maker": "bahman", "part": "airbag", "km": 90_000}
    assert result("part_warranty", **request, started_on="1400-01-01", on="1403-05-01")["covered"] is True
    assert result("part_warranty", **request, started_on="1392-01-01", on="1395-05-01")["covered"] is False


def test_part_that_fails_on_its_first_day_is_covered() -> None:
    day = "1403-02-01"
    assert result("part_warranty", maker="mvm_fx", part="battery", started_on=day, on=day, km=0)["covered"]
