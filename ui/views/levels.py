"""The levels page's own pictures: the table that becomes cards on a phone, verdicts, payers."""

from collections.abc import Iterator, Mapping

import htpy as h

from logic.card.assistance_cost import AssistanceCostResult
from logic.card.level_eligibility import LevelEligibilityResult, LevelVerdict
from logic.card.tables import card_tables
from logic.comparison.compare_levels import Cell, CompareLevelsResult, services_by_group
from logic.core.answer import Answer
from logic.core.models import Level
from ui.answer.answer_card import clause_badge
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_jalali, format_number
from ui.l10n.text import Text
from ui.pdf.content import Table

STARS = {Level.ONE_STAR: 1, Level.TWO_STAR: 2, Level.THREE_STAR: 3, Level.FOUR_STAR: 4}
MARKS = {"included": ("yes", "check"), "excluded": ("no", "remove")}

Verdicts = Mapping[Level, LevelVerdict]


def render_table(
    page: Page, result: CompareLevelsResult, verdicts: Verdicts, *, only_differences: bool
) -> None:
    """The levels side by side. On a phone each service is a card; nothing is cut."""
    t, levels = page.t, [*result.rows[0].cells]
    shown = {row.service: row for row in result.rows if row.differs or not only_differences}
    order = [service for services in services_by_group().values() for service in services if service in shown]
    page.presented.tables = [
        Table(
            title=t("levels.title"),
            header=[t("levels.service"), *(t.name_of("level", each) for each in levels)],
            rows=[
                [
                    t.name_of("service_name", service),
                    *(cell_words(t, cell) for cell in shown[service].cells.values()),
                ]
                for service in order
            ],
        )
    ]
    page.presented.tables_replace_steps = True
    same = sum(not row.differs for row in result.rows) if only_differences else 0
    show_html(
        h.div(".kh-wrap")[
            h.table(class_=["kh-cmp", f"n{len(levels)}"])[
                h.thead[
                    h.tr[
                        h.th(scope="col")[t("levels.service")], (_head(t, each, verdicts) for each in levels)
                    ]
                ],
                h.tbody[_body(t, result, verdicts, only_differences=only_differences)],
            ]
        ],
        h.p(".kh-muted")[t("levels.same", count=format_number(same, t.language))] if same else None,
        h.div(".kh-legend")[
            h.span(".kh-cell.free")[t("cell.free")],
            h.span(".kh-cell.tariff")[t("cell.tariff")],
            clause_badge(t, card_tables.nearest().citations.level_table),
        ],
    )


def _head(t: Text, level: Level, verdicts: Verdicts) -> h.Element:
    off = _off(level, verdicts)
    return h.th(scope="col", class_={"off": off})[
        t.name_of("level", level),
        h.span(".kh-stars", aria_hidden="true")["★" * STARS.get(level, 0)],
        h.small[t("levels.unavailable")] if off else None,
    ]


def _body(
    t: Text, result: CompareLevelsResult, verdicts: Verdicts, *, only_differences: bool
) -> Iterator[h.Element]:
    rows = {row.service: row for row in result.rows if row.differs or not only_differences}
    for group, services in services_by_group().items():
        shown = [rows[service] for service in services if service in rows]
        if shown:
            width = len(shown[0].cells) + 1
            yield h.tr(".grp")[h.th(colspan=str(width), scope="rowgroup")[t.name_of("service_group", group)]]
        for row in shown:
            yield h.tr[
                h.th(scope="row")[t.name_of("service_name", row.service)],
                (
                    h.td(class_={"off": _off(level, verdicts)}, data_l=_named(t, level, verdicts))[
                        cell_of(t, cell)
                    ]
                    for level, cell in row.cells.items()
                ),
            ]


def _named(t: Text, level: Level, verdicts: Verdicts) -> str:
    """The level's name in a phone's card, with the word that the greyed column carries in its head."""
    name = t.name_of("level", level)
    return f"{name} ({t('levels.unavailable')})" if _off(level, verdicts) else name


def _off(level: Level, verdicts: Verdicts) -> bool:
    return level in verdicts and not verdicts[level].eligible


def cell_words(t: Text, cell: Cell) -> str:
    """What a cell says."""
    return t(f"cell.{cell.kind}", value=format_number(cell.value or 0, t.language))


def cell_of(t: Text, cell: Cell) -> h.Element:
    """A typed cell: a tick, a dash, or a word in the colour of who pays; always a word to be heard."""
    said = cell_words(t, cell)
    if cell.kind in MARKS:
        look, mark = MARKS[cell.kind]
        return h.span(class_=["kh-cell", look])[
            h.span(".kh-icon", aria_hidden="true")[mark], h.span(".kh-visually-hidden")[said]
        ]
    return h.span(class_=["kh-cell", cell.kind if cell.value is None else "limit"])[said]


def from_level(t: Text, level: Level) -> str:
    """From which level something is free; nothing lies above the top one."""
    top = level is Level.FOUR_STAR
    return t("service.needs_top" if top else "service.needs", level=t.name_of("level", level))


def upgrades(page: Page, result: CompareLevelsResult) -> None:
    """What each step up brings, service by service, before and after."""
    t, rows = page.t, {row.service: row for row in result.rows}
    order = [service for services in services_by_group().values() for service in services]

    def change(service: str, lower: Level, higher: Level) -> h.Element:
        cells = rows[service].cells
        arrow = h.span(".kh-arrow")[h.span(".kh-visually-hidden")[t("levels.becomes_arrow")]]
        return h.li[
            t.name_of("service_name", service),
            ": ",
            cell_of(t, cells[lower]),
            " ",
            arrow,
            " ",
            cell_of(t, cells[higher]),
        ]

    steps = (
        h.section(".kh-step")[
            h.h3(".kh-h3")[
                t(
                    "levels.upgrade",
                    lower=t.name_of("level", step.lower),
                    higher=t.name_of("level", step.higher),
                )
            ],
            h.ul(".kh-plain")[
                [change(each, step.lower, step.higher) for each in order if each in step.services]
                or h.li[t("levels.upgrade_none")]
            ],
        ]
        for step in result.upgrades
    )
    show_html(h.h2(".kh-h2")[t("levels.upgrades")], h.div(".kh-steps-up")[steps])


def eligibility(page: Page, result: LevelEligibilityResult, *, dated: bool) -> None:
    """Which levels the car can have, until when (if its date is known), and why not."""
    t = page.t

    def said(verdict: LevelVerdict) -> str:
        if verdict.reason:
            return t.name_of("eligibility_reason", verdict.reason)
        if dated and verdict.last_day:
            return t("levels.eligible_until", day=format_jalali(verdict.last_day, t.language, long=True))
        return t("levels.eligible")

    rows = (
        h.tr(class_={"off": not verdict.eligible})[
            h.th(scope="row")[t.name_of("level", verdict.level)],
            h.td[said(verdict), " ", clause_badge(t, verdict.clause)],
        ]
        for verdict in result.levels
    )
    show_html(h.div(".kh-items.kh-wide")[h.table[h.tbody[rows]]])


def conversion(page: Page, found: Answer[LevelEligibilityResult]) -> None:
    """What working use makes of the present card."""
    t, become = page.t, found.result.conversion
    step = next((step for step in found.steps if step.key in ("converted", "voided")), None)
    if become is None or step is None:
        return
    new = (
        t("levels.voided")
        if become.voided
        else t("levels.becomes", level=t.name_of("level", become.new_level or ""))
    )
    current = t.name_of("level", str(step.inputs["from"]))
    show_html(
        h.section(".kh-answer.kh-refusal.kh-alone")[
            h.h2[t("levels.conversion_title")],
            h.div(".kh-why")[current, " ", new, " ", clause_badge(t, step.clause)],
            h.p(".kh-sub")[t("levels.nothing_refunded")],
        ]
    )


def payers(page: Page, found: Mapping[Level, Answer[AssistanceCostResult]]) -> None:
    """Who pays for a piece of help under each level, with the reason and the clause."""
    t = page.t

    def row(level: Level, each: Answer[AssistanceCostResult]) -> h.Element:
        payer, reason = each.result.payer, each.result.reason
        look = "tariff" if payer in ("tariff", "customer", None) else "free"
        return h.tr[
            h.th(scope="row")[t.name_of("level", level)],
            h.td[h.span(class_=["kh-cell", look])[t.name_of("payer", payer) if payer else ""]],
            h.td(".need")[
                t.name_of("assistance_reason", reason) if reason else "",
                " ",
                clause_badge(t, each.steps[-1].clause),
            ],
        ]

    rows = (row(level, each) for level, each in found.items())
    show_html(h.div(".kh-items.kh-wide")[h.table[h.tbody[rows]]])
