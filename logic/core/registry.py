"""The registry: every calculator's name, request, result and function.

A calculator is a function marked with ``@calculator`` in any module of this package. Its name is the
function's name, its models are read from its annotations; nothing here changes when one is added.
"""

import importlib
import json
import pkgutil
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, wraps
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import ValidationError
from pydantic_core import ErrorDetails

import logic
from logic.core.answer import Answer, to_json
from logic.core.errors import DataError, FieldError, RequestError, UnknownCalculatorError
from logic.core.faults import report_fault
from logic.core.messages import message, messages
from logic.core.models import Request, Result
from logic.core.normalisation import without_ignored

WITHOUT_CALCULATORS = ("batch", "__main__")
MAX_FIELDS = 100
"""The fields of a request, known or not; no calculator has a quarter of them."""
_Q = TypeVar("_Q", bound=Request)
_A = TypeVar("_A", bound=Result)


@dataclass(frozen=True, slots=True)
class Calculator:
    """One question that the app answers."""

    name: str
    request: type[Request]
    result: type[Result]
    function: Callable[[Any], Answer[Any]]

    def read(self, fields: Mapping[str, object]) -> Request:
        """The request from JSON-like fields. Raises RequestError with an error per field."""
        if len(fields) > MAX_FIELDS:
            raise RequestError([FieldError("request", "too_many", {"limit": MAX_FIELDS})])
        try:
            return self.request.model_validate({name: _visible(value) for name, value in fields.items()})
        except ValidationError as error:
            raise RequestError(field_errors(error)) from None

    def answer(self, fields: Mapping[str, object]) -> Answer[Any]:
        """Read the request and answer it."""
        return self.function(self.read(fields))

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the request and the result."""
        return {
            "request": self.request.model_json_schema(),
            "result": self.result.model_json_schema(mode="serialization"),
        }


def _visible(value: object) -> object:
    """A text, or the texts of a list, without direction marks and joiners; other values as they are."""
    if isinstance(value, str):
        return without_ignored(value)
    return (
        [_visible(item) if isinstance(item, str) else item for item in value]
        if isinstance(value, list)
        else value
    )


_marked: dict[str, Calculator] = {}


def calculator(function: Callable[[_Q], Answer[_A]]) -> Callable[[_Q], Answer[_A]]:
    """Mark a function from a Request to an Answer of a Result as a calculator; answers keep their request."""
    hints = get_type_hints(function)
    (result,) = get_args(hints["return"])

    @wraps(function)
    def answering(request: _Q) -> Answer[_A]:
        found = function(request)
        return Answer(found.result, found.steps, found.notices, found.alternatives, request)

    _marked[function.__name__] = Calculator(function.__name__, hints["request"], result, answering)
    return answering


@dataclass(frozen=True, slots=True)
class Segments:
    """What lets a file of many requests be answered piece by piece: see ``piecewise``."""

    field: str
    breakpoints: Callable[[Any], Sequence[int]]


_segments: dict[str, Segments] = {}
_P = Callable[[_Q], Sequence[int]]


def linear_between(of: Callable[[_Q], Answer[Any]], field: str) -> Callable[[_P[_Q]], _P[_Q]]:
    """Mark a function from a request to the points, rising, of one whole-number field of a calculator.

    From a point up to the next, the calculator's result stays as it is, but for whole numbers in it that
    move one for one with the field; its notices and readings stay too. The request comes without the field.
    """

    def mark(points: _P[_Q]) -> _P[_Q]:
        _segments[of.__name__] = Segments(field, points)
        return points

    return mark


def segments(name: str) -> Segments | None:
    """The pieces of a calculator's answers; None where each request has to be answered by itself."""
    return _segments.get(name)


@cache
def calculators() -> Mapping[str, Calculator]:
    """Every calculator of the package by name, in the order of the names."""
    for module in pkgutil.walk_packages(logic.__path__, "logic."):
        if not module.ispkg and module.name.split(".")[1] not in WITHOUT_CALCULATORS:
            importlib.import_module(module.name)
    return dict(sorted(_marked.items()))


def calculator_name(request: Request) -> str:
    """The name of the calculator that a request is for."""
    return next(each.name for each in calculators().values() if type(request) is each.request)


def find(name: str) -> Calculator:
    """The calculator of that name. Raises UnknownCalculatorError."""
    try:
        return calculators()[name]
    except KeyError:
        raise UnknownCalculatorError(name) from None


def respond(calculator: Calculator, line: bytes) -> dict[str, object]:
    """One line of JSON to one response of the contract; whatever the line holds, there is a response."""
    try:
        answer = calculator.answer(_parse(line))
        return {"ok": True, **plain_object(answer)}
    except RequestError as error:
        return {"ok": False, "errors": [error_to_dict(e) for e in error.errors]}
    except DataError:  # stops the program: no line can be answered
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours must not take the other lines with it
        return {"ok": False, "errors": [error_to_dict(report_fault(calculator.name, error))]}


def plain_object(answer: Answer[Any]) -> dict[str, object]:
    """``result``, ``steps``, ``notices`` and ``alternatives`` as JSON knows them."""
    plained = to_json(answer)
    assert isinstance(plained, dict)  # noqa: S101 - an Answer always is an object
    return plained


def _parse(line: bytes) -> Mapping[str, object]:
    try:
        fields = json.loads(
            line.removeprefix(BOM_UTF8).decode(),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=unique_keys,
        )
    except (
        ValueError,
        ArithmeticError,
        RecursionError,
    ):  # not UTF-8, not JSON, 1e999999999999999999, too deep
        raise RequestError([FieldError("request", "broken_json")]) from None
    if not isinstance(fields, dict):
        raise RequestError([FieldError("request", "not_an_object")])
    return fields


def unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys differ; of a repeated key nobody can tell which value was meant."""
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise RequestError([FieldError(name or "request", "repeated_key")])
        fields[name] = value
    return fields


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "enum": "unknown_value",
    "literal_error": "unknown_value",
    "int_type": "not_whole",
    "int_parsing": "not_whole",
    "int_from_float": "not_whole",
    "int_parsing_size": "number_too_large",
    "decimal_type": "not_a_number",
    "decimal_parsing": "not_a_number",
    "finite_number": "not_a_number",
    "float_type": "not_a_number",
    "float_parsing": "not_a_number",
    "bool_type": "not_yes_no",
    "list_type": "not_a_list",
    "tuple_type": "not_a_list",
    "frozen_set_type": "not_a_list",
    "string_type": "not_text",
    "date_type": "no_such_day",
    "date_from_datetime_parsing": "no_such_day",
    "less_than_equal": "too_large",
    "too_short": "too_few",
}


MAX_ERRORS = 50
"""How many errors of a request are explained; of further ones the number is given."""


def field_errors(error: ValidationError) -> list[FieldError]:
    """A request's errors in the contract's words, in the order of the fields, at most `MAX_ERRORS`.

    A list that lost a bad item is not blamed for being short as well.
    """
    found = error.errors(include_url=False, include_input=False)
    places = {each["loc"][:depth] for each in found for depth in range(1, len(each["loc"]))}
    own = [each for each in found if each["type"] != "too_short" or each["loc"] not in places]
    explained = [_field_error(each) for each in own[:MAX_ERRORS]]
    if len(own) > MAX_ERRORS:
        explained.append(FieldError("request", "more_errors", {"count": len(own) - MAX_ERRORS}))
    return explained


def _field_error(error: ErrorDetails) -> FieldError:
    """Pydantic's error in the contract's words. Errors over several fields name theirs in the context."""
    context = dict(error.get("ctx", {}))
    field = str(context.pop("field", ".".join(map(str, error["loc"])) or "request"))
    match error["type"]:
        case "greater_than_equal" if context["ge"] == 0:
            return FieldError(field, "negative")
        case "greater_than_equal":
            return FieldError(field, "too_small", {"limit": context["ge"]})
        case "greater_than":
            return FieldError(field, "not_positive")
        case "less_than_equal":
            return FieldError(field, "too_large", {"limit": context["le"]})
        case "too_short":
            return FieldError(field, "too_few", {"limit": context["min_length"]})
        case "enum" | "literal_error":
            return FieldError(field, "unknown_value", {"expected": context["expected"].replace("'", "")})
        case kind:
            code = _CODES.get(kind, kind)
            return FieldError(field, code if code in messages() else "invalid", context)


def error_to_dict(error: FieldError) -> dict[str, object]:
    """An error as a response says it: its field, its code, and its sentence in each language."""
    said = message(error.code, **error.params)
    return {"field": error.field, "code": error.code, "message": said}
