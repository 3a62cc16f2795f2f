"""The answer card: the figure, who pays what, the steps with their clauses, other readings, documents.

Figures and tables are rendered as HTML: fast, semantic, in the page's direction. htpy escapes all texts.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import htpy as h
import streamlit as st
from markupsafe import Markup

from logic.core.answer import Alternative, Answer, Notice, Step, Value
from logic.core.codes import encode
from logic.core.models import Request
from logic.core.registry import calculator_name
from logic.core.rounding import HUNDRED_PERCENT
from logic.core.settings import settings
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import Clause, clauses, title
from ui.assets import PDF_FONTS, is_fetched
from ui.frame import faults
from ui.frame.navigation import PageEntry
from ui.frame.page import Page, show_html
from ui.frame.url_state import language_parameter
from ui.inputs.fields import InputState
from ui.l10n.dates import today
from ui.l10n.numbers import format_jalali, format_number, format_percent, format_rial, format_toman_in_words
from ui.l10n.text import Text
from ui.pdf.content import Line, PresentedAnswer, PrintableAnswer, problem_report
from ui.pdf.printing import print_pdf

RequestType = TypeVar("RequestType")
LABEL_KINDS = {
    "level": "level",
    "from": "level",
    "converted": "level",
    "event": "event",
    "kind": "kind",
    "service": "service_name",
    "item": "item",
    "use": "car_use",
    "cause": "cause",
    "exclusion": "exclusion",
    "table": "table_name",
    "table_cell": "cell",
    "why": "why",
    "ground": "ground",
    "method": "method",
    "rule": "deadline_rule",
    "vehicle_class": "vehicle_class",
    "warranty_event": "warranty_event",
    "warranty_status": "warranty_word",
    "line": "year_line",
}
"""The kind of label of an id, by the name of a step's input or by the key of a step whose value it is."""
FALLBACK_LABEL_KINDS = ("payer", "tyre_kind", "warranty_word")
LAW_DOCUMENTS = ("law", "bylaw")
"""Documents whose clauses are called articles and their notes."""


# ---------------------------------------------------------------------------------------------- texts
def format_value(t: Text, name: str, value: Value) -> str:
    """Format a value of a step or notice in the page's language."""
    match value:
        case None:
            return ""
        case bool():
            return t("word.yes" if value else "word.no")
        case dt.date():
            return format_jalali(value, t.language)
        case int() | Decimal():
            return format_number(value, t.language)
        case str():
            kinds = (LABEL_KINDS.get(name, ""), *FALLBACK_LABEL_KINDS)
            return next((t.name_of(kind, value) for kind in kinds if t.has_name(kind, value)), value)


def clause_name(t: Text, clause: Clause) -> str:
    """Return the name of a clause: its part, and its table, annex, article or note."""
    names = []
    if clause.part and (clause.part != "3" or not clause.article):
        names.append(t("clause.part", part=_numeral(t, clause.part)))
    for kind in ("table", "annex", "article", "note"):
        value = getattr(clause, kind)
        if value:
            key = f"law_{kind}" if clause.document in LAW_DOCUMENTS and kind in ("article", "note") else kind
            names.append(t(f"clause.{key}", **{key: _numeral(t, value)}))
    if clause.place:
        names.append(t(f"clause.{clause.place}"))
    return t("clause.separator").join(names)


def _numeral(t: Text, value: str) -> str:
    """Return a clause's number with its digits in the page's language."""
    return "".join(format_number(int(char), t.language) if char.isdecimal() else char for char in value)


@cached_per_dataset
def clause_badge(t: Text, clause_id: str) -> Markup:
    """Return the badge next to a figure: the name of its clause, which opens a summary of the clause.

    It is plain HTML, so that opening it needs no run; ``browser.js`` positions the opened panel.
    """
    clause = clauses()[clause_id]
    source = [title(clause.document, clause.edition)[t.language]]
    if clause.page:
        source.append(t("clause.page", page=format_number(clause.page, t.language)))
    if clause.printed:
        source.append(t("clause.printed", printed=_numeral(t, clause.printed)))
    summary = clause.fa if t.language == "fa" else clause.en
    name = clause_name(t, clause)
    panel = h.div(".kh-clause")[h.b[name], h.span[summary], h.small[t("clause.separator").join(source)]]
    return Markup(h.details(".kh-clause-badge")[h.summary(".kh-chip")[name], panel])  # noqa: S704 - htpy has escaped it


def toman(page: Page, rials: int) -> str:
    """Return an amount of rials as tomans in words."""
    return format_toman_in_words(rials, page.t.language)


# ---------------------------------------------------------------------------------------------- headline
def headline(
    page: Page,
    label: str,
    figure: str,
    unit: str = "",
    line: str = "",
    *,
    share: Decimal | int | None = None,
    detail: h.Node = None,
) -> None:
    """Show the figure of an answer with its label; ``share`` is the customer's percentage of the bar."""
    page.presented = PresentedAnswer(label, figure, unit, line, share=None if share is None else float(share))
    show_html(
        h.section(".kh-answer")[
            h.h2[label],
            h.p(".kh-answer-figure")[h.b[figure], " ", h.span[unit]],
            h.p(".kh-answer-subtitle")[line],
            None if share is None else share_bar(share),
            detail,
        ]
    )


def share_bar(share: Decimal | int) -> h.Element:
    """Return the bar between two payers: saffron for the customer, petrol for the company."""
    return h.div(".kh-stacked-bar", aria_hidden="true")[
        h.i(".you", style=f"flex:0 0 {share}%"), h.i(".company")
    ]


def money_headline(page: Page, label: str, pays: int, other: int, *, line: str, other_name: str) -> None:
    """Show an amount in rials that two payers split, with a bar and their percentages.

    ``pays`` is the customer's amount in rials, ``other`` that of the payer ``other_name``. The percentages
    are rounded to one decimal.
    """
    t, total = page.t, pays + other
    share = Decimal(pays * HUNDRED_PERCENT) / total if total else Decimal(0)
    rounded_share = share.quantize(Decimal("0.1"))
    if rounded_share == rounded_share.to_integral_value():
        rounded_share = rounded_share.quantize(Decimal(1))

    def payer(css_class: str, name: str, percent: Decimal, amount: int) -> h.Element:
        percent_text = h.small[format_percent(percent, t.language)]
        return h.div(class_=css_class)[h.dt[name, " ", percent_text], h.dd[format_number(amount, t.language)]]

    split = h.dl(".kh-split")[
        payer("you", t("word.you"), rounded_share, pays),
        payer("company", other_name, HUNDRED_PERCENT - rounded_share, other),
    ]
    headline(page, label, format_number(pays, t.language), t("word.rial"), line, share=share, detail=split)
    page.presented.payers = [
        (t("word.you"), format_rial(pays, t.language)),
        (other_name, format_rial(other, t.language)),
    ]


def refusal(page: Page, label: str, reason: str, clause: str, line: str = "") -> None:
    """Show a refusal, with its reason and clause, in place of a figure."""
    page.presented = PresentedAnswer(label, reason, line=line)
    show_html(
        h.section(".kh-answer.kh-refusal")[
            h.h2[label],
            h.div(".kh-reason")[reason, " ", clause_badge(page.t, clause)],
            h.p(".kh-answer-subtitle")[line],
        ]
    )


def pending(page: Page, missing: InputState, hint: str) -> None:
    """Show in place of an answer that an input is invalid, or ``hint`` if one is missing."""
    text = page.t("answer.unreadable") if missing is InputState.INVALID else hint
    show_html(h.p(".kh-empty")[text])


def render_or_pending(
    page: Page,
    request: RequestType | InputState,
    render: Callable[[RequestType], None],
    hint: str | None = None,
) -> None:
    """Render the answer to a request, or show what is missing for one."""
    if isinstance(request, InputState):
        pending(page, request, page.t("answer.waiting") if hint is None else hint)
    else:
        render(request)


def mobile_summary(page: Page, label: str, figure: str) -> None:
    """Keep the figure visible on a phone while the inputs are on screen and the answer card is not."""
    if page.mobile_slot:
        with page.mobile_slot:
            show_html(h.div(".kh-mobile-summary", aria_hidden="true")[h.span[label], h.b[figure]])


# ---------------------------------------------------------------------------------------------- details
def alternatives(
    page: Page, items: Iterable[Alternative], summarise: Callable[[Mapping[str, Any]], str]
) -> None:
    """Show each other reading: its result, as summarised by the caller, its explanation and its clause."""
    t = page.t
    for alternative in items:
        summary = t("answer.other_reading", said=summarise(alternative.result))
        page.presented.readings.append((alternative, summary))
        badge = clause_badge(t, alternative.clause)
        show_html(
            h.div(".kh-note")[h.b[summary], h.div[t.name_of("reading", alternative.reading), " ", badge]]
        )


def steps(page: Page, answer: Answer[Any], name: str = "") -> None:
    """Show the steps of an answer in an expander, each with its clause."""
    t = page.t
    with st.expander(t("answer.why"), key=page.key(f"why{name}")):
        show_html(h.ol(".kh-steps")[(_step(t, step) for step in answer.steps)])


def _step(t: Text, step: Step) -> h.Element:
    text, value = step_text(t, step)
    return h.li[h.span[text, " ", clause_badge(t, step.clause)], h.b[value]]


def step_text(t: Text, step: Step) -> tuple[str, str]:
    """Return the text of a step and its value."""
    value = format_value(t, step.key, step.value)
    if step.unit:
        value = t(f"unit.{step.unit}", value=value)
    if t.has_name("step_value", step.key):
        value = t(f"step_value.{step.key}", value=value)
    inputs = {name: format_value(t, name, input_value) for name, input_value in step.inputs.items()}
    return t(f"step.{step.key}", **inputs), value


def notices(page: Page, items: Iterable[Notice]) -> None:
    """Show notices, warnings first."""
    t = page.t
    lines = [
        h.li(class_=notice.severity)[
            notice_text(t, notice),
            " ",
            clause_badge(t, notice.clause),
        ]
        for notice in warnings_first(items)
    ]
    if lines:
        show_html(h.section(".kh-notices")[h.h3(".kh-h3")[t("answer.confirm")], h.ul(".kh-bullets")[lines]])


def notice_text(t: Text, notice: Notice) -> str:
    """Return the text of a notice."""
    return t(
        f"notice.{notice.key}",
        **{name: format_value(t, name, value) for name, value in notice.params.items()},
    )


def warnings_first(items: Iterable[Notice]) -> list[Notice]:
    """Sort notices so that warnings come first."""
    return sorted(items, key=lambda notice: notice.severity != "warning")


def documents(page: Page, ids: Iterable[str], empty: str) -> None:
    """Show the documents to bring as a checklist, whose state stays in the browser; ``empty`` if none."""
    t = page.t
    names = [t.name_of("document", id_) for id_ in ids]
    page.presented.documents = names
    checkboxes = (h.li[h.label[h.input(type="checkbox"), name]] for name in names)
    show_html(
        h.h3(".kh-h3")[t("answer.documents")],
        h.ul(".kh-documents")[checkboxes] if names else h.p(".kh-muted")[empty],
    )


answer_listeners: list[Callable[[str], None]] = []
"""Called with the name of the calculator whenever an answer is shown."""


def action_bar(page: Page, answer: Answer[Any] | None = None, *, secondary: bool = False) -> None:
    """Show the buttons below an answer: copy the link, print, download the PDF, copy a problem report.

    ``secondary``: the buttons for the link and for printing are at another answer of the page.
    """
    t = page.t
    page_buttons = h.div(".kh-actions")[
        button("link", t("answer.copy_link"), "copy-link", message=t("answer.copied_link"), primary=True),
        button("print", t("answer.print"), "print"),
    ]
    request = answer.request if answer else None
    if answer is None or not isinstance(request, Request):
        show_html(page_buttons)
        return
    base_url = settings().base_url
    name, link = calculator_name(request), page.permalink(str(base_url) if base_url else st.context.url)
    for listener in answer_listeners:
        listener(name)
    printable = printable_answer(page, answer, request, link)
    report = problem_report(t, answer, request, link, printable.labels["editions"])
    report_button = button(
        "flag", t("sheet.wrong"), "copy", text=report, message=t("sheet.wrong_copied"), style="quiet"
    )
    with st.container(horizontal=True, key=page.key(f"actions-{name}"), vertical_alignment="center"):
        if not secondary:
            show_html(page_buttons)
        st.download_button(
            t("sheet.pdf"),
            page.download(lambda: print_pdf(printable)),  # made only when it is downloaded
            file_name=f"khodroyar-{name}.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            key=page.key(f"pdf-{name}"),
            on_click="ignore",
        )
        show_html(h.div(".kh-actions")[report_button])
    if not is_fetched(*PDF_FONTS.values()):
        show_html(h.p(".kh-muted")[t("sheet.substitute_font", command="make assets")])


def printable_answer(page: Page, answer: Answer[Any], request: Request, link: str) -> PrintableAnswer:
    """Return the content of the PDF of an answer."""
    t = page.t

    def name(clause_id: str) -> str:
        return clause_name(t, clauses()[clause_id])

    readings = [
        (alternative, summary)
        for alternative, summary in page.presented.readings
        if alternative in answer.alternatives
    ]
    clause_ids = [step.clause for step in answer.steps] + [notice.clause for notice in answer.notices]
    clause_ids += [alternative.clause for alternative in answer.alternatives]
    cited = (clauses()[clause_id] for clause_id in clause_ids)
    sources = dict.fromkeys((clause.document, clause.edition) for clause in cited)
    editions = t("clause.separator").join(title(*source)[t.language] for source in sources)
    labels = {
        "app": t("app.name"),
        "created": t("sheet.made", day=format_jalali(today(), t.language, long=True)),
        "inputs": t("sheet.asked"),
        "steps": t("sheet.working"),
        "documents": t("answer.documents"),
        "confirm": t("answer.confirm"),
        "scan": t("sheet.scan"),
        "code": t("sheet.code"),
        "reproduce": t("sheet.reproduce"),
        "editions": t("sheet.editions", editions=editions),
        "basis": t("app.basis"),
    }
    return PrintableAnswer(
        language=t.language,
        title=t(f"{page.id}.title"),
        input_summary=list(page.input_summary),
        presented=page.presented,
        steps=[
            Line(text, name(step.clause), value)
            for step in answer.steps
            for text, value in [step_text(t, step)]
        ],
        readings=[
            Line(t.name_of("reading", alternative.reading), name(alternative.clause), summary)
            for alternative, summary in readings
        ],
        notices=[
            Line(notice_text(t, notice), name(notice.clause)) for notice in warnings_first(answer.notices)
        ],
        code=encode(request),
        link=link,
        labels=labels,
        omitted_text=lambda count: t("sheet.cut", count=format_number(count, t.language)),
    )


def button(
    icon: str,
    label: str,
    action: str,
    *,
    text: str = "",
    message: str = "",
    primary: bool = False,
    style: str = "",
) -> h.Element:
    """Return a button that ``browser.js`` handles: ``action`` is copy-link, copy (of ``text``) or print."""
    return h.button(
        class_=["kh-button", style, {"primary": primary}],
        type="button",
        data_kh=action,
        data_kh_text=text,
        data_kh_message=message,
    )[h.span(".kh-icon", aria_hidden="true")[icon], h.span[label]]


def edition(page: Page, document: str, edition_id: str | None) -> None:
    """Show the title of the edition that the answer is from."""
    if edition_id:
        show_html(h.p(".kh-muted.kh-edition")[title(document, edition_id)[page.t.language]])


def heading(label: str, lede: str = "") -> None:
    """Show a level 2 heading, with an introduction."""
    show_html(h.h2(".kh-h2")[label], h.p(".kh-muted")[lede] if lede else None)


def subheading(label: str) -> None:
    """Show a level 3 heading."""
    show_html(h.h3(".kh-h3")[label])


def paragraph(text: str) -> None:
    """Show a paragraph of plain text."""
    show_html(h.p(".kh-paragraph")[text])


def page_link(page: Page, entry: PageEntry, label: str, **params: str) -> None:
    """Show a link to another page, in the same language."""
    language = language_parameter(page.t.language)
    st.page_link(
        entry.script, label=label, icon=f":material/{entry.icon}:", query_params={**params, **language}
    )


def which_level(page: Page) -> None:
    """Show a button that opens help for people who do not know their level."""
    t = page.t
    if st.button(t("share.which_level"), type="tertiary", key=page.key("which")):
        st.dialog(t("share.which_level"))(_levels_dialog)(t)


def _levels_dialog(t: Text) -> None:
    """Explain the levels, or show an error in the dialog, so that the page goes on."""
    try:
        _explain_levels(t)
    except Exception as error:  # noqa: BLE001 - Streamlit would log the text of the error
        faults.show_fault(t, "dialog", error, st.container())


def _explain_levels(t: Text) -> None:
    parts = ("stars", "year", "working", "call")
    show_html(h.ul(".kh-bullets")[(h.li[t(f"share.which_level_{part}")] for part in parts)])
