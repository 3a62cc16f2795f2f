"""Send requests with any bytes to an ASGI application in this process."""

import asyncio
import threading
from collections.abc import Mapping
from functools import cache

from starlette.types import ASGIApp, Message


def send_request(
    app: ASGIApp, path: str, body: bytes = b"", *, query: bytes = b"", method: str = "POST", **headers: str
) -> tuple[int, bytes]:
    """Send a request and return the status and the body of the response."""
    sent: list[Message] = []
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()  # no disconnect before the whole response
        return messages.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
        "scheme": "http", "server": ("localhost", 80), "headers": _raw(headers),
    }  # fmt: skip
    asyncio.run_coroutine_threadsafe(_call(app, scope, receive, send), _loop()).result()
    status = sent[0]["status"]
    return int(status), b"".join(message.get("body", b"") for message in sent)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return one loop for all requests, as in a server; this thread may already run Playwright's loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


async def _call(app: ASGIApp, *arguments: object) -> None:
    await app(*arguments)  # type: ignore[arg-type]


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
