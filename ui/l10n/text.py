"""Every sentence of the interface: two tables with the same keys, and no fallback between them."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from logic.core.messages import LANGUAGES, Language
from logic.core.normalisation import without_ignored
from logic.datasets.tables import labels

_FOLDER = Path(__file__).parent
DIRECTIONS: Mapping[Language, str] = {"fa": "rtl", "en": "ltr"}


class Text:
    """The texts of one language, by dotted key. An unknown key raises KeyError: it is a defect."""

    def __init__(self, language: Language, table: Mapping[str, str]) -> None:
        """``table`` is flat: "share.title" → sentence."""
        self.language = language
        self.direction = DIRECTIONS[language]
        self._table = table

    def __call__(self, key: str, **params: object) -> str:
        """The sentence with its places filled in."""
        return self._table[key].format(**params) if params else self._table[key]

    def __contains__(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._table

    def keys(self) -> Iterator[str]:
        """Every key, in the order of the file."""
        return iter(self._table)

    def name_of(self, kind: str, value: str) -> str:
        """The name of an id: ``label("level", "two_star")``."""
        label = labels().get(kind, {}).get(value)
        return getattr(label, self.language) if label else self._table[f"{kind}.{value}"]

    def has_name(self, kind: str, value: str) -> bool:
        """Whether an id has a name of this kind."""
        return value in labels().get(kind, {}) or f"{kind}.{value}" in self._table

    def name_or_id(self, kind: str, value: str) -> str:
        """The name of an id that data may add without a text: its own words, until it has one."""
        label = labels().get(kind, {}).get(value)
        if label:
            return str(getattr(label, self.language))
        return self._table.get(f"{kind}.{value}", value.replace("_", " "))

    def names_of(self, kind: str, values: Iterator[str] | Any) -> dict[str, str]:  # noqa: ANN401 - any iterable of ids
        """The names of several ids, bound before a widget formats them in another run's language."""
        return {value: self.name_of(kind, value) for value in values}


@cache
def text(language: Language) -> Text:
    """The texts of a language."""
    tables = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Text(language, dict(_flatten(tables, "")))


def language_of(raw: str | None) -> Language:
    """The language that a link asks for; Persian unless it is one of the others."""
    asked = without_ignored(raw or "")
    return next((language for language in LANGUAGES if language == asked), "fa")


def _flatten(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
