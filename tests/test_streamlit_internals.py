"""Everything that the project uses of Streamlit beyond its public API is in docs/streamlit-internals.md, and exists.

An upgrade of Streamlit that removes an internal fails here with its name. No server or browser is
started; tests/browser/test_streamlit_markup.py checks the selectors that depend on the order of elements.
"""

import ast
import importlib
import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
import streamlit
from streamlit import config

from tests.support.paths import ROOT
from tests.support.streamlit_uses import options, uses
from ui.frame.html_shell import render_shell

DOCUMENT = ROOT / "docs" / "streamlit-internals.md"
STREAMLIT = Path(streamlit.__file__).parent
PRIVATE_IMPORTS_IN = {"ui/streamlit_internals.py", "tools/harness/streamlit_protocol.py"}
IN_TESTS = "tests"
"""How the document names the tests as a user."""
COLUMNS = 5
Internal = tuple[str, str]
"""A kind and a name."""


@cache
def used() -> Mapping[Internal, set[str]]:
    """Return every internal that the project uses, with the files that use it; the tests are one of them."""
    files: dict[Internal, set[str]] = defaultdict(set)
    for kind, name, file in uses():
        files[kind, name].add(IN_TESTS if file.startswith("tests/") else file)
    return files


@cache
def documented() -> Mapping[Internal, set[str]]:
    """Return the rows of the document: kind, name, files."""
    rows: dict[Internal, set[str]] = {}
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) == COLUMNS and cells[1].startswith("`"):
            kind, name, files, why, alternative = cells
            assert why, line
            assert alternative, line
            assert (kind, name.strip("`")) not in rows, f"listed twice: {line}"
            rows[kind, name.strip("`")] = set(re.findall(r"`([^`]+)`", files))
    return rows


def test_every_internal_in_use_is_documented() -> None:
    missing = {internal: sorted(files) for internal, files in used().items() if internal not in documented()}
    assert missing == {}, f"use a public API, or add a row to {DOCUMENT.name}"


def test_every_documented_internal_is_in_use() -> None:
    assert documented().keys() - used().keys() == set(), f"remove these rows from {DOCUMENT.name}"


def test_document_names_the_files_that_use_an_internal() -> None:
    wrong = {
        internal: sorted(used()[internal])
        for internal, files in documented().items()
        if internal in used() and used()[internal] != files
    }
    assert wrong == {}, f"these files belong into the third column of {DOCUMENT.name}"


def test_private_modules_are_imported_in_one_place() -> None:
    assert {
        name for (kind, _), names in used().items() if kind == "Python" for name in names
    } == PRIVATE_IMPORTS_IN


def test_every_documented_behaviour_has_its_test() -> None:
    tests = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT.read_text(encoding="utf-8"))
    assert tests
    for file, test in tests:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, (
            f"{file}::{test}"
        )


# ------------------------------------------------------------------------- what the installed Streamlit has


@cache
def front_end() -> str:
    """Return the scripts that Streamlit sends to the browser."""
    scripts = sorted((STREAMLIT / "static" / "static" / "js").glob("*.js"))
    assert scripts
    return "\n".join(script.read_text(encoding="utf-8") for script in scripts)


@cache
def strings_of_front_end() -> frozenset[str]:
    """Return the short string literals of these scripts."""
    return frozenset(re.findall(r"""[`"']([A-Za-z][\w -]{1,60})[`"']""", front_end()))


@cache
def server_source() -> str:
    folders = (STREAMLIT / "web", STREAMLIT / "runtime" / "state")
    files = (file for folder in folders for file in sorted(folder.rglob("*.py")))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@cache
def first_page() -> str:
    return (STREAMLIT / "static" / "index.html").read_text(encoding="utf-8")


def is_word_of(source: str, name: str) -> bool:
    """Return whether a name occurs by itself; a regular expression takes a second for the front end."""
    end = 0
    while (start := source.find(name, end)) >= 0:
        end = start + len(name)
        if not re.search(r"[\w-]", source[max(0, start - 1) : start] + source[end : end + 1]):
            return True
    return False


def is_test_id(name: str) -> bool:
    """Return whether the front end has a test id, as one text or composed like ``stBaseButton-${kind}``."""
    start, _, end = name.rpartition("-")
    composed = start != "" and f"`{start}-${{" in front_end() and end in strings_of_front_end()
    return name in strings_of_front_end() or composed


def is_address(name: str) -> bool:
    core = name.replace("_stcore", "{BASE_ROUTE_CORE}")
    return is_word_of(server_source(), name) or is_word_of(server_source(), core)


def can_be_imported(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        return hasattr(importlib.import_module(module or name), attribute) or bool(
            importlib.import_module(name)
        )
    except ImportError:
        return False


def has_attribute(name: str) -> bool:
    """Return whether a module or class has an attribute; one of an instance is searched in the source."""
    owner, _, attribute = name.rpartition(".")
    if can_be_imported(name):
        return True
    module, _, class_name = owner.rpartition(".")
    if not can_be_imported(owner):
        return False
    source = inspect.getsource(getattr(importlib.import_module(module), class_name))
    defined = rf"^\s+(self\.{attribute}\b.*=|{attribute}: |(async )?def {attribute}\()"
    return re.search(defined, source, re.MULTILINE) is not None


EXISTS: Mapping[str, Callable[[str], bool]] = {
    "test id": is_test_id,
    "class": lambda name: is_word_of(front_end(), name.lstrip(".")),
    "attribute": lambda name: is_word_of(front_end(), name),
    "state": lambda name: is_word_of(front_end(), name),
    "state value": lambda name: name in strings_of_front_end(),
    "text": lambda name: name in strings_of_front_end() or ("?" in name and name in front_end()),
    "font": lambda name: name in front_end(),
    "window property": lambda name: is_word_of(front_end(), name),
    "element id": lambda name: f'id="{name.lstrip("#")}"' in first_page(),
    "first page": lambda name: name in first_page(),
    "address": is_address,
    "cookie": lambda name: is_word_of(server_source(), name),
    "widget id": lambda name: name in server_source(),
    "Python": can_be_imported,
    "attribute in Python": has_attribute,
    "logger": can_be_imported,
    "option": lambda name: name in config.get_config_options(),
}
"""Whether the installed Streamlit has an internal, by kind."""
IN_BROWSER = "markup"
"""The kind that tests/browser/test_streamlit_markup.py checks."""


def test_installed_streamlit_has_every_internal() -> None:
    missing = [(kind, name) for kind, name in documented() if kind != IN_BROWSER and not EXISTS[kind](name)]
    assert not missing, (
        f"Streamlit {streamlit.__version__} lacks these; see {DOCUMENT.name} for their purpose: {missing}"
    )


def test_installed_streamlit_has_every_option_that_is_set() -> None:
    assert [name for name in options() if name not in config.get_config_options()] == []


def test_first_page_of_streamlit_takes_language_title_and_stylesheet() -> None:
    shell = render_shell(first_page(), "/share", "lang=fa")
    assert '<html lang="fa" dir="rtl"' in shell
    assert "<title>Streamlit" not in shell
    assert re.search(r'<link rel="stylesheet" href="\./khodroyar-\w+\.css"></body>', shell)


@pytest.mark.parametrize("kind", EXISTS)
def test_a_missing_internal_is_detected(kind: str) -> None:
    assert not EXISTS[kind](
        "streamlit.runtime.NoSuchName" if "." in kind or "Python" in kind else "noSuchName"
    )
