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
"""A thousand times the most expensive car. Above it a float could not represent every rial."""
MAX_KM = 10**7
MAX_MM = 1000
MAX_COUNT = 1000
MAX_DAYS = 3660
"""Ten years; the longest delivery period is three."""
MAX_HOURS = 24 * MAX_COUNT
MAX_RATE = 1000
"""Percent a year; anything higher is a typing error."""
MAX_TIMES = 100
"""Times a year; anything higher is a typing error."""
MAX_DAYS_A_YEAR = 366
MAX_DECIMALS = 30
EARLIEST_DAY, LATEST_DAY = date(1921, 3, 21), date(2121, 3, 20)
"""The first day of the Jalali year 1300 and the last of 1499: no booklet, car or tyre is older or newer."""


class Request(BaseModel):
    """Base class of the requests of calculators. Frozen; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class Result(BaseModel):
    """Base class of the results of calculators. Frozen; ``edition`` is null if no edition is in force.

    Defaults mean “nothing”, so a refusal names only its edition and reason.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,  # a response has every field
    )


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            value = parse_day(normalise(value))
        except ValueError:
            value = None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticCustomError("no_such_day", "no such day")
    if not EARLIEST_DAY <= value <= LATEST_DAY:
        raise PydanticCustomError("day_too_far", "too far")
    return value


_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,30})?")


def _number(value: object) -> Decimal:
    """Return a decimal; reject booleans, digits with underscores and exponents as large as 1e-30000."""
    if isinstance(value, str):
        text = normalise(value[: MAX_DECIMALS * 2]).replace(DECIMAL_MARK, ".")
    else:
        is_plain = isinstance(value, Decimal) and abs(value.adjusted()) <= MAX_DECIMALS
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
"""An amount of a result, which may be above the largest amount of a request."""
Km = Annotated[int, Strict(), Field(ge=0, le=MAX_KM)]
Count = Annotated[int, Strict(), Field(ge=0, le=MAX_COUNT)]
Days = Annotated[int, Strict(), Field(ge=0, le=MAX_DAYS)]
Hours = Annotated[int, Strict(), Field(ge=0, le=MAX_HOURS)]
Percent = Annotated[int, Field(ge=0, le=100)]
Flag = Annotated[bool, Strict()]
Number = Annotated[Decimal, BeforeValidator(_number), PlainSerializer(lambda value: format(value, "f"), str)]


def _decimal_schema(limit: int, lower_bound: str = "minimum") -> WithJsonSchema:
    """Return the schema of a decimal from zero to ``limit``: a number, or text, which keeps every digit."""
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
"""A day in a result, written as Jalali."""
Day = Annotated[JalaliText, BeforeValidator(_day)]
"""A day in a request or a table, Jalali or Gregorian depending on the year."""


class Known:
    """Annotation of a text field whose values are the ids of a table. The schema lists the ids."""

    def __init__(self, ids: Callable[[], Iterable[str]], *, lists_ids: bool = False) -> None:
        """``ids`` returns the valid ids. It is called on every use, because the data folder can change.

        ``lists_ids``: the error lists the valid ids, as that of an enumeration does. Meant for short lists.
        """
        self._ids = ids
        self._lists_ids = lists_ids

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's protocol
        """Check the id after the text has been validated."""
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the field as an enumeration of the ids."""
        return {**handler(schema), "enum": list(self._ids())}

    def _check(self, value: object, validate_text: ValidatorFunctionWrapHandler) -> str:
        id_: str | None = validate_text(value) if isinstance(value, str) or not self._lists_ids else None
        if id_ is not None and id_ in self._ids():
            return id_
        if not self._lists_ids:
            raise PydanticCustomError("unknown_id", "unknown id")
        *others, last = self._ids()
        expected = " or ".join(filter(None, (", ".join(others), last)))
        raise PydanticCustomError("unknown_value", "unknown value", {"expected": expected})


def require_in_edition(field: str, value: str | None, ids: Container[str]) -> None:
    """Check that the edition in force has an id; a request also accepts the ids of other editions.

    Raises:
        PydanticCustomError: ``not_in_edition``, for the given field.

    """
    if value is not None and value not in ids:
        raise invalid(field, "not_in_edition", value=value)


class AtMost:
    """Limit the length of a list or an object in a request before its items are validated.

    `Field(max_length=…)` alone would validate a list of millions, with an error for each invalid item.
    """

    def __init__(self, limit: int | Callable[[], Sized]) -> None:
        """``limit`` is the highest number of items, or a function that returns the ids that may occur."""
        self._limit = limit

    @property
    def limit(self) -> int:
        """The highest number of items, for the data folder in use."""
        return len(self._limit()) if callable(self._limit) else self._limit

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's protocol
        """Check the length before the items are validated."""
        return core_schema.no_info_before_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add the limit to the schema."""
        json_schema = handler(schema)
        return {**json_schema, "maxProperties" if json_schema["type"] == "object" else "maxItems": self.limit}

    def _check(self, value: object) -> object:
        if isinstance(value, Sized) and not isinstance(value, str) and len(value) > self.limit:
            raise PydanticCustomError("too_many", "too many", {"limit": self.limit})
        return value


class Level(StrEnum):
    """The nine subscription levels, lowest first, as in the booklet."""

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
    """Return the error of a check of several fields; ``field`` is the one to correct."""
    return PydanticCustomError(code, code, {"field": field, **params})
