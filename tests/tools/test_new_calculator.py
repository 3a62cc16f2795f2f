"""``python -m tools.new_calculator`` writes a calculator that answers, and a test names what is left to write."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.named_editions import later_editions, remove_editions
from tests.support.project_copy import copy_project, run_module
from tools.new_calculator import append_to_table, main

NAME = "invented_limit"
WRITTEN = {
    "bylaw_1395/clauses.toml", f"bylaw_1395/{NAME}.csv", "bylaw_1395/labels.toml",
    f"logic/sale/{NAME}.py", f"pages/sale/{NAME}.py", "tests/examples/bylaw.jsonl", f"tests/logic/sale/test_{NAME}.py",
    "tests/support/page_run.py", "ui/l10n/en.toml", "ui/l10n/fa.toml",
}  # fmt: skip
"""The files with something left to write."""


@pytest.mark.slow
def test_new_calculator_answers_and_reports_what_is_left_to_write(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    remove_editions(project / "data", later_editions())
    written = run_module(project, "tools.new_calculator", NAME, "--domain", "sale")
    assert (written.returncode, written.stderr) == (0, "")

    requests = [{"kind": "TODO", "days": days, "on": "1400-01-01"} for days in (30, 31)]
    requests.append({"kind": "TODO", "days": 30, "on": "1390-01-01"})
    run = run_module(project, "logic", "run", NAME, stdin="\n".join(map(json.dumps, requests)))
    at_limit, above, older = map(json.loads, run.stdout.splitlines())
    assert at_limit["result"] == {"edition": "bylaw_1395", "within": True, "limit_days": 30, "reason": None}
    assert {step["clause"] for step in at_limit["steps"]} == {f"bylaw.bylaw_1395.TODO_{NAME}"}
    assert above["result"]["within"] is False
    assert [error["code"] for error in older["errors"]] == ["not_in_edition"]

    tests = ("tests/test_placeholders.py", f"tests/logic/sale/test_{NAME}.py")
    report = run_module(project, "pytest", "-q", "-p", "no:cacheprovider", *tests).stdout
    assert "1 failed, 4 passed" in report
    pages = (
        "tests/pages/test_pages.py",
        "-k",
        f"{NAME} and (opens_without_parameters or answers_its_example_link)",
    )
    assert "4 passed" in run_module(project, "pytest", "-q", "-p", "no:cacheprovider", *pages).stdout
    assert [file for file in WRITTEN if f"{file}:" not in report] == []
    checked = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "logic", "pages", "tests/logic", "ui"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("Key-Cover", "--domain", "card"), "'Key-Cover' is not a name"),
        (("class", "--domain", "card"), "'class' is not a name"),
        (("tyre_refund", "--domain", "tyre"), "logic/tyre/tyre_refund.py exists"),
        (("batch", "--domain", "tyre"), "logic/batch exists"),
        (("step", "--domain", "card"), "ui/l10n/en.toml has a table [step]"),
        ((NAME, "--domain", "tyres"), "invalid choice: 'tyres'"),
        (
            (NAME, "--domain", "tyre", "--document", "mvm_fx"),
            "data/mvm_fx/guarantee_booklet/citations.csv has no key `scope`",
        ),
        (
            (NAME, "--domain", "tyre", "--document", "overview"),
            "data/overview/brief_review/citations.csv has no key `scope`",
        ),
        (
            (NAME, "--domain", "tyre", "--document", "nobody"),
            "no document is called 'nobody'; choose one of: bahman, bylaw,",
        ),
    ],
)
def test_refusal_names_the_problem(
    arguments: tuple[str, ...], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_status:
        main([*arguments])
    assert exit_status.value.code == 2
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize(
    ("toml", "expected"),
    [
        ("\n[a]\nx = 1\n\n[b]\n", "\n[a]\nx = 1\ny = 2\n\n[b]\n"),
        ("\n[a]\nx = [1]\n[[b]]\n", "\n[a]\nx = [1]\ny = 2\n\n[[b]]\n"),
        ("\n[a]\nx = 1\n", "\n[a]\nx = 1\ny = 2\n"),
    ],
)
def test_lines_are_added_at_the_end_of_their_table(toml: str, expected: str) -> None:
    assert append_to_table(toml, "a", "y = 2\n") == expected
