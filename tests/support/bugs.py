"""Replacements with bugs for functions and calculators of this process; the app has no hook for them."""

from collections.abc import Callable
from typing import Any

from logic.core.answer import Answer
from logic.core.registry import find

VISITOR_INPUT = "PLATE-12345"
"""A visitor's input that the error quotes; no log may contain it."""


def fail(*_: object, **__: object) -> Any:  # noqa: ANN401 - it replaces any function
    """Raise an error that no caller expects."""
    raise KeyError(VISITOR_INPUT)


def answers_with_a_bug(
    *names: str, spares: Callable[[Any], bool] = lambda _request: False
) -> Callable[..., Answer[Any]]:
    """Return a replacement for `logic.core.registry.Answer` that raises for the answers of these calculators.

    ``spares`` returns whether the calculator still works for a request.
    """
    requests = [find(name).request for name in names]

    def answer(*parts: Any) -> Answer[Any]:  # noqa: ANN401 - as the registry calls it
        if type(parts[-1]) in requests and not spares(parts[-1]):
            raise KeyError(f"{VISITOR_INPUT} {parts[-1]!r}")
        return Answer(*parts)

    return answer
