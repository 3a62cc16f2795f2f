"""Free the sessions of visits that were left, once they can no longer be resumed.

Streamlit forgets such sessions only when the next visit ends, and they wait for Python's collector, which a
quiet server does not start: files and fleets of the last visits would stay in memory for hours.
"""

import asyncio
import ctypes
import gc

import streamlit as st

from ui.streamlit_internals import close_expired_sessions

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
        if not close_expired_sessions():
            continue  # a full collection stops all pages for a moment
        gc.collect()
        if trim:
            trim(0)
