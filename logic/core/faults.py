"""Unexpected errors: logged under an id, reported without any value of the request."""

import logging
import secrets
import traceback
from collections.abc import Callable
from pathlib import Path

from logic.core.errors import FieldError

LOG = logging.getLogger("khodroyar.fault")
MAX_FRAMES = 12
on_fault: list[Callable[[Exception], None]] = []
"""Called with every error that is reported; the server counts them."""


def report_fault(calculator: str, error: Exception) -> FieldError:
    """Log an unexpected error of a calculator under a new id and return the error for the caller."""
    fault = secrets.token_hex(4)
    LOG.error("fault %s in %s: %s", fault, calculator, without_values(error))
    for called in on_fault:
        called(error)
    return FieldError("request", "our_fault", {"id": fault})


def without_values(error: BaseException) -> str:
    """Return an error as the log may hold it: its type and the lines of code, the innermost first.

    Its message is left out: that may quote what a visitor typed.
    """
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    lines = ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {lines}"
