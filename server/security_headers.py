"""Security headers on every answer: what a page may load, and what it may do."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from logic.core.settings import settings

FORBIDDEN = 403


def content_security_policy(tiles: str) -> str:
    """The content security policy; ``tiles`` is the tile server's address, empty for none.

    Streamlit's page starts itself by a script in the page, styles itself in the page, and its charts compile
    expressions: hence the three ``unsafe`` words. Everything else comes from here.
    """
    at = urlsplit(tiles)
    pictures = (
        f"'self' data: blob: {at.scheme}://{at.netloc.replace('{s}', '*')}"
        if at.netloc
        else "'self' data: blob:"
    )
    rules = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self' data:",
        "img-src": pictures,
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "frame-src": "'self' blob: data:",
        "frame-ancestors": "'self'",
        "form-action": "'self'",
        "base-uri": "'self'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def response_headers(tiles: str) -> Sequence[tuple[str, str]]:
    """All of them, for pages, files and the calculators alike."""
    return (
        ("content-security-policy", content_security_policy(tiles)),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "SAMEORIGIN"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"),
    )


def security_headers() -> Sequence[tuple[str, str]]:
    """Return them for the tile server that is set."""
    return response_headers(settings().tiles)


class SecurityHeadersMiddleware:
    """ASGI middleware that puts them on; a header that an answer brings itself stays.

    A refused WebSocket handshake is an HTTP answer too. A visitor by HTTPS gets cookies for HTTPS alone. No
    other site may read an answer with a visitor's cookies: Streamlit would name http://localhost:8501.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Read the settings once."""
        self._app = app
        self._headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; only the start of an HTTP answer is touched."""
        accepted = False

        async def sending(message: Message) -> None:
            nonlocal accepted
            if message["type"] == "websocket.close" and not accepted:
                await PlainTextResponse("Forbidden", FORBIDDEN)(scope, receive, sending)
                return
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                self._complete(MutableHeaders(scope=message), secure=scope["scheme"] in {"https", "wss"})
            accepted |= message["type"] == "websocket.accept"
            await send(message)

        await self._app(scope, receive, send if scope["type"] == "lifespan" else sending)

    def _complete(self, found: MutableHeaders, *, secure: bool) -> None:
        for name, value in self._headers:
            found.setdefault(name, value)
        if found.get("access-control-allow-credentials"):
            del found["access-control-allow-credentials"], found["access-control-allow-origin"]
        cookies = found.getlist("set-cookie")
        if secure and cookies:
            del found["set-cookie"]
            for cookie in cookies:
                found.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")
