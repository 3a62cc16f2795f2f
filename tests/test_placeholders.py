"""No TODO of `tools.new_calculator` is left in the repository."""

from collections.abc import Iterator

from tests.support.paths import ROOT

FOLDERS = ("data", "logic", "pages", "tests/examples", "tests/logic", "tests/support", "ui")
SUFFIXES = {".csv", ".jsonl", ".py", ".toml"}


def placeholders() -> Iterator[str]:
    """Yield every line with a TODO as ``file:line: text``."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in SUFFIXES and file.is_file():
                for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                    if "TODO" in line:
                        yield f"{file.relative_to(ROOT).as_posix()}:{number}: {line.strip()}"


def test_no_todo_is_left() -> None:
    lines = [*placeholders()]
    assert not lines, "\n".join(("left to write:", *lines))
