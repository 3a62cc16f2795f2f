"""Free the sessions of visits that were left, once they can no longer be resumed.

Streamlit forgets such sessions only when the next visit ends, and they wait for Python's collector, which a
quiet server does not start: files and fleets of the last visits would stay in memory for hours.
"""

import asyncio
import ctypes
import gc
from typing import Any

import streamlit as st
from streamlit import runtime

ROUNDS = 4
"""In the time for which a visit can be resumed."""


async def free_left_sessions() -> None:
    """Forget sessions that were left `server.disconnectedSessionTTL` ago and collect them, until cancelled.

    Where the C library can (glibc), give the memory that has become free back to the system.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    period_seconds = max(1, st.get_option("server.disconnectedSessionTTL") / ROUNDS)
    while True:
        await asyncio.sleep(period_seconds)
        if not _close_left_sessions():
            continue  # a full collection stops all pages for a moment
        gc.collect()
        if trim:
            trim(0)


def _close_left_sessions() -> int:
    """Close the sessions that can no longer be resumed; return how many there were."""
    manager: Any = runtime.get_instance()._session_mgr  # noqa: SLF001 - nothing public leads to these sessions
    expired = manager._session_storage._cache.expire()  # noqa: SLF001
    for _, left in expired:
        left.session.shutdown()
        left.session.session_state.clear()  # what refers to it waits for the collector
    return len(expired)
