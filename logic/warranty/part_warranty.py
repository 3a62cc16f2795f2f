"""Whether a part is still under warranty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.consumer_law.bylaw_in_force import bylaw_clause
from logic.consumer_law.minimum_warranty import (
    LIGHT_VEHICLE_CLASS,
    LegalMinimum,
    legal_minimum_for,
    minimum_tables,
)
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.elapsed import Elapsed
from logic.core.models import Count, Day, Km, Known, Request, Result
from logic.core.registry import calculator
from logic.datasets.dataset import cached_per_dataset
from logic.warranty.tables import Maker, MakerTables, PartRow, maker_editions, maker_tables

Reason = Literal["beyond_months", "beyond_km", "warranty_over", "excluded", "no_edition"]
Kind = Literal["limited", "apart", "whole_period", "and_commitment", "excluded", "by_law"]


@cached_per_dataset
def parts() -> Mapping[str, None]:
    """Return the parts that any edition of a warranty booklet or by-law names."""
    makers = (tables.parts for maker in Maker for tables in maker_editions(maker))
    bylaws = (rules.parts for rules in minimum_tables.editions())
    return dict.fromkeys(part for rows in (*makers, *bylaws) for part in rows)


Part = Annotated[str, Known(parts, lists_ids=True)]


class PartWarrantyRequest(Request):
    """A part, and the car's age and km since the start of the warranty.

    The age is given in months, or as the days ``started_on`` and ``on``.
    """

    maker: Maker
    part: Part
    months: Count | None = None
    km: Km
    started_on: Day | None = None
    """First day of the warranty; it selects the edition. With ``on``, it replaces ``months``."""
    on: Day | None = None

    @model_validator(mode="after")
    def _check_age(self) -> Self:
        self.age()
        return self

    def age(self) -> Elapsed:
        """Return the car's age."""
        return Elapsed.from_request(self.months, self.started_on, self.on)


class PartWarrantyResult(Result):
    """Whether the part is covered, the kind of cover and the limits.

    The limits are the car's own if the part is covered as long as the car.
    """

    edition: str
    covered: bool = False
    reason: Reason | None = None
    kind: Kind
    limit_months: int | None = None
    limit_km: int | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    """The limits of a cover and the clause that prints them."""

    months: int | None
    km: int | None
    clause: str


@calculator
def part_warranty(request: PartWarrantyRequest) -> Answer[PartWarrantyResult]:
    """Return whether a part is under warranty by months and km, whichever limit is reached first.

    The limits of a part themselves are covered; the warranty of the car ends on reaching its limits (A-21).
    No cover lasts longer than the warranty of the car, except those of the airbag and the paint.

    If the booklet gives less than the by-law's minimum, the answer follows the booklet and the legal minimum
    is an alternative (A-25). Bahman excludes worn parts, against article 12, note 3 (A-17); its warranty of
    the paint can also be read as that of the car (A-16).

    Parts that the booklet does not list follow the by-law of the first day, or the current one without a
    day: its rule for the part (1389: 5; 1395: 13, note 2), else the legal minimum. Before the act there is
    none.
    """
    tables = maker_tables(request.maker, request.started_on)
    booklet_row = tables.parts.get(request.part)
    legal_minimum = legal_minimum_for(LIGHT_VEHICLE_CLASS, request.started_on)
    row = booklet_row or _bylaw_row(request)
    limits = _part_limits(row, legal_minimum, tables.terms.clause)
    stated_limits = tables.terms if row and row.kind == "whole_period" else limits
    reason = _reason(request, tables, row, limits)
    result = PartWarrantyResult(
        edition=tables.edition,
        covered=reason is None,
        reason=reason,
        kind=row.kind if row else "by_law",
        limit_months=stated_limits.months,
        limit_km=stated_limits.km,
    )

    def result_for(reason: Reason | None) -> PartWarrantyResult:
        return result.model_copy(update={"covered": reason is None, "reason": reason})

    at_the_limit = result_for(_reason(request, tables, row, limits, other_reading=True))
    alternatives = Alternative.where_different("A-21", limits.clause, result, at_the_limit)
    if booklet_row and legal_minimum and _is_below_minimum(booklet_row, legal_minimum):
        by_law = _with_legal_minimum(request, result, legal_minimum)
        if booklet_row.kind == "excluded":
            alternatives += Alternative.where_different(
                "A-17", bylaw_clause("worn_parts", request.started_on), result, by_law
            )
        else:
            alternatives += Alternative.where_different("A-25", legal_minimum.clause, result, by_law)
    if row and legal_minimum and row.kind == "apart" and tables.terms.months is None:
        car_limits = _Limits(legal_minimum.months, legal_minimum.km, legal_minimum.clause)
        like_the_car = result_for(_exceeded_limit(request, car_limits))
        alternatives += Alternative.where_different("A-16", row.clause, result, like_the_car)
    return Answer(
        result,
        tuple(_steps(request, tables, limits, reason)),
        tuple(_notices(request, row, booklet_row, legal_minimum, limits)),
        tuple(alternatives),
    )


def _bylaw_row(request: PartWarrantyRequest) -> PartRow | None:
    """Return the rule of the first day's by-law for a part that the booklet does not list."""
    rules = minimum_tables(request.started_on)
    return rules.parts.get(request.part) if rules else None


def _part_limits(row: PartRow | None, legal_minimum: LegalMinimum | None, terms_clause: str) -> _Limits:
    """Return the limits of a row, else those of the legal minimum, else none."""
    if row is not None:
        return _Limits(row.months, row.km, row.clause)
    if legal_minimum:
        return _Limits(legal_minimum.months, legal_minimum.km, legal_minimum.clause)
    return _Limits(None, None, terms_clause)


def _reason(
    request: PartWarrantyRequest,
    tables: MakerTables,
    row: PartRow | None,
    limits: _Limits,
    *,
    other_reading: bool = False,
) -> Reason | None:
    """Return why the part is not covered, or None if it is.

    ``other_reading`` excludes a part's limits themselves and includes those of the car (A-21).
    """
    if row is not None and row.kind == "excluded":
        return "excluded"
    if row is None and limits.months is None:
        return "no_edition"
    part_reason = _exceeded_limit(request, limits, inclusive=not other_reading)
    outlasts_the_car = row is not None and row.kind in ("apart", "and_commitment")
    if part_reason or outlasts_the_car:
        return part_reason
    car_limits = _Limits(tables.terms.months, tables.terms.km, tables.terms.clause)
    return "warranty_over" if _exceeded_limit(request, car_limits, inclusive=other_reading) else None


def _exceeded_limit(
    request: PartWarrantyRequest, limits: _Limits, *, inclusive: bool = True
) -> Reason | None:
    """Return which limit has been passed; if not ``inclusive``, reaching a limit passes it."""
    age = request.age()
    if limits.months is not None and (age.exceeds if inclusive else age.reached)(limits.months):
        return "beyond_months"
    if limits.km is not None and request.km >= limits.km + (1 if inclusive else 0):
        return "beyond_km"
    return None


def _is_below_minimum(row: PartRow, legal_minimum: LegalMinimum) -> bool:
    """Return whether a row gives its part less than the legal minimum for the car."""
    fewer_months = row.months is not None and row.months < legal_minimum.months
    fewer_km = bool(row.km and legal_minimum.km and row.km < legal_minimum.km)
    return row.kind == "excluded" or (row.kind == "limited" and (fewer_months or fewer_km))


def _with_legal_minimum(
    request: PartWarrantyRequest, result: PartWarrantyResult, legal_minimum: LegalMinimum
) -> PartWarrantyResult:
    """Return the result with the legal limits; a part that the booklet covers stays covered."""
    legal_limits = _Limits(legal_minimum.months, legal_minimum.km, legal_minimum.clause)
    reason = None if result.covered else _exceeded_limit(request, legal_limits)
    return result.model_copy(
        update={
            "covered": reason is None,
            "reason": reason,
            "limit_months": legal_minimum.months,
            "limit_km": legal_minimum.km,
        }
    )


def _steps(
    request: PartWarrantyRequest, tables: MakerTables, limits: _Limits, reason: Reason | None
) -> Iterator[Step]:
    if limits.months is not None:
        inputs = {"months": request.age().months}
        yield Step("part_months", limits.clause, limits.months, "month", inputs)
    if limits.km is not None:
        yield Step("part_km", limits.clause, limits.km, "km", {"km": request.km})
    if reason == "excluded":
        yield Step("part_excluded", limits.clause, value=False)
    if reason == "warranty_over":
        yield Step("car_warranty_over", tables.terms.clause, value=True)
    yield Step("part_covered", limits.clause, reason is None)


def _notices(
    request: PartWarrantyRequest,
    row: PartRow | None,
    booklet_row: PartRow | None,
    legal_minimum: LegalMinimum | None,
    limits: _Limits,
) -> Iterator[Notice]:
    if row is None:
        yield Notice("period_from_the_law", limits.clause, "warning")
    elif row.kind == "and_commitment":
        yield Notice("airbag_in_commitment_too", row.clause)
    elif row.kind == "excluded" and not booklet_row:
        yield Notice("worn_by_a_defect_is_covered", row.clause)
    elif legal_minimum and _is_below_minimum(row, legal_minimum):
        yield Notice("booklet_below_law", bylaw_clause("shorter_lived_parts", request.started_on), "warning")
        yield Notice("worn_by_a_defect_is_covered", bylaw_clause("worn_parts", request.started_on))
