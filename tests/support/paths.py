"""Folders of the checkout that tests read."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA_DIR = ROOT / "data"
EXAMPLES_DIR = ROOT / "tests" / "examples"
AXE_SCRIPT = ROOT / "node_modules" / "axe-core" / "axe.min.js"
