"""Streamlit's protocol for clients without a browser, as listed in docs/streamlit-internals.md."""

import re

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

__all__ = [
    "HEALTH_PATH",
    "SUBPROTOCOL",
    "UPLOAD_PATH",
    "XSRF_COOKIE",
    "BackMsg",
    "ForwardMsg",
    "WidgetState",
    "component_events",
    "open_stream",
    "stream_url",
    "xsrf_token",
]

SUBPROTOCOL = Subprotocol("streamlit")
HEALTH_PATH = "/_stcore/health"
UPLOAD_PATH = "/_stcore/upload_file"
XSRF_COOKIE = "_streamlit_xsrf"


def stream_url(address: str) -> str:
    """Return the URL of the app's WebSocket."""
    return f"{address.replace('http', 'ws', 1)}/_stcore/stream"


def open_stream(address: str, *tokens: str, compression: str | None = None) -> connect:
    """Open the app's WebSocket, as a context manager or with ``await``.

    ``tokens`` are those of a visit to resume: an XSRF token and the id of the session. Messages that nobody reads
    are kept; if they filled the queue, the client would not read the answer to its closing frame.
    """
    return connect(
        stream_url(address),
        subprotocols=[SUBPROTOCOL, *map(Subprotocol, tokens)],
        compression=compression,
        max_size=None,
        max_queue=None,
    )


def xsrf_token(cookies: str) -> str:
    """Return Streamlit's XSRF token in a Set-Cookie header, or an empty string."""
    match = re.search(f"{XSRF_COOKIE}=([^;]+)", cookies)
    return match[1] if match else ""


def component_events(component: str) -> str:
    """Return the id of the widget for the triggers of a component."""
    return f"$$STREAMLIT_INTERNAL_KEY_{component}__events"
