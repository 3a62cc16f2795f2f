"""Read a cell of a file as the value of a request's field."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from logic.core.amounts import AmountError, Unit, parse_amount
from logic.core.day_text import read_day
from logic.core.models import MAX_DECIMALS
from logic.core.normalisation import MAX_CHARS, comparison_key
from logic.core.persian import COMMA, SEMICOLON
from logic.core.registry import find, unique_keys
from logic.datasets.synonyms import SynonymKind, synonyms
from logic.datasets.tables import data_dir

Kind = Literal["integer", "boolean", "array", "number", "decimal", "day", "text"]
DAY_PATTERN: Final = r"^\d{4}-\d{2}-\d{2}$"
_UNITS: Final[Mapping[str, Unit]] = {
    "rial": "rial", "km": "km", "mm": "mm", "percent": "percent", "days": "days", "hours": "hours",
}  # fmt: skip
"""By the last word of a field's name."""
_FIELD_OF_COLUMN: Final = {
    "car": "vehicle", "odometer": "odometer_km", "level": "level", "card_started": "started_on",
    "delivered": "delivered_on", "produced": "produced_on", "earlier": "prior_incidents",
}  # fmt: skip
"""What the columns of a fleet's file are called in requests."""
_LARGEST: Final = 10**30
"""Far above every field's limit: the calculator says what its own is."""
_INTEGER: Final = re.compile(r"-?[0-9]{1,19}")
_BETWEEN_ITEMS: Final = re.compile(f"[,;{COMMA}{SEMICOLON}]")


@dataclass(frozen=True)
class FieldFormat:
    """How the cells of a field are read; of a list, how its items are."""

    kind: Kind
    unit: Unit | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    """The ids of the field by the comparison key of each of their names."""
    items: "FieldFormat | None" = None


def field_formats(calculator: str) -> Mapping[str, FieldFormat]:
    """Return how the cells of each field of a calculator's request are read."""
    return _field_formats(calculator, data_dir())


@cache
def _field_formats(calculator: str, _data: Path) -> Mapping[str, FieldFormat]:
    schema = find(calculator).schema()["request"]
    definitions = schema.get("$defs", {})
    return {name: _format(name, each, definitions) for name, each in schema["properties"].items()}


def column_fields(calculator: str) -> Mapping[str, str]:
    """Return the field that each name of a column means, by the name's comparison key."""
    fields = field_formats(calculator)
    columns = {comparison_key(column): (column,) for column in _FIELD_OF_COLUMN} | dict(synonyms("column"))
    others = {key: _FIELD_OF_COLUMN.get(column, "") for key, (column, *_) in columns.items()}
    known = {key: name for key, name in others.items() if name in fields}
    return {**known, **{comparison_key(name): name for name in fields}}


def _format(name: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> FieldFormat:
    """Return the format of a JSON Schema."""
    options = possible_schemas(schema, definitions)
    kinds = {option["type"] for option in options}
    unit = _UNITS.get(name.rpartition("_")[2])
    match sorted(kinds):
        case ["number", "string"]:  # text, in which no digit is lost
            return FieldFormat("decimal", unit)
        case ["string"] if options[0].get("pattern") == DAY_PATTERN:
            return FieldFormat("day")
        case ["string"]:
            return FieldFormat("text", ids=_names(name, options[0]))
        case ["array"]:
            return FieldFormat("array", items=_format(name, options[0]["items"], definitions))
        case ["object"]:
            return FieldFormat("array", items=FieldFormat("text"))
    (kind,) = kinds
    return FieldFormat(kind, unit)


def possible_schemas(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the JSON Schemas that a value may have, without null; references are resolved."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    options = schema.get("anyOf", [schema])
    if options != [schema]:
        options = [each for option in options for each in possible_schemas(option, definitions)]
    return [option for option in options if option.get("type") != "null"]


def _names(name: str, schema: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the ids of a schema by the keys of their names."""
    ids = schema.get("enum", [])
    kind: SynonymKind | None = "level" if schema.get("title") == "Level" else None
    if name == "vehicle":
        kind = "vehicle"
    others = synonyms(kind) if kind else {}
    known = {key: meant[0] for key, meant in others.items() if len(meant) == 1 and meant[0] in ids}
    return {**known, **{comparison_key(id_): id_ for id_ in ids}}


def is_empty(cell: object) -> bool:
    """Return whether a cell says nothing: its field is not given."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell is pd.NA or cell != cell  # noqa: PLR0124 - NaN


def read_cell(how: FieldFormat, cell: object) -> object:
    """Return the field's value; what cannot be read stays as it is, for the calculator to refuse.

    Numbers and days may be written in any usual form; a list is JSON or has commas between its items.
    """
    if not isinstance(cell, str):
        value = cell.item() if hasattr(cell, "item") else cell
        if how.kind == "integer" and isinstance(value, float) and value.is_integer():
            return int(value)  # a column with an empty cell comes as floats
        return list(value) if how.kind == "array" and hasattr(value, "__iter__") else value
    text = cell.strip()
    if len(text) > MAX_CHARS and how.kind != "array":
        return text
    match how.kind:
        case "integer":
            return int(text) if _INTEGER.fullmatch(text) else _amount(how, text, 0, int)
        case "number":
            number = _decimal(text)
            return number if number is not None else _amount(how, text, MAX_DECIMALS, Decimal)
        case "decimal":
            return text if _decimal(text) is not None else _amount(how, text, MAX_DECIMALS, "{:f}".format)
        case "boolean":
            return _yes_or_no(text)
        case "day":
            return read_day(text) or text
        case "array":
            return _items(how, text)
        case _:
            return text if text in how.ids.values() else how.ids.get(comparison_key(text), text)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text.isascii() else None
    except ArithmeticError:
        return None


def _amount(how: FieldFormat, text: str, places: int, to_value: Any) -> object:  # noqa: ANN401 - a conversion
    amount = parse_amount(text, unit=how.unit, decimals=places, minimum=-_LARGEST, maximum=_LARGEST)
    return text if isinstance(amount, AmountError) else to_value(amount)


def _yes_or_no(text: str) -> bool | str:
    key = comparison_key(text)
    return True if key in synonyms("yes") else False if key in synonyms("no") else text


def _items(how: FieldFormat, text: str) -> object:
    if text.startswith(("[", "{")):
        try:
            value = json.loads(text, parse_float=Decimal, object_pairs_hook=unique_keys)
        except (ValueError, ArithmeticError, RecursionError):
            return text
        if not isinstance(value, list):
            return value
        items: Iterable[object] = value
    else:
        items = map(str.strip, _BETWEEN_ITEMS.split(text))
    return [read_cell(how.items, item) if how.items and isinstance(item, str) else item for item in items]
