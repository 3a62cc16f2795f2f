"""Read the worked examples of `tests/examples/`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

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
