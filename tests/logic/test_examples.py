"""Worked examples: every request gives the values calculated by hand from the document."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from logic.core.registry import calculator_name, calculators
from tests.support.calculator_client import answer
from tests.support.contract import clauses_in
from tests.support.paths import ROOT
from tests.support.worked_examples import (
    EXAMPLE_FILES,
    all_examples,
    assert_matches_example,
    is_dated,
    read_examples,
    requests_of,
)


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
    assert_matches_example(example)


@pytest.mark.parametrize("file", EXAMPLE_FILES, ids=lambda file: file.stem)
def test_worked_examples_state_their_date_or_edition(file: Path) -> None:
    for example in read_examples(file):
        if "edition" in example:
            response = answer(example["calculator"], **example["request"])
            cited = {clause.rpartition(".")[0] for clause in clauses_in(response)}
            assert any(edition.startswith(example["edition"]) for edition in cited), example
        else:
            assert is_dated(example), example


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


def test_a_request_names_its_calculator_and_an_answer_its_request() -> None:
    for name, calculator in calculators().items():
        answer = calculator.answer(requests_of(name)[0])
        assert isinstance(answer.request, calculator.request)
        assert calculator_name(answer.request) == name
