"""The Streamlit script: page configuration, language, navigation, and the last handler of errors."""

from pathlib import Path

import streamlit as st

from ui.assets import ICON
from ui.frame import faults
from ui.frame.navigation import HOME, SECTIONS, PageEntry
from ui.frame.page import visit_language
from ui.frame.url_state import LANGUAGE
from ui.l10n.text import language_of, text

_HERE = Path(__file__).parent


def navigation_page(entry: PageEntry) -> st.Page:
    """Return the Streamlit page of an entry, with its title, icon and URL path."""
    t = text(visit_language())
    return st.Page(
        entry.script,
        title=t(f"{entry.id}.nav"),
        icon=f":material/{entry.icon}:",
        url_path=entry.id,
        default=entry is HOME,
    )


def run() -> None:
    """Run the page that the URL names."""
    t = text(visit_language())
    st.set_page_config(page_icon=ICON, layout="wide", initial_sidebar_state="collapsed")
    st.logo(ICON, size="large")
    menus = {
        t(f"home.group_{section}"): [*map(navigation_page, entries)] for section, entries in SECTIONS.items()
    }
    st.navigation({"": [navigation_page(HOME)], **menus}, position="top").run()


try:
    run()
except Exception as error:  # noqa: BLE001 - Streamlit would show and log the text of the error
    faults.show_fault(text(language_of(st.query_params.get(LANGUAGE))), "router", error, st.container())
