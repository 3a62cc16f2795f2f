"""The application: Streamlit's router inside an ASGI app whose shell speaks the visitor's language."""

import sys

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.routing import Route

from logic import tables
from logic.calculators import calculators
from logic.errors import DataError
from ui.shell import STYLESHEET, STYLESHEET_PATH, Shell

try:
    calculators()
    tables.check()
except DataError as error:  # a damaged table is found at the start, not by a customer
    sys.exit(f"Khodroyar does not start; a data file cannot be used:\n{error}")

app = st.App(
    "ui/router.py",
    routes=[
        Route(
            STYLESHEET_PATH,
            lambda _request: FileResponse(
                STYLESHEET,
                media_type="text/css",
                headers={"Cache-Control": "public, max-age=31536000, immutable"},
            ),
        )
    ],
    middleware=[Middleware(Shell)],
)
