"""Whether a part with a cover of its own is still guaranteed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from logic.answer import Alternative, Answer, Notice, Step
from logic.calculators import calculator
from logic.makers import Maker, Part, PartRow, maker_book
from logic.minimum_warranty import Minimum, minimum
from logic.models import Count, Km, Request, Result

Reason = Literal["beyond_months", "beyond_km", "warranty_over", "excluded"]


class PartWarrantyRequest(Request):
    """The part, and the car's age in months and km since the guarantee began."""

    maker: Maker
    part: Part
    months: Count
    km: Km


class PartWarrantyResult(Result):
    """Covered or not, and the part's limits; null where none is printed."""

    edition: str
    covered: bool
    reason: Reason | None
    limit_months: int | None
    limit_km: int | None


@dataclass(frozen=True, slots=True)
class _Limits:
    """A part's limits, and whether they are the car's own, which end on being reached."""

    months: int | None
    km: int | None
    clause: str


@calculator
def part_warranty(request: PartWarrantyRequest) -> Answer[PartWarrantyResult]:
    """The cover of a part by the booklet's list, whichever limit comes first; the limits are covered (A-21).

    No part's cover outlasts the car's own guarantee, but the airbag's. Where the booklet gives less than the
    by-law's minimum the answer stays the booklet's, and the law's stands beside it (A-25); Bahman's
    exclusion of worn parts meets article 12, note 3 (A-17). Parts that Bahman does not list follow the
    legal minimum.
    """
    book = maker_book(request.maker)
    row, least = book.parts.get(request.part), minimum("light")
    limits = _limits(row, least, book.terms.clause)
    steps = [*_steps(request, limits)]
    excluded = row is not None and row.kind == "excluded"
    ended = row is None or row.kind != "and_commitment"
    over = ended and _warranty_over(request)
    reason = _reason(request, limits, excluded=excluded, over=over)
    if excluded:
        steps.append(Step("part_excluded", limits.clause, value=False))
    if over:
        steps.append(Step("car_warranty_over", book.terms.clause, value=True))
    steps.append(Step("part_covered", limits.clause, reason is None))
    result = PartWarrantyResult(
        edition=book.edition,
        covered=reason is None,
        reason=reason,
        limit_months=limits.months,
        limit_km=limits.km,
    )
    alternatives: list[Alternative] = []
    notices = [*_notices(row, least, limits)]
    if least and _below(row, least):
        by_law = _Limits(least.months, least.km, least.clause)
        other_reason = _reason(request, by_law, excluded=False, over=False)
        other = result.model_copy(
            update={
                "covered": other_reason is None,
                "reason": other_reason,
                "limit_months": least.months,
                "limit_km": least.km,
            }
        )
        alternatives += Alternative.where_different("A-25", least.clause, result, other)
    return Answer(result, tuple(steps), tuple(notices), tuple(alternatives))


def _limits(row: PartRow | None, least: Minimum | None, clause: str) -> _Limits:
    if row is not None:
        return _Limits(row.months, row.km, row.clause)
    return _Limits(least.months, least.km, least.clause) if least else _Limits(None, None, clause)


def _steps(request: PartWarrantyRequest, limits: _Limits) -> Iterator[Step]:
    if limits.months is not None:
        inputs = {"months": request.months}
        yield Step("part_months", limits.clause, limits.months, "month", inputs)
    if limits.km is not None:
        yield Step("part_km", limits.clause, limits.km, "km", {"km": request.km})


def _warranty_over(request: PartWarrantyRequest) -> bool:
    """Whether the car's own guarantee ended, where the booklet prints its length."""
    terms = maker_book(request.maker).terms
    months_over = terms.months is not None and request.months >= terms.months
    return months_over or (terms.km is not None and request.km >= terms.km)


def _reason(request: PartWarrantyRequest, limits: _Limits, *, excluded: bool, over: bool) -> Reason | None:
    if excluded:
        return "excluded"
    if limits.months is not None and request.months > limits.months:
        return "beyond_months"
    if limits.km is not None and request.km > limits.km:
        return "beyond_km"
    return "warranty_over" if over else None


def _below(row: PartRow | None, least: Minimum) -> bool:
    """Whether the booklet gives a listed part less than the law's minimum for the car."""
    if row is None or row.kind not in ("limited", "excluded"):
        return False
    short = row.months is not None and row.months < least.months
    return row.kind == "excluded" or short or bool(row.km and least.km and row.km < least.km)


def _notices(row: PartRow | None, least: Minimum | None, limits: _Limits) -> Iterator[Notice]:
    if row is None:
        yield Notice("period_from_the_law", limits.clause, "warning")
    elif row.kind == "and_commitment":
        yield Notice("airbag_in_commitment_too", row.clause)
    elif least and _below(row, least):
        yield Notice("booklet_below_law", "bylaw_1395.a13_n1", "warning")
        yield Notice("worn_by_a_defect_is_covered", "bylaw_1395.a12_n3")
