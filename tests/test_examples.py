import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from logic.calculators import asked, calculators

HERE = Path(__file__).parent
OWN = sorted((HERE / "examples").glob("*.jsonl"))
"""Our own worked examples, a file per document; counted by hand from the documents, never from the code."""
FILES = [*OWN, *HERE.parents[1].glob("shared/examples.jsonl")]
"""And those of the contract, where they lie beside the checkout."""


@cache
def examples(file: Path) -> list[dict[str, Any]]:
    """The lines of a file whose calculator there is."""
    read = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [example for example in read if example["calculator"] in calculators()]


@cache
def answers(calculator: str) -> dict[tuple[Path, int], dict[str, Any]]:
    """What the command line answers to every request for one calculator, by file and number."""
    asked = [
        (file, number)
        for file in FILES
        for number, each in enumerate(examples(file))
        if each["calculator"] == calculator
    ]
    run = subprocess.run(
        [sys.executable, "-m", "logic", "run", calculator],
        input="\n".join(json.dumps(examples(file)[number]["request"]) for file, number in asked).encode(),
        capture_output=True,
        cwd=HERE.parent,
        check=True,
    )
    assert run.stderr == b""
    return dict(zip(asked, map(json.loads, run.stdout.splitlines()), strict=True))


def assert_holds(expected: object, found: object, where: str) -> None:
    """The found value has everything that is expected; an object may have more fields."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), where
        for name, value in expected.items():
            assert name in found, f"{where}.{name}"
            assert_holds(value, found[name], f"{where}.{name}")
    elif isinstance(expected, list):
        assert isinstance(found, list), where
        assert len(found) == len(expected), f"{where}: {found}"
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            assert_holds(one, other, f"{where}[{number}]")
    else:
        assert found == expected, where
        assert type(found) is type(expected), where


@pytest.mark.parametrize(
    ("file", "number"),
    [
        pytest.param(file, number, id=f"{file.stem}-{number}-{example['calculator']}-{example['clause']}")
        for file in FILES
        for number, example in enumerate(examples(file))
    ],
)
def test_a_worked_example_comes_out_as_the_documents_have_it(file: Path, number: int) -> None:
    example = examples(file)[number]
    answer = answers(example["calculator"])[file, number]
    assert answer["ok"], answer
    assert_holds(example["expect"], answer["result"], "result")
    if "alternatives" in example:
        assert_holds(example["alternatives"], answer["alternatives"], "alternatives")
    others = {each["reading"]: each["result"] for each in answer["alternatives"]}
    assert_holds(example.get("readings", {}), others, "readings")


def test_each_calculator_has_examples_of_its_own() -> None:
    assert {example["calculator"] for file in OWN for example in examples(file)} == {*calculators()}


def test_a_request_knows_its_calculator_and_an_answer_its_request() -> None:
    for name, calculator in calculators().items():
        example = next(each for file in OWN for each in examples(file) if each["calculator"] == name)
        found = calculator.answer(example["request"])
        assert isinstance(found.request, calculator.request)
        assert asked(found.request) == name
