"""Streamlit's protocol between browser and server, for clients without a browser; docs/streamlit-internals.md lists it."""

import re

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
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
    "stream_url",
    "xsrf_token",
]

SUBPROTOCOL = Subprotocol("streamlit")
HEALTH_PATH = "/_stcore/health"
UPLOAD_PATH = "/_stcore/upload_file"
XSRF_COOKIE = "_streamlit_xsrf"


def stream_url(address: str) -> str:
    """Return the URL of the WebSocket of the app at an address."""
    return f"{address.replace('http', 'ws', 1)}/_stcore/stream"


def xsrf_token(cookies: str) -> str:
    """Return Streamlit's token against forged requests from a Set-Cookie header; "" where there is none."""
    found = re.search(f"{XSRF_COOKIE}=([^;]+)", cookies)
    return found[1] if found else ""


def component_events(component: str) -> str:
    """Return the id of the widget that carries the triggers of a component."""
    return f"$$STREAMLIT_INTERNAL_KEY_{component}__events"
