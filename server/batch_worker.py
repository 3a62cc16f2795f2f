"""Answer lines of batches and cars of fleets in a separate process: `python -m server.batch_worker`.

The process has a low priority. It reads pickled jobs (a function and its arguments) from standard input and
writes their pickled results to standard output; each is preceded by its length. It ends when its input ends,
so also when the server is killed. It imports `logic` only and takes about 140 MiB.
"""

import json
import os
import pickle
import resource
import signal
import struct
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from logic.core.errors import DataError, FieldError
from logic.core.faults import report_fault
from logic.core.registry import Calculator, calculators, error_to_dict, find, respond
from logic.core.settings import settings

NICENESS = 10
"""A worker gets a tenth of a core that pages use too, and all of an idle one."""
MAX_GROWTH_BYTES = 192 << 20
"""How much memory a worker may allocate after its start."""
MAX_CHUNK_BYTES = 256_000
"""A chunk ends early when its responses reach this size."""
LENGTH = struct.Struct("!I")
"""The prefix of each job and each result."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Responses to the first lines of a chunk, one line each, with counts of answers and error codes."""

    responses: bytes
    lines: int
    answers: int
    errors: Counter[str]


def answer_lines(name: str, lines: Sequence[bytes | None]) -> Chunk:
    """Answer lines, at least one, until `MAX_CHUNK_BYTES` are reached; None means that a line is too long."""
    calculator = find(name)
    responses, count, answers, errors = bytearray(), 0, 0, Counter[str]()
    for line in lines:
        if line is None:
            response = error_response(FieldError("request", "body_too_large", {"limit": settings().body_kb}))
        else:
            response = respond_or_report(calculator, line)
        responses += json_line(response)
        count += 1
        answers += bool(response["ok"])
        errors.update(error_codes(response))
        if len(responses) > MAX_CHUNK_BYTES:
            break
    return Chunk(bytes(responses), count, answers, errors)


def respond_or_report(calculator: Calculator, line: bytes) -> dict[str, object]:
    """Return the response to one request; an internal error if a data file was damaged after the start."""
    try:
        return respond(calculator, line)
    except DataError as error:
        return error_response(report_fault(calculator.name, error))


def error_response(*errors: FieldError) -> dict[str, object]:
    """Return the response to a request that cannot be answered, as in the contract."""
    return {"ok": False, "errors": [error_to_dict(error) for error in errors]}


def error_codes(response: Mapping[str, object]) -> list[str]:
    """Return the codes of a response's errors."""
    return [error["code"] for error in cast("list[dict[str, str]]", response.get("errors", []))]


def json_line(response: Mapping[str, object]) -> bytes:
    """Return a response as a line of JSON."""
    return json.dumps(response, ensure_ascii=False).encode(errors="backslashreplace") + b"\n"


def main() -> None:
    """Set priority and memory limit, import the calculators, then answer jobs until the input ends."""
    os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the server ends its workers
    calculators()
    statm = Path("/proc/self/statm")
    if statm.exists():  # Linux
        limit = int(statm.read_text().split()[0]) * resource.getpagesize() + MAX_GROWTH_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    jobs, results = sys.stdin.buffer, sys.stdout.buffer
    while prefix := jobs.read(LENGTH.size):
        function, *arguments = pickle.loads(jobs.read(*LENGTH.unpack(prefix)))  # noqa: S301 - from the server
        results.write(framed(pickle.dumps(function(*arguments))))
        results.flush()


def framed(content: bytes) -> bytes:
    """Return bytes with their length as a prefix."""
    return LENGTH.pack(len(content)) + content


if __name__ == "__main__":
    # The server unpickles chunks by the module's name, not by `__main__`.
    from server import batch_worker  # noqa: PLW0406

    batch_worker.main()
