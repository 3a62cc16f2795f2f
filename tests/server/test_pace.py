"""A visit that asks for runs without end is slowed down; one that a person uses is not."""

import asyncio
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.types import Message, Receive, Scope, Send

from server.pace import MAX_BURST, MESSAGES_PER_SECOND, USUAL_BYTES, MessagePaceMiddleware

CEILING_SECONDS = 2
"""Generous: paced from the first message on, a burst takes six seconds."""


def seconds_for(messages: int, kind: str = "websocket.receive", content: bytes = b"") -> float:
    """Return how long an app behind the middleware waits for messages that are all there."""
    waiting = deque[Message]([{"type": kind, "bytes": content} for _ in range(messages)])

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        for _ in range(messages):
            await receive()

    async def receive() -> Message:
        return waiting.popleft()

    async def send(_message: Message) -> None:
        pass

    start = time.monotonic()
    with ThreadPoolExecutor(1) as own:  # this thread's event loop may be that of the browser
        own.submit(
            lambda: asyncio.run(MessagePaceMiddleware(app)({"type": "websocket"}, receive, send))
        ).result()
    return time.monotonic() - start


@pytest.mark.parametrize(
    ("messages", "kind"), [(MAX_BURST, "websocket.receive"), (1_000, "websocket.connect")]
)
def test_what_a_person_sends_does_not_wait(messages: int, kind: str) -> None:
    assert seconds_for(messages, kind, bytes(USUAL_BYTES - 1)) < CEILING_SECONDS


def test_beyond_a_burst_messages_wait_for_their_turn() -> None:
    assert seconds_for(MAX_BURST + MESSAGES_PER_SECOND) > 1 - 1 / MESSAGES_PER_SECOND


def test_a_long_message_counts_as_several() -> None:
    assert seconds_for(1, content=bytes((MAX_BURST + MESSAGES_PER_SECOND) * USUAL_BYTES)) > 1
