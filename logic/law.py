"""The consumers' rights act: its own figures, which stand above the by-laws."""

from collections.abc import Mapping
from dataclasses import dataclass

from logic.tables import Figure, Folder, book

FIRST = "law_1386.scope"
"""Says from when the act holds; cited where it does not yet."""
FIGURES = (
    "minimum_months", "minimum_km", "substitute_above_hours", "safety_repairs", "injury_repairs",
    "unusable_above_days",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class LawBook:
    """The figures of one edition of the act."""

    edition: str
    figures: Mapping[str, Figure]


@book("law")
def law(folder: Folder) -> LawBook:
    """The act; ask it with the day of the act concerned."""
    return LawBook(
        edition=folder.edition.id,
        figures=folder.keyed("figures", Figure, lambda row: row.name, FIGURES),
    )
