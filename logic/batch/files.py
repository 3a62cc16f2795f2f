"""Files of many requests: ``python -m logic batch NAME --in FILE --out FILE``, on Dask.

A file is CSV or Parquet, its columns are the request's fields; other columns are carried through. It is read
in parts; each part is answered by a process, a thread or a worker of a cluster and laid down as soon as it is
done, so that a run that was stopped goes on where it stood. Bad rows go into a file of their own, numbered.
"""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import distributed
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from dask.base import compute
from dask.delayed import delayed
from pyarrow.csv import CSVWriter, WriteOptions
from tqdm import tqdm

from logic.batch.rows import BatchError, Part, answered, check_columns
from logic.tables import root

PART_ROWS = 50_000
WAVE = 4
"""Parts on their way for each worker: what is held in memory at once."""
FIRST_ROW = 2
"""The number that a spreadsheet gives the first row below the heads."""


def parts_of(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    """The file in parts, its rows numbered as a spreadsheet numbers them. Raises BatchError."""
    try:
        yield from _read(file, rows)
    except (OSError, ValueError, csv.Error, pa.ArrowException) as error:  # no such file, not UTF-8, damaged
        raise BatchError(f"{file}: {error}") from None


def _read(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    match file.suffix.lower():
        case ".csv":
            yield from _read_csv(file, rows)
        case ".parquet":
            start = FIRST_ROW
            for piece in pq.ParquetFile(file).iter_batches(batch_size=rows):
                part = piece.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
                yield part.set_axis(pd.RangeIndex(start, start + len(part)), axis=0)
                start += len(part)
        case other:
            raise BatchError(f"{file}: {other or 'no'} ending; a file is .csv or .parquet")


def _read_csv(file: Path, rows: int) -> Iterator[pd.DataFrame]:
    """The rows of a CSV file in parts; a longer or shorter row than the header is refused, never shifted.

    Empty cells after the last column are ignored, and so are blank lines, which keep their row numbers.
    """
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        header = _without_empty_end(next(reader, []))
        if not header:
            raise BatchError(f"{file}: there is no header in the first line")
        nameless = [position for position, name in enumerate(header, 1) if not name.strip()]
        if nameless:
            raise BatchError(f"{file}: column {nameless[0]} has no name")
        numbered = _rows_of(file, reader, len(header))
        yielded = False
        while (part := [*islice(numbered, rows)]) or not yielded:
            index = pd.Index([number for number, _ in part], dtype="int64")
            yield pd.DataFrame([cells for _, cells in part], columns=header, index=index, dtype=str)
            yielded = True


def _rows_of(file: Path, reader: Iterable[list[str]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number that a spreadsheet gives it."""
    for number, cells in enumerate(reader, FIRST_ROW):
        if len(cells) > width:
            cells = [*cells[:width], *_without_empty_end(cells[width:])]  # noqa: PLW2901 - the same row
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != width:
            raise BatchError(f"{file}: row {number} has {len(cells)} cells, but the header has {width}")
        yield number, cells


def _without_empty_end(cells: list[str]) -> list[str]:
    """The cells up to the last that is not empty."""
    last = max((position for position, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return cells[:last]


def write_parts(parts: Iterable[Path], target: Path) -> int:
    """Join Parquet parts into one file, CSV or Parquet, in place only when it is whole; its rows."""
    scratch, rows = target.with_name(f".{target.name}.part"), 0
    writer: pq.ParquetWriter | CSVWriter | None = None
    with ExitStack() as stack:
        for part in parts:
            table = pq.read_table(part)
            rows += table.num_rows
            if writer is None:
                schema = table.schema
                writer = stack.enter_context(_writer(scratch, target, schema))
            writer.write_table(table.cast(schema))
    scratch.replace(target)
    return rows


def _writer(file: Path, target: Path, schema: pa.Schema) -> pq.ParquetWriter | CSVWriter:
    if target.suffix.lower() == ".csv":
        return CSVWriter(file, schema, write_options=WriteOptions(quoting_style="needed"))
    return pq.ParquetWriter(file, schema)


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
