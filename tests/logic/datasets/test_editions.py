"""Editions are data: a new one consists of files in the data folder named by ``KHODROYAR_DATA``."""

import csv
import re
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from logic.datasets.tables import Edition, check, editions
from logic.tyre.tyre_refund import TyreRefundRequest, band_edges, documents_for
from tests.support.calculator_client import answer, response, result
from tests.support.contract import clauses_in
from tests.support.data_edits import EMDAD, NEXT, appended, followed, prepended, replaced
from tests.support.paths import DATA_DIR
from tests.support.worked_examples import all_examples, assert_matches_example, is_dated

LAST_OLD, FIRST_NEW = "1402-12-29", "1403-01-01"


@pytest.fixture
def next_edition(data_copy: Path) -> Path:
    """Add a booklet after ssa005_14 with other shares, one added and one dropped service table."""
    old, new = data_copy / EMDAD, data_copy / "emdad" / "ssa005_15"
    shutil.copytree(old, new)
    prepended(EMDAD / "edition.toml", f'to = "{LAST_OLD}"\n')(data_copy)
    replaced("emdad/ssa005_15/edition.toml", 'from = "1391-08-01"', f'from = "{FIRST_NEW}"')(data_copy)
    replaced("emdad/ssa005_15/shares.csv", "two_star,incident,10,10", "two_star,incident,15,5")(data_copy)
    (new / "services" / "dena.csv").write_text(
        "item,10000,20000\nservice_km,10000,20000\nengine_oil,**,**\nspark_plugs,-,***\n", encoding="utf-8"
    )
    ceiling = ("three_star,periodic_service,limit_km,40000", "three_star,periodic_service,limit_km,30000")
    replaced("emdad/ssa005_15/level_services.csv", *ceiling)(data_copy)
    dena = "dena,two_and_up,500,1500,p3.6_6,annex_1.ef7,\n"
    appended("emdad/ssa005_15/service_tables.csv", dena)(data_copy)
    appended("emdad/ssa005_15/vehicles.csv", "dena,ef7p,dena,annex_1.ef7\n")(data_copy)
    labels = '[table_name.dena]\nfa = "دنا"\nen = "Dena"\n[engine.ef7p]\nfa = "EF7+"\nen = "EF7+"\n'
    appended("emdad/ssa005_15/labels.toml", labels)(data_copy)
    return new


def remove_lines(file: Path, start: str) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    remaining = [line for line in lines if not line.startswith(start)]
    assert len(remaining) == len(lines) - 1
    file.write_text("".join(remaining), encoding="utf-8")


@pytest.mark.parametrize(
    ("started_on", "edition", "percent"),
    [
        ("1391-07-30", None, None),
        (LAST_OLD, "ssa005_14", 20),
        (FIRST_NEW, "ssa005_15", 20),
        (None, "ssa005_15", 20),
    ],
)
@pytest.mark.usefixtures("next_edition")
def test_the_edition_is_that_of_the_subscriptions_first_day(
    started_on: str | None, edition: str | None, percent: int | None
) -> None:
    def share(earlier: int) -> Iterator[object]:
        request = {"level": "two_star", "event": "collision", "damage_rial": 1000, "prior_incidents": earlier}
        result = answer("subscriber_share", **request, started_on=started_on)["result"]
        yield from (result["edition"], result["share_percent"])

    base = {"ssa005_14": 10, "ssa005_15": 15, None: None}[edition]
    assert list(share(0)) == [edition, base]
    assert list(share(1)) == [edition, percent]


@pytest.mark.usefixtures("next_edition")
def test_a_new_car_has_its_table_from_the_editions_first_day() -> None:
    new = answer("service_schedule", vehicle="dena", odometer_km=20_000, started_on=FIRST_NEW)["result"]
    assert (new["edition"], new["table"], new["current"]["service_km"]) == ("ssa005_15", "dena", 20_000)
    assert [item["needs_level"] for item in new["current"]["items"]] == ["two_star", "three_star"]
    old = response("service_schedule", vehicle="dena", odometer_km=20_000, started_on=LAST_OLD)
    assert [(error["field"], error["code"]) for error in old["errors"]] == [("vehicle", "not_in_edition")]


def test_a_dropped_car_keeps_its_table_in_the_old_edition(next_edition: Path) -> None:
    remove_lines(next_edition / "cars.csv", "grand_vitara,")
    remove_lines(next_edition / "vehicles.csv", "grand_vitara,")
    remove_lines(next_edition / "service_tables.csv", "grand_vitara,")
    old = answer("service_schedule", vehicle="grand_vitara", odometer_km=30_000, started_on=LAST_OLD)
    assert old["result"]["current"]["service_km"] == 30_000


def test_a_car_changes_its_table_with_the_new_edition(next_edition: Path) -> None:
    replaced(next_edition / "vehicles.csv", "roa,ohv,roa_ohv", "roa,ohv,tondar90_k4m")(Path())
    remove_lines(next_edition / "service_tables.csv", "roa_ohv,")
    request = {"vehicle": "roa", "odometer_km": 40_000}
    assert answer("service_schedule", **request, started_on=FIRST_NEW)["result"]["table"] == "tondar90_k4m"
    assert answer("service_schedule", **request, started_on=LAST_OLD)["result"]["table"] == "roa_ohv"


def test_a_document_of_the_old_edition_is_required_only_by_it(next_edition: Path) -> None:
    for file in ("share_documents.csv", "labels.toml"):
        replaced(next_edition / file, "loss_form", "online_form")(Path())
    request = {"level": "two_star", "event": "collision", "damage_rial": 1000}
    new = answer("subscriber_share", **request, started_on=FIRST_NEW)["result"]["documents"]
    old = answer("subscriber_share", **request, started_on=LAST_OLD)["result"]["documents"]
    assert ("online_form" in new, "loss_form" in new) == (True, False)
    assert ("online_form" in old, "loss_form" in old) == (False, True)


def test_an_ended_booklet_still_answers_for_its_own_days(data_copy: Path) -> None:
    prepended(EMDAD / "edition.toml", f'to = "{LAST_OLD}"\n')(data_copy)
    request = {"level": "two_star", "event": "collision", "damage_rial": 1000}
    service = {"vehicle": "roa", "odometer_km": 8_000}
    for started_on, edition in ((LAST_OLD, "ssa005_14"), (FIRST_NEW, None), (None, None)):
        share = answer("subscriber_share", **request, started_on=started_on)["result"]
        assert (share["edition"], share["covered"]) == (edition, edition is not None)
        schedule = answer("service_schedule", **service, started_on=started_on)["result"]
        assert (schedule["edition"], schedule["reason"]) == (edition, None if edition else "no_edition")


def test_ended_tyre_rules_still_answer_for_their_own_days(data_copy: Path) -> None:
    prepended("iran_tire/page_1403/edition.toml", 'to = "1404-12-29"\n')(data_copy)
    tyre = {"new_depth_mm": 8, "remaining_depth_mm": 4, "new_price_rial": 1000}
    request = {**tyre, "person": "natural", "kind": "truck", "made_on": "1403-01-01"}
    before = answer("tyre_refund", **request, on="1404-12-29")["result"]
    assert (before["edition"], before["customer_pays_rial"]) == ("page_1403", 500)
    assert before["missing_documents"] == ["vehicle_card", "vehicle_title", "national_card"]
    after = answer("tyre_refund", **request, on="1405-01-01")["result"]
    assert (after["edition"], after["eligible"], after["reason"]) == (None, False, "no_edition")
    assert (after["customer_pays_rial"], after["credit_rial"]) == (None, None)
    assert documents_for("natural") == ()
    day = date(2026, 3, 21)  # 1 Farvardin 1405
    nothing_holds = TyreRefundRequest(
        new_depth_mm=Decimal(8), remaining_depth_mm=Decimal(4), new_price_rial=1000, on=day
    )
    assert band_edges(nothing_holds) == (Decimal(8), Decimal(0))


@pytest.mark.parametrize(("started_on", "last_covered"), [(LAST_OLD, 40_000), (FIRST_NEW, 30_000)])
@pytest.mark.usefixtures("next_edition")
def test_the_ceiling_of_a_level_is_that_of_its_booklet(started_on: str, last_covered: int) -> None:
    def covered(km: int) -> bool:
        request = {"vehicle": "tondar90", "level": "three_star", "service_km": km, "started_on": started_on}
        items = result("service_schedule", **request)["service"]["items"]
        return any(item["covered"] for item in items)

    assert [km for km in (30_000, 40_000) if covered(km)][-1] == last_covered


# --- A newer by-law


NEW_BYLAW = "1405-01-01"


@pytest.fixture
def next_bylaw(data_copy: Path) -> Path:
    """Add a by-law after that of 1395 with a higher stop rate, a longer warranty and other sale rules."""
    old, new = data_copy / "bylaw" / "bylaw_1395", data_copy / "bylaw" / "bylaw_1405"
    shutil.copytree(old, new)
    prepended("bylaw/bylaw_1395/edition.toml", 'to = "1404-12-29"\n')(data_copy)
    for name, before, after in (
        ("edition.toml", '"1395-01-22"', f'"{NEW_BYLAW}"'),
        ("stop_rates.csv", "passenger,0.0015", "passenger,0.003"),
        ("stop_grace.csv", "warranty,2", "warranty,1"),
        ("warranty_minimums.csv", "light,24,40000", "light,36,60000"),
        (
            "sale_methods.csv",
            "presale_definite,270,9,,,yes,fixed,1,",
            "presale_definite,180,6,,,yes,fixed,2,",
        ),
        ("sale_figures.csv", "advance_percent,50", "advance_percent,30"),
        ("deadlines.csv", "complaint,20", "complaint,10"),
    ):
        replaced(new / name, before, after)(Path())
    check()
    return new


BOTH_SIDES = pytest.mark.parametrize(
    ("day", "edition"), [("1404-12-29", "bylaw_1395"), (NEW_BYLAW, "bylaw_1405")]
)


@BOTH_SIDES
@pytest.mark.usefixtures("next_bylaw")
def test_the_by_law_in_force_answers_with_its_own_clauses(day: str, edition: str) -> None:
    new = edition == "bylaw_1405"
    assert result("bylaw_in_force", on=day)["edition"] == edition
    sale = {"method": "presale_definite", "on": day}
    requests = {
        "minimum_warranty": {"vehicle_class": "light", "months": 24, "km": 40_000, "on": day},
        "sale_terms": {**sale, "delivery_months": 9, "cash_price_rial": 1_000_000_000},
        "delivery_delay": {**sale, "paid_rial": 100_000_000, "late_days": 30, "participation_percent": 0},
        "participation_profit": {**sale, "paid_rial": 365_000, "annual_percent": 10, "days": 1},
        "legal_deadline": {"rule": "complaint", "days": 15, "on": day},
        "withdrawal_interest": {
            "paid_rial": 365_000, "one_year_deposit_percent": 13, "contracted_on": day, "withdrawn_on": day,
            "repaid_after_days": 21,
        },
    }  # fmt: skip
    responses = {name: response(name, **request) for name, request in requests.items()}
    assert responses["minimum_warranty"]["result"]["meets"] is not new
    assert responses["sale_terms"]["result"]["delivery_allowed"] is not new
    assert responses["sale_terms"]["result"]["max_advance_rial"] == (300_000_000 if new else 500_000_000)
    assert responses["delivery_delay"]["result"]["amount_rial"] == (2_000_000 if new else 1_000_000)
    assert responses["legal_deadline"]["result"]["on_time"] is not new
    for name, response_of_edition in responses.items():
        assert response_of_edition["result"]["edition"] == edition
        assert {step["clause"].split(".")[1] for step in response_of_edition["steps"]} == {edition}, name


@pytest.mark.parametrize(
    ("admitted_on", "ready_on", "edition", "days", "amount"),
    [
        # Saturday 1404/12/16 to Wednesday 20; two working days pass, two are paid at 0.0015
        ("1404-12-16", "1404-12-20", "bylaw_1395", 2, 3_000_000),
        # Saturday 1405/01/15 to Wednesday 19; one working day passes, three are paid at 0.003
        ("1405-01-15", "1405-01-19", "bylaw_1405", 3, 9_000_000),
        # a stay across the change: Friday 1404/12/29, two working days, then 3 to 19 Farvardin at 0.0015
        ("1404-12-29", "1405-01-19", "bylaw_1395", 17, 25_500_000),
    ],
)
@pytest.mark.usefixtures("next_bylaw")
def test_a_stop_is_paid_by_its_first_days_by_law(
    admitted_on: str, ready_on: str, edition: str, days: int, amount: int
) -> None:
    request = {
        "vehicle_class": "passenger", "contract_price_rial": 1_000_000_000, "admitted_on": admitted_on,
        "ready_on": ready_on, "holidays": [],
    }  # fmt: skip
    answer = result("stop_compensation", **request)
    assert (answer["edition"], answer["payable_days"], answer["amount_rial"]) == (edition, days, amount)


@pytest.mark.usefixtures("next_bylaw")
def test_a_stay_across_two_by_laws_has_a_notice_and_alternative() -> None:
    request = {"vehicle_class": "passenger", "contract_price_rial": 1_000_000_000, "holidays": []}
    crossing = response("stop_compensation", **request, admitted_on="1404-12-29", ready_on="1405-01-19")
    others = {
        response_of_edition["reading"]: response_of_edition["result"]
        for response_of_edition in crossing["alternatives"]
    }
    assert others["A-12"]["edition"] == "bylaw_1405"


# --- A renumbered edition of every document

EXAMPLE_DOCUMENTS = ("bahman", "bylaw", "emdad", "iran_tire", "law", "mvm_fx")
NEW = "renumbered"


def newest(document: str) -> Edition:
    """Return the newest edition of a document in the shipped data."""
    return editions(document, DATA_DIR)[-1].edition


def renumber(data: Path, document: str, *, old_days: str, new_days: str) -> None:
    """Copy the newest edition with every clause renamed.

    An open start of the first edition is closed after 1 Farvardin 1300, the day that an old edition can be moved to.
    """
    old = data / document / newest(document).id
    first = editions(document, DATA_DIR)[0].edition
    if first.id != old.name and first.valid_from is None:
        prepended(f"{document}/{first.id}/edition.toml", 'from = "1300-01-02"\n')(data)
    new = old.with_name(NEW)
    shutil.copytree(old, new)
    for folder, days in ((old, old_days), (new, new_days)):
        settings = (folder / "edition.toml").read_text(encoding="utf-8")
        undated = re.sub(r"(?m)^(from|to) = .*\n", "", settings)
        (folder / "edition.toml").write_text(days + undated, encoding="utf-8")
    registered = (new / "clauses.toml").read_text(encoding="utf-8")
    (new / "clauses.toml").write_text(re.sub(r'(?m)^\["', '["renamed.', registered), encoding="utf-8")
    for file in new.rglob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            head, *lines = list(csv.reader(stream))
        columns = [index for index, column in enumerate(head) if column.endswith("clause")]
        for line in lines:
            for index in columns:
                line[index] = line[index] and f"renamed.{line[index]}"
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([head, *lines])
    check()


def cited_editions(example_response: Any, document: str) -> set[str]:  # noqa: ANN401 - an answer as JSON
    """Return the editions of a document that any part of an answer cites."""
    named = (clause.split(".") for clause in clauses_in(example_response) if clause)
    return {parts[1] for parts in named if parts[0] == document}


def example_answers() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every worked example with its response."""
    for example in all_examples():
        yield example, response(example["calculator"], **example["request"])


@cache
def shipped_answers() -> tuple[dict[str, Any], ...]:
    """Return the answers to the worked examples by the shipped data; call it before the data are copied."""
    return tuple(example_response for _, example_response in example_answers())


@pytest.mark.parametrize("document", EXAMPLE_DOCUMENTS)
def test_after_a_renumbered_edition_begins_no_answer_cites_the_old_one(
    document: str, request: pytest.FixtureRequest
) -> None:
    before, old = shipped_answers(), newest(document).id
    begins = newest(document).valid_from or "1300-01-02"
    renumber(
        request.getfixturevalue("whole_data_copy"),
        document,
        old_days='from = "1300-01-01"\nto = "1300-01-01"\n',
        new_days=f'from = "{begins}"\n',
    )
    cited = 0
    for (example, example_response), earlier in zip(example_answers(), before, strict=True):
        edition = earlier["result"].get("edition", old)
        named = example["request"].get("edition") == old
        if named or edition is None or cited_editions(earlier, document) != {old}:
            continue
        assert cited_editions(example_response, document) == {NEW}, example
        result = earlier["result"] | (
            {"edition": NEW} if "edition" in earlier["result"] and edition == old else {}
        )
        assert without_clauses(example_response["result"]) == without_clauses(result), example
        cited += 1
    assert cited > 1


@pytest.mark.parametrize("document", EXAMPLE_DOCUMENTS)
def test_before_a_renumbered_edition_begins_no_dated_answer_cites_it(
    whole_data_copy: Path, document: str
) -> None:
    old, begins = newest(document).id, newest(document).valid_from
    since = f'from = "{begins}"\n' if begins else ""
    ends = f'{since}to = "1498-12-29"\n'
    renumber(whole_data_copy, document, old_days=ends, new_days='from = "1499-01-01"\n')
    for example, example_response in example_answers():
        cited = cited_editions(example_response, document)
        assert not {old, NEW} <= cited, example
        edition = example_response["result"].get("edition")
        if edition in (old, NEW):
            assert NEW not in cited - {edition}, example


def without_clauses(value: Any) -> Any:  # noqa: ANN401 - an answer as JSON
    """Return a value without its clauses."""
    match value:
        case dict():
            return {name: without_clauses(item) for name, item in value.items() if name != "clause"}
        case list():
            return [without_clauses(item) for item in value]
        case _:
            return value


CHANGED_CELLS = {
    "bahman": ("first_service.csv", "", Decimal(1)),
    "bylaw": ("stop_rates.csv", "passenger,", Decimal("0.0001")),
    "emdad": ("shares.csv", "two_star,incident,", Decimal(1)),
    "iran_tire": ("figures.csv", "free_below_wear,", Decimal(31)),
    "law": ("figures.csv", "injury_repairs,", Decimal(1)),
    "mvm_fx": ("first_service.csv", "", Decimal(1)),
}
"""A table of each document, the start of a row, and what is added to the number that follows it."""


def change_cell(data: Path, document: str, edition: str) -> None:
    """Change the number of an edition that `CHANGED_CELLS` names."""
    table, row, more = CHANGED_CELLS[document]
    file = data / document / edition / table
    text, count = re.subn(
        rf"(?m)^({row})([\d.]+)(?=,)",
        lambda cell: f"{cell[1]}{Decimal(cell[2]) + more}",
        file.read_text(encoding="utf-8"),
    )
    assert count == 1
    file.write_text(text, encoding="utf-8")


def failing_examples() -> list[dict[str, Any]]:
    """Return the worked examples whose answers differ from the expected values."""
    failing = []
    for example in all_examples():
        try:
            assert_matches_example(example)
        except AssertionError:
            failing.append(example)
    return failing


@pytest.mark.parametrize("document", CHANGED_CELLS)
def test_a_changed_cell_fails_only_examples_of_its_edition(document: str, whole_data_copy: Path) -> None:
    edition = newest(document).id
    followed(Path(document) / edition)(whole_data_copy)
    change_cell(whole_data_copy, document, edition)
    failing = failing_examples()
    assert failing
    for example in failing:
        assert is_dated(example), example
        assert edition in cited_editions(response(example["calculator"], **example["request"]), document)


@pytest.mark.parametrize("document", CHANGED_CELLS)
def test_a_changed_cell_of_a_later_edition_fails_no_dated_example(
    document: str, whole_data_copy: Path
) -> None:
    followed(Path(document) / newest(document).id)(whole_data_copy)
    change_cell(whole_data_copy, document, NEXT)
    for example in failing_examples():
        assert not is_dated(example), example


RENEWAL = {"kind": "golden", "rate_rial": 1, "expires_on": "1404-01-01", "renewed_on": "1404-01-01"}
RECOVERED = {"event": "recovered_vehicle_repair", "level": "four_star", "damage_rial": 1}


@pytest.mark.parametrize(
    ("figure", "calculator", "request_fields", "key", "params"),
    [
        ("renewal_message_hours,48", "renewal", RENEWAL, "ask_after_48_hours", {"hours": 36}),
        (
            "repair_of_recovered_below_percent,60", "subscriber_share", RECOVERED, "recovered_under_limit",
            {"percent": "36"},
        ),
        (
            "tyre_replacement_after_km,60000", "compare_levels", {"levels": ["four_star"]},
            "tyre_after_km_in_period", {"km": 36},
        ),
        (
            "downtime_above_hours,48", "level_adviser", {"downtime_days_a_year": 1},
            "year_downtime_of_repairs", {"hours": 36},
        ),
    ],
)  # fmt: skip
def test_a_notice_names_the_figure_of_the_edition(
    data_copy: Path, *, figure: str, calculator: str, request_fields: dict[str, Any], key: str, params: object
) -> None:
    replaced(EMDAD / "figures.csv", f"{figure},", f"{figure.partition(',')[0]},36,")(data_copy)
    notices = answer(calculator, **request_fields)["notices"]
    assert [notice["params"] for notice in notices if notice["key"] == key] == [params]
