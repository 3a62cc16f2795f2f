"""Tests of the text tables: complete, equal in both languages, in their own letters, and without unused texts."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from functools import cache
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from logic.card import (
    assistance_cost,
    cancellation_refund,
    card_downtime,
    level_eligibility,
    renewal,
    subscriber_share,
)
from logic.card.tables import (
    CellKind,
    EventKind,
    Payer,
    events,
    exclusions,
    items,
)
from logic.comparison import level_adviser
from logic.consumer_law import legal_deadline, minimum_warranty, replacement_right, stop_compensation
from logic.core.amounts import AmountCode
from logic.core.answer import Answer, Unit
from logic.core.errors import RequestError
from logic.core.jalali import to_jalali
from logic.core.messages import LANGUAGES, Language
from logic.core.models import Level
from logic.core.registry import calculators, find
from logic.datasets import traceability
from logic.datasets.tables import clauses, documents, editions, labels
from logic.dealers import nearest_dealers
from logic.finder import tables as guide
from logic.sale import tables as sale_rules
from logic.service import service_schedule
from logic.tyre import tyre_refund as tyres
from logic.vehicles import my_car
from logic.vehicles.fleet import STATES
from logic.warranty import consumable_due, part_warranty, tables, warranty_status
from logic.workshop import stay, workdays
from tests.support.paths import ROOT
from tests.support.worked_examples import all_examples
from ui.answer import answer_card
from ui.frame.navigation import PAGES
from ui.l10n.text import text

KEYS = [*text("fa").keys()]

CODES = {
    "MVM", "FX", "215/60 R17", "215/55 R18", "ELX", "SSA005", "XU7-L3", "XU7-L4", "EF7", "TU5", "J20A",
    "OHV", "K4M", "7DCT", "DCT", "CVT", "PDF",
    "35.70, 51.40",  # coordinates are written with Latin digits, to be copied from a map
}  # fmt: skip
"""Texts that keep Latin letters or digits in Persian."""
CODE = re.compile("|".join(re.escape(code) for code in sorted(CODES, key=len, reverse=True)))
PERSIAN = "[\u0600-\u06ff\u200c-\u200f]"
TO_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٬٫", "0123456789,.")


def sections() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for key in KEYS:
        section, _, name = key.partition(".")
        names.setdefault(section, set()).add(name)
    return names


def placeholders_in(content: str) -> list[str]:
    return sorted(field for _, field, _, _ in Formatter().parse(content) if field is not None)


def words_of(content: str) -> str:
    """Return a text without its placeholders."""
    return "".join(literal for literal, _, _, _ in Formatter().parse(content))


# Comparison of the two tables


def test_the_tables_have_the_same_keys() -> None:
    assert set(text("fa").keys()) == set(text("en").keys())


def test_both_languages_have_the_same_placeholders() -> None:
    for key in KEYS:
        # a name from the data is given in both languages; each table takes its own
        expected = sorted(re.sub("_fa$", "_en", name) for name in placeholders_in(text("fa")(key)))
        assert placeholders_in(text("en")(key)) == expected, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_badly_spaced(language: Language) -> None:
    joins = {"word.and", "word.or", "clause.separator"}  # they end with a space because something follows
    for key in KEYS:
        content = text(language)(key)
        assert content, key
        assert key in joins or content == " ".join(content.split()), key


def pairs() -> Iterator[tuple[str, str, str]]:
    """Yield every text, clause summary and label: its name, in Persian and in English."""
    for key in KEYS:
        yield key, text("fa")(key), text("en")(key)
    for name, clause in clauses().items():
        yield name, clause.fa, clause.en
    for kind, names in labels().items():
        for name, label in names.items():
            yield f"{kind}.{name}", label.fa, label.en


def test_english_has_no_persian_letters() -> None:
    for name, _, english in pairs():
        assert not re.search(PERSIAN, english), name


def test_persian_has_persian_letters_and_digits_only() -> None:
    for name, persian, _ in pairs():
        content = CODE.sub("", words_of(persian))
        assert not re.search("[A-Za-z0-9;?,]", content), (name, content)
        # Arabic keyboards type other letters that look the same and are not found by a search
        assert not re.search("[\u064a\u0649\u0643\u0660-\u0669\u0640]", content), (name, content)


def test_both_languages_give_the_same_numbers() -> None:
    for name, *both in pairs():
        if name.startswith("level_short."):
            continue  # English uses a digit here, for a narrow button
        persian, english = (
            sorted(re.findall(r"\d+(?:[.,-]\d+)*", content.translate(TO_LATIN))) for content in both
        )
        assert persian == english, name


# Every id of the calculators has a name


def literals(annotation: Any) -> set[str]:  # noqa: ANN401 - any annotation
    """Return the strings of a Literal or of a union of Literals."""
    if get_origin(annotation) is Literal:
        return {value for value in get_args(annotation) if isinstance(value, str)}
    return set().union(*map(literals, get_args(annotation)))


def ids(*kinds: object) -> set[str]:
    """Return the ids of enumerations and literal types."""
    return {
        value
        for kind in kinds
        for value in (
            [member.value for member in kind]
            if isinstance(kind, type) and issubclass(kind, Enum)
            else literals(kind)
        )
    }


CALCULATORS_WITH_OWN_SECTIONS = {
    "assistance_cost", "compare_levels", "level_eligibility", "nearest_dealers", "service_schedule",
    "subscriber_share", "tyre_refund",
}  # fmt: skip
"""Calculators whose reasons are named in other sections than ``why``."""


def other_reasons() -> set[str]:
    """Return the reasons of the other calculators, without those that are named in other sections."""
    reasons: set[str] = set()
    for name, calculator in calculators().items():
        field = calculator.result.model_fields.get("reason")
        if field is not None and name not in CALCULATORS_WITH_OWN_SECTIONS:
            reasons |= ids(*union_members(field.annotation))
    return reasons - {*exclusions()} - {"event_not_covered_by_level", "never_covered"} | {"no_work_order"}


def union_members(annotation: Any) -> list[Any]:  # noqa: ANN401 - any annotation
    """Return the enumerations and literals of a union."""
    return [annotation, *get_args(annotation)] if get_origin(annotation) is not Literal else [annotation]


NAMES: Mapping[str, set[str]] = {
    "fleet_state": {*STATES},
    "fleet_count": {*STATES[1:]},
    "refusal": ids(subscriber_share.Refusal),
    "kind": ids(EventKind),
    "cell": ids(CellKind),
    "payer": ids(Payer),
    "assistance_reason": ids(assistance_cost.Reason),
    "car_use": ids(level_eligibility.CarUse),
    "eligibility_reason": ids(level_eligibility.Reason),
    "item_reason": ids(service_schedule.ItemReason),
    "tyre_reason": {"no_edition", "too_old", "worn_too_far", "cause"},
    "network": ids(nearest_dealers.Network),
    "dealer_kind": {nearest_dealers.OFFICE, "any"},
    "unit": ids(Unit),
    "day_kind": ids(stay.DayKind),
    "holiday_source": ids(workdays.HolidaySource),
    "obtained_from": ids(cancellation_refund.ObtainedFrom),
    "weekday": {*workdays.WEEKDAYS},
    "weekday_short": {*workdays.WEEKDAYS},
    "card_cause": ids(card_downtime.Cause),
    "law_cause": ids(
        *union_members(stop_compensation.StopCompensationRequest.model_fields["cause"].annotation)
    ),
    "maker": ids(tables.Maker),
    "why": other_reasons(),
    "ground": ids(replacement_right.Ground),
    "warranty_word": ids(warranty_status.Status, warranty_status.Reason, tables.Scope),
    "part_cover": ids(part_warranty.Kind),
    "calculator": {*calculators()},
    "upcoming": ids(my_car.UpcomingKind),
    "year_line": ids(level_adviser.YearLine),
    "not_answered": ids(traceability.NotAnsweredReason),
    "source": {*traceability.traced_clauses()},
    "price_basis": ids(sale_rules.PriceBasis),
    "needed": {row.needed for row in guide.card_documents()},
    "amount_error": ids(AmountCode),
    "clause": {
        "law_article",
        "law_note",
        "part",
        "table",
        "annex",
        "article",
        "note",
        "page",
        "printed",
        "separator",
    }
    | {clause.place for clause in clauses().values() if clause.place}
    | {
        entry.clause.place
        for entries in traceability.traced_clauses().values()
        for entry in entries
        if entry.clause.place
    },
}
"""The exact keys of each section that names ids."""


@pytest.mark.parametrize("section", NAMES)
def test_each_id_has_a_name_and_each_name_an_id(section: str) -> None:
    assert sections()[section] == NAMES[section]


RESULTS: Mapping[tuple[str, str], str | tuple[str, ...] | Mapping[str, str] | None] = {
    ("EventsByLevelResult", "reason"): "refusal",
    ("LevelEventCell", "reason"): ("refusal", "exclusion"),
    ("LevelEvents", "level"): "level",
    ("PartWarrantyResult", "kind"): "part_cover",
    ("SaleTermsResult", "price_basis"): "price_basis",
    ("RecoveredVehicleResult", "reason"): ("why", "refusal", "exclusion"),
    ("TotalTheftResult", "reason"): ("why", "exclusion"),
    ("VehicleReplacementResult", "reason"): ("why", "exclusion"),
    ("ReplacementRightResult", "grounds"): "ground",
    ("StayDay", "kind"): "day_kind",
    ("StayDay", "holiday"): "holiday_source",
    ("WarrantyStatusResult", "status"): "warranty_word",
    ("WarrantyStatusResult", "scope"): "warranty_word",
    ("WarrantyStatusResult", "reasons"): ("warranty_event", "warranty_word"),
    ("AssistanceCostResult", "payer"): "payer",
    ("AssistanceCostResult", "reason"): "assistance_reason",
    ("CompareLevelsResult", "reason"): "refusal",
    ("ServiceRow", "cells"): "level",
    ("Cell", "kind"): "cell",
    ("Upgrade", "lower"): "level",
    ("Upgrade", "higher"): "level",
    ("AdviserLine", "kind"): "year_line",
    ("AdvisedLevel", "level"): "level",
    ("LevelUpgrade", "lower"): "level",
    ("LevelUpgrade", "higher"): "level",
    ("LevelVerdict", "level"): "level",
    ("LevelVerdict", "reason"): "eligibility_reason",
    ("Conversion", "new_level"): "level",
    ("Dealer", "network"): "network",
    ("Dealer", "precision"): None,  # the page marks only a city's centre: dealers.city_point
    ("NearestDealersResult", "reason"): {
        "none_in_province": "dealers.no_dealer_here",
        "none_of_kind": "dealers.none",
    },
    ("ServiceScheduleResult", "reason"): "refusal",
    ("ServiceItem", "needs_level"): "level",
    ("ServiceItem", "reason"): "item_reason",
    ("SubscriberShareResult", "reason"): ("refusal", "exclusion"),
    ("TyreRefundResult", "reason"): ("tyre_reason", "cause"),
    ("TyreRefundResult", "band"): None,  # shown as a step: step.band_…
}
"""The text of each listed value of a result: a section, one of several sections, or a key per value.

The text of a reason that is not listed here is in ``why``.
"""


def listed_fields(model: type[BaseModel]) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """Yield every field of a result, nested ones included, whose values are a fixed list of ids."""
    for name, field in model.model_fields.items():
        pending, values = [field.annotation], set[str]()
        while pending:
            annotation: Any = pending.pop()
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                yield from listed_fields(annotation)
            elif isinstance(annotation, type) and issubclass(annotation, Enum):
                values |= ids(annotation)
            elif get_origin(annotation) is Literal:
                values |= literals(annotation)
            else:
                pending += get_args(annotation)
        if values:
            yield (model.__name__, name), values


@pytest.mark.parametrize("name", calculators())
def test_each_listed_value_of_a_result_has_a_text(name: str) -> None:
    for field, values in listed_fields(find(name).result):
        section = "why" if field not in RESULTS and field[1] == "reason" else RESULTS[field]
        for value in values:
            match section:
                case None:
                    continue
                case str():
                    keys = [f"{section}.{value}"]
                case tuple():
                    keys = [f"{section}.{value}" for section in section]
                case _:
                    keys = [section[value]]
            assert any(text("fa").has_name(*key.split(".", 1)) for key in keys), (field, value)


def test_every_listed_field_is_in_a_result() -> None:
    fields = {field for calculator in calculators().values() for field, _ in listed_fields(calculator.result)}
    assert set(RESULTS) <= fields


# The answers of the calculators, in both languages


def requests() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield requests whose answers contain every step, notice and alternative."""
    for event, level in product(events(), ids(Level)):
        earlier = {"prior_incidents": 1, "prior_third_party_incidents": 2, "prior_repairs": 1}
        request = {"event": event, "level": level, "damage_rial": 9_000_000}
        yield "subscriber_share", {**request, "audio_panel_withheld": True, **earlier}
        yield "subscriber_share", {**request, "exclusions": ["abroad"], "third_party_at_fault": True}
        yield "subscriber_share", {**request, "exclusions": ["breach_of_trust"], "third_party_at_fault": True}
        yield "subscriber_share", {**request, "fault_shared": True}
        yield "subscriber_share", {**request, "damage_rial": 7_000_000}
    for item, level in product(items(), ids(Level)):
        request = {"item": item, "level": level}
        yield "assistance_cost", {**request, "intercity": True}
        for condition in (
            {"immobile": False}, {"tow_number": 2}, {"via_company": False}, {"in_guarantee": True}, {},
            {"company_could_not_send": True}, {"started_on": "1390-01-01"},
        ):  # fmt: skip
            yield "assistance_cost", {**request, **condition}
    for use, current in product(ids(level_eligibility.CarUse), ids(Level)):
        request = {"use": use, "current_level": current, "on": "1404-01-01"}
        yield "level_eligibility", {**request, "produced_on": "1397-01-01"}
    yield "compare_levels", {}
    for table, card, gearbox, km in product(
        service_schedule._table_ids(),
        ({}, {"level": "two_star"}),
        service_schedule.gearboxes(),
        (0, 29_700, 2_000_000),
    ):
        request = {"table": table, "gearbox": gearbox, "odometer_km": km, "service_km": 20_000, **card}
        yield "service_schedule", request
    yield "service_schedule", {"vehicle": "pars", "engine": "tu5", "odometer_km": 20_000}
    tyre = {"new_depth_mm": 10, "new_price_rial": 10_000_000}
    for left, cause in product((1, 2, 5, 8, 9), tyres.causes()):
        yield "tyre_refund", {**tyre, "remaining_depth_mm": left, "cause": cause, "person": "natural"}
    for kind in tyres.kinds():
        dated = {"kind": kind, "made_on": "1400-01-01", "on": "1402-01-01", "uncollected_days": 40}
        yield (
            "tyre_refund",
            {**tyre, "remaining_depth_mm": 9, "grade": 2, "grade2_price_rial": 10**9, **dated},
        )
    for network in ids(nearest_dealers.Network):
        yield "nearest_dealers", {"city": "tehran", "network": network, "limit": 100}
    for row in nearest_dealers.provinces_without_dealer():
        yield "nearest_dealers", {"city": row.id}
    yield (
        "subscriber_share",
        {"event": "fire", "level": "mobile", "damage_rial": 1, "started_on": "1390-01-01"},
    )

    for example in all_examples():
        yield example["calculator"], example["request"]
    yield from adviser_requests()
    yield from card_requests()
    yield from subscription_requests()
    yield from warranty_requests()
    yield from law_requests()
    yield from sale_requests()


def adviser_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    often = {"accidents_a_year": 1, "thefts_a_year": 1, "repairs_a_year": 1, "tows_a_year": 1}
    cost = {"accident_rial": 10**8, "theft_rial": 10**7, "repair_rial": 10**7, "tow_rial": 10**6}
    car = {"vehicle": "roa", "km_a_year": 61_000, "service_rial": 10**6, "downtime_days_a_year": 3}
    usual = {**often, **cost, **car, "tyre_set_rial": 10**7}
    yield "level_adviser", {**usual, "prices_rial": {"four_star": 1}}
    yield "level_adviser", {**usual, "use": "working"}
    yield "level_adviser", {"vehicle": "roa", "started_on": "1390-01-01"}
    yield "level_adviser", {"vehicle": "mvm_fx", "km_a_year": 20_000, "service_rial": 10**6}
    aged = {"produced_on": "1391-09-01", "started_on": "1402-01-01"}
    yield "level_adviser", {**aged, "use": "working"}


def card_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    price = {"damage_rial": 60, "value_before_rial": 100, "new_price_rial": 200}
    yield "vehicle_replacement", {**price, "damage_rial": 61, "level": "two_star"}
    yield "events_by_level", {"events": [{"event": "collision", "damage_rial": 10}]}
    for level in ids(Level):
        extra: dict[str, Any] = {
            "third_party_at_fault": True,
            "received_from_liable_rial": 9,
            "prior_incidents": 1,
        }
        yield "vehicle_replacement", {"level": level, **price, **extra}
        theft = {"level": level, "zero_km_price_rial": 1000, "requested_price_rial": 2000}
        yield "total_theft", {**theft, "car_year": 1, "half": 1, "negligent": True}
        days = {"delivered_on": "1391-08-10", "stolen_on": "1392-02-09", "reported_on": "1392-02-10"}
        yield "total_theft", {**theft, **days}
        yield "total_theft", {**theft, **days, "exclusions": ["no_plates"]}
        yield "recovered_vehicle", {"level": level, "repair_cost_rial": 10, "value_before_rial": 100}
        tyre = {"level": level, "only_tyre_damaged": True, "tyre_km": 15_000, "tyre_price_rial": 1000}
        yield "card_tyre", {**tyre, "police_report": True, "km_in_period": 60_000}
        yield "card_tyre", tyre
        stay = {"level": level, "admitted_on": "1392-12-25", "completed_on": "1393-01-16"}
        extra = {"owner_delay_days": 1, "expert_days": 9, "papers_complete_on": "1392-12-27"}
        yield "card_downtime", {**stay, "released_on": "1393-01-18", **extra}
    yield "vehicle_replacement", {"level": "one_star", **price, "damage_rial": 101, "rebuildable": False}
    yield "vehicle_replacement", {"level": "one_star", **price, "exclusions": ["abroad"]}
    for cost in (60, 61):
        yield "recovered_vehicle", {"level": "one_star", "repair_cost_rial": cost, "value_before_rial": 100}
    far = {"admitted_on": "1481-01-20", "completed_on": "1481-01-30", "released_on": "1481-01-30"}
    yield "card_downtime", {"level": "four_star", **far}
    for cause in ids(card_downtime.Cause):
        stay = {"level": "four_star", "admitted_on": "1408-11-25", "completed_on": "1409-01-16"}
        yield "card_downtime", {**stay, "released_on": "1409-01-16", "cause": cause}


def subscription_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    golden = {"kind": "golden", "fee_rial": 3650, "paid_rial": 3000}
    for more in (
        {}, {"days_used": 365}, {"periodic_services_rial": 5}, {"obtained_from": "organisation"},
        {"obtained_from": "iran_khodro"}, {"active": False}, {"open_work_order": True},
        {"used_services": True},
    ):  # fmt: skip
        yield "cancellation_refund", {"days_used": 10, **golden, **more}
    for kind, day in product(("golden", "mobile"), ("1392-07-20", "1392-08-20")):
        request = {"kind": kind, "rate_rial": 1000, "expires_on": "1392-07-29", "renewed_on": day}
        yield "renewal", {**request, "legal_entity": True, "grounds": list(renewal.grounds())}
        yield "subscription_validity", {"kind": kind, "started_on": "1391-12-30", "factory_enrolled": True}
    yield "subscription_validity", {"kind": "golden", "started_on": "1391-09-01"}
    yield "instalment_reactivation", {"paid": True, "inspected_unchanged": True, "inspection_fee_paid": True}
    for kind in ("documents", "service", "replacement"):
        yield "late_claim", {"kind": kind, "expired_on": "1392-07-29", "on": "1392-08-14"}


def warranty_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    for maker in ids(tables.Maker):
        for event in tables.maker_tables(tables.Maker(maker)).events:
            request = {"maker": maker, "started_on": "1400-01-01", "on": "1405-01-01", "odometer_km": 10}
            yield "warranty_status", {**request, "events": [event]}
    early = {"first_service_on": "1400-01-10", "first_service_km": 5}
    request = {"maker": "mvm_fx", "started_on": "1400-01-01", "on": "1400-02-01", "odometer_km": 10}
    yield "warranty_status", {**request, **early}
    for maker, part in product(ids(tables.Maker), part_warranty.parts()):
        for months, km in ((13, 21_000), (61, 151_000)):
            yield "part_warranty", {"maker": maker, "part": part, "months": months, "km": km}
        for km in (10, 1200, 90_000):
            yield (
                "first_service",
                {"maker": maker, "started_on": "1400-01-01", "on": "1400-02-01", "odometer_km": km},
            )
        for hours in (48, 49):
            yield "stop_extension", {"maker": maker, "stop_hours": hours, "stop_days": 2}
    for item in consumable_due.consumable_items():
        yield "consumable_due", {"item": item, "months_since": 24, "km_since": 1000}
    for kind in ("assistance", "service", "part"):
        yield "repair_guarantee", {"kind": kind, "months": 2, "km": 3000}


def law_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    for vehicle, day in product(
        minimum_warranty.vehicle_classes(), ("1386-01-01", "1388-01-01", "1390-01-01", "1400-01-01")
    ):
        yield "minimum_warranty", {"vehicle_class": vehicle, "on": day, "months": 12, "km": 30_000}
        yield "bylaw_in_force", {"on": day}
    for day in days_of_editions():
        yield "bylaw_in_force", {"on": day}
    request: dict[str, Any] = {"safety_part": True, "injury_risk": True, "repairs_of_same_defect": 1}
    yield "replacement_right", {**request, "unusable_days": 20, "unusable_days_total": 31}
    for vehicle, day in product(
        stop_compensation.vehicle_classes(), ("1394-12-20", "1403-02-01", "1409-01-01")
    ):
        request = {"vehicle_class": vehicle, "contract_price_rial": 10**9, "admitted_on": day}
        for more in (
            {},
            {"written_consent": True},
            {"cause": "accident"},
            {"standard_days": 5},
            {"repeat_defect": True},
        ):
            yield (
                "stop_compensation",
                {**request, "ready_on": day[:4].replace("1394", "1395") + "-03-30", **more},
            )


def sale_requests() -> Iterator[tuple[str, dict[str, Any]]]:
    for method, day in product(sale_rules.sale_methods(), ("1385-01-01", "1390-01-01", "1400-01-01")):
        request = {"method": method, "on": day}
        terms = {"delivery_days": 31, "cash_price_rial": 801, "advance_rial": 400, "odometer_km": 99}
        yield "sale_terms", {**request, **terms}
        yield "participation_profit", {**request, "paid_rial": 10**9, "annual_percent": 18, "days": 100}
        yield "delivery_delay", {**request, "paid_rial": 10**9, "late_days": 45, "participation_percent": 18}
        late = {"paid_rial": 10**9, "one_year_deposit_percent": 18, "repaid_after_days": 30}
        yield "withdrawal_interest", {**late, "contracted_on": day, "withdrawn_on": day[:4] + "-03-26"}
    for rule, day in product(legal_deadline.deadline_rules(), ("1390-01-01", "1400-01-01")):
        yield "legal_deadline", {"rule": rule, "days": 15, "on": day}


@cache
def answers() -> list[Answer[Any]]:
    return [answer_on_a_day_of_its_edition(name, fields) for name, fields in requests()]


def answer_on_a_day_of_its_edition(name: str, fields: dict[str, Any]) -> Answer[Any]:
    """Answer a request; if its edition lacks an id, use a day of an edition that has it."""
    try:
        return find(name).answer(fields)
    except RequestError as refusal:
        if {error.code for error in refusal.errors} != {"not_in_edition"}:
            raise
        for day, field in product(days_of_editions(), ("started_on", "on")):
            with suppress(RequestError):
                return find(name).answer({**fields, field: day})
        raise


def days_of_editions() -> list[str]:
    """Return the first day of every edition, or its last day if it has no first day."""
    all_editions = (folder.edition for document in documents() for folder in editions(document))
    days = {edition.valid_from or edition.valid_to for edition in all_editions}
    return sorted(to_jalali(day) for day in days if day)


ANSWER_SECTIONS = ("step", "notice", "reading")
"""Sections for the parts of an answer besides its result."""
REASON_SECTIONS = (
    "refusal", "cell", "payer", "assistance_reason", "eligibility_reason", "item_reason", "tyre_reason", "why",
    "ground", "warranty_word", "part_cover", "year_line", "upcoming",
)  # fmt: skip
"""Sections for the ids in the result of an answer."""
NUMBERS_IN_ANSWER_TEXTS: Mapping[str, list[str]] = {
    "notice.automatic_oil_for_206_only": ["206"],  # the name of a car
    "notice.clause_1_4_word_for_word": ["1-4", "5-7-2"],  # clauses
    "notice.grade2_price_above_new": ["1", "2"],  # the names of two grades
    "notice.office_numbers_are_old": ["096440"],  # the phone number of the contact centre
}
"""The only numbers in the texts of answers: names, never a figure of an edition."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_answers_contain_no_figures(language: Language) -> None:
    """A figure is stored once, in ``data/``: a text has a placeholder for it, or does without it."""
    answer_sections = {*ANSWER_SECTIONS, *REASON_SECTIONS, "step_value", "unit"}
    numbers = {
        key: re.findall(r"\d+(?:[.,-]\d+)*", words_of(text(language)(key)).translate(TO_LATIN))
        for key in KEYS
        if key.partition(".")[0] in answer_sections
    }
    assert {key: sorted(found) for key, found in numbers.items() if found} == NUMBERS_IN_ANSWER_TEXTS


@cache
def keys_in_answers() -> Mapping[str, set[str]]:
    """Return the keys of every step, notice and reading of those answers, by section."""
    return {
        "step": {step.key for answer in answers() for step in answer.steps},
        "notice": {notice.key for answer in answers() for notice in answer.notices},
        "reading": {other.reading for answer in answers() for other in answer.alternatives},
    }


def test_texts_of_answers_match_the_keys_of_answers() -> None:
    assert {section: sections()[section] for section in ANSWER_SECTIONS} == keys_in_answers()
    assert sections()["step_value"] <= keys_in_answers()["step"]


@pytest.mark.parametrize(
    ("section", "pattern"),
    [("step", r'\bStep\(\s*"(\w+)"'), ("notice", r'\bNotice\(\s*"(\w+)"'), ("reading", r'"(A-\d+)"')],
    ids=ANSWER_SECTIONS,
)
def test_each_key_that_a_calculator_writes_has_a_text(section: str, pattern: str) -> None:
    written = {key for source in sources("logic").values() for key in re.findall(pattern, source)}
    assert written
    assert written <= sections()[section]


def sentences(language: Language) -> Iterator[str]:
    """Yield every step, notice and alternative of those answers as a page shows it."""
    t = text(language)
    for answer in answers():
        for step in answer.steps:
            yield re.sub("<[^>]*>", " ", str(answer_card._step(t, step)))
        for notice in answer.notices:
            params = {name: answer_card.format_value(t, name, value) for name, value in notice.params.items()}
            yield t.name_of("notice", notice.key).format(**params)
        for other in answer.alternatives:
            yield t.name_of("reading", other.reading)


def test_english_answers_contain_no_persian_letters() -> None:
    for content in set(sentences("en")):
        assert not re.search(PERSIAN, content), content
        assert "_" not in content, content


def test_persian_answers_contain_no_latin_letters() -> None:
    place = text("fa")("step.distance", code="") + r"\S+"  # a dealer's printed number, an office's city
    for content in set(sentences("fa")):
        rest = CODE.sub("", re.sub(place, "", content))
        assert not re.search("[A-Za-z0-9_]", rest), content


# Every text is used, and every used text exists

STRING = re.compile(r'(f?)"([^"\n]*)"')
KEY = re.compile(rf"({'|'.join(sections())})\.\w*[a-z\d]")
PAGE_FOLDERS = ("pages", "ui/views")


@cache
def sources(*folders: str) -> Mapping[Path, str]:
    """Return the source of each module below some folders, by its path from here."""
    files = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return {file.relative_to(ROOT): file.read_text(encoding="utf-8") for file in files}


def page_of(module: Path) -> str | None:
    """Return the id of the page that a module belongs to; None for what pages share."""
    if not module.as_posix().startswith(PAGE_FOLDERS):
        return None
    return max((page.id for page in PAGES if module.stem.startswith(page.id)), key=len, default=None)


@cache
def strings_for(section: str) -> set[str]:
    """Return the strings of ui/ and pages/; for a page's section, without those of the other pages."""
    return {
        string
        for module, source in sources("ui", "pages").items()
        if section not in {page.id for page in PAGES} or page_of(module) in {None, section}
        for _, string in STRING.findall(source)
    }


@cache
def composed() -> set[str]:
    """Return the f-strings of ui/ and pages/ that may compose a key; each expression in them is ``{}``."""
    strings_of_modules = (STRING.findall(source) for source in sources("ui", "pages").values())
    strings = {
        re.sub(r"\{.*?\}", "{}", string)
        for strings_ in strings_of_modules
        for prefix, string in strings_
        if prefix
    }
    return {string for string in strings if re.fullmatch(r"[\w{}]+\.[\w{}]+", string)} - {"{}.{}"}


def is_used(key: str) -> bool:
    """Return whether a module contains the key, its name alone, or an f-string that composes it."""
    section, _, name = key.partition(".")
    strings = strings_for(section)
    rest = strings | {page.id for page in PAGES}
    patterns = (re.escape(string).replace(r"\{\}", r"([\w-]+)") for string in composed())
    matches = (re.fullmatch(pattern, key) for pattern in patterns)
    return (
        key in strings_for("")
        or name in strings
        or any(match and {*match.groups()} <= rest for match in matches)
    )


def test_every_text_is_used() -> None:
    of_ids = {*NAMES, *ANSWER_SECTIONS, "step_value"}  # compared with the ids themselves
    assert [key for key in KEYS if key.partition(".")[0] not in of_ids and not is_used(key)] == []


def test_every_text_named_in_a_module_exists() -> None:
    for module, source in sources("ui", "pages").items():
        named = {string for _, string in STRING.findall(source) if re.fullmatch(KEY, string)}
        assert named <= {*KEYS}, module


def test_every_field_of_a_page_has_a_text() -> None:
    for module, source in sources(*PAGE_FOLDERS).items():
        page = page_of(module)
        pages = [page] if page else [page.id for page in PAGES]
        for field in re.findall(r'\bfields\.\w+\(\s*page,\s*"(\w+)"', source):
            assert any(f"{page}.{field}" in KEYS for page in pages), (module, field)
