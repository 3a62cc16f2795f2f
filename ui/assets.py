"""The scripts, styles, markup and fonts of the interface."""

from pathlib import Path

UI = Path(__file__).parent
STATIC = UI / "static"
"""What `make` fetches from npm."""
ICON = UI / "frame" / "icon.svg"


def read_asset(path: str) -> str:
    """Return the text of a file below ``ui/``."""
    return (UI / path).read_text(encoding="utf-8").strip()
