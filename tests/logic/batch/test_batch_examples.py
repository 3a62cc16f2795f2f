"""The files of `docs/examples/`: each row is a worked example, and `python -m logic batch` gives its answer."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from logic.__main__ import OK, main
from logic.core.registry import find
from tests.support.paths import ROOT
from tests.support.worked_examples import all_examples

FILES = sorted((ROOT / "docs" / "examples").glob("*.csv"))


def cell(value: object) -> str:
    """Return a request value as the text of a table cell."""
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ",".join(map(str, value))
        case _:
            return str(value)


def expected_of(calculator: str, row: dict[str, str]) -> dict[str, Any]:
    """Return the expected values of the worked example with the request of a row."""
    fields = find(calculator).request.model_fields
    request = {name: text for name, text in row.items() if name in fields and text}
    examples = (example for example in all_examples() if example["calculator"] == calculator)
    for example in examples:
        stated = {name: cell(value) for name, value in example["request"].items()}
        if stated == request:
            expected: dict[str, Any] = example["expect"]
            return expected
    pytest.fail(f"no worked example for {request}")


def assert_cells(expected: dict[str, Any], answer: Mapping[Any, Any], prefix: str = "") -> None:
    """Compare expected values with the columns of an answer; objects in a list may have more fields."""
    for name, value in expected.items():
        column = prefix + name
        match value:
            case None:
                assert column not in answer or pd.isna(answer[column]), column
            case dict():
                assert_cells(value, answer, f"{column}.")
            case list():
                for expected_item, item in zip(value, json.loads(answer[column]), strict=True):
                    assert {key: item[key] for key in expected_item} == expected_item, column
            case _:
                assert str(answer[column]) == str(value), column


def test_every_common_calculator_has_an_example_file() -> None:
    assert {file.stem for file in FILES} >= {
        "card_downtime", "level_eligibility", "service_schedule", "subscriber_share", "tyre_refund", "warranty_status",
    }  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_file_is_answered_as_calculated_by_hand(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "answers.parquet"
    command = ["batch", file.stem, "--in", str(file), "--out", str(target), "--threads", "--lists", "--quiet"]
    assert main(command) == OK
    with file.open(encoding="utf-8", newline="") as stream:
        rows = [*csv.DictReader(stream)]
    assert capsys.readouterr().err.endswith(f"\n{len(rows)} rows answered, 0 errors\n")
    answers = pd.read_parquet(target).to_dict("records")
    for row, answer in zip(rows, answers, strict=True):
        assert answer["plate"] == row["plate"]
        assert_cells(expected_of(file.stem, row), answer)
