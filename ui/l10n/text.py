"""The texts of the interface: one table per language, with the same keys and no fallback between them."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from logic.core.messages import LANGUAGES, Language
from logic.core.normalisation import without_ignored
from logic.datasets.tables import labels

_FOLDER = Path(__file__).parent
DIRECTIONS: Mapping[Language, str] = {"fa": "rtl", "en": "ltr"}


class Text:
    """The texts of one language by dotted key; an unknown key raises KeyError."""

    def __init__(self, language: Language, table: Mapping[str, str]) -> None:
        """Store the texts: ``table`` maps flat keys such as "share.title" to texts."""
        self.language = language
        self.direction = DIRECTIONS[language]
        self._table = table

    def __call__(self, key: str, **params: object) -> str:
        """Return the text of a key with its placeholders filled in."""
        return self._table[key].format(**params) if params else self._table[key]

    def __contains__(self, key: str) -> bool:
        """Return whether there is a text for a key."""
        return key in self._table

    def keys(self) -> Iterator[str]:
        """Return every key, in the order of the file."""
        return iter(self._table)

    def name_of(self, kind: str, value: str) -> str:
        """Return the name of an id: ``name_of("level", "two_star")``; raise KeyError if it has none."""
        label = labels().get(kind, {}).get(value)
        return getattr(label, self.language) if label else self._table[f"{kind}.{value}"]

    def has_name(self, kind: str, value: str) -> bool:
        """Return whether an id has a name of this kind."""
        return value in labels().get(kind, {}) or f"{kind}.{value}" in self._table

    def name_or_id(self, kind: str, value: str) -> str:
        """Return the name of an id, or the words of the id if the data added it without a name."""
        label = labels().get(kind, {}).get(value)
        if label:
            return str(getattr(label, self.language))
        return self._table.get(f"{kind}.{value}", value.replace("_", " "))

    def names_of(self, kind: str, values: Iterable[str]) -> dict[str, str]:
        """Return the names of ids by id, for a widget: its labels must not follow another run's language."""
        return {value: self.name_of(kind, value) for value in values}


@cache
def text(language: Language) -> Text:
    """Return the texts of a language."""
    tables = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return Text(language, dict(_flatten(tables, "")))


def language_of(raw: str | None) -> Language:
    """Return the language that a URL parameter names; Persian if it names none."""
    code = without_ignored(raw or "")
    return next((language for language in LANGUAGES if language == code), "fa")


def _flatten(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Yield each text of nested tables with its dotted key."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value
