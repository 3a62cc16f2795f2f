"""A visit that requests too many runs is slowed down; ordinary use is not."""

import asyncio
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import Message, Receive, Scope, Send

from server.pace import MAX_BURST, MESSAGES_PER_SECOND, USUAL_BYTES, MessagePaceMiddleware

CEILING_SECONDS = 2
"""Generous: with a limit from the first message on, a burst would take six seconds."""


def seconds_for(messages: int, kind: str = "websocket.receive", content: bytes = b"") -> float:
    """Return how long an app behind the middleware waits for messages that have all arrived."""
    waiting = deque[Message]([{"type": kind, "bytes": content} for _ in range(messages)])

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        for _ in range(messages):
            await receive()

    async def receive() -> Message:
        return waiting.popleft()

    async def send(_message: Message) -> None:
        pass

    start = time.monotonic()
    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        executor.submit(
            lambda: asyncio.run(MessagePaceMiddleware(app)({"type": "websocket"}, receive, send))
        ).result()
    return time.monotonic() - start


@pytest.mark.parametrize(
    ("messages", "kind"), [(MAX_BURST, "websocket.receive"), (1_000, "websocket.connect")]
)
def test_messages_within_a_burst_are_not_delayed(messages: int, kind: str) -> None:
    assert seconds_for(messages, kind, bytes(USUAL_BYTES - 1)) < CEILING_SECONDS


def test_messages_beyond_a_burst_are_delayed() -> None:
    assert seconds_for(MAX_BURST + MESSAGES_PER_SECOND) > 1 - 1 / MESSAGES_PER_SECOND


def test_a_long_message_counts_as_several() -> None:
    assert seconds_for(1, content=bytes((MAX_BURST + MESSAGES_PER_SECOND) * USUAL_BYTES)) > 1
