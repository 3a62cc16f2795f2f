"""Answer the rows of a table: convert rows to requests, and answers to columns."""

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
ColumnType = Literal["Int64", "boolean", "string"]
COLUMN_TYPES: Mapping[str, ColumnType] = {"integer": "Int64", "boolean": "boolean"}
READINGS, NOTICES = "readings", "notices"
ERROR_COLUMNS = ("row", "field", "code", "message_fa", "message_en")


@dataclass(frozen=True)
class InputPart:
    """Some rows of a file: the valid ones, indexed by row number, and the invalid ones."""

    frame: pd.DataFrame
    problems: Sequence[RowProblem] = ()
    detected_format: str = ""
    """The detected encoding, separator and header row, as text for the user."""


class BatchError(KhodroyarError):
    """A file cannot be processed; the text names the file and the reason."""


@dataclass(frozen=True)
class PartResult:
    """The answers and the errors of some rows, each with the row numbers of the file."""

    answers: pd.DataFrame
    errors: pd.DataFrame


@dataclass(frozen=True)
class Column:
    """A column of the result: its position in the model, and its type."""

    parents: tuple[str, ...]
    field: str
    type: ColumnType
    is_list: bool = False

    @property
    def name(self) -> str:
        """The name of the column: the path in the model, joined with dots."""
        return ".".join((*self.parents, self.field))


def _cell(column: Column, value: object) -> object:
    if column.is_list:
        return json.dumps(to_json(value), ensure_ascii=False)
    return str(to_json(value)) if column.type == "string" and value is not None else value


@cache
def columns(name: str, *, lists: bool) -> tuple[Column, ...]:
    """Return the columns of a calculator's flattened result, with or without its lists, written as JSON."""
    return tuple(_columns(find(name).result, (), lists=lists))


def _columns(model: type[BaseModel], path: tuple[str, ...], *, lists: bool) -> Iterator[Column]:
    schema = model.model_json_schema(mode="serialization")
    for field, info in model.model_fields.items():
        annotations = get_args(info.annotation) or (info.annotation,)
        nested = [
            annotation
            for annotation in annotations
            if isinstance(annotation, type) and issubclass(annotation, BaseModel)
        ]
        options = possible_schemas(schema["properties"][field], schema.get("$defs", {}))
        types = {option.get("type", "string") for option in options}
        if nested and get_origin(info.annotation) in (None, UnionType):
            yield from _columns(nested[0], (*path, field), lists=lists)
        elif not types & {"array", "object"}:
            (first_type, *other_types) = types
            yield Column(path, field, "string" if other_types else COLUMN_TYPES.get(first_type, "string"))
        elif lists:
            yield Column(path, field, "string", is_list=True)


def _cells(answer: Answer[Any], result_columns: Sequence[Column]) -> list[object]:
    cells: list[object] = []
    for parents, model_columns in groupby(result_columns, key=attrgetter("parents")):
        model: Any = answer.result
        for name in parents:
            model = getattr(model, name) if model is not None else None
        cells += [
            None if model is None else _cell(column, getattr(model, column.field)) for column in model_columns
        ]
    return [
        *cells,
        ",".join(dict.fromkeys(alternative.reading for alternative in answer.alternatives)),
        ",".join(dict.fromkeys(notice.key for notice in answer.notices)),
    ]


def answer_rows(
    name: str, frame: pd.DataFrame, problems: Sequence[RowProblem] = (), *, lists: bool = False
) -> PartResult:
    """Answer some rows of a file.

    The answers are those of the calculator for each single row. The columns of the file come first.

    Args:
        name: the calculator.
        frame: the rows, indexed by row number.
        problems: the rows that could not be read; they are added to the errors.
        lists: whether the answers include the lists of the result.

    """
    result_columns = columns(name, lists=lists)
    fields = [column for column in frame.columns if column in field_formats(name)]
    rows = [*zip(*(frame[column].to_numpy(dtype=object) for column in fields), strict=True)]
    batch = _RowAnswers(find(name), fields, result_columns)
    linear_segments = segments(name)
    if linear_segments and linear_segments.field in fields:
        batch.answer_segments(rows, linear_segments)
    else:
        batch.answer_each(rows)
    answered = [index for index, (request, _) in enumerate(batch.row_answers) if request in batch.cells]
    results = batch.table(
        [batch.row_answers[index] for index in answered], set(frame.columns), frame.index[answered]
    )
    rejected: list[tuple[int, Sequence[object], list[dict[str, Any]]]] = [
        (frame.index[index], [*frame.iloc[index]], batch.errors[request])
        for index, (request, _) in enumerate(batch.row_answers)
        if request in batch.errors
    ]
    rejected += [
        (problem.number, problem.cells, [error_to_dict(FieldError("row", problem.code, problem.params))])
        for problem in problems
    ]
    answered_rows: pd.DataFrame = frame.iloc[answered]
    answers = pd.concat([answered_rows, results], axis=1)
    return PartResult(answers, _errors([*map(str, frame.columns)], rejected))


class _RowAnswer(NamedTuple):
    """The number of the request whose answer a row has, and its distance from it in a linear segment."""

    request: int
    offset: int = 0


class _RowAnswers:
    """The answers of rows. Each distinct request has a number and is calculated once."""

    def __init__(
        self, calculator: Calculator, fields: Sequence[str], result_columns: Sequence[Column]
    ) -> None:
        self.calculator, self.fields, self.result_columns = calculator, fields, result_columns
        self.cells: dict[int, list[object]] = {}
        self.errors: dict[int, list[dict[str, Any]]] = {}
        self.coefficients: dict[int, tuple[int, ...]] = {}
        """By request, the change of each of its cells when the field of the segments grows by one."""
        self.row_answers: list[_RowAnswer] = []
        self._request_numbers: dict[tuple[object, ...], int] = {}

    def request_number(self, cells: Cells) -> int:
        """Return the number of the request in a row; calculate its answer if it is new."""
        key = tuple(map(_cell_key, cells))
        number = self._request_numbers.setdefault(key, len(self._request_numbers))
        if number not in self.cells and number not in self.errors:
            try:
                answer = self.calculator.answer(self._field_values(cells))
                self.cells[number] = _cells(answer, self.result_columns)
            except RequestError as error:
                self.errors[number] = [error_to_dict(field_error) for field_error in error.errors]
            except DataError:  # stops the run, because no row can be answered
                raise
            except Exception as error:  # noqa: BLE001 - a bug must not stop the other rows
                self.errors[number] = [error_to_dict(report_fault(self.calculator.name, error))]
        return number

    def _field_values(self, cells: Cells) -> dict[str, object]:
        """Return the request fields of a row, without empty cells."""
        formats = field_formats(self.calculator.name)
        return {
            name: read_cell(formats[name], cell)
            for name, cell in zip(self.fields, cells, strict=True)
            if not is_empty(cell)
        }

    def answer_each(self, rows: Iterable[Cells]) -> None:
        """Calculate every row."""
        self.row_answers = [_RowAnswer(self.request_number(cells)) for cells in rows]

    def answer_segments(self, rows: Sequence[Cells], segments: Segments) -> None:
        """Calculate the first and the last row of each linear segment and interpolate the others.

        If a segment contains an error, or is not linear although ``linear_between`` promises it, each of its
        rows is calculated.
        """
        field_index = self.fields.index(segments.field)
        groups: dict[tuple[object, ...], list[int]] = {}
        for row_index, cells in enumerate(rows):
            other_cells = (*cells[:field_index], *cells[field_index + 1 :])
            groups.setdefault(tuple(map(_cell_key, other_cells)), []).append(row_index)
        self.row_answers = [_RowAnswer(-1)] * len(rows)
        for group in groups.values():
            for segment in self._segments(rows, group, field_index, segments):
                self._answer_segment(rows, segment)

    def _segments(
        self, rows: Sequence[Cells], group: Sequence[int], field_index: int, segments: Segments
    ) -> Iterator[list[tuple[int, int]]]:
        """Yield the rows of a group by segment, as pairs of the field's value and the row index.

        A row whose field is not an integer is a segment of its own.
        """
        try:
            fields = self._field_values(rows[group[0]])
            fields.pop(segments.field, None)
            breakpoints = segments.breakpoints(self.calculator.read(fields))
        except RequestError:
            breakpoints = ()
        rows_by_segment: dict[int, list[tuple[int, int]]] = {}
        for row_index in group:
            value = read_cell(FieldFormat("integer"), rows[row_index][field_index])
            if breakpoints and isinstance(value, int) and not isinstance(value, bool):
                segment_index = bisect_right(breakpoints, value)
                rows_by_segment.setdefault(segment_index, []).append((value, row_index))
            else:
                yield [(0, row_index)]
        yield from rows_by_segment.values()

    def _answer_segment(self, rows: Sequence[Cells], segment: Sequence[tuple[int, int]]) -> None:
        (start, first_row), (end, last_row) = min(segment), max(segment)
        first, last = self.request_number(rows[first_row]), self.request_number(rows[last_row])
        coefficients = self._linear_coefficients(first, last, end - start)
        if coefficients is None:
            for _, row_index in segment:
                self.row_answers[row_index] = _RowAnswer(self.request_number(rows[row_index]))
            return
        self.coefficients[first] = coefficients
        for value, row_index in segment:
            self.row_answers[row_index] = _RowAnswer(first, value - start)

    def _linear_coefficients(self, first: int, last: int, distance: int) -> tuple[int, ...] | None:
        """Return the slope of each cell between two requests: 0, 1 or -1; None if a cell is not linear."""
        if first not in self.cells or last not in self.cells:
            return None
        slopes = []
        for first_value, last_value in zip(self.cells[first], self.cells[last], strict=True):
            if first_value == last_value:
                slopes.append(0)
            elif not (
                type(first_value) is type(last_value) is int and abs(last_value - first_value) == distance
            ):
                return None
            else:
                slopes.append((last_value - first_value) // distance)
        return tuple(slopes)

    def table(
        self, row_answers: Sequence[_RowAnswer], file_columns: AbstractSet[object], index: "pd.Index[Any]"
    ) -> pd.DataFrame:
        """Return the answers of rows as a table. A column that the file has too is named ``result.…``."""
        names = [*(column.name for column in self.result_columns), READINGS, NOTICES]
        names = [f"result.{name}" if name in file_columns else name for name in names]
        types = [*(column.type for column in self.result_columns), "string", "string"]
        position_of = {request: position for position, request in enumerate(self.cells)}
        positions = np.array([position_of[row_answer.request] for row_answer in row_answers], dtype=int)
        offsets = np.array([row_answer.offset for row_answer in row_answers], dtype=int)
        calculated = pd.DataFrame([*self.cells.values()], columns=names, dtype=object)
        typed = calculated.astype(dict(zip(names, types, strict=True)))
        table = typed.take(positions).set_axis(index, axis=0)
        constant = (0,) * len(names)
        slopes = np.array([self.coefficients.get(request, constant) for request in self.cells], dtype=int)
        for name, column_slopes in zip(names, slopes.reshape(-1, len(names)).T, strict=True):
            if column_slopes.any():
                table[name] += column_slopes[positions] * offsets
        return table


def _cell_key(cell: object) -> object:
    """Return a hashable key of a cell that differs for 1, 1.0 and True."""
    return cell if isinstance(cell, str) else (type(cell), repr(cell))


def _errors(
    columns: Sequence[str], rejected: Iterable[tuple[int, Sequence[object], list[dict[str, Any]]]]
) -> pd.DataFrame:
    """Return a row for each error: row number, error, and the cells of that row in the file."""
    error_rows = [
        (number, error["field"], error["code"], error["message"]["fa"], error["message"]["en"], *file_cells)
        for number, cells, errors in sorted(rejected, key=itemgetter(0))
        for file_cells in [[*cells[: len(columns)], *[None] * (len(columns) - len(cells))]]
        for error in errors
    ]
    names = [f"error.{name}" if name in columns else name for name in ERROR_COLUMNS]
    table = pd.DataFrame(error_rows, columns=[*names, *columns], dtype=object)
    return table.astype("string").astype({names[0]: "Int64"})


def check_columns(name: str, file_columns: Sequence[str]) -> None:
    """Check the columns of a file.

    Raises:
        BatchError: a required field is missing, or a column is repeated or probably a misspelt field.

    """
    fields = find(name).request.model_fields
    for column in file_columns:
        similar = get_close_matches(column.strip().lower(), fields, n=1, cutoff=0.8)
        if column not in fields and similar:
            raise BatchError(f"column {column!r} is not a field of {name}; did you mean {similar[0]!r}?")
    columns_text = ", ".join(file_columns) or "none"
    if not fields.keys() & set(file_columns):
        raise BatchError(f"no column is a field of {name}; the file has: {columns_text}")
    missing = [field for field, info in fields.items() if info.is_required() and field not in file_columns]
    if missing:
        raise BatchError(f"{name} needs the columns {', '.join(missing)}; the file has: {columns_text}")
    if len(set(file_columns)) != len(file_columns):
        raise BatchError("two columns have the same name")
