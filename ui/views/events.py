"""The same events under every level: a bar and a sum for each, and for each event its share or why not."""

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


def render(page: Page, found: Answer[EventsByLevelResult], own: Level | None) -> None:
    """The level with the least to pay as the headline, then every level."""
    t, rows = page.t, found.result.rows
    best = rows[0]
    same = [row.level for row in rows if row.subscriber_pays_rial == best.subscriber_pays_rial]
    label = t("events.least", levels=t("word.and").join(t.name_of("level", level) for level in same))
    answer_card.money_headline(
        page, label, best.subscriber_pays_rial, best.company_pays_rial,
        line=answer_card.toman(page, best.subscriber_pays_rial), other_name=t("word.company"),
    )  # fmt: skip
    answer_card.mobile_summary(
        page, t("events.peek"), rule_answer.format_field(page, "amount_rial", best.subscriber_pays_rial)
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
    show_html(h.ol(".kh-rank")[(_row(page, row, own=row.level is own) for row in rows)])
    _readings(page, rows)
    answer_card.steps(page, found)
    answer_card.notices(page, found.notices)
    answer_card.action_bar(page, found)
    answer_card.edition(page, "emdad", found.result.edition)


def _row(page: Page, row: LevelEvents, *, own: bool) -> h.Element:
    t = page.t
    pays, company = row.subscriber_pays_rial, row.company_pays_rial
    share = pays * HUNDRED_PERCENT / (pays + company) if pays + company else 0
    return h.li(class_={"own": own})[
        h.div(".top")[
            h.b[t.name_of("level", row.level), h.small[t("events.own")] if own else None],
            h.span[format_number(pays, t.language), " ", h.small[t("word.rial")]],
        ],
        h.div(
            ".kh-bar", role="img", aria_label=t("events.bar", share=format_percent(round(share), t.language))
        )[h.i(".you", style=f"flex:0 0 {share:.2f}%"), h.i(".company")],
        h.ul(".cells")[(_cell(page, cell) for cell in row.cells)],
    ]


def _words(page: Page, cell: LevelEventCell) -> str:
    """An event: its share and what is paid, or why it is not covered."""
    t = page.t
    if cell.share_percent is None:
        said = rule_answer.refusal_text(page, cell.reason or "")
    else:
        share = format_percent(cell.share_percent, t.language)
        said = t("events.share", share=share, rial=format_number(cell.subscriber_pays_rial, t.language))
    return t("events.cell", event=t.name_of("event", cell.event), said=said)


def _cell(page: Page, cell: LevelEventCell) -> h.Element:
    """The words of an event, with the mark of other readings and its clause."""
    marks = h.sup["*"] if cell.other_readings else None
    return h.li[
        h.span(class_={"no": cell.share_percent is None})[_words(page, cell), marks], " ",
        clause_badge(page.t, cell.clause),
    ]  # fmt: skip


def _readings(page: Page, rows: tuple[LevelEvents, ...]) -> None:
    """What the stars stand for: readings of the print under which a cell comes to something else."""
    t = page.t
    found = dict.fromkeys(name for row in rows for cell in row.cells for name in cell.other_readings)
    if found:
        lines = (h.li[t.name_of("reading", name)] for name in found)
        show_html(h.div(".kh-note")[h.b[t("events.readings")], h.ul[lines]])
