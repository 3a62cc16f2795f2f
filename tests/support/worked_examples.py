"""Read and check the worked examples of `tests/examples/`.

A line holds the calculator, the request and what to expect. The request states a day, or the line the edition by
which it was counted.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.calculator_client import answer
from tests.support.paths import EXAMPLES_DIR

EXAMPLE_FILES = sorted(EXAMPLES_DIR.glob("*.jsonl"))
"""One file per document, counted by hand from it, and `contract.jsonl`, the examples of the contract."""


@cache
def read_examples(file: Path) -> list[dict[str, Any]]:
    """Return the examples of one file in its order."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def all_examples() -> list[dict[str, Any]]:
    """Return the examples of every file."""
    return [example for file in EXAMPLE_FILES for example in read_examples(file)]


def requests_of(calculator: str) -> list[dict[str, Any]]:
    """Return the requests of every example of a calculator."""
    return [example["request"] for example in all_examples() if example["calculator"] == calculator]


EDITION_FIELDS = ("started_on", "on", "contracted_on", "admitted_on", "edition")
"""The fields of requests that choose an edition."""


def is_dated(example: dict[str, Any]) -> bool:
    """Whether the request of an example itself chooses an edition."""
    return any(example["request"].get(field) for field in EDITION_FIELDS)


def assert_contains(expected: object, actual: object, path: str) -> None:
    """Compare what is expected; an object of the answer may have more fields."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict), path
        for name, value in expected.items():
            assert name in actual, f"{path}.{name}"
            assert_contains(value, actual[name], f"{path}.{name}")
    elif isinstance(expected, list):
        assert isinstance(actual, list), path
        assert len(actual) == len(expected), f"{path}: {actual}"
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            assert_contains(one, other, f"{path}[{index}]")
    else:
        assert actual == expected, path
        assert type(actual) is type(expected), path


def assert_as_counted(example: dict[str, Any]) -> None:
    """Fail unless the calculator answers an example as it was counted by hand."""
    # As JSON, since a caller sees lists and numbers, not tuples and enums.
    actual = json.loads(json.dumps(answer(example["calculator"], **example["request"])))
    assert_contains(example["expect"], actual["result"], "result")
    if "alternatives" in example:
        assert_contains(example["alternatives"], actual["alternatives"], "alternatives")
    readings = {alternative["reading"]: alternative["result"] for alternative in actual["alternatives"]}
    assert_contains(example.get("readings", {}), readings, "readings")
