"""A visitor without a browser: speaks Streamlit's protocol over a WebSocket and latencies for each answer."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect

from bench.scenarios import PageScenario
from tools.harness.streamlit_protocol import SUBPROTOCOL, BackMsg, ForwardMsg, stream_url

MILLI = 1000
LARGEST = 64 << 20


class BrokenRunError(Exception):
    """The script ended with an error, or the page has no such buttons."""


class Visitor:
    """A visit of a page, open inside ``async with``."""

    def __init__(
        self, address: str, scenario: PageScenario, headers: Mapping[str, str] | None = None
    ) -> None:
        """Nothing is sent yet; ``headers`` go with the request for the WebSocket."""
        self._stream = stream_url(address)
        self._headers = headers or {}
        self._scenario = scenario
        self._page = ""
        self._buttons = ""
        self._labels: list[str] = []
        self._presses = 0

    async def __aenter__(self) -> Self:
        """Open the page and wait until all of it is there. Raises BrokenRunError."""
        self._wire: ClientConnection = await connect(
            self._stream,
            subprotocols=[SUBPROTOCOL],
            additional_headers=self._headers,
            max_size=LARGEST,
            compression=None,
        )
        await self._run(BackMsg())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave."""
        await self._wire.close()

    async def press(self) -> float:
        """Press the other of the first two buttons; ms until the last of the answer is there."""
        self._presses += 1
        message = BackMsg()
        pressed = message.rerun_script.widget_states.widgets.add(id=self._buttons)
        pressed.string_array_value.data.append(self._labels[self._presses % 2])
        began = time.perf_counter()
        await self._run(message)
        return (time.perf_counter() - began) * MILLI

    async def _run(self, message: BackMsg) -> None:
        asked = message.rerun_script
        asked.query_string = self._scenario.link
        if self._page:
            asked.page_script_hash = self._page
        else:
            asked.page_name = self._scenario.page
        await self._wire.send(message.SerializeToString())
        while True:
            found = ForwardMsg.FromString(bytes(await self._wire.recv(decode=False)))
            match found.WhichOneof("type"):
                case "navigation":
                    self._page = found.navigation.page_script_hash
                case "delta":
                    self._see(found)
                case "script_finished":
                    break
        if found.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            raise BrokenRunError(ForwardMsg.ScriptFinishedStatus.Name(found.script_finished))
        if not self._buttons:
            raise BrokenRunError(f"{self._scenario.page} has no buttons {self._scenario.key}")

    def _see(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.HasField("exception"):
            raise BrokenRunError(element.exception.message)
        if element.HasField("button_group") and element.button_group.id.endswith(f"-{self._scenario.key}"):
            self._buttons = element.button_group.id
            self._labels = [each.content for each in element.button_group.options]
