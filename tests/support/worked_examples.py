"""Read and check the worked examples of `tests/examples/`.

A line has the calculator, the request and the expected values. The request has a day, or the line has the
edition by which it was calculated.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.calculator_client import answer
from tests.support.paths import EXAMPLES_DIR

EXAMPLE_FILES = sorted(EXAMPLES_DIR.glob("*.jsonl"))
"""One file per document, calculated by hand, and `contract.jsonl`, the examples of the contract."""


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
    """Return whether the request of an example chooses an edition itself."""
    return any(example["request"].get(field) for field in EDITION_FIELDS)


def assert_contains(expected: object, actual: object, path: str) -> None:
    """Fail unless the actual value equals the expected one; objects may have more fields than expected."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict), path
        for name, value in expected.items():
            assert name in actual, f"{path}.{name}"
            assert_contains(value, actual[name], f"{path}.{name}")
    elif isinstance(expected, list):
        assert isinstance(actual, list), path
        assert len(actual) == len(expected), f"{path}: {actual}"
        for index, (expected_item, item) in enumerate(zip(expected, actual, strict=True)):
            assert_contains(expected_item, item, f"{path}[{index}]")
    else:
        assert actual == expected, path
        assert type(actual) is type(expected), path


def assert_matches_example(example: dict[str, Any]) -> None:
    """Fail unless the calculator answers an example as it was calculated by hand."""
    # As JSON: a caller gets lists and strings, not tuples and enums.
    actual = json.loads(json.dumps(answer(example["calculator"], **example["request"])))
    assert_contains(example["expect"], actual["result"], "result")
    if "alternatives" in example:
        assert_contains(example["alternatives"], actual["alternatives"], "alternatives")
    readings = {alternative["reading"]: alternative["result"] for alternative in actual["alternatives"]}
    assert_contains(example.get("readings", {}), readings, "readings")
