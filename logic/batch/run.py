"""Run ``python -m logic batch NAME --in FILE --out FILE``: answer a file part by part.

Each part is answered by a process, a thread or a worker of a Dask cluster and written as soon as it is done,
so that a stopped run can be resumed. Invalid rows go into a file of their own, with their numbers.
"""

import fcntl
import hashlib
import importlib
import json
import os
import re
import signal
import sys
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
from logic.batch.files import parts_of, write_parts
from logic.batch.parts import OutputError, answer_part, is_finished, write_part, writing
from logic.batch.rows import BatchError, InputPart, answer_rows, check_columns
from logic.batch.worker_process import end_with_parent
from logic.core.errors import DataError
from logic.datasets.tables import data_dir

PART_ROWS = 20_000
PARTS_PER_WORKER = 2
"""Parts in memory for each process or thread: one that is being answered, one that waits."""
PARTS_PER_CLUSTER_WORKER = 4
MAX_FIRST_ERRORS = 5
CODE = Path(__file__).parent.parent
MANIFEST, LOCK = "run.json", "lock"
OWN_NAMES = re.compile(r"\.?run\.json|lock|\.?(answers|errors)-\d+\.parquet")
"""Every file that a run puts into its folder of parts."""


class WorkerError(BatchError):
    """A worker process or the cluster failed."""


@dataclass(frozen=True)
class BatchJob:
    """What is to be done, and how."""

    name: str
    source: Path
    target: Path
    errors: Path
    workers: int = os.cpu_count() or 1
    threads: bool = False
    scheduler: str | None = None
    lists: bool = False
    resume: bool = False
    rows: int = PART_ROWS

    @property
    def folder(self) -> Path:
        """Where finished parts lie until all are there."""
        return self.target.with_name(f"{self.target.name}.parts")


@dataclass(frozen=True)
class BatchSummary:
    """How many rows were answered, how many errors were found, and the first of them as text."""

    answered: int
    errors: int
    first_errors: tuple[str, ...] = ()
    read_as: str = ""
    """How the input was read, where that was found out."""


def run(plan: BatchJob, *, progress: bool = True) -> BatchSummary:
    """Answer a whole file. The folder of parts is kept when it fails; ``resume`` goes on from there.

    Raises:
        OutputError: the answers cannot be written.
        WorkerError: a worker process or the cluster failed.
        BatchError: the input or the options cannot be used, or what ``resume`` finds belongs to another run.
        DataError: a table of the data folder is damaged.

    """
    if plan.scheduler:
        _dask()  # a missing package is named before anything is written
    with writing(plan.target):
        _check_paths(plan)
    with closing(parts_of(plan.source, 1, plan.name)) as parts:
        head = next(parts, None)
    if head is None:
        raise BatchError(f"{plan.source} has no rows")
    try:
        check_columns(plan.name, [*map(str, head.frame.columns)])
    except BatchError as error:
        raise BatchError(f"{plan.source}: {error}") from None
    manifest = _manifest(plan)
    with _locked(plan):
        _start(plan, manifest)
        try:
            _answer(plan, progress=progress)
            return replace(_join(plan), read_as=head.read_as)
        except (OutputError, WorkerError) as error:
            text = f"{error}\nfinished parts are kept in {plan.folder}; --resume continues from there"
            raise type(error)(text) from error


def _dask() -> Any:  # noqa: ANN401 - a module
    """Import Dask's client, which the extra ``batch`` installs. Raises BatchError."""
    try:
        return importlib.import_module("distributed")
    except ImportError:  # pragma: no cover - tested in a process of its own
        raise BatchError("--scheduler needs Dask: pip install -r requirements-batch.txt") from None


def _check_paths(plan: BatchJob) -> None:
    """Refuse files that would overwrite each other and answers that have no place."""
    named = (("--in", plan.source), ("--out", plan.target), ("--errors", plan.errors))
    for (option, path), (other_option, other) in combinations(named, 2):
        if _is_same_file(path, other):
            raise BatchError(f"{option} and {other_option} are the same file: {other}")
    if plan.source.exists() and not plan.source.is_file():
        raise BatchError(f"{plan.source} is not a file")
    for option, path in named:
        if Path(os.path.realpath(plan.folder)) in Path(os.path.realpath(path)).parents:
            raise BatchError(f"{option} lies in the folder of the run's parts: {path}")
    for _, path in named[1:]:
        if path.suffix.lower() not in (".csv", ".parquet"):
            raise BatchError(f"{path}: a file is .csv or .parquet")
        if path.is_dir():
            raise OutputError(f"{path} is a folder")
        if not path.parent.is_dir():
            raise OutputError(f"{path}: there is no folder {path.parent}")


def _is_same_file(path: Path, other: Path) -> bool:
    """Whether two names are of one file, also through links."""
    return os.path.realpath(path) == os.path.realpath(other) or (
        path.exists() and other.exists() and path.samefile(other)
    )


def _manifest(plan: BatchJob) -> dict[str, object]:
    """Return everything that the answers depend on."""
    try:
        with plan.source.open("rb") as file:
            source = hashlib.file_digest(file, "sha256").hexdigest()
        return {
            "calculator": plan.name,
            "options": {"rows": plan.rows, "lists": plan.lists},
            "input": source,
            "data": _digest(data_dir()),
            "version": __version__,
            "code": _digest(CODE, ".py"),
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
def _locked(plan: BatchJob) -> Iterator[None]:
    """Hold the folder of parts for one run; the lock ends with the process, however that ends."""
    path = plan.folder / LOCK
    with writing(plan.folder):
        plan.folder.mkdir(exist_ok=True)
        foreign = [file.name for file in plan.folder.iterdir() if not OWN_NAMES.fullmatch(file.name)]
        if foreign:
            raise OutputError(f"{plan.folder} holds {foreign[0]}, which is not of a run: move it away")
        lock = path.open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = os.path.samestat(os.fstat(lock.fileno()), path.stat())
        except (BlockingIOError, FileNotFoundError):  # another run holds it, or has just removed it
            held = False
        if not held:
            raise OutputError(f"another run is writing {plan.target}")
        yield


def _start(plan: BatchJob, manifest: Mapping[str, object]) -> None:
    """Begin a run, or resume one with the same manifest."""
    file = plan.folder / MANIFEST
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):  # none, or one that was cut off: its parts vouch for nothing
        found = None
    if isinstance(found, dict):
        changed = [name for name, value in manifest.items() if found.get(name) != value]
        if changed:
            raise BatchError(
                f"{plan.folder} holds another run: {', '.join(changed)} changed; remove it to begin anew"
            )
        if not plan.resume:
            raise BatchError(f"{plan.folder} holds an unfinished run: --resume continues it, or remove it")
        return
    with writing(plan.folder):
        _remove_files(plan)
        scratch = file.with_name(f".{MANIFEST}")
        scratch.write_text(json.dumps(manifest))
        scratch.replace(file)


def _remove_files(plan: BatchJob) -> None:
    """Remove the manifest, then the parts that it vouches for; the lock stays."""
    (plan.folder / MANIFEST).unlink(missing_ok=True)
    for file in plan.folder.iterdir():
        if file.name != LOCK:
            file.unlink()


def _answer(plan: BatchJob, *, progress: bool) -> None:
    """Answer the parts that are not finished, and write each as soon as it is."""
    parts = (
        (number, part)
        for number, part in enumerate(parts_of(plan.source, plan.rows, plan.name))
        if not is_finished(plan.folder, number)
    )
    with closing(_answers(plan, parts)) as answers, _progress_bar(shown=progress) as advance:
        for rows in answers:
            advance(rows)


@contextmanager
def _progress_bar(*, shown: bool) -> Iterator[Callable[[int], object]]:
    """Show how many rows are answered; nothing without tqdm, which the extra ``batch`` installs."""
    try:
        tqdm: Any = importlib.import_module("tqdm").tqdm
    except ImportError:  # pragma: no cover - tested in a process of its own
        yield lambda _rows: None
        return
    with tqdm(disable=not shown, unit=" rows", unit_scale=True) as bar:
        yield bar.update


def _join(plan: BatchJob) -> BatchSummary:
    """Join the parts into the two files of answers and errors, and remove the folder."""
    answers, errors = (sorted(plan.folder.glob(f"{kind}-*.parquet")) for kind in ("answers", "errors"))
    with writing(plan.target):
        count = write_parts(answers, plan.target)
    with writing(plan.errors):
        done = BatchSummary(count, write_parts(errors, plan.errors), _first_errors(errors))
    with writing(plan.folder):
        _remove_files(plan)
        (plan.folder / LOCK).unlink()
        with suppress(OSError):  # not empty: the next run has begun in it
            plan.folder.rmdir()
    return done


def _first_errors(parts: Iterable[Path]) -> tuple[str, ...]:
    rows = (row for part in parts for row in pq.read_table(part).slice(0, MAX_FIRST_ERRORS).to_pylist())
    cells = (tuple(row.values()) for row in islice(rows, MAX_FIRST_ERRORS))
    return tuple(f"row {number}, {field}: {message}" for number, field, _, _, message, *_ in cells)


Parts = Iterable[tuple[int, InputPart]]
Finished = Generator[int, None, None]


def _answers(plan: BatchJob, parts: Parts) -> Finished:
    """Answer parts in any order and yield the rows of each when it is written. Raises WorkerError."""
    try:
        yield from _run_on_cluster(plan, parts) if plan.scheduler else _run_locally(plan, parts)
    except (BatchError, DataError):
        raise
    except Exception as error:
        raise WorkerError(f"the workers failed: {type(error).__name__}: {error}") from error


def _run_locally(plan: BatchJob, parts: Parts) -> Finished:
    """Answer parts in processes or threads of this machine."""
    running: dict[Future[None], int] = {}
    with _executor(plan) as pool:
        for number, part in parts:
            running[_submit(pool, plan, number, part)] = len(part.frame) + len(part.problems)
            if len(running) == plan.workers * PARTS_PER_WORKER:
                yield from _finished(running)
        while running:
            yield from _finished(running)


def _finished(running: dict[Future[None], int]) -> Finished:
    """Wait for a part, and take all that are done."""
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        future.result()
        yield running.pop(future)


@contextmanager
def _executor(plan: BatchJob) -> Iterator[Executor]:
    """Start workers on demand; when a run fails or is stopped, its processes are not waited for."""
    pool = (
        ThreadPoolExecutor(plan.workers)
        if plan.threads
        else ProcessPoolExecutor(plan.workers, get_context("spawn"), end_with_parent)
    )
    others = {*active_children()}
    try:
        yield pool
    except BaseException:
        for process in {*active_children()} - others:
            process.terminate()
        if sys.version_info < (3, 11, 5) and isinstance(pool, ProcessPoolExecutor):  # pragma: no cover
            # shutdown() would wait for a pipe that nobody reads (gh-94777); later versions close it
            pool._call_queue._reader.close()  # type: ignore[attr-defined]  # noqa: SLF001
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: Executor, plan: BatchJob, number: int, part: InputPart) -> Future[None]:
    """Submit a part. Ctrl-C takes effect afterwards, and does not reach a process that this starts."""
    with _interrupts_deferred():
        return pool.submit(answer_part, plan.name, part, plan.folder, number, lists=plan.lists)


@contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Raise KeyboardInterrupt at the end of the block in place of its middle.

    A signal mask alone holds for one thread, and Python handles in the main thread what another one received.
    Processes that the block starts inherit the mask.
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


def _run_on_cluster(plan: BatchJob, parts: Parts) -> Finished:
    """Answer parts on a cluster; a part of a worker that died is answered by another."""
    stream = iter(parts)
    numbers: dict[object, int] = {}

    def submit(client: Any, count: int) -> list[Any]:  # noqa: ANN401 - Dask's client
        sent = []
        for number, part in islice(stream, count):
            future = client.submit(
                answer_rows, plan.name, part.frame, part.problems, lists=plan.lists, pure=False, retries=3
            )
            numbers[future.key] = number
            sent.append(future)
        return sent

    dask = _dask()
    with dask.Client(plan.scheduler) as client:
        running = dask.as_completed(submit(client, max(1, len(client.ncores())) * PARTS_PER_CLUSTER_WORKER))
        for future in running:
            part = future.result()
            write_part(plan.folder, numbers.pop(future.key), part)
            yield len(part.answers) + part.errors.iloc[:, 0].nunique()
            for fresh in submit(client, 1):
                running.add(fresh)
