"""The sale rules of a by-law: the methods of sale of its article 4, and the figures around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal, get_args

from logic.answer import Step
from logic.bylaw_in_force import in_force
from logic.tables import Figure, Folder, Row, YesNo, book, scope_clause

WHOLE = 100
FIGURES = (
    "advance_percent", "new_car_km", "withdrawal_points", "withdrawal_months", "repayment_days", "month_days",
    "year_days", "year_months",
)  # fmt: skip

NoRule = Literal["no_edition", "no_sale_rules"]
PriceBasis = Literal["fixed", "delivery_time"]
About = Literal["profit", "late_delivery", "late_repayment"]


class Method(StrEnum):
    """The methods of sale."""

    IMMEDIATE = "immediate"
    PRESALE_DEFINITE = "presale_definite"
    PRESALE_ORDINARY = "presale_ordinary"
    PARTICIPATION = "participation"
    SPECIAL_ORDER = "special_order"


class MethodRow(Row):
    """A method of sale: its longest delivery, price basis, compensation and whether it shares profit."""

    method: Method
    limit_days: int
    limit_months: int
    imported_limit_days: int | None = None
    imported_limit_months: int | None = None
    presale: YesNo
    price_basis: PriceBasis | None = None
    late_percent_a_month: Decimal
    participation: YesNo
    clause: str


class SaleFigure(Figure):
    """A number of the sale rules."""


class SaleClause(Row):
    """Where the by-law says what needs no figure."""

    about: About
    clause: str


@dataclass(frozen=True, eq=False)
class SaleBook:
    """The sale rules of one by-law; empty where it has none."""

    edition: str
    methods: Mapping[Method, MethodRow]
    figures: Mapping[str, SaleFigure]
    clauses: Mapping[About, SaleClause]


@book("bylaw")
def sale_book(folder: Folder) -> SaleBook:
    """The sale rules; ask them with the day of the contract."""
    methods = folder.keyed("sale_methods", MethodRow, lambda row: row.method)
    if methods and set(methods) != set(Method):
        raise folder.error("sale_methods.csv", None, "method", "does not list every method")
    needed: tuple[str, ...] = FIGURES if methods else ()
    abouts: tuple[About, ...] = get_args(About) if methods else ()
    return SaleBook(
        edition=folder.edition.id,
        methods=methods,
        figures=folder.keyed("sale_figures", SaleFigure, lambda row: row.name, needed),
        clauses=folder.keyed("sale_clauses", SaleClause, lambda row: row.about, abouts),
    )


def sale_rules(on: date | None) -> SaleBook | NoRule:
    """The sale rules of a day, or why there are none."""
    rules = sale_book(on)
    if rules is None:
        return "no_edition"
    return rules if rules.methods else "no_sale_rules"


def no_rule(reason: NoRule, on: date | None) -> tuple[str | None, Step]:
    """The by-law of the day, if any, and the step that says that it has no such rule."""
    edition = in_force(on)
    clause = scope_clause("bylaw", on)
    return edition.id if edition else None, Step(reason, clause, value=False)


def by_year(rules: SaleBook, rial: int, percent: Decimal, days: int) -> Fraction:
    """A yearly rate on an amount, by day."""
    return Fraction(rial) * Fraction(percent) / WHOLE * days / int(rules.figures["year_days"].value)


def by_month(rules: SaleBook, rial: int, percent: Decimal, days: int) -> Fraction:
    """A monthly rate on an amount, by day; a month has 30."""
    return Fraction(rial) * Fraction(percent) / WHOLE * days / int(rules.figures["month_days"].value)


def by_month_of_a_year(rules: SaleBook, rial: int, percent: Decimal, days: int) -> Fraction:
    """A monthly rate on an amount, by day; twelve months are 365 days (A-20)."""
    return by_year(rules, rial, percent * rules.figures["year_months"].value, days)
