"""Files of many requests: ``python -m logic batch NAME --in FILE --out FILE``, on Dask.

A file is CSV or Parquet, its columns are the request's fields; other columns are carried through. It is read
in parts; each part is answered by a process, a thread or a worker of a cluster and laid down as soon as it is
done, so that a run that was stopped goes on where it stood. Bad rows go into a file of their own, numbered.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO

import distributed
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from dask.base import compute
from dask.delayed import delayed
from pyarrow.csv import CSVWriter, WriteOptions
from tqdm import tqdm

from logic.batch.cells import column_fields
from logic.batch.rows import BatchError, InputPart, Part, answered, check_columns
from logic.batch.table_file import RowProblem, TableFileError, TableRow, read_table
from logic.core.normalisation import comparison_key
from logic.tables import root

PART_ROWS = 50_000
WAVE = 4
"""Parts on their way for each worker: what is held in memory at once."""
MAX_WORKBOOK_ROWS = 1_048_576
"""What a spreadsheet can hold."""
FIRST_ROW = 2
"""The number that a spreadsheet gives the first row below the heads."""


def parts_of(file: Path, rows: int, calculator: str) -> Generator[InputPart, None, None]:
    """Yield a file in parts, its rows numbered as a spreadsheet numbers them.

    Raises:
        BatchError: it cannot be read, or a column is repeated or has no name.

    """
    try:
        if file.suffix.lower() == ".parquet":
            yield from _parquet_parts(file, rows)
        else:
            with file.open("rb") as stream:
                yield from _table_parts(file, stream, rows, calculator)
    except TableFileError as error:
        raise BatchError(f"{file}: {error}") from None
    except (OSError, ValueError, pa.ArrowException) as error:  # no such file, damaged
        raise BatchError(f"{file}: {error}") from None


def _parquet_parts(file: Path, rows: int) -> Iterator[InputPart]:
    start = FIRST_ROW
    for piece in pq.ParquetFile(file).iter_batches(batch_size=rows):
        frame = piece.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
        yield InputPart(frame.set_axis(pd.RangeIndex(start, start + len(frame)), axis=0))
        start += len(frame)


def _table_parts(file: Path, stream: BinaryIO, rows: int, calculator: str) -> Iterator[InputPart]:
    fields = column_fields(calculator)
    table = read_table(
        stream, lambda cell: fields.get(comparison_key(cell)), MAX_WORKBOOK_ROWS, all_named=True
    )
    if not table.header:
        raise BatchError(f"{file}: there is no header")
    columns = [column or cell for column, cell in zip(table.columns, table.header, strict=True)]
    yielded = False
    while (part := [*islice(table.rows, rows)]) or not yielded:
        good = [row for row in part if isinstance(row, TableRow)]
        index = pd.Index([row.number for row in good], dtype="int64")
        frame = pd.DataFrame([row.cells for row in good], columns=columns, index=index, dtype=str)
        yield InputPart(frame, [row for row in part if isinstance(row, RowProblem)])
        yielded = True


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
    with closing(parts_of(plan.source, 1, plan.name)) as parts:
        head = next(parts, None)
    check_columns(plan.name, [] if head is None else [*map(str, head.frame.columns)])
    _open(plan)
    waiting = (
        (number, part)
        for number, part in enumerate(parts_of(plan.source, plan.rows, plan.name))
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


Parts = Iterable[tuple[int, InputPart]]


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
        tasks = [one(plan.name, part.frame, part.problems, lists=plan.lists) for _, part in wave]
        found = compute(*tasks, scheduler=scheduler, pool=pool, num_workers=plan.workers, chunksize=1)
        yield from zip((number for number, _ in wave), found, strict=True)


def _on_cluster(client: distributed.Client, plan: Plan, parts: Parts) -> Iterator[tuple[int, Part]]:
    """A part of a worker that died is answered by another."""
    stream = iter(parts)
    numbers: dict[object, int] = {}

    def submit(count: int) -> list[Any]:
        sent = []
        for number, part in islice(stream, count):
            future = client.submit(
                answered, plan.name, part.frame, part.problems, lists=plan.lists, pure=False, retries=3
            )
            numbers[future.key] = number
            sent.append(future)
        return sent

    running = distributed.as_completed(submit(max(1, len(client.ncores())) * WAVE))
    for future in running:
        yield numbers.pop(future.key), future.result()
        for fresh in submit(1):
            running.add(fresh)
