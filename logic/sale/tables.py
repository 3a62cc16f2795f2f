"""The sale rules of a by-law: the methods of sale of its article 4, and the figures around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, get_args

from logic.consumer_law.bylaw_in_force import in_force
from logic.core.answer import Step
from logic.core.models import Known, require_in_edition
from logic.core.rounding import percent_of
from logic.datasets.tables import (
    EditionFolder,
    Figure,
    Labelled,
    Row,
    YesNo,
    cached_per_dataset,
    edition_reader,
    scope_clause,
)

FIGURES = (
    "advance_percent", "new_car_km", "withdrawal_points", "withdrawal_months", "repayment_days", "month_days",
    "year_days", "year_months",
)  # fmt: skip

NoRule = Literal["no_edition", "no_sale_rules"]
PriceBasis = Literal["fixed", "delivery_time"]
About = Literal["profit", "late_delivery", "late_repayment"]


class MethodRow(Row):
    """A method of sale: its longest delivery, price basis, compensation and whether it shares profit."""

    method: Annotated[str, Labelled("method")]
    limit_days: int
    limit_months: int
    imported_limit_days: int | None = None
    imported_limit_months: int | None = None
    presale: YesNo
    price_basis: PriceBasis | None = None
    late_percent_a_month: Decimal
    participation: YesNo
    without_arrears: YesNo
    """Whether the seller may use it only without overdue commitments."""
    clause: str

    @property
    def in_days(self) -> bool:
        """Whether the by-law states the delivery in days: where it is a single month."""
        return self.limit_months == 1


class SaleFigure(Figure):
    """A number of the sale rules."""


class SaleClause(Row):
    """Where the by-law says what needs no figure."""

    about: About
    clause: str


@dataclass(frozen=True, eq=False)
class SaleTables:
    """The sale rules of one by-law; empty where it has none."""

    edition: str
    methods: Mapping[str, MethodRow]
    figures: Mapping[str, SaleFigure]
    clauses: Mapping[About, SaleClause]


@edition_reader("bylaw")
def sale_tables(folder: EditionFolder) -> SaleTables:
    """The sale rules; ask them with the day of the contract."""
    methods = folder.rows_by_key("sale_methods", MethodRow, lambda row: row.method)
    needed: tuple[str, ...] = FIGURES if methods else ()
    abouts: tuple[About, ...] = get_args(About) if methods else ()
    return SaleTables(
        edition=folder.edition.id,
        methods=methods,
        figures=folder.rows_by_key("sale_figures", SaleFigure, lambda row: row.name, needed),
        clauses=folder.rows_by_key("sale_clauses", SaleClause, lambda row: row.about, abouts),
    )


@cached_per_dataset
def sale_methods() -> Mapping[str, MethodRow]:
    """Return the methods of sale of every edition, each as the newest edition that has it prints it."""
    return {name: row for rules in sale_tables.editions() for name, row in rules.methods.items()}


Method = Annotated[str, Known(sale_methods, lists_ids=True)]


def method_row(method: str, on: date | None) -> MethodRow:
    """Return a method of sale by the by-law of a day, else by the newest by-law that has it.

    Raises the error ``not_in_edition`` where the by-law of the day has other methods only.
    """
    rules = sale_rules(on)
    rows = sale_methods() if isinstance(rules, str) else rules.methods
    require_in_edition("method", method, rows)
    return rows[method]


def sale_rules(on: date | None) -> SaleTables | NoRule:
    """The sale rules of a day, or why there are none."""
    rules = sale_tables(on)
    if rules is None:
        return "no_edition"
    return rules if rules.methods else "no_sale_rules"


def no_rule(reason: NoRule, on: date | None) -> tuple[str | None, Step]:
    """The by-law of the day, if any, and the step that says that it has no such rule."""
    edition = in_force(on)
    clause = scope_clause("bylaw", on)
    return edition.id if edition else None, Step(reason, clause, value=False)


def by_year(rules: SaleTables, rial: int, percent: Decimal, days: int) -> Fraction:
    """A yearly rate on an amount, by day."""
    return percent_of(percent, rial) * days / int(rules.figures["year_days"].value)


def by_month(rules: SaleTables, rial: int, percent: Decimal, days: int) -> Fraction:
    """A monthly rate on an amount, by day; a month has 30."""
    return percent_of(percent, rial) * days / int(rules.figures["month_days"].value)


def by_month_of_a_year(rules: SaleTables, rial: int, percent: Decimal, days: int) -> Fraction:
    """A monthly rate on an amount, by day; twelve months are 365 days (A-20)."""
    return by_year(rules, rial, percent * rules.figures["year_months"].value, days)
