"""Codes: round trip of every worked example, typing errors, renames, and the command."""

import base64
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.__main__ import main
from logic.core import codes
from logic.core.codes import decode, encode
from logic.core.errors import CodeError, DataError, RequestError
from logic.core.messages import message
from logic.core.models import Request
from logic.core.registry import calculator_name, calculators, find, respond
from logic.datasets.renames import renames
from tests.support.paths import DATA_DIR
from tests.support.worked_examples import all_examples

SHARE: dict[str, Any] = {
    "level": "two_star", "event": "collision", "damage_rial": 150_000_000, "prior_incidents": 2,
}  # fmt: skip
SHARE_CODE = "1KZGC-64ZD4-JC6ET-3AG2S-S0CXA-0M00"
"""A code of version 1, which must stay readable."""


def worked_examples() -> list[tuple[str, dict[str, Any]]]:
    questions = [(example["calculator"], example["request"]) for example in all_examples()]
    return [(name, fields) for name, fields in questions if answerable(name, fields)]


def answerable(name: str, fields: dict[str, Any]) -> bool:
    try:
        find(name).read(fields)
    except RequestError:
        return False
    return True


WORKED = worked_examples()
questions = st.sampled_from(WORKED)


def share() -> Request:
    return find("subscriber_share").read(SHARE)


def reading(code: str) -> str:
    with pytest.raises(CodeError) as raised:
        decode(code)
    texts = message(raised.value.error.code, **raised.value.error.params)
    assert all(texts.values())
    return raised.value.error.code


def test_the_examples_cover_most_calculators() -> None:
    assert len({name for name, _ in WORKED}) > 20


@given(questions)
def test_a_code_gives_the_same_response(question: tuple[str, dict[str, Any]]) -> None:
    name, fields = question
    code = encode(find(name).read(fields))
    decoded_name, decoded_fields = decode(code)
    assert decoded_name == name
    response = respond(find(name), json.dumps(fields).encode())
    assert response["ok"]
    assert respond(find(decoded_name), json.dumps(decoded_fields).encode()) == response


@pytest.mark.parametrize("mark", ["\u200f", "\u202b", "\u2066", "\ufeff", "\u200d", "\u00a0", "\n"])
def test_direction_marks_in_a_copied_code_are_ignored(mark: str) -> None:
    assert decode(f"{mark}{SHARE_CODE.replace('-', f'{mark}-')}{mark}") == decode(SHARE_CODE)
    assert decode(SHARE_CODE.replace("-", "\u2011").translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))) == (
        decode(SHARE_CODE)
    )


@given(questions, st.sampled_from((str.lower, str.upper)), st.sampled_from(("", "-", " ", " - ")))
def test_case_and_hyphens_do_not_matter(question: tuple[str, dict[str, Any]], case: Any, joint: str) -> None:  # noqa: ANN401 - a method of str
    name, fields = question
    code = encode(find(name).read(fields))
    assert decode(case(code.replace("-", joint))) == decode(code)


@given(questions, st.data())
def test_every_single_wrong_character_is_detected(
    question: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    name, fields = question
    code = encode(find(name).read(fields))
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    index = data.draw(
        st.sampled_from([position for position in range(len(code) - 1) if code[position] != "-"])
    )
    other = data.draw(st.sampled_from([letter for letter in letters if letter != code[index]]))
    with pytest.raises(CodeError):
        decode(code[:index] + other + code[index + 1 :])


def test_every_calculator_is_found_by_its_request_class() -> None:
    for name, calculator in calculators().items():
        assert calculator_name(calculator.request.model_construct()) == name


def test_a_code_of_version_1_is_still_decoded() -> None:
    assert decode(SHARE_CODE) == ("subscriber_share", SHARE)
    assert decode("۱kzgc 64zd4 jc6et 3ag2s s0cxa om oo") == ("subscriber_share", SHARE)


def test_the_dictionary_of_the_codes_never_changes() -> None:
    assert hashlib.sha256(codes._dictionary()).hexdigest()[:16] == "ea0466af4ccde4c7"


def test_a_code_is_short_and_fits_an_address() -> None:
    code = encode(share())
    assert len(code) < 40
    assert code.replace("-", "").isalnum()
    assert code == code.upper()


def test_unset_and_default_fields_are_not_in_the_code() -> None:
    assert encode(find("subscriber_share").read({**SHARE, "prior_repairs": 0})) == encode(share())


@pytest.mark.parametrize(
    "code",
    [
        "",
        "-",
        "1",
        "1K",
        "1KZGC",
        SHARE_CODE[:-4],
        SHARE_CODE + "7",
        "سلام",
        "1UUUU",
        "1" * 5000,
        "1KZGC-64ZD!",
    ],
)
def test_an_invalid_code_is_refused_with_a_message(code: str) -> None:
    assert reading(code) == "code_broken"


def code_of_text(text: str, version: str = "1") -> str:
    """Return the code of any text, as if it were a request."""
    packer = zlib.compressobj(9, zlib.DEFLATED, codes._RAW_DEFLATE, zdict=codes._dictionary())
    packed = packer.compress(text.encode()) + packer.flush()
    body = base64.b32encode(codes._checksum(version, packed) + packed).decode().rstrip("=")
    return version + body.translate(codes._TO_CROCKFORD)


@pytest.mark.parametrize(
    "text", ["subscriber_share", "subscriber_share{", 'subscriber_share{"a":' * 9000, "x" * 200_000]
)
def test_a_code_of_other_content_is_refused(text: str) -> None:
    assert reading(code_of_text(text)) == "code_broken"


def test_a_code_without_compressed_text_is_refused() -> None:
    packed = b"\xff\xff\xff\xff"
    body = (
        base64.b32encode(codes._checksum("1", packed) + packed)
        .decode()
        .rstrip("=")
        .translate(codes._TO_CROCKFORD)
    )
    assert reading("1" + body) == "code_broken"


def test_a_code_of_a_later_version_or_unknown_calculator_is_refused() -> None:
    assert reading(code_of_text("subscriber_share{}", "2")) == "code_of_another_version"
    assert reading(code_of_text("subscriber_share{}", "0")) == "code_of_another_version"
    assert reading(code_of_text("fortune{}")) == "code_of_no_calculator"


# Renames


RENAMED = """
[codes]
version = 3
[[codes.renames]]
until_version = 1
calculator = "share_of_subscriber"
becomes = "subscriber_share"
[[codes.renames]]
until_version = 1
calculator = "subscriber_share"
field = "accidents"
becomes = "prior_incidents"
[[codes.renames]]
until_version = 2
calculator = "subscriber_share"
field = "level"
value = "double_star"
becomes = "two_star"
[[codes.renames]]
until_version = 2
calculator = "subscriber_share"
field = "exclusions"
value = "meant"
becomes = "intent"
[[codes.renames]]
until_version = 2
calculator = "subscriber_share"
field = "damage_rial"
value = "5"
becomes = "6"
[[codes.renames]]
until_version = 2
calculator = "subscriber_share"
field = "colour"
value = "red"
becomes = "blue"
[links]
version = 1
"""


def test_old_names_are_decoded_as_the_current_ones(data_copy: Path) -> None:
    (data_copy / "renames.toml").write_text(RENAMED, "utf-8")
    old = '{"level":"double_star","accidents":2,"exclusions":["meant","war"],"damage_rial":5}'
    new = {"level": "two_star", "prior_incidents": 2, "exclusions": ["intent", "war"], "damage_rial": 5}
    assert decode(code_of_text("share_of_subscriber" + old)) == ("subscriber_share", new)
    assert encode(share()).startswith("3")
    assert decode(encode(share())) == ("subscriber_share", SHARE)


def test_a_rename_does_not_change_newer_codes(data_copy: Path) -> None:
    (data_copy / "renames.toml").write_text(RENAMED, "utf-8")
    newer = decode(code_of_text('subscriber_share{"accidents":2,"level":"double_star"}', "2"))
    assert newer == ("subscriber_share", {"accidents": 2, "level": "two_star"})
    assert reading(code_of_text("share_of_subscriber{}", "2")) == "code_of_no_calculator"


def test_the_example_in_the_shipped_table_is_valid() -> None:
    """Uncomment the example at the top of the file; it must be a valid table."""
    head = (DATA_DIR / "renames.toml").read_text("utf-8")
    assert renames("codes").version >= 1
    assert renames("links").version >= 1
    assert 'calculator = "subscriber_share"' in head


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("[links]\nversion = 1", "[codes] version"),
        ("[codes]\nversion = 0\n[links]\nversion = 1", "[codes] version"),
        ("[codes]\nversion = 32\n[links]\nversion = 1", "[codes] version"),
        (RENAMED.replace("version = 3", "version = 2"), "[codes] version"),
        (RENAMED.replace('field = "colour"', ""), "[codes] renames"),
        (RENAMED.replace("becomes", "is_now"), "[codes] renames"),
    ],
)
def test_a_damaged_table_is_named_with_its_location(data_copy: Path, table: str, column: str) -> None:
    (data_copy / "renames.toml").write_text(table, "utf-8")
    with pytest.raises(DataError) as raised:
        renames("codes")
    assert raised.value.file.endswith("renames.toml")
    assert raised.value.column
    assert raised.value.column.startswith(column)


# The command


def test_reproduce_prints_the_line_that_run_prints(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["reproduce", SHARE_CODE]) == 0
    out, err = capsysbinary.readouterr()
    assert json.loads(out) == respond(find("subscriber_share"), json.dumps(SHARE).encode())
    assert (out.count(b"\n"), err) == (1, b"")


def test_reproduce_explains_a_bad_code(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["reproduce", "1KZGC"]) == 1
    expected = {"field": "code", "code": "code_broken", "message": message("code_broken")}
    assert json.loads(capsysbinary.readouterr().out) == {"ok": False, "errors": [expected]}


def test_reproduce_explains_a_request_that_is_no_longer_valid(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert main(["reproduce", code_of_text('subscriber_share{"level":"five_star"}')]) == 1
    response = json.loads(capsysbinary.readouterr().out)
    assert ("level", "unknown_value") in {(error["field"], error["code"]) for error in response["errors"]}
