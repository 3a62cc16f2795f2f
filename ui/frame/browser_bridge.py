"""Run ``ui/frame/browser.js`` in the page, for what Streamlit has no API for.

The script writes the URL without adding to the history, sets HTML attributes on the fields, scrolls a wide
table to its current column, positions an opened clause next to its badge, announces a changed answer to
screen readers, shows a message while the connection is lost or when a download fails, and copies or prints
when an element with ``data-kh`` is clicked.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.assets import read_asset

_component = st.components.v2.component("khodroyar_browser", js=read_asset("frame/browser.js"))


def sync_browser(
    *,
    language: str,
    direction: str,
    query: str,
    permalink_query: str,
    offline_message: str,
    download_failed_message: str,
    attributes: Mapping[str, Mapping[str, str | None]],
    streamlit_labels: Mapping[str, str],
) -> None:
    """Send the browser the URL of this run, HTML attributes of the fields, and translated messages.

    ``attributes`` are HTML attributes by widget key. ``streamlit_labels`` maps the English labels of
    Streamlit's own buttons to the labels in the page's language.
    """
    data: dict[str, Any] = {
        "language": language,
        "direction": direction,
        "dark": st.context.theme.type == "dark",
        "query": query,
        "permalinkQuery": permalink_query,
        "offlineMessage": offline_message,
        "downloadFailedMessage": download_failed_message,
        "attributes": attributes,
        "streamlitLabels": streamlit_labels,
    }
    # The callback does nothing: the browser sends the event to request a run.
    _component(key="browser", data=data, on_rerun_change=lambda: None)
