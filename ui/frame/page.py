"""The frame of a page: language, URL state, header, footer and error reports, the same for every page."""

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

EMERGENCY_NUMBER = "096440"
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
"""English labels of Streamlit's own buttons, and the text keys of their replacements."""


def show_html(*parts: h.Node) -> None:
    """Render elements as one HTML fragment."""
    st.html(markup(*parts))


def visit_language() -> Language:
    """Return the language of the visit: from the URL, else the one the visit started in."""
    code = st.query_params.get(LANGUAGE)
    if code is not None or "_language" not in st.session_state:
        st.session_state["_language"] = language_of(code)
    language: Language = st.session_state["_language"]
    return language


@dataclass
class Page:
    """The state of one run of a page."""

    id: str
    t: Text
    url_state: UrlState
    attributes: dict[str, Mapping[str, str | None]] = field(default_factory=dict)
    """HTML attributes for the fields, by widget key."""
    input_summary: list[tuple[str, str]] = field(default_factory=list)
    """The inputs as labels and values, for the printed page and the PDF."""
    presented: PresentedAnswer = field(default_factory=PresentedAnswer)
    """The texts of the answer that the page has shown so far, for the PDF."""
    mobile_slot: DeltaGenerator | None = None
    """The container of the summary that stays visible on a phone while the inputs are on screen."""
    failed: bool = False
    """Whether a part of the page is missing because of an unexpected error."""

    def key(self, name: str) -> str:
        """Return the widget key of a field of this page."""
        return f"{self.id}-{name}"

    @property
    def page_cache(self) -> dict[str, Any]:
        """Values of the session that are dropped when another page is opened."""
        cache: dict[str, Any] = st.session_state.setdefault("_page_cache", {})
        return cache

    def permalink(self, base: str | None) -> str:
        """Return the full URL of the page with the field values so far.

        ``base`` is the URL in the browser: the app's, or that of one of its pages, possibly of the page
        that is being left.
        """
        root, _, last_part = (base or "").rstrip("/").rpartition("/")
        root = root if last_part in PAGE_IDS else f"{root}/{last_part}".rstrip("/")
        return f"{root}/{self.id}{self.url_state.permalink_query()}"

    @contextmanager
    def report_errors_in(self, container: DeltaGenerator) -> Iterator[None]:
        """Fill a container; show a note in it if that raises an unexpected error, and go on with the page.

        The key of the container must begin with "answer", so that ui/styles/ hides what was shown before.
        """
        try:
            with container:
                yield
        except Exception as error:  # noqa: BLE001 - the rest of the page must still work
            self.failed = True
            faults.show_fault(self.t, self.id, error, container)
            if self.mobile_slot:
                self.mobile_slot.html(
                    markup(
                        h.div(".kh-mobile-summary.kh-failed", aria_hidden="true")[self.t("our_fault.title")]
                    )
                )

    def download(self, make: Callable[[], bytes]) -> Callable[[], bytes]:
        """Return a callback for a download button that reports a failure on the page."""
        return faults.download(self.id, make)

    @contextmanager
    def two_columns(
        self, *, secondary: bool = False
    ) -> Iterator[tuple[DeltaGenerator, AbstractContextManager[None]]]:
        """Yield a container for the inputs and a context for the answer next to them; stacked on a phone.

        ``secondary``: for a second question below the first question and answer of the page.
        """
        inputs_column, answer_column = st.columns([5, 7], gap="medium")
        suffix = "-secondary" if secondary else ""
        with inputs_column:
            inputs = st.container(key=f"inputs{suffix}")
        if not secondary:
            self.mobile_slot = inputs_column
        with answer_column:
            answer = st.container(key=f"answer{suffix}")
        yield inputs, self.report_errors_in(answer)


@contextmanager
def open_page(page_id: str) -> Iterator[Page]:
    """Show the header, run the body of the page, show the footer and write the URL."""
    t = text(visit_language())
    page = Page(page_id, t, UrlState.open(page_id, t.language))
    if page.url_state.page_changed:
        _release_uploads(page)
    st.set_page_config(page_title=f"{t(f'{page_id}.title')} · {t('app.name')}")
    show_html(h.div(".kh-page-heading")[h.h1[t(f"{page_id}.title")], h.p[t(f"{page_id}.lede")]])
    messages = st.container(key="messages")
    try:
        yield page
    except Exception as error:  # noqa: BLE001 - Streamlit would show and log the text of the error
        page.failed = True
        faults.show_fault(t, page_id, error, messages)
    if page.failed:
        page.url_state.keep_unread_params()
    faults.show_pending_faults(t, messages)
    with messages:
        _show_link_problems(page)
        if page.url_state.prefilled_fields and page.id != CAR_PAGE:
            _show_prefilled_fields(page)
        if page.input_summary:
            rows = (h.div[h.dt[label], h.dd[value]] for label, value in page.input_summary)
            show_html(h.dl(".kh-input-summary", aria_hidden="true")[rows])
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
    """Free the uploaded files of the previous page; its upload field is empty when it is opened again."""
    page.page_cache.clear()
    free_files_of_this_visit()


def _show_link_problems(page: Page) -> None:
    """Show which parameters of the URL were ignored; the message stays until the next input."""
    t = page.t
    lines = [t("link.broken", name=name, value=value) for name, value in page.url_state.problems]
    lines += [
        t("link.no_page", name=page.url_state.params[name])
        if name == NO_PAGE
        else t("link.unknown", name=name)
        for name in page.url_state.unknown_params
    ]
    if lines:
        show_html(h.div(".kh-note", role="alert")[h.b[t("link.title")], h.ul[(h.li[line] for line in lines)]])


def _show_prefilled_fields(page: Page) -> None:
    """Name the fields that were prefilled from the profile, and link to the page that changes it."""
    t = page.t
    names = t("word.and").join(
        t(f"{page.id}.{name}").rstrip("؟?") for name in dict.fromkeys(page.url_state.prefilled_fields)
    )
    with st.container(key="from-car", horizontal=True):
        show_html(h.p(".kh-paragraph")[t("app.from_car", names=names)])
        language = language_parameter(t.language)
        st.page_link(MY_CAR.script, label=t("my_car.title"), query_params=language, icon=":material/edit:")


def _footer(page: Page) -> None:
    t = page.t
    others = (language for language in LANGUAGES if language != t.language)
    show_html(
        h.div(".kh-footer")[
            h.a(".kh-emergency-link", href=f"tel:{EMERGENCY_NUMBER}")[
                h.b[t("app.emergency_number")], t("app.emergency")
            ],
            h.p[t("app.basis")],
            (
                h.a(
                    ".kh-language-link",
                    href=page.url_state.query_in_language(other),
                    target="_self",
                    lang=other,
                )[text(other)("app.language")]
                for other in others
            ),
        ]
    )
