"""Rows of a table to requests, and answers to columns: the same answers as one by one, whoever asks."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import groupby
from operator import attrgetter, itemgetter
from types import UnionType
from typing import Any, Literal, NamedTuple, get_args, get_origin

import numpy as np
import pandas as pd
from pydantic import BaseModel

from logic.batch.cells import FieldFormat, field_formats, is_empty, possible_schemas, read_cell
from logic.batch.table_file import RowProblem
from logic.core.answer import Answer, to_json
from logic.core.errors import DataError, FieldError, KhodroyarError, RequestError
from logic.core.faults import report_fault
from logic.core.registry import Calculator, Segments, error_to_dict, find, segments

Cells = Sequence[object]
Type = Literal["Int64", "boolean", "string"]
TYPES: Mapping[str, Type] = {"integer": "Int64", "boolean": "boolean"}
READINGS, NOTICES = "readings", "notices"
ERROR_COLUMNS = ("row", "field", "code", "message_fa", "message_en")


@dataclass(frozen=True)
class InputPart:
    """Some rows of a file: those that can be read, by the number of the row, and those that cannot."""

    frame: pd.DataFrame
    problems: Sequence[RowProblem] = ()
    read_as: str = ""
    """How the file was read, where that was found out."""


class BatchError(KhodroyarError):
    """A file that cannot be worked on; the text says which and why."""


@dataclass(frozen=True)
class PartResult:
    """What came of some rows: answers and errors, each with the numbers of the rows in the file."""

    answers: pd.DataFrame
    errors: pd.DataFrame


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
        return json.dumps(to_json(value), ensure_ascii=False)
    return str(to_json(value)) if column.type == "string" and value is not None else value


@cache
def columns(name: str, *, lists: bool) -> tuple[Column, ...]:
    """The flat columns of a calculator's result; lists of it, where wanted, as JSON."""
    return tuple(_columns(find(name).result, (), lists=lists))


def _columns(model: type[BaseModel], path: tuple[str, ...], *, lists: bool) -> Iterator[Column]:
    schema = model.model_json_schema(mode="serialization")
    for field, info in model.model_fields.items():
        annotations = get_args(info.annotation) or (info.annotation,)
        nested = [each for each in annotations if isinstance(each, type) and issubclass(each, BaseModel)]
        options = possible_schemas(schema["properties"][field], schema.get("$defs", {}))
        types = {option.get("type", "string") for option in options}
        if nested and get_origin(info.annotation) in (None, UnionType):
            yield from _columns(nested[0], (*path, field), lists=lists)
        elif not types & {"array", "object"}:
            (only, *others) = types
            yield Column(path, field, "string" if others else TYPES.get(only, "string"))
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


def answer_rows(
    name: str, frame: pd.DataFrame, problems: Sequence[RowProblem] = (), *, lists: bool = False
) -> PartResult:
    """Answer some rows of a file; the index of the frame is the number of the row.

    The answers are those of the single calculator, column for column. The file's own columns come first.
    ``problems`` are the rows that could not be read: they are among the errors.
    """
    wanted = columns(name, lists=lists)
    asked = [column for column in frame.columns if column in field_formats(name)]
    cells = [*zip(*(frame[column].to_numpy(dtype=object) for column in asked), strict=True)]
    rows = _Rows(find(name), asked, wanted)
    whole = segments(name)
    if whole and whole.field in asked:
        rows.answer_segments(cells, whole)
    else:
        rows.answer_each(cells)
    good = [place for place, (number, _) in enumerate(rows.places) if number in rows.cells]
    results = rows.table([rows.places[place] for place in good], set(frame.columns), frame.index[good])
    refused: list[tuple[int, Sequence[object], list[dict[str, Any]]]] = [
        (frame.index[place], [*frame.iloc[place]], rows.errors[number])
        for place, (number, _) in enumerate(rows.places)
        if number in rows.errors
    ]
    refused += [
        (problem.number, problem.cells, [error_to_dict(FieldError("row", problem.code, problem.params))])
        for problem in problems
    ]
    own: pd.DataFrame = frame.iloc[good]
    return PartResult(pd.concat([own, results], axis=1), _errors([*map(str, frame.columns)], refused))


class _Place(NamedTuple):
    """Which request's answer a row has, and how far the row lies from that request along the pieces."""

    number: int
    offset: int = 0


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
                self.errors[number] = [error_to_dict(each) for each in error.errors]
            except DataError:  # stops the run: no row can be answered
                raise
            except Exception as error:  # noqa: BLE001 - a fault of ours must not take the other rows with it
                self.errors[number] = [error_to_dict(report_fault(self.calculator.name, error))]
        return number

    def fields(self, cells: Cells) -> dict[str, object]:
        """The request's fields that are given."""
        formats = field_formats(self.calculator.name)
        given = zip(self.asked, cells, strict=True)
        return {name: read_cell(formats[name], cell) for name, cell in given if not is_empty(cell)}

    def answer_each(self, rows: Iterable[Cells]) -> None:
        """Every row by itself."""
        self.places = [_Place(self.number(cells)) for cells in rows]

    def answer_segments(self, rows: Sequence[Cells], whole: Segments) -> None:
        """Rows that differ only along the pieces: of each piece the first and the last, the rest between.

        What does not move as ``piecewise`` promises, or is refused, is asked row by row.
        """
        at = self.asked.index(whole.field)
        alike: dict[tuple[object, ...], list[int]] = {}
        for place, cells in enumerate(rows):
            alike.setdefault(tuple(map(_hashable, (*cells[:at], *cells[at + 1 :]))), []).append(place)
        self.places = [_Place(-1)] * len(rows)
        for group in alike.values():
            for piece in self._segments(rows, group, at, whole):
                self._answer_segment(rows, piece)

    def _segments(
        self, rows: Sequence[Cells], group: Sequence[int], at: int, whole: Segments
    ) -> Iterator[list[tuple[int, int]]]:
        """The rows of a group by piece, each with its number along it; a row without one is a piece alone."""
        try:
            fields = self.fields(rows[group[0]])
            fields.pop(whole.field, None)
            points = whole.breakpoints(self.calculator.read(fields))
        except RequestError:
            points = ()
        found: dict[int, list[tuple[int, int]]] = {}
        for place in group:
            along = read_cell(FieldFormat("integer"), rows[place][at])
            if points and isinstance(along, int) and not isinstance(along, bool):
                found.setdefault(bisect_right(points, along), []).append((along, place))
            else:
                yield [(0, place)]
        yield from found.values()

    def _answer_segment(self, rows: Sequence[Cells], piece: Sequence[tuple[int, int]]) -> None:
        (start, lowest), (end, highest) = min(piece), max(piece)
        first, last = self.number(rows[lowest]), self.number(rows[highest])
        moving = self._linear_coefficients(first, last, end - start)
        if moving is None:
            for _, place in piece:
                self.places[place] = _Place(self.number(rows[place]))
            return
        self.moving[first] = moving
        for along, place in piece:
            self.places[place] = _Place(first, along - start)

    def _linear_coefficients(self, first: int, last: int, distance: int) -> tuple[int, ...] | None:
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
        shifts = np.array([place.offset for place in places], dtype=int)
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


def _errors(
    columns: Sequence[str], refused: Iterable[tuple[int, Sequence[object], list[dict[str, Any]]]]
) -> pd.DataFrame:
    """Return a row for each error, by the number of its row in the file, with the file's own cells."""
    lines = [
        (number, error["field"], error["code"], error["message"]["fa"], error["message"]["en"], *own)
        for number, cells, errors in sorted(refused, key=itemgetter(0))
        for own in [[*cells[: len(columns)], *[None] * (len(columns) - len(cells))]]
        for error in errors
    ]
    heads = [f"error.{head}" if head in columns else head for head in ERROR_COLUMNS]
    table = pd.DataFrame(lines, columns=[*heads, *columns], dtype=object)
    return table.astype("string").astype({heads[0]: "Int64"})


def check_columns(name: str, found: Sequence[str]) -> None:
    """Refuse a file without the fields that are needed, and a column that is nearly a field's name."""
    fields = find(name).request.model_fields
    for column in found:
        near = get_close_matches(column.strip().lower(), fields, n=1, cutoff=0.8)
        if column not in fields and near:
            raise BatchError(f"column {column!r} is no field of {name}; did you mean {near[0]!r}?")
    if not fields.keys() & set(found):
        raise BatchError(f"no column is a field of {name}; there are {', '.join(found) or 'none'}")
    missing = [field for field, info in fields.items() if info.is_required() and field not in found]
    if missing:
        raise BatchError(f"{name} needs the columns {', '.join(missing)}; there are {', '.join(found)}")
    if len(set(found)) != len(found):
        raise BatchError("two columns have the same name")
