"""Runs of `python -m logic batch`: no row is lost, no file is overwritten, every failure has a message."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import distributed
import pandas as pd
import psutil
import pytest

import logic
from logic.__main__ import DAMAGED, FAILED, INVALID, OK, STOPPED, UNWRITTEN, USAGE, main
from logic.batch import run as batch_run
from logic.batch.parts import OutputError, part_file
from logic.batch.rows import BatchError, InputPart, answer_rows
from logic.batch.run import BatchJob, WorkerError, run
from tests.support.batch_files import schedules
from tests.support.data_edits import EMDAD, replaced
from tests.support.paths import ROOT
from tools.harness.app_server import wait_for


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "cars.csv"
    schedules(3_000).to_csv(path, index=False)
    return path


def batch_job(source: Path, ending: str = ".csv", **more: Any) -> BatchJob:  # noqa: ANN401 - fields of BatchJob
    target = source.with_name(f"answers{ending}")
    values = {"workers": 2, "threads": True, "part_rows": 500, **more}
    return BatchJob("service_schedule", source, target, source.with_name("errors.csv"), **values)


def read_answers(job: BatchJob) -> pd.DataFrame:
    read = pd.read_csv if job.target.suffix == ".csv" else pd.read_parquet
    return read(job.target)


def expected(source: Path) -> pd.DataFrame:
    part = answer_rows("service_schedule", pd.read_csv(source, dtype=str, keep_default_na=False))
    return part.answers.reset_index(drop=True)


@pytest.mark.parametrize("threads", [True, False], ids=["threads", "processes"])
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_answers_keep_every_row_order_and_column_of_the_input(
    source: Path, ending: str, *, threads: bool
) -> None:
    job = batch_job(source, ending, threads=threads)
    summary = run(job, progress=False)
    answers, expected_rows = read_answers(job), expected(source)
    assert list(answers["plate"]) == list(expected_rows["plate"])
    assert list(answers["next.service_km"].astype("Int64").fillna(-1)) == list(
        expected_rows["next.service_km"].fillna(-1)
    )
    errors = pd.read_csv(job.errors)
    assert (summary.answered, summary.errors) == (len(expected_rows), len(errors))
    assert summary.answered + errors["row"].nunique() == 3_000
    bad = pd.read_csv(source, dtype=str, keep_default_na=False).set_axis(range(2, 3_002))
    assert list(errors["plate"]) == list(bad.loc[errors["row"], "plate"])
    assert not job.folder.exists()


def test_a_run_in_another_thread_is_refused_before_it_writes(source: Path) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError, match="in the main thread"):
        pool.submit(run, batch_job(source)).result()
    assert [*source.parent.iterdir()] == [source]


def test_parquet_output_has_list_columns(source: Path) -> None:
    cars = pd.read_csv(source, dtype=str, keep_default_na=False).query("odometer_km.str.len() < 7")
    table = source.with_suffix(".parquet")
    cars.assign(odometer_km=cars["odometer_km"].astype("int64")).to_parquet(table, index=False)
    job = batch_job(table, ".parquet", lists=True)
    run(job, progress=False)
    items = read_answers(job)["next.items"].dropna().map(json.loads)
    assert items.map(lambda cell: cell is None or "item" in cell[0]).all()


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Limit the size of written files, to simulate a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


PART_SIZE = 200_000
"""In bytes: more than one part of these tests, less than the full answer file."""


def unfinished_job(source: Path, **more: Any) -> BatchJob:  # noqa: ANN401 - fields of BatchJob
    """Run until the parts are finished and the answer file exceeds the size limit."""
    job = batch_job(source, **more)
    with file_size_limit(PART_SIZE), pytest.raises(OutputError, match="--resume"):
        run(job, progress=False)
    assert len([*job.folder.glob("answers-*.parquet")]) == 6
    return replace(job, resume=True)


def test_resume_keeps_finished_parts_and_answers_the_others(source: Path) -> None:
    job = unfinished_job(source)
    finished_part = pd.read_parquet(part_file(job.folder, 0, "answers"))
    finished_part.assign(plate="kept").to_parquet(part_file(job.folder, 0, "answers"), index=False)
    truncated = part_file(job.folder, 1, "answers")
    truncated.write_bytes(truncated.read_bytes()[:-100])
    part_file(job.folder, 2, "answers").write_bytes(b"")
    part_file(job.folder, 3, "errors").unlink()
    part_file(job.folder, 4, "answers").unlink()
    run(job, progress=False)
    plates = list(expected(source)["plate"])
    assert list(read_answers(job)["plate"]) == ["kept"] * len(finished_part) + plates[len(finished_part) :]


def test_an_unfinished_run_is_neither_repeated_nor_overwritten(source: Path) -> None:
    job = unfinished_job(source)
    with pytest.raises(BatchError, match="--resume continues it"):
        run(replace(job, resume=False), progress=False)
    assert part_file(job.folder, 5, "answers").exists()


def change_title(data: Path) -> None:
    edition = data / EMDAD / "edition.toml"
    edition.write_text(edition.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "an edition": (change_title, "data"),
    "a new file": (lambda data: (data / EMDAD / "new.txt").touch(), "data"),
    "a name": (lambda data: (data / EMDAD / "clauses.toml").rename(data / EMDAD / "clauses.old"), "data"),
    "a linked folder": (lambda data: (data / "linked").symlink_to(data.parent / "linked"), "data"),
}


@pytest.mark.parametrize(("change", "name"), CHANGES.values(), ids=list(CHANGES))
def test_resume_is_refused_when_any_data_file_has_changed(
    source: Path, data_copy: Path, change: Callable[[Path], object], name: str
) -> None:
    (data_copy.parent / "linked").mkdir()
    (data_copy.parent / "linked" / "edition.toml").touch()
    job = unfinished_job(source)
    change(data_copy)
    with pytest.raises(BatchError, match=f"another run: {name} changed"):
        run(job, progress=False)


def test_resume_is_refused_when_input_options_or_code_have_changed(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = unfinished_job(source)
    with pytest.raises(BatchError, match="another run: options changed"):
        run(replace(job, lists=True), progress=False)
    code = tmp_path / "logic"
    shutil.copytree(batch_run.CODE_DIR, code)
    (code / "rounding.py").touch()
    monkeypatch.setattr(batch_run, "CODE_DIR", code)
    with pytest.raises(BatchError, match="another run: code changed"):
        run(job, progress=False)
    with source.open("a") as file:
        file.write("p3000,tondar90,29700,\n")
    with pytest.raises(BatchError, match="another run: input, code changed"):
        run(job, progress=False)


@pytest.mark.parametrize(
    "manifest",
    [
        b'{"calculator": "serv',
        *(pytest.param(manifest, marks=pytest.mark.slow) for manifest in (None, b"", b"[]", b"\xff")),
    ],
)
@pytest.mark.parametrize("resume", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_parts_without_a_complete_manifest_are_answered_again(
    source: Path, manifest: bytes | None, *, resume: bool
) -> None:
    job = replace(unfinished_job(source), resume=resume)
    for number in range(7):  # the last belongs to a longer file
        pd.DataFrame({"plate": ["stale"]}).to_parquet(part_file(job.folder, number, "answers"))
    (job.folder / "run.json").unlink()
    if manifest is not None:
        (job.folder / "run.json").write_bytes(manifest)
    run(job, progress=False)
    assert list(read_answers(job)["plate"]) == list(expected(source)["plate"])


def test_an_unfinished_run_with_another_manifest_is_refused(source: Path) -> None:
    job = batch_job(source, resume=True)
    job.folder.mkdir()
    (job.folder / "run.json").write_text("{}")
    with pytest.raises(BatchError, match="another run"):
        run(job, progress=False)


def test_the_manifest_names_the_version(source: Path) -> None:
    manifest = json.loads((unfinished_job(source).folder / "run.json").read_bytes())
    assert manifest["version"] == logic.__version__


def test_a_folder_with_foreign_files_is_not_changed(source: Path) -> None:
    job = batch_job(source)
    job.folder.mkdir()
    (job.folder / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"letter\.txt"):
        run(job, progress=False)
    assert [file.name for file in job.folder.iterdir()] == ["letter.txt"]


def test_a_second_run_on_the_same_output_is_refused(source: Path) -> None:
    job = unfinished_job(source)
    with batch_run._locked(job), pytest.raises(OutputError, match="another run is writing"):
        run(job, progress=False)
    assert run(job, progress=False).answered == len(expected(source))


@pytest.mark.parametrize("size", [3_000, PART_SIZE], ids=["first part", "joined file"])
def test_a_full_disk_gives_a_message_and_the_run_can_resume(
    source: Path, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    target = source.with_name("due.csv")
    command = ["batch", "service_schedule", "--in", str(source), "--out", str(target), "--quiet", "--threads"]
    with file_size_limit(size):
        assert main(command) == UNWRITTEN
    message = capsys.readouterr().err
    assert "cannot be written: File too large" in message
    assert "--resume continues" in message
    assert not target.exists()
    assert not [*source.parent.glob(".*")], "no half file is left to fill the disk"
    assert main([*command, "--resume"]) == INVALID
    assert list(pd.read_csv(target)["plate"]) == list(expected(source)["plate"])


def test_a_worker_process_with_a_full_disk_gives_the_same_message(source: Path) -> None:
    job = batch_job(source, threads=False)
    with (
        file_size_limit(3_000),
        pytest.raises(OutputError, match=r"errors-00000\d\.parquet cannot be written"),
    ):
        run(job, progress=False)


def test_parts_are_read_one_by_one_as_others_finish(source: Path) -> None:
    job = batch_job(source, workers=1)
    job.folder.mkdir()
    parts_read: list[int] = []
    frame = pd.read_csv(source, dtype=str, keep_default_na=False).head(10)

    def parts() -> Iterator[tuple[int, InputPart]]:
        for number in range(10):
            parts_read.append(number)
            yield number, InputPart(frame)

    finished = batch_run._run_locally(job, parts())
    for _ in range(10):
        assert next(finished) == len(frame)
        ready = len([*job.folder.glob("answers-*.parquet")])
        assert 0 < ready <= len(parts_read) <= ready + batch_run.PARTS_PER_WORKER
    assert [*finished] == []


SAME_FILES: dict[str, tuple[str, str]] = {
    "--out is --in": ("cars.csv", "errors.csv"),
    "--errors is --in": ("out.csv", "cars.csv"),
    "--errors is --out": ("out.csv", "out.csv"),
    "another spelling": ("sub/../cars.csv", "errors.csv"),
    "a symbolic link": ("symbolic.csv", "errors.csv"),
    "a hard link": ("out.csv", "hard.csv"),
    "two links": ("symbolic.csv", "hard.csv"),
    "a folder that is a link": ("linked/cars.csv", "errors.csv"),
}


@pytest.mark.parametrize(("out", "errors"), SAME_FILES.values(), ids=list(SAME_FILES))
def test_no_output_replaces_the_input_or_the_other_output(
    source: Path, out: str, errors: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, content = source.parent, source.read_bytes()
    (folder / "sub").mkdir()
    (folder / "symbolic.csv").symlink_to(source)
    (folder / "hard.csv").hardlink_to(source)
    (folder / "linked").symlink_to(folder)
    before = {*folder.iterdir()}
    command = ["batch", "service_schedule", "--in", str(source)]
    assert main([*command, "--out", str(folder / out), "--errors", str(folder / errors)]) == USAGE
    assert "are the same file" in capsys.readouterr().err
    assert ({*folder.iterdir()}, source.read_bytes()) == (before, content)


def test_an_input_inside_the_folder_of_parts_is_refused(source: Path) -> None:
    job = unfinished_job(source)
    part = part_file(job.folder, 0, "answers")
    with pytest.raises(BatchError, match="--in is in the folder"):
        run(replace(job, source=part), progress=False)
    assert part.exists()


UNWRITABLE: dict[str, tuple[str, str]] = {
    "folder": ("folder.csv", "is a folder"),
    "no folder": ("none/out.csv", "does not exist"),
    "parts are a file": ("file.csv", "File exists"),
    "read-only": ("/sys/out.csv", "cannot be written"),
    "too long a name": ("x" * 300 + ".csv", "File name too long"),
}


@pytest.mark.parametrize(("out", "problem"), UNWRITABLE.values(), ids=list(UNWRITABLE))
def test_an_unwritable_output_gives_a_message_and_status_four(
    source: Path, out: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (source.parent / "folder.csv").mkdir()
    (source.parent / "file.csv.parts").touch()
    before = {*source.parent.iterdir()}
    target = source.parent / out
    assert main(["batch", "service_schedule", "--in", str(source), "--out", str(target)]) == UNWRITTEN
    assert problem in capsys.readouterr().err
    assert {*source.parent.iterdir()} == before


def test_an_input_that_is_not_a_file_gives_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name, problem in (
        ("pipe.csv", "is not a file"),
        ("folder.csv", "is not a file"),
        ("none.csv", "none.csv"),
    ):
        command = [
            "batch",
            "service_schedule",
            "--in",
            str(tmp_path / name),
            "--out",
            str(tmp_path / "out.csv"),
        ]
        assert main(command) == USAGE
        assert problem in capsys.readouterr().err


def test_unreadable_data_of_the_manifest_gives_a_message(source: Path, data_copy: Path) -> None:
    (data_copy / "broken.csv").symlink_to(data_copy / "none.csv")
    with pytest.raises(BatchError, match=r"broken\.csv cannot be read: No such file"):
        run(batch_job(source), progress=False)


@pytest.mark.parametrize("workers", ["0", "-1", "257", "9" * 30, "two", "", "1.5"])
def test_a_number_of_workers_out_of_range_is_wrong_usage(
    source: Path, workers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["batch", "service_schedule", "--in", str(source), "--out", "out.csv", f"--workers={workers}"]
    with pytest.raises(SystemExit) as arguments:
        main(command)
    assert arguments.value.code == USAGE
    assert "is not a number from 1 to 256" in capsys.readouterr().err


def test_a_file_without_a_name_is_wrong_usage(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as arguments:
        main(["batch", "service_schedule", "--in", str(source), "--out", "."])
    assert arguments.value.code == USAGE
    assert "is not a file name" in capsys.readouterr().err


def test_a_column_empty_in_the_first_part_keeps_its_later_cells(tmp_path: Path) -> None:
    source = tmp_path / "cars.parquet"
    cars = {"vehicle": "tondar90", "odometer_km": "29700", "sold_on": [None] * 500 + [date(2025, 3, 21)]}
    pd.DataFrame(cars).to_parquet(source)
    job = batch_job(source)
    assert run(job, progress=False).answered == 501
    assert list(read_answers(job)["sold_on"].dropna()) == ["2025-03-21"]


def test_a_column_that_csv_cannot_store_gives_a_message(tmp_path: Path) -> None:
    source = tmp_path / "cars.parquet"
    pd.DataFrame({"vehicle": "tondar90", "odometer_km": "29700", "note": [["a"]]}).to_parquet(source)
    with pytest.raises(OutputError, match=r"answers\.csv cannot be written: .*list"):
        run(batch_job(source), progress=False)


def test_a_parquet_file_without_rows_gives_a_message(tmp_path: Path) -> None:
    source = tmp_path / "cars.parquet"
    schedules(0).reindex(columns=["vehicle", "odometer_km"]).to_parquet(source)
    with pytest.raises(BatchError, match="has no rows"):
        run(batch_job(source), progress=False)


def test_a_damaged_table_found_by_a_worker_exits_with_three(
    source: Path, data_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KHODROYAR_DATA", str(data_copy))
    replaced(EMDAD / "vehicles.csv", "tondar90", "")(data_copy)
    command = ["batch", "service_schedule", "--in", str(source), "--out", str(source.with_name("due.csv"))]
    assert main([*command, "--workers", "1", "--quiet"]) == DAMAGED
    assert capsys.readouterr().err.startswith("data/emdad/ssa005_14/vehicles.csv:")


@pytest.mark.slow
def test_a_killed_worker_gives_a_message_and_the_run_can_resume(tmp_path: Path) -> None:
    source = tmp_path / "cars.csv"
    schedules(20_000).to_csv(source, index=False)
    job = batch_job(source, threads=False)

    def kill() -> None:
        wait_for(lambda: [*job.folder.glob("answers-*.parquet")], "the first part")
        active_children()[0].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(WorkerError, match=r"BrokenProcessPool(.|\n)*--resume"):
        run(job, progress=False)
    killer.join()
    finished_parts = len([*job.folder.glob("answers-*.parquet")])
    assert 0 < finished_parts < 40
    run(replace(job, resume=True, threads=True), progress=False)
    assert list(read_answers(job)["plate"]) == list(expected(source)["plate"])


def test_an_unreachable_cluster_gives_a_message_and_status_five(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["batch", "service_schedule", "--in", str(source), "--out", str(source.with_name("due.csv"))]
    assert main([*command, "--scheduler", "nowhere://host", "--quiet"]) == FAILED
    assert "the workers failed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cars.txt", b"label\n", "cars.txt: no column is a field"), ("cars", b"", "header is missing"), ("cars.csv", b"\xff\xfe\x00", "cars.csv"),
        ("cars.csv", b"", "cars.csv"), ("cars.parquet", b"no parquet", "cars.parquet"),
        ("cars.xlsx", b"PK\x03\x04 no workbook", "cars.xlsx.* damaged"),
    ],
)  # fmt: skip
def test_an_invalid_file_is_refused_by_name(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BatchError, match=message):
        run(batch_job(path), progress=False)


def test_an_answer_file_of_another_kind_is_refused(source: Path) -> None:
    with pytest.raises(BatchError, match=r"answers\.xlsx"):
        run(batch_job(source, ".xlsx"), progress=False)


def test_the_command_prints_a_summary(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.csv"
    good.write_text("vehicle,odometer_km\ntondar90,29700\n", encoding="utf-8-sig")
    words = ["batch", "service_schedule", "--threads", "--quiet", "--in"]
    assert main([*words, str(good), "--out", str(tmp_path / "a.csv")]) == OK
    assert "1 rows answered, 0 errors" in capsys.readouterr().err
    assert pd.read_csv(tmp_path / "a.csv")["current.service_km"].tolist() == [30_000]
    assert main([*words, str(source), "--out", str(tmp_path / "b.csv")]) == INVALID
    assert (tmp_path / "b.errors.csv").exists()
    assert main([*words, str(tmp_path / "none.csv"), "--out", str(tmp_path / "c.csv")]) == USAGE
    pd.read_csv(good).to_parquet(tmp_path / "good.parquet")
    capsys.readouterr()
    assert main([*words, str(tmp_path / "good.parquet"), "--out", str(tmp_path / "d.csv")]) == OK
    assert capsys.readouterr().err == "1 rows answered, 0 errors\n"


def test_the_summary_names_the_first_errors_and_the_error_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "cars.csv", tmp_path / "due.csv"
    rows = [f"{row},tondar90,{29700 if row % 2 else -row}" for row in range(2, 16)]
    source.write_text("\n".join(["row,vehicle,odometer_km", *rows]), encoding="utf-8")
    words = ["batch", "service_schedule", "--threads", "--quiet"]
    assert main([*words, "--in", str(source), "--out", str(target)]) == INVALID
    assert capsys.readouterr().err.splitlines() == [
        f"{source} was read as UTF-8, separator ',', header in row 1",
        "7 rows answered, 7 errors",
        *(f"  row {row}, odometer_km: A negative value is not accepted." for row in (2, 4, 6, 8, 10)),
        f"all errors are in {tmp_path / 'due.errors.csv'}",
    ]


def command_line(source: Path, *more: str) -> list[str]:
    target = str(source.with_name("answers.csv"))
    return [
        sys.executable,
        "-m",
        "logic",
        "batch",
        "service_schedule",
        "--in",
        str(source),
        "--out",
        target,
        *more,
    ]


def test_a_run_with_closed_output_does_not_report_success(source: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    finished = subprocess.run(command_line(source), stderr=writer, cwd=ROOT, check=False, timeout=60)
    os.close(writer)
    assert finished.returncode == UNWRITTEN


@contextmanager
def running_command(
    source: Path, *more: str, work: float = 0.5
) -> Iterator[tuple[subprocess.Popen[bytes], list[psutil.Process]]]:
    """Start the command in its own process group; yield it and its workers once they are busy."""
    command = command_line(source, "--workers", "2", "--quiet", *more)
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True) as process:
        try:
            wait_for(lambda: busy_workers(process.pid, work), "two workers", 120)
            yield process, busy_workers(process.pid, work)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def busy_workers(parent: int, work: float) -> list[psutil.Process]:
    children = psutil.Process(parent).children()
    workers = [child for child in children if any("spawn_main" in word for word in child.cmdline())]
    return workers if len(workers) == 2 and all(child.cpu_times().user >= work for child in workers) else []


@pytest.fixture
def long_source(tmp_path: Path) -> Path:
    """Write a file that takes two workers many seconds."""
    path = tmp_path / "cars.csv"
    pd.concat([schedules(50_000)] * 10).to_csv(path, index=False)
    return path


@pytest.mark.slow
def test_workers_end_when_their_parent_is_killed(long_source: Path) -> None:
    with running_command(long_source) as (process, workers):
        process.kill()
        _, alive = psutil.wait_procs(workers, timeout=60)
    assert alive == []


@pytest.mark.slow
@pytest.mark.parametrize("work", [0, 0.5], ids=["workers start", "workers are busy"])
def test_ctrl_c_ends_a_run_and_says_how_to_resume(long_source: Path, work: float) -> None:
    with running_command(long_source, work=work) as (process, workers):
        os.killpg(process.pid, signal.SIGINT)  # like a terminal, also to the workers
        _, message = process.communicate(timeout=60)
        _, alive = psutil.wait_procs(workers, timeout=60)
    assert (process.returncode, alive) == (STOPPED, [])
    assert message.decode().splitlines() == [
        f"stopped; finished parts are in {long_source.with_name('answers.csv')}.parts, --resume continues from there"
    ]


@pytest.mark.slow
def test_a_second_command_is_refused_while_the_first_runs(long_source: Path) -> None:
    with running_command(long_source):
        for more in ((), ("--resume",)):
            second = subprocess.run(
                command_line(long_source, *more), cwd=ROOT, capture_output=True, check=False
            )
            assert second.returncode == UNWRITTEN
            assert second.stderr.decode().startswith("another run is writing")
    with running_command(long_source, "--resume"):  # the lock ends with its process
        pass


def test_ctrl_c_in_another_thread_waits_for_the_block() -> None:
    started, events = threading.Event(), []

    def receive() -> None:
        started.wait()
        signal.raise_signal(signal.SIGINT)

    receiver = threading.Thread(target=receive)
    receiver.start()

    def submit() -> None:
        with batch_run._interrupts_deferred():
            started.set()
            receiver.join()
            events.append("the rest of the block")

    with pytest.raises(KeyboardInterrupt):
        submit()
    assert events


def test_ctrl_c_inside_a_run_is_status_130(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def raise_interrupt(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(batch_run, "run", raise_interrupt)
    command = ["batch", "service_schedule", "--in", str(source), "--out", str(tmp_path / "a.csv")]
    assert main(command) == STOPPED
    assert "--resume" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # a killed worker leaves sockets of Dask open
def test_no_row_is_lost_when_a_worker_is_killed(tmp_path: Path) -> None:
    source = tmp_path / "cars.csv"
    schedules(30_000).to_csv(source, index=False)
    job = batch_job(source, part_rows=500)
    workers: Any = distributed.LocalCluster
    with workers(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        killed: list[int] = []

        def kill() -> None:
            while len([*job.folder.glob("answers-*.parquet")]) < 6:
                time.sleep(0.05)
            pid = cluster.workers[0].pid
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

        killer = threading.Thread(target=kill)
        killer.start()
        summary = run(
            BatchJob(
                job.calculator,
                source,
                job.target,
                job.errors,
                scheduler=cluster.scheduler_address,
                part_rows=500,
            ),
            progress=False,
        )
        killer.join()
    assert killed
    expected_rows = expected(source)
    assert summary.answered == len(expected_rows)
    assert list(read_answers(job)["plate"]) == list(expected_rows["plate"])
    assert list(read_answers(job)["edition"]) == list(expected_rows["edition"])


@pytest.fixture
def without_extra(tmp_path: Path) -> dict[str, str]:
    """Return an environment without the packages of the extra `batch`."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n\nfor name in ('dask', 'distributed', 'tqdm'):\n    sys.modules[name] = None\n"
    )
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


def batch_command(source: Path, *more: str) -> list[str]:
    target = source.with_name("answers.csv")
    files = ["--in", str(source), "--out", str(target), "--workers", "2"]
    return [sys.executable, "-m", "logic", "batch", "service_schedule", *files, *more]


def test_a_local_run_needs_neither_dask_nor_tqdm(source: Path, without_extra: dict[str, str]) -> None:
    finished = subprocess.run(
        batch_command(source), env=without_extra, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in finished.stderr
    assert finished.returncode in (OK, INVALID), finished.stderr
    expected_rows = expected(source)
    assert f"{len(expected_rows)} rows answered" in finished.stderr
    assert len(pd.read_csv(source.with_name("answers.csv"))) == len(expected_rows)


def test_a_cluster_without_dask_is_wrong_usage(source: Path, without_extra: dict[str, str]) -> None:
    command = batch_command(source, "--scheduler", "tcp://127.0.0.1:9")
    before = {*source.parent.iterdir()}
    finished = subprocess.run(
        command, env=without_extra, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == USAGE
    assert finished.stderr == "--scheduler needs Dask: pip install -r requirements-batch.txt\n"
    assert {*source.parent.iterdir()} == before
