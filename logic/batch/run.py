"""Run ``python -m logic batch NAME --in FILE --out FILE``: answer a file part by part.

Each part is answered by a process, a thread or a worker of a Dask cluster and written as soon as it is done,
so that a stopped run can be resumed. Invalid rows go into a file of their own, with their numbers.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import distributed
import pandas as pd
from dask.base import compute
from dask.delayed import delayed
from tqdm import tqdm

from logic.batch.files import parts_of, write_parts
from logic.batch.rows import BatchError, Part, answered, check_columns
from logic.tables import root

PART_ROWS = 50_000
WAVE = 4
"""Parts on their way for each worker: what is held in memory at once."""


@dataclass(frozen=True)
class Plan:
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
class Done:
    """How many rows were answered, how many errors were found."""

    answered: int
    errors: int


def run(plan: Plan, *, progress: bool = True) -> Done:
    """Answer a whole file. Raises BatchError; stopped in the middle, it goes on with ``resume``."""
    if plan.target.suffix.lower() not in (".csv", ".parquet"):
        raise BatchError(f"{plan.target}: a file is .csv or .parquet")
    head = next(parts_of(plan.source, 1), None)
    check_columns(plan.name, [] if head is None else [*map(str, head.columns)])
    _open(plan)
    waiting = (
        (number, part)
        for number, part in enumerate(parts_of(plan.source, plan.rows))
        if not _file(plan, number, "good").exists()
    )
    with _everywhere(plan) as everywhere, tqdm(disable=not progress, unit=" rows", unit_scale=True) as bar:
        for number, part in everywhere(waiting):
            _lay_down(plan, number, part)
            bar.update(len(part.good) + part.bad.iloc[:, 0].nunique())
    good = sorted(plan.folder.glob("good-*.parquet"))
    done = Done(
        write_parts(good, plan.target), write_parts(sorted(plan.folder.glob("bad-*.parquet")), plan.errors)
    )
    shutil.rmtree(plan.folder)
    return done


def _open(plan: Plan) -> None:
    """Begin a run, or go on with one of the same file, calculator and figures."""
    with plan.source.open("rb") as file:
        source = hashlib.file_digest(file, "sha256").hexdigest()
    figures = hashlib.sha256()
    for table in sorted(root().rglob("*.csv")):
        figures.update(table.read_bytes())
    how = {"calculator": plan.name, "rows": plan.rows, "lists": plan.lists}
    same = {**how, "source": source, "data": figures.hexdigest()}
    manifest = plan.folder / "run.json"
    if plan.folder.exists():
        if not plan.resume:
            raise BatchError(f"{plan.folder} holds an unfinished run: --resume goes on with it, or remove it")
        if json.loads(manifest.read_text()) != same:
            raise BatchError(f"{plan.folder} holds another run: file, calculator or figures changed")
    else:
        plan.folder.mkdir()
        manifest.write_text(json.dumps(same))


def _file(plan: Plan, number: int, kind: str) -> Path:
    return plan.folder / f"{kind}-{number:06}.parquet"


def _lay_down(plan: Plan, number: int, part: Part) -> None:
    """Write a part; its answers move into place last, and so vouch for the rest."""
    for kind, frame in (("bad", part.bad), ("good", part.good)):
        scratch = plan.folder / f".{kind}"
        frame.to_parquet(scratch, index=False)
        scratch.replace(_file(plan, number, kind))


Parts = Iterable[tuple[int, pd.DataFrame]]


@contextmanager
def _everywhere(plan: Plan) -> Iterator[Callable[[Parts], Iterator[tuple[int, Part]]]]:
    """What answers parts, in any order: this machine's processes or threads, or a cluster."""
    if plan.scheduler:
        with distributed.Client(plan.scheduler) as client:
            yield lambda parts: _on_cluster(client, plan, parts)
    else:
        with _pool(plan) as pool:
            yield lambda parts: _here(pool, plan, parts)


def _pool(plan: Plan) -> Executor:
    if plan.threads:
        return ThreadPoolExecutor(plan.workers)
    return ProcessPoolExecutor(plan.workers, mp_context=get_context("spawn"))


def _here(pool: Executor, plan: Plan, parts: Parts) -> Iterator[tuple[int, Part]]:
    one = delayed(answered)
    scheduler = "threads" if plan.threads else "processes"
    stream = iter(parts)
    while wave := [*islice(stream, plan.workers * WAVE)]:
        tasks = [one(plan.name, part, lists=plan.lists) for _, part in wave]
        found = compute(*tasks, scheduler=scheduler, pool=pool, num_workers=plan.workers, chunksize=1)
        yield from zip((number for number, _ in wave), found, strict=True)


def _on_cluster(client: distributed.Client, plan: Plan, parts: Parts) -> Iterator[tuple[int, Part]]:
    """A part of a worker that died is answered by another."""
    stream = iter(parts)
    numbers: dict[object, int] = {}

    def submit(count: int) -> list[Any]:
        sent = []
        for number, part in islice(stream, count):
            future = client.submit(answered, plan.name, part, lists=plan.lists, pure=False, retries=3)
            numbers[future.key] = number
            sent.append(future)
        return sent

    running = distributed.as_completed(submit(max(1, len(client.ncores())) * WAVE))
    for future in running:
        yield numbers.pop(future.key), future.result()
        for fresh in submit(1):
            running.add(fresh)
