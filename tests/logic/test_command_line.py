import io
import json
import os
import pickle
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import logic
from logic.__main__ import main, start
from logic.core.errors import DataError, UnknownCalculatorError
from logic.core.registry import calculators, find
from logic.datasets.dataset import Dataset
from tests.support.paths import ROOT
from tests.support.worked_examples import EDITION_FIELDS

NAMES = {
    "assistance_cost", "compare_levels", "level_eligibility", "nearest_dealers", "service_schedule",
    "subscriber_share", "tyre_refund",
}  # fmt: skip
GOOD = b'{"level": "two_star", "event": "collision", "damage_rial": 1000}'
BOM = b"\xef\xbb\xbf"

CommandRunner = Callable[..., tuple[int, list[Any], str]]


@pytest.fixture
def run_command(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> CommandRunner:
    """Run the command line in this process; return exit status, answers and error output."""

    def run_here(*arguments: str, lines: bytes = b"") -> tuple[int, list[Any], str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
        status = main(list(arguments))
        out, err = capsysbinary.readouterr()
        return status, [json.loads(line) for line in out.splitlines()], err.decode()

    return run_here


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "logic", *arguments]


def bare_environment(**more: str) -> dict[str, str]:
    """Return the environment without locale and encoding settings, plus those given."""
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | more


def run(*arguments: str, lines: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a separate process."""
    return subprocess.run(
        command(*arguments),
        input=lines,
        capture_output=True,
        cwd=ROOT,
        env=bare_environment(**environment),
        check=False,
        timeout=60,
    )


# --- list and schema


def test_list_names_the_calculators_one_a_line() -> None:
    finished = run("list")
    assert finished.returncode == 0
    names = finished.stdout.decode().splitlines()
    assert set(names) >= NAMES
    assert names == sorted(names) == list(calculators())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_schema_shows_a_calculators_request_and_result(run_command: CommandRunner, name: str) -> None:
    status, (schema,), err = run_command("schema", name)
    assert (status, err) == (0, "")
    assert set(schema) == {"request", "result"}
    assert schema["request"]["additionalProperties"] is False
    assert set(schema["request"]["properties"]) == set(find(name).request.model_fields)


@pytest.mark.parametrize("name", calculators())
def test_schema_says_which_field_selects_the_edition(name: str) -> None:
    fields = find(name).request.model_json_schema()["properties"]
    descriptions = {field: schema.get("description", "").lower() for field, schema in fields.items()}
    selecting = [field for field, text in descriptions.items() if "selects the edition" in text]
    assert len(selecting) == (0 if {*EDITION_FIELDS}.isdisjoint(fields) else 1)
    assert {*selecting} <= {*EDITION_FIELDS}


def test_schema_in_another_process_is_one_line_of_json() -> None:
    finished = run("schema", "tyre_refund")
    assert finished.returncode == 0
    assert finished.stdout.count(b"\n") == 1
    assert json.loads(finished.stdout)["result"]["properties"]["customer_pays_rial"]


# --- Exit status


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (b"", 0),
        (b"\n \n\t\r\n", 0),
        (GOOD, 0),
        (GOOD + b"\n" + GOOD + b"\r\n", 0),
        (GOOD + b"\n{\n", 1),
        (b"{}\n", 1),
    ],
)
def test_the_exit_status_is_zero_when_every_line_is_answered(
    run_command: CommandRunner, lines: bytes, status: int
) -> None:
    exit_status, answers, err = run_command("run", "subscriber_share", lines=lines)
    assert (exit_status, err) == (status, "")
    assert [answer["ok"] for answer in answers].count(False) == (1 if status else 0)


def test_a_refusal_of_cover_is_an_answer() -> None:
    finished = run(
        "run", "subscriber_share", lines=b'{"level": "mobile", "event": "hail", "damage_rial": 10}'
    )
    assert finished.returncode == 0
    assert json.loads(finished.stdout)["result"]["covered"] is False


@pytest.mark.parametrize(
    "arguments", [(), ("walk",), ("run",), ("schema",), ("list", "more"), ("run", "a", "b"), ("--wrong",)]
)
def test_wrong_usage_exits_with_status_two(run_command: CommandRunner, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as left:
        run_command(*arguments)
    assert left.value.code == 2


@pytest.mark.parametrize("arguments", [("run", "share_of_subscriber"), ("schema", ""), ("run", "سهم")])
def test_an_unknown_calculator_is_wrong_usage_too(
    run_command: CommandRunner, arguments: tuple[str, ...]
) -> None:
    status, answers, err = run_command(*arguments, lines=GOOD)
    assert (status, answers) == (2, [])
    assert "python -m logic list" in err
    with pytest.raises(UnknownCalculatorError):
        find(arguments[1])


def test_wrong_usage_in_a_process_of_its_own_leaves_no_traceback() -> None:
    for arguments in ((), ("run", "nothing"), ("run", "سهم\udcff")):
        finished = run(*arguments, LC_ALL="C")
        assert (finished.returncode, finished.stdout) == (2, b"")
        assert b"Traceback" not in finished.stderr


def test_the_module_exits_with_the_status_of_its_command(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "argv", ["logic", "list"])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(ROOT / "logic" / "__main__.py"), run_name="__main__")
    assert left.value.code == 0
    assert b"tyre_refund\n" in capsysbinary.readouterr().out


def test_the_console_script_runs_the_same_command(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # closed by the shell
    for arguments, status, message in (
        (["list"], 0, b"tyre_refund"),
        (["run", "nothing"], 2, b"khodroyar list"),
    ):
        monkeypatch.setattr(sys, "argv", ["khodroyar", *arguments])
        assert start() == status
        assert message in b"".join(capsysbinary.readouterr())
    assert sys.stdin is not None
    sys.stdin.close()


def test_version_is_that_of_the_package() -> None:
    finished = run("--version")
    assert (finished.returncode, finished.stdout.decode().strip()) == (0, f"Khodroyar {logic.__version__}")


# --- Invalid lines


def share(amount: str) -> bytes:
    fields = f'"started_on": "1400-01-01", "level": "two_star", "event": "collision", "damage_rial": {amount}'
    return f"{{{fields}}}".encode()


INVALID: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "a brace alone": (b"{", [("request", "broken_json")]),
    "no JSON at all": (b"damage: 1000", [("request", "broken_json")]),
    "two objects": (GOOD + GOOD, [("request", "broken_json")]),
    "single quotes": (b"{'level': 1}", [("request", "broken_json")]),
    "not UTF-8": (b'{"level": "\xff\xfe"}', [("request", "broken_json")]),
    "UTF-16": (GOOD.decode().encode("utf-16"), [("request", "broken_json")]),
    "a zero byte": (b'{"level": "\x00"}', [("request", "broken_json")]),
    "a list": (b"[]", [("request", "not_an_object")]),
    "a list nested a hundred thousand deep": (b"[" * 100_000, [("request", "broken_json")]),
    "an object nested a hundred thousand deep": (b'{"a":' * 100_000, [("request", "broken_json")]),
    "null": (b"null", [("request", "not_an_object")]),
    "text": (b'"two_star"', [("request", "not_an_object")]),
    "a number": (b"7000000", [("request", "not_an_object")]),
    "NaN": (share("NaN"), [("request", "broken_json")]),
    "Infinity": (share("-Infinity"), [("request", "broken_json")]),
    "ten to the twentieth": (share("1" + "0" * 20), [("damage_rial", "too_large")]),
    "a rial above the most": (share("1000000000000001"), [("damage_rial", "too_large")]),
    "a negative amount": (share("-1"), [("damage_rial", "negative")]),
    "half a rial": (share("0.5"), [("damage_rial", "not_whole")]),
    "a float": (share("1e6"), [("damage_rial", "not_whole")]),
    "an amount in quotes": (share('"1000"'), [("damage_rial", "not_whole")]),
    "Persian digits": (share('"۱۰۰۰"'), [("damage_rial", "not_whole")]),
    "mixed digits": (share('"١۰0"'), [("damage_rial", "not_whole")]),
    "letters": (share('"two million"'), [("damage_rial", "not_whole")]),
    "empty text": (share('""'), [("damage_rial", "not_whole")]),
    "true for an amount": (share("true"), [("damage_rial", "not_whole")]),
    "a list for an amount": (share("[1]"), [("damage_rial", "not_whole")]),
    "null for an amount": (share("null"), [("damage_rial", "not_whole")]),
    "nothing given": (
        b"{}",
        [("level", "required"), ("event", "required"), ("damage_rial", "required")],
    ),
    "an unknown field": (GOOD[:-1] + b', "color": "red"}', [("color", "unknown_field")]),
    "a field of another language": (GOOD[:-1] + ', "رنگ": 1}'.encode(), [("رنگ", "unknown_field")]),
    "a field with half a letter": (GOOD[:-1] + rb', "\ud800": 1}', [("request", "invalid")]),
    "a field without a name": (GOOD[:-1] + b', "": 1}', [("request", "unknown_field")]),
    "an unknown level": (GOOD.replace(b"two_star", b"five_star"), [("level", "unknown_value")]),
    "half a letter for a level": (GOOD.replace(b"two_star", rb"\udfff"), [("level", "invalid")]),
    "an unknown exclusion": (
        GOOD[:-1] + b', "exclusions": ["intent", "fate"]}',
        [("exclusions.1", "unknown_value")],
    ),
    "text for a list": (GOOD[:-1] + b', "exclusions": "intent"}', [("exclusions", "not_a_list")]),
    "text for yes or no": (GOOD[:-1] + b', "above_coupon": "yes"}', [("above_coupon", "not_yes_no")]),
    "one for yes": (GOOD[:-1] + b', "above_coupon": 1}', [("above_coupon", "not_yes_no")]),
    "too many incidents": (GOOD[:-1] + b', "prior_incidents": 1001}', [("prior_incidents", "too_large")]),
    "a day that there is not": (
        GOOD[:-1] + b', "started_on": "1404-12-30"}',
        [("started_on", "no_such_day")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("line", "errors"), INVALID.values(), ids=list(INVALID))
def test_an_invalid_line_names_its_field_and_other_lines_are_answered(
    run_command: CommandRunner, line: bytes, errors: list[tuple[str, str]]
) -> None:
    status, answers, err = run_command("run", "subscriber_share", lines=b"\n".join([GOOD, line, GOOD]))
    assert (status, err) == (1, "")
    before, invalid, after = answers
    assert before == after
    assert before["ok"] is True
    assert set(invalid) == {"ok", "errors"}
    assert [(error["field"], error["code"]) for error in invalid["errors"]] == errors
    for error in invalid["errors"]:
        assert set(error) == {"field", "code", "message"}
        assert set(error["message"]) == {"fa", "en"}
        assert all(error["message"].values())


def test_a_number_of_ten_thousand_digits_is_refused(run_command: CommandRunner) -> None:
    status, (answer,), err = run_command("run", "subscriber_share", lines=share("9" * 10_000))
    assert (status, answer["ok"], err) == (1, False, "")


@pytest.mark.parametrize("start", [BOM + GOOD, BOM + b"\n" + GOOD, BOM + b"\r\n" + GOOD])
def test_a_byte_order_mark_before_the_first_line_is_skipped(run_command: CommandRunner, start: bytes) -> None:
    status, answers, _ = run_command("run", "subscriber_share", lines=start)
    assert status == 0
    assert [answer["ok"] for answer in answers] == [True]


# --- Streams, in a separate process


def test_answers_keep_the_order_of_the_lines() -> None:
    amounts = [3000, 1000, 2000]
    lines = b"\n\n".join(
        [*(share(str(amount)) for amount in amounts), *[case for case, _ in INVALID.values()]]
    )
    finished = run("run", "subscriber_share", lines=lines)
    assert (finished.returncode, finished.stderr) == (1, b"")
    answers = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [answer["result"]["company_pays_rial"] for answer in answers[:3]] == [2700, 900, 1800]
    assert not any(answer["ok"] for answer in answers[3:])


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({}, marks=pytest.mark.slow),
        pytest.param({"LC_ALL": "C"}, marks=pytest.mark.slow),
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        pytest.param({"PYTHONIOENCODING": "ascii"}, marks=pytest.mark.slow),
    ],
)
def test_persian_output_is_utf8_whatever_the_terminal_encoding(environment: dict[str, str]) -> None:
    lines = '{"city": "رشت", "limit": 1}\n{"city": "رش"}'.encode()
    finished = run("run", "nearest_dealers", lines=lines, **environment)
    assert (finished.returncode, finished.stderr) == (1, b"")
    answer, refusal = (json.loads(line) for line in finished.stdout.decode("utf-8").splitlines())
    assert answer["result"]["origin"]["name"] == "رشت"
    assert "رشت" in refusal["errors"][0]["message"]["fa"]
    assert "رشت".encode() in finished.stdout


def test_a_line_is_answered_before_the_next_is_read() -> None:
    with subprocess.Popen(
        command("run", "subscriber_share"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=bare_environment(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for amount in (1000, 2000):
            process.stdin.write(share(str(amount)) + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["result"]["subscriber_pays_rial"] == amount // 10
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_reader_that_closes_early_causes_no_traceback() -> None:
    with subprocess.Popen(
        command("run", "subscriber_share"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=bare_environment(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(GOOD + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(GOOD + b"\n")
        process.stdin.close()
        process.wait(timeout=30)
        assert b"Traceback" not in process.stderr.read()


def test_output_to_a_closed_pipe_is_dropped_without_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as closed:  # noqa: PTH123 - a pipe
        monkeypatch.setattr(sys, "stdout", closed)
        assert main(["list"]) == 0


@pytest.mark.parametrize(
    "streams",
    [
        "run tyre_refund | head -c 1",
        *(
            pytest.param(streams, marks=pytest.mark.slow)
            for streams in ("list | true", "run tyre_refund >&- 2>&- <&-")
        ),
    ],
)
def test_closed_streams_and_early_readers_cause_no_traceback(streams: str) -> None:
    finished = subprocess.run(
        ["sh", "-c", f"echo {{}} | {sys.executable} -m logic {streams}"],  # noqa: S607
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=60,
    )
    assert finished.stderr == b""


def test_a_full_disk_prints_one_line_and_exits_with_four(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["list"]) == 4
    assert capsys.readouterr().err == "standard input or output failed: No space left on device\n"


class InterruptedInput(io.RawIOBase):
    """Standard input that raises KeyboardInterrupt when it is read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _: object) -> int:
        signal.raise_signal(signal.SIGINT)
        return 0


def test_ctrl_c_exits_with_status_130_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(InterruptedInput())))
    assert main(["run", "tyre_refund"]) == 130


# --- Damaged data


def test_a_data_error_can_be_pickled() -> None:
    error = DataError("data/prices.csv", 2, "level", "unknown")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - trusted bytes
    assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_a_damaged_table_stops_the_run_with_location_and_status_three(
    run_command: CommandRunner, data_copy: Path
) -> None:
    shares = data_copy / "emdad" / "ssa005_14" / "shares.csv"
    text = shares.read_text(encoding="utf-8")
    shares.write_text(text.replace("incident,10", "incident,ten", 1), encoding="utf-8")
    status, answers, err = run_command("run", "subscriber_share", lines=GOOD)
    assert (status, answers) == (3, [])
    assert err.startswith("data/emdad/ssa005_14/shares.csv:2: column base_percent: ")
    assert run_command("schema", "subscriber_share")[0] == 3
    tyre = b'{"new_depth_mm": 8, "remaining_depth_mm": 4, "new_price_rial": 1000}'
    assert run_command("run", "tyre_refund", lines=tyre)[0] == 0
    assert main(["list"]) == 0


def test_a_damaged_table_prints_one_line_without_a_traceback(data_copy: Path) -> None:
    events = data_copy / "emdad" / "ssa005_14" / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace("collision", "تصادف", 1), encoding="utf-8")
    for arguments in (("run", "subscriber_share"), ("schema", "subscriber_share")):
        finished = run(*arguments, lines=GOOD, LC_ALL="C", KHODROYAR_DATA=str(data_copy))
        assert (finished.returncode, finished.stdout) == (3, b"")
        assert finished.stderr.startswith(b"data/emdad/ssa005_14/events.csv:2: column event: ")
        assert finished.stderr.count(b"\n") == 1


def test_a_missing_data_folder_gives_no_answer(
    run_command: CommandRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logic.datasets.dataset._current", Dataset(tmp_path / "mistyped"))
    status, answers, err = run_command("run", "subscriber_share", lines=GOOD)
    assert (status, answers) == (3, [])
    assert "mistyped" in err


def test_the_data_folder_of_the_environment_is_read(data_copy: Path) -> None:
    shares = data_copy / "emdad" / "ssa005_14" / "shares.csv"
    text = shares.read_text(encoding="utf-8")
    shares.write_text(text.replace("two_star,incident,10", "two_star,incident,35"), encoding="utf-8")
    finished = run("run", "subscriber_share", lines=GOOD, KHODROYAR_DATA=str(data_copy))
    assert json.loads(finished.stdout)["result"]["share_percent"] == 35
