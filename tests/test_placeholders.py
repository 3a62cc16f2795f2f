"""What `tools.new_calculator` leaves to be written is marked TODO, and nothing that is marked may stay."""

from collections.abc import Iterator

from tests.support.paths import ROOT

FOLDERS = ("data", "logic", "pages", "tests/examples", "tests/logic", "tests/support", "ui")
SUFFIXES = {".csv", ".jsonl", ".py", ".toml"}


def placeholders() -> Iterator[str]:
    """Name every marked line as ``file:line: text``."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in SUFFIXES and file.is_file():
                for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                    if "TODO" in line:
                        yield f"{file.relative_to(ROOT).as_posix()}:{number}: {line.strip()}"


def test_nothing_is_left_to_write() -> None:
    left = [*placeholders()]
    assert not left, "\n".join(("left to write:", *left))
