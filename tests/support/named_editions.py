"""The editions whose rules and rows the tests state, and data folders without the later ones.

A test that names a figure, a clause or a row of a document uses the fixture `named_editions` or `data_copy`, so that a
later edition does not change what a request without a day means. Worked examples, texts and the checks of every table
read the whole data folder.
"""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from logic.datasets.tables import editions
from tests.support.paths import DATA_DIR

NAMED_EDITIONS = {
    "bahman": "guarantee_page",
    "bylaw": "bylaw_1395",
    "calendar": "official",
    "emdad": "ssa005_14",
    "iran_tire": "page_1403",
    "law": "law_1386",
    "mvm_fx": "guarantee_booklet",
    "overview": "brief_review",
}
"""The last edition of each document that the tests name."""


def later_editions() -> list[Path]:
    """Return the editions that follow the named ones, as folders within the data folder."""
    return [
        Path(document) / folder.edition.id
        for document, named in NAMED_EDITIONS.items()
        for folder in editions(document, DATA_DIR)[edition_ids(document).index(named) + 1 :]
    ]


def edition_ids(document: str) -> list[str]:
    """Return the ids of the editions of a document in the shipped data, oldest first."""
    return [folder.edition.id for folder in editions(document, DATA_DIR)]


def copy_up_to_named_editions(target: Path) -> Path:
    """Copy the data folder without the later editions and return the copy."""
    shutil.copytree(DATA_DIR, target)
    remove_editions(target, later_editions())
    return target


def remove_editions(data: Path, later: Iterable[Path]) -> None:
    """Remove editions that follow the named ones; the end of the named ones is open again."""
    for edition in later:
        document = edition.parent.name
        shutil.rmtree(data / edition)
        named = data / document / NAMED_EDITIONS[document] / "edition.toml"
        named.write_text(re.sub(r"(?m)^to\s*=.*\n", "", named.read_text(encoding="utf-8")), encoding="utf-8")
