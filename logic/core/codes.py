"""Encode a request as a short code that can be typed from a printed answer, and decode it.

A code consists of the version of its names, a checksum and the compressed request. It is written in
Crockford's base32: case does not matter, I and L are read as 1, O is read as 0, and hyphens are ignored.

It contains the fields that differ from their default. They are compressed with the dictionary
``data/codes.txt``. That file must never change: without it no code can be decoded.
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

GROUP_CHARS = 5
_MAX_REQUEST_BYTES = 100_000
"""A short code could otherwise decompress into gigabytes."""
_CHECKSUM_BYTES = 2
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RFC_4648_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CROCKFORD = str.maketrans(_RFC_4648_ALPHABET, _ALPHABET)
_FROM_CROCKFORD = str.maketrans(_ALPHABET, _RFC_4648_ALPHABET)
_TYPED_CHARACTERS = str.maketrans("ILO", "110", "- ")
"""Letters that are read as digits, and characters that are ignored."""
_DICTIONARY_FILE = Path(__file__).resolve().parents[2] / "data" / "codes.txt"
_RAW_DEFLATE = -15
"""The ``wbits`` of zlib for a window of 32 kB and no header."""


def encode(request: Request) -> str:
    """Return the code of a request, in groups of five characters."""
    fields = request.model_dump(mode="json", exclude_defaults=True)
    text = calculator_name(request) + json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    compressor = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE, zdict=_dictionary())
    compressed = compressor.compress(text.encode()) + compressor.flush()
    version = _ALPHABET[renames("codes").version]
    body = (
        base64.b32encode(_checksum(version, compressed) + compressed)
        .decode()
        .rstrip("=")
        .translate(_TO_CROCKFORD)
    )
    code = version + body
    return "-".join(code[start : start + GROUP_CHARS] for start in range(0, len(code), GROUP_CHARS))


def decode(code: str) -> tuple[str, dict[str, object]]:
    """Return the calculator's name and the request's fields, with their current names.

    Raises:
        CodeError: the code is damaged, or of an unknown version or calculator.

    """
    version_character, compressed = _version_and_content(code)
    version = _ALPHABET.index(version_character)
    table = renames("codes")
    if not 1 <= version <= table.version:
        raise CodeError("code_of_another_version", version=version_character)
    name, brace, rest = _decompress(compressed).partition("{")
    try:
        fields = json.loads(brace + rest)
    except (ValueError, RecursionError):
        raise CodeError("code_broken") from None
    name, fields = table.to_current(name, fields, version)
    if name not in calculators():
        raise CodeError("code_of_no_calculator", name=name)
    return name, fields


def _version_and_content(code: str) -> tuple[str, bytes]:
    """Return the version and the compressed request of a code. Raises CodeError if the checksum is wrong."""
    try:
        typed = normalise(code).upper().translate(_TYPED_CHARACTERS)
    except TextTooLongError:
        raise CodeError("code_broken") from None
    body = typed[1:]
    try:
        if not typed or any(letter not in _ALPHABET for letter in typed):
            raise CodeError("code_broken")
        raw = base64.b32decode(body.translate(_FROM_CROCKFORD) + "=" * (-len(body) % 8))
    except binascii.Error:
        raise CodeError("code_broken") from None
    checksum, compressed = raw[:_CHECKSUM_BYTES], raw[_CHECKSUM_BYTES:]
    if checksum != _checksum(typed[0], compressed):
        raise CodeError("code_broken")
    return typed[0], compressed


def _decompress(compressed: bytes) -> str:
    decompressor = zlib.decompressobj(_RAW_DEFLATE, zdict=_dictionary())
    try:
        text = decompressor.decompress(compressed, _MAX_REQUEST_BYTES).decode()
    except (zlib.error, UnicodeDecodeError):
        raise CodeError("code_broken") from None
    if not decompressor.eof:
        raise CodeError("code_broken")
    return text


def _checksum(version: str, compressed: bytes) -> bytes:
    """Return the CRC-16. It detects every wrong character and every swap of two neighbours."""
    return binascii.crc_hqx(version.encode() + compressed, 0).to_bytes(_CHECKSUM_BYTES, "big")


@cache
def _dictionary() -> bytes:
    """Return the dictionary. It is part of the program, so ``KHODROYAR_DATA`` does not apply to it."""
    return _DICTIONARY_FILE.read_bytes()
