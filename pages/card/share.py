from collections.abc import Mapping
from typing import Any

import streamlit as st

from logic.answer import Answer
from logic.models import Level
from logic.subscriber_share import (
    SubscriberShareRequest,
    SubscriberShareResult,
    damage_exclusions,
    events_by_group,
    share_by_earlier,
    subscriber_share,
)
from ui import answer, charts, fields
from ui.numbers import number, percent
from ui.page import Page, open_page
from ui.pages import LEVELS

EARLIER = [str(count) for count in range(7)]
FAULTS = ("me", "other", "shared")


def ask(page: Page) -> tuple[SubscriberShareRequest, int | fields.Missing]:
    """The request, and the damage as typed: without one, the share in percent is an answer already."""
    t, groups, exclusions = page.t, events_by_group(), damage_exclusions()
    counts = {count: number(int(count), t.language) for count in EARLIER}
    linked = next(
        (group for group, events in groups.items() if page.link.raw.get("event") in events), "crash"
    )
    group = fields.choice(
        page, "group", [*groups], t.labels("group", groups), look="segments", default=linked, in_link=False
    )
    events = t.labels("event", groups[group])
    first = next(iter(events))
    event = fields.choice(page, "event", [*events], events, look="pills", default=first, bare="collision")
    level = fields.choice(page, "level", [*Level], t.labels("level", Level), look="list", default="two_star")
    answer.which_level(page)
    damage = fields.money(page, "damage")
    earlier = fields.choice(page, "earlier", EARLIER, counts, look="segments", default="0")
    with st.expander(t("share.more"), key=page.key("more")):
        fault = fields.choice(page, "fault", FAULTS, t.labels("fault", FAULTS), look="segments", default="me")
        above_coupon = fields.switch(page, "above_coupon")
        third = fields.choice(page, "earlier_third", EARLIER, counts, look="segments", default="0")
        repairs = fields.choice(page, "repairs", EARLIER, counts, look="segments", default="0")
        panel = fields.switch(page, "panel")
        excluded = fields.choices(page, "excluded", exclusions, t.labels("exclusion", exclusions))
        stolen = fields.switch(page, "stolen")
    known: dict[str, Any] = {
        "level": level, "event": event, "damage_rial": 0 if isinstance(damage, fields.Missing) else damage,
        "prior_incidents": int(earlier), "prior_third_party_incidents": int(third),
        "prior_repairs": int(repairs), "third_party_at_fault": fault == "other",
        "fault_shared": fault == "shared", "above_coupon": above_coupon,
        "audio_panel_withheld": panel, "exclusions": excluded, "stolen_at_the_time": stolen,
    }  # fmt: skip
    return SubscriberShareRequest(**known), damage


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


def show(page: Page, request: SubscriberShareRequest, *, typed: bool) -> None:
    """The answer card."""
    t, found = page.t, subscriber_share(request)
    head(page, found, typed=typed)
    answer.alternatives(page, found.alternatives, lambda other: reading(page, other))
    answer.working(page, found)
    if found.result.covered:
        papers, growth = st.columns(2)
        with papers:
            report = "fire_report" if found.result.fire_brigade_report else "report_yes"
            answer.line(t(f"share.{report}" if found.result.report_required else "share.report_no"))
            answer.documents(page, found.result.documents, t("share.no_documents"))
        with growth:
            charts.share_growth(page, share_by_earlier(request, int(EARLIER[-1])), request.prior_incidents)
    answer.notices(page, found.notices)
    answer.actions(page)
    answer.edition(page, "emdad", found.result.edition)


with open_page("share") as page, page.halves() as (inputs, result):
    with inputs:
        request, damage = ask(page)
    with result:
        if damage is fields.Missing.UNREADABLE:
            answer.waiting(page, damage, "")
        else:
            show(page, request, typed=damage is not fields.Missing.EMPTY)
