"""Restrict hosts, origins and internal paths (health checks, metrics).

A container's health check, Kubernetes' probes and Prometheus send an IP address as host, not the public name.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from logic.core.settings import settings
from ui.frame.html_shell import BASE_PATH

INTERNAL_PATHS = tuple(f"{BASE_PATH}/{name}" for name in ("healthz", "readyz", "metrics", "_stcore/metrics"))
FORBIDDEN, NOT_FOUND = 403, 404


class InternalPathsMiddleware:
    """ASGI middleware that serves internal paths on the internal port only, if one is set."""

    def __init__(self, app: ASGIApp) -> None:
        """Read the setting once."""
        self._app = app
        self._port = settings().internal_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404 to an internal path on the public port and to any other path on the internal port."""
        hidden = (
            self._port is not None
            and scope["type"] != "lifespan"
            and (scope["path"] in INTERNAL_PATHS) != (scope["server"][1] == self._port)
        )
        app = PlainTextResponse("Not Found", NOT_FOUND) if hidden else self._app
        await app(scope, receive, send)


class AllowedHostsMiddleware(TrustedHostMiddleware):
    """Starlette's middleware, except for internal paths, which any host may request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the internal paths on; refuse other hosts with status 400."""
        if scope["type"] == "http" and scope["path"] in INTERNAL_PATHS:
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class SameOriginMiddleware:
    """ASGI middleware that refuses a WebSocket from a page of another site.

    Streamlit also accepts pages of localhost, 127.0.0.1 and 0.0.0.0, and before it refuses any other page it
    requests the address of this machine from an external host.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a WebSocket whose Origin differs from Host; clients that are no browsers send no Origin."""
        headers = Headers(scope=scope) if scope["type"] == "websocket" else {}
        origin = headers.get("origin")
        foreign = origin is not None and _netloc(origin) != headers.get("host", "").lower()
        app = PlainTextResponse("Forbidden", FORBIDDEN) if foreign else self._app
        await app(scope, receive, send)


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:  # an invalid IPv6 address in brackets
        return None
