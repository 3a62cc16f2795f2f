"""The answer of a calculator: result, steps, notices and alternatives, each with its clause."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel

from logic.core.jalali import to_jalali

Value = int | str | bool | Decimal | date | None
R_co = TypeVar("R_co", bound=BaseModel, covariant=True)
Unit = Literal["rial", "rial_a_day", "percent", "km", "mm", "year", "month", "day", "hour", "count"]
Severity = Literal["info", "warning"]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the working: the value, the inputs that it was computed from, and the clause applied."""

    key: str
    clause: str
    value: Value
    unit: Unit | None = None
    inputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to confirm, an assumption, or a contradiction of the booklet."""

    key: str
    clause: str
    severity: Severity = "info"
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alternative:
    """The result under another reading of a clause: only the fields that differ from the answer."""

    reading: str
    clause: str
    result: Mapping[str, Any]

    @classmethod
    def where_different(cls, reading: str, clause: str, answer: BaseModel, other: BaseModel) -> list[Self]:
        """Return a list with one alternative; an empty list if the other reading has the same result."""
        recommended = vars(answer)
        differing = {name: value for name, value in vars(other).items() if value != recommended[name]}
        return [cls(reading, clause, differing)] if differing else []


@dataclass(frozen=True, slots=True)
class Answer(Generic[R_co]):
    """A result with its working, in the order in which the clauses were applied."""

    result: R_co
    steps: tuple[Step, ...]
    notices: tuple[Notice, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    request: BaseModel | None = field(default=None, compare=False, repr=False)
    """The request, set by the registry; not part of a response."""


def to_json(value: object) -> object:
    """Return a value in JSON types: decimals and Jalali dates as text, models and steps as objects."""
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case Decimal():
            return format(value, "f")
        case date():
            return to_jalali(value)
        case Step() | Notice() | Alternative() | Answer():
            return {name: to_json(getattr(value, name)) for name in value.__slots__ if name != "request"}
        case Mapping():
            return {str(key): to_json(item) for key, item in value.items()}
        case list() | tuple():
            return [to_json(item) for item in value]
        case _:
            return value
