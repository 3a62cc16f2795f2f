"""The application: Streamlit's router inside an ASGI app whose shell speaks the visitor's language."""

import importlib
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import FileResponse
from starlette.routing import Route

from logic import tables
from logic.calculators import calculators
from logic.coverage import coverage
from logic.errors import DataError
from logic.prices import prices
from logic.renames import renames
from ui.shell import BASE, STYLESHEET, STYLESHEET_PATH, Shell

try:
    calculators()
    tables.check()
    coverage()
    prices()
    renames("links")
except DataError as error:  # a damaged table is found at the start, not by a customer
    sys.exit(f"Khodroyar does not start; a data file cannot be used:\n{error}")


@asynccontextmanager
async def warm_up(_app: st.App) -> AsyncIterator[None]:
    """Import the libraries of map and sheet beside the first visit, not before the first healthy answer."""
    for module in ("ui.map", "ui.paper"):
        threading.Thread(target=importlib.import_module, args=(module,), daemon=True).start()
    yield


app = st.App(
    "ui/router.py",
    lifespan=warm_up,
    routes=[
        Route(
            BASE + STYLESHEET_PATH,
            lambda _request: FileResponse(
                STYLESHEET,
                media_type="text/css",
                headers={"Cache-Control": "public, max-age=31536000, immutable"},
            ),
        )
    ],
    middleware=[Middleware(Shell)],
)
