"""Rendering of the subscriber's share: the amount, the percentage until a damage is typed, or the refusal."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from logic.card.subscriber_share import SubscriberShareResult
from logic.core.answer import Answer
from ui.answer import answer_card, charts
from ui.frame.navigation import LEVELS
from ui.frame.page import Page
from ui.l10n.numbers import format_number, format_percent


def render_headline(page: Page, answer: Answer[SubscriberShareResult], *, typed: bool) -> None:
    """Render the amount, the percentage if no damage is ``typed``, or the refusal."""
    t, result = page.t, answer.result
    if result.share_percent is None:
        reason = result.reason or ""
        why = t.name_of("exclusion" if t.has_name("exclusion", reason) else "refusal", reason)
        answer_card.refusal(page, t("answer.not_covered"), why, answer.steps[-1].clause, t("share.refused"))
        answer_card.page_link(page, LEVELS, t("share.see_levels"))
        return
    share = format_percent(result.share_percent, t.language)
    if not typed:
        answer_card.headline(
            page, t("share.your_share"), share, line=t("share.type_damage"), share=result.share_percent
        )
        answer_card.mobile_summary(page, t("share.peek"), share)
        return
    pays = result.subscriber_pays_rial
    panel = next((step.value for step in answer.steps if step.key == "audio_panel"), None)
    line_key = "share.line_with_panel" if isinstance(panel, int) else "share.line"
    panel_text = format_number(panel, t.language) if isinstance(panel, int) else ""
    line = t(line_key, toman=answer_card.toman(page, pays), percent=share, panel=panel_text)
    answer_card.money_headline(
        page, t("share.you_pay"), pays, result.company_pays_rial, line=line, other_name=t("word.company")
    )
    answer_card.mobile_summary(page, t("share.peek"), f"{format_number(pays, t.language)} {t('word.rial')}")


def summarise_alternative(page: Page, other: Mapping[str, Any]) -> str:
    """Return the result of another reading as a short text."""
    t = page.t
    if other.get("covered") is False:
        return t("share.reading_not_covered")
    if other.get("subscriber_pays_rial"):
        return t("share.reading_pays", rial=format_number(other["subscriber_pays_rial"], t.language))
    return format_percent(other.get("share_percent", 0), t.language)


def empty_documents_text(page: Page, answer: Answer[SubscriberShareResult]) -> str:
    """Return why the list of documents is empty: the amount is too low, or none are printed."""
    limit = next((notice.params["limit"] for notice in answer.notices if notice.key == "papers_above"), None)
    if isinstance(limit, int):
        return page.t("share.documents_above", limit=format_number(limit, page.t.language))
    return page.t("share.no_documents")


def report_text(page: Page, answer: Answer[SubscriberShareResult], *, typed: bool) -> str:
    """Return whether an official report is needed; if no damage is ``typed``, from which amount."""
    t, result = page.t, answer.result
    if result.report_required:
        return t("share.fire_report" if result.fire_brigade_report else "share.report_yes")
    limit = next((step.inputs["above"] for step in answer.steps if step.key == "report_required"), None)
    if not typed and isinstance(limit, int):
        return t("share.report_above", limit=format_number(limit, t.language))
    return t("share.report_no")


def render_details(
    page: Page,
    answer: Answer[SubscriberShareResult],
    share_by_earlier: Sequence[tuple[int, int | None]],
    earlier: int,
    *,
    typed: bool,
) -> None:
    """Render alternatives, steps, documents, and the chart of the share by number of earlier events."""
    result = answer.result
    answer_card.alternatives(page, answer.alternatives, lambda other: summarise_alternative(page, other))
    answer_card.steps(page, answer)
    if result.covered:
        documents_column, chart_column = st.columns(2)
        with documents_column:
            answer_card.paragraph(report_text(page, answer, typed=typed))
            answer_card.documents(page, result.documents, empty_documents_text(page, answer))
        with chart_column:
            charts.share_growth(page, share_by_earlier, earlier)
    answer_card.notices(page, answer.notices)
    answer_card.action_bar(page, answer)
    answer_card.edition(page, "emdad", result.edition)
