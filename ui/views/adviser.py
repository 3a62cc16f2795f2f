"""Rendering of the level adviser: the yearly price and cost of each level, and the upgrades."""

from decimal import Decimal

import htpy as h

from logic.comparison.level_adviser import AdvisedLevel, LevelAdviserResult
from logic.core.answer import Answer
from logic.core.rounding import HUNDRED_PERCENT
from ui.answer import answer_card, rule_answer
from ui.answer.answer_card import clause_badge
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_number
from ui.pdf.content import Table


def frequency_text(page: Page, times: Decimal) -> str:
    """Return an expected number per year in words, such as "once in 5 years"."""
    t = page.t
    if not times:
        return t("adviser.never")
    if times < 1:
        return t("adviser.once_in", years=format_number(int(1 / times), t.language))
    return t("adviser.times", times=format_number(times, t.language))


def render(page: Page, answer: Answer[LevelAdviserResult]) -> None:
    """Render the cheapest level as the headline, then every level, the upgrades and the assumptions."""
    t, result = page.t, answer.result
    if not result.levels:
        reason = rule_answer.refusal_text(page, result.reason or "")
        answer_card.refusal(page, t("adviser.least"), reason, answer.steps[-1].clause)
        return
    cheapest = result.levels[0]
    names = t("word.and").join(t.name_of("level", level.level) for level in result.levels if level.cheapest)
    cost = _cost(cheapest)
    answer_card.headline(
        page, t("adviser.least_is", levels=names), format_number(cost, t.language), t("word.rial"),
        t("adviser.a_year" if cheapest.total_rial is not None else "adviser.without_price"),
    )  # fmt: skip
    answer_card.mobile_summary(page, t("adviser.least"), rule_answer.format_field(page, "amount_rial", cost))
    answer_card.alternatives(page, answer.alternatives, lambda _: t("adviser.other_levels"))
    page.presented.tables = [
        Table(
            t("adviser.title"),
            [
                [
                    t.name_of("level", level.level),
                    rule_answer.format_field(page, "amount_rial", _cost(level)),
                    _years(page, level),
                ]
                for level in result.levels
            ],
        )
    ]
    highest = max(1, *(_cost(level) for level in result.levels))
    legend = (h.li(class_=part)[h.i(aria_hidden="true"), t(f"adviser.{part}")] for part in ("price", "yours"))
    show_html(
        h.ul(".kh-legend")[legend],
        h.ol(".kh-ranking")[(_row(page, level, highest) for level in result.levels)],
    )
    _upgrades(page, result)
    answer_card.steps(page, answer)
    answer_card.notices(page, answer.notices)
    answer_card.action_bar(page, answer)
    answer_card.edition(page, "emdad", result.edition)


def _cost(level: AdvisedLevel) -> int:
    """Return the total, or the expected cost if the level has no price."""
    return level.expected_customer_rial if level.total_rial is None else level.total_rial


def _row(page: Page, level: AdvisedLevel, highest: int) -> h.Element:
    t = page.t
    price, cost = level.price_rial or 0, max(0, level.expected_customer_rial)
    width = [f"flex:0 0 {part * HUNDRED_PERCENT / highest:.2f}%" for part in (price, cost)]
    lines = (
        h.li[
            h.span[t.name_of("year_line", line.kind), " ", clause_badge(t, line.clause)],
            h.b[format_number(line.customer_rial, t.language)],
        ]
        for line in level.lines
        if line.customer_rial or line.company_rial
    )
    price_note = t("adviser.no_price") if level.price_rial is None else ""
    return h.li(class_={"highlighted": level.cheapest})[
        h.div(".heading")[
            h.b[t.name_of("level", level.level), h.small[price_note]],
            h.span[format_number(_cost(level), t.language), " ", h.small[t("word.rial")]],
        ],
        h.div(".kh-stacked-bar", aria_hidden="true")[
            h.i(".company", style=width[0]), h.i(".you", style=width[1])
        ],
        h.p(".kh-muted")[_years(page, level)],
        h.details(".kh-fold")[h.summary[t("adviser.lines")], h.ul(".kh-pairs")[lines]],
    ]


def _years(page: Page, level: AdvisedLevel) -> str:
    """Return the amounts of a low, a usual and a high year, with the price if it is known."""
    years = {"low": level.low_rial, "usual": level.usual_rial, "high": level.high_rial}
    price = level.price_rial or 0
    amounts = {name: format_number(price + value, page.t.language) for name, value in years.items()}
    return page.t("adviser.years", **amounts)


def _upgrades(page: Page, result: LevelAdviserResult) -> None:
    """Render the break-even price difference between each level and the one below it."""
    t = page.t

    def verdict(worth_it: bool | None) -> str:  # noqa: FBT001 - a value, not a mode
        return "" if worth_it is None else t("adviser.worth_it" if worth_it else "adviser.not_worth_it")

    def step(lower: str, higher: str) -> str:
        return t("adviser.upgrade", lower=t.name_of("level", lower), higher=t.name_of("level", higher))

    rows = (
        h.li[
            h.span[h.b[step(upgrade.lower, upgrade.higher)], h.small[verdict(upgrade.worth_it)]],
            h.b[rule_answer.format_field(page, "amount_rial", upgrade.break_even_rial)],
        ]
        for upgrade in result.upgrades
    )
    answer_card.subheading(t("adviser.upgrades"))
    show_html(h.p(".kh-muted")[t("adviser.upgrades_line")], h.ul(".kh-pairs")[rows])
