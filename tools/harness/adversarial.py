"""Every regular expression and parser of the app, and texts on which a bad one takes long."""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import product

import logic
import server
import ui
from logic.core.amounts import amount_words, parse_amount
from logic.core.codes import decode
from logic.core.day_text import MAX_DAY_CHARS, read_day
from logic.core.errors import CodeError
from logic.core.normalisation import MAX_CHARS
from logic.core.registry import find as find_calculator
from logic.core.registry import respond
from tools.harness import ROOT
from ui.inputs.fields import MAX_FIELD_CHARS
from ui.inputs.location import MAX_POINT_CHARS, find_places, read_point

DEFAULT_LENGTH = 64_000
"""The maximum length of a text in a request."""
MAX_LENGTHS = {
    "logic.core.amounts": 80,
    "logic.core.day_text": MAX_DAY_CHARS,
    "ui.inputs.location": MAX_POINT_CHARS,
}
"""Limits of modules that check the length of a text before they apply their expressions."""
PACKAGES = (logic, server, ui)


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    match value:
        case re.Pattern():
            yield value
        case tuple() | list() | dict():
            for item in value.values() if isinstance(value, dict) else value:
                yield from _patterns_in(item)


def _modules() -> list[str]:
    return [
        module.name
        for package in PACKAGES
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.endswith("__main__") and module.name != "ui.router"
    ]


def _compiled_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every compiled expression that a module of the app contains or builds from data."""
    for name in _modules():
        for value in vars(importlib.import_module(name)).values():
            for pattern in _patterns_in(value):
                yield name, pattern
    words = amount_words()
    for pattern in (words.sign, *(pattern for pattern, _ in words.replacements)):
        yield parse_amount.__module__, pattern


def _inline_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every expression that is written in a call such as `re.search(r"…", text)`."""
    for package in ("logic", "server", "ui", "pages"):
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and ast.unparse(node.func).startswith("re.")
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                    and isinstance(node.args[0].value, str)
                ):
                    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
                    yield module, re.compile(node.args[0].value)


def expressions() -> list[tuple[str, re.Pattern[str]]]:
    """Return every regular expression with its module, without duplicates."""
    patterns = {
        (module, pattern.pattern): pattern for module, pattern in (*_compiled_patterns(), *_inline_patterns())
    }
    return [(module, pattern) for (module, _), pattern in sorted(patterns.items())]


def adversarial_texts(module: str, pattern: str) -> Iterator[str]:
    """Yield long repetitions of texts that an expression matches, with ends that it does not match."""
    length = MAX_LENGTHS.get(module, DEFAULT_LENGTH)
    letters = dict.fromkeys([*" 1a", *re.findall(r"[^\W_]|[.,/()+°\-\[\]«»،]", pattern)])
    seeds = ["1", " ", "a", "1,", "1.", "1 ", " 1", "1e", "ک ", "م", "(", ")", "(1", "،", "35.7 ", "1,000"]
    seeds += ["".join(pair) for pair in product([*letters][:8], repeat=2)]
    for seed in dict.fromkeys(seeds):
        for end in ("", "\x00", "x"):
            yield (seed * length)[: length - len(end)] + end
            yield "1" + (seed * length)[: length - len(end) - 1] + end


def _read_code(text: str) -> None:
    with suppress(CodeError):
        decode(text)


def _read_request(text: str) -> object:
    return respond(find_calculator("subscriber_share"), json.dumps({text: text}).encode())


PARSERS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "amount": ("logic.core.amounts", parse_amount),
    "day": ("logic.core.day_text", read_day),
    "code": ("logic.core.codes", _read_code),
    "request": ("logic.core.registry", _read_request),
    "coordinates": ("ui.inputs.location", read_point),
    "city": ("ui.inputs.location", lambda text: find_places(text[:MAX_FIELD_CHARS])),
}
"""The parsers by name, each with its module."""
_LONG_TEXTS = {
    "combining marks": "1" + "\u0301" * 50_000 + "\u0327" * 50_000,
    "spaces inside coordinates": "35" + " " * 1500 + "x 51",
    "digits": "9" * 200_000,
    "brackets": "(" * 200_000,
    "spaces": " " * 200_000,
    "number words": "هزار میلیون " * 20_000,
    "separators": "1,١٬" * 50_000,
    "ligatures": "\ufdfa" * 100_000,
}
LONG_TEXTS: Mapping[str, str] = _LONG_TEXTS | {
    f"{name}, {length}": text[:length]
    for name, text in _LONG_TEXTS.items()
    for length in (MAX_FIELD_CHARS, MAX_POINT_CHARS, MAX_CHARS)
}
"""Texts far beyond every limit, and texts of the maximum length of fields, coordinates and codes."""
