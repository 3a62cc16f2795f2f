"""Write ``bench/RESULTS.md``: a section per benchmark; running one again replaces its section only."""

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

Written by `make bench`; `make bench ONLY=batch` runs one benchmark and replaces its section only. Ratios within
a section come from one run. The machine is shared: from one minute to the next the same work can take 50 % longer or
a third less time, so ratios are more reliable than absolute figures.

Each section names the commit, the time and the machine of its run.
"""
Row = Sequence[object]


def table(header: Row, rows: Iterable[Row]) -> str:
    """Return a table in Markdown with words aligned left and figures aligned right."""
    cells = [[str(cell) for cell in row] for row in rows]
    figures = [all(re.match(r"[\d.–-]", row[index]) for row in cells) for index in range(len(header))]
    lines = [[*map(str, header)], ["--:" if figure else "---" for figure in figures], *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(title: str, command: str, body: str) -> None:
    """Write or replace a section, with the command, the commit and the machine."""
    section = f"{title}\n\n`{command}`, {_commit_and_machine()}\n\n{body.strip()}\n"
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    sections = {text.split("\n", 1)[0]: text for text in re.split(r"^## ", old, flags=re.MULTILINE)[1:]}
    sections[title] = section
    RESULTS.write_text(
        HEAD + "".join(f"\n## {text.strip()}\n" for text in sections.values()),
        encoding="utf-8",
    )


def _commit_and_machine() -> str:
    commit = _output_of("git", "rev-parse", "--short", "HEAD") + (
        ""
        if not _output_of("git", "status", "-s", "--", "app.py", "logic", "ui", "pages", "server", "data")
        else " and changes"
    )
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"commit {commit}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {_processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GiB; {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"Streamlit {version('streamlit')}, {_output_of(chromium.find() or 'chromium', '--version') or 'no Chromium'}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    match = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    return match[1].strip() if match else platform.processor() or platform.machine()


def _output_of(*command: str) -> str:
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
