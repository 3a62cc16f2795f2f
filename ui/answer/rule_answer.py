"""The answer card that the pages of replacement, guarantee and law share."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from logic.core.answer import Answer
from ui.answer import answer_card
from ui.frame.page import Page
from ui.l10n.numbers import format_number

FORMATS = (
    "customer_pays_rial", "subscriber_pays_rial", "amount_rial", "refund_rial", "total_rial", "last_day",
    "payable_days", "warranty_extension_days", "covered", "status", "extend_days", "meets", "entitled",
)  # fmt: skip
"""The fields of an answer that say what another reading comes to, the most telling first."""
UNITS = {"_days": "day", "_months": "month", "_km": "km"}
"""The unit of a field, by how its name ends; rials are said with their own word."""


def format_field(page: Page, name: str, value: object) -> str:
    """A value of a result as people read it, with its unit."""
    if isinstance(value, int) and not isinstance(value, bool):
        figure = format_number(value, page.t.language)
        if name.endswith("_rial"):
            return f"{figure} {page.t('word.rial')}"
        unit = next((unit for ending, unit in UNITS.items() if name.endswith(ending)), None)
        return page.t(f"unit.{unit}", value=figure) if unit else figure
    if isinstance(value, bool | str | Decimal | dt.date | None):
        return answer_card.format_value(page.t, name, value)
    return ""


def summarise_alternative(page: Page, other: Mapping[str, Any]) -> str:
    """What another reading comes to: its most telling field, else all that differ."""
    telling = [each for each in FORMATS if each in other][:1]
    return page.t("word.and").join(format_field(page, name, other[name]) for name in telling or other)


def refusal_text(page: Page, reason: str) -> str:
    """The reason of a refusal."""
    kinds = ("exclusion", "refusal")
    kind = next((each for each in kinds if page.t.has_name(each, reason)), "why")
    return page.t.name_of("why" if page.t.has_name("why", reason) else kind, reason)


def render(
    page: Page,
    found: Answer[Any],
    document: str,
    *,
    label: str,
    name: str,
    line: str = "",
    papers: Iterable[str] | None = None,
    secondary: bool = False,
) -> None:
    """The figure ``name`` of the result, or why there is none, with the working and what belongs to it.

    ``second``: another answer of the page stands above it.
    """
    render_headline(page, found, label=label, name=name, line=line, secondary=secondary)
    render_details(page, found, document, papers=papers, secondary=secondary)


def render_headline(
    page: Page, found: Answer[Any], *, label: str, name: str, line: str = "", secondary: bool = False
) -> None:
    """The petrol block: the figure with its line, or why there is none."""
    result, t = found.result, page.t
    reason, value = getattr(result, "reason", None), getattr(result, name)
    if reason and (value is None or isinstance(value, bool)):
        answer_card.refusal(page, label, refusal_text(page, reason), found.steps[-1].clause, line)
        return
    if name.endswith("_rial") and value is not None:
        lines = (answer_card.toman(page, value), line)
        answer_card.headline(
            page,
            label,
            format_number(value, t.language),
            t("word.rial"),
            t("word.and").join(filter(None, lines)),
        )
    else:
        answer_card.headline(page, label, format_field(page, name, value), line=line)
    if not secondary:
        answer_card.mobile_summary(page, label, format_field(page, name, value))


def render_details(
    page: Page,
    found: Answer[Any],
    document: str,
    *,
    papers: Iterable[str] | None = None,
    secondary: bool = False,
) -> None:
    """Other readings, the working, papers where there can be any, and what to know."""
    answer_card.alternatives(page, found.alternatives, lambda other: summarise_alternative(page, other))
    answer_card.steps(page, found, name="card" if secondary else "")
    if papers is not None:
        answer_card.documents(page, papers, page.t("share.no_documents"))
    answer_card.notices(page, found.notices)
    answer_card.action_bar(page, found, secondary=secondary)
    answer_card.edition(page, document, found.result.edition)
