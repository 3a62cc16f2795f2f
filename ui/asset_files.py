"""Read the scripts, styles and markup of ``ui/assets/``."""

from pathlib import Path

ASSETS = Path(__file__).parent / "assets"


def read_asset(name: str) -> str:
    """Return the text of a file in ``ui/assets/``."""
    return (ASSETS / name).read_text(encoding="utf-8").strip()
