"""Search keys of the offline guide: names in both languages, normalised as the script normalises a query."""

from collections.abc import Iterable

from logic.core.messages import LANGUAGES
from logic.core.normalisation import comparison_key
from ui.l10n.text import text


def name_keys(section: str, name: str, other_words: Iterable[str] = ()) -> str:
    """Return the keys of an id's names in every language and of ``other_words``."""
    return join_keys([*(text(language).name_or_id(section, name) for language in LANGUAGES), *other_words])


def join_keys(names: Iterable[str]) -> str:
    """Return the keys of several names, separated by spaces."""
    return " ".join(dict.fromkeys(filter(None, map(comparison_key, names))))


def word_keys(*sentences: str) -> str:
    """Return the keys of sentences word by word, so that no match spans two words."""
    return join_keys(word for sentence in sentences for word in sentence.split())
