"""Requests, results and the types of their fields (contract, "Types")."""

import re
from collections.abc import Callable, Container, Iterable, Sized
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    Strict,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from logic.core.jalali import parse_day, to_jalali
from logic.core.normalisation import normalise
from logic.core.persian import DECIMAL_MARK

MAX_RIAL = 10**15
"""A thousand times the dearest car: above it a typing error is certain and floats would lose rials."""
MAX_KM = 10**7
MAX_MM = 1000
MAX_COUNT = 1000
MAX_DAYS = 3660
"""Ten years: the longest delivery is three."""
MAX_HOURS = 24 * MAX_COUNT
MAX_RATE = 1000
"""Percent a year; more is a typing error."""
MAX_TIMES = 100
"""Times a year; more is a typing error."""
MAX_DAYS_A_YEAR = 366
PLACES = 30
EARLIEST, LATEST = date(1921, 3, 21), date(2121, 3, 20)
"""The first day of 1300 and the last of 1499: no booklet, car or tyre lies outside them."""


class Request(BaseModel):
    """What a calculator is asked. Frozen; a field that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class Result(BaseModel):
    """What a calculator answers. Frozen; ``edition`` says which edition was read, null when none holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            value = parse_day(normalise(value))
        except ValueError:
            value = None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticCustomError("no_such_day", "no such day")
    if not EARLIEST <= value <= LATEST:
        raise PydanticCustomError("day_too_far", "too far")
    return value


_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,30})?")


def _number(value: object) -> Decimal:
    """A plain decimal; no truth value, no 1_000, and not the many thousand digits of 1e-30000."""
    if isinstance(value, str):
        text = normalise(value[: PLACES * 2]).replace(DECIMAL_MARK, ".")
    else:
        is_plain = isinstance(value, Decimal) and abs(value.adjusted()) <= PLACES
        text = format(value, "f") if is_plain else str(value)
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise PydanticCustomError("not_a_number", "not a number")
    return Decimal(text)


def _degrees(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("not_a_number", "not a number")
    return value


Rial = Annotated[int, Strict(), Field(ge=0, le=MAX_RIAL)]
PositiveRial = Annotated[int, Strict(), Field(gt=0, le=MAX_RIAL)]
RialSum = Annotated[int, Strict(), Field(ge=0)]
"""Rials of a result, which may lie above the largest that can be asked."""
Km = Annotated[int, Strict(), Field(ge=0, le=MAX_KM)]
Count = Annotated[int, Strict(), Field(ge=0, le=MAX_COUNT)]
Days = Annotated[int, Strict(), Field(ge=0, le=MAX_DAYS)]
Hours = Annotated[int, Strict(), Field(ge=0, le=MAX_HOURS)]
Percent = Annotated[int, Field(ge=0, le=100)]
Flag = Annotated[bool, Strict()]
Number = Annotated[Decimal, BeforeValidator(_number), PlainSerializer(lambda value: format(value, "f"), str)]


def _decimal_schema(limit: int, lower_bound: str = "minimum") -> WithJsonSchema:
    """Describe a decimal from zero to ``limit``: a number, or text in which no digit is lost."""
    text = {"type": "string", "pattern": r"^\d{1,4}(\.\d{1,30})?$"}
    return WithJsonSchema({"anyOf": [{"type": "number", lower_bound: 0, "maximum": limit}, text]})


Rate = Annotated[Number, Field(ge=0, le=MAX_RATE), _decimal_schema(MAX_RATE)]
Times = Annotated[Number, Field(ge=0, le=MAX_TIMES), _decimal_schema(MAX_TIMES)]
DaysAYear = Annotated[Number, Field(ge=0, le=MAX_DAYS_A_YEAR), _decimal_schema(MAX_DAYS_A_YEAR)]
Degrees = Annotated[float, BeforeValidator(_degrees)]
Mm = Annotated[Number, Field(ge=0, le=MAX_MM), _decimal_schema(MAX_MM)]
PositiveMm = Annotated[Number, Field(gt=0, le=MAX_MM), _decimal_schema(MAX_MM, "exclusiveMinimum")]
JalaliText = Annotated[
    date,
    PlainSerializer(to_jalali, str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
"""A day in a result: written in Jalali."""
Day = Annotated[JalaliText, BeforeValidator(_day)]
"""A day in a request or a table: Jalali or Gregorian by its year."""


class Known:
    """Marks a text field as an id of a table: others are refused, and the schema lists the ids."""

    def __init__(self, ids: Callable[[], Iterable[str]], *, lists_ids: bool = False) -> None:
        """``ids`` is called on every use, because the data folder can be another one.

        ``lists_ids``: the error names the ids, as that of an enumeration does; for kinds of few ids.
        """
        self._ids = ids
        self._lists_ids = lists_ids

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's protocol
        """Check after the text itself was read."""
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Text, one of the ids."""
        return {**handler(schema), "enum": list(self._ids())}

    def _check(self, value: object, read: ValidatorFunctionWrapHandler) -> str:
        name: str | None = read(value) if isinstance(value, str) or not self._lists_ids else None
        if name is not None and name in self._ids():
            return name
        if not self._lists_ids:
            raise PydanticCustomError("unknown_id", "unknown id")
        *others, last = self._ids()
        expected = " or ".join(filter(None, (", ".join(others), last)))
        raise PydanticCustomError("unknown_value", "unknown value", {"expected": expected})


def require_in_edition(field: str, value: str | None, ids: Container[str]) -> None:
    """Refuse an id that the edition in force does not have, though another edition does."""
    if value is not None and value not in ids:
        raise invalid(field, "not_in_edition", value=value)


class AtMost:
    """Limit the length of a list or an object in a request, before anything in it is read.

    `Field(max_length=…)` alone would read, and explain, every bad item of a list of millions.
    """

    def __init__(self, limit: int | Callable[[], Sized]) -> None:
        """``limit`` is how many items the documents need at most, or the ids of which each may be given."""
        self._limit = limit

    @property
    def limit(self) -> int:
        """The highest number of items, by the data folder in use."""
        return len(self._limit()) if callable(self._limit) else self._limit

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's protocol
        """Check before the items are read."""
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """State the limit."""
        described = handler(schema)
        return {**described, "maxProperties" if described["type"] == "object" else "maxItems": self.limit}

    def _check(self, value: object) -> object:
        if isinstance(value, Sized) and not isinstance(value, str) and len(value) > self.limit:
            raise PydanticCustomError("too_many", "too many", {"limit": self.limit})
        return value


class Level(StrEnum):
    """The nine subscription levels, lowest first as the booklet lists them."""

    MEMBERSHIP = "membership"
    MOBILE = "mobile"
    GOLDEN_YEAR = "golden_year"
    ONE_STAR = "one_star"
    WORKING_GOLDEN_YEAR = "working_golden_year"
    WORKING_ONE_STAR = "working_one_star"
    TWO_STAR = "two_star"
    THREE_STAR = "three_star"
    FOUR_STAR = "four_star"


WORKING_LEVELS = (Level.WORKING_GOLDEN_YEAR, Level.WORKING_ONE_STAR)


def invalid(field: str, code: str, **params: object) -> PydanticCustomError:
    """The error of a check over several fields, laid at the field that has to change."""
    return PydanticCustomError(code, code, {"field": field, **params})
