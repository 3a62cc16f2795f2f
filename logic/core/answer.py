"""An answer carries its own working: every step, notice and other reading names its clause."""

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
    """One line of the working: what was taken or computed, from what, on which clause."""

    key: str
    clause: str
    value: Value
    unit: Unit | None = None
    inputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """What to confirm, what was assumed, what stands against the booklet."""

    key: str
    clause: str
    severity: Severity = "info"
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alternative:
    """The result under another reading of the print: only the fields that differ from the answer."""

    reading: str
    clause: str
    result: Mapping[str, Any]

    @classmethod
    def where_different(cls, reading: str, clause: str, answer: BaseModel, other: BaseModel) -> list[Self]:
        """One alternative, or none where the other reading comes to the same."""
        there = vars(answer)
        differing = {name: value for name, value in vars(other).items() if value != there[name]}
        return [cls(reading, clause, differing)] if differing else []


@dataclass(frozen=True, slots=True)
class Answer(Generic[R_co]):
    """A result with its working; the tuples keep the order in which things were read."""

    result: R_co
    steps: tuple[Step, ...]
    notices: tuple[Notice, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    request: BaseModel | None = field(default=None, compare=False, repr=False)
    """What was asked, set by the registry; no part of a response."""


def to_json(value: object) -> object:
    """The value as JSON knows it: decimals as text, dates as Jalali text, models and steps as objects."""
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
