"""Component states that no browser sends are ignored or reported on the page, and their value is never logged."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from tests.support.page_run import query
from tools.harness.streamlit_protocol import (
    BackMsg,
    ForwardMsg,
    component_events,
    open_stream,
)

VISITOR_INPUT = "PLATE-12345"
COMPONENTS = {"browser": "share", "dealers-here": "dealers", "tyre-made": "tyre"}
"""The key of each component of ours, and a page that shows it."""
STATES = [
    VISITOR_INPUT, [VISITOR_INPUT], [VISITOR_INPUT, 1, 1], 1,
    {"day": VISITOR_INPUT}, {"day": [VISITOR_INPUT, 1, 1]}, {"day": [10**30, 1, 1]}, {"day": [1400, 13, 1]}, {"day": [1400, 2, 99]},
    {"day": [1, 2]}, {"day": [{"a": VISITOR_INPUT}, None, 1.5]}, {"day": {"0": VISITOR_INPUT}}, {"day": [True, False, VISITOR_INPUT * 1000]},
]  # fmt: skip
TRIGGERS = [
    VISITOR_INPUT, [VISITOR_INPUT], [{"event": VISITOR_INPUT, "value": VISITOR_INPUT}],
    *(
        [{"event": event, "value": value}]
        for event in ("position", "rerun")
        for value in (VISITOR_INPUT, None, [VISITOR_INPUT], {"lat": VISITOR_INPUT, "lon": VISITOR_INPUT}, {"refused": VISITOR_INPUT}, {"refused": [VISITOR_INPUT]})
    ),
]  # fmt: skip
BROKEN = [f'["{VISITOR_INPUT}"', VISITOR_INPUT, "[" * 20_000]


class Run:
    """The result of a run of a page: the ids of its components, and whether it failed or finished."""

    def __init__(self) -> None:
        """Create the result of a run that has sent no message yet."""
        self.components: list[str] = []
        self.failed = self.finished = False

    def record(self, message: ForwardMsg) -> None:
        """Record a message."""
        if message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self.failed |= element.HasField("exception") or "kh-fault" in element.html.body
            if element.HasField("bidi_component"):
                self.components.append(element.bidi_component.id)
        self.finished |= message.WhichOneof("type") == "script_finished"


async def run(
    stream: ClientConnection, page: str, states: dict[str, dict[str, str]], *, fails: bool = False
) -> Run:
    """Run a page with widget states; with ``fails``, read messages until the page reports a failure."""
    request = BackMsg()
    request.rerun_script.page_name = page
    request.rerun_script.query_string = query(page)
    for widget, state in states.items():
        request.rerun_script.widget_states.widgets.add(id=widget, **state)
    await stream.send(request.SerializeToString())
    result = Run()
    async with asyncio.timeout(30):
        while not result.finished or (fails and not result.failed):
            result.record(ForwardMsg.FromString(bytes(await stream.recv(decode=False))))
    return result


async def forged_run(
    address: str, component: str, state: str | None, trigger: str | None = None, *, fails: bool = False
) -> Run:
    """Open a page in a new visit, then run it with a forged state of a component, or a forged trigger."""
    async with open_stream(address) as stream:
        first = await run(stream, COMPONENTS[component], {})
        (widget,) = (name for name in first.components if name.endswith(component))
        forged = {widget: {"json_value": state}} if state is not None else {}
        if trigger is not None:
            forged[component_events(widget)] = {"json_trigger_value": trigger}
        return await run(stream, COMPONENTS[component], forged, fails=fails)


@pytest.fixture
def own_thread() -> Iterator[ThreadPoolExecutor]:
    """Return an executor whose thread has no event loop of the browser."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.mark.parametrize(
    "component",
    ["browser", *(pytest.param(name, marks=pytest.mark.slow) for name in COMPONENTS if name != "browser")],
)
def test_a_forged_state_causes_no_failure_and_is_not_logged(
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
    assert VISITOR_INPUT not in server_log.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
def test_an_invalid_json_state_is_reported_and_not_logged(
    address: str, server_log: Path, own_thread: ThreadPoolExecutor, component: str
) -> None:
    async def forge() -> None:
        for state in BROKEN:
            await forged_run(address, component, state, fails=True)

    own_thread.submit(lambda: asyncio.run(forge())).result()
    assert VISITOR_INPUT not in server_log.read_text(encoding="utf-8")
