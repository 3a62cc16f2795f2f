"""Exceptions: invalid data files stop the app from starting, invalid requests get one error per field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Self


class KhodroyarError(Exception):
    """Base class of the exceptions that this package raises."""


class DataError(KhodroyarError):
    """An invalid cell, column or file under ``data/``. The message names file, line and column."""

    def __init__(self, file: str, line: int | None, column: str | None, problem: str) -> None:
        """Store the location and the problem separately, so that both can be shown and tested."""
        self.file, self.line, self.column, self.problem = file, line, column, problem
        location = file if line is None else f"{file}:{line}"
        super().__init__(f"{location}: {f'column {column}: ' if column else ''}{problem}")

    def __reduce__(self) -> tuple[type[Self], tuple[str, int | None, str | None, str]]:
        """Pickle the arguments: worker processes send the error to their parent."""
        return type(self), (self.file, self.line, self.column, self.problem)


@dataclass(frozen=True, slots=True)
class FieldError:
    """An error in one field of a request. ``code`` is a key of ``data/messages.toml``."""

    field: str
    code: str
    params: Mapping[str, object] = attribute(default_factory=dict)


class RequestError(KhodroyarError):
    """An invalid request, with an error for each invalid field."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        """Store the errors in the order of the fields."""
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.field}: {error.code}" for error in self.errors))


class SettingError(KhodroyarError):
    """An invalid environment variable."""

    def __init__(self, name: str, value: object, problem: str) -> None:
        """Build the message from the variable, its value and the problem."""
        self.name = name
        super().__init__(f"{name}={value!s:.100}: {problem}")


class UnknownCalculatorError(KhodroyarError):
    """There is no calculator with this name."""


class CodeError(KhodroyarError):
    """A code that cannot be decoded; ``error`` belongs to the field ``code``."""

    def __init__(self, code: str, **params: object) -> None:
        """``code`` is a key of ``data/messages.toml``."""
        self.error = FieldError("code", code, params)
        super().__init__(code)
