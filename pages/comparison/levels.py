from typing import Any

import streamlit as st

from logic.card.assistance_cost import AssistanceCostRequest, assistance_cost, assistance_items
from logic.card.level_eligibility import CarUse, LevelEligibilityRequest, LevelVerdict, level_eligibility
from logic.comparison.compare_levels import CompareLevelsRequest, compare_levels
from logic.core.models import Level
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.dates import today
from ui.views import levels as levels_view

USUAL = (Level.MOBILE, Level.TWO_STAR, Level.THREE_STAR, Level.FOUR_STAR)
LEAST, MOST = 2, 4
NO_CARD = "none"


def car(page: Page) -> dict[Level, LevelVerdict]:
    """Ask for the car's age, use and present card; show what they allow; give the verdicts by level."""
    t = page.t
    cards = {NO_CARD: t("levels.no_card"), **t.names_of("level", Level)}
    answer_card.subheading(t("levels.car"))
    age, use_and_card = st.columns(2)
    with age:
        produced = fields.day(page, "produced", past=True)
    with use_and_card:
        use = fields.choice(
            page, "use", [*CarUse], t.names_of("car_use", CarUse), style="pills", default="private"
        )
        current = fields.choice(page, "current", [*cards], cards, style="list", default=NO_CARD)
    if produced is None and use == CarUse.PRIVATE:
        return {}
    known: dict[str, Any] = {"use": use, "current_level": None if current == NO_CARD else current}
    with page.report_errors_in(st.container(key="answer-car")):
        found = level_eligibility(
            LevelEligibilityRequest(produced_on=produced or today(), on=today(), **known)
        )
        levels_view.render_conversion(page, found)
        with st.expander(t("levels.eligibility"), key=page.key("eligibility")):
            levels_view.render_eligibility(page, found.result, dated=produced is not None)
            answer_card.alternatives(page, found.alternatives, lambda _: t("levels.reading_working"))
            answer_card.notices(page, found.notices)
        return {verdict.level: verdict for verdict in found.result.levels}
    return {}  # the fault is said


def compare(page: Page) -> list[Level]:
    """Two to four levels side by side; gives the levels."""
    t = page.t
    with st.container(key="pick"):
        picked = fields.choices(page, "levels", [*Level], t.names_of("level", Level), default=USUAL)
        only_differences = fields.switch(page, "differences", toggle=True)
        verdicts = car(page)
    levels = [Level(each) for each in picked[:MOST]]
    if len(picked) > MOST:
        answer_card.paragraph(t("levels.pick_four"))
    if len(levels) < LEAST:
        answer_card.paragraph(t("levels.pick_two"))
        return levels
    with page.report_errors_in(st.container(key="answer-levels")):
        found = compare_levels(CompareLevelsRequest(levels=tuple(levels)))
        levels_view.render_table(page, found.result, verdicts, only_differences=only_differences)
        levels_view.render_upgrades(page, found.result)
        answer_card.notices(page, found.notices)
        answer_card.action_bar(page, found)
        answer_card.edition(page, "emdad", found.result.edition)
    return levels


def assistance(page: Page, levels: list[Level]) -> None:
    """Who pays for a piece of roadside help, under the same levels."""
    t = page.t
    answer_card.heading(t("levels.assistance"), t("levels.assistance_line"))
    with st.container(key="assist"):
        items = t.names_of("item", assistance_items())
        item = fields.choice(page, "item", [*items], items, style="pills", default="callout")
        known: dict[str, Any] = {"item": item}
        with st.container(horizontal=True, key=page.key("circumstances")):
            known["immobile"] = not fields.switch(page, "can_move")
            known["tow_number"] = 2 if fields.switch(page, "second_tow") else 1
            known["via_company"] = not fields.switch(page, "own_way")
            known |= {
                name: fields.switch(page, name)
                for name in ("company_could_not_send", "in_guarantee", "intercity")
            }
    with page.report_errors_in(st.container(key="answer-assistance")):
        found = {level: assistance_cost(AssistanceCostRequest(level=level, **known)) for level in levels}
        levels_view.render_payers(page, found)
        notices = {notice.key: notice for each in found.values() for notice in each.notices}
        answer_card.notices(page, notices.values())


with open_page("levels") as page:
    chosen = compare(page)
    assistance(page, chosen)
