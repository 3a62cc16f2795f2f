"""Run ``ui/frame/browser.js`` in the page: what only a browser can do and Streamlit does not.

It writes the link without adding to the history, puts the attributes on the fields that Streamlit cannot,
scrolls a wide table to its current column, opens clauses beside their chips, tells a screen reader the answer
when it changes, bridges a lost connection, says that a file could not be made, and copies or prints when
something marked ``data-kh`` is clicked.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ui.assets import read_asset

_component = st.components.v2.component("khodroyar_browser", js=read_asset("frame/browser.js"))


def tell_browser(
    *,
    language: str,
    direction: str,
    query: str,
    to_keep: str,
    gone: str,
    no_file: str,
    attributes: Mapping[str, Mapping[str, str | None]],
    names: Mapping[str, str],
) -> None:
    """Send the page's link, its fields' attributes and its words.

    ``gone`` is said without a connection, ``no_file`` where a download fails.

    ``names`` are those of Streamlit's own buttons, from English.
    """
    data: dict[str, Any] = {
        "language": language,
        "direction": direction,
        "dark": st.context.theme.type == "dark",
        "query": query,
        "to_keep": to_keep,
        "gone": gone,
        "no_file": no_file,
        "attributes": attributes,
        "names": names,
    }
    _component(key="browser", data=data, on_back_change=lambda: None)  # the run itself is what is wanted
