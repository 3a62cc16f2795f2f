"""Whether a repair that was done is still guaranteed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import model_validator

from logic.age import Age
from logic.answer import Alternative, Answer, Notice, Step
from logic.calculators import calculator
from logic.makers import Maker, maker_book
from logic.models import Count, Day, Km, Request, Result
from logic.tables import Folder, Row, book, scope_clause

Kind = Literal["assistance", "paint", "service", "part"]
BY_CARD: tuple[Kind, ...] = ("assistance", "paint")
"""What the card booklet guarantees; the by-law the rest."""


class GuaranteeRow(Row):
    """How long a kind of repair is guaranteed; an empty km is no limit."""

    kind: Kind
    months: int
    km: int | None = None
    clause: str


@dataclass(frozen=True, eq=False)
class GuaranteeBook:
    """The repair guarantees of one edition."""

    edition: str
    rows: Mapping[Kind, GuaranteeRow]


def _read(folder: Folder) -> GuaranteeBook:
    return GuaranteeBook(
        edition=folder.edition.id,
        rows=folder.keyed("repair_guarantees", GuaranteeRow, lambda row: row.kind),
    )


_CARD, _BYLAW = book("emdad")(_read), book("bylaw")(_read)


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

    def age(self) -> Age:
        """The time since the work."""
        return Age.of(self.months, self.on if self.asked_on else None, self.asked_on)


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
    source = _CARD if request.kind in BY_CARD else _BYLAW
    book = source(request.on)
    row = book.rows.get(request.kind) if book else None
    if book is None or row is None:
        nothing = RepairGuaranteeResult(
            edition=book.edition if book else None,
            covered=False,
            reason="no_edition",
            limit_months=None,
            limit_km=None,
        )
        document = "emdad" if request.kind in BY_CARD else "bylaw"
        clause = scope_clause(document, request.on)
        return Answer(nothing, (Step("no_edition", clause, value=False),))
    age = request.age()

    def settled(*, covered: bool) -> RepairGuaranteeResult:
        return RepairGuaranteeResult(
            edition=book.edition,
            covered=covered,
            reason=None if covered else "beyond_limits",
            limit_months=row.months,
            limit_km=row.km,
        )

    below, reached = (row.km is None or request.km <= row.km), (row.km is not None and request.km >= row.km)
    result = settled(covered=not age.past(row.months) and below)
    without_the_last = settled(covered=not age.reached(row.months) and not reached)
    steps = [Step("guarantee_months", row.clause, row.months, "month", {"months": age.months})]
    if row.km is not None:
        steps.append(Step("guarantee_km", row.clause, row.km, "km", {"km": request.km}))
    steps.append(Step("guarantee_covered", row.clause, result.covered))
    alternatives = Alternative.where_different("A-21", row.clause, result, without_the_last)
    return Answer(result, tuple(steps), tuple(_same_in_booklets(request.kind)), tuple(alternatives))


def _same_in_booklets(kind: Kind) -> Iterator[Notice]:
    """The makers' own papers, which print what the by-law asks for."""
    if kind not in BY_CARD:
        yield Notice("mvm_prints_the_same", maker_book(Maker.MVM_FX).citations.repairs)
    if kind == "service":
        yield Notice("bahman_prints_the_same", maker_book(Maker.BAHMAN).citations.repairs)
