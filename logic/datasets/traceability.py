"""The traceability register: each numbered clause with the calculators that answer it, or why none does.

``not_answered.csv`` of an edition lists the clauses that no calculator answers. ``answered.toml`` of the data
folder names the calculators that answer the others; ``python -m tools.trace_clauses`` collects them from the
worked examples.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from logic.datasets.dataset import cached_per_dataset, data_dir
from logic.datasets.tables import Clause, EditionFolder, Row, build, clauses, editions, read_toml

ANSWERED = "answered.toml"
"""The generated file of the data folder."""
NotAnsweredReason = Literal[
    "no_rule", "company_duty", "judgement", "not_printed", "shown", "same_as", "not_asked",
]  # fmt: skip
"""Nothing to compute; a duty of the company, dealer or authority; an expert's decision; a figure that the
document does not print; shown on the guide; a repetition; a condition or a day that no calculator asks
for."""


class UnansweredClause(Row):
    """A line of ``not_answered.csv``: a clause of ``clauses.toml``, or one given by its number and gist."""

    reason: NotAnsweredReason
    clause: str | None = None
    part: str | None = None
    article: str | None = None
    table: str | None = None
    annex: str | None = None
    note: str | None = None
    place: str | None = None
    fa: str | None = None
    en: str | None = None


class _Answered(Row):
    """The content of ``answered.toml``: the calculators by the full id of the clause that they cite."""

    calculators: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TracedClause:
    """A clause with the calculators that answer it, or the reason why none does.

    A registered clause that no worked example cites and no edition lists has neither.
    """

    clause: Clause
    id: str | None
    calculators: tuple[str, ...]
    reason: NotAnsweredReason | None


@cached_per_dataset
def traced_clauses() -> Mapping[str, tuple[TracedClause, ...]]:
    """Return the register by document, the answered clauses first. Raises DataError if a file is damaged."""
    file = data_dir() / ANSWERED
    answered = build(_Answered, read_toml(file), file).calculators
    register: dict[str, tuple[TracedClause, ...]] = {}
    for document in sorted({clause.document for clause in clauses().values()}):
        folders = editions(document)
        not_answered = [entry for folder in folders for entry in _not_answered(folder)]
        listed = {entry.id for entry in not_answered}
        others = (
            TracedClause(clause, name, answered.get(name, ()), None)
            for folder in folders
            for name, clause in folder.clauses.items()
            if name not in listed
        )
        register[document] = (*others, *not_answered)
    return register


def _not_answered(folder: EditionFolder) -> Iterator[TracedClause]:
    """Yield the clauses that an edition lists as not answered."""
    for line, row in enumerate(folder.rows("not_answered", UnansweredClause), start=2):
        clause = folder.clauses[row.clause] if row.clause else _unregistered(folder, line, row)
        yield TracedClause(clause, row.clause, (), row.reason)


def _unregistered(folder: EditionFolder, line: int, row: UnansweredClause) -> Clause:
    """Return the clause that a line gives by its number and gist."""
    number = row.model_dump(exclude={"reason", "clause"}, exclude_none=True)
    fields = {"document": folder.edition.document, "edition": folder.edition.id, **number}
    return build(Clause, fields, folder.path / "not_answered.csv", line=line)
