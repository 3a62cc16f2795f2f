"""The answer card shared by the pages for replacement, guarantees and consumer law."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from logic.core.answer import Answer
from ui.answer import answer_card
from ui.frame.page import Page
from ui.l10n.numbers import format_number

SUMMARY_FIELDS = (
    "customer_pays_rial", "subscriber_pays_rial", "amount_rial", "refund_rial", "total_rial", "last_day",
    "payable_days", "warranty_extension_days", "covered", "status", "extend_days", "meets", "entitled",
)  # fmt: skip
"""Result fields that summarise another reading, the most important first."""
UNIT_BY_SUFFIX = {"_days": "day", "_months": "month", "_km": "km"}
"""The unit of a field by the suffix of its name; rials are handled separately."""


def format_field(page: Page, name: str, value: object) -> str:
    """Format a value of a result in the page's language, with its unit."""
    if isinstance(value, int) and not isinstance(value, bool):
        figure = format_number(value, page.t.language)
        if name.endswith("_rial"):
            return f"{figure} {page.t('word.rial')}"
        unit = next((unit for suffix, unit in UNIT_BY_SUFFIX.items() if name.endswith(suffix)), None)
        return page.t(f"unit.{unit}", value=figure) if unit else figure
    if isinstance(value, bool | str | Decimal | dt.date | None):
        return answer_card.format_value(page.t, name, value)
    return ""


def summarise_alternative(page: Page, other: Mapping[str, Any]) -> str:
    """Return the result of another reading as text: its most important field, else all that differ."""
    main_field = [name for name in SUMMARY_FIELDS if name in other][:1]
    return page.t("word.and").join(format_field(page, name, other[name]) for name in main_field or other)


def refusal_text(page: Page, reason: str) -> str:
    """Return the text for the reason of a refusal; raise KeyError if there is none."""
    kinds = ("why", "exclusion", "refusal")
    return page.t.name_of(next((kind for kind in kinds if page.t.has_name(kind, reason)), "why"), reason)


def render(
    page: Page,
    answer: Answer[Any],
    document: str,
    *,
    label: str,
    name: str,
    line: str = "",
    required_documents: Iterable[str] | None = None,
    secondary: bool = False,
) -> None:
    """Show the result's field ``name``, or why there is none, with the steps and all other details.

    ``secondary``: there is another answer above it on the page.
    """
    render_headline(page, answer, label=label, name=name, line=line, secondary=secondary)
    render_details(page, answer, document, required_documents=required_documents, secondary=secondary)


def render_headline(
    page: Page, answer: Answer[Any], *, label: str, name: str, line: str = "", secondary: bool = False
) -> None:
    """Show the result's field ``name`` with a line below it, or why there is none."""
    result, t = answer.result, page.t
    reason, value = getattr(result, "reason", None), getattr(result, name)
    if reason and (value is None or isinstance(value, bool)):
        answer_card.refusal(page, label, refusal_text(page, reason), answer.steps[-1].clause, line)
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
    answer: Answer[Any],
    document: str,
    *,
    required_documents: Iterable[str] | None = None,
    secondary: bool = False,
) -> None:
    """Show other readings, steps, notices, actions and edition; documents unless they are None."""
    answer_card.alternatives(page, answer.alternatives, lambda other: summarise_alternative(page, other))
    answer_card.steps(page, answer, name="card" if secondary else "")
    if required_documents is not None:
        answer_card.documents(page, required_documents, page.t("share.no_documents"))
    answer_card.notices(page, answer.notices)
    answer_card.action_bar(page, answer, secondary=secondary)
    answer_card.edition(page, document, answer.result.edition)
