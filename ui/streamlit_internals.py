"""What the app takes from Streamlit's private Python modules; docs/streamlit-internals.md gives the reasons.

No other module of the app imports one of them, which tests/test_streamlit_internals.py checks.
"""

from collections.abc import Mapping
from typing import Any

from streamlit import runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = [
    "DeltaGenerator",
    "UploadedFile",
    "close_expired_sessions",
    "close_unless_connected",
    "free_files_of_this_visit",
    "uploaded_bytes",
]


def free_files_of_this_visit() -> None:
    """Delete the files that the visit of the running page has uploaded."""
    context = get_script_run_ctx()
    if context:
        context.uploaded_file_mgr.remove_session_files(context.session_id)


def uploaded_bytes() -> Mapping[str, Mapping[str, int]]:
    """Return the size of every uploaded file by visit and file, the oldest visit first."""
    manager = runtime.get_instance().uploaded_file_mgr
    if not isinstance(manager, MemoryUploadedFileManager):
        return {}
    visits = [*manager.file_storage.items()]  # other threads add and remove files
    return {visit: {file_id: len(file.data) for file_id, file in [*files.items()]} for visit, files in visits}


def close_unless_connected(visit: str) -> bool:
    """Close a visit without a connection and delete its files; return whether it had none."""
    server = runtime.get_instance()
    if server.is_active_session(visit):
        return False
    server.close_session(visit)  # the state of its fields refers to its files too
    server.uploaded_file_mgr.remove_session_files(visit)
    return True


def close_expired_sessions() -> int:
    """Close the sessions that can no longer be resumed; return how many there were."""
    manager: Any = runtime.get_instance()._session_mgr  # noqa: SLF001 - nothing public leads to these sessions
    expired = manager._session_storage._cache.expire()  # noqa: SLF001
    for _, stored in expired:
        stored.session.shutdown()
        stored.session.session_state.clear()  # what refers to it waits for the collector
    return len(expired)
