"""The share page's answer card: the amount, the percent until one is typed, or the refusal."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from logic.answer import Answer
from logic.subscriber_share import SubscriberShareResult
from ui import answer, charts
from ui.numbers import number, percent
from ui.page import Page
from ui.pages import LEVELS


def head(page: Page, found: Answer[SubscriberShareResult], *, typed: bool) -> None:
    """The amount; the percent until a damage is typed; or the refusal."""
    t, result = page.t, found.result
    if result.share_percent is None:
        reason = result.reason or ""
        why = t.label("exclusion" if f"exclusion.{reason}" in t else "refusal", reason)
        answer.refusal(page, t("answer.not_covered"), why, found.steps[-1].clause, t("share.refused"))
        answer.page_link(page, LEVELS, t("share.see_levels"))
        return
    share = percent(result.share_percent, t.language)
    if not typed:
        answer.headline(t("share.your_share"), share, line=t("share.type_damage"), share=result.share_percent)
        answer.peek(page, t("share.peek"), share)
        return
    pays = result.subscriber_pays_rial
    line = t("share.line", toman=answer.toman(page, pays), percent=share)
    answer.money_headline(
        page, t("share.you_pay"), pays, result.company_pays_rial, line=line, other_name=t("word.company")
    )
    answer.peek(page, t("share.peek"), f"{number(pays, t.language)} {t('word.rial')}")


def reading(page: Page, other: Mapping[str, Any]) -> str:
    """What another reading comes to."""
    t = page.t
    if other.get("covered") is False:
        return t("share.reading_not_covered")
    if other.get("subscriber_pays_rial"):
        return t("share.reading_pays", rial=number(other["subscriber_pays_rial"], t.language))
    return percent(other.get("share_percent", 0), t.language)


def body(
    page: Page,
    found: Answer[SubscriberShareResult],
    growth: Sequence[tuple[int, int | None]],
    earlier: int,
) -> None:
    """Other readings, the working, the papers, and how the share grows with each earlier event."""
    t, result = page.t, found.result
    answer.alternatives(page, found.alternatives, lambda other: reading(page, other))
    answer.working(page, found)
    if result.covered:
        papers, chart = st.columns(2)
        with papers:
            report = "fire_report" if result.fire_brigade_report else "report_yes"
            answer.line(t(f"share.{report}" if result.report_required else "share.report_no"))
            answer.documents(page, result.documents, t("share.no_documents"))
        with chart:
            charts.share_growth(page, growth, earlier)
    answer.notices(page, found.notices)
    answer.actions(page)
    answer.edition(page, "emdad", result.edition)
