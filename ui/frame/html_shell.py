"""The HTML shell: Streamlit's own page with the language, direction, title and style of the visitor's page.

Streamlit's shell says English and left to right to every reader and search engine until its script runs.
"""

import hashlib
import re
from html import escape
from urllib.parse import parse_qs, parse_qsl, urlencode

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from logic.core.messages import Language
from logic.datasets.renames import renames
from ui.assets import UI, read_asset
from ui.frame.navigation import HOME, PAGES
from ui.frame.url_state import LANGUAGE, NO_PAGE, VERSION, language_parameter, to_current_names
from ui.l10n.text import language_of, text

STYLE_FILES = (
    "base", "navigation", "inputs", "panels", "answer", "home", "tables", "print_answer", "elements",
    "dealers", "print",
)  # fmt: skip
"""The files of ``ui/styles/``; where two rules are equally specific, the later file decides."""
STYLESHEET = b"\n".join((UI / "styles" / f"{name}.css").read_bytes() for name in STYLE_FILES)
BASE_PATH = (
    "/" + st.get_option("server.baseUrlPath").strip("/") if st.get_option("server.baseUrlPath") else ""
)
"""The path that the whole app lies under, where it does not lie at the root."""
STYLESHEET_PATH = f"/khodroyar-{hashlib.sha256(STYLESHEET).hexdigest()[:12]}.css"
_PAGE_IDS = {"", *(page.id for page in PAGES)}
_RESTORE_QUERY_SCRIPT = read_asset("frame/restore_query.js")
_BACKEND_URL_SCRIPT = read_asset("frame/backend_url.js")


def render_shell(shell: str, path: str, query: str) -> str:
    """The shell for the page at ``path`` in the language of ``query``.

    The stylesheet stands at the end of the body: after Streamlit's own styles, which grow in the head.
    """
    t = text(_language(query))
    page = _page(path) or HOME.id
    base = "../" * path.removeprefix(BASE_PATH).lstrip("/").count("/") or "./"
    title = f"{t(f'{page}.title')} · {t('app.name')}"
    head = f'<title>{escape(title)}</title><meta name="description" content="{escape(t(f"{page}.lede"))}">'
    head += f'<script data-base="{base}">{_BACKEND_URL_SCRIPT}</script>'
    head += f"<script>{_RESTORE_QUERY_SCRIPT}</script>"
    style = f'<link rel="stylesheet" href="{base}{STYLESHEET_PATH[1:]}">'
    shell = re.sub(r'<html lang="\w+"', f'<html lang="{t.language}" dir="{t.direction}"', shell, count=1)
    shell = re.sub(r"<title>.*?</title>", lambda _: head, shell, count=1)
    return shell.replace("</body>", f"{style}</body>", 1)


class HtmlShellMiddleware:
    """ASGI middleware that dresses every HTML page that Streamlit serves; all else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold an HTML answer back until it is whole, dress it, and send it."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or _is_not_a_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def dressing(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                is_html = headers.get(b"content-type", b"").startswith(b"text/html")
                if is_html and message["status"] == 200 and b"content-encoding" not in headers:  # noqa: PLR2004
                    start = message
                    return
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                query = scope["query_string"].decode("latin-1")
                moved = _renamed_location(scope["path"], query)
                if moved:
                    await _redirect(send, moved)
                    return
                if _page(scope["path"]) not in _PAGE_IDS:
                    await _redirect_home(send, _page(scope["path"]), query)
                    return
                whole = render_shell(body.decode(), scope["path"], query).encode()
                kept = [
                    (k, v)
                    for k, v in start["headers"]
                    if k not in (b"content-length", b"etag", b"last-modified")
                ]
                await send({**start, "headers": [*kept, (b"content-length", str(len(whole)).encode())]})
                await send(
                    {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else whole}
                )
                return
            await send(message)

        # An uncompressed answer is needed to dress it; the proxy in front compresses.
        accepted = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding" or not _wants_page(scope)]
        await self._app({**scope, "headers": accepted}, receive, dressing)


async def _redirect_home(send: Send, page: str, query: str) -> None:
    """There is no such page: the home page says so, where Streamlit would open an English dialog."""
    asked = {NO_PAGE: page[:80], **language_parameter(_language(query))}
    await _redirect(send, f"{BASE_PATH}/?{urlencode(asked)}")


def _renamed_location(path: str, query: str) -> str | None:
    """Where a page with an old name lies now, with its parameters by today's names."""
    old = _page(path)
    if old in _PAGE_IDS:
        return None
    now, asked, _ = to_current_names(old, dict(parse_qsl(query)))
    if now not in _PAGE_IDS:
        return None
    return f"{BASE_PATH}/{now}?{urlencode({**asked, VERSION: str(renames('links').version)})}"


async def _redirect(send: Send, location: str) -> None:
    headers = [(b"location", location.encode())]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _page(path: str) -> str:
    """The page's id in an address; empty for the app's own."""
    return path.removeprefix(BASE_PATH).rstrip("/").rpartition("/")[2]


def _language(query: str) -> Language:
    return language_of(parse_qs(query).get(LANGUAGE, [None])[0])


def _is_not_a_page(path: str) -> bool:
    """Whether an address is the calculators', which answer for themselves."""
    return path.removeprefix(BASE_PATH).startswith("/api/")


def _wants_page(scope: Scope) -> bool:
    return "." not in scope["path"].rpartition("/")[2]
