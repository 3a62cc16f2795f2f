"""Edits of a copy of the data folder, each a function of the copy's path, and the folder of the card booklet."""

from collections.abc import Callable
from pathlib import Path

EMDAD = Path("emdad") / "ssa005_14"
Edit = Callable[[Path], object]


def replaced(file: Path | str, old: str, new: str) -> Edit:
    """Replace the first occurrence of a text that must be there."""

    def edit(data: Path) -> None:
        text = (data / file).read_text(encoding="utf-8")
        assert old in text
        (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def overwritten(file: Path | str, content: bytes) -> Edit:
    """Replace the whole content of a file."""
    return lambda data: (data / file).write_bytes(content)


def appended(file: Path | str, text: str) -> Edit:
    """Add a text at the end of a file."""

    def edit(data: Path) -> None:
        with (data / file).open("a", encoding="utf-8") as stream:
            stream.write(text)

    return edit


def prepended(file: Path | str, text: str) -> Edit:
    """Add a text at the start of a file."""
    return lambda data: (data / file).write_bytes(text.encode() + (data / file).read_bytes())


def removed(file: Path | str) -> Edit:
    """Delete a file."""
    return lambda data: (data / file).unlink()
