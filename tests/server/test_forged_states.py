"""Component states that no browser sends: ignored or said on the page, never logged with their value."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.support.page_run import query
from tools.harness.streamlit_protocol import (
    SUBPROTOCOL,
    BackMsg,
    ForwardMsg,
    component_events,
    stream_url,
)

TYPED = "PLATE-12345"
COMPONENTS = {"browser": "share", "dealers-here": "dealers", "tyre-made": "tyre"}
"""The key of each component of ours, and a page that shows it."""
STATES = [
    TYPED, [TYPED], [TYPED, 1, 1], 1,
    {"day": TYPED}, {"day": [TYPED, 1, 1]}, {"day": [10**30, 1, 1]}, {"day": [1400, 13, 1]}, {"day": [1400, 2, 99]},
    {"day": [1, 2]}, {"day": [{"a": TYPED}, None, 1.5]}, {"day": {"0": TYPED}}, {"day": [True, False, TYPED * 1000]},
]  # fmt: skip
TRIGGERS = [
    TYPED, [TYPED], [{"event": TYPED, "value": TYPED}],
    *(
        [{"event": event, "value": value}]
        for event in ("position", "rerun")
        for value in (TYPED, None, [TYPED], {"lat": TYPED, "lon": TYPED}, {"refused": TYPED}, {"refused": [TYPED]})
    ),
]  # fmt: skip
BROKEN = [f'["{TYPED}"', TYPED, "[" * 20_000]


class Run:
    """What a run of a page sent: the ids of its components by their end, and its errors."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.components: list[str] = []
        self.failed = self.finished = False

    def take(self, message: ForwardMsg) -> None:
        """Take a message over."""
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.failed |= element.HasField("exception") or "kh-fault" in element.html.body
            if element.HasField("bidi_component"):
                self.components.append(element.bidi_component.id)
        self.finished |= message.WhichOneof("type") == "script_finished"


async def run(
    stream: ClientConnection, page: str, states: dict[str, dict[str, str]], *, fails: bool = False
) -> Run:
    """Run a page with widget states; ``fails``: read on, into a second run, until it says that it failed."""
    request = BackMsg()
    request.rerun_script.page_name = page
    request.rerun_script.query_string = query(page)
    for widget, state in states.items():
        request.rerun_script.widget_states.widgets.add(id=widget, **state)
    await stream.send(request.SerializeToString())
    result = Run()
    async with asyncio.timeout(30):
        while not result.finished or (fails and not result.failed):
            result.take(ForwardMsg.FromString(bytes(await stream.recv(decode=False))))
    return result


async def forged_run(
    address: str, component: str, state: str | None, trigger: str | None = None, *, fails: bool = False
) -> Run:
    """Open a page in a new visit, then run it with a forged state of a component, or a forged trigger."""
    url = stream_url(address)
    async with connect(url, subprotocols=[SUBPROTOCOL], max_size=None) as stream:
        first = await run(stream, COMPONENTS[component], {})
        (widget,) = (each for each in first.components if each.endswith(component))
        forged = {widget: {"json_value": state}} if state is not None else {}
        if trigger is not None:
            forged[component_events(widget)] = {"json_trigger_value": trigger}
        return await run(stream, COMPONENTS[component], forged, fails=fails)


@pytest.fixture
def own_thread() -> Iterator[ThreadPoolExecutor]:
    """A thread without the event loop of the browser."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.mark.parametrize("component", COMPONENTS)
def test_a_forged_state_of_a_component_neither_fails_nor_is_logged(
    address: str, server_log: Path, own_thread: ThreadPoolExecutor, component: str
) -> None:
    async def forge() -> list[object]:
        states, triggers = map(json.dumps, STATES), map(json.dumps, TRIGGERS)
        forged = [*((state, None) for state in states), *((None, trigger) for trigger in triggers)]
        return [
            (state, trigger)
            for state, trigger in forged
            if (await forged_run(address, component, state, trigger)).failed
        ]

    assert own_thread.submit(lambda: asyncio.run(forge())).result() == []
    assert TYPED not in server_log.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
def test_a_state_that_is_no_json_is_said_to_fail_and_not_logged(
    address: str, server_log: Path, own_thread: ThreadPoolExecutor, component: str
) -> None:
    async def forge() -> None:
        for state in BROKEN:
            await forged_run(address, component, state, fails=True)

    own_thread.submit(lambda: asyncio.run(forge())).result()
    assert TYPED not in server_log.read_text(encoding="utf-8")
