"""Whether a repair is still under guarantee."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.elapsed import Elapsed
from logic.core.models import Count, Day, Km, Known, Request, Result
from logic.core.registry import calculator
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import EditionFolder, VersionedTables, edition_reader, scope_clause
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


_CARD_TABLES, _BYLAW_TABLES = edition_reader("emdad")(_read), edition_reader("bylaw")(_read)


@cached_per_dataset
def repair_kinds() -> Mapping[str, VersionedTables[GuaranteeTables]]:
    """Return the kinds of repair of every edition, each with the tables of its document.

    The card booklet takes precedence over the by-law.
    """
    kinds: dict[str, VersionedTables[GuaranteeTables]] = {}
    for source in (_CARD_TABLES, _BYLAW_TABLES):
        for rules in source.editions():
            for kind in rules.rows:
                kinds.setdefault(kind, source)
    return kinds


Kind = Annotated[str, Known(repair_kinds, lists_ids=True)]


class RepairGuaranteeRequest(Request):
    """The kind of repair and the km since, and either the months since or both days."""

    kind: Kind
    months: Count | None = None
    km: Km
    on: Day | None = None
    """The day of the repair; it selects the edition."""
    asked_on: Day | None = None
    """The day for which the guarantee is checked; with ``on``, it replaces ``months``."""

    @model_validator(mode="after")
    def _check_age(self) -> Self:
        self.age()
        return self

    def age(self) -> Elapsed:
        """Return the time since the repair."""
        return Elapsed.from_request(self.months, self.on if self.asked_on else None, self.asked_on)


class RepairGuaranteeResult(Result):
    """Whether the repair is covered, and the limits; null if no edition in force prints any."""

    edition: str | None
    covered: bool = False
    reason: Literal["no_edition", "no_rule_for_kind", "beyond_limits"] | None = None
    limit_months: int | None = None
    limit_km: int | None = None


@calculator
def repair_guarantee(request: RepairGuaranteeRequest) -> Answer[RepairGuaranteeResult]:
    """Return whether a repair is under guarantee: by months and km since, whichever limit is reached first.

    Work is guaranteed for two months or 3,000 km, parts for six months or 10,000 km, paint for a year. The
    limits themselves are covered (A-21).

    Source: the card booklet for roadside help (part 2, 3-6) and paint (part 3); the by-law for services and
    parts (1395: article 23; article 18 of the older by-law has no parts). MVM's booklet prints the same
    limits, Bahman's page the same limits for services.
    """
    source = repair_kinds()[request.kind]
    tables = source(request.on)
    if tables is None:
        clause = scope_clause(source.document, request.on)
        step = Step("no_edition", clause, value=False)
        return Answer(RepairGuaranteeResult(edition=None, reason="no_edition"), (step,))
    row = tables.rows.get(request.kind)
    if row is None:
        clause = next(
            (other.clause for other in tables.rows.values()), scope_clause(source.document, request.on)
        )
        step = Step("no_rule_for_kind", clause, value=False, inputs={"kind": request.kind})
        return Answer(RepairGuaranteeResult(edition=tables.edition, reason="no_rule_for_kind"), (step,))
    age = request.age()

    def result_if(*, covered: bool) -> RepairGuaranteeResult:
        return RepairGuaranteeResult(
            edition=tables.edition,
            covered=covered,
            reason=None if covered else "beyond_limits",
            limit_months=row.months,
            limit_km=row.km,
        )

    km_exceeded = row.km is not None and request.km > row.km
    km_reached = row.km is not None and request.km >= row.km
    result = result_if(covered=not age.exceeds(row.months) and not km_exceeded)
    limit_not_covered = result_if(covered=not age.reached(row.months) and not km_reached)
    steps = [Step("guarantee_months", row.clause, row.months, "month", {"months": age.months})]
    if row.km is not None:
        steps.append(Step("guarantee_km", row.clause, row.km, "km", {"km": request.km}))
    steps.append(Step("guarantee_covered", row.clause, result.covered))
    alternatives = Alternative.where_different("A-21", row.clause, result, limit_not_covered)
    return Answer(result, tuple(steps), tuple(_notices(row)), tuple(alternatives))


def _notices(row: RepairGuaranteeRow) -> Iterator[Notice]:
    """Yield a notice for each maker whose booklet prints the same limits."""
    keys = {Maker.MVM_FX: "mvm_prints_the_same", Maker.BAHMAN: "bahman_prints_the_same"}
    for maker, key in keys.items():
        maker_row = maker_tables(maker).repairs.get(row.kind)
        if maker_row and (maker_row.months, maker_row.km) == (row.months, row.km):
            yield Notice(key, maker_row.clause)
