"""Unexpected errors: logged under an id, without any value of the request."""

import logging
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path

from logic.core.errors import FieldError

LOG = logging.getLogger("khodroyar.fault")
MAX_FRAMES = 12
fault_listeners: list[Callable[[Exception], None]] = []
"""Functions that are called with every reported error; the server counts the errors."""


def report_fault(calculator: str, error: Exception) -> FieldError:
    """Log an unexpected error of a calculator under a new id and return the error to respond with."""
    fault = secrets.token_hex(4)
    LOG.error("fault %s in %s: %s", fault, calculator, without_values(error))
    for listener in fault_listeners:
        listener(error)
    return FieldError("request", "our_fault", {"id": fault})


def without_values(error: BaseException) -> str:
    """Return the type of an error and the lines of code that it passed, the innermost first.

    The message is left out, because it may quote what a visitor typed.
    """
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    lines = ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {lines}"
