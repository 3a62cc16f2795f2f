"""Worked examples: every request gives what was counted by hand from the document."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from logic.calculators import asked, calculators
from tests.support.calculator_client import answer
from tests.support.paths import ROOT
from tests.support.worked_examples import EXAMPLE_FILES, all_examples, read_examples, requests_of


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


@pytest.mark.parametrize(
    ("file", "index"),
    [
        pytest.param(file, index, id=f"{file.stem}-{index}-{example['calculator']}-{example['clause']}")
        for file in EXAMPLE_FILES
        for index, example in enumerate(read_examples(file))
    ],
)
def test_worked_example(file: Path, index: int) -> None:
    example = read_examples(file)[index]
    # As JSON, since a caller sees lists and numbers, not tuples and enums.
    actual = json.loads(json.dumps(answer(example["calculator"], **example["request"])))
    assert_contains(example["expect"], actual["result"], "result")
    if "alternatives" in example:
        assert_contains(example["alternatives"], actual["alternatives"], "alternatives")
    readings = {alternative["reading"]: alternative["result"] for alternative in actual["alternatives"]}
    assert_contains(example.get("readings", {}), readings, "readings")


def test_command_line_answers_worked_examples_as_the_library_does() -> None:
    requests = requests_of("subscriber_share")
    run = subprocess.run(
        [sys.executable, "-m", "logic", "run", "subscriber_share"],
        input="\n".join(json.dumps(request) for request in requests).encode(),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stderr == b""
    expected = [json.loads(json.dumps(answer("subscriber_share", **request))) for request in requests]
    assert [json.loads(line) for line in run.stdout.splitlines()] == expected


def test_each_calculator_has_worked_examples() -> None:
    own = [file for file in EXAMPLE_FILES if file.stem != "contract"]
    assert {example["calculator"] for file in own for example in read_examples(file)} == {*calculators()}
    assert {example["calculator"] for example in all_examples()} == {*calculators()}


def test_a_request_knows_its_calculator_and_an_answer_its_request() -> None:
    for name, calculator in calculators().items():
        given = calculator.answer(requests_of(name)[0])
        assert isinstance(given.request, calculator.request)
        assert asked(given.request) == name
