"""Rows of a table to requests, and answers to columns: the same answers as one by one, whoever asks."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from itertools import groupby
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, get_args, get_origin

import pandas as pd
from pydantic import BaseModel

from logic.answer import Answer, plain
from logic.calculators import Calculator, explain, find
from logic.errors import KhodroyarError, RequestError

Kind = Literal["integer", "boolean", "array", "number", "string"]
Type = Literal["Int64", "boolean", "string"]
TYPES: Mapping[Kind, Type] = {"integer": "Int64", "boolean": "boolean"}
WHOLE = re.compile(r"-?[0-9]{1,19}")
READINGS, NOTICES = "readings", "notices"
ERROR_COLUMNS = ("row", "field", "code", "message_fa", "message_en")
LATIN = {digit + zero: str(digit) for zero in (0x06F0, 0x0660) for digit in range(10)}
TRUE, FALSE = {"true", "yes", "1", "بله"}, {"false", "no", "0", "خیر"}


class BatchError(KhodroyarError):
    """A file that cannot be worked on; the text says which and why."""


@dataclass(frozen=True)
class Part:
    """What came of some rows: answers and errors, each with the numbers of the rows in the file."""

    good: pd.DataFrame
    bad: pd.DataFrame


@cache
def kinds(name: str) -> Mapping[str, Kind]:
    """What a cell of each field holds, by the request's schema."""
    schema = find(name).schema()["request"]
    return {field: _kind(each, schema.get("$defs", {})) for field, each in schema["properties"].items()}


def _kind(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Kind:
    """The kind of a JSON Schema; a depth that may be a number or text is text, where no digit is lost."""
    if "$ref" in schema:
        return _kind(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    found = [_kind(each, definitions) for each in schema.get("anyOf", []) if each.get("type") != "null"]
    if found:
        return "string" if "string" in found else found[0]
    kind = schema.get("type", "string")
    return kind if kind in get_args(Kind) else "array"


def field_of(kind: Kind, cell: object) -> object:
    """A cell as JSON would have it; what cannot be read is left as it is, for the calculator to refuse.

    Digits may be Persian or Arabic. A list stands as JSON or with commas between.
    """
    if not isinstance(cell, str):
        value = cell.item() if hasattr(cell, "item") else cell
        if kind == "integer" and isinstance(value, float) and value.is_integer():
            return int(value)  # a column with an empty cell comes as floats
        return list(value) if kind == "array" and hasattr(value, "__iter__") else value
    text = cell.strip()
    if kind == "array":
        return _list(text)
    latin = text.translate(LATIN)
    if kind == "integer":
        return int(latin) if WHOLE.fullmatch(latin) else text
    if kind == "boolean":
        word = latin.lower()
        return True if word in TRUE else False if word in FALSE else text
    if kind == "number":
        try:
            return Decimal(latin)
        except ArithmeticError:
            return text
    return latin


def _list(text: str) -> object:
    if text.startswith(("[", "{")):
        try:
            return json.loads(text, parse_float=Decimal)
        except ValueError:
            return text
    return [each.strip() for each in text.split(",")]


def empty(cell: object) -> bool:
    """Whether a cell says nothing: the field is not given."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell is pd.NA or cell != cell  # noqa: PLR0124 - NaN


@dataclass(frozen=True)
class Column:
    """A column of the result: where it lies in the model, and how it is written."""

    parents: tuple[str, ...]
    field: str
    type: Type
    listed: bool = False

    @property
    def name(self) -> str:
        """The column's head: the places in the model with points between."""
        return ".".join((*self.parents, self.field))


def _cell(column: Column, value: object) -> object:
    if column.listed:
        return json.dumps(plain(value), ensure_ascii=False)
    return str(plain(value)) if column.type == "string" and value is not None else value


@cache
def columns(name: str, *, lists: bool) -> tuple[Column, ...]:
    """The flat columns of a calculator's result; lists of it, where wanted, as JSON."""
    return tuple(_columns(find(name).result, (), lists=lists))


def _columns(model: type[BaseModel], path: tuple[str, ...], *, lists: bool) -> Iterator[Column]:
    schema = model.model_json_schema(mode="serialization")
    for field, info in model.model_fields.items():
        options = get_args(info.annotation) or (info.annotation,)
        nested = [each for each in options if isinstance(each, type) and issubclass(each, BaseModel)]
        kind = _kind(schema["properties"][field], schema.get("$defs", {}))
        if nested and get_origin(info.annotation) in (None, UnionType):
            yield from _columns(nested[0], (*path, field), lists=lists)
        elif kind != "array":
            yield Column(path, field, TYPES.get(kind, "string"))
        elif lists:
            yield Column(path, field, "string", listed=True)


def _cells(answer: Answer[Any], wanted: Sequence[Column]) -> list[object]:
    found: list[object] = []
    for parents, of_one in groupby(wanted, key=attrgetter("parents")):
        within: Any = answer.result
        for name in parents:
            within = getattr(within, name) if within is not None else None
        found += [
            None if within is None else _cell(column, getattr(within, column.field)) for column in of_one
        ]
    return [
        *found,
        ",".join(dict.fromkeys(each.reading for each in answer.alternatives)),
        ",".join(dict.fromkeys(each.key for each in answer.notices)),
    ]


def answered(name: str, frame: pd.DataFrame, *, lists: bool = False) -> Part:
    """Answer the rows of a frame, each distinct request once; the index is the number of the row.

    The answers are those of the single calculator, column for column. The file's own columns come first.
    """
    calculator, wanted, taken = find(name), columns(name, lists=lists), set(frame.columns)
    asked = [column for column in frame.columns if column in kinds(name)]
    good: list[list[object]] = []
    rows: list[int] = []
    bad: list[tuple[int, list[dict[str, Any]]]] = []
    known: dict[tuple[object, ...], list[object] | list[dict[str, Any]]] = {}
    for place, cells in enumerate(zip(*(frame[column] for column in asked), strict=True)):
        key = tuple(map(_hashable, cells))
        if key not in known:
            known[key] = _answer(calculator, dict(zip(asked, cells, strict=True)), wanted)
        found = known[key]
        if found and isinstance(found[0], dict):
            bad.append((place, found))  # type: ignore[arg-type]
        else:
            rows.append(place)
            good.append(found)  # type: ignore[arg-type]
    heads = [*(column.name for column in wanted), READINGS, NOTICES]
    heads = [f"result.{head}" if head in taken else head for head in heads]
    results = pd.DataFrame(good, columns=heads, index=frame.index[rows], dtype=object)
    types = [*(column.type for column in wanted), "string", "string"]
    results = results.astype(dict(zip(heads, types, strict=True)))
    return Part(pd.concat([frame.iloc[rows], results], axis=1), _errors(frame, bad))


def _hashable(cell: object) -> object:
    return cell if cell.__hash__ is not None and cell == cell else repr(cell)  # noqa: PLR0124 - NaN


def _answer(
    calculator: Calculator, cells: Mapping[str, object], wanted: Sequence[Column]
) -> list[object] | list[dict[str, Any]]:
    """The result's cells; or every error, as the contract says it."""
    of = kinds(calculator.name)
    fields = {name: field_of(of[name], cell) for name, cell in cells.items() if not empty(cell)}
    try:
        return _cells(calculator.answer(fields), wanted)
    except RequestError as error:
        return [explain(each) for each in error.errors]


def _errors(frame: pd.DataFrame, bad: Iterable[tuple[int, list[dict[str, Any]]]]) -> pd.DataFrame:
    """A row for each error, with the number of its row in the file and the file's own cells."""
    places = [place for place, errors in bad for _ in errors]
    said = [
        (frame.index[place], each["field"], each["code"], each["message"]["fa"], each["message"]["en"])
        for place, errors in bad
        for each in errors
    ]
    heads = [f"error.{head}" if head in frame.columns else head for head in ERROR_COLUMNS]
    own = frame.iloc[places].astype("string").reset_index(drop=True)
    errors = pd.DataFrame(said, columns=heads).astype("string").astype({heads[0]: "Int64"})
    return pd.concat([errors, own], axis=1)


def check_columns(name: str, found: Sequence[str]) -> None:
    """Refuse a file without the fields that are needed, and a column that is nearly a field's name."""
    fields = find(name).request.model_fields
    for column in found:
        near = get_close_matches(column.strip().lower(), fields, n=1, cutoff=0.8)
        if column not in fields and near:
            raise BatchError(f"column {column!r} is no field of {name}; did you mean {near[0]!r}?")
    missing = [field for field, info in fields.items() if info.is_required() and field not in found]
    if missing:
        raise BatchError(f"{name} needs the columns {', '.join(missing)}; there are {', '.join(found)}")
    if len(set(found)) != len(found):
        raise BatchError("two columns have the same name")
