"""``python -m logic list | schema NAME | run NAME | batch NAME | reproduce CODE``: calculators by command.

Exit status: 0 every line was answered, 1 some line was invalid, 2 wrong usage, 3 a data file is damaged, 4 a
fault of ours ended the command, 130 stopped by the keyboard.
"""

import argparse
import codecs
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from logic.calculators import Calculator, calculators, explain, find, respond
from logic.codes import decode
from logic.errors import CodeError, DataError, UnknownCalculatorError
from logic.faults import report_fault

OK, INVALID, USAGE, DAMAGED, FAULT = range(5)
STOPPED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit status."""
    parser = argparse.ArgumentParser(prog="python -m logic", description="Khodroyar's calculators.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="calculator names, one per line")
    for name, help_text in (
        ("schema", "JSON Schema of a calculator"),
        ("run", "JSON lines in, JSON lines out"),
    ):
        commands.add_parser(name, help=help_text).add_argument("calculator")
    commands.add_parser("reproduce", help="the answer of a sheet's code").add_argument("code", nargs="+")
    _add_batch(commands.add_parser("batch", help="a CSV or Parquet file of requests in, one of answers out"))
    chosen = parser.parse_args(arguments)
    try:
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
    except UnknownCalculatorError as error:
        print(f"no calculator is called {error}; see: python -m logic list", file=sys.stderr)
        return USAGE
    except DataError as error:
        print(error, file=sys.stderr)
        return DAMAGED
    except BrokenPipeError:  # the reader has left; see the end of this file
        raise
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of ours ends in no traceback
        _write({"ok": False, "errors": [explain(report_fault(chosen.command, error))]})
        return FAULT


def _add_batch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("calculator")
    file: dict[str, Any] = {"type": Path, "metavar": "FILE"}
    parser.add_argument("--in", dest="source", required=True, help=".csv or .parquet", **file)
    parser.add_argument("--out", dest="target", required=True, help=".csv or .parquet", **file)
    parser.add_argument("--errors", help="bad rows; by default beside the answers", **file)
    parser.add_argument("--workers", type=int, metavar="N", help="how many; one a core by default")
    parser.add_argument("--threads", action="store_true", help="threads of this process instead of processes")
    parser.add_argument("--scheduler", metavar="tcp://…", help="a Dask cluster instead of this machine")
    parser.add_argument("--lists", action="store_true", help="the lists of a result too, as JSON")
    parser.add_argument("--resume", action="store_true", help="go on with a run that was stopped")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _batch(chosen: argparse.Namespace) -> int:
    """Answer a file; what is heavy is imported only now."""
    batch = importlib.import_module("logic.batch.files")
    given = {"source", "target", "errors", "workers", "threads", "scheduler", "lists", "resume"}
    values = {name: value for name, value in vars(chosen).items() if name in given and value is not None}
    values.setdefault("errors", chosen.target.with_name(f"{chosen.target.stem}.errors.csv"))
    try:
        done = batch.run(batch.Plan(chosen.calculator, **values), progress=not chosen.quiet)
    except batch.BatchError as error:
        print(error, file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print(f"stopped; with --resume it goes on where it stood ({chosen.target}.parts)", file=sys.stderr)
        return STOPPED
    print(f"{done.answered} rows answered, {done.errors} errors", file=sys.stderr)
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
        _write({"ok": False, "errors": [explain(error.error)]})
        return INVALID
    response = respond(find(name), json.dumps(fields).encode())
    _write(response)
    return OK if response["ok"] else INVALID


def _write(document: object) -> None:
    """One line of UTF-8 whatever the locale; a lone surrogate in a field's name must not stop the stream."""
    text = json.dumps(document, ensure_ascii=False)
    sys.stdout.buffer.write(text.encode(errors="backslashreplace") + b"\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader has left; what Python still holds goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
