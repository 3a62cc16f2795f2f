"""The traceability register: each clause is answered in a worked example or listed as not answered."""

from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from logic.core.errors import DataError
from logic.core.messages import LANGUAGES, Language
from logic.core.registry import calculators
from logic.datasets.dataset import data_dir
from logic.datasets.tables import clauses
from logic.datasets.traceability import ANSWERED, traced_clauses
from tests.support.data_edits import EMDAD, Edit, appended, overwritten, removed, replaced
from tests.support.page_run import html, open_page
from tools.trace_clauses import calculators_by_clause, content
from ui.frame.navigation import PAGE_OF_CALCULATOR
from ui.l10n.text import text

ENTRIES = [entry for entries in traced_clauses().values() for entry in entries]
EDITIONS = sorted({(clause.document, clause.edition) for clause in clauses().values()})
cited = cache(calculators_by_clause)
NOT_ANSWERED = EMDAD / "not_answered.csv"
ONE_PROVISION_PER_NUMBER = ("bylaw", "iran_tire", "law")
"""The documents whose register lists each number once. Numbers of the others have several provisions."""


@pytest.mark.parametrize(("document", "edition"), EDITIONS)
def test_each_clause_is_cited_by_an_example_or_listed_as_unanswered(document: str, edition: str) -> None:
    registered = {name for name in clauses() if name.startswith(f"{document}.{edition}.")}
    cited_clauses = registered & {*cited()}
    unanswered = Counter(entry.id for entry in ENTRIES if entry.reason and entry.id in registered)
    assert registered - cited_clauses - {*unanswered} == set(), "neither cited nor in not_answered.csv"
    assert cited_clauses & {*unanswered} == set(), "cited, and in not_answered.csv too"
    assert {*unanswered.values()} <= {1}, "twice in not_answered.csv"


@pytest.mark.parametrize("document", ONE_PROVISION_PER_NUMBER)
def test_clause_of_a_calculator_is_not_listed_as_unanswered_by_its_number(document: str) -> None:
    clauses_of_number = defaultdict(list)
    for entry in traced_clauses()[document]:
        clause = entry.clause
        number = (clause.edition, clause.part, clause.article, clause.table, clause.annex, clause.note)
        clauses_of_number[number].append(entry)
    for number, entries in clauses_of_number.items():
        listed = [entry for entry in entries if entry.reason and entry.id is None]
        registered = [entry.id for entry in entries if entry.id]
        assert len(listed) < 2, f"not_answered.csv lists {number} twice"
        assert not (listed and registered), f"remove {number} from not_answered.csv: it is {registered}"


def test_each_clause_lists_the_calculators_whose_examples_cite_it() -> None:
    assert (data_dir() / ANSWERED).read_text(encoding="utf-8") == content(cited()), (
        "run python -m tools.trace_clauses"
    )
    expected = {clause: tuple(names) for clause, names in cited().items()}
    assert {entry.id: entry.calculators for entry in ENTRIES if entry.calculators} == expected


def test_every_calculator_answers_a_clause_and_has_a_page() -> None:
    assert {name for names in cited().values() for name in names} == {*calculators()}
    assert {*PAGE_OF_CALCULATOR} == {*calculators()}


def test_unanswered_clause_has_a_reason_and_gist_in_both_languages() -> None:
    for entry in ENTRIES:
        assert bool(entry.calculators) is not bool(entry.reason)
        assert entry.clause.fa
        assert entry.clause.en


@pytest.mark.parametrize("language", LANGUAGES)
def test_guide_shows_the_whole_register(language: Language) -> None:
    page = html(open_page("guide", language, {"list": "coverage"}))
    for document in traced_clauses():
        assert text(language)("source." + document) in page
    assert page.count("kh-fold") == len(traced_clauses())


def test_clause_that_no_example_cites_yet_has_neither_calculator_nor_reason(data_copy: Path) -> None:
    appended(EMDAD / "clauses.toml", '\n["p9"]\npart = "9"\nfa = "تازه"\nen = "New"\n')(data_copy)
    entry = next(entry for entry in traced_clauses()["emdad"] if entry.id == "emdad.ssa005_14.p9")
    assert (entry.calculators, entry.reason) == ((), None)


def test_clause_that_an_edition_lists_has_no_calculator(data_copy: Path) -> None:
    replaced(NOT_ANSWERED, "p3.5_1,", "p1,")(data_copy)
    entries = [entry for entry in traced_clauses()["emdad"] if entry.id == "emdad.ssa005_14.p1"]
    assert [(entry.calculators, entry.reason) for entry in entries] == [((), "shown")]


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (removed("answered.toml"), r"answered\.toml: No such file"),
        (overwritten("answered.toml", b"[calculators]\na = 5\n"), r"answered\.toml: column calculators: "),
        (removed(NOT_ANSWERED), r"not_answered\.csv: No such file"),
        (
            overwritten(NOT_ANSWERED, b"clause,reason\np99,shown\n"),
            r"not_answered\.csv:2: column clause: the clause 'p99' is not in clauses\.toml",
        ),
        (overwritten(NOT_ANSWERED, b"clause,reason\np1,boredom\n"), r"not_answered\.csv:2: column reason: "),
        (
            overwritten(NOT_ANSWERED, b"article,reason,fa\n1,shown,a\n2,shown,\n"),
            r"not_answered\.csv:2: column en: is empty",
        ),
    ],
)
def test_damaged_register_is_named_by_file_line_and_column(data_copy: Path, edit: Edit, problem: str) -> None:
    edit(data_copy)
    with pytest.raises(DataError, match=problem):
        traced_clauses()
