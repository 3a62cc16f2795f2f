"""uvicorn's protocols with a deadline for incomplete requests, and with security headers on uvicorn's errors.

uvicorn itself answers a malformed request or handshake before the app is called, and waits for the rest of a
request without a limit.
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
    """HTTP/1.1 that closes a connection if the header, or the next piece of a body, is late."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the deadline for the header."""
        super().connection_made(transport)
        self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the deadline."""
        self._cancel_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Handle data. A header has one deadline, each piece of a body a new one, a WebSocket none."""
        super().data_received(data)
        client = self.conn.their_state
        if client is not h11.IDLE:
            self._cancel_deadline()
        unfinished = client in {h11.IDLE, h11.SEND_BODY} and self.transport.get_protocol() is self
        if unfinished and self._deadline is None:
            self._start_deadline()

    def send_400_response(self, msg: str) -> None:
        """Answer a malformed request with 400; close the connection, also if a response has already begun."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
            start = h11.Response(status_code=400, headers=[*headers, *security_headers()])
            for event in (start, h11.Data(data=msg.encode()), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _start_deadline(self) -> None:
        self._deadline = self.loop.call_later(settings().read_seconds, self._on_deadline)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _on_deadline(self) -> None:
        if self.flow.read_paused:  # the app has not yet read the data that arrived
            self._start_deadline()
        else:
            self.transport.close()


class _Handshake(ServerProtocol):
    def reject(self, status: int, text: str) -> Response:
        """Return the response to a failed handshake, with the security headers."""
        response = super().reject(status, text)
        response.headers.update(security_headers())
        return response


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSocket without compression: a few compressed kilobytes could expand to megabytes."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Replace uvicorn's handshake by one with security headers and without compression."""
        super().__init__(config, server_state, app_state, _loop)
        self.conn = _Handshake(max_size=config.ws_max_size, logger=self.logger)
