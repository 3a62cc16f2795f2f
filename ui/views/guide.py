"""Rendering of a situation of the guide: the service, its cards, documents, phone and calculator."""

from urllib.parse import parse_qsl

import htpy as h

from logic.comparison.compare_levels import Cell, CompareLevelsRequest, compare_levels
from logic.core.models import Level
from logic.datasets.tables import clauses
from logic.finder.tables import DepartmentRow, SituationRow, card_documents, contacts
from ui.answer import answer_card
from ui.answer.answer_card import clause_badge
from ui.frame.navigation import PAGES
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_number, localise_digits
from ui.l10n.text import Text

BY_ID = {entry.id: entry for entry in PAGES}


def render(page: Page, row: SituationRow, level: Level | None) -> None:
    """Render the answer to a situation."""
    t = page.t
    name, clause = t.name_of("guide_service", row.service), clauses()[row.clause]
    answer_card.headline(page, t("guide.service_is"), name, line=t.name_of("who", row.service))
    answer_card.mobile_summary(page, t("guide.service_is"), name)
    gist = clause.fa if t.language == "fa" else clause.en
    show_html(h.p(".kh-paragraph")[gist, " ", clause_badge(t, row.clause)])
    if row.card_service:
        _cards(page, row.card_service, level)
    if row.department:
        answer_card.subheading(t("guide.call"))
        render_department(page, row.department)
    if row.bring:
        _bring(page, row.bring)
    if row.page:
        answer_card.subheading(t("guide.work_it_out"))
        entry = BY_ID[row.page]
        answer_card.page_link(page, entry, t(f"{entry.id}.title"), **dict(parse_qsl(row.link)))
    answer_card.action_bar(page)


def _cards(page: Page, service: str, level: Level | None) -> None:
    """Render which cards include the service, by the level table."""
    t, answer = page.t, compare_levels(CompareLevelsRequest())
    row = next((row for row in answer.result.rows if row.service == service), None)
    if row is None:
        return
    cells = row.cells if level is None else {level: row.cells[level]}
    answer_card.subheading(t("guide.by_card", service=t.name_of("service_name", service)))
    lines = (
        h.li[h.span[t.name_of("level", id_), " "], h.b[_cell(page, cell)]] for id_, cell in cells.items()
    )
    clause = next(step.clause for step in answer.steps if step.inputs["service"] == service)
    show_html(h.ul(".kh-pairs")[lines], clause_badge(t, clause))


def _cell(page: Page, cell: Cell) -> str:
    value = format_number(cell.value, page.t.language) if cell.value is not None else ""
    return page.t(f"cell.{cell.kind}", value=value)


def _bring(page: Page, bring: str) -> None:
    """Render the documents of an event, or a line of text where the booklet lists none."""
    t = page.t
    document_ids = [row.document for row in card_documents() if row.papers == bring]
    if document_ids:
        answer_card.documents(page, dict.fromkeys(document_ids), "")
        answer_card.paragraph(t("guide.more_documents"))
    elif t.has_name("bring", bring):
        answer_card.subheading(t("answer.documents"))
        answer_card.paragraph(t.name_of("bring", bring))


def render_department(page: Page, department: str) -> None:
    """Render a department with its phone number as a link."""
    booklet = contacts()
    if booklet:
        show_html(h.ul(".kh-pairs")[department_line(page.t, booklet.departments[department])])


def department_line(t: Text, row: DepartmentRow) -> h.Element:
    """Return a department with its phone number and clause."""
    phone = localise_digits(row.phone, t.language)
    return h.li[
        h.span[t.name_of("department", row.department), " ", clause_badge(t, row.clause)],
        h.a(href=f"tel:{row.dial}", dir="ltr")[phone],
    ]
