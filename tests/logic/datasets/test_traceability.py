"""The coverage register: every registered clause stands in it, and what it promises is what the answers cite."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from logic.core.errors import DataError
from logic.core.messages import LANGUAGES, Language
from logic.core.registry import calculators
from logic.datasets.tables import clauses
from logic.datasets.traceability import coverage
from tests.support.calculator_client import response
from tests.support.page_run import html, open_page
from tests.support.worked_examples import all_examples
from ui.frame.navigation import PAGE_OF
from ui.l10n.text import text

ENTRIES = [entry for entries in coverage().values() for entry in entries]


def cited_by(part: object) -> Iterator[str]:
    """Every clause that an answer names, wherever it stands."""
    match part:
        case dict():
            yield from (str(value) for name, value in part.items() if name.endswith("clause") and value)
            yield from (clause for value in part.values() for clause in cited_by(value))
        case list():
            yield from (clause for value in part for clause in cited_by(value))


@cache
def citations() -> Mapping[str, set[str]]:
    """By calculator, the clauses that its answers to the worked examples cite."""
    found: dict[str, set[str]] = {name: set() for name in calculators()}
    for example in all_examples():
        answered = response(example["calculator"], **example["request"])
        found[example["calculator"]] |= {*cited_by(answered)}
    return found


def test_every_registered_clause_stands_in_the_register_once() -> None:
    listed = [entry.id for entry in ENTRIES if entry.id]
    assert sorted(listed) == sorted(clauses())


@pytest.mark.parametrize(
    ("clause", "names"), [(entry.id, entry.calculators) for entry in ENTRIES if entry.calculators]
)
def test_each_named_calculator_cites_the_clause_in_a_worked_example(
    clause: str, names: tuple[str, ...]
) -> None:
    assert {name for name in names if clause not in citations()[name]} == set()


def test_every_calculator_answers_a_clause_and_has_a_page() -> None:
    assert {name for entry in ENTRIES for name in entry.calculators} == {*calculators()}
    assert {*PAGE_OF} == {*calculators()}


def test_a_clause_outside_says_in_both_languages_what_stands_there() -> None:
    for entry in ENTRIES:
        assert bool(entry.calculators) is not bool(entry.reason)
        assert entry.clause.fa
        assert entry.clause.en


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_shows_the_whole_register(language: Language) -> None:
    shown = html(open_page("guide", language, {"list": "coverage"}))
    for document in coverage():
        assert text(language)("source." + document) in shown
    assert shown.count("kh-fold") == len(coverage())


@pytest.mark.parametrize(
    ("register", "problem"),
    [
        (
            '[emdad.answered]\n"emdad.p99" = ["renewal"]\n',
            r"coverage\.toml: column emdad\.p99: is not a registered",
        ),
        ('[[emdad.outside]]\narticle = "1"\nreason = "boredom"\n', r"outside 1: reason"),
        ('[[emdad.outside]]\narticle = "1"\nreason = "shown"\n', r"outside 1: fa: is empty"),
    ],
)
def test_a_damaged_register_is_named_by_file_and_place(data_copy: Path, register: str, problem: str) -> None:
    (data_copy / "coverage.toml").write_text(register, encoding="utf-8")
    with pytest.raises(DataError, match=problem):
        coverage()
