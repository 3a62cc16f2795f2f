"""Unexpected errors: logged under an id, reported without any value of the request."""

import logging
import secrets
import traceback
from pathlib import Path

from logic.errors import FieldError

LOG = logging.getLogger("khodroyar.fault")
MAX_FRAMES = 6


def report_fault(calculator: str, error: Exception) -> FieldError:
    """Log an unexpected error of a calculator under a new id and return the error for the caller.

    The log names the type and the lines of code, never the message: that may quote what a visitor typed.
    """
    fault = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    lines = ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    LOG.error("fault %s in %s: %s at %s", fault, calculator, type(error).__name__, lines)
    return FieldError("request", "our_fault", {"id": fault})
