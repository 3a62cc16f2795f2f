"""The download button of the offline guide, for a page."""

import streamlit as st

from ui.answer.answer_card import paragraph
from ui.frame.page import Page
from ui.offline_guide import guide


def render_download(page: Page) -> None:
    """Render what the offline guide is, and its download button."""
    t = page.t
    paragraph(t("offline.download_line"))
    st.download_button(
        t("offline.download"),
        page.download(guide.download),
        guide.FILE_NAME,
        "text/html",
        key=page.key("guide"),
        icon=":material/download:",
        on_click="ignore",
    )
