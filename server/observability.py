"""What the server tells of itself: counts for Prometheus and a line of JSON for each request.

No addresses of visitors, no query strings, no bodies: a link holds a customer's inputs.
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
from logic.core.registry import calculators, error_to_dict
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
ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
PRIVATE_ROUTES = {"/_stcore", "/media"}
"""Addresses that hold the id of a visit or of a file: the log names their kind only."""
CLIENT_LEFT = 499
"""What nginx logs where the client closed the connection before the answer."""
_PAGES = {page.id for page in PAGES}
_STREAM = "/_stcore/stream"
LOG = logging.getLogger("khodroyar.access")


def route_of(path: str) -> str:
    """The kind of address, out of a short list: whatever a visitor asks for makes no new label."""
    first, _, rest = path.strip("/").partition("/")
    if first == "api":
        parts = rest.split("/")
        name = parts[1] if len(parts) > 1 else ""
        known = name in calculators() or name in ("openapi.json", "docs")
        return f"/api/v1/{name}" if known else "/api"
    if first in ("_stcore", "app", "static", "media", "component", "healthz", "readyz", "metrics"):
        return f"/{first}"
    return f"/{first}" if first in _PAGES and not rest else "/" if not first else "other"


def _refusal(status: int, error: FieldError) -> JSONResponse:
    """The contract's refusal, with its status."""
    return JSONResponse({"ok": False, "errors": [error_to_dict(error)]}, status)


def no_such_calculator(_request: Request) -> JSONResponse:
    """Answer an address below /api that is none with the contract's 404."""
    return _refusal(404, FieldError("request", "unknown_address"))


def metrics(_request: Request) -> Response:
    """The counts, for Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _record_without_values(*args: Any, **values: Any) -> logging.LogRecord:  # noqa: ANN401 - as logging calls it
    """Make a log record whose traceback does not quote what a visitor typed, whoever logs it."""
    record = logging.LogRecord(*args, **values)
    if record.exc_info and record.exc_info[1]:
        record.exc_text, record.exc_info = without_values(record.exc_info[1]), None
    return record


def log_to_stdout() -> None:
    """Write the access log as JSON lines to standard output; uvicorn's own hold addresses and links."""
    logging.setLogRecordFactory(_record_without_values)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # it names each visitor who connects
    logging.getLogger("streamlit.runtime.websocket_session_manager").disabled = True  # it names sessions
    if not LOG.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        LOG.addHandler(handler)
        LOG.setLevel(logging.INFO)
        LOG.propagate = False


class RequestLogMiddleware:
    """ASGI middleware that counts and logs each HTTP request, and counts the visits that are open."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, then count and log."""
        if scope["type"] == "websocket" and scope["path"].endswith(_STREAM):
            with VISITS.track_inprogress():
                await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        start, status, sent, started = time.perf_counter(), 500, 0, False
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if ID.fullmatch(given) else uuid4().hex

        async def sending(message: Message) -> None:
            nonlocal status, sent, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                MutableHeaders(scope=message)["x-request-id"] = request_id
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:  # nobody is left to answer, and nothing of ours failed
            status = CLIENT_LEFT
        except Exception as error:  # noqa: BLE001 - the last resort: uvicorn would log what was sent
            if not started:
                await _refusal(500, report_fault("server", error))(scope, receive, sending)
            elif status < 500:  # noqa: PLR2004 - else it is reported already, and only passed on
                report_fault("server", error)
        finally:
            taken = time.perf_counter() - start
            route, method = (
                route_of(scope["path"]),
                scope["method"] if scope["method"] in METHODS else "other",
            )
            REQUESTS.labels(route, method, status).inc()
            DURATIONS.labels(route).observe(taken)
            line = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "id": request_id,
                "method": method,
                "path": scope["path"] if route not in PRIVATE_ROUTES else route,
                "status": status,
                "bytes": sent,
                "ms": round(taken * 1000, 1),
            }
            LOG.info(json.dumps(line))
