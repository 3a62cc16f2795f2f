"""What can go wrong: a damaged table stops the start, a bad request gets one error per field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Self


class KhodroyarError(Exception):
    """Base of every error that this package raises on purpose."""


class DataError(KhodroyarError):
    """A cell, column or file under ``data/`` cannot be used; names the file, the line and the column."""

    def __init__(self, file: str, line: int | None, column: str | None, problem: str) -> None:
        """Keep the place apart from the problem, so that both can be shown and tested."""
        self.file, self.line, self.column, self.problem = file, line, column, problem
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {f'column {column}: ' if column else ''}{problem}")

    def __reduce__(self) -> tuple[type[Self], tuple[str, int | None, str | None, str]]:
        """Pickle the parts, since a worker process hands the error to its parent."""
        return type(self), (self.file, self.line, self.column, self.problem)


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field: ``code`` is a key of ``data/messages.toml``."""

    field: str
    code: str
    params: Mapping[str, object] = attribute(default_factory=dict)


class RequestError(KhodroyarError):
    """A request that cannot be answered as it stands; carries every field's error."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        """Keep the errors in the order of the fields."""
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{e.field}: {e.code}" for e in self.errors))


class SettingError(KhodroyarError):
    """An environment variable that cannot be used."""

    def __init__(self, name: str, value: object, problem: str) -> None:
        """Name the variable before its value and what is wrong with it."""
        self.name = name
        super().__init__(f"{name}={value!s:.100}: {problem}")


class UnknownCalculatorError(KhodroyarError):
    """No calculator has this name."""


class CodeError(KhodroyarError):
    """A code that cannot be read; ``error`` is laid at the field ``code``."""

    def __init__(self, code: str, **params: object) -> None:
        """``code`` is a key of ``data/messages.toml``."""
        self.error = FieldError("code", code, params)
        super().__init__(code)
