import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.core.amounts import parse_amount
from logic.core.messages import Language
from ui.answer.answer_card import _numeral
from ui.l10n.numbers import (
    format_jalali,
    format_money_in_words,
    format_number,
    format_percent,
    format_rial,
    format_toman_in_words,
    localise_digits,
)
from ui.l10n.text import text

LRM = "\u200e"


def test_digits_are_written_in_the_script_of_the_language() -> None:
    assert localise_digits("FX 1403/04, ٤ km", "fa") == "FX ۱۴۰۳/۰۴, ٤ km"
    assert localise_digits("FX 1403/04", "en") == "FX 1403/04"


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [
        (0, "۰", "0"),
        (999, "۹۹۹", "999"),
        (1000, "۱٬۰۰۰", "1,000"),
        (2500000, "۲٬۵۰۰٬۰۰۰", "2,500,000"),
        (10**15, "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰", "1,000,000,000,000,000"),
        (Decimal("1234.50"), "۱٬۲۳۴٫۵۰", "1,234.50"),
        (Decimal("0.81"), "۰٫۸۱", "0.81"),
        (Decimal("2E+3"), "۲٬۰۰۰", "2,000"),
        (Decimal("-0"), "۰", "0"),
        (-500, f"{LRM}−۵۰۰", "-500"),
        (Decimal("-1234.5"), f"{LRM}−۱٬۲۳۴٫۵", "-1,234.5"),
        (Decimal("1" * 40), "۱" + "٬۱۱۱" * 13, "1" + ",111" * 13),
    ],
)
def test_a_number_is_grouped_and_never_rounded(value: Decimal | int, fa: str, en: str) -> None:
    assert (format_number(value, "fa"), format_number(value, "en")) == (fa, en)


@pytest.mark.parametrize("lang", ["fa", "en"])
@given(value=st.integers(-(10**15), 10**15))
def test_a_formatted_number_is_parsed_back(lang: Language, value: int) -> None:
    assert parse_amount(format_number(value, lang), minimum=-(10**15)) == value
    assert parse_amount(format_rial(value, lang), minimum=-(10**15)) == value


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [(20, "۲۰٪", "20%"), (Decimal("37.5"), "۳۷٫۵٪", "37.5%"), (-3, f"{LRM}−۳٪", "-3%")],
)
def test_the_percent_sign_follows_the_number(value: Decimal | int, fa: str, en: str) -> None:
    assert (format_percent(value, "fa"), format_percent(value, "en")) == (fa, en)


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [
        (2500000, "۲٬۵۰۰٬۰۰۰ ریال", "2,500,000 rials"),
        (1, "۱ ریال", "1 rial"),
        (0, "۰ ریال", "0 rials"),
    ],
)
def test_rials_are_written_in_digits(value: int, fa: str, en: str) -> None:
    assert (format_rial(value, "fa"), format_rial(value, "en")) == (fa, en)


@pytest.mark.parametrize(
    ("value", "fa", "en"),
    [
        (0, "صفر ریال، برابر صفر تومان", "0 rials, that is 0 tomans"),
        (1, "یک ریال، برابر ۰٫۱ تومان", "1 rial, that is 0.1 tomans"),
        (10, "ده ریال، برابر یک تومان", "10 rials, that is 1 toman"),
        (1000, "یک هزار ریال، برابر یکصد تومان", "1 thousand rials, that is 100 tomans"),
        (
            12500,
            "دوازده هزار و پانصد ریال، برابر یک هزار و دویست و پنجاه تومان",
            "12,500 rials, that is 1,250 tomans",
        ),
        (2000000, "دو میلیون ریال، برابر دویست هزار تومان", "2 million rials, that is 200 thousand tomans"),
        (
            2500000,
            "دو میلیون و پانصد هزار ریال، برابر دویست و پنجاه هزار تومان",
            "2.5 million rials, that is 250 thousand tomans",
        ),
        (
            2345678,
            "دو میلیون و سیصد و چهل و پنج هزار و ششصد و هفتاد و هشت ریال، برابر ۲۳۴٬۵۶۷٫۸ تومان",
            "2,345,678 rials, that is 234,567.8 tomans",
        ),
        (
            2345000,
            "دو میلیون و سیصد و چهل و پنج هزار ریال، برابر دویست و سی و چهار هزار و پانصد تومان",
            "2,345,000 rials, that is 234,500 tomans",
        ),
        (
            12340000000,
            "دوازده میلیارد و سیصد و چهل میلیون ریال، برابر یک میلیارد و دویست و سی و چهار میلیون تومان",
            "12.34 billion rials, that is 1,234,000,000 tomans",
        ),
        (
            10**15,
            "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰ ریال، برابر یکصد تریلیون تومان",
            "1,000 trillion rials, that is 100 trillion tomans",
        ),
        (-25, f"منفی بیست و پنج ریال، برابر {LRM}−۲٫۵ تومان", "-25 rials, that is -2.5 tomans"),
        (
            -2000000,
            "منفی دو میلیون ریال، برابر منفی دویست هزار تومان",
            "-2 million rials, that is -200 thousand tomans",
        ),
    ],
)
def test_money_in_words_is_exact_in_rials_and_tomans(value: int, fa: str, en: str) -> None:
    assert (format_money_in_words(value, "fa"), format_money_in_words(value, "en")) == (fa, en)


def test_the_largest_amount_in_persian_words_is_one_below_the_limit() -> None:
    assert format_money_in_words(10**15 - 1, "fa").startswith("نهصد و نود و نه تریلیون")
    assert format_money_in_words(10**15 + 1, "fa").startswith("۱٬۰۰۰")


@given(value=st.integers(0, 10**15) | st.integers(0, 10**7).map(lambda n: n * 10**6))
def test_the_english_words_are_the_exact_amount(value: int) -> None:
    rials, tomans = format_money_in_words(value, "en").split(", that is ")
    assert parse_amount(rials) == value
    assert parse_amount(tomans) == value
    assert tomans == format_toman_in_words(value, "en")


@pytest.mark.parametrize(
    ("lang", "short", "long"),
    [("fa", "۱۴۰۳/۰۴/۰۸", "۸ تیر ۱۴۰۳"), ("en", "1403/04/08", "8 Tir 1403")],
)
def test_a_date_is_written_in_the_jalali_calendar(lang: Language, short: str, long: str) -> None:
    date = dt.date(2024, 6, 28)
    assert format_jalali(date, lang) == short
    assert format_jalali(date, lang, long=True) == long


def test_a_superscript_in_the_number_of_a_clause_is_unchanged() -> None:
    assert _numeral(text("fa"), "5-7²") == "۵-۷²"
