"""Security headers on every answer: what a page may load, and what it may do."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from logic.settings import settings


def policy(tiles: str) -> str:
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


def headers(tiles: str) -> Sequence[tuple[str, str]]:
    """All of them, for pages, files and the calculators alike."""
    return (
        ("content-security-policy", policy(tiles)),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "SAMEORIGIN"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"),
    )


class Headers:
    """ASGI middleware that puts them on; a header that an answer brings itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        """Read the settings once."""
        self._app = app
        self._headers = headers(settings().tiles)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; only the start of an HTTP answer is touched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in self._headers:
                    found.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending)
