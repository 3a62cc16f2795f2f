"""``bench/RESULTS.md``: a section for each thing measured; measuring one again replaces its section alone."""

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from tools import chromium

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = """# Measured

Written by `make bench`; `make bench ONLY=batch` measures one thing and replaces its section alone. Ratios within
a section come from one run. The machine is a shared one: the same work takes half as long again, or a third
less, from one minute to the next, so trust a ratio before a figure.

Each section says on which commit, when and where it was measured.
"""
Row = Sequence[object]


def table(heads: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown: words to the left, figures to the right."""
    listed = [[str(cell) for cell in row] for row in rows]
    figures = [all(re.match(r"[\d.–-]", row[place]) for row in listed) for place in range(len(heads))]
    lines = [[*map(str, heads)], ["--:" if figure else "---" for figure in figures], *listed]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(title: str, command: str, body: str) -> None:
    """Put a section in its place, with the command that made it and where it was made."""
    section = f"{title}\n\n`{command}`, {_where()}\n\n{body.strip()}\n"
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    sections = {each.split("\n", 1)[0]: each for each in re.split(r"^## ", old, flags=re.MULTILINE)[1:]}
    sections[title] = section
    RESULTS.write_text(
        HEAD + "".join(f"\n## {each.strip()}\n" for each in sections.values()), encoding="utf-8"
    )


def _where() -> str:
    commit = _said("git", "rev-parse", "--short", "HEAD") + (
        ""
        if not _said("git", "status", "-s", "--", "app.py", "logic", "ui", "pages", "server", "data")
        else " and changes"
    )
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"commit {commit}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {_processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB; {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"Streamlit {version('streamlit')}, {_said(chromium.find() or 'chromium', '--version') or 'no Chromium'}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
