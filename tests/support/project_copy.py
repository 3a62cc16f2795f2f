"""Copy the project, so that a test may run its commands and change its files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

FOLDERS = ("data", "docs", "logic", "pages", "server", "tests", "tools", "ui")
FILES = ("app.py", "pyproject.toml")
NOT_TRACKED = ("__pycache__", "static")


def copy_project(target: Path) -> Path:
    """Copy what the repository tracks of the application, its tests and its tools; return the copy."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns(*NOT_TRACKED))
    for file in FILES:
        shutil.copy(ROOT / file, target / file)
    return target


def run_module(
    project: Path, *arguments: str, given: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m …`` in a copy of the project, with its own data folder unless ``environment`` says else."""
    inherited = {name: value for name, value in os.environ.items() if name != "KHODROYAR_DATA"}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=project,
        env=inherited | environment,
        check=False,
    )
