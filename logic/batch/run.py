"""Run ``python -m logic batch NAME --in FILE --out FILE``: answer a file part by part.

A process, a thread or a worker of a Dask cluster answers each part. It is written immediately, so that a
stopped run can be resumed. Invalid rows are written to a separate file, with their row numbers.
"""

import fcntl
import hashlib
import importlib
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import combinations, islice
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from logic import __version__
from logic.batch.files import join_parts, read_parts
from logic.batch.parts import OutputError, answer_part, is_finished, output_errors, write_part
from logic.batch.rows import BatchError, InputPart, answer_rows, check_columns
from logic.batch.worker_process import end_with_parent
from logic.core.errors import DataError
from logic.datasets.dataset import data_dir

PART_ROWS = 20_000
PARTS_PER_WORKER = 2
"""Parts in memory for each process or thread: one being answered, one waiting."""
PARTS_PER_CLUSTER_WORKER = 4
MAX_FIRST_ERRORS = 5
CODE_DIR = Path(__file__).parent.parent
MANIFEST, LOCK = "run.json", "lock"
OWN_NAMES = re.compile(r"\.?run\.json|lock|\.?(answers|errors)-\d+\.parquet")
"""The names of the files in the folder of a run's parts."""


class WorkerError(BatchError):
    """A worker process or the cluster failed."""


@dataclass(frozen=True)
class BatchJob:
    """The files and options of a run."""

    calculator: str
    source: Path
    target: Path
    errors: Path
    workers: int = os.cpu_count() or 1
    threads: bool = False
    scheduler: str | None = None
    lists: bool = False
    resume: bool = False
    part_rows: int = PART_ROWS

    @property
    def folder(self) -> Path:
        """The folder of the finished parts, which exists until all are finished."""
        return self.target.with_name(f"{self.target.name}.parts")


@dataclass(frozen=True)
class BatchSummary:
    """The number of answered rows, the number of errors, and the first errors as text."""

    answered: int
    errors: int
    first_errors: tuple[str, ...] = ()
    detected_format: str = ""
    """The detected format of the input; empty for Parquet."""


def run(job: BatchJob, *, progress: bool = True) -> BatchSummary:
    """Answer a file. If the run fails, its folder of parts is kept and ``resume`` continues it.

    Call it in the main thread: only there can it set the handler of SIGINT while it starts work.

    Raises:
        RuntimeError: it is called in a thread other than the main thread.
        OutputError: the output cannot be written.
        WorkerError: a worker process or the cluster failed.
        BatchError: the input or an option is invalid, or the folder of parts belongs to another run.
        DataError: a table of the data folder is damaged.

    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("call run() in the main thread; it handles Ctrl-C")
    if job.scheduler:
        _dask()  # fail before anything is written if the package is missing
    with output_errors(job.target):
        _check_paths(job)
    with closing(read_parts(job.source, 1, job.calculator)) as parts:
        first_part = next(parts, None)
    if first_part is None:
        raise BatchError(f"{job.source} has no rows")
    try:
        check_columns(job.calculator, [*map(str, first_part.frame.columns)])
    except BatchError as error:
        raise BatchError(f"{job.source}: {error}") from None
    manifest = _manifest(job)
    with _locked(job):
        _start_or_resume(job, manifest)
        try:
            _answer_unfinished_parts(job, progress=progress)
            return replace(_write_outputs(job), detected_format=first_part.detected_format)
        except (OutputError, WorkerError) as error:
            text = f"{error}\nfinished parts are kept in {job.folder}; --resume continues from there"
            raise type(error)(text) from error


def _dask() -> Any:  # noqa: ANN401 - a module
    """Import the client of Dask, which ``requirements-batch.txt`` installs. Raises BatchError."""
    try:
        return importlib.import_module("distributed")
    except ImportError:  # pragma: no cover - tested in a separate process
        raise BatchError("--scheduler needs Dask: pip install -r requirements-batch.txt") from None


def _check_paths(job: BatchJob) -> None:
    """Refuse files that would overwrite each other, and outputs that cannot be created."""
    paths = (("--in", job.source), ("--out", job.target), ("--errors", job.errors))
    for (option, path), (other_option, other) in combinations(paths, 2):
        if _is_same_file(path, other):
            raise BatchError(f"{option} and {other_option} are the same file: {other}")
    if job.source.exists() and not job.source.is_file():
        raise BatchError(f"{job.source} is not a file")
    for option, path in paths:
        if Path(os.path.realpath(job.folder)) in Path(os.path.realpath(path)).parents:
            raise BatchError(f"{option} is in the folder of the run's parts: {path}")
    for _, path in paths[1:]:
        if path.suffix.lower() not in (".csv", ".parquet"):
            raise BatchError(f"{path}: outputs must be .csv or .parquet files")
        if path.is_dir():
            raise OutputError(f"{path} is a folder")
        if not path.parent.is_dir():
            raise OutputError(f"{path}: the folder {path.parent} does not exist")


def _is_same_file(path: Path, other: Path) -> bool:
    """Return whether two paths are the same file; links are followed."""
    return os.path.realpath(path) == os.path.realpath(other) or (
        path.exists() and other.exists() and path.samefile(other)
    )


def _manifest(job: BatchJob) -> dict[str, object]:
    """Return everything that the answers depend on."""
    try:
        with job.source.open("rb") as file:
            source = hashlib.file_digest(file, "sha256").hexdigest()
        return {
            "calculator": job.calculator,
            "options": {"rows": job.part_rows, "lists": job.lists},
            "input": source,
            "data": _digest(data_dir()),
            "version": __version__,
            "code": _digest(CODE_DIR, ".py"),
            "packages": {"pandas": pd.__version__, "pyarrow": pa.__version__},
        }
    except OSError as error:
        raise BatchError(f"{error.filename} cannot be read: {error.strerror}") from error


def _digest(folder: Path, suffix: str = "") -> str:
    """Return a digest of the names and contents of all files below a folder."""
    digest = hashlib.sha256()
    files = (Path(parent, name) for parent, _, names in os.walk(folder, followlinks=True) for name in names)
    for file in sorted(file for file in files if file.name.endswith(suffix)):
        content = file.read_bytes()
        digest.update(os.fsencode(file.relative_to(folder)) + b"\0%d\0" % len(content) + content)
    return digest.hexdigest()


@contextmanager
def _locked(job: BatchJob) -> Iterator[None]:
    """Lock the folder of parts for one run. The lock ends with the process, even if it is killed."""
    path = job.folder / LOCK
    with output_errors(job.folder):
        job.folder.mkdir(exist_ok=True)
        unknown = [file.name for file in job.folder.iterdir() if not OWN_NAMES.fullmatch(file.name)]
        if unknown:
            raise OutputError(f"{job.folder} contains {unknown[0]}, which is not part of a run: move it away")
        lock = path.open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_locked = os.path.samestat(os.fstat(lock.fileno()), path.stat())
        except (BlockingIOError, FileNotFoundError):  # another run has locked or just removed it
            is_locked = False
        if not is_locked:
            raise OutputError(f"another run is writing {job.target}")
        yield


def _start_or_resume(job: BatchJob, manifest: Mapping[str, object]) -> None:
    """Start a run, or resume a run with the same manifest."""
    file = job.folder / MANIFEST
    try:
        previous = json.loads(file.read_bytes())
    except (OSError, ValueError):  # missing or truncated: the parts cannot be trusted
        previous = None
    if isinstance(previous, dict):
        changed = [name for name, value in manifest.items() if previous.get(name) != value]
        if changed:
            raise BatchError(
                f"{job.folder} contains another run: {', '.join(changed)} changed; remove it to start again"
            )
        if not job.resume:
            raise BatchError(f"{job.folder} contains an unfinished run: --resume continues it, or remove it")
        return
    with output_errors(job.folder):
        _remove_files(job)
        temporary_file = file.with_name(f".{MANIFEST}")
        temporary_file.write_text(json.dumps(manifest))
        temporary_file.replace(file)


def _remove_files(job: BatchJob) -> None:
    """Remove the manifest and then the parts; keep the lock."""
    (job.folder / MANIFEST).unlink(missing_ok=True)
    for file in job.folder.iterdir():
        if file.name != LOCK:
            file.unlink()


def _answer_unfinished_parts(job: BatchJob, *, progress: bool) -> None:
    """Answer and write the parts that are not finished."""
    parts = (
        (number, part)
        for number, part in enumerate(read_parts(job.source, job.part_rows, job.calculator))
        if not is_finished(job.folder, number)
    )
    with closing(_run_workers(job, parts)) as row_counts, _progress_bar(shown=progress) as advance:
        for row_count in row_counts:
            advance(row_count)


@contextmanager
def _progress_bar(*, shown: bool) -> Iterator[Callable[[int], object]]:
    """Show the number of answered rows, if ``requirements-batch.txt`` is installed, which includes tqdm."""
    try:
        tqdm: Any = importlib.import_module("tqdm").tqdm
    except ImportError:  # pragma: no cover - tested in a separate process
        yield lambda _rows: None
        return
    with tqdm(disable=not shown, unit=" rows", unit_scale=True) as bar:
        yield bar.update


def _write_outputs(job: BatchJob) -> BatchSummary:
    """Join the parts into the two files, answers and errors, and remove the folder of parts."""
    answers, errors = (sorted(job.folder.glob(f"{kind}-*.parquet")) for kind in ("answers", "errors"))
    with output_errors(job.target):
        answered = join_parts(answers, job.target)
    with output_errors(job.errors):
        summary = BatchSummary(answered, join_parts(errors, job.errors), _first_errors(errors))
    with output_errors(job.folder):
        _remove_files(job)
        (job.folder / LOCK).unlink()
        with suppress(OSError):  # not empty: another run has started in it
            job.folder.rmdir()
    return summary


def _first_errors(parts: Iterable[Path]) -> tuple[str, ...]:
    rows = (row for part in parts for row in pq.read_table(part).slice(0, MAX_FIRST_ERRORS).to_pylist())
    cells = (tuple(row.values()) for row in islice(rows, MAX_FIRST_ERRORS))
    return tuple(f"row {number}, {field}: {message}" for number, field, _, _, message, *_ in cells)


NumberedParts = Iterable[tuple[int, InputPart]]
RowCounts = Generator[int, None, None]


def _run_workers(job: BatchJob, parts: NumberedParts) -> RowCounts:
    """Answer parts in any order; yield the row count of each one that is written. Raises WorkerError."""
    try:
        yield from _run_on_cluster(job, parts) if job.scheduler else _run_locally(job, parts)
    except (BatchError, DataError):
        raise
    except Exception as error:
        raise WorkerError(f"the workers failed: {type(error).__name__}: {error}") from error


def _run_locally(job: BatchJob, parts: NumberedParts) -> RowCounts:
    """Answer parts in processes or threads of this machine."""
    running: dict[Future[None], int] = {}
    with _executor(job) as pool:
        for number, part in parts:
            running[_submit(pool, job, number, part)] = len(part.frame) + len(part.problems)
            if len(running) == job.workers * PARTS_PER_WORKER:
                yield from _finished(running)
        while running:
            yield from _finished(running)


def _finished(running: dict[Future[None], int]) -> RowCounts:
    """Wait for a part; yield the row count of each finished part."""
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        future.result()
        yield running.pop(future)


@contextmanager
def _executor(job: BatchJob) -> Iterator[Executor]:
    """Start workers on demand. If the run fails or is stopped, terminate its processes without waiting."""
    pool = (
        ThreadPoolExecutor(job.workers)
        if job.threads
        else ProcessPoolExecutor(job.workers, get_context("spawn"), end_with_parent)
    )
    earlier_processes = {*active_children()}
    try:
        yield pool
    except BaseException:
        for process in {*active_children()} - earlier_processes:
            process.terminate()
        if sys.version_info < (3, 11, 5) and isinstance(pool, ProcessPoolExecutor):  # pragma: no cover
            # Without this, shutdown() waits for a pipe that nobody reads (gh-94777).
            pool._call_queue._reader.close()  # type: ignore[attr-defined]  # noqa: SLF001
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: Executor, job: BatchJob, number: int, part: InputPart) -> Future[None]:
    """Submit a part. Ctrl-C takes effect afterwards and does not reach a process that is started here."""
    with _interrupts_deferred():
        return pool.submit(answer_part, job.calculator, part, job.folder, number, lists=job.lists)


@contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Delay KeyboardInterrupt until the end of the block.

    A signal mask applies to one thread only, and Python runs the handler in the main thread even if another
    thread got the signal; so the handler is replaced, too. Processes started in the block inherit the mask.
    """
    received: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: received.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if received:
        raise KeyboardInterrupt


def _run_on_cluster(job: BatchJob, parts: NumberedParts) -> RowCounts:
    """Answer parts on a Dask cluster. If a worker dies, another one answers its part."""
    remaining = iter(parts)
    numbers: dict[object, int] = {}

    def submit(client: Any, count: int) -> list[Any]:  # noqa: ANN401 - Dask's client
        futures = []
        for number, part in islice(remaining, count):
            future = client.submit(
                answer_rows, job.calculator, part.frame, part.problems, lists=job.lists, pure=False, retries=3
            )
            numbers[future.key] = number
            futures.append(future)
        return futures

    dask = _dask()
    with dask.Client(job.scheduler) as client:
        running = dask.as_completed(submit(client, max(1, len(client.ncores())) * PARTS_PER_CLUSTER_WORKER))
        for future in running:
            result = future.result()
            write_part(job.folder, numbers.pop(future.key), result)
            yield len(result.answers) + result.errors.iloc[:, 0].nunique()
            for next_future in submit(client, 1):
                running.add(next_future)
