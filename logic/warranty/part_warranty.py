"""Whether a part with a cover of its own is still guaranteed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import model_validator

from logic.consumer_law.bylaw_in_force import bylaw_clause
from logic.consumer_law.minimum_warranty import LIGHT, Minimum, minimum, minimum_tables
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.elapsed import Elapsed
from logic.core.models import Count, Day, Km, Known, Request, Result
from logic.core.registry import calculator
from logic.datasets.tables import cached_per_dataset
from logic.warranty.tables import Maker, MakerTables, PartRow, maker_editions, maker_tables

Reason = Literal["beyond_months", "beyond_km", "warranty_over", "excluded", "no_edition"]
Kind = Literal["limited", "apart", "whole_period", "and_commitment", "excluded", "by_law"]


@cached_per_dataset
def parts() -> Mapping[str, None]:
    """Return the parts that a booklet or a by-law names, of every edition."""
    makers = (tables.parts for maker in Maker for tables in maker_editions(maker))
    laws = (rules.parts for rules in minimum_tables.editions())
    return dict.fromkeys(part for rows in (*makers, *laws) for part in rows)


Part = Annotated[str, Known(parts, lists_ids=True)]


class PartWarrantyRequest(Request):
    """The part, and the car's age and km since the guarantee began."""

    maker: Maker
    part: Part
    months: Count | None = None
    km: Km
    started_on: Day | None = None
    """With ``on`` in place of the months: the age to the day."""
    on: Day | None = None

    @model_validator(mode="after")
    def _age_is_told(self) -> Self:
        self.age()
        return self

    def age(self) -> Elapsed:
        """The car's age."""
        return Elapsed.from_request(self.months, self.started_on, self.on)


class PartWarrantyResult(Result):
    """Covered or not, the kind of cover, and the part's limits, the car's own where it is covered as long."""

    edition: str
    covered: bool
    reason: Reason | None
    kind: Kind
    limit_months: int | None
    limit_km: int | None


@dataclass(frozen=True, slots=True)
class _Limits:
    """A part's limits and where they are printed."""

    months: int | None
    km: int | None
    clause: str


@calculator
def part_warranty(request: PartWarrantyRequest) -> Answer[PartWarrantyResult]:
    """The cover of a part by the booklet's list, whichever limit comes first; the limits are covered (A-21).

    No part's cover outlasts the car's own guarantee, which ends on reaching its limits, but the airbag's and
    the paint's. Where the booklet gives less than the by-law's minimum the answer stays the booklet's, and
    the law's stands beside it (A-25); Bahman's exclusion of worn parts meets article 12, note 3 (A-17), and
    its paint can be read as the car's guarantee (A-16). Parts that Bahman does not list follow the by-law of
    the first day, or of today where no day is given: its own word on the part (1389: 5; 1395: 13, note 2),
    else the legal minimum; before the act there is none.
    """
    tables = maker_tables(request.maker, request.started_on)
    printed, least = tables.parts.get(request.part), minimum(LIGHT, request.started_on)
    row = printed or _by_law(request)
    limits = _limits(row, least, tables.terms.clause)
    shown = tables.terms if row and row.kind == "whole_period" else limits
    reason = _reason(request, tables, row, limits)
    result = PartWarrantyResult(
        edition=tables.edition,
        covered=reason is None,
        reason=reason,
        kind=row.kind if row else "by_law",
        limit_months=shown.months,
        limit_km=shown.km,
    )

    def with_reason(other: Reason | None) -> PartWarrantyResult:
        return result.model_copy(update={"covered": other is None, "reason": other})

    at_the_limit = with_reason(_reason(request, tables, row, limits, otherwise=True))
    alternatives = Alternative.where_different("A-21", limits.clause, result, at_the_limit)
    if printed and row and least and _below(row, least):
        by_law = _beside(request, result, least)
        if row.kind == "excluded":
            alternatives += Alternative.where_different(
                "A-17", bylaw_clause("worn_parts", request.started_on), result, by_law
            )
        else:
            alternatives += Alternative.where_different("A-25", least.clause, result, by_law)
    if row and least and row.kind == "apart" and tables.terms.months is None:
        as_the_car = _Limits(least.months, least.km, least.clause)
        other = with_reason(_beyond(request, as_the_car))
        alternatives += Alternative.where_different("A-16", row.clause, result, other)
    steps = tuple(_steps(request, tables, limits, reason))
    return Answer(result, steps, tuple(_notices(request, row, printed, least, limits)), tuple(alternatives))


def _by_law(request: PartWarrantyRequest) -> PartRow | None:
    """What the by-law of the first day itself says of a part that the booklet does not list."""
    rules = minimum_tables(request.started_on)
    return rules.parts.get(request.part) if rules else None


def _limits(row: PartRow | None, least: Minimum | None, clause: str) -> _Limits:
    if row is not None:
        return _Limits(row.months, row.km, row.clause)
    return _Limits(least.months, least.km, least.clause) if least else _Limits(None, None, clause)


def _reason(
    request: PartWarrantyRequest,
    tables: MakerTables,
    row: PartRow | None,
    limits: _Limits,
    *,
    otherwise: bool = False,
) -> Reason | None:
    """Why there is no cover; ``otherwise`` by the other reading of a limit's last day and km (A-21)."""
    if row is not None and row.kind == "excluded":
        return "excluded"
    if row is None and limits.months is None:
        return "no_edition"
    beyond = _beyond(request, limits, reached=otherwise)
    alone = row is not None and row.kind in ("apart", "and_commitment")
    if beyond or alone:
        return beyond
    car = _Limits(tables.terms.months, tables.terms.km, tables.terms.clause)
    return "warranty_over" if _beyond(request, car, reached=not otherwise) else None


def _beyond(request: PartWarrantyRequest, limits: _Limits, *, reached: bool = False) -> Reason | None:
    """Which limit lies behind; ``reached``: is behind as soon as it is reached."""
    age = request.age()
    if limits.months is not None and (age.reached if reached else age.exceeds)(limits.months):
        return "beyond_months"
    if limits.km is not None and request.km >= limits.km + (0 if reached else 1):
        return "beyond_km"
    return None


def _below(row: PartRow, least: Minimum) -> bool:
    """Whether the booklet gives a listed part less than the law's minimum for the car."""
    short = row.months is not None and row.months < least.months
    less = short or bool(row.km and least.km and row.km < least.km)
    return row.kind == "excluded" or (row.kind == "limited" and less)


def _beside(request: PartWarrantyRequest, result: PartWarrantyResult, least: Minimum) -> PartWarrantyResult:
    """The law's minimum in place of the booklet's limits; it never takes away what the booklet gives."""
    reason = None if result.covered else _beyond(request, _Limits(least.months, least.km, least.clause))
    return result.model_copy(
        update={
            "covered": reason is None,
            "reason": reason,
            "limit_months": least.months,
            "limit_km": least.km,
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
    printed: PartRow | None,
    least: Minimum | None,
    limits: _Limits,
) -> Iterator[Notice]:
    if row is None:
        yield Notice("period_from_the_law", limits.clause, "warning")
    elif row.kind == "and_commitment":
        yield Notice("airbag_in_commitment_too", row.clause)
    elif row.kind == "excluded" and not printed:
        yield Notice("worn_by_a_defect_is_covered", row.clause)
    elif least and _below(row, least):
        yield Notice("booklet_below_law", bylaw_clause("shorter_lived_parts", request.started_on), "warning")
        yield Notice("worn_by_a_defect_is_covered", bylaw_clause("worn_parts", request.started_on))
