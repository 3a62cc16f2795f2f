"""The sentences for requests, links and data files that cannot be used: ``data/messages.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["fa", "en"]
LANGUAGES: tuple[Language, ...] = ("fa", "en")

_FILE = Path(__file__).parent.parent / "data" / "messages.toml"


def message(code: str, **params: object) -> dict[Language, str]:
    """The sentence of an error code in each language, with ``params`` filled in.

    A code without a sentence of its own is said as "invalid": a message is owed even then.
    """
    table = messages()
    texts = table.get(code, table["invalid"])
    return {language: texts[language].format(**params).strip() for language in LANGUAGES}


@cache
def messages() -> dict[str, dict[Language, str]]:
    """Every code with its two sentences. Belongs to the program, so ``KHODROYAR_DATA`` does not move it."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
