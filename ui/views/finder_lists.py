"""The reference lists of the guide page: services, phones, advice, documents, traced clauses."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from urllib.parse import urlencode

import htpy as h
import streamlit as st

from logic.core.normalisation import comparison_key
from logic.datasets.tables import clauses, editions, title
from logic.datasets.traceability import TracedClause, traced_clauses
from logic.dealers.nearest_dealers import OFFICE, places
from logic.finder.tables import card_documents, contacts, overview
from logic.tyre.tyre_refund import tyre_tables
from ui.answer import answer_card
from ui.answer.answer_card import clause_badge
from ui.frame.navigation import DEALERS, PAGE_OF_CALCULATOR
from ui.frame.page import Page, show_html
from ui.frame.url_state import language_parameter
from ui.inputs import fields
from ui.l10n.numbers import format_number, localise_digits
from ui.l10n.text import Text
from ui.views.guide import department_line


def render(page: Page) -> None:
    """Render the choice of a list, and the list."""
    t = page.t
    answer_card.heading(t("guide.more"))
    names = t.names_of("guide_list", REFERENCE_LISTS)
    with st.container(key="headline-card"):
        REFERENCE_LISTS[
            fields.choice(page, "list", [*REFERENCE_LISTS], names, style="pills", default="services")
        ](page)


def _services(page: Page) -> None:
    """Render every service of the overview; services that are not for customers come last."""
    t = page.t
    rows = sorted(overview().services.values(), key=lambda row: not row.for_customers)
    booklet = contacts()

    def phone(department: str | None) -> h.Node:
        if department is None or booklet is None:
            return h.small[t("guide.nothing_to_do")]
        row = booklet.departments[department]
        return h.a(href=f"tel:{row.dial}", dir="ltr")[localise_digits(row.phone, t.language)]

    lines = (
        h.li[
            h.span[
                h.b[t.name_of("guide_service", row.service)],
                h.small[_gist(page, row.clause), " ", clause_badge(t, row.clause)],
            ],
            phone(row.department if row.for_customers else None),
        ]
        for row in rows
    )
    show_html(h.ul(".kh-pairs")[lines])


def _gist(page: Page, clause: str) -> str:
    row = clauses()[clause]
    return row.fa if page.t.language == "fa" else row.en


def _phones(page: Page) -> None:
    """Render the departments, and the offices with their printed numbers."""
    t, booklet = page.t, contacts()
    if booklet:
        show_html(h.ul(".kh-pairs")[(department_line(page.t, row) for row in booklet.departments.values())])
    answer_card.subheading(t("guide.offices"))
    answer_card.paragraph(t("guide.old_numbers"))
    offices = (office for office in places().dealers if office.kind == OFFICE)
    show_html(
        h.ul(".kh-pairs")[
            (
                h.li[
                    h.span[
                        h.b[office.name if t.language == "fa" else office.name_en],
                        h.small(lang="fa", dir="rtl")[office.address],
                    ],
                    h.span(dir="ltr")[localise_digits(t("word.and").join(office.phones), t.language)],
                ]
                for office in offices
            )
        ]
    )
    answer_card.page_link(page, DEALERS, t("guide.on_the_map"), network="emdad")


def _advice(page: Page) -> None:
    """Render the safety advice, by moment; what to check before a trip is a checklist."""
    t, booklet = page.t, contacts()
    if booklet is None:
        return
    for (moment, kind), group in groupby(booklet.advice, key=lambda row: (row.moment, row.kind)):
        rows = [*group]
        answer_card.subheading(t.name_of("moment", moment))
        tips = [t.name_of("tip", row.tip) for row in rows]
        if kind == "check":
            boxes = (h.li[h.label[h.input(type="checkbox"), tip]] for tip in tips)
            show_html(h.ul(".kh-documents.kh-two-columns")[boxes])
        else:
            show_html(h.ul(".kh-bullets")[(h.li[tip] for tip in tips)])
        show_html(
            h.p[
                (
                    h.fragment[clause_badge(t, clause), " "]
                    for clause in dict.fromkeys(row.clause for row in rows)
                )
            ]
        )


def _documents(page: Page) -> None:
    """Render every document by event, with a search for an event or a document."""
    t = page.t
    query = comparison_key(fields.search(page, "search"))
    has_results = False
    for event, rows in groupby(all_documents(t), key=lambda row: row[0]):
        lines = [(document, when, clause) for _, document, when, clause in rows]
        if query not in comparison_key(event):
            lines = [line for line in lines if query in comparison_key(line[0])]
        if lines:
            has_results = True
            items = (
                h.li[h.span[document, " ", clause_badge(t, clause)], h.small[when]]
                for document, when, clause in lines
            )
            show_html(h.h3(".kh-h3")[event], h.ul(".kh-pairs")[items])
    if not has_results:
        show_html(h.p(".kh-empty")[t("guide.no_document")])


def all_documents(t: Text) -> Iterator[tuple[str, str, str, str]]:
    """Yield event, document, when it is needed, and clause."""
    for row in card_documents():
        event, when = t.name_of("papers", row.papers), t.name_of("needed", row.needed)
        yield event, t.name_of("document", row.document), when, row.clause
    rules = tyre_tables()
    for tyre_row in rules.documents if rules else ():
        event = t("guide.tyre_of", person=t.name_of("person", tyre_row.person))
        yield event, t.name_of("document", tyre_row.document), t.name_of("needed", "always"), tyre_row.clause


DOCUMENTS = ("emdad", "overview", "mvm_fx", "law", "bylaw", "bahman", "iran_tire")
"""The documents of the traceability register in display order; any other document follows."""


def _traceability(page: Page) -> None:
    """Render every clause of the documents: the calculators that answer it, or why none does."""
    t = page.t
    answer_card.paragraph(t("guide.coverage_lede"))
    register = traced_clauses()
    for document in sorted(register, key=lambda document: (*DOCUMENTS, document).index(document)):
        entries = register[document]
        answered = [entry for entry in entries if entry.calculators]
        counts = {"answered": len(answered), "not_answered": len(entries) - len(answered)}
        count_texts = {name: format_number(count, t.language) for name, count in counts.items()}
        rows = (h.li[h.span[_clause_label(page, entry)], _calculator_links(page, entry)] for entry in entries)
        show_html(
            h.details(".kh-fold")[
                h.summary[
                    h.b[t.name_or_id("source", document)],
                    " ",
                    h.small[t("guide.coverage_counts", **count_texts)],
                ],
                h.ul(".kh-pairs")[rows],
            ]
        )


def _clause_label(page: Page, entry: TracedClause) -> h.Node:
    """Return the clause's badge, or its number and gist if it has no id.

    The edition is named if the document has several.
    """
    t, clause = page.t, entry.clause
    if entry.id:
        return clause_badge(t, entry.id)
    several = len(editions(clause.document)) > 1
    edition = title(clause.document, clause.edition)[t.language] if several else None
    gist = clause.fa if t.language == "fa" else clause.en
    return h.fragment[h.b[answer_card.clause_name(t, clause)], h.small[edition], h.small[gist]]


def _calculator_links(page: Page, entry: TracedClause) -> h.Node:
    """Return a link to the page of each calculator, or the reason why there is none."""
    t = page.t
    if entry.reason:
        return h.small[t.name_of("not_answered", entry.reason)]
    language = language_parameter(t.language)
    links = [
        h.a(href="?".join(filter(None, [PAGE_OF_CALCULATOR[name].id, urlencode(language)])), target="_self")[
            t.name_of("calculator", name)
        ]
        for name in entry.calculators
    ]
    return h.span(".kh-links")[links]


REFERENCE_LISTS: Mapping[str, Callable[[Page], None]] = {
    "services": _services,
    "phones": _phones,
    "advice": _advice,
    "documents": _documents,
    "coverage": _traceability,
}
"""The lists in display order, by their id in the URL."""
