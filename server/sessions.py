"""Free the sessions of visitors who left, once they can no longer be resumed.

Streamlit removes such sessions only when another visit ends, and Python's garbage collector frees them, which
seldom runs on an idle server: files and fleets of the last visits would stay in memory for hours.
"""

import asyncio
import ctypes
import gc

import streamlit as st

from ui.streamlit_internals import close_expired_sessions

CHECKS_PER_TTL = 4
"""How often sessions are checked in the time for which a visit can be resumed."""


async def free_left_sessions() -> None:
    """Close sessions that were left `server.disconnectedSessionTTL` ago and free their memory, periodically.

    With glibc, free memory is returned to the operating system.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    period_seconds = max(1, st.get_option("server.disconnectedSessionTTL") / CHECKS_PER_TTL)
    while True:
        await asyncio.sleep(period_seconds)
        if not close_expired_sessions():
            continue  # nothing to collect; a full collection stops all pages for a moment
        gc.collect()
        if trim:
            trim(0)
