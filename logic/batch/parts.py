"""The files of one part: its answers and its errors, written by the process that answered it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from logic.batch.rows import BatchError, InputPart, PartResult, answer_rows

KINDS: tuple[Literal["errors"], Literal["answers"]] = ("errors", "answers")
"""Errors are written first: the answers of a part vouch for its errors."""


class OutputError(BatchError):
    """The answers cannot be written: a folder is missing, full or read-only, or another run writes there."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn whatever fails while a file is written into OutputError."""
    try:
        yield
    except (OSError, ValueError, pa.ArrowException) as error:
        number = getattr(error, "errno", None)
        raise OutputError(f"{path} cannot be written: {os.strerror(number) if number else error}") from error


def part_file(folder: Path, number: int, kind: Literal["errors", "answers"]) -> Path:
    """Return the path of one of the two files of a part."""
    return folder / f"{kind}-{number:06}.parquet"


def is_finished(folder: Path, number: int) -> bool:
    """Whether both files of a part are there and can be read to the end."""
    try:
        for kind in KINDS:
            pq.read_table(part_file(folder, number, kind))
    except (OSError, pa.ArrowException):
        return False
    return True


def write_part(folder: Path, number: int, part: PartResult) -> None:
    """Write a part; each file appears only when it is complete. Raises OutputError."""
    for kind in KINDS:
        file = part_file(folder, number, kind)
        scratch = file.with_name(f".{file.name}")
        with writing(file):
            getattr(part, kind).to_parquet(scratch, index=False)
            scratch.replace(file)


def answer_part(name: str, part: InputPart, folder: Path, number: int, *, lists: bool) -> None:
    """Answer a part and write it. Raises OutputError and DataError.

    It returns nothing, so that a process that is killed cannot leave half of a large message to its parent.
    """
    write_part(folder, number, answer_rows(name, part.frame, part.problems, lists=lists))
