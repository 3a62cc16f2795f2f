"""Asking a calculator as the command line does."""

import json
from typing import Any

from logic.calculators import find, respond


def response(calculator: str, **fields: object) -> dict[str, Any]:
    """The whole response."""
    return respond(find(calculator), json.dumps(fields).encode())


def result(calculator: str, **fields: object) -> dict[str, Any]:
    """The result of a request that is valid."""
    found = response(calculator, **fields)
    assert found["ok"], found
    answer: dict[str, Any] = found["result"]
    return answer


def others(calculator: str, reading: str, **fields: object) -> list[dict[str, Any]]:
    """What a reading comes to, where it differs."""
    found = response(calculator, **fields)["alternatives"]
    return [each["result"] for each in found if each["reading"] == reading]


def errors(calculator: str, **fields: object) -> set[tuple[str, str]]:
    """Field and code of each error."""
    found = response(calculator, **fields)
    assert not found["ok"], found
    return {(each["field"], each["code"]) for each in found["errors"]}


def notices(calculator: str, **fields: object) -> set[str]:
    """The keys of the notices."""
    return {each["key"] for each in response(calculator, **fields)["notices"]}
