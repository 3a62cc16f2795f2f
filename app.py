"""The application, for `streamlit run app.py` and `python -m server`."""

import streamlit as st

from server.factory import app_options

app = st.App("ui/router.py", **app_options())  # Streamlit finds the app only by this literal call
