"""Whether a returned tyre is replaced, and what the customer pays for the new one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator
from pydantic_core import PydanticCustomError

from logic.core.answer import Alternative, Answer, Notice, Step, Value
from logic.core.jalali import add_years
from logic.core.models import (
    AtMost,
    Count,
    Day,
    JalaliText,
    Known,
    Mm,
    Number,
    PositiveMm,
    PositiveRial,
    Request,
    Result,
    Rial,
    invalid,
    require_in_edition,
)
from logic.core.registry import calculator
from logic.core.rounding import HUNDRED_PERCENT, half_up
from logic.datasets.tables import (
    Citations,
    EditionFolder,
    Figure,
    Labelled,
    Row,
    YesNo,
    cached_per_dataset,
    edition_reader,
    scope_clause,
)

READING = "A-10"
PLACES = Decimal("0.0001")
FIGURES = ("free_below_wear", "refused_above_wear", "uncollected_limit")

Band = Literal["free", "pro_rata", "refused"]
Person = Literal["natural", "legal"]


PRODUCTION = "production"
"""The cause that is assumed where none is given: a defect of the maker's."""


class KindRow(Row):
    """The guarantee of a kind: less than so many years from manufacture."""

    kind: Annotated[str, Labelled("tyre_kind")]
    under_years: int
    clause: str


class CauseRow(Row):
    """Whether a cause is accepted."""

    cause: Annotated[str, Labelled("cause")]
    accepted: YesNo
    clause: str


class DocumentRow(Row):
    """A document that a natural or a legal person brings."""

    person: Person
    document: Annotated[str, Labelled("document")]
    clause: str


class TyreCitations(Citations):
    """The clauses of the tyre rules that belong to no row of their tables."""

    tread_condition: str
    age_limits: str
    documents: str
    price_of_the_day: str
    replacement: str
    free_replacement: str
    second_grade: str
    formula: str


@dataclass(frozen=True, eq=False)
class TyreTables:
    """The tables of one edition of the tyre rules."""

    edition: str
    citations: TyreCitations
    published: date | None
    kinds: Mapping[str, KindRow]
    causes: Mapping[str, CauseRow]
    documents: tuple[DocumentRow, ...]
    figures: Mapping[str, Figure]


@edition_reader("iran_tire")
def tyre_tables(folder: EditionFolder) -> TyreTables:
    """The tyre rules; ask them with the day of service."""
    return TyreTables(
        edition=folder.edition.id,
        citations=folder.cite(TyreCitations),
        published=folder.edition.published,
        kinds=folder.rows_by_key("kinds", KindRow, lambda row: row.kind),
        causes=folder.rows_by_key("causes", CauseRow, lambda row: row.cause, [PRODUCTION]),
        documents=folder.rows("documents", DocumentRow),
        figures=folder.rows_by_key("figures", Figure, lambda row: row.name, FIGURES),
    )


@cached_per_dataset
def _documents() -> Mapping[str, None]:
    return dict.fromkeys(row.document for rules in tyre_tables.editions() for row in rules.documents)


@cached_per_dataset
def kinds() -> Mapping[str, None]:
    """Return the kinds of tyre of every edition."""
    return dict.fromkeys(kind for rules in tyre_tables.editions() for kind in rules.kinds)


@cached_per_dataset
def causes() -> Mapping[str, None]:
    """Return the causes of a defect of every edition."""
    return dict.fromkeys(cause for rules in tyre_tables.editions() for cause in rules.causes)


MAX_DOCUMENTS = 50
"""More than any edition lists."""
Kind = Annotated[str, Known(kinds, lists_ids=True)]
Cause = Annotated[str, Known(causes, lists_ids=True)]
DocumentId = Annotated[str, Known(_documents)]


def _grade(value: object) -> object:
    if isinstance(value, bool):  # True would pass for 1
        raise PydanticCustomError("unknown_value", "unknown value", {"expected": "1, 2"})
    return value


class TyreRefundRequest(Request):
    """A tyre's depths (mm), its price on the day (rials), its age and the cause of the defect."""

    new_depth_mm: PositiveMm
    remaining_depth_mm: Mm
    new_price_rial: PositiveRial
    grade: Annotated[Literal[1, 2], BeforeValidator(_grade)] = 1
    grade2_price_rial: PositiveRial | None = None
    kind: Kind | None = None
    made_on: Day | None = None
    on: Day | None = None
    cause: Cause = PRODUCTION
    person: Person | None = None
    documents: Annotated[tuple[DocumentId, ...], AtMost(MAX_DOCUMENTS)] = ()
    uncollected_days: Count | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.remaining_depth_mm > self.new_depth_mm:
            raise invalid("remaining_depth_mm", "above_new_depth")
        if self.grade != 1 and self.grade2_price_rial is None:
            raise invalid("grade2_price_rial", "grade2_price_missing")
        if self.made_on and self.on and self.made_on > self.on:
            raise invalid("made_on", "made_after_on")
        if rules := tyre_tables(self.on):
            require_in_edition("kind", self.kind, rules.kinds)
            require_in_edition("cause", self.cause, rules.causes)
        return self


class TyreRefundResult(Result):
    """Eligible or not, the wear, the band by wear, and the money; money is null in a refusal."""

    edition: str | None
    eligible: bool
    reason: Literal["no_edition", "too_old", "worn_too_far"] | Cause | None
    wear_percent: Number
    """Used tread in percent of the new depth, exact or to four places."""
    band: Band
    customer_pays_rial: Rial | None
    credit_rial: Rial | None
    """What the old tyre is worth towards the new one."""
    missing_documents: tuple[DocumentId, ...]
    last_day: JalaliText | None
    """The last day on which the age allows a replacement; null when kind or manufacture is not given."""


@dataclass(frozen=True)
class _Reading:
    """How the two edges and a grade-2 tyre in the free band are read (A-10)."""

    free_at_edge: bool = False
    refused_at_edge: bool = False
    grade2_free: Literal["formula", "price_difference", "nothing"] = "formula"


@calculator
def tyre_refund(request: TyreRefundRequest) -> Answer[TyreRefundResult]:
    """Whether the tyre is replaced and what is paid: price - price × remaining ÷ new depth (clause 6).

    Wear below 20 % is free, above 80 % refused (5-7); grade 2 is credited at its own price (5-7-3). Rials
    are rounded half up, once. Depths are full depths, not above the wear indicator (A-10). Age is tested
    when kind, manufacture and day are given. Left out: whether the defect is one, which the centre judges.
    """
    rules = tyre_tables(request.on)
    if rules is None:
        return Answer(
            _refusal(request, None, "no_edition", _wear(request), "refused"),
            (Step("no_edition", scope_clause("iran_tire", request.on), value=False),),
        )
    steps: list[Step] = []
    result = _calculate(request, rules, _Reading(), steps)
    alternatives: list[Alternative] = []
    for reading, clause in _readings(request, rules):
        other = _calculate(request, rules, reading, [])
        alternatives += Alternative.where_different(READING, clause, result, other)
    return Answer(result, tuple(steps), tuple(_notices(request, rules, result)), tuple(alternatives))


def _readings(request: TyreRefundRequest, rules: TyreTables) -> Iterator[tuple[_Reading, str]]:
    """The other readings that concern this tyre; most concern none."""
    wear, free = _wear(request), rules.figures["free_below_wear"]
    if wear == free.value:
        yield _Reading(free_at_edge=True), free.clause
    if wear == rules.figures["refused_above_wear"].value:
        yield _Reading(refused_at_edge=True), rules.citations.tread_condition
    if wear < free.value and request.grade != 1:
        yield _Reading(grade2_free="price_difference"), rules.citations.second_grade
        yield _Reading(grade2_free="nothing"), free.clause


def _calculate(
    request: TyreRefundRequest, rules: TyreTables, reading: _Reading, steps: list[Step]
) -> TyreRefundResult:
    wear = _wear(request)
    inputs = {"new_depth_mm": request.new_depth_mm, "remaining_depth_mm": request.remaining_depth_mm}
    steps.append(Step("wear", rules.citations.formula, _four_places(wear), "percent", inputs))
    band, edge = _band(wear, rules, reading)
    steps.append(Step(f"band_{band}", edge.clause, edge.value, "percent"))
    cause = rules.causes[request.cause]
    last_day = _last_day(request, rules, steps)
    needed = [row.clause for row in rules.documents if row.person == request.person]
    if needed:
        missing = len([*_missing(request, rules)])
        steps.append(Step("documents_missing", needed[0], missing, "count", {"of": len(needed)}))
    if not cause.accepted:
        steps.append(Step("cause", cause.clause, value=False, inputs={"cause": request.cause}))
        return _refusal(request, rules, request.cause, wear, band)
    steps.append(Step("cause", cause.clause, value=True, inputs={"cause": request.cause}))
    if last_day and request.on and request.on > last_day:
        return _refusal(request, rules, "too_old", wear, band)
    if band == "refused":
        return _refusal(request, rules, "worn_too_far", wear, band)
    pays = _pays(request, rules, band, reading, steps)
    return TyreRefundResult(
        edition=rules.edition,
        eligible=True,
        reason=None,
        wear_percent=_four_places(wear),
        band=band,
        customer_pays_rial=pays,
        credit_rial=request.new_price_rial - pays,
        missing_documents=tuple(_missing(request, rules)),
        last_day=last_day,
    )


def _band(wear: Fraction, rules: TyreTables, reading: _Reading) -> tuple[Band, Figure]:
    """Free below the lower limit, refused above the upper one; the limits themselves are pro rata."""
    free, refused = rules.figures["free_below_wear"], rules.figures["refused_above_wear"]
    if wear < free.value or (wear == free.value and reading.free_at_edge):
        return "free", free
    if wear > refused.value or (wear == refused.value and reading.refused_at_edge):
        return "refused", refused
    return "pro_rata", refused


def _last_day(request: TyreRefundRequest, rules: TyreTables, steps: list[Step]) -> date | None:
    """The day before the anniversary: the guarantee is for less than so many years."""
    if request.kind is None or request.made_on is None:
        return None
    row = rules.kinds[request.kind]
    anniversary = add_years(request.made_on, row.under_years)
    last_day = date.fromordinal(anniversary.toordinal() - 1)
    inputs: dict[str, Value] = {"kind": request.kind, "made_on": request.made_on, "last_day": last_day}
    steps.append(Step("under_years", row.clause, row.under_years, "year", inputs))
    return last_day


def _pays(
    request: TyreRefundRequest, rules: TyreTables, band: Band, reading: _Reading, steps: list[Step]
) -> int:
    """What the customer pays for a new grade-1 tyre, between nothing and its price."""
    price, left = (
        request.new_price_rial,
        Fraction(request.remaining_depth_mm) / Fraction(request.new_depth_mm),
    )
    grade2 = request.grade2_price_rial if request.grade != 1 else None
    if grade2 is None:
        clause, credit = rules.citations.formula, Fraction(price) if band == "free" else price * left
        clause = rules.citations.free_replacement if band == "free" else clause
    else:
        clause, credit = rules.citations.second_grade, grade2 * left
        if band == "free" and reading.grade2_free == "price_difference":
            credit = Fraction(grade2)
        if band == "free" and reading.grade2_free == "nothing":
            credit = Fraction(price)
    pays = min(price, max(0, half_up(price - credit)))
    worth = rules.citations.replacement if grade2 is None and band == "pro_rata" else clause
    steps.append(Step("credit", worth, price - pays, "rial", {"price_rial": grade2 or price}))
    steps.append(
        Step("customer_pays", clause, pays, "rial", {"price_rial": price, "credit_rial": price - pays})
    )
    return pays


def _refusal(
    request: TyreRefundRequest,
    rules: TyreTables | None,
    reason: Literal["no_edition", "too_old", "worn_too_far"] | Cause,
    wear: Fraction,
    band: Band,
) -> TyreRefundResult:
    return TyreRefundResult(
        edition=rules.edition if rules else None,
        eligible=False,
        reason=reason,
        wear_percent=_four_places(wear),
        band=band,
        customer_pays_rial=None,
        credit_rial=None,
        missing_documents=tuple(_missing(request, rules)) if rules else (),
        last_day=_last_day(request, rules, []) if rules else None,
    )


def _missing(request: TyreRefundRequest, rules: TyreTables) -> Iterator[str]:
    for row in rules.documents:
        if row.person == request.person and row.document not in request.documents:
            yield row.document


def _notices(request: TyreRefundRequest, rules: TyreTables, result: TyreRefundResult) -> Iterator[Notice]:
    if result.eligible:
        yield Notice("price_of_the_day", rules.citations.price_of_the_day)
        yield Notice("full_depths", rules.citations.formula)
    if result.band == "free":
        yield Notice("clause_1_4_word_for_word", rules.citations.tread_condition)
    if request.kind is None or request.made_on is None or request.on is None:
        yield Notice("age_not_tested", rules.citations.age_limits, "warning")
    if rules.published and request.on and request.on < rules.published:
        yield Notice(
            "rules_dated_later", rules.citations.age_limits, "warning", {"published": rules.published}
        )
    if result.missing_documents:
        yield Notice("documents_are_required", rules.citations.documents, "warning")
    if request.grade2_price_rial and request.grade2_price_rial > request.new_price_rial:
        yield Notice("grade2_price_above_new", rules.citations.second_grade, "warning")
    limit = rules.figures["uncollected_limit"]
    if request.uncollected_days is not None and request.uncollected_days > limit.value:
        yield Notice("uncollected", limit.clause, "warning", {"days": int(limit.value)})


def _wear(request: TyreRefundRequest) -> Fraction:
    return HUNDRED_PERCENT * (1 - Fraction(request.remaining_depth_mm) / Fraction(request.new_depth_mm))


def _four_places(value: Fraction) -> Decimal:
    with localcontext(prec=40):
        rounded = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(PLACES, ROUND_HALF_UP)
    whole = rounded.to_integral_value()
    return whole if rounded == whole else rounded.normalize()


def documents_for(person: str | None) -> tuple[str, ...]:
    """What a natural or a legal person brings."""
    rules = tyre_tables()
    return tuple(row.document for row in rules.documents if row.person == person) if rules else ()


def band_edges(request: TyreRefundRequest) -> tuple[Decimal, Decimal]:
    """The remaining depths (mm) above which the tyre is free, and below which it is refused."""
    rules = tyre_tables(request.on)
    if rules is None:
        return request.new_depth_mm, Decimal(0)
    edges = (rules.figures["free_below_wear"], rules.figures["refused_above_wear"])
    free, refused = (
        (request.new_depth_mm * (HUNDRED_PERCENT - edge.value) / HUNDRED_PERCENT).normalize()
        for edge in edges
    )
    return free, refused


class CurvePoint(Result):
    """What is paid at a depth; null where the tyre is refused."""

    remaining_depth_mm: Number
    wear_percent: Number
    band: Band
    customer_pays_rial: Rial | None


def payment_curve(request: TyreRefundRequest, points: int = 50) -> list[CurvePoint]:
    """The payment over the remaining depth, for a chart: the tyre as asked, every other thing accepted."""
    sound = {"cause": PRODUCTION, "kind": None, "made_on": None}
    curve = []
    for step in range(points + 1):
        depth = (request.new_depth_mm * step / points).normalize()
        at_depth = tyre_refund(request.model_copy(update={**sound, "remaining_depth_mm": depth})).result
        curve.append(
            CurvePoint(
                remaining_depth_mm=depth,
                wear_percent=at_depth.wear_percent,
                band=at_depth.band,
                customer_pays_rial=at_depth.customer_pays_rial,
            )
        )
    return curve
