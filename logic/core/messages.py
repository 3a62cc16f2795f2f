"""Error messages for invalid requests, links and uploaded files, from ``data/messages.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["fa", "en"]
LANGUAGES: tuple[Language, ...] = ("fa", "en")

_PERSIAN_DIGITS = {ord("0") + digit: 0x06F0 + digit for digit in range(10)}
_FILE = Path(__file__).resolve().parents[2] / "data" / "messages.toml"


def message(code: str, **params: object) -> dict[Language, str]:
    """Return the message of an error code in each language, formatted with ``params``.

    Numbers are written in the digits of the language; texts are not changed.
    """
    texts = messages()[code]
    persian = {
        name: value if isinstance(value, str) else str(value).translate(_PERSIAN_DIGITS)
        for name, value in params.items()
    }
    return {"fa": texts["fa"].format(**persian).strip(), "en": texts["en"].format(**params).strip()}


@cache
def messages() -> dict[str, dict[Language, str]]:
    """Return the messages by code. They are part of the program: ``KHODROYAR_DATA`` does not apply."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
