"""uvicorn's protocols with a deadline for what a client owes, and the security headers on their own errors.

uvicorn answers a malformed request or handshake itself, before the app is called, and waits without end for
the rest of a request that has begun.
"""

import asyncio

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.http11 import Response
from websockets.server import ServerProtocol

from logic.core.settings import settings
from server.security_headers import security_headers


class HttpProtocol(H11Protocol):
    """HTTP/1.1; a connection is closed that sends no whole header, or no more of a body, in time."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a header."""
        super().connection_made(transport)
        self._expect_data()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on. A header has one deadline, a body a new one with each piece, a WebSocket none."""
        super().data_received(data)
        client = self.conn.their_state
        if client is not h11.IDLE:
            self._expect_nothing()
        unfinished = client in {h11.IDLE, h11.SEND_BODY} and self.transport.get_protocol() is self
        if unfinished and self._deadline is None:
            self._expect_data()

    def send_400_response(self, msg: str) -> None:
        """Refuse a malformed request; close at once where an answer to it has begun."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
            start = h11.Response(status_code=400, headers=[*headers, *security_headers()])
            for event in (start, h11.Data(data=msg.encode()), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _expect_data(self) -> None:
        self._deadline = self.loop.call_later(settings().read_seconds, self._deadline_passed)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _deadline_passed(self) -> None:
        if self.flow.read_paused:  # the app has yet to take what was sent
            self._expect_data()
        else:
            self.transport.close()


class _Handshake(ServerProtocol):
    def reject(self, status: int, text: str) -> Response:
        """Return the answer to a handshake that fails."""
        response = super().reject(status, text)
        response.headers.update(security_headers())
        return response


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSocket without compression: a few compressed kilobytes could unpack to megabytes."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Take the handshake over from uvicorn's."""
        super().__init__(config, server_state, app_state, _loop)
        self.conn = _Handshake(max_size=config.ws_max_size, logger=self.logger)
