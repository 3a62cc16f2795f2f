"""Whether a defective tyre is replaced, and what the customer pays for the new one."""

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
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import (
    Citations,
    EditionFolder,
    Figure,
    Labelled,
    Row,
    YesNo,
    edition_reader,
    scope_clause,
)

READING = "A-10"
WEAR_PRECISION = Decimal("0.0001")
FIGURES = ("free_below_wear", "refused_above_wear", "uncollected_limit")

Band = Literal["free", "pro_rata", "refused"]
Person = Literal["natural", "legal"]

PRODUCTION = "production"
"""The default cause: a production defect."""


class KindRow(Row):
    """The guarantee of a kind of tyre: less than ``under_years`` years from manufacture."""

    kind: Annotated[str, Labelled("tyre_kind")]
    under_years: int
    clause: str


class CauseRow(Row):
    """Whether a cause is accepted."""

    cause: Annotated[str, Labelled("cause")]
    accepted: YesNo
    clause: str


class DocumentRow(Row):
    """A document that a natural or a legal person has to bring."""

    person: Person
    document: Annotated[str, Labelled("document")]
    clause: str


class TyreCitations(Citations):
    """Clauses of the tyre rules that belong to no row of their tables."""

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
    """Read the tyre rules; the edition depends on the day of service."""
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
"""Limit of the documents in a request; no edition lists as many."""
Kind = Annotated[str, Known(kinds, lists_ids=True)]
Cause = Annotated[str, Known(causes, lists_ids=True)]
DocumentId = Annotated[str, Known(_documents)]


def _reject_boolean(value: object) -> object:
    if isinstance(value, bool):  # True equals 1
        raise PydanticCustomError("unknown_value", "unknown value", {"expected": "1, 2"})
    return value


class TyreRefundRequest(Request):
    """A tyre's tread depths (mm), the price of a new one (rials), its age and the cause of the defect."""

    new_depth_mm: PositiveMm
    remaining_depth_mm: Mm
    new_price_rial: PositiveRial
    grade: Annotated[Literal[1, 2], BeforeValidator(_reject_boolean)] = 1
    grade2_price_rial: PositiveRial | None = None
    kind: Kind | None = None
    made_on: Day | None = None
    on: Day | None = None
    """Selects the edition."""
    cause: Cause = PRODUCTION
    person: Person | None = None
    documents: Annotated[tuple[DocumentId, ...], AtMost(MAX_DOCUMENTS)] = ()
    uncollected_days: Count | None = None

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
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
    """Whether the tyre is replaced, its wear and band, and the amounts, which are null in a refusal."""

    edition: str | None
    eligible: bool = False
    reason: Literal["no_edition", "too_old", "worn_too_far"] | Cause | None = None
    wear_percent: Number
    """Used tread in percent of the new depth, rounded to four decimal places."""
    band: Band
    customer_pays_rial: Rial | None = None
    credit_rial: Rial | None = None
    """The part of the new tyre's price that the customer does not pay."""
    missing_documents: tuple[DocumentId, ...] = ()
    last_day: JalaliText | None = None
    """The last day on which the age allows a replacement; null if kind or manufacture is not given."""


@dataclass(frozen=True)
class _Reading:
    """How the limits of the bands and a grade-2 tyre in the free band are read (A-10)."""

    free_at_edge: bool = False
    refused_at_edge: bool = False
    grade2_free: Literal["formula", "price_difference", "nothing"] = "formula"


@calculator
def tyre_refund(request: TyreRefundRequest) -> Answer[TyreRefundResult]:
    """Return whether a tyre is replaced, and what the customer pays: price - price × remaining ÷ new depth.

    A tyre with less than 20 % wear is replaced free of charge, one with more than 80 % is refused (5-7). The
    credit for a grade-2 tyre is based on its own price (5-7-3). Depths in mm are full depths, not those above
    the wear indicator (A-10). The age is checked if kind, day of manufacture and day of service are given.

    Rounding: the payment to whole rials, half up, once; the wear to four decimal places.
    Not covered: whether the tyre is defective, which the service centre decides.
    Source: clauses 5-7 and 6 of the tyre rules.
    """
    rules = tyre_tables(request.on)
    if rules is None:
        return Answer(
            _refusal(request, None, "no_edition", "refused"),
            (Step("no_edition", scope_clause("iran_tire", request.on), value=False),),
        )
    result, steps = _calculate(request, rules, _Reading())
    alternatives: list[Alternative] = []
    for reading, clause in _readings(request, rules):
        other, _ = _calculate(request, rules, reading)
        alternatives += Alternative.where_different(READING, clause, result, other)
    return Answer(result, steps, tuple(_notices(request, rules, result)), tuple(alternatives))


def _readings(request: TyreRefundRequest, rules: TyreTables) -> Iterator[tuple[_Reading, str]]:
    """Yield the other readings that can change the result for this tyre, each with its clause."""
    wear, free = _wear(request), rules.figures["free_below_wear"]
    if wear == free.value:
        yield _Reading(free_at_edge=True), free.clause
    if wear == rules.figures["refused_above_wear"].value:
        yield _Reading(refused_at_edge=True), rules.citations.tread_condition
    if wear < free.value and request.grade != 1:
        yield _Reading(grade2_free="price_difference"), rules.citations.second_grade
        yield _Reading(grade2_free="nothing"), free.clause


def _calculate(
    request: TyreRefundRequest, rules: TyreTables, reading: _Reading
) -> tuple[TyreRefundResult, tuple[Step, ...]]:
    """Return the result of one reading and the working."""
    wear = _wear(request)
    inputs = {"new_depth_mm": request.new_depth_mm, "remaining_depth_mm": request.remaining_depth_mm}
    band, limit = _band(wear, rules, reading)
    cause = rules.causes[request.cause]
    last_day, age_steps = _last_day(request, rules)
    steps = [
        Step("wear", rules.citations.formula, _to_four_places(wear), "percent", inputs),
        Step(f"band_{band}", limit.clause, limit.value, "percent"),
        *age_steps,
    ]
    document_clauses = [row.clause for row in rules.documents if row.person == request.person]
    if document_clauses:
        missing = len([*_missing_documents(request, rules)])
        steps.append(
            Step("documents_missing", document_clauses[0], missing, "count", {"of": len(document_clauses)})
        )
    steps.append(Step("cause", cause.clause, cause.accepted, inputs={"cause": request.cause}))
    if not cause.accepted:
        return _refusal(request, rules, request.cause, band, last_day), tuple(steps)
    if last_day and request.on and request.on > last_day:
        return _refusal(request, rules, "too_old", band, last_day), tuple(steps)
    if band == "refused":
        return _refusal(request, rules, "worn_too_far", band, last_day), tuple(steps)
    payment, payment_steps = _customer_payment(request, rules, band, reading)
    result = TyreRefundResult(
        edition=rules.edition,
        eligible=True,
        wear_percent=_to_four_places(wear),
        band=band,
        customer_pays_rial=payment,
        credit_rial=request.new_price_rial - payment,
        missing_documents=tuple(_missing_documents(request, rules)),
        last_day=last_day,
    )
    return result, (*steps, *payment_steps)


def _band(wear: Fraction, rules: TyreTables, reading: _Reading) -> tuple[Band, Figure]:
    """Return the band of a wear and the limit that decides it; the limits themselves are pro rata."""
    free, refused = rules.figures["free_below_wear"], rules.figures["refused_above_wear"]
    if wear < free.value or (wear == free.value and reading.free_at_edge):
        return "free", free
    if wear > refused.value or (wear == refused.value and reading.refused_at_edge):
        return "refused", refused
    return "pro_rata", refused


def _last_day(request: TyreRefundRequest, rules: TyreTables) -> tuple[date | None, tuple[Step, ...]]:
    """Return the day before the anniversary of the manufacture, the last of the guarantee, and its step."""
    if request.kind is None or request.made_on is None:
        return None, ()
    row = rules.kinds[request.kind]
    anniversary = add_years(request.made_on, row.under_years)
    last_day = date.fromordinal(anniversary.toordinal() - 1)
    inputs: dict[str, Value] = {"kind": request.kind, "made_on": request.made_on, "last_day": last_day}
    return last_day, (Step("under_years", row.clause, row.under_years, "year", inputs),)


def _customer_payment(
    request: TyreRefundRequest, rules: TyreTables, band: Band, reading: _Reading
) -> tuple[int, tuple[Step, ...]]:
    """Return what the customer pays for a new grade-1 tyre, from 0 to its price, and the working."""
    price = request.new_price_rial
    remaining_share = Fraction(request.remaining_depth_mm) / Fraction(request.new_depth_mm)
    grade2 = request.grade2_price_rial if request.grade != 1 else None
    if grade2 is None and band == "free":
        payment_clause, credit = rules.citations.free_replacement, Fraction(price)
    elif grade2 is None:
        payment_clause, credit = rules.citations.formula, price * remaining_share
    else:
        payment_clause, credit = rules.citations.second_grade, grade2 * remaining_share
        if band == "free" and reading.grade2_free == "price_difference":
            credit = Fraction(grade2)
        if band == "free" and reading.grade2_free == "nothing":
            credit = Fraction(price)
    payment = min(price, max(0, half_up(price - credit)))
    credit_clause = rules.citations.replacement if grade2 is None and band == "pro_rata" else payment_clause
    inputs = {"price_rial": price, "credit_rial": price - payment}
    return payment, (
        Step("credit", credit_clause, price - payment, "rial", {"price_rial": grade2 or price}),
        Step("customer_pays", payment_clause, payment, "rial", inputs),
    )


def _refusal(
    request: TyreRefundRequest,
    rules: TyreTables | None,
    reason: Literal["no_edition", "too_old", "worn_too_far"] | Cause,
    band: Band,
    last_day: date | None = None,
) -> TyreRefundResult:
    return TyreRefundResult(
        edition=rules.edition if rules else None,
        reason=reason,
        wear_percent=_to_four_places(_wear(request)),
        band=band,
        missing_documents=tuple(_missing_documents(request, rules)) if rules else (),
        last_day=last_day,
    )


def _missing_documents(request: TyreRefundRequest, rules: TyreTables) -> Iterator[str]:
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


def _to_four_places(value: Fraction) -> Decimal:
    with localcontext(prec=40):
        quotient = Decimal(value.numerator) / Decimal(value.denominator)
        rounded = quotient.quantize(WEAR_PRECISION, ROUND_HALF_UP)
    integral = rounded.to_integral_value()
    return integral if rounded == integral else rounded.normalize()


def documents_for(person: str | None) -> tuple[str, ...]:
    """Return the documents that a natural or a legal person has to bring."""
    rules = tyre_tables()
    return tuple(row.document for row in rules.documents if row.person == person) if rules else ()


def band_edges(request: TyreRefundRequest) -> tuple[Decimal, Decimal]:
    """Return the remaining depths (mm) above which a tyre is free and below which it is refused."""
    rules = tyre_tables(request.on)
    if rules is None:
        return request.new_depth_mm, Decimal(0)
    limits = (rules.figures["free_below_wear"], rules.figures["refused_above_wear"])
    free, refused = (
        (request.new_depth_mm * (HUNDRED_PERCENT - limit.value) / HUNDRED_PERCENT).normalize()
        for limit in limits
    )
    return free, refused


class CurvePoint(Result):
    """What the customer pays at a remaining depth; null if the tyre is refused."""

    remaining_depth_mm: Number
    wear_percent: Number
    band: Band
    customer_pays_rial: Rial | None


def payment_curve(request: TyreRefundRequest, intervals: int = 50) -> list[CurvePoint]:
    """Return the payment over the remaining depth, for a chart, at equal intervals from 0 to the new depth.

    Every other condition is taken as fulfilled.
    """
    accepted_tyre = {"cause": PRODUCTION, "kind": None, "made_on": None}
    curve = []
    for index in range(intervals + 1):
        depth = (request.new_depth_mm * index / intervals).normalize()
        result = tyre_refund(request.model_copy(update={**accepted_tyre, "remaining_depth_mm": depth})).result
        curve.append(
            CurvePoint(
                remaining_depth_mm=depth,
                wear_percent=result.wear_percent,
                band=result.band,
                customer_pays_rial=result.customer_pays_rial,
            )
        )
    return curve
