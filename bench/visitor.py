"""A visitor without a browser, who uses Streamlit's protocol over a WebSocket and measures each answer."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect

from bench.scenarios import PageScenario
from tools.harness.streamlit_protocol import SUBPROTOCOL, BackMsg, ForwardMsg, stream_url

MILLI = 1000
MAX_MESSAGE_BYTES = 64 << 20


class BrokenRunError(Exception):
    """The script ended with an error, or the page has no such buttons."""


class Visitor:
    """A visit of a page that is open inside ``async with``."""

    def __init__(
        self, address: str, scenario: PageScenario, headers: Mapping[str, str] | None = None
    ) -> None:
        """Prepare a visit; ``headers`` are those of the request for the WebSocket."""
        self._stream = stream_url(address)
        self._headers = headers or {}
        self._scenario = scenario
        self._page = ""
        self._buttons = ""
        self._labels: list[str] = []
        self._presses = 0

    async def __aenter__(self) -> Self:
        """Open the page and wait for the end of its first run. Raises BrokenRunError."""
        self._socket: ClientConnection = await connect(
            self._stream,
            subprotocols=[SUBPROTOCOL],
            additional_headers=self._headers,
            max_size=MAX_MESSAGE_BYTES,
            compression=None,
        )
        await self._run(BackMsg())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the page."""
        await self._socket.close()

    async def press(self) -> float:
        """Press the other one of the first two buttons; return the ms until the run ends."""
        self._presses += 1
        message = BackMsg()
        pressed = message.rerun_script.widget_states.widgets.add(id=self._buttons)
        pressed.string_array_value.data.append(self._labels[self._presses % 2])
        began = time.perf_counter()
        await self._run(message)
        return (time.perf_counter() - began) * MILLI

    async def _run(self, message: BackMsg) -> None:
        request = message.rerun_script
        request.query_string = self._scenario.link
        if self._page:
            request.page_script_hash = self._page
        else:
            request.page_name = self._scenario.page
        await self._socket.send(message.SerializeToString())
        while True:
            received = ForwardMsg.FromString(bytes(await self._socket.recv(decode=False)))
            match received.WhichOneof("type"):
                case "navigation":
                    self._page = received.navigation.page_script_hash
                case "delta":
                    self._read(received)
                case "script_finished":
                    break
        if received.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            raise BrokenRunError(ForwardMsg.ScriptFinishedStatus.Name(received.script_finished))
        if not self._buttons:
            raise BrokenRunError(f"{self._scenario.page} has no buttons {self._scenario.key}")

    def _read(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.HasField("exception"):
            raise BrokenRunError(element.exception.message)
        if element.HasField("button_group") and element.button_group.id.endswith(f"-{self._scenario.key}"):
            self._buttons = element.button_group.id
            self._labels = [option.content for option in element.button_group.options]
