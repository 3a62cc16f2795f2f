"""Call calculators as the command line does."""

import json
from typing import Any

from logic.core.registry import find, respond


def response(calculator: str, **fields: object) -> dict[str, Any]:
    """Return the whole response, valid or not."""
    return respond(find(calculator), json.dumps(fields).encode())


def answer(calculator: str, **fields: object) -> dict[str, Any]:
    """Return the whole response to a valid request."""
    valid = response(calculator, **fields)
    assert valid["ok"], valid
    return valid


def result(calculator: str, **fields: object) -> dict[str, Any]:
    """Return the result of a valid request."""
    fields_of_result: dict[str, Any] = answer(calculator, **fields)["result"]
    return fields_of_result


def alternatives(calculator: str, reading: str, **fields: object) -> list[dict[str, Any]]:
    """Return the results of one reading among the alternatives of a response."""
    all_alternatives = response(calculator, **fields)["alternatives"]
    return [alternative["result"] for alternative in all_alternatives if alternative["reading"] == reading]


def errors(calculator: str, **fields: object) -> set[tuple[str, str]]:
    """Return the field and code of each error of an invalid request."""
    invalid = response(calculator, **fields)
    assert not invalid["ok"], invalid
    return {(error["field"], error["code"]) for error in invalid["errors"]}


def notices(calculator: str, **fields: object) -> set[str]:
    """Return the keys of the notices of a response."""
    return {notice["key"] for notice in response(calculator, **fields)["notices"]}


def steps_of(calculator: str, **fields: object) -> list[tuple[str, Any]]:
    """Return key and value of each step; fail if a part of the answer has no clause."""
    valid = answer(calculator, **fields)
    parts = [part for name in ("steps", "notices", "alternatives") for part in valid[name]]
    assert all(isinstance(part["clause"], str) for part in parts), parts
    steps = valid["steps"]
    assert all(isinstance(step["inputs"], dict) for step in steps), steps
    return [(step["key"], step["value"]) for step in steps]


def clauses_of_steps(calculator: str, **fields: object) -> dict[str, str]:
    """Return the clause of each step by its key."""
    return {step["key"]: step["clause"] for step in answer(calculator, **fields)["steps"]}


def inputs_of_step(calculator: str, key: str, **fields: object) -> dict[str, Any]:
    """Return the inputs of the only step with a key."""
    (inputs,) = [step["inputs"] for step in answer(calculator, **fields)["steps"] if step["key"] == key]
    inputs_by_name: dict[str, Any] = inputs
    return inputs_by_name


def assert_no_edition(calculator: str, expected: dict[str, object], **fields: object) -> None:
    """Check the answer to a request on a day without an edition: no result but the expected fields."""
    actual = result(calculator, **fields)
    assert (actual["edition"], actual["reason"]) == (None, "no_edition")
    assert {name: actual[name] for name in expected} == expected
    assert steps_of(calculator, **fields) == [("no_edition", False)]
