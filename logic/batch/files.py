"""Read files of many requests in parts, and join parts of answers into one file: CSV or Parquet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.csv import CSVWriter, WriteOptions

from logic.batch.rows import BatchError

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


def write_parts(parts: Sequence[Path], target: Path) -> int:
    """Join Parquet parts into one file, CSV or Parquet, and return its rows.

    The file is replaced when the new one is complete. Raises OSError and pyarrow's ArrowException.
    """
    scratch, rows = target.with_name(f".{target.name}.part"), 0
    schema = pa.unify_schemas([pq.read_schema(part) for part in parts], promote_options="permissive")
    try:
        with _writer(scratch, target, schema) as writer:
            for part in parts:
                table = pq.read_table(part)
                rows += table.num_rows
                writer.write_table(table.cast(schema))
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)
    return rows


def _writer(file: Path, target: Path, schema: pa.Schema) -> pq.ParquetWriter | CSVWriter:
    if target.suffix.lower() == ".csv":
        return CSVWriter(file, schema, write_options=WriteOptions(quoting_style="needed"))
    return pq.ParquetWriter(file, schema)
