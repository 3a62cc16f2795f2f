"""The command line: ``python -m logic list | schema NAME | run NAME | batch NAME | reproduce CODE``.

An installation (``pip install -e .``) provides the same commands as ``khodroyar list | …``.

Exit status: 0 every line was answered, 1 a line is invalid, 2 wrong usage or an invalid input file, 3 a data
file is damaged, 4 the output cannot be written, 5 a worker process or the cluster failed, 6 an internal error
ended the command, 130 stopped by Ctrl-C.
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
  3    a file in the data folder is damaged
  4    the output cannot be written: disk full, no such folder, or another run is writing it
  5    a worker process or the cluster failed
  6    an internal error ended the run; the message contains the id under which it is logged
  130  stopped by Ctrl-C
After 4, 5 and 130, --resume continues the run; finished parts are kept.
"""


def main(arguments: list[str] | None = None, program: str = "python -m logic") -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(prog=program, description="Run the calculators of Khodroyar.")
    parser.add_argument("--version", action="version", version=f"Khodroyar {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="print the names of the calculators, one per line")
    for name, help_text in (
        ("schema", "print the JSON Schema of a calculator"),
        ("run", "answer requests from standard input, one JSON object per line"),
    ):
        commands.add_parser(name, help=help_text).add_argument("calculator")
    commands.add_parser("reproduce", help="answer the request of a code on a printed answer").add_argument(
        "code", nargs="+"
    )
    batch = commands.add_parser(
        "batch",
        help="answer a file of requests (CSV, workbook or Parquet)",
        epilog=EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_batch(batch)
    options = parser.parse_args(arguments)
    try:
        status = _command(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has closed the pipe, as `head` does
        _discard_output()
        return UNWRITTEN if options.command == "batch" else OK
    except KeyboardInterrupt:
        return STOPPED
    except UnknownCalculatorError as error:
        print(f"there is no calculator {error}; see: {program} list", file=sys.stderr)
        return USAGE
    except DataError as error:
        print(error, file=sys.stderr)
        return DAMAGED
    except OSError as error:
        print(f"standard input or output failed: {error.strerror}", file=sys.stderr)
        _discard_output()
        return UNWRITTEN
    except Exception as error:  # noqa: BLE001 - the last resort: users see no traceback
        _write({"ok": False, "errors": [error_to_dict(report_fault(options.command, error))]})
        return FAULT
    return status


def _command(options: argparse.Namespace) -> int:
    if options.command == "list":
        print("\n".join(calculators()))
        return OK
    if options.command == "reproduce":
        return _reproduce("".join(options.code))
    calculator = find(options.calculator)
    if options.command == "schema":
        _write(calculator.schema())
        return OK
    if options.command == "batch":
        return _batch(options)
    return _run(calculator)


def _discard_output() -> None:
    """Discard buffered output, so that Python does not fail to flush it at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _add_batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("calculator")
    file: dict[str, Any] = {"type": _file, "metavar": "FILE"}
    parser.add_argument(
        "--in", dest="source", required=True, help="the requests: CSV, a workbook or .parquet", **file
    )
    parser.add_argument("--out", dest="target", required=True, help="the answers: .csv or .parquet", **file)
    parser.add_argument("--errors", help="invalid rows (default: next to the answers)", **file)
    parser.add_argument(
        "--workers", type=_workers, metavar="N", help="the number of workers (default: one per core)"
    )
    parser.add_argument("--threads", action="store_true", help="use threads instead of processes")
    parser.add_argument(
        "--scheduler",
        metavar="tcp://…",
        help="use a Dask cluster instead of this machine; needs requirements-batch.txt",
    )
    parser.add_argument("--lists", action="store_true", help="include the lists of a result, as JSON")
    parser.add_argument("--resume", action="store_true", help="continue a run that was stopped")
    parser.add_argument("--quiet", action="store_true", help="show no progress bar")


def _file(text: str) -> Path:
    if not Path(text).name:
        raise argparse.ArgumentTypeError(f"{text!r} is not a file name")
    return Path(text)


def _workers(text: str) -> int:
    if not (text.isdecimal() and len(text) <= len(str(MAX_WORKERS)) and 1 <= int(text) <= MAX_WORKERS):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MAX_WORKERS}")
    return int(text)


def _batch(options: argparse.Namespace) -> int:
    """Answer a file and return the exit status."""
    from logic.batch.parts import OutputError  # noqa: PLC0415 - pandas takes a second to import
    from logic.batch.rows import BatchError  # noqa: PLC0415
    from logic.batch.run import BatchJob, WorkerError, run  # noqa: PLC0415

    names = {"source", "target", "errors", "workers", "threads", "scheduler", "lists", "resume"}
    values = {name: value for name, value in vars(options).items() if name in names and value is not None}
    values.setdefault("errors", options.target.with_name(f"{options.target.stem}.errors.csv"))
    job = BatchJob(options.calculator, **values)
    try:
        summary = run(job, progress=not options.quiet)
    except BatchError as error:
        print(error, file=sys.stderr)
        statuses = {OutputError: UNWRITTEN, WorkerError: FAILED}
        return statuses.get(type(error), USAGE)
    except KeyboardInterrupt:
        print(f"stopped; finished parts are in {job.folder}, --resume continues from there", file=sys.stderr)
        return STOPPED
    if summary.detected_format:
        print(f"{job.source} was read as {summary.detected_format}", file=sys.stderr)
    print(f"{summary.answered} rows answered, {summary.errors} errors", file=sys.stderr)
    for line in summary.first_errors:
        print(f"  {line}", file=sys.stderr)
    if summary.errors:
        print(f"all errors are in {job.errors}", file=sys.stderr)
    return INVALID if summary.errors else OK


def _run(calculator: Calculator) -> int:
    """Answer the lines of standard input and return the exit status."""
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
    """Print the response to the request of a code and return the exit status."""
    try:
        name, fields = decode(code)
    except CodeError as error:
        _write({"ok": False, "errors": [error_to_dict(error.error)]})
        return INVALID
    response = respond(find(name), json.dumps(fields).encode())
    _write(response)
    return OK if response["ok"] else INVALID


def _write(document: object) -> None:
    """Write a line of JSON in UTF-8, whatever the locale. A lone surrogate in a name is escaped."""
    text = json.dumps(document, ensure_ascii=False)
    sys.stdout.buffer.write(text.encode(errors="backslashreplace") + b"\n")


def start(program: str = "khodroyar") -> int:
    """Run the command from a shell. Standard streams that the shell has closed become the null device."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    return main(program=program)


if __name__ == "__main__":
    sys.exit(start("python -m logic"))
