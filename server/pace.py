"""Limit how often a page may request a run: a person presses at most a few buttons a second."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BURST = 30
MESSAGES_PER_SECOND = 5
USUAL_BYTES = 8 << 10
"""More than a page sends with every field filled in; a longer message counts as several."""


class MessagePaceMiddleware:
    """ASGI middleware that reads at most `MESSAGES_PER_SECOND` from a WebSocket after a burst.

    Further messages wait in the client's buffers: none is lost, and none takes memory on the server.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but slow down the messages of WebSockets."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        clock = asyncio.get_running_loop().time
        due = clock() - MAX_BURST / MESSAGES_PER_SECOND  # when the next message is due at the steady pace

        async def receive_at_pace() -> Message:
            nonlocal due
            message = await receive()
            if message["type"] == "websocket.receive":
                now = clock()
                count = 1 + len(message.get("bytes") or b"") // USUAL_BYTES
                due = max(due + count / MESSAGES_PER_SECOND, now - MAX_BURST / MESSAGES_PER_SECOND)
                if due > now:
                    await asyncio.sleep(due - now)
            return message

        await self._app(scope, receive_at_pace, send)
