"""Ask an ASGI application in this process, with any bytes."""

import asyncio
import threading
from collections.abc import Mapping
from functools import cache

from starlette.types import ASGIApp, Message


def ask(
    app: ASGIApp, path: str, body: bytes = b"", *, query: bytes = b"", method: str = "POST", **headers: str
) -> tuple[int, bytes]:
    """Send one request and return the status and the body of the answer."""
    sent: list[Message] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()  # the client stays until it has the whole answer
        return waiting.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
        "scheme": "http", "server": ("localhost", 80), "headers": _raw(headers),
    }  # fmt: skip
    asyncio.run_coroutine_threadsafe(_called(app, scope, receive, send), _loop()).result()
    status = sent[0]["status"]
    return int(status), b"".join(message.get("body", b"") for message in sent)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One loop for all requests, as in a server; this thread's own may be that of the browser."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


async def _called(app: ASGIApp, *arguments: object) -> None:
    await app(*arguments)  # type: ignore[arg-type]


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
