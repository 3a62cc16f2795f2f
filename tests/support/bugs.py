"""Bugs for the calculators of this process, to be put in by a test: the product has no hook for them."""

from collections.abc import Callable
from typing import Any

from logic.core.answer import Answer
from logic.core.registry import find

TYPED = "PLATE-12345"
"""A text of the visitor's that the error quotes; no log may hold it."""


def fail(*_: object, **__: object) -> Any:  # noqa: ANN401 - it replaces any function
    """Raise what no caller expects."""
    raise KeyError(TYPED)


def answers_with_a_bug(
    *names: str, spares: Callable[[Any], bool] = lambda _request: False
) -> Callable[..., Answer[Any]]:
    """Return a replacement for `logic.core.registry.Answer` that raises where one of these calculators answers.

    ``spares`` tells for which requests the calculator still works.
    """
    requests = [find(name).request for name in names]

    def answer(*parts: Any) -> Answer[Any]:  # noqa: ANN401 - as the registry calls it
        if type(parts[-1]) in requests and not spares(parts[-1]):
            raise KeyError(f"{TYPED} {parts[-1]!r}")
        return Answer(*parts)

    return answer
