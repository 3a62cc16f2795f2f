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

DEFAULT_LEVELS = (Level.MOBILE, Level.TWO_STAR, Level.THREE_STAR, Level.FOUR_STAR)
MIN_LEVELS, MAX_LEVELS = 2, 4
NO_CARD = "none"


def ask_car(page: Page) -> dict[Level, LevelVerdict]:
    """Ask for the car's age, use and card; render and return the verdict of each level."""
    t = page.t
    cards = {NO_CARD: t("levels.no_card"), **t.names_of("level", Level)}
    answer_card.subheading(t("levels.car"))
    date_column, use_column = st.columns(2)
    with date_column:
        produced = fields.day(page, "produced", past=True)
    with use_column:
        use = fields.choice(
            page, "use", [*CarUse], t.names_of("car_use", CarUse), style="pills", default="private"
        )
        current = fields.choice(page, "current", [*cards], cards, style="list", default=NO_CARD)
    if produced is None and use == CarUse.PRIVATE:
        return {}
    values: dict[str, Any] = {"use": use, "current_level": None if current == NO_CARD else current}
    with page.report_errors_in(st.container(key="answer-car")):
        answer = level_eligibility(
            LevelEligibilityRequest(produced_on=produced or today(), on=today(), **values)
        )
        levels_view.render_conversion(page, answer)
        with st.expander(t("levels.eligibility"), key=page.key("eligibility")):
            levels_view.render_eligibility(page, answer.result, dated=produced is not None)
            answer_card.alternatives(page, answer.alternatives, lambda _: t("levels.reading_working"))
            answer_card.notices(page, answer.notices)
        return {verdict.level: verdict for verdict in answer.result.levels}
    return {}  # after an error, which `page.report_errors_in` reports


def compare(page: Page) -> list[Level]:
    """Ask for two to four levels, render them side by side, and return them."""
    t = page.t
    with st.container(key="level-inputs"):
        level_ids = fields.choices(
            page, "levels", [*Level], t.names_of("level", Level), default=DEFAULT_LEVELS
        )
        only_differences = fields.switch(page, "differences", toggle=True)
        verdicts = ask_car(page)
    levels = [Level(level_id) for level_id in level_ids[:MAX_LEVELS]]
    if len(level_ids) > MAX_LEVELS:
        answer_card.paragraph(t("levels.pick_four"))
    if len(levels) < MIN_LEVELS:
        answer_card.paragraph(t("levels.pick_two"))
        return levels
    with page.report_errors_in(st.container(key="answer-levels")):
        answer = compare_levels(CompareLevelsRequest(levels=tuple(levels)))
        levels_view.render_table(page, answer.result, verdicts, only_differences=only_differences)
        levels_view.render_upgrades(page, answer.result)
        answer_card.notices(page, answer.notices)
        answer_card.action_bar(page, answer)
        answer_card.edition(page, "emdad", answer.result.edition)
    return levels


def assistance(page: Page, levels: list[Level]) -> None:
    """Ask for a kind of roadside assistance and render who pays for it under each level."""
    t = page.t
    answer_card.heading(t("levels.assistance"), t("levels.assistance_line"))
    with st.container(key="assistance"):
        items = t.names_of("item", assistance_items())
        item = fields.choice(page, "item", [*items], items, style="pills", default="callout")
        values: dict[str, Any] = {"item": item}
        with st.container(horizontal=True, key=page.key("circumstances")):
            values["immobile"] = not fields.switch(page, "can_move")
            values["tow_number"] = 2 if fields.switch(page, "second_tow") else 1
            values["via_company"] = not fields.switch(page, "own_way")
            values |= {
                name: fields.switch(page, name)
                for name in ("company_could_not_send", "in_guarantee", "intercity")
            }
    with page.report_errors_in(st.container(key="answer-assistance")):
        answers = {level: assistance_cost(AssistanceCostRequest(level=level, **values)) for level in levels}
        levels_view.render_payers(page, answers)
        notices = {notice.key: notice for answer in answers.values() for notice in answer.notices}
        answer_card.notices(page, notices.values())


with open_page("levels") as page:
    levels = compare(page)
    assistance(page, levels)
