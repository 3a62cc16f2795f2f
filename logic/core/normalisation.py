"""Normalise text that people type, paste or keep in files, before anything compares or reads it.

Every entry point uses these functions: fields, links, files, requests, codes, coordinates and search. The
offline guide has the same in ``ui/offline_guide/normalisation.js``, with the tables of this module; both are
tested with ``tests/support/normalisation.jsonl``.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from logic.core import persian

MAX_CHARS: Final = 4_000
"""The longest text that is normalised: a code of a printed answer. Composing letters takes quadratic time."""


class TextTooLongError(ValueError):
    """A text above `MAX_CHARS`."""


_DIGITS: Final = dict(zip(persian.DIGITS + persian.ARABIC_DIGITS, "0123456789" * 2, strict=True))
_SIGNS: Final = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc\u00b4\u2032", "'"),
    persian.PERCENT: "%",
    "\u060d": "/",  # the Arabic date separator
    "\u200c": " ",  # a zero-width non-joiner separates words
}
SAME_CHARACTERS: Final[Mapping[str, str]] = {**persian.SAME_LETTERS, **_DIGITS, **_SIGNS}
"""Letters, digits and signs that keyboards write differently, each with the one that is compared."""
IGNORED: Final = (
    "\u00ad\u061c\u0640\u180e\u200b\u200d\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # direction, joiners
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"  # marks above and below letters
    "\ufe00-\ufe0f"  # variants of a glyph
)
"""Characters without a meaning of their own, as the inside of a regular expression's character class."""
_IGNORED: Final = re.compile(f"[{IGNORED}]")
_TABLE: Final = str.maketrans(dict(SAME_CHARACTERS))


def normalise(text: str) -> str:
    """Return ``text`` in one spelling: letters, Latin digits, plain signs, single spaces; case stays.

    Presentation forms become letters (NFKC). Superscripts, fractions and circled numbers stay as they are:
    NFKC would make 122 of 12².

    Raises:
        TextTooLongError: it has more than `MAX_CHARS` characters.

    """
    if len(text) > MAX_CHARS:
        raise TextTooLongError
    if not text.isascii():
        compatible = "".join(map(_compatible, text))
        composed = unicodedata.normalize("NFC", compatible)
        text = _IGNORED.sub("", composed.translate(_TABLE))
    return " ".join(text.split())


def comparison_key(text: str) -> str:
    """Return the letters and digits of ``text``, normalised and without case, for comparing names.

    Raises:
        TextTooLongError: it has more than `MAX_CHARS` characters.

    """
    return "".join(letter for letter in normalise(text).casefold() if letter.isalnum())


def without_ignored(text: str) -> str:
    """Return ``text`` without characters that have no meaning of their own; letters and digits stay."""
    return _IGNORED.sub("", text)


def _compatible(letter: str) -> str:
    return letter if unicodedata.category(letter) == "No" else unicodedata.normalize("NFKC", letter)
