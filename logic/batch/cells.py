"""Convert the cells of a file to the values of request fields."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

import pandas as pd

from logic.core.amounts import AmountError, Unit, parse_amount
from logic.core.day_text import read_day
from logic.core.models import MAX_DECIMALS
from logic.core.normalisation import MAX_CHARS, comparison_key
from logic.core.persian import COMMA, SEMICOLON
from logic.core.registry import find, unique_keys
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.synonyms import SynonymKind, synonyms

CellKind = Literal["integer", "boolean", "array", "number", "decimal", "day", "text"]
DAY_PATTERN: Final = r"^\d{4}-\d{2}-\d{2}$"
_UNITS: Final[Mapping[str, Unit]] = {
    "rial": "rial", "km": "km", "mm": "mm", "percent": "percent", "days": "days", "hours": "hours",
}  # fmt: skip
"""The unit of a field, by the last word of its name."""
_FIELD_OF_COLUMN: Final = {
    "car": "vehicle", "odometer": "odometer_km", "level": "level", "card_started": "started_on",
    "delivered": "delivered_on", "produced": "produced_on", "earlier": "prior_incidents",
}  # fmt: skip
"""The request fields of the columns of a fleet file."""
_MAX_AMOUNT: Final = 10**30
"""Above the limits of all fields, so that the calculator reports its own limit."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")
_ITEM_SEPARATOR: Final = re.compile(f"[,;{COMMA}{SEMICOLON}]")


@dataclass(frozen=True)
class FieldFormat:
    """How the cells of a field are parsed; for a list, also how its items are."""

    kind: CellKind
    unit: Unit | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    """The ids that the field accepts, by the comparison key of each name of an id."""
    items: "FieldFormat | None" = None


@cached_per_dataset
def field_formats(calculator: str) -> Mapping[str, FieldFormat]:
    """Return the cell format of each field of a calculator's request."""
    schema = find(calculator).schema()["request"]
    definitions = schema.get("$defs", {})
    return {
        name: _format(name, field_schema, definitions) for name, field_schema in schema["properties"].items()
    }


def column_fields(calculator: str) -> Mapping[str, str]:
    """Return the field that a column name means, by the comparison key of the name."""
    fields = field_formats(calculator)
    columns = {comparison_key(column): (column,) for column in _FIELD_OF_COLUMN} | dict(synonyms("column"))
    synonym_fields = {key: _FIELD_OF_COLUMN.get(column, "") for key, (column, *_) in columns.items()}
    request_fields = {key: name for key, name in synonym_fields.items() if name in fields}
    return {**request_fields, **{comparison_key(name): name for name in fields}}


def _format(name: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> FieldFormat:
    """Return the cell format of a field with a JSON Schema."""
    options = possible_schemas(schema, definitions)
    kinds = {option["type"] for option in options}
    unit = _UNITS.get(name.rpartition("_")[2])
    match sorted(kinds):
        case ["number", "string"]:  # a decimal, passed on as text to keep every digit
            return FieldFormat("decimal", unit)
        case ["string"] if options[0].get("pattern") == DAY_PATTERN:
            return FieldFormat("day")
        case ["string"]:
            return FieldFormat("text", ids=_ids_by_name(name, options[0]))
        case ["array"]:
            return FieldFormat("array", items=_format(name, options[0]["items"], definitions))
        case ["object"]:
            return FieldFormat("array", items=FieldFormat("text"))
    (kind,) = kinds
    return FieldFormat(kind, unit)


def possible_schemas(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the alternatives of a JSON Schema without null, with references resolved."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    options = schema.get("anyOf", [schema])
    if options != [schema]:
        options = [nested for option in options for nested in possible_schemas(option, definitions)]
    return [option for option in options if option.get("type") != "null"]


def _ids_by_name(name: str, schema: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the ids of a schema by the comparison keys of their names."""
    ids = schema.get("enum", [])
    kind: SynonymKind | None = "level" if schema.get("title") == "Level" else None
    if name == "vehicle":
        kind = "vehicle"
    ids_by_synonym = synonyms(kind) if kind else {}
    unambiguous = {
        key: meanings[0]
        for key, meanings in ids_by_synonym.items()
        if len(meanings) == 1 and meanings[0] in ids
    }
    return {**unambiguous, **{comparison_key(id_): id_ for id_ in ids}}


def is_empty(cell: object) -> bool:
    """Return whether a cell is empty: then the request does not contain its field."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell is pd.NA or cell != cell  # noqa: PLR0124 - NaN


def read_cell(field_format: FieldFormat, cell: object) -> object:
    """Return the value of a field; a cell that cannot be parsed unchanged, for the calculator to reject.

    Numbers and days may be written in any common form. A list is JSON, or items separated by commas.
    """
    if not isinstance(cell, str):
        value = cell.item() if hasattr(cell, "item") else cell
        if field_format.kind == "integer" and isinstance(value, float) and value.is_integer():
            return int(value)  # pandas reads integers as floats if a cell of the column is empty
        return list(value) if field_format.kind == "array" and hasattr(value, "__iter__") else value
    text = cell.strip()
    if len(text) > MAX_CHARS and field_format.kind != "array":
        return text
    match field_format.kind:
        case "integer":
            return int(text) if _INTEGER.fullmatch(text) else _parse_amount(field_format, text, 0, int)
        case "number":
            number = _parse_decimal(text)
            return number if number is not None else _parse_amount(field_format, text, MAX_DECIMALS, Decimal)
        case "decimal":
            return (
                text
                if _parse_decimal(text) is not None
                else _parse_amount(field_format, text, MAX_DECIMALS, "{:f}".format)
            )
        case "boolean":
            return _parse_yes_no(text)
        case "day":
            return read_day(text) or text
        case "array":
            return _parse_list(field_format, text)
        case _:
            return (
                text
                if text in field_format.ids.values()
                else field_format.ids.get(comparison_key(text), text)
            )


def _parse_decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text.isascii() else None
    except ArithmeticError:
        return None


def _parse_amount(field_format: FieldFormat, text: str, decimals: int, to_value: Any) -> object:  # noqa: ANN401 - a conversion
    amount = parse_amount(
        text, unit=field_format.unit, decimals=decimals, minimum=-_MAX_AMOUNT, maximum=_MAX_AMOUNT
    )
    return text if isinstance(amount, AmountError) else to_value(amount)


def _parse_yes_no(text: str) -> bool | str:
    key = comparison_key(text)
    return True if key in synonyms("yes") else False if key in synonyms("no") else text


def _parse_list(field_format: FieldFormat, text: str) -> object:
    if text.startswith(("[", "{")):
        try:
            value = json.loads(text, parse_float=Decimal, object_pairs_hook=unique_keys)
        except (ValueError, ArithmeticError, RecursionError):
            return text
        if not isinstance(value, list):
            return value
        items: Iterable[object] = value
    else:
        items = map(str.strip, _ITEM_SEPARATOR.split(text))
    return [
        read_cell(field_format.items, item) if field_format.items and isinstance(item, str) else item
        for item in items
    ]
