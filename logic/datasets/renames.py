"""Names that have changed since a code was printed or a link was sent: ``data/renames.toml``.

The owner of a name is a calculator or a page; its parts are fields or parameters, which have values. Renames
are applied in the order of the file, each to the result of those before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import AliasChoices, Field, model_validator

from logic.core.models import invalid
from logic.datasets.dataset import cached_per_dataset, data_dir
from logic.datasets.tables import Row, build, read_toml

RenameKind = Literal["codes", "links"]
MAX_VERSION = 31
"""A code stores its version in one base32 character; 0 is not used."""


class Rename(Row):
    """The old name of an owner, a part or a value, the last version that uses it, and the new name."""

    until_version: int = Field(ge=1)
    owner: str = Field(validation_alias=AliasChoices("calculator", "page"))
    part: str | None = Field(None, validation_alias=AliasChoices("field", "parameter"))
    value: str | None = None
    becomes: str

    @model_validator(mode="after")
    def _check_value_has_part(self) -> Self:
        if self.value is not None and self.part is None:
            raise invalid("value", "needs a field or a parameter")
        return self


class _RenameTable(Row):
    version: int = Field(ge=1, le=MAX_VERSION)
    renames: tuple[Rename, ...] = ()

    @model_validator(mode="after")
    def _check_versions(self) -> Self:
        if any(rename.until_version >= self.version for rename in self.renames):
            raise invalid("version", "must be greater than every until_version: add 1 to it with each rename")
        return self


@dataclass(frozen=True, slots=True)
class Renames:
    """The current version of the names, and the renames that lead to it."""

    version: int
    renames: tuple[Rename, ...]

    def to_current(
        self, owner: str, parts: Mapping[str, object], version: int | None
    ) -> tuple[str, dict[str, object]]:
        """Return the owner and its parts with their current names.

        ``version`` is the version of the given names; None if it is unknown: then every rename is applied.
        """
        current = dict(parts)
        for rename in self.renames:
            if rename.owner != owner or (version is not None and rename.until_version < version):
                continue
            if rename.part is None:
                owner = rename.becomes
            elif rename.value is None:
                current = {
                    rename.becomes if name == rename.part else name: value for name, value in current.items()
                }
            elif rename.part in current:
                current[rename.part] = _replace_value(current[rename.part], rename.value, rename.becomes)
        return owner, current


def renames(kind: RenameKind) -> Renames:
    """Return the renames of codes or of links. Raises DataError if the file is invalid."""
    return _renames()[kind]


@cached_per_dataset
def _renames() -> Mapping[str, Renames]:
    file = data_dir() / "renames.toml"
    content = read_toml(file)
    tables = {
        kind: build(_RenameTable, content.get(kind, {}), file, f"[{kind}] ".__add__)
        for kind in ("codes", "links")
    }
    return {kind: Renames(table.version, table.renames) for kind, table in tables.items()}


def _replace_value(value: object, old: str, new: str) -> object:
    """Replace an id in a value: a text, a list, or the list of a link, which is a text with commas."""
    match value:
        case str():
            return ",".join(_replace_in_list(value.split(","), old, new))
        case list():
            return [new if item == old else item for item in value]
        case _:
            return value


def _replace_in_list(items: Iterable[str], old: str, new: str) -> list[str]:
    return [new if item == old else item for item in items]
