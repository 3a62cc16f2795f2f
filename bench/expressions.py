"""Measure regular expressions and parsers on adversarial texts."""

import time
from collections.abc import Callable, Iterable

from bench import report
from tools.harness.adversarial import LONG_TEXTS, PARSERS, adversarial_texts, expressions

TARGET_MS = 20
ROUNDS = 5
"""How often the slowest text is measured; the fastest time counts, since the machine is shared."""
SHOWN_CHARS = 40
MILLI = 1000


def _milliseconds(apply: Callable[[str], object], text: str) -> float:
    began = time.perf_counter()
    apply(text)
    return (time.perf_counter() - began) * MILLI


def _slowest(applications: Iterable[Callable[[str], object]], texts: Iterable[str]) -> float:
    """Return the ms for the text that takes longest."""
    texts, slowest = [*texts], 0.0
    for apply in applications:
        text = max(texts, key=lambda text: _milliseconds(apply, text))
        slowest = max(slowest, min(_milliseconds(apply, text) for _ in range(ROUNDS)))
    return slowest


def _table_text(pattern: str) -> str:
    """Return the beginning of an expression for a table, with signs of other scripts escaped."""
    signs = pattern[:SHOWN_CHARS].replace("|", r"\|")
    return "".join(sign if sign.isascii() or sign.isalpha() else f"\\u{ord(sign):04x}" for sign in signs)


def main() -> str:
    """Measure and return the section."""
    times = [
        (
            module,
            f"`{_table_text(pattern.pattern)}`",
            _slowest((pattern.fullmatch, pattern.search), adversarial_texts(module, pattern.pattern)),
        )
        for module, pattern in expressions()
    ]
    times += [
        (module, f"parser: {name}", _slowest([parse], LONG_TEXTS.values()))
        for name, (module, parse) in PARSERS.items()
    ]
    slowest: dict[str, tuple[str, float]] = {}
    for module, name, milliseconds in times:
        if module not in slowest or milliseconds > slowest[module][1]:
            slowest[module] = (name, milliseconds)
    rows = [
        (module, name, f"{milliseconds:.2f}", "missed" if milliseconds > TARGET_MS else "met")
        for module, (name, milliseconds) in sorted(slowest.items(), key=lambda item: -item[1][1])
    ]
    return f"""
{len(times) - len(PARSERS)} regular expressions and {len(PARSERS)} parsers, each on the text that takes longest (`tools/harness/adversarial.py`): repetitions
of what it matches, as long as its module or a request allows, the fastest of {ROUNDS} times. The slowest of each
module; the target is {TARGET_MS} ms.

{report.table(("module", "slowest", "ms", "target"), rows)}
"""
