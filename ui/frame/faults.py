"""Unexpected errors on a page: logged under an id, counted, and reported in the visitor's language.

Streamlit itself would show an English message and log the text of the error, which may quote user input.
Its control flow exceptions (stop, rerun) do not derive from Exception and are never caught here.
"""

from collections.abc import Callable
from functools import wraps

import htpy as h
import streamlit as st

from logic.core.faults import report_fault
from ui.frame.markup import markup
from ui.frame.url_state import LANGUAGE, reload_from_url
from ui.l10n.text import Text, language_of, text
from ui.streamlit_internals import DeltaGenerator

_PENDING_FAULTS = "_faults"


class DownloadFailedError(Exception):
    """A download failed and is already reported; the message is the id of the report."""


def report(where: str, error: Exception) -> str:
    """Log and count an unexpected error; return the id of the report."""
    return str(report_fault(where, error).params["id"])


def show_fault(t: Text, where: str, error: Exception, container: DeltaGenerator) -> None:
    """Report an error of a page and show a note about it in a container."""
    _render(t, report(where, error), "our_fault.what_to_do", container)


def _render(
    t: Text, report_id: str, advice_key: str, container: DeltaGenerator, *, scroll: bool = False
) -> None:
    """Show the note about an error; ``scroll`` moves it into view, because a click caused the error."""
    note = h.div(class_=["kh-note", "kh-fault", {"kh-scroll-into-view": scroll}], role="alert")[
        h.b[t("our_fault.title")],
        h.p[t(advice_key)],
        h.p[t("our_fault.id"), " ", h.bdi[report_id]],
        h.a(href="", target="_self")[t("our_fault.again")],
    ]
    container.html(markup(note))


def download(where: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Wrap a function that makes a file; a failure is shown at the next run.

    The wrapper raises DownloadFailedError, whose message may be logged.
    """
    pending: list[tuple[str, str]] = st.session_state.setdefault(_PENDING_FAULTS, [])

    def make_or_report() -> bytes:
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - Streamlit would log the text of the error
            report_id = report(where, error)
        pending.append((report_id, "our_fault.no_file"))
        raise DownloadFailedError(report_id)

    return make_or_report


def show_pending_faults(t: Text, container: DeltaGenerator) -> None:
    """Show the errors that happened outside a run of the page: in a download or a callback."""
    pending: list[tuple[str, str]] = st.session_state.get(_PENDING_FAULTS, [])
    while pending:
        _render(t, *pending.pop(0), container, scroll=True)


def callback(function: Callable[..., None]) -> Callable[..., None]:
    """Return a callback of a widget that reports an error of ``function`` instead of raising it.

    Streamlit does not run the page after a callback that raises. With this wrapper, the page runs and shows a
    note; its fields take their values from the URL, because the callback may have changed only some of them.
    """

    @wraps(function)
    def call_or_report(*args: object, **kwargs: object) -> None:
        try:
            function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - Streamlit would log the text of the error
            pending = st.session_state.setdefault(_PENDING_FAULTS, [])
            pending.append((report("callback", error), "our_fault.what_to_do"))
            reload_from_url()

    return call_or_report


def on_script_error(error: Exception) -> bool:
    """Report an error instead of Streamlit's message; return True.

    Errors of pages, callbacks and dialogs are caught before. The remaining ones are Streamlit's own, such as
    a forged component state that it cannot parse; it does not run the page after them.
    """
    show_fault(text(language_of(st.query_params.get(LANGUAGE))), "script", error, st.container())
    return True
