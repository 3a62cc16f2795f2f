"""The sentences for requests, links and data files that cannot be used: ``data/messages.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["fa", "en"]
LANGUAGES: tuple[Language, ...] = ("fa", "en")

_PERSIAN_DIGITS = {ord("0") + digit: 0x06F0 + digit for digit in range(10)}
_FILE = Path(__file__).parent.parent / "data" / "messages.toml"


def message(code: str, **params: object) -> dict[Language, str]:
    """The sentence of an error code in each language, with ``params`` filled in.

    The places hold limits and names; the Persian sentence carries its numbers in Persian digits.
    """
    texts = messages()[code]
    said = {language: texts[language].format(**params).strip() for language in LANGUAGES}
    return {**said, "fa": said["fa"].translate(_PERSIAN_DIGITS)}


@cache
def messages() -> dict[str, dict[Language, str]]:
    """Every code with its two sentences. Belongs to the program, so ``KHODROYAR_DATA`` does not move it."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
