"""The two files of a part, answers and errors, written by the process that calculated them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from logic.batch.rows import BatchError, InputPart, PartResult, answer_rows

FILE_KINDS: tuple[Literal["errors"], Literal["answers"]] = ("errors", "answers")
"""In the order of writing: if the answers of a part exist, its errors do too."""


class OutputError(BatchError):
    """The output cannot be written: no such folder, disk full, read-only, or in use by another run."""


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Convert exceptions that occur while a file is written to OutputError."""
    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        errno = getattr(error, "errno", None)
        raise OutputError(f"{path} cannot be written: {os.strerror(errno) if errno else error}") from error


def part_file(folder: Path, number: int, kind: Literal["errors", "answers"]) -> Path:
    """Return the path of one of the two files of a part."""
    return folder / f"{kind}-{number:06}.parquet"


def is_finished(folder: Path, number: int) -> bool:
    """Return whether both files of a part exist and are complete."""
    try:
        for kind in FILE_KINDS:
            pq.read_table(part_file(folder, number, kind))
    except (OSError, pa.ArrowException):
        return False
    return True


def write_part(folder: Path, number: int, result: PartResult) -> None:
    """Write the files of a part; each appears only when it is complete. Raises OutputError."""
    for kind in FILE_KINDS:
        file = part_file(folder, number, kind)
        temporary_file = file.with_name(f".{file.name}")
        with output_errors(file):
            getattr(result, kind).to_parquet(temporary_file, index=False)
            temporary_file.replace(file)


def answer_part(name: str, part: InputPart, folder: Path, number: int, *, lists: bool) -> None:
    """Answer a part and write it.

    Nothing is returned: a worker process that is killed while it sends a large result would block its parent.

    Raises:
        OutputError: the part cannot be written.
        DataError: a table is damaged.

    """
    write_part(folder, number, answer_rows(name, part.frame, part.problems, lists=lists))
