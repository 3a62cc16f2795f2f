"""Whether a repair that was done is still guaranteed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.elapsed import Elapsed
from logic.core.models import Count, Day, Km, Known, Request, Result
from logic.core.registry import calculator
from logic.datasets.tables import (
    EditionFolder,
    VersionedTables,
    cached_per_dataset,
    edition_reader,
    scope_clause,
)
from logic.warranty.tables import Maker, RepairGuaranteeRow, maker_tables


@dataclass(frozen=True, eq=False)
class GuaranteeTables:
    """The repair guarantees of one edition."""

    edition: str
    rows: Mapping[str, RepairGuaranteeRow]


def _read(folder: EditionFolder) -> GuaranteeTables:
    return GuaranteeTables(
        edition=folder.edition.id,
        rows=folder.rows_by_key("repair_guarantees", RepairGuaranteeRow, lambda row: row.kind),
    )


_CARD, _BYLAW = edition_reader("emdad")(_read), edition_reader("bylaw")(_read)


@cached_per_dataset
def repair_kinds() -> Mapping[str, VersionedTables[GuaranteeTables]]:
    """Return the kinds of repair of every edition, each with its document: the card's, else the by-law."""
    kinds: dict[str, VersionedTables[GuaranteeTables]] = {}
    for source in (_CARD, _BYLAW):
        for rules in source.editions():
            for kind in rules.rows:
                kinds.setdefault(kind, source)
    return kinds


Kind = Annotated[str, Known(repair_kinds, lists_ids=True)]


class RepairGuaranteeRequest(Request):
    """What was done, and months and km since; or the day on which it was done, and the day asked about."""

    kind: Kind
    months: Count | None = None
    km: Km
    on: Day | None = None
    """The day of the work, which chooses the edition."""
    asked_on: Day | None = None
    """With ``on`` in place of the months."""

    @model_validator(mode="after")
    def _age_is_told(self) -> Self:
        self.age()
        return self

    def age(self) -> Elapsed:
        """The time since the work."""
        return Elapsed.from_request(self.months, self.on if self.asked_on else None, self.asked_on)


class RepairGuaranteeResult(Result):
    """Covered or not, and the limits; null where nothing is printed for the day."""

    edition: str | None
    covered: bool
    reason: Literal["no_edition", "beyond_limits"] | None
    limit_months: int | None
    limit_km: int | None


@calculator
def repair_guarantee(request: RepairGuaranteeRequest) -> Answer[RepairGuaranteeResult]:
    """The guarantee on work done: two months or 3,000 km, parts six months or 10,000, whichever comes first.

    Roadside help by the card booklet (part 2, 3-6) and paint for a year (part 3); services and parts by the
    by-law (1395: article 23; the older one's article 18 knows no parts). The limits themselves are covered
    (A-21). MVM's booklet prints the same limits, Bahman's page the same for services.
    """
    source = repair_kinds()[request.kind]
    tables = source(request.on)
    row = tables.rows.get(request.kind) if tables else None
    if tables is None or row is None:
        nothing = RepairGuaranteeResult(
            edition=tables.edition if tables else None,
            covered=False,
            reason="no_edition",
            limit_months=None,
            limit_km=None,
        )
        clause = scope_clause(source.document, request.on)
        return Answer(nothing, (Step("no_edition", clause, value=False),))
    age = request.age()

    def settled(*, covered: bool) -> RepairGuaranteeResult:
        return RepairGuaranteeResult(
            edition=tables.edition,
            covered=covered,
            reason=None if covered else "beyond_limits",
            limit_months=row.months,
            limit_km=row.km,
        )

    below, reached = (row.km is None or request.km <= row.km), (row.km is not None and request.km >= row.km)
    result = settled(covered=not age.exceeds(row.months) and below)
    without_the_last = settled(covered=not age.reached(row.months) and not reached)
    steps = [Step("guarantee_months", row.clause, row.months, "month", {"months": age.months})]
    if row.km is not None:
        steps.append(Step("guarantee_km", row.clause, row.km, "km", {"km": request.km}))
    steps.append(Step("guarantee_covered", row.clause, result.covered))
    alternatives = Alternative.where_different("A-21", row.clause, result, without_the_last)
    return Answer(result, tuple(steps), tuple(_same_in_booklets(row)), tuple(alternatives))


def _same_in_booklets(row: RepairGuaranteeRow) -> Iterator[Notice]:
    """The makers' own booklets, where they print the same limits."""
    keys = {Maker.MVM_FX: "mvm_prints_the_same", Maker.BAHMAN: "bahman_prints_the_same"}
    for maker, key in keys.items():
        other = maker_tables(maker).repairs.get(row.kind)
        if other and (other.months, other.km) == (row.months, row.km):
            yield Notice(key, other.clause)
