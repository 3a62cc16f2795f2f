"""Security headers of every response: what a page may load and do."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from logic.core.settings import settings

FORBIDDEN = 403


def content_security_policy(tiles: str) -> str:
    """Return the content security policy; ``tiles`` is the URL of the tile server, empty for none.

    Streamlit needs the three ``unsafe`` keywords: its page has inline scripts and styles, and its charts
    compile expressions.
    """
    url = urlsplit(tiles)
    image_sources = "'self' data: blob:"
    if url.netloc:
        image_sources += f" {url.scheme}://{url.netloc.replace('{s}', '*')}"
    directives = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
        "img-src": image_sources,
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "frame-src": "'self' blob: data:",
        "frame-ancestors": "'self'",
        "form-action": "'self'",
        "base-uri": "'self'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def response_headers(tiles: str) -> Sequence[tuple[str, str]]:
    """Return the security headers for a tile server; pages, files and the API have the same."""
    return (
        ("content-security-policy", content_security_policy(tiles)),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "SAMEORIGIN"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"),
    )


def security_headers() -> Sequence[tuple[str, str]]:
    """Return the security headers for the tile server in the settings."""
    return response_headers(settings().tiles)


class SecurityHeadersMiddleware:
    """ASGI middleware that adds the security headers; a header that a response already has stays.

    A refused WebSocket handshake gets them too. Over HTTPS every cookie is marked Secure. Headers that let
    another origin use a visitor's cookies are removed: Streamlit would allow http://localhost:8501.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Read the settings once."""
        self._app = app
        self._headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on and complete the headers of HTTP responses."""
        accepted = False

        async def send_with_headers(message: Message) -> None:
            nonlocal accepted
            if message["type"] == "websocket.close" and not accepted:
                await PlainTextResponse("Forbidden", FORBIDDEN)(scope, receive, send_with_headers)
                return
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                self._complete(MutableHeaders(scope=message), secure=scope["scheme"] in {"https", "wss"})
            accepted |= message["type"] == "websocket.accept"
            await send(message)

        await self._app(scope, receive, send if scope["type"] == "lifespan" else send_with_headers)

    def _complete(self, headers: MutableHeaders, *, secure: bool) -> None:
        for name, value in self._headers:
            headers.setdefault(name, value)
        if headers.get("access-control-allow-credentials"):
            del headers["access-control-allow-credentials"], headers["access-control-allow-origin"]
        cookies = headers.getlist("set-cookie")
        if secure and cookies:
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")
