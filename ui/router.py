"""The Streamlit script: page config, language, look, navigation, and the last resort around all of it."""

from pathlib import Path

import streamlit as st

from ui.assets import ICON
from ui.frame import faults
from ui.frame.navigation import HOME, SECTIONS, PageEntry
from ui.frame.page import visit_language
from ui.frame.url_state import LANGUAGE
from ui.l10n.text import language_of, text

_HERE = Path(__file__).parent


def script(entry: PageEntry) -> st.Page:
    """A page with its name, its icon and its address."""
    t = text(visit_language())
    return st.Page(
        entry.script,
        title=t(f"{entry.id}.nav"),
        icon=f":material/{entry.icon}:",
        url_path=entry.id,
        default=entry is HOME,
    )


def run() -> None:
    """Run the page that is asked for."""
    icon, t = ICON, text(visit_language())
    st.set_page_config(page_icon=icon, layout="wide", initial_sidebar_state="collapsed")
    st.logo(icon, size="large")
    menus = {t(f"home.group_{section}"): [*map(script, entries)] for section, entries in SECTIONS.items()}
    st.navigation({"": [script(HOME)], **menus}, position="top").run()


try:
    run()
except Exception as error:  # noqa: BLE001 - the last resort: Streamlit would show and log what the error says
    faults.show_fault(text(language_of(st.query_params.get(LANGUAGE))), "router", error, st.container())
