"""Hypothesis strategies for arbitrary input, and for valid input with a few mistakes."""

from collections.abc import Sequence

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TOKENS = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"{", b"}", b"[" * 2000,
    b'{"a":' * 2000, b"NaN", b"-Infinity", b"1e999999999999999999", b"9" * 5000, b"-0", b"null", b"true", b"1.5", b"=1+1",
    b"\\ud800", "۱۲٫۵".encode(), "\u202e\u200c".encode(), "ي".encode("cp1256"), b"%", b"{0}", b"1404-12-30", b"9999-12-31", b"",
)  # fmt: skip
"""Byte sequences that often break parsers."""

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([10**30, -(10**30), "9" * 400, "1" * 19, "35.7", "۱۴۰۳", "denied"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=6,
)
"""Any JSON value that a browser can send."""


@st.composite
def mutated(draw: st.DrawFn, valid: bytes) -> bytes:
    """Return valid input with one to three parts replaced, removed or inserted."""
    content = valid
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        end = start + draw(st.integers(0, 8) | st.just(len(content)))
        piece = draw(st.sampled_from(TOKENS) | st.binary(max_size=6))
        content = content[:start] + piece + content[end:]
    return content


def any_bytes(*valid: bytes) -> st.SearchStrategy[bytes]:
    """Return arbitrary bytes, and mutations of valid input."""
    return st.binary(max_size=80) | st.sampled_from(valid).flatmap(mutated)


def any_text(valid: Sequence[str] = ("",)) -> st.SearchStrategy[str]:
    """Return arbitrary text, and mutations of valid text."""
    return st.text(max_size=40) | any_bytes(*(text.encode() for text in valid)).map(
        lambda content: content.decode(errors="replace")
    )


def examples(share: int = 1) -> settings:
    """Return settings for a test with fixtures; slow tests divide the number of examples by ``share``."""
    profile = settings()
    return settings(
        max_examples=max(1, profile.max_examples // share),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
