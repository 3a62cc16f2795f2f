"""A page: its language, its link, its head and foot. Everything that every page does stands here once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import htpy as h
import streamlit as st

from logic.core.messages import LANGUAGES, Language
from ui.frame import faults
from ui.frame.browser_bridge import sync_browser
from ui.frame.markup import markup
from ui.frame.navigation import MY_CAR, PAGES
from ui.frame.prefill import CAR_PAGE
from ui.frame.url_state import LANGUAGE, NO_PAGE, UrlState, language_parameter
from ui.l10n.text import Text, language_of, text
from ui.pdf.content import PresentedAnswer
from ui.streamlit_internals import DeltaGenerator, free_files_of_this_visit

EMERGENCY = "096440"
PAGE_IDS = {entry.id for entry in PAGES}
STREAMLIT_LABELS = {
    "Clear entry": "clear",
    "Close": "close",
    "Dismiss": "close",
    "Open": "open",
    "Sidebar": "menu",
    "Collapse sidebar": "close_menu",
    "Expand sidebar": "open_menu",
    "App pages": "pages",
    "Navigate to home page": "home",
    "Logo": "home",
    "Main menu": "menu",
    "Help": "help",
}
"""Names that Streamlit gives its own buttons in English, and the texts that replace them."""


def show_html(*parts: h.Node) -> None:
    """Show elements as one piece of HTML."""
    st.html(markup(*parts))


def visit_language() -> Language:
    """The language of the visit: the link's, else the one that the visit began in."""
    asked = st.query_params.get(LANGUAGE)
    if asked is not None or "_language" not in st.session_state:
        st.session_state["_language"] = language_of(asked)
    language: Language = st.session_state["_language"]
    return language


@dataclass
class Page:
    """What a page's script works with."""

    id: str
    t: Text
    url_state: UrlState
    attributes: dict[str, Mapping[str, str | None]] = field(default_factory=dict)
    """HTML attributes for the fields, by widget key."""
    input_summary: list[tuple[str, str]] = field(default_factory=list)
    """What was asked, as label and value: it heads the printed sheet."""
    presented: PresentedAnswer = field(default_factory=PresentedAnswer)
    """What the page has said of its answer so far: it goes on the sheet."""
    mobile_slot: DeltaGenerator | None = None
    """Where a phone keeps the answer in sight while the inputs are on screen."""
    failed: bool = False
    """Whether a part of the page is missing because of a fault of ours."""

    def key(self, name: str) -> str:
        """The widget key of a field of this page."""
        return f"{self.id}-{name}"

    @property
    def page_cache(self) -> dict[str, Any]:
        """What the visit keeps until it opens another page."""
        kept: dict[str, Any] = st.session_state.setdefault("_kept", {})
        return kept

    def address(self, base: str | None) -> str:
        """The whole address of the answer as far as the fields stand.

        ``base`` is where the browser is: the app, or one of its pages, if need be the one that it leaves.
        """
        root, _, last = (base or "").rstrip("/").rpartition("/")
        root = root if last in PAGE_IDS else f"{root}/{last}".rstrip("/")
        return f"{root}/{self.id}{self.url_state.permalink_query()}"

    @contextmanager
    def answering(self, container: DeltaGenerator) -> Iterator[None]:
        """Fill a container; where that fails, with the note that the fault is ours, and the page goes on.

        The key of the container begins with "answer": so ui/styles/ hides what was shown before the fault.
        """
        try:
            with container:
                yield
        except Exception as error:  # noqa: BLE001 - the last resort around a calculator
            self.failed = True
            faults.show_fault(self.t, self.id, error, container)
            if self.mobile_slot:
                self.mobile_slot.html(
                    markup(
                        h.div(".kh-mobile-summary.kh-of-fault", aria_hidden="true")[self.t("our_fault.title")]
                    )
                )

    def download(self, make: Callable[[], bytes]) -> Callable[[], bytes]:
        """Return what a download button calls; where it fails, the page says so."""
        return faults.download(self.id, make)

    @contextmanager
    def two_columns(
        self, *, secondary: bool = False
    ) -> Iterator[tuple[DeltaGenerator, AbstractContextManager[None]]]:
        """Inputs at the start, the answer beside them; stacked on a phone.

        ``further``: below the page's first question and answer.
        """
        ask, answer = st.columns([5, 7], gap="medium")
        with ask:
            inputs = st.container(key="ask-further" if secondary else "ask")
        if not secondary:
            self.mobile_slot = ask
        with answer:
            result = st.container(key="answer-further" if secondary else "answer")
        yield inputs, self.answering(result)


@contextmanager
def open_page(page_id: str) -> Iterator[Page]:
    """Show the head, run the page's body, then write its link and show its foot."""
    t = text(visit_language())
    page = Page(page_id, t, UrlState.open(page_id, t.language))
    if page.url_state.page_changed:
        _release_uploads(page)
    st.set_page_config(page_title=f"{t(f'{page_id}.title')} · {t('app.name')}")
    show_html(h.div(".kh-head")[h.h1[t(f"{page_id}.title")], h.p[t(f"{page_id}.lede")]])
    said = st.container(key="said")
    try:
        yield page
    except Exception as error:  # noqa: BLE001 - the last resort around a page
        page.failed = True
        faults.show_fault(t, page_id, error, said)
    if page.failed:
        page.url_state.keep_unread_params()
    faults.show_pending_faults(t, said)
    with said:
        _show_link_problems(page)
        if page.url_state.prefilled_fields and page.id != CAR_PAGE:
            _show_prefilled_fields(page)
        if page.input_summary:
            asked = (h.div[h.dt[label], h.dd[value]] for label, value in page.input_summary)
            show_html(h.dl(".kh-asked", aria_hidden="true")[asked])
    _footer(page)
    sync_browser(
        language=t.language,
        direction=t.direction,
        query=page.url_state.query(),
        permalink_query=page.url_state.permalink_query(),
        offline_message=t("app.connection_gone"),
        download_failed_message=t("our_fault.no_file"),
        attributes=page.attributes,
        streamlit_labels={english: t(f"streamlit.{key}") for english, key in STREAMLIT_LABELS.items()},
    )


def _release_uploads(page: Page) -> None:
    """Free what the page that was left had of files: its field is empty when it is opened again."""
    page.page_cache.clear()
    free_files_of_this_visit()


def _show_link_problems(page: Page) -> None:
    """Say what of the link was left aside; it stays said until the next input."""
    t = page.t
    lines = [t("link.broken", name=name, value=value) for name, value in page.url_state.problems]
    lines += [
        t("link.no_page", name=page.url_state.params[name])
        if name == NO_PAGE
        else t("link.unknown", name=name)
        for name in page.url_state.unknown_params
    ]
    if lines:
        show_html(h.div(".kh-note", role="alert")[h.b[t("link.title")], h.ul[(h.li[each] for each in lines)]])


def _show_prefilled_fields(page: Page) -> None:
    """Say which fields come from the known car, and lead to where they can be changed."""
    t = page.t
    names = t("word.and").join(
        t(f"{page.id}.{name}").rstrip("؟?") for name in dict.fromkeys(page.url_state.prefilled_fields)
    )
    with st.container(key="from-car", horizontal=True):
        show_html(h.p(".kh-line")[t("app.from_car", names=names)])
        language = language_parameter(t.language)
        st.page_link(MY_CAR.script, label=t("my_car.title"), query_params=language, icon=":material/edit:")


def _footer(page: Page) -> None:
    t = page.t
    others = (language for language in LANGUAGES if language != t.language)
    show_html(
        h.div(".kh-foot")[
            h.a(".kh-call", href=f"tel:{EMERGENCY}")[h.b[t("app.emergency_number")], t("app.emergency")],
            h.p[t("app.basis")],
            (
                h.a(".kh-lang", href=page.url_state.query_in_language(other), target="_self", lang=other)[
                    text(other)("app.language")
                ]
                for other in others
            ),
        ]
    )
