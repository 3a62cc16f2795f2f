"""Add an edition of a document: copy the newest one, set the days of both, list what to change next.

``python -m tools.new_edition DOCUMENT EDITION --from DATE [--data FOLDER]``. Exit status: 0 if the edition
was added; 2 for wrong usage or data that do not allow it, and then no file is changed.
"""

import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from logic.core.errors import DataError
from logic.core.jalali import to_jalali
from logic.core.messages import message
from logic.core.models import EARLIEST_DAY, Day
from logic.datasets.dataset import SHIPPED
from logic.datasets.tables import EditionFolder, editions

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "tests" / "examples"
EDITION_ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


def day(text: str) -> date:
    """Read a Jalali or Gregorian day. Raises ArgumentTypeError."""
    try:
        return TypeAdapter(Day).validate_python(text)
    except ValidationError as error:
        code = error.errors()[0]["type"]
        raise argparse.ArgumentTypeError(f"{text!r}: {message(code)['en']}") from None


def edition_id(text: str) -> str:
    """Check the id of an edition and return it. Raises ArgumentTypeError."""
    if not EDITION_ID.fullmatch(text):
        problem = f"{text!r} is not an id: write lower-case words and digits, joined by underscores"
        raise argparse.ArgumentTypeError(problem)
    return text


def folder(text: str) -> Path:
    """Return a data folder. Raises ArgumentTypeError."""
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is not a folder")
    return Path(text).resolve()


def newest_edition(data: Path, document: str, edition: str, first_day: date) -> EditionFolder:
    """Return the edition to copy. Raises ValueError or DataError if the new one cannot follow it."""
    documents = sorted({file.parent.parent.name for file in data.glob("*/*/edition.toml")})
    if document not in documents:
        raise ValueError(f"no document is called {document!r}; choose one of: {', '.join(documents)}")
    if (data / document / edition).exists():
        raise ValueError(f"the edition exists: {relative(data / document / edition)}")
    newest = editions(document, data)[-1]
    start, end = newest.edition.valid_from or EARLIEST_DAY, newest.edition.valid_to
    if first_day <= start:
        raise ValueError(f"--from must be after {to_jalali(start)}, the first day of {newest.edition.id}")
    if end and first_day <= end:
        raise ValueError(f"--from must be after {to_jalali(end)}, the last day of {newest.edition.id}")
    return newest


def copy(old: Path, new: Path) -> None:
    """Copy the tables of an edition, but no hidden files, backups or other files."""

    def ignored(parent: str, names: list[str]) -> set[str]:
        return {
            name
            for name in names
            if name.startswith((".", "_", "~"))
            or not ((Path(parent) / name).is_dir() or name.endswith((".csv", ".toml")))
        }

    shutil.copytree(old, new, ignore=ignored)


def with_key(settings: str, key: str, value: str) -> str:
    """Return an edition.toml with a top-level key set; comments and everything else are unchanged."""
    line = f'{key} = "{value}"'
    top, table, rest = re.match(r"(?ms)(.*?)(^\[|\Z)(.*)", settings).groups()  # type: ignore[union-attr]
    top, count = re.subn(rf"""(?m)^{key}\s*=\s*("[^"\n]*"|'[^'\n]*'|[^\s#]+)""", line, top)
    if not count:
        after_from = re.search(r"(?m)^from\s*=.*\n", top)
        after_comments = re.match(r"(?:#.*\n|\s*\n)*", top)
        index = (after_from or after_comments).end()  # type: ignore[union-attr]
        top = f"{top[:index]}{line}\n{top[index:]}"
    return top + table + rest


def without_key(settings: str, key: str) -> str:
    """Return an edition.toml without a top-level key."""
    return re.sub(rf"(?m)^{key}\s*=.*\n", "", settings, count=1)


def add(data: Path, newest: EditionFolder, edition: str, first_day: date) -> None:
    """Write the new edition. Raises ValueError, with every file restored, if the result is invalid."""
    old, new = newest.path / "edition.toml", newest.path.with_name(edition) / "edition.toml"
    original = old.read_bytes()
    try:
        copy(old.parent, new.parent)
        settings = original.decode()
        new_settings = without_key(without_key(settings, "to"), "published")
        new.write_bytes(with_key(new_settings, "from", to_jalali(first_day)).encode())
        if newest.edition.valid_to is None:
            last_day = to_jalali(first_day - timedelta(days=1))
            old.write_bytes(with_key(settings, "to", last_day).encode())
        check(data)
    except BaseException:
        shutil.rmtree(new.parent, ignore_errors=True)
        old.write_bytes(original)
        raise


def check(data: Path) -> None:
    """Read the data folder in a new process, as the app does at its start. Raises ValueError."""
    run = subprocess.run(
        [sys.executable, "-m", "tools.check_data"],
        cwd=ROOT,
        env={**os.environ, "KHODROYAR_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise ValueError(f"the data folder is invalid: {run.stderr.strip()}")


def next_steps(newest: EditionFolder, edition: str) -> Iterator[str]:
    """Yield what to change in the copy of the old edition, with the names of the files."""
    document, new = newest.edition.document, newest.path.with_name(edition)
    tables = sorted(file for file in new.rglob("*.csv") if file.name != "citations.csv")
    citing = ", ".join(file.relative_to(new).as_posix() for file in tables if has_clause_column(file))
    published = newest.edition.published
    old_day = f" (that of {newest.edition.id}: {to_jalali(published)})" if published else ""
    yield f"{relative(new / 'edition.toml')}: titles in both languages, `published`{old_day}, comments."
    if (new / "clauses.toml").exists():
        yield (
            f"{relative(new / 'clauses.toml')}: clauses that changed number or text. Their keys are also in "
            f"citations.csv and in the clause columns of {citing}."
        )
    if (new / "citations.csv").exists():
        yield f"{relative(new / 'citations.csv')}: the clauses that answers cite besides those of table rows."
    names = ", ".join(file.relative_to(new).as_posix() for file in tables)
    yield f"{relative(new)}: figures and rows of {names}."
    if (new / "labels.toml").exists():
        yield f"{relative(new / 'labels.toml')}: the names of new ids, in both languages."
    examples = EXAMPLES / f"{document}.jsonl"
    if examples.exists():
        yield (
            f"{relative(examples)}: worked examples of the new edition, with a day on which it holds. Those "
            "without a day are answered by it now; give the ones that were counted from "
            f"{newest.edition.id} one of its days."
        )
        yield "data/answered.toml: python -m tools.trace_clauses writes it from the worked examples."
    yield "README.md (credits), CHANGELOG.md: the edition, its first day, what changed and for whom."


def has_clause_column(table: Path) -> bool:
    """Return whether a table has a column of clause keys."""
    with table.open(encoding="utf-8", newline="") as lines:
        return any(column.endswith("clause") for column in next(csv.reader(lines), []))


def relative(path: Path) -> str:
    """Return a path relative to the project's folder if it is inside."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def main(arguments: list[str] | None = None) -> int:
    """Add the edition that the command line names and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.new_edition", description="Add an edition.")
    parser.add_argument("document", metavar="DOCUMENT", help="a folder of the data folder, such as emdad")
    parser.add_argument("edition", metavar="EDITION", type=edition_id, help="the new id, such as ssa005_15")
    parser.add_argument(
        "--from", dest="first_day", metavar="DATE", type=day, required=True, help="the first day, 1405-01-01"
    )
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        type=folder,
        default=os.environ.get("KHODROYAR_DATA") or str(SHIPPED),
        help="another data folder; by default that of KHODROYAR_DATA, else data",
    )
    options = parser.parse_args(arguments)
    try:
        newest = newest_edition(options.data, options.document, options.edition, options.first_day)
        add(options.data, newest, options.edition, options.first_day)
    except (ValueError, DataError, OSError) as error:
        parser.error(str(error))
    print(f"Added {relative(newest.path.with_name(options.edition))}, a copy of {newest.edition.id}.")
    print(f"It holds from {to_jalali(options.first_day)} on. To do next:")
    for number, step in enumerate(next_steps(newest, options.edition), start=1):
        print(f"{number}. {step}")
    print("Then: python -m tools.check_data, make test. See docs/add-an-edition.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
