"""The HTML shell: Streamlit's HTML page with the language, direction, title and style of the visitor's page.

Until its script runs, Streamlit's own shell declares English, left to right, to browsers and search engines.
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
    "base", "text", "lists", "buttons", "navigation", "dialogs",
    "inputs", "car_tiles", "panels", "answer", "clauses", "messages", "charts", "documents",
    "tables", "legends", "ranking", "footer",
    "home", "share", "service", "levels", "dealers", "downtime", "warranty", "replacement", "fleet",
    "print",
)  # fmt: skip
"""The files of ``ui/styles/``: components, then pages, then print.

Of two equally specific rules, the one in the later file applies.
"""
STYLESHEET = b"\n".join((UI / "styles" / f"{name}.css").read_bytes() for name in STYLE_FILES)
BASE_PATH = (
    "/" + st.get_option("server.baseUrlPath").strip("/") if st.get_option("server.baseUrlPath") else ""
)
"""The path under which the app is served; empty for the root."""
STYLESHEET_PATH = f"/khodroyar-{hashlib.sha256(STYLESHEET).hexdigest()[:12]}.css"
_PAGE_IDS = {"", *(page.id for page in PAGES)}
_RESTORE_QUERY_SCRIPT = read_asset("frame/restore_query.js")
_BACKEND_URL_SCRIPT = read_asset("frame/backend_url.js")


def render_shell(shell: str, path: str, query: str) -> str:
    """Return the shell for the page at ``path`` in the language of ``query``.

    The stylesheet is at the end of the body, after the styles that Streamlit adds to the head.
    """
    t = text(_language(query))
    page = _page_id(path) or HOME.id
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
    """ASGI middleware that completes the shell of HTML pages; other responses pass unchanged."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Buffer an HTML response, complete its shell and send it."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or _is_api_path(scope["path"]):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def send_shell(message: Message) -> None:
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
                location = _renamed_location(scope["path"], query)
                if location:
                    await _redirect(send, location)
                    return
                if _page_id(scope["path"]) not in _PAGE_IDS:
                    await _redirect_home(send, _page_id(scope["path"]), query)
                    return
                shell = render_shell(body.decode(), scope["path"], query).encode()
                response_headers = [
                    (name, value)
                    for name, value in start["headers"]
                    if name not in (b"content-length", b"etag", b"last-modified")
                ]
                response_headers.append((b"content-length", str(len(shell)).encode()))
                await send({**start, "headers": response_headers})
                await send(
                    {"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else shell}
                )
                return
            await send(message)

        # The shell can only be completed uncompressed; the proxy in front compresses the response.
        request_headers = [
            (name, value)
            for name, value in scope["headers"]
            if name != b"accept-encoding" or not _is_page_request(scope)
        ]
        await self._app({**scope, "headers": request_headers}, receive, send_shell)


async def _redirect_home(send: Send, page: str, query: str) -> None:
    """Redirect from a page that does not exist to the home page, which shows a message about it.

    Streamlit would open an English dialog.
    """
    params = {NO_PAGE: page[:80], **language_parameter(_language(query))}
    await _redirect(send, f"{BASE_PATH}/?{urlencode(params)}")


def _renamed_location(path: str, query: str) -> str | None:
    """Return the URL of a renamed page, with the current names of its parameters; None for any other path."""
    old_page = _page_id(path)
    if old_page in _PAGE_IDS:
        return None
    page, params, _ = to_current_names(old_page, dict(parse_qsl(query)))
    if page not in _PAGE_IDS:
        return None
    return f"{BASE_PATH}/{page}?{urlencode({**params, VERSION: str(renames('links').version)})}"


async def _redirect(send: Send, location: str) -> None:
    headers = [(b"location", location.encode())]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _page_id(path: str) -> str:
    """Return the id of the page in a path; empty for the root."""
    return path.removeprefix(BASE_PATH).rstrip("/").rpartition("/")[2]


def _language(query: str) -> Language:
    return language_of(parse_qs(query).get(LANGUAGE, [None])[0])


def _is_api_path(path: str) -> bool:
    """Return whether a path belongs to the API."""
    return path.removeprefix(BASE_PATH).startswith("/api/")


def _is_page_request(scope: Scope) -> bool:
    """Return whether a request is for a page and not for a file."""
    return "." not in scope["path"].rpartition("/")[2]
