"""A bug in a calculator affects only its line, row, car or command and is reported with its log id."""

import datetime as dt
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from logic.__main__ import FAULT, INVALID, STOPPED, main
from logic.batch.rows import answer_rows
from logic.card.subscriber_share import SubscriberShareRequest
from logic.core.codes import encode
from logic.core.errors import DataError
from logic.core.faults import MAX_FRAMES, fault_listeners, without_values
from logic.core.models import Level
from logic.vehicles.fleet import FleetCar, fleet
from logic.vehicles.my_car import MyCar
from tests.support.bugs import VISITOR_INPUT, answers_with_a_bug, fail

SHARE = {"level": "two_star", "event": "collision", "damage_rial": 20_000_000}
SPARED = {**SHARE, "level": "mobile"}
TODAY = dt.date(2026, 10, 1)
Command = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Exception]]:
    """Add a bug to `subscriber_share` for all levels but one; collect the reported errors."""
    bug = answers_with_a_bug("subscriber_share", spares=lambda request: request.level is Level.MOBILE)
    monkeypatch.setattr("logic.core.registry.Answer", bug)
    errors: list[Exception] = []
    fault_listeners.append(errors.append)
    yield errors
    fault_listeners.remove(errors.append)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Command:
    """Run a command in this process; return exit status and responses."""

    def run(*words: str, lines: bytes = b"") -> tuple[int, list[dict[str, Any]]]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
        status = main([*words])
        out, err = capsysbinary.readouterr()
        assert b"Traceback" not in err
        return status, [json.loads(line) for line in out.splitlines()]

    return run


def assert_fault(response: dict[str, Any], log: str) -> None:
    """Fail unless a response reports our fault with an id in the log, and the log has no user input."""
    assert response["ok"] is False
    (error,) = response["errors"]
    assert error["code"] == "our_fault"
    assert error["message"].keys() == {"fa", "en"}
    assert any(f"fault {word.strip('.')} in " in log for word in error["message"]["en"].split())
    assert VISITOR_INPUT not in log
    assert "20000000" not in log


def test_run_answers_the_lines_without_a_bug(
    faults: list[Exception],
    command: Command,
    caplog: pytest.LogCaptureFixture,
) -> None:
    lines = b"\n".join(json.dumps(request).encode() for request in (SPARED, SHARE, SPARED))
    status, responses = command("run", "subscriber_share", lines=lines)
    assert status == INVALID
    assert [response["ok"] for response in responses] == [True, False, True]
    assert_fault(responses[1], caplog.text)
    assert len(faults) == 1


def test_reproduce_reports_a_bug_in_the_calculator(
    faults: list[Exception],
    command: Command,
    caplog: pytest.LogCaptureFixture,
) -> None:
    code = encode(SubscriberShareRequest.model_validate(SHARE))
    status, (response,) = command("reproduce", code)
    assert status == INVALID
    assert_fault(response, caplog.text)
    assert len(faults) == 1


@pytest.mark.parametrize(
    "case",
    [
        ("logic.__main__.decode", ["reproduce", "1KZGC"]),
        ("logic.core.registry.Calculator.schema", ["schema", "subscriber_share"]),
        ("logic.__main__.find", ["run", "subscriber_share"]),
        ("logic.__main__.calculators", ["list"]),
        ("logic.batch.run.run", ["batch", "subscriber_share", "--in", "a.csv", "--out", "b.csv"]),
    ],
)
def test_a_bug_outside_the_calculators_ends_a_command_without_a_traceback(
    case: tuple[str, list[str]],
    faults: list[Exception],
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, words = case
    monkeypatch.setattr(broken, fail)
    status, (response,) = command(*words)
    assert status == FAULT == 6
    assert_fault(response, caplog.text)
    assert len(faults) == 1


def test_a_command_stopped_by_the_keyboard_ends_without_a_traceback(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("logic.__main__.respond", stop)
    assert command("run", "subscriber_share", lines=b"{}") == (STOPPED, [])


def test_a_batch_answers_the_rows_without_a_bug(
    faults: list[Exception],
    tmp_path: Path,
    command: Command,
    caplog: pytest.LogCaptureFixture,
) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    pd.DataFrame([SPARED, SHARE, SPARED]).to_csv(source, index=False)
    words = ["batch", "subscriber_share", "--threads", "--quiet", "--in", str(source), "--out", str(target)]
    status, responses = command(*words)
    assert (status, responses) == (INVALID, [])
    assert len(pd.read_csv(target)) == 2
    errors = pd.read_csv(tmp_path / "out.errors.csv")
    assert [*errors["code"]] == ["our_fault"]
    assert any(f"fault {word.strip('.')} in " in caplog.text for word in errors["message_en"][0].split())
    assert VISITOR_INPUT not in caplog.text
    assert len(faults) == 1


def test_a_frame_keeps_the_answers_of_the_other_rows(faults: list[Exception]) -> None:
    part = answer_rows("subscriber_share", pd.DataFrame([SPARED, SHARE, SPARED]))
    assert [*part.answers.index] == [0, 2]
    assert [*part.errors["code"]] == ["our_fault"]
    assert len(faults) == 1


def test_a_fleet_keeps_the_rows_of_the_other_cars(
    faults: list[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    cars = [
        FleetCar(row, VISITOR_INPUT, MyCar("tondar90", "k4m", odometer_km=25_000, level=level))
        for row, level in enumerate((Level.MOBILE, Level.TWO_STAR, Level.MOBILE), start=2)
    ]
    report = fleet(cars, TODAY, 1000)
    assert [line.car.row for line in report.lines] == [2, 4]
    assert report.faults.keys() == {3}
    assert report.faults[3].code == "our_fault"
    assert f"fault {report.faults[3].params['id']} in fleet" in caplog.text
    assert VISITOR_INPUT not in caplog.text
    assert len(faults) == 1


def test_a_damaged_table_ends_a_fleet(data_copy: Path) -> None:
    (data_copy / "emdad" / "ssa005_14" / "shares.csv").write_text("broken\n", encoding="utf-8")
    car = MyCar("tondar90", "k4m", odometer_km=25_000, level=Level.TWO_STAR)
    with pytest.raises(DataError, match=r"shares\.csv"):
        fleet([FleetCar(2, "a", car)], TODAY, 1000)


def test_an_endless_recursion_is_logged_in_few_lines() -> None:
    def recur() -> None:
        recur()

    with pytest.raises(RecursionError) as raised:
        recur()
    assert without_values(raised.value).count(".py:") == MAX_FRAMES
