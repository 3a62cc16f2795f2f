"""The Streamlit script: page config, language, look, navigation. Nothing else."""

from pathlib import Path

import streamlit as st

from ui.page import visit_language
from ui.pages import HOME, SECTIONS, PageEntry
from ui.text import text

_HERE = Path(__file__).parent

t = text(visit_language())
st.set_page_config(page_icon=_HERE / "assets" / "icon.svg", layout="wide", initial_sidebar_state="collapsed")
st.logo(_HERE / "assets" / "icon.svg", size="large")


def script(entry: PageEntry) -> st.Page:
    """A page with its name, its icon and its address."""
    return st.Page(
        entry.script,
        title=t(f"{entry.id}.nav"),
        icon=f":material/{entry.icon}:",
        url_path=entry.id,
        default=entry is HOME,
    )


menus = {t(f"home.group_{section}"): [*map(script, entries)] for section, entries in SECTIONS.items()}
st.navigation({"": [script(HOME)], **menus}, position="top").run()
