"""The package as pip sees it: an editable install with the command `khodroyar`, no wheel, pinned requirements."""

import ast
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import logic
from tests.support.paths import ROOT
from tests.support.project_copy import copy_project

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PIP = ("-m", "pip", "--disable-pip-version-check")
OFFLINE = ("--no-deps", "--no-build-isolation", "--no-index")


def in_folder(folder: Path, *command: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, input=stdin, capture_output=True, cwd=folder, check=False, timeout=120)


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Make an environment of its own that finds the packages of this one."""
    folder = tmp_path / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "packages.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "python"


@pytest.mark.slow
def test_an_editable_install_provides_the_console_script(python: Path, tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    installed = in_folder(project, python, *PIP, "install", *OFFLINE, "--editable", ".")
    assert installed.returncode == 0, installed.stderr.decode()
    script = python.with_name("khodroyar")
    line = b'{"level": "two_star", "event": "collision", "damage_rial": 1000}\n'
    assert script.is_file()
    for arguments, status, stdin in (
        (("--version",), 0, b""),
        (("run", "subscriber_share"), 1, line + b"{"),
        (("run", "nothing"), 2, line),
    ):
        by_module = in_folder(project, python, "-m", "logic", *arguments, stdin=stdin)
        by_name = in_folder(tmp_path, script, *arguments, stdin=stdin)
        assert by_name.returncode == by_module.returncode == status
        assert by_name.stdout == by_module.stdout
        assert by_name.stderr == by_module.stderr.replace(b"python -m logic", b"khodroyar")
    description = in_folder(tmp_path, python, *PIP, "show", "khodroyar").stdout.decode()
    assert f"Version: {logic.__version__}\n" in description


@pytest.mark.slow
def test_a_wheel_without_the_data_is_refused(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "project")
    refused = in_folder(project, sys.executable, *PIP, "wheel", *OFFLINE, ".")
    assert refused.returncode != 0
    assert b"pip install -e ." in refused.stdout + refused.stderr
    assert not [*project.glob("*.whl")]


def test_the_version_is_written_once() -> None:
    assert PROJECT["dynamic"] == ["version"]
    literal = re.compile(rf"""["']{re.escape(logic.__version__)}["']""")
    files = [
        *ROOT.glob("*.toml"),
        *(f for part in ("logic", "server", "ui") for f in (ROOT / part).rglob("*.py")),
    ]
    found = [file for file in files if literal.search(file.read_text(encoding="utf-8"))]
    assert [file.relative_to(ROOT).as_posix() for file in found] == ["logic/__init__.py"]


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def required_names(requirements: list[str]) -> set[str]:
    names = {re.split(r"[^\w.-]", requirement)[0] for requirement in requirements}
    return names - {"khodroyar"}


def test_the_requirement_files_match_the_projects_dependencies() -> None:
    app, batch, dev = map(pins, ("requirements.txt", "requirements-batch.txt", "requirements-dev.txt"))
    extras = PROJECT["optional-dependencies"]
    assert required_names(PROJECT["dependencies"]) <= app.keys()
    assert required_names(extras["batch"]) <= batch.keys() - app.keys()
    assert required_names(extras["dev"]) <= dev.keys()
    assert app.items() <= batch.items() <= dev.items()


def test_the_app_imports_only_its_requirements() -> None:
    distributions = packages_distributions()
    app = pins("requirements.txt").keys()
    folders = ("logic", "pages", "server", "ui")
    files = [ROOT / "app.py", *(file for folder in folders for file in (ROOT / folder).rglob("*.py"))]
    missing = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=names):
                    modules = [alias.name for alias in names]
                case ast.ImportFrom(module=str(module)):
                    modules = [module]
                case _:
                    continue
            for module in modules:
                package = module.partition(".")[0]
                found = {name.lower().replace("_", "-") for name in distributions.get(package, [])}
                if found and not found & app:
                    missing.add((file.relative_to(ROOT).as_posix(), package))
    assert missing == set()
