"""Limit uploads: files that a visit keeps, files that all visits keep, files on their way.

Streamlit keeps every upload in memory until its visit ends, and writes those on their way to the disk.
"""

import re

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from logic.core.settings import settings
from ui.frame.html_shell import BASE_PATH
from ui.streamlit_internals import close_unless_connected, uploaded_bytes

UPLOAD_PATH = f"{BASE_PATH}/_stcore/upload_file/"
MAX_FILES_PER_VISIT = 2
"""One on the page, and for a moment the one that replaces it: the page deletes the first."""
MAX_IN_PROGRESS = 8
"""Of five megabytes: they fit into the temporary folder of a container (64 MiB)."""
BYTES_PER_MB = 1_000_000
CONTENT_TOO_LARGE, SERVICE_UNAVAILABLE = 413, 503


class UploadQuotaMiddleware:
    """ASGI middleware that refuses an upload above one of the limits before its body is read."""

    def __init__(self, app: ASGIApp) -> None:
        """Count uploads on their way from zero."""
        self._app = app
        self._in_progress = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but uploads that are too many."""
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(UPLOAD_PATH):
            await self._app(scope, receive, send)
            return
        if self._in_progress >= MAX_IN_PROGRESS:
            await PlainTextResponse("Too many uploads at once", SERVICE_UNAVAILABLE)(scope, receive, send)
        elif not self._fits(scope):
            await PlainTextResponse("Too many files", CONTENT_TOO_LARGE)(scope, receive, send)
        else:
            self._in_progress += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._in_progress -= 1

    @staticmethod
    def _fits(scope: Scope) -> bool:
        """Whether a file may be kept beside those that its visit and all visits keep."""
        visit, _, file_id = scope["path"].removeprefix(UPLOAD_PATH).partition("/")
        kept = uploaded_bytes()
        if len(kept.get(visit, {}).keys() - {file_id}) >= MAX_FILES_PER_VISIT:
            return False
        length = Headers(scope=scope).get("content-length", "")
        size = int(length) if re.fullmatch("[0-9]{1,18}", length) else 0
        limit = settings().uploads_mb * BYTES_PER_MB
        total = sum(sum(files.values()) for files in kept.values())
        for other, files in kept.items():
            if total + size <= limit:
                break
            if close_unless_connected(other):  # left, or away: Streamlit would keep its files for long
                total -= sum(files.values())
        return total + size <= limit
