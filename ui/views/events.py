"""Rendering of the same events under every level: totals, bars, and the share of each event."""

import htpy as h

from logic.comparison.events_by_level import EventsByLevelResult, LevelEventCell, LevelEvents
from logic.core.answer import Answer
from logic.core.models import Level
from logic.core.rounding import HUNDRED_PERCENT
from ui.answer import answer_card, rule_answer
from ui.answer.answer_card import clause_badge
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_number, format_percent
from ui.pdf.content import Table


def render(page: Page, answer: Answer[EventsByLevelResult], own: Level | None) -> None:
    """Render the cheapest level as the headline, then every level."""
    t, rows = page.t, answer.result.rows
    cheapest = rows[0]
    cheapest_levels = [row.level for row in rows if row.subscriber_pays_rial == cheapest.subscriber_pays_rial]
    label = t(
        "events.least", levels=t("word.and").join(t.name_of("level", level) for level in cheapest_levels)
    )
    answer_card.money_headline(
        page, label, cheapest.subscriber_pays_rial, cheapest.company_pays_rial,
        line=answer_card.toman(page, cheapest.subscriber_pays_rial), other_name=t("word.company"),
    )  # fmt: skip
    answer_card.mobile_summary(
        page, t("events.peek"), rule_answer.format_field(page, "amount_rial", cheapest.subscriber_pays_rial)
    )
    page.presented.tables = [
        Table(
            t("events.every_level"),
            [
                [
                    t.name_of("level", row.level),
                    t("word.and").join(_words(page, cell) for cell in row.cells),
                    rule_answer.format_field(page, "amount_rial", row.subscriber_pays_rial),
                ]
                for row in rows
            ],
        )
    ]
    answer_card.subheading(t("events.every_level"))
    show_html(h.ol(".kh-ranking")[(_row(page, row, own=row.level is own) for row in rows)])
    _readings(page, rows)
    answer_card.steps(page, answer)
    answer_card.notices(page, answer.notices)
    answer_card.action_bar(page, answer)
    answer_card.edition(page, "emdad", answer.result.edition)


def _row(page: Page, row: LevelEvents, *, own: bool) -> h.Element:
    t = page.t
    pays, company = row.subscriber_pays_rial, row.company_pays_rial
    share = pays * HUNDRED_PERCENT / (pays + company) if pays + company else 0
    return h.li(class_={"highlighted": own})[
        h.div(".heading")[
            h.b[t.name_of("level", row.level), h.small[t("events.own")] if own else None],
            h.span[format_number(pays, t.language), " ", h.small[t("word.rial")]],
        ],
        h.div(
            ".kh-stacked-bar",
            role="img",
            aria_label=t("events.bar", share=format_percent(round(share), t.language)),
        )[h.i(".you", style=f"flex:0 0 {share:.2f}%"), h.i(".company")],
        h.ul(".cells")[(_cell(page, cell) for cell in row.cells)],
    ]


def _words(page: Page, cell: LevelEventCell) -> str:
    """Return the text of an event: its share and amount, or why it is not covered."""
    t = page.t
    if cell.share_percent is None:
        text = rule_answer.refusal_text(page, cell.reason or "")
    else:
        share = format_percent(cell.share_percent, t.language)
        text = t("events.share", share=share, rial=format_number(cell.subscriber_pays_rial, t.language))
    return t("events.cell", event=t.name_of("event", cell.event), said=text)


def _cell(page: Page, cell: LevelEventCell) -> h.Element:
    """Return an event with its clause; an asterisk marks that another reading changes it."""
    marks = h.sup["*"] if cell.other_readings else None
    return h.li[
        h.span(class_={"no": cell.share_percent is None})[_words(page, cell), marks], " ",
        clause_badge(page.t, cell.clause),
    ]  # fmt: skip


def _readings(page: Page, rows: tuple[LevelEvents, ...]) -> None:
    """Render the note to the asterisks: the readings that change a cell."""
    t = page.t
    readings = dict.fromkeys(name for row in rows for cell in row.cells for name in cell.other_readings)
    if readings:
        lines = (h.li[t.name_of("reading", name)] for name in readings)
        show_html(h.div(".kh-note")[h.b[t("events.readings")], h.ul[lines]])
