import streamlit as st

from ui.answer import answer_card
from ui.frame.page import open_page
from ui.views.home import ENTRY_POINTS, GROUPS, render_emergency_number

with open_page("home") as page:
    t = page.t
    with st.container(key="entries"):
        for column, (name, entry) in zip(st.columns(len(ENTRY_POINTS)), ENTRY_POINTS.items(), strict=True):
            with column, st.container(key=f"entry-{name}", height="stretch"):
                answer_card.page_link(page, entry, t(f"home.{name}"))
                answer_card.paragraph(t(f"home.{name}_line"))
    render_emergency_number(page)
    answer_card.heading(t("home.all"))
    with st.container(key="calculators"):
        for column, (group, entries) in zip(st.columns(len(GROUPS)), GROUPS.items(), strict=True):
            with column, st.container(key=f"calculators-{group}", height="stretch"):
                answer_card.subheading(t(f"home.group_{group}"))
                for label, entry in entries:
                    answer_card.page_link(page, entry, t(label))
