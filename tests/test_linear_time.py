"""No text can keep the server busy: regular expressions and parsers are fast on their longest inputs."""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from itertools import product

import pytest

import logic
import server
import ui
from logic.calculators import find as find_calculator
from logic.calculators import respond
from logic.codes import decode
from logic.core.amounts import parse_amount
from logic.core.day_text import MAX_DAY_CHARS, read_day
from logic.errors import CodeError
from tests.support.paths import ROOT
from ui.place import MAX_POINT_CHARS, find, read_point

CEILING_SECONDS = 1.0
"""Generous: the slowest takes some milliseconds. It catches what takes minutes."""
DEFAULT_LENGTH = 64_000
"""The longest text of a request."""
MAX_LENGTHS = {"logic.core.amounts": 80, "logic.core.day_text": MAX_DAY_CHARS, "ui.place": MAX_POINT_CHARS}
"""Modules that check the length of a text before they apply their expressions to it."""
PACKAGES = (logic, server, ui)


def patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    match value:
        case re.Pattern():
            yield value
        case tuple() | list() | dict():
            for item in value.values() if isinstance(value, dict) else value:
                yield from patterns_in(item)


def modules() -> list[str]:
    return [
        module.name
        for package in PACKAGES
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.endswith("__main__") and module.name != "ui.router"
    ]


def compiled_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every compiled expression that a module of the product holds."""
    for name in modules():
        for value in vars(importlib.import_module(name)).values():
            for pattern in patterns_in(value):
                yield name, pattern


def inline_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
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


PATTERNS = sorted(
    {
        (module, pattern.pattern): pattern for module, pattern in (*compiled_patterns(), *inline_patterns())
    }.items()
)


def adversarial_texts(pattern: str, length: int) -> Iterator[str]:
    """Yield long repetitions of what an expression matches, ended by what it does not."""
    letters = dict.fromkeys([*" 1a", *re.findall(r"[^\W_]|[.,/()+°\-\[\]«»،]", pattern)])
    seeds = ["1", " ", "a", "1,", "1.", "1 ", " 1", "1e", "ک ", "م", "(", ")", "(1", "،", "35.7 ", "1,000"]
    seeds += ["".join(pair) for pair in product([*letters][:8], repeat=2)]
    for seed in dict.fromkeys(seeds):
        for end in ("", "\x00", "x"):
            yield (seed * length)[: length - len(end)] + end
            yield "1" + (seed * length)[: length - len(end) - 1] + end


@pytest.mark.parametrize(
    ("module", "pattern"),
    [pytest.param(module, pattern, id=f"{module}:{text[:40]}") for (module, text), pattern in PATTERNS],
)
def test_an_expression_is_fast_on_its_longest_input(module: str, pattern: re.Pattern[str]) -> None:
    length = MAX_LENGTHS.get(module, DEFAULT_LENGTH)
    for text in adversarial_texts(pattern.pattern, length):
        for apply in (pattern.fullmatch, pattern.search):
            start = time.perf_counter()
            apply(text)
            taken = time.perf_counter() - start
            assert taken < CEILING_SECONDS, (apply.__name__, text[:40], len(text))


def test_the_expressions_of_the_product_are_found() -> None:
    found = {module for (module, _), _ in PATTERNS}
    assert {
        "logic.models",
        "logic.calendar",
        "logic.core.amounts",
        "ui.place",
        "ui.fields",
        "server.watch",
    } <= found


def read_code(text: str) -> object:
    with pytest.raises(CodeError):
        decode(text)
    return None


PARSERS: dict[str, Callable[[str], object]] = {
    "amount": parse_amount,
    "coordinates": read_point,
    "day": read_day,
    "city": lambda text: find(text[:80]),
    "code": read_code,
}


def test_a_request_of_many_fields_is_refused_fast() -> None:
    share = find_calculator("subscriber_share")
    names = [f"{index:x}" for index in range(50_000)]
    for last in ("0", names[-1], "new"):  # repeated at once, repeated at the end, unknown
        line = ("{" + ",".join(f'"{name}":1' for name in (*names, last)) + "}").encode()
        start = time.perf_counter()
        assert respond(share, line)["ok"] is False
        assert time.perf_counter() - start < CEILING_SECONDS


LONG_TEXTS = {
    "combining marks": "1" + "\u0301" * 50_000 + "\u0327" * 50_000,
    "spaces inside coordinates": "35" + " " * 1500 + "x 51",
    "digits": "9" * 200_000,
    "brackets": "(" * 200_000,
    "spaces": " " * 200_000,
    "number words": "هزار میلیون " * 20_000,
    "separators": "1,١٬" * 50_000,
    "ligatures": "\ufdfa" * 100_000,
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS)
@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
def test_a_parser_is_fast_on_any_text(parse: Callable[[str], object], text: str) -> None:
    start = time.perf_counter()
    parse(text)
    assert time.perf_counter() - start < CEILING_SECONDS


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("35.7, 51.4", (35.7, 51.4)), ("35.7 51.4", (35.7, 51.4)), (" ( 35.70000° N ، 51.4°E ) ", (35.7, 51.4)),
        ("۳۵٫۷،۵۱٫۴", (35.7, 51.4)), ("+35.7/ 51.4", (35.7, 51.4)), ("35.7\t;\n51.4", (35.7, 51.4)), ("35.751.4", None),
        ("35.7", None), ("35.7,,51.4", None), ("N35.7 E51.4", None), ("35.7, 51.4" + " " * 400, None),
        ("\u200f35.7\u2066, \u200d51.4", (35.7, 51.4)), ("35°42'N 51°24'E", (35.7, 51.4)),
        ("35°42′00″ N, 51°24′00″ E", (35.7, 51.4)), ("51°24'E 35°42'N", (35.7, 51.4)), ("35°42.3' 51°24'", (35.705, 51.4)),
        ("35° N 51° E", (35.0, 51.0)), ("95° 51°", None), ("geo:35.7,51.4?z=12", (35.7, 51.4)),
        ("https://maps.example/place/X/@35.1,51.1,15z/data=!3d35.7!4d51.4", (35.7, 51.4)),
        ("https://maps.example/@35.7,51.4,15z", (35.7, 51.4)), ("https://maps.example/?q=35.7%2C51.4", (35.7, 51.4)),
        ("https://maps.example/#map=15/35.7/51.4", (35.7, 51.4)), ("https://maps.example/", None),
        ("https://maps.example/?mlat=35.7&mlon=51.4", (35.7, 51.4)), ("maps.example/@35.7,51.4", None),
    ],
)  # fmt: skip
def test_coordinates_are_read_as_people_write_them(typed: str, point: tuple[float, float] | None) -> None:
    assert read_point(typed) == point
