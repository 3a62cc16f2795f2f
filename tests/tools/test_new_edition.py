"""``python -m tools.new_edition`` adds an edition that answers from its first day on, or changes nothing."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from logic.core.jalali import to_jalali
from logic.core.models import Day
from logic.datasets.dataset import Dataset
from logic.datasets.tables import editions, nearest
from tests.support.calculator_client import response
from tests.support.contract import clauses_in
from tests.support.data_edits import prepended, replaced
from tests.support.named_editions import NAMED_EDITIONS, later_editions, remove_editions
from tests.support.paths import DATA_DIR
from tests.support.project_copy import copy_project, run_module
from tests.support.worked_examples import all_examples
from tools import check_data
from tools.new_edition import main, with_key

OLD, NEW = "emdad/ssa005_14", "emdad/ssa005_15"
FIRST_DAY, LAST_OLD_DAY = "1403-01-01", "1402-12-29"
SHARE = {"level": "two_star", "event": "collision", "damage_rial": 1000}


def content(data: Path) -> dict[Path, bytes]:
    """Return every file of a data folder."""
    return {file.relative_to(data): file.read_bytes() for file in data.rglob("*") if file.is_file()}


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run the command, which must refuse; return what it says."""
    with pytest.raises(SystemExit) as exit_status:
        main([*arguments])
    assert exit_status.value.code == 2
    return capsys.readouterr().err


def test_copy_of_the_project_answers_by_the_new_edition_from_its_first_day(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    remove_editions(project / "data", later_editions())
    added = run_module(project, "tools.new_edition", "emdad", "ssa005_15", "--from", FIRST_DAY)
    assert (added.returncode, added.stderr) == (0, "")
    named = re.findall(r"(?:data|tests)/\w[\w/.]*\w", added.stdout)
    assert named
    assert [file for file in named if not (project / file).exists()] == []
    days = (LAST_OLD_DAY, FIRST_DAY)
    requests = "\n".join(json.dumps({**SHARE, "started_on": day}) for day in days)
    run = run_module(project, "logic", "run", "subscriber_share", stdin=requests)
    before, after = map(json.loads, run.stdout.splitlines())
    for response_of_day, edition in ((before, "ssa005_14"), (after, "ssa005_15")):
        assert response_of_day["result"]["edition"] == edition
        assert {clause.split(".")[1] for clause in clauses_in(response_of_day)} == {edition}


@pytest.mark.parametrize(
    ("document", "field", "first_day"),
    [("emdad", "started_on", FIRST_DAY), ("iran_tire", "on", "1405-01-01")],
)
def test_examples_dated_before_the_new_edition_answer_as_before(
    document: str, field: str, first_day: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = editions(document, DATA_DIR)[-1].edition.valid_from
    if newest and to_jalali(newest) >= first_day:
        first_day = to_jalali(newest + timedelta(days=365))
    examples = [example for example in all_examples() if example["request"].get(field, first_day) < first_day]
    before = [response(example["calculator"], **example["request"]) for example in examples]
    assert any(clause.startswith(document) for earlier in before for clause in clauses_in(earlier))
    shutil.copytree(DATA_DIR, tmp_path / "added")
    assert main([document, "next", "--from", first_day, "--data", str(tmp_path / "added")]) == 0
    data = (tmp_path / "added").rename(tmp_path / "data")
    monkeypatch.setattr("logic.datasets.dataset._current", Dataset(data))
    assert nearest(document).edition.valid_from == TypeAdapter(Day).validate_python(first_day)
    assert [response(example["calculator"], **example["request"]) for example in examples] == before


@pytest.mark.parametrize(
    "document",
    ["emdad", *(pytest.param(name, marks=pytest.mark.slow) for name in NAMED_EDITIONS if name != "emdad")],
)
def test_named_editions_are_the_newest_again_without_an_added_one(document: str, data_copy: Path) -> None:
    before = content(data_copy)
    assert main([document, "next", "--from", "1449-01-01", "--data", str(data_copy)]) == 0
    assert content(data_copy) != before
    remove_editions(data_copy, [Path(document) / "next"])
    assert content(data_copy) == before


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            ("calender", "next", "--from", FIRST_DAY),
            "no document is called 'calender'; choose one of: bahman,",
        ),
        (("places", "next", "--from", FIRST_DAY), "no document is called 'places'"),
        (("emdad", "ssa005_14", "--from", FIRST_DAY), "the edition exists"),
        (("emdad", "SSA005-15", "--from", FIRST_DAY), "'SSA005-15' is not an id"),
        (("emdad", "../up", "--from", FIRST_DAY), "'../up' is not an id"),
        (("emdad", "next", "--from", "1391-08-01"), "must be after 1391-08-01, the first day of ssa005_14"),
        (
            ("iran_tire", "next", "--from", "1300-01-01"),
            "must be after 1300-01-01, the first day of page_1403",
        ),
        (("law", "next", "--from", "1400-01-01"), "must be after 1400-01-01, the last day of law_1386"),
        (("emdad", "next", "--from", "1403-13-01"), "'1403-13-01': There is no such day"),
        (("emdad", "next"), "the following arguments are required: --from"),
    ],
)
def test_refusal_names_the_problem_and_changes_no_file(
    arguments: tuple[str, ...], problem: str, data_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepended("law/law_1386/edition.toml", 'to = "1400-01-01"\n')(data_copy)
    before = content(data_copy)
    assert problem in refusal(capsys, *arguments, "--data", str(data_copy))
    assert content(data_copy) == before


def test_data_folder_that_does_not_exist_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = refusal(capsys, "emdad", "next", "--from", FIRST_DAY, "--data", str(tmp_path / "none"))
    assert "is not a folder" in message


def test_data_folder_of_the_environment_and_gregorian_days_are_used(
    data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHODROYAR_DATA", str(data_copy))
    assert main(["iran_tire", "next", "--from", "2026-03-21"]) == 0
    assert content(data_copy)[Path("iran_tire/next/edition.toml")].startswith(b"# The page is dated")
    assert b'\nfrom = "1405-01-01"\n' in content(data_copy)[Path("iran_tire/next/edition.toml")]
    assert b'\nto = "1404-12-29"\n' in content(data_copy)[Path("iran_tire/page_1403/edition.toml")]


def test_check_names_the_damaged_file(data_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data_copy / "answered.toml").write_text("[")
    assert check_data.main([]) == check_data.DAMAGED
    assert "answered.toml" in capsys.readouterr().err


def test_check_finds_no_damage_in_an_undamaged_folder() -> None:
    assert check_data.main([]) == 0


def test_check_reads_the_folder_that_the_command_line_names(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA_DIR, copy)
    assert check_data.main(["--data", str(copy)]) == 0
    (copy / "answered.toml").write_text("[")
    assert check_data.main(["--data", str(copy)]) == check_data.DAMAGED
    assert "answered.toml" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--help"], 0), (["--data", "nowhere"], 2), (["data"], 2)]
)
def test_check_shows_its_usage(arguments: list[str], status: int) -> None:
    with pytest.raises(SystemExit) as left:
        check_data.main(arguments)
    assert left.value.code == status


def test_damaged_table_is_named_and_every_file_is_restored(
    data_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replaced(f"{OLD}/shares.csv", "two_star,incident,10,", "two_star,incident,ten,")(data_copy)
    before = content(data_copy)
    message = refusal(capsys, "emdad", "next", "--from", FIRST_DAY, "--data", str(data_copy))
    assert re.search(r"shares\.csv:\d+: column", message)
    assert content(data_copy) == before


def test_copy_has_tables_and_comments_but_no_dates_or_other_files(data_copy: Path) -> None:
    files = {
        "notes.txt": "x",
        ".hidden.csv": "x",
        "~$shares.csv": "x",
        "shares.csv~": "x",
        "__pycache__/a.csv": "x",
    }
    (data_copy / OLD / "__pycache__").mkdir()
    for name, text in files.items():
        (data_copy / OLD / name).write_text(text)
    before = content(data_copy)
    assert main(["emdad", "ssa005_15", "--from", FIRST_DAY, "--data", str(data_copy)]) == 0
    after = content(data_copy)
    tables_of_old = {file.relative_to(OLD) for file in before if file.is_relative_to(OLD)} - {
        *map(Path, files)
    }
    assert {file.relative_to(NEW) for file in after if file.is_relative_to(NEW)} == tables_of_old
    changed = {file.as_posix() for file in before if after[file] != before[file]}
    assert changed == {f"{OLD}/edition.toml"}
    settings = before[Path(OLD, "edition.toml")].decode()
    first = 'from = "1391-08-01"\n'
    assert after[Path(OLD, "edition.toml")].decode() == settings.replace(
        first, f'{first}to = "{LAST_OLD_DAY}"\n'
    )
    new = settings.replace("1391-08-01", FIRST_DAY).replace('published = "1391-07-24"\n', "")
    assert after[Path(NEW, "edition.toml")].decode() == new


def test_edition_that_ended_earlier_keeps_its_last_day(data_copy: Path) -> None:
    prepended(f"{OLD}/edition.toml", 'to = "1400-12-29"\n')(data_copy)
    before = content(data_copy)[Path(OLD, "edition.toml")]
    assert main(["emdad", "ssa005_15", "--from", FIRST_DAY, "--data", str(data_copy)]) == 0
    assert content(data_copy)[Path(OLD, "edition.toml")] == before
    assert b"to = " not in content(data_copy)[Path(NEW, "edition.toml")]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('# a\n\n[title]\nto = "x"\n', '# a\n\nto = "1"\n[title]\nto = "x"\n'),
        ('# a\nfrom = "0" # b\n[title]\n', '# a\nfrom = "0" # b\nto = "1"\n[title]\n'),
        ("to='0' # b\r\n[title]\r\n", 'to = "1" # b\r\n[title]\r\n'),
        ('title = { fa = "[x]" }\n', 'to = "1"\ntitle = { fa = "[x]" }\n'),
    ],
)
def test_key_is_set_beside_the_comments_of_the_file(settings: str, expected: str) -> None:
    assert with_key(settings, "to", "1") == expected
