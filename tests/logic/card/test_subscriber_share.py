import json
from typing import Any

import pytest

from logic.card.subscriber_share import (
    SubscriberShareRequest,
    damage_exclusions,
    events_by_group,
    share_by_prior_count,
)
from logic.card.tables import exclusions
from logic.core.models import Level
from logic.core.registry import find, respond
from tests.support.calculator_client import inputs_of_step, response, result, steps_of

pytestmark = pytest.mark.usefixtures("named_editions")

PRIVATE_ONE = ("golden_year", "one_star")
WORKING = ("working_golden_year", "working_one_star")
STARS = ("two_star", "three_star", "four_star")
GOLDEN = (*PRIVATE_ONE, *WORKING, *STARS)

CRASHES = ("collision", "overturn", "fall", "underbody", "struck_by_object")
FLOORED = ("flood", "earthquake", "volcano")
WITH_FIRE_BRIGADE = ("fire", "explosion")
PERILS = (
    *FLOORED, *WITH_FIRE_BRIGADE, "glass", "falling_debris", "hail", "lightning", "storm", "chemical_spill",
)  # fmt: skip
TABLE_3 = tuple(peril for peril in PERILS if peril != "glass")


def answer(**fields: object) -> dict[str, Any]:
    request = {"level": "two_star", "event": "collision", "damage_rial": 10_000_000, **fields}
    response = respond(find("subscriber_share"), json.dumps(request).encode())
    assert response["ok"], response
    return response


def share(**fields: object) -> dict[str, Any]:
    result: dict[str, Any] = answer(**fields)["result"]
    return result


def split(**fields: object) -> tuple[int | None, int, int]:
    """Return percent, the subscriber's payment and the company's payment in rials."""
    result = share(**fields)
    return result["share_percent"], result["subscriber_pays_rial"], result["company_pays_rial"]


def alternatives(**fields: object) -> dict[str, dict[str, Any]]:
    """Return the alternative results by reading; fail if a reading occurs twice."""
    results = {
        alternative["reading"]: alternative["result"] for alternative in answer(**fields)["alternatives"]
    }
    assert len(results) == len(answer(**fields)["alternatives"])
    return results


def notices(**fields: object) -> set[str]:
    return {notice["key"] for notice in answer(**fields)["notices"]}


def document_ids(**fields: object) -> set[str]:
    documents = share(**fields)["documents"]
    assert len(documents) == len(set(documents))
    return set(documents)


# --- Table 2: the share


@pytest.mark.parametrize(
    ("levels", "event", "percent"),
    [
        (PRIVATE_ONE, "collision", 10),
        (PRIVATE_ONE, "partial_theft", 20),
        (WORKING, "collision", 20),
        (WORKING, "partial_theft", 20),
        (STARS, "collision", 10),
        (STARS, "partial_theft", 20),
        (STARS, "repair", 10),
    ],
)
def test_a_first_event_costs_the_base_share_of_table_2(
    levels: tuple[str, ...], event: str, percent: int
) -> None:
    for level in levels:
        assert split(level=level, event=event, damage_rial=1000) == (
            percent,
            percent * 10,
            1000 - percent * 10,
        )


@pytest.mark.parametrize("event", ["collision", "partial_theft"])
@pytest.mark.parametrize("level", GOLDEN)
def test_each_earlier_incident_or_theft_adds_ten_points(level: str, event: str) -> None:
    base = 20 if level in WORKING or event == "partial_theft" else 10
    for earlier in range(5):
        percent = share(level=level, event=event, prior_incidents=earlier)["share_percent"]
        assert percent == base + 10 * earlier


@pytest.mark.parametrize("level", STARS)
def test_each_earlier_repair_adds_ten_points_to_a_repair(level: str) -> None:
    percents = [
        share(level=level, event="repair", prior_repairs=earlier)["share_percent"] for earlier in range(4)
    ]
    assert percents == [10, 20, 30, 40]


def test_repairs_are_counted_separately() -> None:
    assert share(event="repair", prior_incidents=3)["share_percent"] == 10
    assert share(event="repair", prior_third_party_incidents=3)["share_percent"] == 10
    assert share(event="collision", prior_repairs=3)["share_percent"] == 10
    assert share(event="partial_theft", prior_repairs=3)["share_percent"] == 20


@pytest.mark.parametrize(("earlier", "percent"), [(8, 90), (9, 100), (10, 100), (11, 100), (1000, 100)])
def test_a_share_is_at_most_a_hundred_percent(earlier: int, percent: int) -> None:
    assert split(prior_incidents=earlier, damage_rial=1000) == (percent, percent * 10, 1000 - percent * 10)


@pytest.mark.parametrize(
    ("fields", "percent", "pays"),
    [
        ({"damage_rial": 50_000_000}, 10, 5_000_000),
        ({"damage_rial": 50_000_000, "prior_incidents": 2}, 30, 15_000_000),
        ({"level": "working_one_star", "damage_rial": 40_000_000, "prior_incidents": 2}, 40, 16_000_000),
        (
            {"level": "four_star", "event": "partial_theft", "damage_rial": 8_000_000, "prior_incidents": 1},
            30,
            2_400_000,
        ),
        (
            {"level": "three_star", "event": "repair", "damage_rial": 6_000_000, "prior_repairs": 2},
            30,
            1_800_000,
        ),
        ({"level": "one_star", "event": "flood", "damage_rial": 90_000_000}, 20, 18_000_000),
        (
            {"level": "one_star", "event": "flood", "damage_rial": 90_000_000, "prior_incidents": 2},
            30,
            27_000_000,
        ),
    ],
)
def test_shares_match_amounts_calculated_by_hand(fields: dict[str, object], percent: int, pays: int) -> None:
    damage = fields["damage_rial"]
    assert isinstance(damage, int)
    assert split(**fields) == (percent, pays, damage - pays)


@pytest.mark.parametrize(
    ("damage", "pays"),
    [(0, 0), (1, 0), (4, 0), (5, 1), (14, 1), (15, 2), (24, 2), (25, 3), (34, 3), (35, 4), (45, 5)],
)
def test_half_a_rial_is_rounded_up_for_the_subscriber(damage: int, pays: int) -> None:
    assert split(damage_rial=damage) == (10, pays, damage - pays)


def test_a_damage_of_a_quadrillion_rials_is_exact() -> None:
    assert split(damage_rial=999_999_999_999_995) == (10, 100_000_000_000_000, 899_999_999_999_995)


# --- Note 1 and 5-2-4: floors


@pytest.mark.parametrize("event", FLOORED)
def test_flood_share_is_at_least_twenty_percent(event: str) -> None:
    for level in ("one_star", *STARS):
        percents = [
            share(level=level, event=event, prior_incidents=earlier)["share_percent"] for earlier in range(4)
        ]
        assert percents == [20, 20, 30, 40]


@pytest.mark.parametrize("event", FLOORED)
def test_the_floor_is_not_added_to_a_working_cars_share(event: str) -> None:
    percents = [
        share(level="working_one_star", event=event, prior_incidents=earlier)["share_percent"]
        for earlier in range(3)
    ]
    assert percents == [20, 30, 40]


@pytest.mark.parametrize("event", [event for event in PERILS if event not in FLOORED])
def test_other_perils_have_no_floor(event: str) -> None:
    assert share(level="one_star", event=event)["share_percent"] == 10


@pytest.mark.parametrize(("earlier", "percent"), [(0, 20), (1, 20), (2, 30)])
def test_recovered_car_share_is_at_least_twenty_percent(earlier: int, percent: int) -> None:
    assert share(event="recovered_vehicle_repair", prior_incidents=earlier)["share_percent"] == percent


# --- Fault


@pytest.mark.parametrize("fault", ["third_party_at_fault", "fault_shared"])
def test_fault_does_not_change_the_share(fault: str) -> None:
    assert split(**{fault: True}) == split() == (10, 1_000_000, 9_000_000)
    assert "fault_does_not_change_share" in notices(**{fault: True})
    assert "fault_does_not_change_share" not in notices()


def test_a_shared_fault_has_a_documents_notice_only_in_a_crash() -> None:
    assert "shared_fault_papers" in notices(fault_shared=True)
    assert "shared_fault_papers" not in notices(third_party_at_fault=True)
    assert "shared_fault_papers" not in notices(event="hail", fault_shared=True)


@pytest.mark.parametrize("level", WORKING)
def test_an_earlier_third_party_incident_does_not_count_for_working_cars(level: str) -> None:
    request = {"level": level, "prior_incidents": 1, "prior_third_party_incidents": 2}
    assert share(**request)["share_percent"] == 30
    assert alternatives(**request) == {}


@pytest.mark.parametrize("level", ["golden_year", "one_star", *STARS])
def test_third_party_incidents_count_for_private_cars_with_an_alternative(
    level: str,
) -> None:
    request = {"level": level, "prior_incidents": 1, "prior_third_party_incidents": 2, "damage_rial": 1000}
    assert split(**request) == (40, 400, 600)
    assert alternatives(**request) == {
        "A-4": {"share_percent": 20, "subscriber_pays_rial": 200, "company_pays_rial": 800}
    }


def test_by_the_other_reading_example_4_has_twenty_percent() -> None:
    request = {
        "level": "four_star",
        "event": "partial_theft",
        "damage_rial": 8_000_000,
        "prior_third_party_incidents": 1,
    }
    assert split(**request) == (30, 2_400_000, 5_600_000)
    assert alternatives(**request)["A-4"]["subscriber_pays_rial"] == 1_600_000


# --- 3-1-1, 3-1-2 and Table 3: reports


@pytest.mark.parametrize(
    ("damage", "required"), [(0, False), (6_999_999, False), (7_000_000, False), (7_000_001, True)]
)
@pytest.mark.parametrize("event", [*CRASHES, *TABLE_3])
def test_a_report_is_obligatory_only_above_seven_million_rials(
    event: str, damage: int, *, required: bool
) -> None:
    result = share(event=event, damage_rial=damage)
    assert result["report_required"] is required
    assert result["fire_brigade_report"] is (required and event in WITH_FIRE_BRIGADE)


@pytest.mark.parametrize("damage", [0, 1, 6_999_999, 7_000_000, 7_000_001])
@pytest.mark.parametrize("fault", ["third_party_at_fault", "fault_shared"])
@pytest.mark.parametrize("event", CRASHES)
def test_a_report_is_obligatory_unless_only_the_subscriber_is_at_fault(
    event: str, fault: str, damage: int
) -> None:
    assert share(event=event, damage_rial=damage, **{fault: True})["report_required"] is True


@pytest.mark.parametrize(("damage", "required"), [(7_000_000, False), (7_000_001, True)])
@pytest.mark.parametrize("event", TABLE_3)
def test_for_perils_of_table_3_the_report_depends_on_the_amount(
    event: str, damage: int, *, required: bool
) -> None:
    assert share(event=event, damage_rial=damage, third_party_at_fault=True)["report_required"] is required


@pytest.mark.parametrize("damage", [0, 7_000_000, 7_000_001])
def test_a_partial_theft_always_needs_the_police_report(damage: int) -> None:
    result = share(event="partial_theft", damage_rial=damage)
    assert result["report_required"] is True
    assert "theft_report" in result["documents"]


@pytest.mark.parametrize("event", ["glass", "repair"])
def test_glass_alone_and_a_repair_have_no_report_row(event: str) -> None:
    assert share(event=event, damage_rial=70_000_000)["report_required"] is False
    assert document_ids(event=event, damage_rial=70_000_000) == set()
    keys = notices(event=event, damage_rial=70_000_000)
    assert "no_papers_printed" in keys
    assert "papers_above" not in keys


# --- Documents

AT_FAULT = {
    "driver_licence",
    "guarantee_sheet_if_extra_parts",
    "vehicle_card_or_title",
    "third_party_policy",
    "loss_form",
}
NOT_AT_FAULT = {
    "third_party_policy_and_endorsement_copy",
    "culprit_policy_coupon",
    "culprit_vehicle_card_or_title_copy",
    "assignment_of_third_party_rights",
    "culprit_licence_copy",
}
ABOVE_COUPON = {
    "non_settlement_sketch",
    "securing_of_evidence_petition",
    "assignment_of_rights_to_company",
}


@pytest.mark.parametrize("event", CRASHES)
def test_a_subscriber_at_fault_needs_five_documents_and_any_obligatory_report(event: str) -> None:
    assert document_ids(event=event, damage_rial=7_000_000) == AT_FAULT
    assert document_ids(event=event, damage_rial=7_000_001) == AT_FAULT | {"accident_report"}


@pytest.mark.parametrize("fault", ["third_party_at_fault", "fault_shared"])
def test_a_subscriber_not_solely_at_fault_needs_the_culprits_documents_too(fault: str) -> None:
    all_documents = AT_FAULT | NOT_AT_FAULT | {"accident_report"}
    assert document_ids(damage_rial=1, **{fault: True}) == all_documents
    assert document_ids(damage_rial=1, above_coupon=True, **{fault: True}) == all_documents | ABOVE_COUPON
    assert document_ids(damage_rial=1, above_coupon=True) == document_ids(damage_rial=1)


@pytest.mark.parametrize("event", TABLE_3)
def test_a_peril_needs_the_documents_of_its_table_3_row(event: str) -> None:
    row = {"authority_report", "vehicle_papers"}
    if event in WITH_FIRE_BRIGADE:
        row |= {"fire_brigade_report"}
    assert document_ids(event=event, damage_rial=7_000_000) == set()
    assert document_ids(event=event, damage_rial=7_000_001) == row


@pytest.mark.parametrize("event", TABLE_3)
def test_four_perils_need_a_petition_against_a_known_culprit(event: str) -> None:
    with_petition = event in ("fire", "falling_debris", "explosion", "chemical_spill")
    needed = document_ids(event=event, damage_rial=8_000_000, third_party_at_fault=True)
    assert ("securing_of_evidence_petition" in needed) is with_petition
    assert ("petition_if_culprit" in notices(event=event)) is with_petition


def test_a_partial_theft_needs_four_documents() -> None:
    assert document_ids(event="partial_theft") == {
        "vehicle_card_or_title",
        "guarantee_sheet_if_extra_parts",
        "third_party_policy",
        "theft_report",
    }


# --- 5-4-5: the audio panel


@pytest.mark.parametrize(
    ("damage", "pays", "other"),
    [
        (4_000_000, 1_080_000, 1_150_000),
        (10_000_000, 2_280_000, 2_350_000),
        (350_001, 350_000, 350_001),
        (437_500, 367_500, 437_500),
        (437_501, 367_500, 437_500),
        (437_505, 367_501, 437_501),
    ],
)
def test_a_withheld_audio_panel_is_deducted_before_the_share(damage: int, pays: int, other: int) -> None:
    request = {"event": "partial_theft", "damage_rial": damage, "audio_panel_withheld": True}
    assert split(**request) == (20, pays, damage - pays)
    assert alternatives(**request) == {
        "A-22": {"subscriber_pays_rial": other, "company_pays_rial": damage - other}
    }


@pytest.mark.parametrize("damage", [0, 1, 349_999, 350_000])
def test_the_subscriber_pays_the_first_350_000_rials_of_the_panel(damage: int) -> None:
    request = {"event": "partial_theft", "damage_rial": damage, "audio_panel_withheld": True}
    assert split(**request) == (20, damage, 0)
    assert alternatives(**request) == {}


def test_an_audio_panel_matters_only_in_a_theft() -> None:
    assert split(audio_panel_withheld=True) == split()
    assert alternatives(audio_panel_withheld=True) == {}
    assert "audio_panel_only_in_theft" in notices(audio_panel_withheld=True)
    assert "audio_panel_only_in_theft" not in notices(event="partial_theft", audio_panel_withheld=True)


# --- Refusals


def assert_refused(reason: str, clause: str, **fields: object) -> None:
    response = answer(**fields)
    result = response["result"]
    assert result["covered"] is False
    assert result["reason"] == reason
    assert result["share_percent"] is None
    assert result["subscriber_pays_rial"] == fields.get("damage_rial", 10_000_000)
    assert result["company_pays_rial"] == 0
    assert result["report_required"] is False
    assert result["fire_brigade_report"] is False
    assert result["documents"] == []
    assert clause in {step["clause"] for step in response["steps"]}


@pytest.mark.parametrize("level", ["membership", "mobile"])
@pytest.mark.parametrize("event", ["collision", "flood", "partial_theft", "repair"])
def test_membership_and_the_mobile_card_cover_no_damage(level: str, event: str) -> None:
    assert_refused("level_has_no_such_cover", "emdad.ssa005_14.table_1", level=level, event=event)


@pytest.mark.parametrize("level", [*PRIVATE_ONE, *WORKING])
def test_technical_repairs_are_covered_from_two_stars(level: str) -> None:
    assert_refused("level_has_no_such_cover", "emdad.ssa005_14.table_1", level=level, event="repair")


@pytest.mark.parametrize("event", PERILS)
def test_the_golden_year_covers_no_peril(event: str) -> None:
    assert_refused(
        "event_not_covered_by_level",
        "emdad.ssa005_14.p3.3_2",
        level="golden_year",
        event=event,
        damage_rial=70_000_000,
    )


@pytest.mark.parametrize("event", PERILS)
@pytest.mark.parametrize("level", ["one_star", "working_one_star", *STARS])
def test_every_other_golden_level_covers_every_peril(level: str, event: str) -> None:
    assert share(level=level, event=event)["covered"] is True


@pytest.mark.parametrize("event", CRASHES)
@pytest.mark.parametrize("level", GOLDEN)
def test_every_golden_level_covers_a_crash(level: str, event: str) -> None:
    assert share(level=level, event=event)["covered"] is True


@pytest.mark.parametrize(
    ("event", "clause"),
    [("body_scratch", "emdad.ssa005_14.p3.9_3"), ("key_theft", "emdad.ssa005_14.p3.5_4_4")],
)
@pytest.mark.parametrize("level", [*Level])
def test_a_scratched_body_and_a_stolen_key_are_never_covered(level: str, event: str, clause: str) -> None:
    assert_refused("never_covered", clause, level=level, event=event)


EXCLUSIONS = {
    "third_party_insurance": "emdad.ssa005_14.p3.9_1",
    "no_valid_licence": "emdad.ssa005_14.p3.9_2",
    "loss_of_value": "emdad.ssa005_14.p3.9_4",
    "no_work_order": "emdad.ssa005_14.p3.9_6",
    "guarantee_repair": "emdad.ssa005_14.p3.9_7",
    "polish": "emdad.ssa005_14.p3.9_8",
    "intent": "emdad.ssa005_14.p3.9_9",
    "intoxication": "emdad.ssa005_14.p3.9_10",
    "late_documents": "emdad.ssa005_14.p3.9_11",
    "culprit_released": "emdad.ssa005_14.p3.9_12",
    "police_pursuit": "emdad.ssa005_14.p3.9_13",
    "war_or_riot": "emdad.ssa005_14.p3.9_14",
    "hazardous_cargo": "emdad.ssa005_14.p3.9_15",
    "negligence_against_manual": "emdad.ssa005_14.p3.9_16",
    "abroad": "emdad.ssa005_14.p3.9_17",
    "racing": "emdad.ssa005_14.p3.9_18",
    "overloading": "emdad.ssa005_14.p3.9_19",
    "alteration": "emdad.ssa005_14.p3.9_20",
}


@pytest.mark.parametrize(("exclusion", "clause"), EXCLUSIONS.items())
def test_an_exclusion_overrides_every_cover(exclusion: str, clause: str) -> None:
    assert_refused(exclusion, clause, level="four_star", exclusions=[exclusion])
    assert_refused(exclusion, clause, level="four_star", event="partial_theft", exclusions=[exclusion])


@pytest.mark.parametrize("exclusion", ["no_plates", "breach_of_trust"])
def test_exclusions_of_a_stolen_car_do_not_exclude_damage(exclusion: str) -> None:
    assert split(exclusions=[exclusion]) == split()
    assert "exclusion_concerns_total_theft" in notices(exclusions=[exclusion])


def test_a_part_not_in_the_police_certificate_excludes_only_a_partial_theft() -> None:
    exclusion = ["not_in_police_certificate"]
    clause = "emdad.ssa005_14.p3.5_4_2"
    assert_refused(exclusion[0], clause, level="four_star", event="partial_theft", exclusions=exclusion)
    assert split(exclusions=exclusion) == split()
    assert "exclusion_concerns_partial_theft" in notices(exclusions=exclusion)


def test_every_exclusion_of_the_contract_is_tested_here() -> None:
    others = {"not_in_police_certificate", "no_plates", "breach_of_trust"}
    assert {*EXCLUSIONS, *others} == set(exclusions())


def test_a_police_pursuit_of_a_thief_excludes_nothing() -> None:
    assert split(exclusions=["police_pursuit"], stolen_at_the_time=True) == split()
    assert_refused(
        "racing", "emdad.ssa005_14.p3.9_18", exclusions=["police_pursuit", "racing"], stolen_at_the_time=True
    )


# --- Other readings of what is covered


def test_fire_is_covered_and_uncovered_by_an_alternative_reading() -> None:
    request = {"event": "fire", "damage_rial": 8_000_000}
    assert split(**request) == (10, 800_000, 7_200_000)
    assert alternatives(**request) == {
        "A-19": {
            "covered": False,
            "reason": "event_not_covered_by_level",
            "share_percent": None,
            "subscriber_pays_rial": 8_000_000,
            "company_pays_rial": 0,
            "report_required": False,
            "fire_brigade_report": False,
            "documents": [],
        }
    }
    assert "fire_in_table_only" in notices(**request)


@pytest.mark.parametrize("event", PERILS)
def test_the_working_golden_year_covers_perils_only_by_an_alternative(
    event: str,
) -> None:
    request = {"level": "working_golden_year", "event": event, "damage_rial": 1000}
    assert_refused("event_not_covered_by_level", "emdad.ssa005_14.p3.3_2", **request)
    other = alternatives(**request)["A-29"]
    assert other["covered"] is True
    assert (other["share_percent"], other["subscriber_pays_rial"]) == (20, 200)
    assert alternatives(level="golden_year", event=event) == {}


@pytest.mark.parametrize(("earlier", "other"), [(1, 30), (2, 40)])
def test_a_recovered_car_read_as_theft_has_ten_points_more(earlier: int, other: int) -> None:
    request = {"event": "recovered_vehicle_repair", "prior_incidents": earlier, "damage_rial": 1000}
    assert alternatives(**request) == {
        "A-30": {
            "share_percent": other,
            "subscriber_pays_rial": other * 10,
            "company_pays_rial": 1000 - other * 10,
        }
    }


def test_a_first_recovered_car_costs_the_same_under_both_readings() -> None:
    assert alternatives(event="recovered_vehicle_repair") == {}
    assert alternatives(event="recovered_vehicle_repair", level="working_one_star", prior_incidents=3) == {}


# --- Steps


def test_steps_of_a_theft_cite_the_clause_of_every_figure() -> None:
    steps = answer(
        event="partial_theft", damage_rial=4_000_000, audio_panel_withheld=True, prior_incidents=2
    )["steps"]
    assert [(step["key"], step["clause"], step["value"], step["unit"]) for step in steps] == [
        ("covered", "emdad.ssa005_14.p3.5_3", True, None),
        ("base_share", "emdad.ssa005_14.table_2", 20, "percent"),
        ("earlier_incidents", "emdad.ssa005_14.table_2", 20, "percent"),
        ("share_percent", "emdad.ssa005_14.table_2", 40, "percent"),
        ("audio_panel", "emdad.ssa005_14.p3.5_4_5", 350_000, "rial"),
        ("report_required", "emdad.ssa005_14.p3.5_4_1", True, None),
        ("subscriber_pays", "emdad.ssa005_14.p3.5_4_5", 1_810_000, "rial"),  # 40 % of 3,650,000, and 350,000
    ]
    assert steps[2]["inputs"] == {"count": 2, "step_percent": 10}
    assert steps[-1]["inputs"] == {"percent": 40, "damage_rial": 3_650_000, "audio_panel_rial": 350_000}


def test_steps_of_a_flood_show_the_floor_and_the_report_limit() -> None:
    steps = {step["key"]: step for step in answer(event="flood", damage_rial=8_000_000)["steps"]}
    assert (steps["floor"]["clause"], steps["floor"]["value"]) == ("emdad.ssa005_14.table_2.note_1", 20)
    assert (steps["share_percent"]["value"], steps["subscriber_pays"]["value"]) == (20, 1_600_000)
    assert steps["report_required"]["inputs"] == {"above": 7_000_000}
    assert steps["report_required"]["clause"] == "emdad.ssa005_14.table_3.note_1"


def test_a_step_says_why_an_earlier_incident_does_not_count() -> None:
    steps = answer(level="working_one_star", prior_third_party_incidents=2)["steps"]
    (free,) = (step for step in steps if step["clause"] == "emdad.ssa005_14.table_2.star_4")
    assert free["value"] == 0


# --- Edition and chart


@pytest.mark.parametrize(
    ("started_on", "covered"), [("1391-07-30", False), ("1391-08-01", True), ("1391-08-02", True)]
)
def test_the_booklet_applies_to_subscriptions_from_1_aban_1391(started_on: str, *, covered: bool) -> None:
    result = share(started_on=started_on)
    assert result["covered"] is covered
    assert result["edition"] == ("ssa005_14" if covered else None)
    if not covered:
        assert_refused("no_edition", "emdad.ssa005_14.scope", started_on=started_on)


def test_the_chart_shows_the_share_after_each_earlier_event() -> None:
    crash = SubscriberShareRequest(level=Level.TWO_STAR, event="collision", damage_rial=1)
    repair = crash.model_copy(update={"event": "repair"})
    refused = crash.model_copy(update={"event": "key_theft"})
    assert share_by_prior_count(crash, 3) == [(0, 10), (1, 20), (2, 30), (3, 40)]
    assert share_by_prior_count(repair, 2) == [(0, 10), (1, 20), (2, 30)]
    assert share_by_prior_count(refused, 1) == [(0, None), (1, None)]


@pytest.mark.parametrize(
    ("fault", "clause"),
    [({}, "emdad.ssa005_14.p3.3_1_1"), ({"third_party_at_fault": True}, "emdad.ssa005_14.p3.3_1_2")],
)
def test_the_report_cites_the_clause_of_the_fault(fault: dict[str, bool], clause: str) -> None:
    request = {"level": "two_star", "event": "collision", "damage_rial": 100, **fault}
    keys = {step["key"]: step["clause"] for step in response("subscriber_share", **request)["steps"]}
    assert keys.get("report_required", keys.get("report_at_any_amount")) == clause


# --- Refusals, notices and lists


@pytest.mark.parametrize("event", ["collision", "key_theft"])
def test_answers_and_refusals_name_the_edition(event: str) -> None:
    fields = {"level": "two_star", "event": event, "damage_rial": 1000}
    assert result("subscriber_share", **fields)["edition"] == "ssa005_14"


def test_steps_of_a_refused_share_end_with_the_full_damage() -> None:
    request = {"level": "two_star", "event": "key_theft", "damage_rial": 1000}
    assert steps_of("subscriber_share", **request) == [("not_covered", False), ("subscriber_pays", 1000)]
    before_the_booklet = {**request, "started_on": "1391-07-30"}
    assert steps_of("subscriber_share", **before_the_booklet) == [
        ("no_edition", False),
        ("subscriber_pays", 1000),
    ]


def test_fire_after_a_third_party_incident_has_both_alternatives() -> None:
    # 10 and 10 percent; without star note 4's incident 10; fire not covered: 100
    request = {"level": "four_star", "event": "fire", "damage_rial": 1000, "prior_third_party_incidents": 1}
    assert share(**request)["subscriber_pays_rial"] == 200
    assert steps_of("subscriber_share", **request)[-1] == ("subscriber_pays", 200)
    others = answer(**request)["alternatives"]
    assert [(other["reading"], other["result"]["subscriber_pays_rial"]) for other in others] == [
        ("A-4", 100), ("A-19", 1000),
    ]  # fmt: skip


@pytest.mark.parametrize(("earlier", "capped"), [(8, False), (9, False), (10, True)])
def test_a_share_above_a_hundred_percent_has_a_step_for_the_cap(earlier: int, *, capped: bool) -> None:
    request = {"level": "two_star", "event": "collision", "damage_rial": 1000, "prior_incidents": earlier}
    assert ("share_cap" in dict(steps_of("subscriber_share", **request))) is capped


def test_incidents_that_do_not_count_are_shown_with_their_number() -> None:
    request = {
        "level": "working_one_star", "event": "collision", "damage_rial": 1000, "prior_third_party_incidents": 3,
    }  # fmt: skip
    assert dict(steps_of("subscriber_share", **request))["earlier_third_party_free"] == 0
    inputs = inputs_of_step("subscriber_share", "earlier_third_party_free", **request)
    assert inputs == {"count": 3, "step_percent": 0}


def test_clause_8_1_is_not_cited_for_the_police_certificate() -> None:
    request = {"level": "two_star", "event": "partial_theft", "damage_rial": 1000}
    assert steps_of("subscriber_share", **request, exclusions=["not_in_police_certificate"]) == [
        ("not_covered", False), ("subscriber_pays", 1000),
    ]  # fmt: skip


def test_steps_of_an_exclusion_show_that_it_overrides_the_cover() -> None:
    request = {"level": "two_star", "event": "collision", "damage_rial": 1000, "exclusions": ["racing"]}
    assert steps_of("subscriber_share", **request) == [
        ("exclusions_beat_cover", True), ("not_covered", False), ("subscriber_pays", 1000),
    ]  # fmt: skip


@pytest.mark.parametrize(("exclusion", "has_notice"), [("no_plates", True), ("racing", False)])
def test_a_notice_says_that_a_stolen_car_exclusion_is_irrelevant(exclusion: str, *, has_notice: bool) -> None:
    assert ("exclusion_concerns_total_theft" in notices(exclusions=[exclusion])) is has_notice


@pytest.mark.parametrize(("damage", "needed"), [(6_999_999, False), (7_000_000, False), (7_000_001, True)])
def test_peril_documents_are_needed_above_seven_million_rials(damage: int, *, needed: bool) -> None:
    response = answer(level="one_star", event="hail", damage_rial=damage)
    assert bool(response["result"]["documents"]) is needed
    assert response["result"]["report_required"] is needed
    matching = [notice for notice in response["notices"] if notice["key"] == "papers_above"]
    expected = [] if needed else [({"limit": 7_000_000}, "emdad.ssa005_14.table_3.note_1")]
    assert [(notice["params"], notice["clause"]) for notice in matching] == expected


def test_events_are_listed_in_four_groups() -> None:
    groups = events_by_group()
    assert {name: len(events) for name, events in groups.items()} == {
        "crash": 6, "nature": 6, "fire_and_debris": 4, "theft_and_repair": 5,
    }  # fmt: skip
    assert groups["fire_and_debris"] == ["fire", "explosion", "falling_debris", "chemical_spill"]


def test_damage_exclusions_of_an_event_are_those_that_concern_it() -> None:
    of_a_stolen_car = {"no_plates", "breach_of_trust"}
    assert set(damage_exclusions("partial_theft")) == set(exclusions()) - of_a_stolen_car
    of_theft = {*of_a_stolen_car, "not_in_police_certificate"}
    assert set(damage_exclusions("collision")) == set(exclusions()) - of_theft
