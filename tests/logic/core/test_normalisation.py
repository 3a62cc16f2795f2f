"""Text normalisation; the offline guide's script is tested with the same table of cases."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.core.day_text import read_day
from logic.core.normalisation import MAX_CHARS, TextTooLongError, comparison_key, normalise
from tests.support.calculator_client import result
from tests.support.paths import ROOT

PERSIAN_MODULE = ROOT / "logic" / "core" / "persian.py"
INVISIBLE = "\u200b\u200d\u200e\u200f\u202a\u202e\u2066\u2069\u2060\ufeff\u00ad"
CASES = [
    json.loads(line)
    for line in (ROOT / "tests/support/normalisation.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["typed"])[:30])
def test_a_text_has_one_normal_form_and_one_key(case: dict[str, str]) -> None:
    assert normalise(case["typed"]) == case["normalised"]
    assert comparison_key(case["typed"]) == case["key"]


def test_only_one_module_of_logic_contains_persian_characters() -> None:
    files = [file for folder in ("logic", "pages") for file in (ROOT / folder).rglob("*.py")]
    persian = {file for file in files if re.search("[\u0600-\u06ff]", file.read_text(encoding="utf-8"))}
    assert persian == {PERSIAN_MODULE}


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_text_above_the_limit_is_refused() -> None:
    assert len(normalise("ی" * MAX_CHARS)) == MAX_CHARS
    with pytest.raises(TextTooLongError):
        normalise("ی" * (MAX_CHARS + 1))


def test_a_request_ignores_direction_marks_and_joiners() -> None:
    plain = result("subscriber_share", level="two_star", event="collision", damage_rial=10**8)
    marked = result(
        "subscriber_share", level=f"{INVISIBLE}two_star", event=f"collision{INVISIBLE}", damage_rial=10**8
    )
    assert marked == plain


@pytest.mark.parametrize("day", [f"{INVISIBLE}1403-05-01", "۱۴۰۳-۰۵-۰۱", "1403−05−01", "2024-07-22"])
def test_a_day_of_a_request_is_read_in_any_digits(day: str) -> None:
    request = {"level": "two_star", "event": "collision", "damage_rial": 10**8}
    assert result("subscriber_share", **request, started_on=day) == result(
        "subscriber_share", **request, started_on="1403-05-01"
    )


def test_a_depth_of_a_request_is_read_in_any_digits() -> None:
    request = {"new_price_rial": 10**7, "new_depth_mm": "10"}
    assert result("tyre_refund", **request, remaining_depth_mm="۷٫۵") == result(
        "tyre_refund", **request, remaining_depth_mm="7.5"
    )


JULY_25 = "2023-07-25"
DAYS = {
    "1402-05-03": JULY_25, "1402/5/3": JULY_25, "۱۴۰۲.۰۵.۰۳": JULY_25, "١٤٠٢/٠٥/٠٣": JULY_25,
    "\u200f1402/05/03 ": JULY_25, "3/5/1402": JULY_25, "03-05-1402": JULY_25, "14020503": JULY_25,
    "1402 05 03": JULY_25, "1402/ 05/ 03": JULY_25, "1402\\05\\03": JULY_25, "1402_05_03": JULY_25,
    "1402-05-03 00:00": JULY_25, "1402-05-03T00:00:00": JULY_25, "2023-07-25T10:00:00.000Z": JULY_25,
    "۳ مرداد ۱۴۰۲": JULY_25, "سه‌شنبه ۳ مرداد ۱۴۰۲": JULY_25, "1402/05/03 سه‌شنبه": JULY_25, "۳ مرداد ۱۴۰۲، سه‌شنبه": JULY_25,
    "3 Mordad 1402": JULY_25, "Tuesday, 3 Mordad 1402": JULY_25, "2023-07-25": JULY_25, "20230725": JULY_25,
    "7/25/2023": JULY_25, "25.7.2023": JULY_25, "July 25, 2023": JULY_25, "25 Jul 2023": JULY_25,
    "25 ژوئیه 2023": JULY_25, "'1402/05/03": JULY_25, "7/7/2023": "2023-07-07", "1403/12/30": "2025-03-20",
    # not a day, or an ambiguous one
    "5/7/2023": None, "02/05/03": None, "402/05/03": None, "1402/05": None, "1402//05/03": None,
    "1404/12/30": None, "1402/0/3": None, "1402/13/1": None, "0000-00-00": None, "1299/12/29": None,
    "2121-03-21": None, "45132": None, "99 مرداد 1402": None, "3 Mordad 2023": None, "3 July 1402": None,
    "Mordad 1402": None, "دیروز": None, "-": None, "": None, "1402-05-03 " + "0" * 80: None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "day"), DAYS.items(), ids=ascii)
def test_a_day_is_read_in_any_usual_form(text: str, day: str | None) -> None:
    parsed = read_day(text)
    assert (parsed and parsed.isoformat()) == day
