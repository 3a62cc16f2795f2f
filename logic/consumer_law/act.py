"""Figures of the consumers' rights act, to which its by-laws are subordinate."""

from collections.abc import Mapping
from dataclasses import dataclass

from logic.datasets.tables import Citations, EditionFolder, Figure, edition_reader

FIGURES = (
    "minimum_months", "minimum_km", "substitute_above_hours", "safety_repairs", "injury_repairs",
    "unusable_above_days",
)  # fmt: skip


class ActCitations(Citations):
    """Clauses of the act that calculators cite and that belong to no figure."""

    contract_price: str
    supplier_duties: str
    waivers: str


@dataclass(frozen=True, eq=False)
class ActTables:
    """The figures of one edition of the act."""

    edition: str
    citations: ActCitations
    figures: Mapping[str, Figure]


@edition_reader("law")
def act_tables(folder: EditionFolder) -> ActTables:
    """Read the act. The day of the event concerned selects the edition."""
    return ActTables(
        edition=folder.edition.id,
        citations=folder.cite(ActCitations),
        figures=folder.rows_by_key("figures", Figure, lambda row: row.name, FIGURES),
    )
