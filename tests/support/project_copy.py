"""Copy the project for tests that run its commands and change its files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

FOLDERS = ("data", "docs", "logic", "pages", "server", "tests", "tools", "ui")
FILES = ("app.py", "pyproject.toml")
IGNORED = ("__pycache__", "static")


def copy_project(target: Path) -> Path:
    """Copy what the repository tracks of the application, its tests and its tools; return the copy."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns(*IGNORED))
    for file in FILES:
        shutil.copy(ROOT / file, target / file)
    return target


def run_module(
    project: Path, *arguments: str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m …`` in a copy of the project; ``environment`` may set another data folder."""
    inherited = {name: value for name, value in os.environ.items() if name != "KHODROYAR_DATA"}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=project,
        env=inherited | environment,
        check=False,
    )
