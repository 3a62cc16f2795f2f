"""The documentation names files that exist."""

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "deploy" / "README.md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_test_file_that_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"tests/[\w/]+\.py", document.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).is_file()] == []
