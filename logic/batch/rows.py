"""Rows of a table to requests, and answers to columns: the same answers as one by one, whoever asks."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from itertools import groupby
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, NamedTuple, get_args, get_origin

import numpy as np
import pandas as pd
from pydantic import BaseModel

from logic.answer import Answer, plain
from logic.calculators import Calculator, Pieces, explain, find, pieces
from logic.errors import DataError, KhodroyarError, RequestError
from logic.faults import report_fault

Cells = Sequence[object]
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
        except (ValueError, ArithmeticError, RecursionError):
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
    """Answer the rows of a frame; the index is the number of the row.

    The answers are those of the single calculator, column for column. The file's own columns come first.
    """
    wanted = columns(name, lists=lists)
    asked = [column for column in frame.columns if column in kinds(name)]
    cells = [*zip(*(frame[column].to_numpy(dtype=object) for column in asked), strict=True)]
    rows = _Rows(find(name), asked, wanted)
    whole = pieces(name)
    if whole and whole.along in asked:
        rows.answer_pieces(cells, whole)
    else:
        rows.answer_each(cells)
    good = [place for place, (number, _) in enumerate(rows.places) if number in rows.cells]
    bad = [place for place, (number, _) in enumerate(rows.places) if number in rows.errors]
    results = rows.table([rows.places[place] for place in good], set(frame.columns), frame.index[good])
    errors = [(place, rows.errors[rows.places[place].number]) for place in bad]
    own: pd.DataFrame = frame.iloc[good]
    return Part(pd.concat([own, results], axis=1), _errors(frame, errors))


class _Place(NamedTuple):
    """Which request's answer a row has, and how far the row lies from that request along the pieces."""

    number: int
    shift: int = 0


class _Rows:
    """Rows of cells to answers, each distinct request asked once."""

    def __init__(self, calculator: Calculator, asked: Sequence[str], wanted: Sequence[Column]) -> None:
        self.calculator, self.asked, self.wanted = calculator, asked, wanted
        self.cells: dict[int, list[object]] = {}
        self.errors: dict[int, list[dict[str, Any]]] = {}
        self.moving: dict[int, tuple[int, ...]] = {}
        """By request, how its cells move with the field along which there are pieces."""
        self.places: list[_Place] = []
        self._numbers: dict[tuple[object, ...], int] = {}

    def number(self, cells: Cells) -> int:
        """The number of a request, asked if it is new."""
        number = self._numbers.setdefault(tuple(map(_hashable, cells)), len(self._numbers))
        if number not in self.cells and number not in self.errors:
            try:
                answer = self.calculator.answer(self.fields(cells))
                self.cells[number] = _cells(answer, self.wanted)
            except RequestError as error:
                self.errors[number] = [explain(each) for each in error.errors]
            except DataError:  # stops the run: no row can be answered
                raise
            except Exception as error:  # noqa: BLE001 - a fault of ours must not take the other rows with it
                self.errors[number] = [explain(report_fault(self.calculator.name, error))]
        return number

    def fields(self, cells: Cells) -> dict[str, object]:
        """The request's fields that are given."""
        of = kinds(self.calculator.name)
        given = zip(self.asked, cells, strict=True)
        return {name: field_of(of[name], cell) for name, cell in given if not empty(cell)}

    def answer_each(self, rows: Iterable[Cells]) -> None:
        """Every row by itself."""
        self.places = [_Place(self.number(cells)) for cells in rows]

    def answer_pieces(self, rows: Sequence[Cells], whole: Pieces) -> None:
        """Rows that differ only along the pieces: of each piece the first and the last, the rest between.

        What does not move as ``piecewise`` promises, or is refused, is asked row by row.
        """
        at = self.asked.index(whole.along)
        alike: dict[tuple[object, ...], list[int]] = {}
        for place, cells in enumerate(rows):
            alike.setdefault(tuple(map(_hashable, (*cells[:at], *cells[at + 1 :]))), []).append(place)
        self.places = [_Place(-1)] * len(rows)
        for group in alike.values():
            for piece in self._pieces(rows, group, at, whole):
                self._answer_piece(rows, piece)

    def _pieces(
        self, rows: Sequence[Cells], group: Sequence[int], at: int, whole: Pieces
    ) -> Iterator[list[tuple[int, int]]]:
        """The rows of a group by piece, each with its number along it; a row without one is a piece alone."""
        try:
            fields = self.fields(rows[group[0]])
            fields.pop(whole.along, None)
            points = whole.points(self.calculator.read(fields))
        except RequestError:
            points = ()
        found: dict[int, list[tuple[int, int]]] = {}
        for place in group:
            along = field_of("integer", rows[place][at])
            if points and isinstance(along, int) and not isinstance(along, bool):
                found.setdefault(bisect_right(points, along), []).append((along, place))
            else:
                yield [(0, place)]
        yield from found.values()

    def _answer_piece(self, rows: Sequence[Cells], piece: Sequence[tuple[int, int]]) -> None:
        (start, lowest), (end, highest) = min(piece), max(piece)
        first, last = self.number(rows[lowest]), self.number(rows[highest])
        moving = self._moving(first, last, end - start)
        if moving is None:
            for _, place in piece:
                self.places[place] = _Place(self.number(rows[place]))
            return
        self.moving[first] = moving
        for along, place in piece:
            self.places[place] = _Place(first, along - start)

    def _moving(self, first: int, last: int, distance: int) -> tuple[int, ...] | None:
        """How each cell moves from one request to another: 0, 1 or -1; None where it does otherwise."""
        if first not in self.cells or last not in self.cells:
            return None
        found = []
        for here, there in zip(self.cells[first], self.cells[last], strict=True):
            if here == there:
                found.append(0)
            elif not (type(here) is type(there) is int and abs(there - here) == distance):
                return None
            else:
                found.append((there - here) // distance)
        return tuple(found)

    def table(
        self, places: Sequence[_Place], taken: AbstractSet[object], index: "pd.Index[Any]"
    ) -> pd.DataFrame:
        """The answers of rows that have one; a column whose name the file takes is called ``result.…``."""
        heads = [*(column.name for column in self.wanted), READINGS, NOTICES]
        heads = [f"result.{head}" if head in taken else head for head in heads]
        types = [*(column.type for column in self.wanted), "string", "string"]
        line = {number: line for line, number in enumerate(self.cells)}
        lines = np.array([line[place.number] for place in places], dtype=int)
        shifts = np.array([place.shift for place in places], dtype=int)
        asked = pd.DataFrame([*self.cells.values()], columns=heads, dtype=object)
        table = asked.astype(dict(zip(heads, types, strict=True))).take(lines).set_axis(index, axis=0)
        still = (0,) * len(heads)
        moving = np.array([self.moving.get(number, still) for number in self.cells], dtype=int)
        for head, of_head in zip(heads, moving.reshape(-1, len(heads)).T, strict=True):
            if of_head.any():
                table[head] += of_head[lines] * shifts
        return table


def _hashable(cell: object) -> object:
    """What tells two cells apart: text is itself; a number is no truth value that equals it."""
    return cell if isinstance(cell, str) else (type(cell), repr(cell))


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
