"""A short code for a question, to be typed from paper: ``encode`` makes it, ``decode`` reads it.

A code is the version of its names, then a check and the compressed question, in Crockford's base32: no matter
which case, I and L are read as 1 and O as 0, and hyphens are only there for the eye.

The fields are those that were set to something else than their default. They are compressed with the help of
``data/codes.txt``, a list of the usual words. That file never changes: without it no code can be read.
"""

import base64
import binascii
import json
import zlib
from functools import cache
from pathlib import Path

from logic.core.errors import CodeError
from logic.core.models import Request
from logic.core.normalisation import TextTooLongError, normalise
from logic.core.registry import calculator_name, calculators
from logic.datasets.renames import renames

GROUP = 5
_LARGEST = 100_000
"""Bytes of a question: a code must not unfold into the whole memory."""
_CHECK = 2
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RFC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_WRITTEN = str.maketrans(_RFC, _ALPHABET)
_READ = str.maketrans(_ALPHABET, _RFC)
_TYPED = str.maketrans("ILO", "110", "- ")
"""What is taken for what, and what is passed over."""
_WORDS = Path(__file__).resolve().parents[2] / "data" / "codes.txt"
_RAW = -15


def encode(request: Request) -> str:
    """The code of a request, in groups of five."""
    fields = request.model_dump(mode="json", exclude_defaults=True)
    text = calculator_name(request) + json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW, zdict=_words())
    packed = packer.compress(text.encode()) + packer.flush()
    version = _ALPHABET[renames("codes").version]
    body = base64.b32encode(_check(version, packed) + packed).decode().rstrip("=").translate(_WRITTEN)
    code = version + body
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def decode(code: str) -> tuple[str, dict[str, object]]:
    """The calculator's name and the request's fields, by today's names. Raises CodeError."""
    version, packed = _unwrapped(code)
    said = _ALPHABET.index(version)
    table = renames("codes")
    if not 1 <= said <= table.version:
        raise CodeError("code_of_another_version", version=version)
    name, brace, rest = _unfolded(packed).partition("{")
    try:
        fields = json.loads(brace + rest)
    except (ValueError, RecursionError):
        raise CodeError("code_broken") from None
    name, fields = table.to_current(name, fields, said)
    if name not in calculators():
        raise CodeError("code_of_no_calculator", name=name)
    return name, fields


def _unwrapped(code: str) -> tuple[str, bytes]:
    """The version and what is compressed, of a code whose check is right."""
    try:
        typed = normalise(code).upper().translate(_TYPED)
    except TextTooLongError:
        raise CodeError("code_broken") from None
    body = typed[1:]
    try:
        if not typed or any(letter not in _ALPHABET for letter in typed):
            raise CodeError("code_broken")
        raw = base64.b32decode(body.translate(_READ) + "=" * (-len(body) % 8))
    except binascii.Error:
        raise CodeError("code_broken") from None
    check, packed = raw[:_CHECK], raw[_CHECK:]
    if check != _check(typed[0], packed):
        raise CodeError("code_broken")
    return typed[0], packed


def _unfolded(packed: bytes) -> str:
    unpacker = zlib.decompressobj(_RAW, zdict=_words())
    try:
        text = unpacker.decompress(packed, _LARGEST).decode()
    except (zlib.error, UnicodeDecodeError):
        raise CodeError("code_broken") from None
    if not unpacker.eof:
        raise CodeError("code_broken")
    return text


def _check(version: str, packed: bytes) -> bytes:
    """CRC-16: it finds every single wrong character and every two neighbours that changed places."""
    return binascii.crc_hqx(version.encode() + packed, 0).to_bytes(_CHECK, "big")


@cache
def _words() -> bytes:
    """Belongs to the program, so ``KHODROYAR_DATA`` does not move it."""
    return _WORDS.read_bytes()
