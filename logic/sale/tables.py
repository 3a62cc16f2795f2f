"""Tables of the sale rules: the methods of sale in article 4 of a by-law, and their figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, get_args

from logic.consumer_law.bylaw_in_force import bylaw_edition
from logic.core.answer import Step
from logic.core.models import Known, require_in_edition
from logic.core.rounding import percent_of
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import EditionFolder, Figure, Labelled, Row, YesNo, edition_reader, scope_clause

FIGURES = (
    "advance_percent", "new_car_km", "withdrawal_points", "withdrawal_months", "repayment_days", "month_days",
    "year_days", "year_months",
)  # fmt: skip

NoRulesReason = Literal["no_edition", "no_sale_rules"]
PriceBasis = Literal["fixed", "delivery_time"]
ClauseTopic = Literal["profit", "late_delivery", "late_repayment"]


class MethodRow(Row):
    """A method of sale: its longest delivery, price basis, compensation and participation in profit."""

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
        """Whether the by-law states the delivery in days; it does so for a single month."""
        return self.limit_months == 1


class SaleFigure(Figure):
    """A number of the sale rules."""


class SaleClause(Row):
    """The clause of a rule that has no figure."""

    about: ClauseTopic
    clause: str


@dataclass(frozen=True, eq=False)
class SaleTables:
    """The sale rules of one by-law; empty if it has none."""

    edition: str
    methods: Mapping[str, MethodRow]
    figures: Mapping[str, SaleFigure]
    clauses: Mapping[ClauseTopic, SaleClause]


@edition_reader("bylaw")
def sale_tables(folder: EditionFolder) -> SaleTables:
    """Read the sale rules of a by-law; the edition depends on the day of the contract."""
    methods = folder.rows_by_key("sale_methods", MethodRow, lambda row: row.method)
    needed: tuple[str, ...] = FIGURES if methods else ()
    topics: tuple[ClauseTopic, ...] = get_args(ClauseTopic) if methods else ()
    return SaleTables(
        edition=folder.edition.id,
        methods=methods,
        figures=folder.rows_by_key("sale_figures", SaleFigure, lambda row: row.name, needed),
        clauses=folder.rows_by_key("sale_clauses", SaleClause, lambda row: row.about, topics),
    )


@cached_per_dataset
def sale_methods() -> Mapping[str, MethodRow]:
    """Return the methods of sale of every edition, each from the newest edition that has it."""
    return {name: row for rules in sale_tables.editions() for name, row in rules.methods.items()}


Method = Annotated[str, Known(sale_methods, lists_ids=True)]


def method_row(method: str, on: date | None) -> MethodRow:
    """Return a method of sale from the by-law of a day, or from the newest one if that has no sale rules.

    Raises: the request error ``not_in_edition`` if the by-law of the day has only other methods.
    """
    rules = sale_rules(on)
    rows = sale_methods() if isinstance(rules, str) else rules.methods
    require_in_edition("method", method, rows)
    return rows[method]


def sale_rules(on: date | None) -> SaleTables | NoRulesReason:
    """Return the sale rules of a day, or the reason why there are none."""
    rules = sale_tables(on)
    if rules is None:
        return "no_edition"
    return rules if rules.methods else "no_sale_rules"


def no_rules_step(reason: NoRulesReason, on: date | None) -> tuple[str | None, Step]:
    """Return the id of the by-law of a day, if any, and the step that reports the missing rules."""
    edition = bylaw_edition(on)
    clause = scope_clause("bylaw", on)
    return edition.id if edition else None, Step(reason, clause, value=False)


def accrued_by_year(rules: SaleTables, rial: int, percent: Decimal, days: int) -> Fraction:
    """Return a yearly rate on an amount for a number of days; a year has 365."""
    return percent_of(percent, rial) * days / int(rules.figures["year_days"].value)


def accrued_by_month(rules: SaleTables, rial: int, percent: Decimal, days: int) -> Fraction:
    """Return a monthly rate on an amount for a number of days; a month has 30."""
    return percent_of(percent, rial) * days / int(rules.figures["month_days"].value)


def accrued_by_twelfth_of_year(rules: SaleTables, rial: int, percent: Decimal, days: int) -> Fraction:
    """Return a monthly rate on an amount for a number of days; twelve months have 365 (A-20)."""
    return accrued_by_year(rules, rial, percent * rules.figures["year_months"].value, days)
