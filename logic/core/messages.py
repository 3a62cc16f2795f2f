"""The sentences for requests, links and data files that cannot be used: ``data/messages.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["fa", "en"]
LANGUAGES: tuple[Language, ...] = ("fa", "en")

_PERSIAN_DIGITS = {ord("0") + digit: 0x06F0 + digit for digit in range(10)}
_FILE = Path(__file__).resolve().parents[2] / "data" / "messages.toml"


def message(code: str, **params: object) -> dict[Language, str]:
    """The sentence of an error code in each language, with ``params`` filled in.

    Limits stand in the digits of the language; ids and names as they are.
    """
    texts = messages()[code]
    persian = {
        name: value if isinstance(value, str) else str(value).translate(_PERSIAN_DIGITS)
        for name, value in params.items()
    }
    return {"fa": texts["fa"].format(**persian).strip(), "en": texts["en"].format(**params).strip()}


@cache
def messages() -> dict[str, dict[Language, str]]:
    """Every code with its two sentences. Belongs to the program, so ``KHODROYAR_DATA`` does not move it."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
