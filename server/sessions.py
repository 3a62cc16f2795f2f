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
        _close_left_sessions()
        gc.collect()
        if trim:
            trim(0)


def _close_left_sessions() -> None:
    manager: Any = runtime.get_instance()._session_mgr  # noqa: SLF001 - nothing public leads to these sessions
    for _, left in manager._session_storage._cache.expire():  # noqa: SLF001
        left.session.shutdown()
        left.session.session_state.clear()  # what refers to it waits for the collector
