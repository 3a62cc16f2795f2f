"""Answer batches and large fleets in worker processes, so that pages stay fast; limit batches at once."""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from logic.core.errors import FieldError
from logic.core.faults import report_fault
from logic.core.registry import Calculator
from logic.core.settings import settings
from server.batch_worker import LENGTH, Chunk, answer_lines, error_response, framed, json_line
from server.observability import ANSWERS, ERRORS

ROOT = Path(__file__).parent.parent
WORKER_MODULE = "server.batch_worker"
MAX_BATCHES = 20
"""Batches at once. With four megabytes each they fit into the memory of a container."""
MAX_WORKERS = 2
"""Independent of the number of cores: a worker takes about 140 MiB."""
MAX_CHUNK_LINES, MAX_CHUNK_REQUEST_BYTES = 50, 256_000
"""The size of a chunk. After each chunk another batch may have its turn."""
MAX_SHORT_LINES = 1_000
"""Lines beyond the size limit of the response that are refused in one chunk."""
SERVICE_UNAVAILABLE, RETRY_SECONDS = 503, 5
BYTES_PER_KB, BYTES_PER_MB = 1_000, 1_000_000


class WorkerKilledError(Exception):
    """The worker ended before it returned the result of its job."""


class WorkerPool:
    """Worker processes that are started on demand and replaced if they are killed.

    `concurrent.futures` cannot be used: its processes import the main module of the program, which Streamlit
    replaces by the script of a page while the page runs.
    """

    def __init__(self) -> None:
        """Limit the workers to `MAX_WORKERS` and to one core less than the machine has."""
        self._turns = asyncio.Semaphore(max(1, min(MAX_WORKERS, (os.cpu_count() or 1) - 1)))
        self._idle: list[Process] = []

    async def run(self, job: bytes) -> bytes:
        """Run a pickled job and return its pickled result. Raises WorkerKilledError."""
        await self._turns.acquire()
        # Shielded: if the client has left, finishing the job costs less than starting a new worker.
        task = asyncio.create_task(self._run_twice(job))
        task.add_done_callback(lambda _: self._turns.release())
        return await asyncio.shield(task)

    async def _run_twice(self, job: bytes) -> bytes:
        try:
            return await self._run(job)
        except WorkerKilledError:  # the job may not be the cause
            return await self._run(job)

    async def _run(self, job: bytes) -> bytes:
        self._idle = [worker for worker in self._idle if worker.returncode is None]
        worker = self._idle.pop() if self._idle else await _start_worker()
        assert worker.stdin  # noqa: S101 - both are pipes
        assert worker.stdout  # noqa: S101
        try:
            worker.stdin.write(framed(job))
            await worker.stdin.drain()
            (length,) = LENGTH.unpack(await worker.stdout.readexactly(LENGTH.size))
            result = await worker.stdout.readexactly(length)
        except (OSError, EOFError):
            raise WorkerKilledError from None
        self._idle.append(worker)
        return result


async def _start_worker() -> Process:
    command = (sys.executable, "-m", WORKER_MODULE)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)


pool = WorkerPool()


async def answer_batch(calculator: Calculator, lines: Sequence[bytes]) -> AsyncIterator[bytes]:
    """Yield a response line for each request line, in their order, and count them.

    Once the response has reached its size limit, each further line gets a short error.
    """
    max_line, limit_mb = settings().body_kb * BYTES_PER_KB, settings().batch_response_mb
    position = sent = 0
    while position < len(lines):
        if sent > limit_mb * BYTES_PER_MB:
            error = FieldError("request", "response_too_large", {"limit": limit_mb})
            chunk = _refuse(error, min(MAX_SHORT_LINES, len(lines) - position))
        else:
            part = _chunk(lines, position, max_line)
            try:
                chunk = pickle.loads(await pool.run(pickle.dumps((answer_lines, calculator.name, part))))  # noqa: S301 - from our own process
            except WorkerKilledError as error:
                chunk = _refuse(report_fault(calculator.name, error), len(part))
        ANSWERS.labels(calculator.name, "api").inc(chunk.answers)
        for code, count in chunk.errors.items():
            ERRORS.labels(code).inc(count)
        position += chunk.lines
        sent += len(chunk.responses)
        yield chunk.responses


def _chunk(lines: Sequence[bytes], start: int, max_line: int) -> list[bytes | None]:
    """Return the lines of the next chunk; None replaces a line that is longer than a request may be."""
    chunk: list[bytes | None] = []
    size = 0
    for line in lines[start : start + MAX_CHUNK_LINES]:
        chunk.append(line if len(line) <= max_line else None)
        size += len(chunk[-1] or b"")
        if size > MAX_CHUNK_REQUEST_BYTES:
            break
    return chunk


def _refuse(error: FieldError, count: int) -> Chunk:
    # Internal errors are counted when they are reported.
    errors = Counter({error.code: count} if error.code != "our_fault" else {})
    return Chunk(json_line(error_response(error)) * count, count, 0, errors)


class BatchLimitMiddleware:
    """ASGI middleware of the API that refuses a batch above `MAX_BATCHES` before its body is read."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app; no batch is running."""
        self._app = app
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a batch above the limit with 503 and Retry-After; pass everything else on."""
        if scope["type"] != "http" or not scope["path"].endswith("/batch"):
            await self._app(scope, receive, send)
        elif self._running >= MAX_BATCHES:
            error = FieldError("request", "too_many_batches", {"seconds": RETRY_SECONDS})
            ERRORS.labels(error.code).inc()
            headers = {"Retry-After": str(RETRY_SECONDS)}
            await JSONResponse(error_response(error), SERVICE_UNAVAILABLE, headers)(scope, receive, send)
        else:
            self._running += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._running -= 1
