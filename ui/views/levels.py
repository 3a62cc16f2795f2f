"""Rendering of the levels page: the comparison table, upgrades, eligibility and payers."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import htpy as h
import pandas as pd

from logic.card.assistance_cost import AssistanceCostResult
from logic.card.level_eligibility import LevelEligibilityResult, LevelVerdict
from logic.card.tables import card_tables
from logic.comparison.compare_levels import Cell, CompareLevelsResult, services_by_group
from logic.core.answer import Answer
from logic.core.models import Level
from ui.answer.answer_card import clause_badge
from ui.answer.table_export import download_buttons
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_jalali, format_number
from ui.l10n.text import Text
from ui.pdf.content import Table

STARS = {Level.ONE_STAR: 1, Level.TWO_STAR: 2, Level.THREE_STAR: 3, Level.FOUR_STAR: 4}
MARKS = {"included": ("yes", "check"), "excluded": ("no", "remove")}

Verdicts = Mapping[Level, LevelVerdict]


def comparison_table(result: CompareLevelsResult) -> pd.DataFrame:
    """Return the cells: a row for each group and service, a column for each level."""
    cells = {row.service: [*row.cells.values()] for row in result.rows}
    ids = [(group, service) for group, services in services_by_group().items() for service in services]
    index = pd.MultiIndex.from_tuples([pair for pair in ids if pair[1] in cells], names=["group", "service"])
    return pd.DataFrame([cells[service] for _, service in index], index, [*result.rows[0].cells])


def text_table(t: Text, table: pd.DataFrame) -> pd.DataFrame:
    """Return a comparison in words, with the names of the services as its first column."""
    texts = table.map(lambda cell: cell_text(t, cell)).rename(columns=t.names_of("level", table.columns))
    services = [t.name_of("service_name", service) for service in table.index.get_level_values("service")]
    texts.insert(0, t("levels.service"), services)
    return texts


def render_table(
    page: Page, result: CompareLevelsResult, verdicts: Verdicts, *, only_differences: bool
) -> None:
    """Render the levels side by side; on a phone each service is a card."""
    t, table = page.t, comparison_table(result)
    differing = [row.service for row in result.rows if row.differs]
    shown = table[table.index.isin(differing, level="service")] if only_differences else table
    texts = text_table(t, shown)
    page.presented.tables = [Table(t("levels.title"), texts.to_numpy().tolist(), [*texts.columns])]
    page.presented.tables_replace_steps = True
    hidden_rows = len(table) - len(shown)
    levels = [Level(level) for level in table.columns]
    show_html(
        h.div(".kh-scroll-container")[
            h.table(class_=["kh-comparison", f"columns-{len(levels)}"])[
                h.thead[
                    h.tr[
                        h.th(scope="col")[t("levels.service")],
                        (_head(t, level, verdicts) for level in levels),
                    ]
                ],
                h.tbody[_body(t, shown, levels, verdicts)],
            ]
        ],
        h.p(".kh-muted")[t("levels.same", count=format_number(hidden_rows, t.language))]
        if hidden_rows
        else None,
        h.div(".kh-legend")[
            h.span(".kh-cell.free")[t("cell.free")],
            h.span(".kh-cell.tariff")[t("cell.tariff")],
            clause_badge(t, card_tables.nearest().citations.level_table),
        ],
    )
    download_buttons(page, "table", "khodroyar-levels", lambda: {t("levels.title"): texts})


def _head(t: Text, level: Level, verdicts: Verdicts) -> h.Element:
    unavailable = _is_unavailable(level, verdicts)
    return h.th(scope="col", class_={"unavailable": unavailable})[
        t.name_of("level", level),
        h.span(".kh-stars", aria_hidden="true")["★" * STARS.get(level, 0)],
        h.small[t("levels.unavailable")] if unavailable else None,
    ]


def _body(t: Text, table: pd.DataFrame, levels: Sequence[Level], verdicts: Verdicts) -> Iterator[h.Element]:
    for group, rows in groupby(table.itertuples(name=None), key=lambda row: row[0][0]):
        yield h.tr(".group")[
            h.th(colspan=str(len(levels) + 1), scope="rowgroup")[t.name_of("service_group", group)]
        ]
        for (_, service), *cells in rows:
            yield h.tr[
                h.th(scope="row")[t.name_of("service_name", service)],
                (
                    h.td(
                        class_={"unavailable": _is_unavailable(level, verdicts)},
                        data_label=_level_name(t, level, verdicts),
                    )[cell_element(t, cell)]
                    for level, cell in zip(levels, cells, strict=True)
                ),
            ]


def _level_name(t: Text, level: Level, verdicts: Verdicts) -> str:
    """Return the label of a level on a phone's card; the table shows "unavailable" in the column head."""
    name = t.name_of("level", level)
    return f"{name} ({t('levels.unavailable')})" if _is_unavailable(level, verdicts) else name


def _is_unavailable(level: Level, verdicts: Verdicts) -> bool:
    return level in verdicts and not verdicts[level].eligible


def cell_text(t: Text, cell: Cell) -> str:
    """Return the text of a cell."""
    return t(f"cell.{cell.kind}", value=format_number(cell.value or 0, t.language))


def cell_element(t: Text, cell: Cell) -> h.Element:
    """Return a cell as a mark or a coloured word; marks have a text for screen readers."""
    text = cell_text(t, cell)
    if cell.kind in MARKS:
        css_class, mark = MARKS[cell.kind]
        return h.span(class_=["kh-cell", css_class])[
            h.span(".kh-icon", aria_hidden="true")[mark], h.span(".kh-visually-hidden")[text]
        ]
    return h.span(class_=["kh-cell", cell.kind if cell.value is None else "limit"])[text]


def from_level(t: Text, level: Level) -> str:
    """Return a text for the lowest level that includes an item; the top level has its own text."""
    top = level is Level.FOUR_STAR
    return t("service.needs_top" if top else "service.needs", level=t.name_of("level", level))


def render_upgrades(page: Page, result: CompareLevelsResult) -> None:
    """Render what each upgrade changes, service by service."""
    t, rows = page.t, {row.service: row for row in result.rows}
    order = [service for services in services_by_group().values() for service in services]

    def change(service: str, lower: Level, higher: Level) -> h.Element:
        cells = rows[service].cells
        arrow = h.span(".kh-arrow")[h.span(".kh-visually-hidden")[t("levels.becomes_arrow")]]
        return h.li[
            t.name_of("service_name", service),
            ": ",
            cell_element(t, cells[lower]),
            " ",
            arrow,
            " ",
            cell_element(t, cells[higher]),
        ]

    steps = (
        h.section(".kh-upgrade")[
            h.h3(".kh-h3")[
                t(
                    "levels.upgrade",
                    lower=t.name_of("level", step.lower),
                    higher=t.name_of("level", step.higher),
                )
            ],
            h.ul(".kh-bullets")[
                [change(service, step.lower, step.higher) for service in order if service in step.services]
                or h.li[t("levels.upgrade_none")]
            ],
        ]
        for step in result.upgrades
    )
    show_html(h.h2(".kh-h2")[t("levels.upgrades")], h.div(".kh-upgrades")[steps])


def render_eligibility(page: Page, result: LevelEligibilityResult, *, dated: bool) -> None:
    """Render which levels the car can have, until when if ``dated``, or why not."""
    t = page.t

    def verdict_text(verdict: LevelVerdict) -> str:
        if verdict.reason:
            return t.name_of("eligibility_reason", verdict.reason)
        if dated and verdict.last_day:
            return t("levels.eligible_until", day=format_jalali(verdict.last_day, t.language, long=True))
        return t("levels.eligible")

    rows = (
        h.tr(class_={"unavailable": not verdict.eligible})[
            h.th(scope="row")[t.name_of("level", verdict.level)],
            h.td[verdict_text(verdict), " ", clause_badge(t, verdict.clause)],
        ]
        for verdict in result.levels
    )
    show_html(h.div(".kh-items.kh-start-aligned")[h.table[h.tbody[rows]]])


def render_conversion(page: Page, answer: Answer[LevelEligibilityResult]) -> None:
    """Render what working use makes of the current card."""
    t, change = page.t, answer.result.conversion
    step = next((step for step in answer.steps if step.key in ("converted", "voided")), None)
    if change is None or step is None:
        return
    new_card = (
        t("levels.voided")
        if change.voided
        else t("levels.becomes", level=t.name_of("level", change.new_level or ""))
    )
    current_card = t.name_of("level", str(step.inputs["from"]))
    show_html(
        h.section(".kh-answer.kh-refusal.kh-standalone")[
            h.h2[t("levels.conversion_title")],
            h.div(".kh-reason")[current_card, " ", new_card, " ", clause_badge(t, step.clause)],
            h.p(".kh-answer-subtitle")[t("levels.nothing_refunded")],
        ]
    )


def render_payers(page: Page, answers: Mapping[Level, Answer[AssistanceCostResult]]) -> None:
    """Render who pays for a kind of assistance under each level, with the reason and the clause."""
    t = page.t

    def row(level: Level, answer: Answer[AssistanceCostResult]) -> h.Element:
        payer, reason = answer.result.payer, answer.result.reason
        css_class = "tariff" if payer in ("tariff", "customer", None) else "free"
        return h.tr[
            h.th(scope="row")[t.name_of("level", level)],
            h.td[h.span(class_=["kh-cell", css_class])[t.name_of("payer", payer) if payer else ""]],
            h.td(".item-note")[
                t.name_of("assistance_reason", reason) if reason else "",
                " ",
                clause_badge(t, answer.steps[-1].clause),
            ],
        ]

    rows = (row(level, answer) for level, answer in answers.items())
    show_html(h.div(".kh-items.kh-start-aligned")[h.table[h.tbody[rows]]])
