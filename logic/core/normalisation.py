"""Normalise text from fields, links and files before it is compared or parsed.

Every entry point uses these functions: fields, links, files, requests, codes, coordinates and search. The
offline guide implements them in ``ui/offline_guide/normalisation.js``, with the tables of this module; both
are tested with ``tests/support/normalisation.jsonl``.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from logic.core import persian

MAX_CHARS: Final = 4_000
"""Long enough for the code of a printed answer. Longer texts are rejected: NFC takes quadratic time."""


class TextTooLongError(ValueError):
    """A text is longer than `MAX_CHARS`."""


_DIGITS: Final = dict(zip(persian.DIGITS + persian.ARABIC_DIGITS, "0123456789" * 2, strict=True))
_SIGNS: Final = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc\u00b4\u2032", "'"),
    persian.PERCENT: "%",
    "\u060d": "/",  # the Arabic date separator
    "\u200c": " ",  # a zero-width non-joiner separates words
}
EQUIVALENT_CHARACTERS: Final[Mapping[str, str]] = {**persian.EQUIVALENT_LETTERS, **_DIGITS, **_SIGNS}
"""Letters, digits and signs of different keyboards, mapped to the character that replaces them."""
IGNORED: Final = (
    "\u00ad\u061c\u0640\u180e\u200b\u200d\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # direction, joiners
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"  # marks above and below letters
    "\ufe00-\ufe0f"  # variants of a glyph
)
"""Characters that are removed, in the syntax of a regular expression's character class."""
_IGNORED: Final = re.compile(f"[{IGNORED}]")
_TABLE: Final = str.maketrans(dict(EQUIVALENT_CHARACTERS))


def normalise(text: str) -> str:
    """Return ``text`` with uniform letters, Latin digits, ASCII signs and single spaces; keep the case.

    Presentation forms become letters (NFKC). Superscripts, fractions and circled numbers are not changed:
    NFKC would turn 12² into 122.

    Raises:
        TextTooLongError: the text has more than `MAX_CHARS` characters.

    """
    if len(text) > MAX_CHARS:
        raise TextTooLongError
    if not text.isascii():
        compatible = "".join(map(_compatible, text))
        composed = unicodedata.normalize("NFC", compatible)
        text = _IGNORED.sub("", composed.translate(_TABLE))
    return " ".join(text.split())


def comparison_key(text: str) -> str:
    """Return the letters and digits of ``text``, normalised and casefolded, to compare names.

    Raises:
        TextTooLongError: the text has more than `MAX_CHARS` characters.

    """
    return "".join(letter for letter in normalise(text).casefold() if letter.isalnum())


def without_ignored(text: str) -> str:
    """Return ``text`` without the `IGNORED` characters."""
    return _IGNORED.sub("", text)


def _compatible(letter: str) -> str:
    return letter if unicodedata.category(letter) == "No" else unicodedata.normalize("NFKC", letter)
