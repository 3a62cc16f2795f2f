"""Regular expressions and parsers are fast on their longest inputs, so that no text keeps the server busy."""

import re
import time
from collections.abc import Callable

import pytest

from logic.core.registry import find as find_calculator
from logic.core.registry import respond
from tools.harness.adversarial import LONG_TEXTS, PARSERS, adversarial_texts, expressions
from ui.inputs.location import read_point

CEILING_SECONDS = 1.0
"""Generous: the slowest takes some milliseconds (`make bench ONLY=expressions`). It catches what takes minutes."""
EXPRESSIONS = expressions()


@pytest.mark.parametrize(
    ("module", "pattern"),
    [pytest.param(module, pattern, id=f"{module}:{pattern.pattern[:40]}") for module, pattern in EXPRESSIONS],
)
def test_an_expression_is_fast_on_its_longest_input(module: str, pattern: re.Pattern[str]) -> None:
    for text in adversarial_texts(module, pattern.pattern):
        for apply in (pattern.fullmatch, pattern.search):
            start = time.perf_counter()
            apply(text)
            taken = time.perf_counter() - start
            assert taken < CEILING_SECONDS, (apply.__name__, text[:40], len(text))


def test_the_expressions_of_the_app_are_found() -> None:
    assert {
        "logic.core.models",
        "logic.core.jalali",
        "logic.core.amounts",
        "ui.inputs.location",
        "ui.inputs.fields",
        "server.observability",
    } <= {module for module, _ in EXPRESSIONS}


def test_a_request_of_many_fields_is_refused_fast() -> None:
    share = find_calculator("subscriber_share")
    names = [f"{index:x}" for index in range(50_000)]
    for last in ("0", names[-1], "new"):  # repeated at once, repeated at the end, unknown
        line = ("{" + ",".join(f'"{name}":1' for name in (*names, last)) + "}").encode()
        start = time.perf_counter()
        assert respond(share, line)["ok"] is False
        assert time.perf_counter() - start < CEILING_SECONDS


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS)
@pytest.mark.parametrize("parse", [parse for _, parse in PARSERS.values()], ids=PARSERS)
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
