"""Check that a response of a calculator has the form of the contract."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from logic.core.messages import messages
from logic.core.registry import Calculator
from logic.datasets.tables import clauses


def clauses_in(value: object) -> Iterator[str]:
    """Yield the value of every key ``clause`` in an answer, at any depth."""
    match value:
        case dict():
            for name, item in value.items():
                if name == "clause":
                    yield item
                yield from clauses_in(item)
        case list():
            for item in value:
                yield from clauses_in(item)
        case _:
            return


def assert_matches_contract(response: Mapping[str, Any], calculator: Calculator) -> None:
    """Fail unless a response is an answer of the calculator, or known errors of the request."""
    response = json.loads(json.dumps(response, allow_nan=False))
    if not response["ok"]:
        assert set(response) == {"ok", "errors"}
        assert response["errors"]
        for error in response["errors"]:
            assert set(error) == {"field", "code", "message"}
            assert error["code"] in messages(), error
            assert error["code"] != "our_fault"
            assert set(error["message"]) == {"fa", "en"}
            assert all(text and "{" not in text for text in error["message"].values())
        return
    assert set(response) == {"ok", "result", "steps", "notices", "alternatives"}
    assert set(response["result"]) == set(calculator.result.model_fields)
    assert set(clauses_in(response)) <= set(clauses())
    for step in response["steps"]:
        assert set(step) == {"key", "clause", "inputs", "value", "unit"}
    for notice in response["notices"]:
        assert set(notice) == {"key", "clause", "severity", "params"}
        assert notice["severity"] in ("info", "warning")
    for alternative in response["alternatives"]:
        assert set(alternative) == {"reading", "clause", "result"}
        assert alternative["result"]
        assert all(response["result"][name] != value for name, value in alternative["result"].items())
