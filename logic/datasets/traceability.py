"""The coverage register: each numbered clause with the calculators that answer it, or why none does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from logic.core.errors import DataError
from logic.datasets.tables import Clause, Row, build, clauses, data_dir, display_path, read_toml

OutsideReason = Literal[
    "no_rule", "company_duty", "judgement", "not_printed", "shown", "same_as", "not_asked",
]  # fmt: skip
"""Nothing to compute; a duty of the company, dealer or authority; an expert's decision; a figure that the
document does not print; shown on the guide; a repetition; a condition that no calculator asks for."""


class OutsideRow(Row):
    """A clause that no calculator answers: registered (``clause``), or told by its place and gist."""

    reason: OutsideReason
    clause: str | None = None
    edition: str | None = None
    part: str | None = None
    article: str | None = None
    table: str | None = None
    annex: str | None = None
    note: str | None = None
    place: str | None = None
    fa: str | None = None
    en: str | None = None


class _Register(Row):
    """What the register says of one document."""

    answered: Mapping[str, tuple[str, ...]] = {}
    outside: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Covered:
    """A clause with the calculators that answer it, or the reason why none does."""

    clause: Clause
    id: str | None
    calculators: tuple[str, ...]
    reason: OutsideReason | None


def coverage() -> Mapping[str, tuple[Covered, ...]]:
    """By document, the answered clauses first. Raises DataError where the register is damaged."""
    return _read(data_dir())


@cache
def _read(folder: Path) -> Mapping[str, tuple[Covered, ...]]:
    file = folder / "coverage.toml"
    return {
        document: tuple(_document(file, document, build(_Register, table, file, f"[{document}] ".__add__)))
        for document, table in read_toml(file).items()
    }


def _document(file: Path, document: str, register: _Register) -> Iterator[Covered]:
    for answered, names in register.answered.items():
        yield Covered(_registered(file, answered), answered, names, None)
    for number, fields in enumerate(register.outside, start=1):
        row = build(OutsideRow, fields, file, f"[{document}] outside {number}: ".__add__)
        if row.clause:
            clause = _registered(file, row.clause)
        else:
            told = row.model_dump(exclude={"reason", "clause"}, exclude_none=True)
            place = {"document": document, "edition": "", **told}
            clause = build(Clause, place, file, f"[{document}] outside {number}: ".__add__)
        yield Covered(clause, row.clause, (), row.reason)


def _registered(file: Path, clause: str) -> Clause:
    if clause not in clauses():
        raise DataError(display_path(file), None, clause, "is not a registered clause")
    return clauses()[clause]
