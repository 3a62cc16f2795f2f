"""Runs of `python -m logic batch`: no row is lost, no file is overwritten, every failure has a message."""

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import distributed
import pandas as pd
import pytest

from logic.__main__ import INVALID, OK, STOPPED, USAGE, main
from logic.batch import run as batch_run
from logic.batch.rows import BatchError, answered
from logic.batch.run import Plan, run
from tests.support.batch_files import schedules


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "cars.csv"
    schedules(3_000).to_csv(path, index=False)
    return path


def plan(source: Path, ending: str = ".csv", **more: Any) -> Plan:  # noqa: ANN401 - a plan's own fields
    target = source.with_name(f"answers{ending}")
    values = {"workers": 2, "threads": True, "rows": 500, **more}
    return Plan("service_schedule", source, target, source.with_name("errors.csv"), **values)


def whole(made: Plan) -> pd.DataFrame:
    read = pd.read_csv if made.target.suffix == ".csv" else pd.read_parquet
    return read(made.target)


def expected(source: Path) -> pd.DataFrame:
    part = answered("service_schedule", pd.read_csv(source, dtype=str, keep_default_na=False))
    return part.good.reset_index(drop=True)


@pytest.mark.parametrize("threads", [True, False], ids=["threads", "processes"])
@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_file_comes_out_whole_and_in_its_order_with_its_own_columns(
    source: Path, ending: str, *, threads: bool
) -> None:
    made = plan(source, ending, threads=threads)
    done = run(made, progress=False)
    found, right = whole(made), expected(source)
    assert list(found["plate"]) == list(right["plate"])
    assert list(found["next.service_km"].astype("Int64").fillna(-1)) == list(
        right["next.service_km"].fillna(-1)
    )
    errors = pd.read_csv(made.errors)
    assert (done.answered, done.errors) == (len(right), len(errors))
    assert done.answered + errors["row"].nunique() == 3_000
    bad = pd.read_csv(source, dtype=str, keep_default_na=False).set_axis(range(2, 3_002))
    assert list(errors["plate"]) == list(bad.loc[errors["row"], "plate"])
    assert not made.folder.exists()


def test_parquet_in_and_lists_out(source: Path) -> None:
    cars = pd.read_csv(source, dtype=str, keep_default_na=False).query("odometer_km.str.len() < 7")
    typed = source.with_suffix(".parquet")
    cars.assign(odometer_km=cars["odometer_km"].astype("int64")).to_parquet(typed, index=False)
    made = plan(typed, ".parquet", lists=True)
    run(made, progress=False)
    items = whole(made)["next.items"].dropna().map(json.loads)
    assert items.map(lambda each: each is None or "item" in each[0]).all()


class StoppedError(Exception):
    """The run was stopped from outside."""


def test_a_run_that_was_stopped_goes_on_where_it_stood(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, laid = plan(source), batch_run._lay_down
    count = 0

    def stopping(*part: Any) -> None:  # noqa: ANN401 - passed on as they are
        nonlocal count
        count += 1
        if count > 3:
            raise StoppedError
        laid(*part)

    monkeypatch.setattr(batch_run, "_lay_down", stopping)
    with pytest.raises(StoppedError):
        run(made, progress=False)
    assert not made.target.exists()
    monkeypatch.setattr(batch_run, "_lay_down", laid)
    with pytest.raises(BatchError, match="--resume"):
        run(made, progress=False)
    asked: list[int] = []
    original = batch_run._here

    def noting(pool: Any, plan: Plan, parts: Any) -> Any:  # noqa: ANN401 - passed on as they are
        listed = list(parts)
        asked.extend(number for number, _ in listed)
        return original(pool, plan, listed)

    monkeypatch.setattr(batch_run, "_here", noting)
    run(plan(source, resume=True), progress=False)
    assert len(asked) == 3
    assert list(whole(made)["plate"]) == list(expected(source)["plate"])


def test_an_unfinished_run_of_another_file_is_not_gone_on_with(source: Path) -> None:
    made = plan(source, resume=True)
    made.folder.mkdir()
    (made.folder / "run.json").write_text("{}")
    with pytest.raises(BatchError, match="another run"):
        run(made, progress=False)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cars.txt", b"vehicle\n", "ending"), ("cars", b"", "no ending"), ("cars.csv", b"\xff\xfe\x00", "cars.csv"),
        ("cars.csv", b"", "cars.csv"), ("cars.parquet", b"no parquet", "cars.parquet"),
        ("cars.csv", b"vehicle,odometer_km\na,1\nb,2,3\n", "cars.csv"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_by_name(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BatchError, match=said):
        run(plan(path), progress=False)


def test_an_answer_file_of_another_kind_is_refused(source: Path) -> None:
    with pytest.raises(BatchError, match=r"answers\.xlsx"):
        run(plan(source, ".xlsx"), progress=False)


def test_the_command_line_says_what_it_did(
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


def test_ctrl_c_stops_a_run_and_says_how_it_goes_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch_run, "run", pressed)
    command = ["batch", "service_schedule", "--in", str(source), "--out", str(tmp_path / "a.csv")]
    assert main(command) == STOPPED
    assert "--resume" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # a worker that is killed leaves sockets of Dask's own behind
def test_a_worker_that_is_killed_in_the_middle_costs_no_row(tmp_path: Path) -> None:
    source = tmp_path / "cars.csv"
    schedules(30_000).to_csv(source, index=False)
    made = plan(source, rows=500)
    workers: Any = distributed.LocalCluster
    with workers(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        killed: list[int] = []

        def kill() -> None:
            while len([*made.folder.glob("good-*.parquet")]) < 6:
                time.sleep(0.05)
            pid = cluster.workers[0].pid
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

        killer = threading.Thread(target=kill)
        killer.start()
        done = run(
            Plan(made.name, source, made.target, made.errors, scheduler=cluster.scheduler_address, rows=500),
            progress=False,
        )
        killer.join()
    assert killed
    right = expected(source)
    assert done.answered == len(right)
    assert list(whole(made)["plate"]) == list(right["plate"])
    assert list(whole(made)["edition"]) == list(right["edition"])
