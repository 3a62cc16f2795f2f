"""Read files of many requests in parts, and join parts of answers into one file: CSV or Parquet."""

from collections.abc import Generator, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.csv import CSVWriter, WriteOptions

from logic.batch.cells import column_fields
from logic.batch.rows import BatchError, InputPart
from logic.batch.table_file import ENCODING_NAMES, RowProblem, Table, TableFileError, TableRow, read_table
from logic.core.normalisation import comparison_key

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
        problems = [row for row in part if isinstance(row, RowProblem)]
        yield InputPart(frame, problems, _read_as(table))
        yielded = True


def _read_as(table: Table) -> str:
    if table.encoding is None:
        return f"first visible sheet, header in row {table.header_row}"
    encoding, separator = ENCODING_NAMES[table.encoding], table.separator
    return f"{encoding}, separator {separator!r}, header in row {table.header_row}"


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
