"""What a search in the guide compares: a name in both languages, without what people spell differently."""

from collections.abc import Iterable

from logic.core.messages import LANGUAGES
from logic.core.normalisation import comparison_key
from ui.l10n.text import text


def keys(section: str, name: str, also: Iterable[str] = ()) -> str:
    """The keys of an id's names in every language, and of further words."""
    return joined([*(text(language).name_or_id(section, name) for language in LANGUAGES), *also])


def joined(names: Iterable[str]) -> str:
    """The keys of several names, apart."""
    return " ".join(dict.fromkeys(filter(None, map(comparison_key, names))))


def words(*said: str) -> str:
    """The keys of sentences, word by word: nothing is found across two of them."""
    return joined(word for each in said for word in each.split())
