"""The registry of calculators: name, request model, result model and function of each.

A calculator is a function with the decorator ``@calculator`` in any module of ``logic``. Its name is the name
of the function; its models are taken from the annotations. A new calculator needs no change in this module.
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

MODULES_WITHOUT_CALCULATORS = ("batch", "__main__")
MAX_FIELDS = 100
"""The maximum number of fields of a request, known or unknown; no calculator has a quarter of them."""
RequestT = TypeVar("RequestT", bound=Request)
ResultT = TypeVar("ResultT", bound=Result)


@dataclass(frozen=True, slots=True)
class Calculator:
    """A calculator: its name, models and function."""

    name: str
    request: type[Request]
    result: type[Result]
    function: Callable[[Any], Answer[Any]]

    def read(self, fields: Mapping[str, object]) -> Request:
        """Return the request with the given JSON values.

        Raises:
            RequestError: a field is invalid; the error lists all of them.

        """
        if len(fields) > MAX_FIELDS:
            raise RequestError([FieldError("request", "too_many", {"limit": MAX_FIELDS})])
        try:
            return self.request.model_validate(
                {name: _without_ignored(value) for name, value in fields.items()}
            )
        except ValidationError as error:
            raise RequestError(field_errors(error)) from None

    def answer(self, fields: Mapping[str, object]) -> Answer[Any]:
        """Validate the request and answer it. Raises RequestError."""
        return self.function(self.read(fields))

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schemas of the request and the result."""
        return {
            "request": self.request.model_json_schema(),
            "result": self.result.model_json_schema(mode="serialization"),
        }


def _without_ignored(value: object) -> object:
    """Remove direction marks and joiners from a text or from the texts of a list."""
    if isinstance(value, str):
        return without_ignored(value)
    return (
        [_without_ignored(item) if isinstance(item, str) else item for item in value]
        if isinstance(value, list)
        else value
    )


_calculators: dict[str, Calculator] = {}


def calculator(function: Callable[[RequestT], Answer[ResultT]]) -> Callable[[RequestT], Answer[ResultT]]:
    """Register a function from a Request to an Answer as a calculator; its answers keep their request."""
    hints = get_type_hints(function)
    (result,) = get_args(hints["return"])

    @wraps(function)
    def calculate(request: RequestT) -> Answer[ResultT]:
        answer = function(request)
        return Answer(answer.result, answer.steps, answer.notices, answer.alternatives, request)

    _calculators[function.__name__] = Calculator(function.__name__, hints["request"], result, calculate)
    return calculate


@dataclass(frozen=True, slots=True)
class Segments:
    """The field and the breakpoints between which a calculator is linear: see ``linear_between``."""

    field: str
    breakpoints: Callable[[Any], Sequence[int]]


_segments: dict[str, Segments] = {}
BreakpointsFunction = Callable[[RequestT], Sequence[int]]


def linear_between(
    calculator: Callable[[RequestT], Answer[Any]], field: str
) -> Callable[[BreakpointsFunction[RequestT]], BreakpointsFunction[RequestT]]:
    """Register a function that returns the breakpoints of an integer field of a calculator, ascending.

    Between two breakpoints each value of the result is constant, or an integer that changes by one when the
    field does. Notices and readings are constant. The function gets the request without the field.
    """

    def register(breakpoints: BreakpointsFunction[RequestT]) -> BreakpointsFunction[RequestT]:
        _segments[calculator.__name__] = Segments(field, breakpoints)
        return breakpoints

    return register


def segments(name: str) -> Segments | None:
    """Return the segments of a calculator; None if it has none and each request has to be calculated."""
    return _segments.get(name)


@cache
def calculators() -> Mapping[str, Calculator]:
    """Return all calculators by name, in alphabetical order."""
    for module in pkgutil.walk_packages(logic.__path__, "logic."):
        if not module.ispkg and module.name.split(".")[1] not in MODULES_WITHOUT_CALCULATORS:
            importlib.import_module(module.name)
    return dict(sorted(_calculators.items()))


def calculator_name(request: Request) -> str:
    """Return the name of the calculator of a request."""
    return next(
        calculator.name for calculator in calculators().values() if type(request) is calculator.request
    )


def find(name: str) -> Calculator:
    """Return the calculator with a name. Raises UnknownCalculatorError."""
    try:
        return calculators()[name]
    except KeyError:
        raise UnknownCalculatorError(name) from None


def respond(calculator: Calculator, line: bytes) -> dict[str, object]:
    """Return the response to a request as a line of JSON; an invalid line gets a response with errors.

    Raises:
        DataError: a table is damaged, so that no line can be answered.

    """
    try:
        answer = calculator.answer(_parse(line))
        return {"ok": True, **answer_to_dict(answer)}
    except RequestError as error:
        return {"ok": False, "errors": [error_to_dict(field_error) for field_error in error.errors]}
    except DataError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug must not stop the other lines
        return {"ok": False, "errors": [error_to_dict(report_fault(calculator.name, error))]}


def answer_to_dict(answer: Answer[Any]) -> dict[str, object]:
    """Return ``result``, ``steps``, ``notices`` and ``alternatives`` in JSON types."""
    fields = to_json(answer)
    assert isinstance(fields, dict)  # noqa: S101 - to_json returns a dict for an Answer
    return fields


def _parse(line: bytes) -> Mapping[str, object]:
    try:
        fields = json.loads(
            line.removeprefix(BOM_UTF8).decode(),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=unique_keys,
        )
    # Not UTF-8 or not JSON; 1e999999999999999999; nested too deeply.
    except (ValueError, ArithmeticError, RecursionError):
        raise RequestError([FieldError("request", "broken_json")]) from None
    if not isinstance(fields, dict):
        raise RequestError([FieldError("request", "not_an_object")])
    return fields


def unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return a JSON object as a dict. Raises RequestError if a key is repeated."""
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise RequestError([FieldError(name or "request", "repeated_key")])
        fields[name] = value
    return fields


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


_CODE_OF_PYDANTIC_TYPE = {
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
"""The maximum number of errors in a response; further errors are only counted."""


def field_errors(error: ValidationError) -> list[FieldError]:
    """Convert pydantic's errors to the codes of the contract, in the order of the fields.

    At most `MAX_ERRORS` are converted. "Too few items" is left out if an item of that list is invalid,
    because pydantic does not count invalid items.
    """
    details = error.errors(include_url=False, include_input=False)
    parents = {detail["loc"][:depth] for detail in details for depth in range(1, len(detail["loc"]))}
    relevant = [detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in parents]
    errors = [_field_error(detail) for detail in relevant[:MAX_ERRORS]]
    if len(relevant) > MAX_ERRORS:
        errors.append(FieldError("request", "more_errors", {"count": len(relevant) - MAX_ERRORS}))
    return errors


def _field_error(error: ErrorDetails) -> FieldError:
    """Convert an error of pydantic. Errors of checks of several fields name their field in the context."""
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
            code = _CODE_OF_PYDANTIC_TYPE.get(kind, kind)
            return FieldError(field, code if code in messages() else "invalid", context)


def error_to_dict(error: FieldError) -> dict[str, object]:
    """Return an error as it is written in responses: field, code, and message in each language."""
    return {"field": error.field, "code": error.code, "message": message(error.code, **error.params)}
