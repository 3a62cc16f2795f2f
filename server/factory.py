"""The options of the application: routes, middleware, start-up and the handler for errors of pages."""

import asyncio
import importlib
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from logic.core.errors import DataError, SettingError
from logic.core.settings import settings
from server import health
from server.hosts import AllowedHostsMiddleware, InternalPathsMiddleware, SameOriginMiddleware
from server.observability import (
    ANSWERS,
    METHODS,
    RequestLogMiddleware,
    log_to_stdout,
    metrics,
    no_such_calculator,
)
from server.pace import MessagePaceMiddleware
from server.security_headers import SecurityHeadersMiddleware
from server.sessions import free_left_sessions
from server.uploads import UploadQuotaMiddleware
from ui.answer import answer_card
from ui.assets import LEAFLET, PDF_FONTS, PROVINCES_PATH, SWAGGER, WEB_FONT, is_fetched, provinces_file
from ui.frame import faults
from ui.frame.html_shell import BASE_PATH, STYLESHEET, STYLESHEET_PATH, HtmlShellMiddleware

LOG = logging.getLogger("khodroyar.start")
MISSING_ASSETS = (
    "ui/static/ is missing or incomplete: pages and PDF files use substitute fonts, "
    "/api/v1/docs has no viewer. `make assets` fetches them."
)


@cache
def _api() -> ASGIApp:
    app: ASGIApp = importlib.import_module("server.api").build()
    return app


async def calculators_over_http(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the API, built on first use: importing FastAPI takes longer than all other imports together."""
    await _api()(scope, receive, send)


def _warm(loop: asyncio.AbstractEventLoop) -> None:
    for module in ("ui.map.dealers_map", "ui.pdf.layout", "ui.answer.table_export"):
        importlib.import_module(module)
    _api()
    importlib.import_module("server.fleets").answer_in_workers(loop)


@asynccontextmanager
async def warm_up(_app: st.App) -> AsyncIterator[None]:
    """Import modules that the first page does not need in a thread, so that the server is healthy sooner."""
    threading.Thread(target=_warm, args=[asyncio.get_running_loop()], daemon=True).start()
    cleanup = asyncio.create_task(free_left_sessions())
    yield
    cleanup.cancel()


def app_options() -> dict[str, Any]:
    """Check every setting and data file; return the arguments of `st.App` after its script.

    Exits with a message if one of them is invalid, so that damaged data is found at the start and not by a
    visitor.
    """
    try:
        settings()
        health.check()
    except SettingError as error:
        sys.exit(f"Khodroyar does not start; a setting cannot be used:\n{error}")
    except DataError as error:
        sys.exit(f"Khodroyar does not start; a data file cannot be used:\n{error}")
    log_to_stdout()
    if not is_fetched(WEB_FONT, *PDF_FONTS.values(), *SWAGGER):
        LOG.warning(MISSING_ASSETS)
    answer_card.answer_listeners.append(lambda name: ANSWERS.labels(name, "page").inc())
    return {
        "lifespan": warm_up,
        "on_script_error": faults.on_script_error,
        "routes": [
            Route(
                BASE_PATH + STYLESHEET_PATH,
                lambda _request: Response(
                    STYLESHEET,
                    media_type="text/css",
                    headers={"Cache-Control": "public, max-age=31536000, immutable"},
                ),
            ),
            Route(f"{BASE_PATH}/healthz", health.healthz),
            Route(f"{BASE_PATH}/readyz", health.readyz),
            Route(f"{BASE_PATH}/metrics", metrics),
            Mount(f"{BASE_PATH}/app/static/leaflet", StaticFiles(directory=LEAFLET)),
            Route(
                f"{BASE_PATH}/{PROVINCES_PATH}",
                lambda _request: FileResponse(
                    provinces_file(),
                    media_type="application/geo+json",
                    headers={"Cache-Control": "public, max-age=86400"},
                ),
            ),
            Mount(f"{BASE_PATH}/api/v1", calculators_over_http),
            *(
                Route(f"{BASE_PATH}/api{rest}", no_such_calculator, methods=[*METHODS])
                for rest in ("", "/{rest:path}")
            ),
        ],
        "middleware": [
            Middleware(SecurityHeadersMiddleware),
            Middleware(RequestLogMiddleware),
            Middleware(InternalPathsMiddleware),
            Middleware(AllowedHostsMiddleware, allowed_hosts=settings().host_names, www_redirect=False),
            Middleware(SameOriginMiddleware),
            Middleware(UploadQuotaMiddleware),
            Middleware(MessagePaceMiddleware),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
            Middleware(HtmlShellMiddleware),
        ],
    }
