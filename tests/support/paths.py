"""Folders of the checkout that tests read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA_DIR = ROOT / "data"
EXAMPLES_DIR = ROOT / "tests" / "examples"
AXE_SCRIPT = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def places_table(name: str) -> Path:
    """Return the file of a table of places; dealers and offices are in folders of booklets."""
    editions = {"dealers.csv": "mvm_fx/guarantee_booklet", "offices.csv": "emdad/ssa005_14"}
    return DATA_DIR / editions.get(name, "places") / name
