"""Every input has a limit that is checked before any work, and no input causes a traceback."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from logic.batch.rows import answer_rows
from logic.core.answer import Answer
from logic.core.errors import DataError
from logic.core.models import Request, Result
from logic.core.registry import MAX_ERRORS, Calculator, _calculators, calculators, find, respond
from tests.support.calculator_client import response
from tests.support.worked_examples import requests_of

SHARE = {"level": "two_star", "event": "collision", "damage_rial": 20_000_000}
ENDLESS_NUMBERS = (
    "1e-99999999999999999999", "1e18446744073709551616", "1e999999", "-1e999999", "1e-999999", "0e999999",
    "18446744073709551616", "9" * 4000, "9" * 5000, "-0", "1.5e3",
)  # fmt: skip


def leaves(
    schema: dict[str, Any], definitions: dict[str, Any], path: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every collection and every text that a JSON Schema allows, with its path."""
    if "$ref" in schema:
        yield from leaves(definitions[schema["$ref"].rpartition("/")[2]], definitions, path)
    for option in schema.get("anyOf", []):
        yield from leaves(option, definitions, path)
    match schema.get("type"):
        case "array":
            yield path, schema
            yield from leaves(schema["items"], definitions, f"{path}[]")
        case "object" if "properties" in schema:
            for name, property_schema in schema["properties"].items():
                yield from leaves(property_schema, definitions, f"{path}.{name}")
        case "object":
            yield path, schema
        case "string":
            yield path, schema


@pytest.mark.parametrize("name", calculators())
def test_every_list_object_and_text_of_a_request_has_a_limit(name: str) -> None:
    schema = find(name).schema()["request"]
    limits = {"maxItems", "maxProperties", "maxLength", "enum", "const", "pattern"}
    unlimited = [
        path for path, leaf in leaves(schema, schema.get("$defs", {}), name) if not limits & leaf.keys()
    ]
    assert unlimited == []


@pytest.mark.parametrize(
    ("name", "field", "item", "limit"),
    [
        ("events_by_level", "events", {}, 12), ("events_by_level", "levels", "x", 9), ("compare_levels", "levels", "x", 9),
        ("warranty_status", "events", "x", 17), ("subscriber_share", "exclusions", 1, None), ("stop_compensation", "holidays", "", 1000),
        ("tyre_refund", "documents", "x", 50),
    ],
)  # fmt: skip
def test_a_list_that_is_too_long_is_one_error(name: str, field: str, item: object, limit: int | None) -> None:
    errors = [
        error for error in response(name, **{field: [item] * 5_000})["errors"] if error["field"] == field
    ]
    assert [error["code"] for error in errors] == ["too_many"]
    assert limit is None or f"{limit}" in errors[0]["message"]["en"]


def test_an_object_that_is_too_long_is_one_error() -> None:
    prices = {f"level {index}": 1 for index in range(5_000)}
    errors = response("level_adviser", prices_rial=prices)["errors"]
    assert [(error["field"], error["code"]) for error in errors] == [("prices_rial", "too_many")]


def test_fifty_errors_are_listed_and_the_others_counted() -> None:
    unknown = {f"field {index}": 1 for index in range(90)}
    errors = response("subscriber_share", **SHARE, **unknown)["errors"]
    assert len(errors) == MAX_ERRORS + 1 == 51
    assert errors[-1]["code"] == "more_errors"
    assert "40" in errors[-1]["message"]["en"]


def test_a_request_with_too_many_fields_is_refused_unread() -> None:
    (error,) = response("subscriber_share", **SHARE, **{f"field {index}": 1 for index in range(3_000)})[
        "errors"
    ]
    assert (error["field"], error["code"]) == ("request", "too_many")


@pytest.mark.parametrize("number", ENDLESS_NUMBERS)
@pytest.mark.parametrize("name", calculators())
def test_any_number_in_any_field_is_answered_or_refused(name: str, number: str) -> None:
    request = requests_of(name)[0]
    for field in find(name).request.model_fields:
        fields = json.dumps({**request, field: "NUMBER"}).replace('"NUMBER"', number)
        answer = respond(find(name), fields.encode())
        codes = {error["code"] for error in answer.get("errors", [])}  # type: ignore[attr-defined]
        assert "our_fault" not in codes, field
        line = json.dumps({**request, field: ["NUMBER"]}).replace('"NUMBER"', number)
        codes = {error["code"] for error in respond(find(name), line.encode()).get("errors", [])}  # type: ignore[attr-defined]
        assert "our_fault" not in codes, field


@pytest.mark.parametrize(
    "cell",
    ["[1e-99999999999999999999]", "[" * 100_000, "[[[[", '{"a":' * 50_000, "9" * 19, "9999999999999999999"],
)
def test_a_malicious_cell_is_an_error_of_its_row_only(cell: str) -> None:
    frame = pd.DataFrame(
        {"level": "two_star", "event": "collision", "damage_rial": "5", "exclusions": ["", cell, ""]}
    )
    part = answer_rows("subscriber_share", frame)
    assert list(part.answers.index) == [0, 2]
    assert set(part.errors["row"]) == {1}
    numbers = pd.DataFrame(
        {"new_depth_mm": "8", "remaining_depth_mm": "4", "new_price_rial": "5", "grade": ["", cell, ""]}
    )
    assert list(answer_rows("tyre_refund", numbers).answers.index) == [0, 2]


def test_a_byte_order_mark_is_skipped() -> None:
    line = json.dumps(SHARE).encode()
    assert respond(find("subscriber_share"), b"\xef\xbb\xbf" + line) == respond(
        find("subscriber_share"), line
    )


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('{"level": "two_star", "event": "hail", "damage_rial": 5, "damage_rial": 6}', "damage_rial"),
        ('{"": 1, "": 2}', "request"),
        ('{"events": [{"event": "hail", "event": "fire"}]}', "event"),
    ],
)
def test_a_repeated_key_is_refused(line: str, field: str) -> None:
    errors = respond(find("subscriber_share"), line.encode())["errors"]
    assert isinstance(errors, list)
    assert [(error["field"], error["code"]) for error in errors] == [(field, "repeated_key")]


class FaultyRequest(Request):
    amount: int


class FaultyResult(Result):
    amount: int


def fail(request: FaultyRequest) -> Answer[FaultyResult]:
    raise ZeroDivisionError(f"secret {request.amount}")


@pytest.fixture
def faulty_calculator(monkeypatch: pytest.MonkeyPatch) -> Calculator:
    """Register a calculator with a bug."""
    calculators()
    calculator = Calculator("faulty", FaultyRequest, FaultyResult, fail)
    monkeypatch.setitem(_calculators, "faulty", calculator)
    monkeypatch.setattr("logic.core.registry.calculators", lambda: _calculators)
    return calculator


def test_a_bug_in_a_calculator_is_reported_with_its_log_id(
    faulty_calculator: Calculator, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        errors = respond(faulty_calculator, b'{"amount": 123456789}')["errors"]
    assert isinstance(errors, list)
    assert errors[0]["code"] == "our_fault"
    (record,) = caplog.records
    fault = record.getMessage().split()[1]
    assert fault in errors[0]["message"]["fa"]
    assert fault in errors[0]["message"]["en"]
    assert "ZeroDivisionError" in record.getMessage()
    assert "123456789" not in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.usefixtures("faulty_calculator")
def test_a_bug_in_a_calculator_is_an_error_of_each_row() -> None:
    part = answer_rows("faulty", pd.DataFrame({"amount": ["1", "x", "2"]}))
    assert list(part.errors["code"]) == ["our_fault", "not_whole", "our_fault"]


def test_a_damaged_table_ends_a_batch(data_copy: Path) -> None:
    (data_copy / "emdad" / "ssa005_14" / "shares.csv").write_text("broken\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"shares\.csv"):
        answer_rows("subscriber_share", pd.DataFrame([SHARE]))
