"""Unexpected errors on a page: logged under an id, counted, and said in the visitor's language.

Streamlit itself would show a box in English and log the text of the error, which may quote what was typed.
Its control flow (stop, rerun) does not derive from Exception and is never caught here.
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

_WAITING = "_faults"


class FileNotMadeError(Exception):
    """A download failed and is reported already; the text is the id of the report."""


def report(where: str, error: Exception) -> str:
    """Log and count an unexpected error; return the id of the report."""
    return str(report_fault(where, error).params["id"])


def show_fault(t: Text, where: str, error: Exception, container: DeltaGenerator) -> None:
    """Report an error of a page and say so in a container."""
    _render(t, report(where, error), "our_fault.what_to_do", container)


def _render(t: Text, fault: str, what_to_do: str, container: DeltaGenerator, *, scroll: bool = False) -> None:
    """Show the note; ``scroll``: it is about what a visitor just pressed, and may be out of sight."""
    note = h.div(class_=["kh-note", "kh-fault", {"kh-into-view": scroll}], role="alert")[
        h.b[t("our_fault.title")],
        h.p[t(what_to_do)],
        h.p[t("our_fault.id"), " ", h.bdi[fault]],
        h.a(href="", target="_self")[t("our_fault.again")],
    ]
    container.html(markup(note))


def download(where: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return a function that makes a file when it is asked for; a failure is said at the next run.

    Raises FileNotMadeError, whose text may be logged.
    """
    waiting: list[tuple[str, str]] = st.session_state.setdefault(_WAITING, [])

    def made() -> bytes:
        try:
            return make()
        except Exception as error:  # noqa: BLE001 - Streamlit would log what the error says
            fault = report(where, error)
        waiting.append((fault, "our_fault.no_file"))
        raise FileNotMadeError(fault)

    return made


def show_pending_faults(t: Text, container: DeltaGenerator) -> None:
    """Say the faults that happened outside a run of the page: in a download or a callback."""
    waiting: list[tuple[str, str]] = st.session_state.get(_WAITING, [])
    while waiting:
        _render(t, *waiting.pop(0), container, scroll=True)


def callback(function: Callable[..., None]) -> Callable[..., None]:
    """Return a callback of a widget that reports an error of ``function`` instead of raising it.

    Streamlit does not run the page after a callback that raises. Here the page runs and says the fault; its
    fields take their values from the link, as the callback may have changed only some of them.
    """

    @wraps(function)
    def reporting(*args: object, **kwargs: object) -> None:
        try:
            function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - Streamlit would log what the error says
            waiting = st.session_state.setdefault(_WAITING, [])
            waiting.append((report("callback", error), "our_fault.what_to_do"))
            reload_from_url()

    return reporting


def on_script_error(error: Exception) -> bool:
    """Say an error in place of Streamlit's box; return that it is handled.

    The errors of pages, callbacks and dialogs are caught before. What is left is Streamlit's own, such as a
    forged state of a component that it cannot read; it does not run the page after that.
    """
    show_fault(text(language_of(st.query_params.get(LANGUAGE))), "script", error, st.container())
    return True
