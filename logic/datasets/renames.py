"""Names that have changed since a code was printed or a link was sent: ``data/renames.toml``.

An owner of names (a calculator, a page) has parts (fields, parameters) with values. Each rename is applied to
what the renames above it have made.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import AliasChoices, Field, model_validator

from logic.core.models import invalid
from logic.datasets.tables import Row, build, data_dir, read_toml

Kind = Literal["codes", "links"]
MAX_VERSION = 31
"""A code has one character of 32 for its version, the first of which is nought."""


class Rename(Row):
    """What something was called until a version, and what it is called since."""

    through: int = Field(ge=1)
    owner: str = Field(validation_alias=AliasChoices("calculator", "page"))
    part: str | None = Field(None, validation_alias=AliasChoices("field", "parameter"))
    value: str | None = None
    becomes: str

    @model_validator(mode="after")
    def _value_of_a_part(self) -> Self:
        if self.value is not None and self.part is None:
            raise invalid("value", "is given without its field or parameter")
        return self


class _Head(Row):
    version: int = Field(ge=1, le=MAX_VERSION)
    renames: tuple[Rename, ...] = ()

    @model_validator(mode="after")
    def _of_the_past(self) -> Self:
        if any(each.through >= self.version for each in self.renames):
            raise invalid("version", "is not above every through: add 1 to it with each rename")
        return self


@dataclass(frozen=True, slots=True)
class Renames:
    """The present version of the names, and how older ones read today."""

    version: int
    renames: tuple[Rename, ...]

    def to_current(
        self, owner: str, parts: Mapping[str, object], said: int | None
    ) -> tuple[str, dict[str, object]]:
        """The owner and its parts by today's names; ``said`` is their version, None where it is not known."""
        now = dict(parts)
        for each in self.renames:
            if each.owner != owner or (said is not None and each.through < said):
                continue
            if each.part is None:
                owner = each.becomes
            elif each.value is None:
                now = {each.becomes if name == each.part else name: value for name, value in now.items()}
            elif each.part in now:
                now[each.part] = _replaced(now[each.part], each.value, each.becomes)
        return owner, now


def renames(kind: Kind) -> Renames:
    """The renames of codes or of links. Raises DataError where the file is damaged."""
    return _read(data_dir())[kind]


@cache
def _read(folder: Path) -> Mapping[str, Renames]:
    file = folder / "renames.toml"
    table = read_toml(file)
    heads = {
        kind: build(_Head, table.get(kind, {}), file, f"[{kind}] ".__add__) for kind in ("codes", "links")
    }
    return {kind: Renames(head.version, head.renames) for kind, head in heads.items()}


def _replaced(value: object, old: str, new: str) -> object:
    """The value with the old id replaced, where it is it, or a list with it (in a link: by commas)."""
    match value:
        case str():
            return ",".join(_each(value.split(","), old, new))
        case list():
            return [new if each == old else each for each in value]
        case _:
            return value


def _each(items: Iterable[str], old: str, new: str) -> list[str]:
    return [new if item == old else item for item in items]
