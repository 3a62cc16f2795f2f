"""Limit uploads: files per visit, bytes of all visits, and uploads in progress.

Streamlit keeps every uploaded file in memory until its visit ends, and uploads in progress on the disk.
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
"""The file on the page and, for a moment, the one that replaces it: the page then deletes the first."""
MAX_IN_PROGRESS = 8
"""With five megabytes each they fit into the temporary folder of a container (64 MiB)."""
BYTES_PER_MB = 1_000_000
CONTENT_TOO_LARGE, SERVICE_UNAVAILABLE = 413, 503


class UploadQuotaMiddleware:
    """ASGI middleware that refuses an upload above one of the limits before its body is read."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app; no upload is in progress."""
        self._app = app
        self._in_progress = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an upload above a limit; pass everything else on."""
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
        """Return whether a file fits beside the files of its visit and of all visits."""
        visit, _, file_id = scope["path"].removeprefix(UPLOAD_PATH).partition("/")
        files_by_visit = uploaded_bytes()
        if len(files_by_visit.get(visit, {}).keys() - {file_id}) >= MAX_FILES_PER_VISIT:
            return False
        length = Headers(scope=scope).get("content-length", "")
        size = int(length) if re.fullmatch("[0-9]{1,18}", length) else 0
        limit = settings().uploads_mb * BYTES_PER_MB
        total = sum(sum(files.values()) for files in files_by_visit.values())
        for other_visit, files in files_by_visit.items():
            if total + size <= limit:
                break
            if close_unless_connected(other_visit):  # else Streamlit would keep its files for a long time
                total -= sum(files.values())
        return total + size <= limit
