"""Read files of requests in parts, and join parts of answers into one CSV or Parquet file."""

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
"""The maximum number of rows of a spreadsheet."""
FIRST_ROW = 2
"""The number of the first row below the header, as spreadsheets count."""


def read_parts(file: Path, rows: int, calculator: str) -> Generator[InputPart, None, None]:
    """Yield a file in parts of at most ``rows`` rows, numbered as in a spreadsheet.

    Raises:
        BatchError: the file cannot be read, or a column is repeated or has no name.

    """
    try:
        if file.suffix.lower() == ".parquet":
            yield from _parquet_parts(file, rows)
        else:
            with file.open("rb") as stream:
                yield from _table_parts(file, stream, rows, calculator)
    except TableFileError as error:
        raise BatchError(f"{file}: {error}") from None
    except (OSError, ValueError, pa.ArrowException) as error:  # the file is missing or damaged
        raise BatchError(f"{file}: {error}") from None


def _parquet_parts(file: Path, rows: int) -> Iterator[InputPart]:
    start = FIRST_ROW
    for batch in pq.ParquetFile(file).iter_batches(batch_size=rows):
        frame = batch.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
        yield InputPart(frame.set_axis(pd.RangeIndex(start, start + len(frame)), axis=0))
        start += len(frame)


def _table_parts(file: Path, stream: BinaryIO, rows: int, calculator: str) -> Iterator[InputPart]:
    fields = column_fields(calculator)
    table = read_table(
        stream, lambda cell: fields.get(comparison_key(cell)), MAX_WORKBOOK_ROWS, all_named=True
    )
    if not table.header:
        raise BatchError(f"{file}: the header is missing")
    columns = [column or cell for column, cell in zip(table.columns, table.header, strict=True)]
    yielded = False
    while (part := [*islice(table.rows, rows)]) or not yielded:
        valid_rows = [row for row in part if isinstance(row, TableRow)]
        index = pd.Index([row.number for row in valid_rows], dtype="int64")
        frame = pd.DataFrame([row.cells for row in valid_rows], columns=columns, index=index, dtype=str)
        problems = [row for row in part if isinstance(row, RowProblem)]
        yield InputPart(frame, problems, _describe_format(table))
        yielded = True


def _describe_format(table: Table) -> str:
    if table.encoding is None:
        return f"first visible sheet, header in row {table.header_row}"
    encoding, separator = ENCODING_NAMES[table.encoding], table.separator
    return f"{encoding}, separator {separator!r}, header in row {table.header_row}"


def join_parts(parts: Sequence[Path], target: Path) -> int:
    """Join Parquet parts into one CSV or Parquet file and return its number of rows.

    An existing file is replaced when the new one is complete.

    Raises:
        OSError: the file cannot be written.
        pyarrow.ArrowException: a part cannot be read.

    """
    temporary_file = target.with_name(f".{target.name}.part")
    rows = 0
    schema = pa.unify_schemas([pq.read_schema(part) for part in parts], promote_options="permissive")
    try:
        with _writer(temporary_file, target, schema) as writer:
            for part in parts:
                table = pq.read_table(part)
                rows += table.num_rows
                writer.write_table(table.cast(schema))
        temporary_file.replace(target)
    finally:
        temporary_file.unlink(missing_ok=True)
    return rows


def _writer(file: Path, target: Path, schema: pa.Schema) -> pq.ParquetWriter | CSVWriter:
    if target.suffix.lower() == ".csv":
        return CSVWriter(file, schema, write_options=WriteOptions(quoting_style="needed"))
    return pq.ParquetWriter(file, schema)
