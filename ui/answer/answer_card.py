"""The answer card: the one number, who pays what, the working with its clauses, other readings, papers.

Figures and tables are HTML: fast, semantic, in the page's direction. htpy escapes all that it is given.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
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
from logic.datasets.tables import Clause, clauses, data_dir, title
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

T = TypeVar("T")
LABELS = {
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
"""Which label table names the ids in a step's inputs (by name) or value (by the step's key)."""
ELSEWHERE = ("payer", "tyre_kind", "warranty_word")
LAWS = ("law", "bylaw")
"""Documents whose clauses are called articles and their notes."""


# ---------------------------------------------------------------------------------------------- words
def format_value(t: Text, name: str, value: Value) -> str:
    """A value of a step or notice as people read it."""
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
            kinds = (LABELS.get(name, ""), *ELSEWHERE)
            return next((t.name_of(kind, value) for kind in kinds if t.has_name(kind, value)), value)


def clause_name(t: Text, clause: Clause) -> str:
    """What a clause is called: its table, annex or article, its part and note."""
    said = []
    if clause.part and (clause.part != "3" or not clause.article):
        said.append(t("clause.part", part=_numeral(t, clause.part)))
    for kind in ("table", "annex", "article", "note"):
        value = getattr(clause, kind)
        if value:
            key = f"law_{kind}" if clause.document in LAWS and kind in ("article", "note") else kind
            said.append(t(f"clause.{key}", **{key: _numeral(t, value)}))
    if clause.place:
        said.append(t(f"clause.{clause.place}"))
    return t("clause.separator").join(said)


def _numeral(t: Text, value: str) -> str:
    """A clause's number in the digits of the language."""
    return "".join(format_number(int(each), t.language) if each.isdecimal() else each for each in value)


def clause_badge(t: Text, clause_id: str) -> Markup:
    """The receipt beside a figure: the clause's name in a small frame; a tap opens what it says.

    Plain HTML, so that every chip of a page can be opened at no cost; the browser part places what opens.
    """
    return _clause_badge(t, clause_id, data_dir())


@lru_cache(maxsize=4096)  # a page has dozens, the same for everybody
def _clause_badge(t: Text, clause_id: str, _folder: Path) -> Markup:
    clause = clauses()[clause_id]
    where = [title(clause.document, clause.edition)[t.language]]
    if clause.page:
        where.append(t("clause.page", page=format_number(clause.page, t.language)))
    if clause.printed:
        where.append(t("clause.printed", printed=_numeral(t, clause.printed)))
    gist = clause.fa if t.language == "fa" else clause.en
    name = clause_name(t, clause)
    opened = h.div(".kh-clause")[h.b[name], h.span[gist], h.small[t("clause.separator").join(where)]]
    return Markup(h.details(".kh-ref")[h.summary(".kh-chip")[name], opened])  # noqa: S704 - htpy has escaped it


def toman(page: Page, rials: int) -> str:
    """The amount in tomans, in words."""
    return format_toman_in_words(rials, page.t.language)


# ---------------------------------------------------------------------------------------------- the block
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
    """The petrol block: one number and what it is; ``share`` percent of the bar is the customer's."""
    page.presented = PresentedAnswer(label, figure, unit, line, share=None if share is None else float(share))
    show_html(
        h.section(".kh-answer")[
            h.h2[label],
            h.p(".kh-num")[h.b[figure], " ", h.span[unit]],
            h.p(".kh-sub")[line],
            None if share is None else bar(share),
            detail,
        ]
    )


def bar(share: Decimal | int) -> h.Element:
    """Who pays what: saffron is the customer, petrol the company."""
    return h.div(".kh-bar", aria_hidden="true")[h.i(".you", style=f"flex:0 0 {share}%"), h.i(".company")]


def money_headline(page: Page, label: str, pays: int, other: int, *, line: str, other_name: str) -> None:
    """The headline of an amount: rials, tomans in words, and the bar between two payers."""
    t, whole = page.t, pays + other
    part = Decimal(pays * HUNDRED_PERCENT) / whole if whole else Decimal(0)
    shown = part.quantize(Decimal("0.1"))
    shown = shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown

    def side(look: str, name: str, of_whole: Decimal, amount: int) -> h.Element:
        share = h.small[format_percent(of_whole, t.language)]
        return h.div(class_=look)[h.dt[name, " ", share], h.dd[format_number(amount, t.language)]]

    below = h.dl(".kh-split")[
        side("you", t("word.you"), shown, pays), side("company", other_name, HUNDRED_PERCENT - shown, other)
    ]
    headline(page, label, format_number(pays, t.language), t("word.rial"), line, share=part, detail=below)
    page.presented.payers = [
        (t("word.you"), format_rial(pays, t.language)),
        (other_name, format_rial(other, t.language)),
    ]


def refusal(page: Page, label: str, why: str, clause: str, line: str = "") -> None:
    """The block of a "no": it is an answer, with its reason and clause."""
    page.presented = PresentedAnswer(label, why, line=line)
    show_html(
        h.section(".kh-answer.kh-no")[
            h.h2[label], h.div(".kh-why")[why, " ", clause_badge(page.t, clause)], h.p(".kh-sub")[line]
        ]
    )


def pending(page: Page, missing: InputState, hint: str) -> None:
    """Show in place of an answer that an input is invalid, or ``hint`` if one is missing."""
    text = page.t("answer.unreadable") if missing is InputState.INVALID else hint
    show_html(h.p(".kh-empty")[text])


def render_or_pending(
    page: Page, request: T | InputState, render: Callable[[T], None], hint: str | None = None
) -> None:
    """Render the answer to a request, or show what is missing for one."""
    if isinstance(request, InputState):
        pending(page, request, page.t("answer.waiting") if hint is None else hint)
    else:
        render(request)


def mobile_summary(page: Page, label: str, figure: str) -> None:
    """On a phone the answer stays in sight while the inputs are on screen."""
    if page.mobile_slot:
        with page.mobile_slot:
            show_html(h.div(".kh-mobile-summary", aria_hidden="true")[h.span[label], h.b[figure]])


# ---------------------------------------------------------------------------------------------- below it
def alternatives(
    page: Page, found: Iterable[Alternative], comes_to: Callable[[Mapping[str, Any]], str]
) -> None:
    """Each other reading: what it comes to, why, and its clause."""
    t = page.t
    for each in found:
        said = t("answer.other_reading", said=comes_to(each.result))
        page.presented.readings.append((each, said))
        why = h.div[t.name_of("reading", each.reading), " ", clause_badge(t, each.clause)]
        show_html(h.div(".kh-note")[h.b[said], why])


def steps(page: Page, answer: Answer[Any], name: str = "") -> None:
    """«Why?»: the steps, each with its clause; the last money step is the answer."""
    t = page.t
    with st.expander(t("answer.why"), key=page.key(f"why{name}")):
        show_html(h.ol(".kh-steps")[(_step(t, step) for step in answer.steps)])


def _step(t: Text, step: Step) -> h.Element:
    said, value = step_text(t, step)
    return h.li[h.span[said, " ", clause_badge(t, step.clause)], h.b[value]]


def step_text(t: Text, step: Step) -> tuple[str, str]:
    """A step's sentence and its figure."""
    value = format_value(t, step.key, step.value)
    if step.unit:
        value = t(f"unit.{step.unit}", value=value)
    if t.has_name("step_value", step.key):
        value = t(f"step_value.{step.key}", value=value)
    inputs = {name: format_value(t, name, each) for name, each in step.inputs.items()}
    return t(f"step.{step.key}", **inputs), value


def notices(page: Page, found: Iterable[Notice]) -> None:
    """What to know and to confirm, warnings first."""
    t = page.t
    lines = [
        h.li(class_=each.severity)[
            notice_text(t, each),
            " ",
            clause_badge(t, each.clause),
        ]
        for each in warnings_first(found)
    ]
    if lines:
        show_html(h.section(".kh-know")[h.h3(".kh-h3")[t("answer.confirm")], h.ul(".kh-plain")[lines]])


def notice_text(t: Text, notice: Notice) -> str:
    """A notice's sentence."""
    return t(
        f"notice.{notice.key}",
        **{name: format_value(t, name, value) for name, value in notice.params.items()},
    )


def warnings_first(found: Iterable[Notice]) -> list[Notice]:
    """The notices in the order in which they are said."""
    return sorted(found, key=lambda notice: notice.severity != "warning")


def documents(page: Page, ids: Iterable[str], empty: str) -> None:
    """The papers to bring, to tick off; a tick stays in the browser."""
    t = page.t
    listed = [t.name_of("document", each) for each in ids]
    page.presented.documents = listed
    boxes = (h.li[h.label[h.input(type="checkbox"), each]] for each in listed)
    show_html(
        h.h3(".kh-h3")[t("answer.documents")],
        h.ul(".kh-documents")[boxes] if listed else h.p(".kh-muted")[empty],
    )


answer_listeners: list[Callable[[str], None]] = []
"""Told which calculator's answer was shown, at every run."""


def action_bar(page: Page, found: Answer[Any] | None = None, *, secondary: bool = False) -> None:
    """Copy the link, print the page, take the answer as a sheet, tell that it looks wrong.

    ``further``: the page's link and print stand at another answer above.
    """
    t = page.t
    ours = h.div(".kh-acts")[
        button("link", t("answer.copy_link"), "copy-link", said=t("answer.copied_link"), primary=True),
        button("print", t("answer.print"), "print"),
    ]
    request = found.request if found else None
    if found is None or not isinstance(request, Request):
        show_html(ours)
        return
    outside = settings().base_url
    name, link = calculator_name(request), page.permalink(str(outside) if outside else st.context.url)
    for told in answer_listeners:
        told(name)
    sheet = printable_answer(page, found, request, link)
    text = problem_report(t, found, request, link, sheet.labels["editions"])
    wrong = button("flag", t("sheet.wrong"), "copy", text=text, said=t("sheet.wrong_copied"), look="quiet")
    with st.container(horizontal=True, key=page.key(f"acts-{name}"), vertical_alignment="center"):
        if not secondary:
            show_html(ours)
        st.download_button(
            t("sheet.pdf"),
            page.download(lambda: print_pdf(sheet)),  # only when it is asked for
            file_name=f"khodroyar-{name}.pdf",
            mime="application/pdf",
            icon=":material/picture_as_pdf:",
            key=page.key(f"pdf-{name}"),
            on_click="ignore",
        )
        show_html(h.div(".kh-acts")[wrong])
    if not is_fetched(*PDF_FONTS.values()):
        show_html(h.p(".kh-muted")[t("sheet.substitute_font", command="make assets")])


def printable_answer(page: Page, found: Answer[Any], request: Request, link: str) -> PrintableAnswer:
    """The answer as it stands on paper."""
    t = page.t

    def name(clause: str) -> str:
        return clause_name(t, clauses()[clause])

    said = [(each, words) for each, words in page.presented.readings if each in found.alternatives]
    named = [each.clause for each in found.steps] + [each.clause for each in found.notices]
    named += [each.clause for each in found.alternatives]
    read = dict.fromkeys((clauses()[each].document, clauses()[each].edition) for each in named)
    editions = t("clause.separator").join(title(*each)[t.language] for each in read)
    own = {
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
            Line(words, name(each.clause), value)
            for each in found.steps
            for words, value in [step_text(t, each)]
        ],
        readings=[Line(t.name_of("reading", each.reading), name(each.clause), words) for each, words in said],
        notices=[Line(notice_text(t, each), name(each.clause)) for each in warnings_first(found.notices)],
        code=encode(request),
        link=link,
        labels=own,
        omitted_text=lambda count: t("sheet.cut", count=format_number(count, t.language)),
    )


def button(
    icon: str, label: str, act: str, *, text: str = "", said: str = "", primary: bool = False, look: str = ""
) -> h.Element:
    """A button that the browser part serves (ui/frame/browser_bridge.py): copy-link, copy, print."""
    return h.button(
        class_=["kh-btn", look, {"primary": primary}],
        type="button",
        data_kh=act,
        data_kh_text=text,
        data_kh_message=said,
    )[h.span(".kh-ic", aria_hidden="true")[icon], h.span[label]]


def edition(page: Page, document: str, edition_id: str | None) -> None:
    """Which edition of which document was read."""
    if edition_id:
        show_html(h.p(".kh-muted.kh-edition")[title(document, edition_id)[page.t.language]])


def heading(label: str, lede: str = "") -> None:
    """A second heading of a page."""
    show_html(h.h2(".kh-h2")[label], h.p(".kh-muted")[lede] if lede else None)


def subheading(label: str) -> None:
    """A third heading."""
    show_html(h.h3(".kh-h3")[label])


def paragraph(said: str) -> None:
    """One plain sentence of an answer."""
    show_html(h.p(".kh-line")[said])


def page_link(page: Page, entry: PageEntry, label: str, **link: str) -> None:
    """A way on to another page, in the same language."""
    language = language_parameter(page.t.language)
    st.page_link(
        entry.script, label=label, icon=f":material/{entry.icon}:", query_params={**link, **language}
    )


def which_level(page: Page) -> None:
    """Help for people who do not know their level."""
    t = page.t
    if st.button(t("share.which_level"), type="tertiary", key=page.key("which")):
        st.dialog(t("share.which_level"))(_dialog_about_levels)(t)


def _dialog_about_levels(t: Text) -> None:
    """Explain the levels; where that fails, say so in the dialog, and the page goes on."""
    try:
        _explain_levels(t)
    except Exception as error:  # noqa: BLE001 - Streamlit would log what the error says
        faults.show_fault(t, "dialog", error, st.container())


def _explain_levels(t: Text) -> None:
    parts = ("stars", "year", "working", "call")
    show_html(h.ul(".kh-plain")[(h.li[t(f"share.which_level_{part}")] for part in parts)])
