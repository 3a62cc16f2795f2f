"""``python -m logic list | schema NAME | run NAME | batch NAME | reproduce CODE``: calculators by command.

An installation (`pip install -e .`) has the same as ``khodroyar list | …``.

Exit status: 0 every line was answered, 1 some line was invalid, 2 wrong usage or an input file that cannot be
used, 3 a data file is damaged, 4 the output cannot be written, 5 a worker process or the cluster failed, 6 a
fault of ours ended the command, 130 stopped by the keyboard.
"""

import argparse
import codecs
import json
import os
import sys
from pathlib import Path
from typing import Any

from logic import __version__
from logic.core.codes import decode
from logic.core.errors import CodeError, DataError, UnknownCalculatorError
from logic.core.faults import report_fault
from logic.core.registry import Calculator, calculators, error_to_dict, find, respond

OK, INVALID, USAGE, DAMAGED, UNWRITTEN, FAILED, FAULT = range(7)
STOPPED = 130
MAX_WORKERS = 256
EXIT_STATUS = """
exit status:
  0    every row was answered
  1    some rows are invalid; the others were answered
  2    wrong usage, an input that cannot be read or lacks columns, or a run that --resume cannot continue
  3    a file of the data folder is damaged
  4    the output cannot be written: disk full, no such folder, another run is writing it
  5    a worker process or the cluster failed
  6    a fault of ours ended the run; the message names the id under which it is logged
  130  stopped by Ctrl-C
After 4, 5 and 130, --resume continues with the parts that are finished.
"""


def main(arguments: list[str] | None = None, program: str = "python -m logic") -> int:
    """Run one command; its exit status."""
    parser = argparse.ArgumentParser(prog=program, description="Khodroyar's calculators.")
    parser.add_argument("--version", action="version", version=f"Khodroyar {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="calculator names, one per line")
    for name, help_text in (
        ("schema", "JSON Schema of a calculator"),
        ("run", "JSON lines in, JSON lines out"),
    ):
        commands.add_parser(name, help=help_text).add_argument("calculator")
    commands.add_parser("reproduce", help="the answer of a sheet's code").add_argument("code", nargs="+")
    batch = commands.add_parser(
        "batch",
        help="a file of requests in (CSV, workbook, Parquet), one of answers out",
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_batch(batch)
    chosen = parser.parse_args(arguments)
    try:
        status = _command(chosen)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has left, as `head` does
        _discard_output()
        return UNWRITTEN if chosen.command == "batch" else OK
    except KeyboardInterrupt:
        return STOPPED
    except UnknownCalculatorError as error:
        print(f"no calculator is called {error}; see: {program} list", file=sys.stderr)
        return USAGE
    except DataError as error:
        print(error, file=sys.stderr)
        return DAMAGED
    except OSError as error:
        print(f"standard input or output failed: {error.strerror}", file=sys.stderr)
        _discard_output()
        return UNWRITTEN
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of ours ends in no traceback
        _write({"ok": False, "errors": [error_to_dict(report_fault(chosen.command, error))]})
        return FAULT
    return status


def _command(chosen: argparse.Namespace) -> int:
    if chosen.command == "list":
        print("\n".join(calculators()))
        return OK
    if chosen.command == "reproduce":
        return _reproduce("".join(chosen.code))
    calculator = find(chosen.calculator)
    if chosen.command == "schema":
        _write(calculator.schema())
        return OK
    if chosen.command == "batch":
        return _batch(chosen)
    return _run(calculator)


def _discard_output() -> None:
    """Send what is still in the buffer of standard output nowhere, so that the end of Python cannot fail."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _add_batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("calculator")
    file: dict[str, Any] = {"type": _file, "metavar": "FILE"}
    parser.add_argument("--in", dest="source", required=True, help="CSV, a workbook or .parquet", **file)
    parser.add_argument("--out", dest="target", required=True, help=".csv or .parquet", **file)
    parser.add_argument("--errors", help="invalid rows; by default beside the answers", **file)
    parser.add_argument("--workers", type=_workers, metavar="N", help="how many; one a core by default")
    parser.add_argument("--threads", action="store_true", help="threads of this process instead of processes")
    parser.add_argument(
        "--scheduler",
        metavar="tcp://…",
        help="a Dask cluster instead of this machine; needs requirements-batch.txt",
    )
    parser.add_argument("--lists", action="store_true", help="the lists of a result too, as JSON")
    parser.add_argument("--resume", action="store_true", help="continue a run that was stopped")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _file(text: str) -> Path:
    if not Path(text).name:
        raise argparse.ArgumentTypeError(f"{text!r} is not a file name")
    return Path(text)


def _workers(text: str) -> int:
    if not (text.isdecimal() and len(text) <= len(str(MAX_WORKERS)) and 1 <= int(text) <= MAX_WORKERS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MAX_WORKERS}")
    return int(text)


def _batch(chosen: argparse.Namespace) -> int:
    """Answer a file and return the exit status."""
    from logic.batch.parts import OutputError  # noqa: PLC0415 - Dask takes a second to import
    from logic.batch.rows import BatchError  # noqa: PLC0415
    from logic.batch.run import BatchJob, WorkerError, run  # noqa: PLC0415

    given = {"source", "target", "errors", "workers", "threads", "scheduler", "lists", "resume"}
    values = {name: value for name, value in vars(chosen).items() if name in given and value is not None}
    values.setdefault("errors", chosen.target.with_name(f"{chosen.target.stem}.errors.csv"))
    plan = BatchJob(chosen.calculator, **values)
    try:
        done = run(plan, progress=not chosen.quiet)
    except BatchError as error:
        print(error, file=sys.stderr)
        statuses = {OutputError: UNWRITTEN, WorkerError: FAILED}
        return statuses.get(type(error), USAGE)
    except KeyboardInterrupt:
        print(f"stopped; finished parts are in {plan.folder}, --resume continues from there", file=sys.stderr)
        return STOPPED
    if done.read_as:
        print(f"{plan.source} was read as {done.read_as}", file=sys.stderr)
    print(f"{done.answered} rows answered, {done.errors} errors", file=sys.stderr)
    for line in done.first_errors:
        print(f"  {line}", file=sys.stderr)
    if done.errors:
        print(f"all errors are in {plan.errors}", file=sys.stderr)
    return INVALID if done.errors else OK


def _run(calculator: Calculator) -> int:
    status = OK
    for number, raw in enumerate(sys.stdin.buffer):
        line = raw.removeprefix(codecs.BOM_UTF8) if number == 0 else raw
        if not line.strip():
            continue
        response = respond(calculator, line)
        status = status if response["ok"] else INVALID
        _write(response)
        sys.stdout.buffer.flush()
    return status


def _reproduce(code: str) -> int:
    """The response line of the question that a code holds."""
    try:
        name, fields = decode(code)
    except CodeError as error:
        _write({"ok": False, "errors": [error_to_dict(error.error)]})
        return INVALID
    response = respond(find(name), json.dumps(fields).encode())
    _write(response)
    return OK if response["ok"] else INVALID


def _write(document: object) -> None:
    """One line of UTF-8 whatever the locale; a lone surrogate in a field's name must not stop the stream."""
    text = json.dumps(document, ensure_ascii=False)
    sys.stdout.buffer.write(text.encode(errors="backslashreplace") + b"\n")


def start(program: str = "khodroyar") -> int:
    """Run the command that a shell started; a standard stream that it closed reads and writes nothing."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    return main(program=program)


if __name__ == "__main__":
    sys.exit(start("python -m logic"))
