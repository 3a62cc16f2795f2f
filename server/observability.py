"""Metrics for Prometheus, and an access log with one JSON line for each request.

Neither contains addresses of visitors, query strings or bodies: a link contains a customer's inputs.
"""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from logic.core.errors import FieldError
from logic.core.faults import fault_listeners, report_fault, without_values
from logic.core.registry import calculators
from server.batch_worker import error_response
from ui.frame.navigation import PAGES

disable_created_metrics()  # type: ignore[no-untyped-call]
REQUESTS = Counter("khodroyar_requests", "HTTP requests", ["route", "method", "status"])
DURATIONS = Histogram("khodroyar_request_seconds", "Seconds until an HTTP answer was sent", ["route"])
ANSWERS = Counter(
    "khodroyar_answers", "Answers, by calculator and where they were asked for", ["calculator", "at"]
)
ERRORS = Counter("khodroyar_request_errors", "Errors in requests to calculators, by code", ["code"])
fault_listeners.append(lambda _error: ERRORS.labels("our_fault").inc())
VISITS = Gauge("khodroyar_open_visits", "Visitors whose page is connected now")

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
NOT_FOUND, INTERNAL_SERVER_ERROR = 404, 500
PRIVATE_ROUTES = {"/_stcore", "/media"}
"""Routes whose paths contain the id of a session or a file: the log has the route only."""
CLIENT_LEFT = 499
"""The status that nginx logs if the client closes the connection before the response."""
_PAGES = {page.id for page in PAGES}
_STREAM_PATH = "/_stcore/stream"
LOG = logging.getLogger("khodroyar.access")


def route_of(path: str) -> str:
    """Return the route of a path, one of a short list, so that no request can add a label to the metrics."""
    first, _, rest = path.strip("/").partition("/")
    if first == "api":
        parts = rest.split("/")
        name = parts[1] if len(parts) > 1 else ""
        known = name in calculators() or name in ("openapi.json", "docs")
        return f"/api/v1/{name}" if known else "/api"
    if first in ("_stcore", "app", "static", "media", "component", "healthz", "readyz", "metrics"):
        return f"/{first}"
    return f"/{first}" if first in _PAGES and not rest else "/" if not first else "other"


def no_such_calculator(_request: Request) -> JSONResponse:
    """Answer an unknown path below /api with 404 and an error as in the contract."""
    return JSONResponse(error_response(FieldError("request", "unknown_address")), NOT_FOUND)


def metrics(_request: Request) -> Response:
    """Return the metrics for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _record_without_values(*args: Any, **values: Any) -> logging.LogRecord:  # noqa: ANN401 - as logging calls it
    """Return a log record whose traceback contains no values, since they may be a visitor's input."""
    record = logging.LogRecord(*args, **values)
    if record.exc_info and record.exc_info[1]:
        record.exc_text, record.exc_info = without_values(record.exc_info[1]), None
    return record


def log_to_stdout() -> None:
    """Write the access log as JSON lines to standard output; silence loggers that log addresses or links."""
    logging.setLogRecordFactory(_record_without_values)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # at level info it logs addresses
    logging.getLogger("streamlit.runtime.websocket_session_manager").disabled = True  # it logs session ids
    if not LOG.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        LOG.addHandler(handler)
        LOG.setLevel(logging.INFO)
        LOG.propagate = False


class RequestLogMiddleware:
    """ASGI middleware that counts and logs each HTTP request, and counts open WebSockets of pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, then count and log it."""
        if scope["type"] == "websocket" and scope["path"].endswith(_STREAM_PATH):
            with VISITS.track_inprogress():
                await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        start, status, sent_bytes, started = time.perf_counter(), INTERNAL_SERVER_ERROR, 0, False
        header = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = header if REQUEST_ID.fullmatch(header) else uuid4().hex

        async def send_and_record(message: Message) -> None:
            nonlocal status, sent_bytes, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                MutableHeaders(scope=message)["x-request-id"] = request_id
            elif message["type"] == "http.response.body":
                sent_bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_and_record)
        except ClientDisconnect:  # not an error of the server
            status = CLIENT_LEFT
        except Exception as error:  # noqa: BLE001 - else uvicorn would log values of the request
            if not started:
                response = JSONResponse(error_response(report_fault("server", error)), INTERNAL_SERVER_ERROR)
                await response(scope, receive, send_and_record)
            elif status < INTERNAL_SERVER_ERROR:  # else it is already reported
                report_fault("server", error)
        finally:
            seconds = time.perf_counter() - start
            route, method = (
                route_of(scope["path"]),
                scope["method"] if scope["method"] in METHODS else "other",
            )
            REQUESTS.labels(route, method, status).inc()
            DURATIONS.labels(route).observe(seconds)
            entry = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "id": request_id,
                "method": method,
                "path": scope["path"] if route not in PRIVATE_ROUTES else route,
                "status": status,
                "bytes": sent_bytes,
                "ms": round(seconds * 1000, 1),
            }
            LOG.info(json.dumps(entry))
