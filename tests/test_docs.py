"""The documents name what exists, link to each other and stay short."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from logic.__main__ import EXIT_STATUS
from logic.core.registry import calculators
from tests.support.paths import ROOT

FOLDERS = ("bench", "data", "deploy", "docs", "tests", "tools")
DOCUMENTS = sorted(
    file
    for file in (*ROOT.glob("*.md"), *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.md")))
    if not any(part.startswith(".") for part in file.relative_to(ROOT).parts)
)
CHANGELOG = ROOT / "CHANGELOG.md"
CURRENT = [document for document in DOCUMENTS if document != CHANGELOG]
"""The changelog names what no longer exists."""
DECISIONS = ROOT / "docs" / "decisions"
SOURCE = r"(?:bench|data|deploy|docs|logic|pages|server|tests|tools|ui|\.streamlit)/"
NAMED_PATH = re.compile(rf"(?<![\w/.<-]){SOURCE}[\w./-]*[\w/]")
NAMED_MODULE = re.compile(r"python -m (\w+(?:\.\w+)*)")
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
NAMED_TARGET = re.compile(r"^make ([a-z][a-z-]*)", re.MULTILINE)
NAMED_TEST = re.compile(r"`(test_\w+)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
EXAMPLE = re.compile(r"key_cover|page_1405")
"""The calculator and the edition that the two walk-throughs add."""
EXAMPLE_OF_A_NAME = "test_flood_share_is_at_least_twenty_percent"
INSTALLED = {"mypy", "pytest"}
NOT_TRACKED = {"ui/static/"}
README_WORDS = range(600, 801)
MAX_CONTRIBUTING_WORDS = 900
MAX_TERMS = 8
DECISION_WORDS = range(80, 201)
DECISION_PARTS = ["Context", "Decision", "Consequences"]


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def name_of(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


def word_count(markdown: str) -> int:
    """Return the number of words, without lines of pictures and the targets of links."""
    lines = (line for line in markdown.splitlines() if "![" not in line)
    return len(re.findall(r"[^\W_][\w'’.,/-]*", re.sub(r"\]\([^)]*\)", "]", "\n".join(lines))))


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub forms them."""
    headings = re.findall(r"^#+ (.+)$", text_of(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: Path) -> Iterator[str]:
    """Yield the relative links that lead to no file, or to no heading of it."""
    for link in LINK.findall(text_of(document)):
        path, _, anchor = link.partition("#")
        if re.match(r"\w+:", link):
            continue
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def missing_paths(document: Path) -> Iterator[str]:
    """Yield the named files and folders that do not exist."""
    for path in NAMED_PATH.findall(text_of(document)):
        if not EXAMPLE.search(path) and path not in NOT_TRACKED and not (ROOT / path).exists():
            yield path


def missing_modules(document: Path) -> Iterator[str]:
    """Yield the modules after ``python -m`` that do not exist."""
    for module in NAMED_MODULE.findall(text_of(document)):
        path = ROOT / module.replace(".", "/")
        if not (module in INSTALLED or path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()):
            yield module


def missing_targets(document: Path) -> Iterator[str]:
    """Yield the commands of make that do not exist."""
    targets = {*re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE)}
    for block, span in CODE.findall(text_of(document)):
        yield from (target for target in NAMED_TARGET.findall(block or span) if target not in targets)


@cache
def names_of_tests() -> frozenset[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return frozenset(
        name for file in files for name in re.findall(r"^def (test_\w+)\(", text_of(file), re.MULTILINE)
    )


def missing_tests(document: Path) -> Iterator[str]:
    """Yield the tests that do not exist."""
    for name in NAMED_TEST.findall(text_of(document)):
        if name not in names_of_tests() and name != EXAMPLE_OF_A_NAME:
            yield name


def test_documents_are_found() -> None:
    assert {"README.md", "docs/serving.md", "deploy/README.md", "bench/RESULTS.md"} <= {
        *map(name_of, DOCUMENTS)
    }


def test_every_relative_link_leads_to_a_file() -> None:
    assert {name_of(document): links for document in DOCUMENTS if (links := [*broken_links(document)])} == {}


@pytest.mark.parametrize("missing", [missing_paths, missing_modules, missing_targets, missing_tests])
def test_paths_modules_targets_and_tests_in_documents_exist(missing: Callable[[Path], Iterator[str]]) -> None:
    assert {name_of(document): names for document in CURRENT if (names := [*missing(document)])} == {}


def test_index_lists_every_decision_with_its_title() -> None:
    rows = re.findall(
        r"^\| \[(\d{3})\]\(([^)]+)\) \| (.+) \|$", text_of(DECISIONS / "README.md"), re.MULTILINE
    )
    files = sorted(file for file in DECISIONS.glob("*.md") if file.name != "README.md")
    assert [file for _, file, _ in rows] == [file.name for file in files]
    assert [number for number, _, _ in rows] == [f"{number:03}" for number in range(1, len(files) + 1)]
    for (number, _, title), file in zip(rows, files, strict=True):
        assert file.name.startswith(f"{number}-")
        assert text_of(file).startswith(f"# {number}. {title}\n\nStatus: ")


def test_each_decision_is_short_and_has_every_part() -> None:
    for decision in DECISIONS.glob("[0-9]*.md"):
        text = text_of(decision)
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == DECISION_PARTS, decision.name
        assert word_count(text) in DECISION_WORDS, decision.name


def test_readme_is_short() -> None:
    assert word_count(text_of(ROOT / "README.md")) in README_WORDS


def test_readme_links_to_every_document_for_developers() -> None:
    readme = text_of(ROOT / "README.md")
    documents = {*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), DECISIONS / "README.md"}
    unlinked = {name_of(document) for document in documents if f"]({name_of(document)})" not in readme}
    assert unlinked == {"README.md"}


def test_contributing_is_one_page_and_defines_few_terms_first() -> None:
    contributing = text_of(ROOT / "CONTRIBUTING.md")
    assert word_count(contributing) <= MAX_CONTRIBUTING_WORDS
    first_section = contributing.split("\n## ")[1]
    assert first_section.startswith("Terms\n")
    terms = re.findall(r"^\| (\w+) \|", first_section, re.MULTILINE)[1:]
    assert 0 < len(terms) <= MAX_TERMS


def test_every_exit_status_is_documented() -> None:
    statuses = re.findall(r"^  (\d+) ", EXIT_STATUS, re.MULTILINE)
    assert statuses
    document = text_of(ROOT / "docs" / "command-line.md")
    assert [status for status in statuses if f"\n| {status} |" not in document] == []


def test_every_count_of_the_calculators_is_right() -> None:
    counts = {
        name_of(document): re.findall(r"\b(\d+)\s+calculators\b", text_of(document)) for document in CURRENT
    }
    right = str(len(calculators()))
    assert {name: numbers for name, numbers in counts.items() if {*numbers} - {right}} == {}
