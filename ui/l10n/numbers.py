"""Numbers out: digits, amounts and dates as a page writes them, in Persian ("fa") or English ("en").

Nothing is rounded: a number is written with the decimals that it has.
"""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal

from persiantools import digits as persian_words

from logic.core.amounts import to_persian_digits
from logic.core.jalali import to_jalali as iso
from ui.l10n.dates import MONTHS

Lang = Literal["fa", "en"]

# The mark keeps the minus on the left of its digits where the text runs from right to left.
_MINUS: Final[dict[Lang, str]] = {"fa": "\N{LEFT-TO-RIGHT MARK}\N{MINUS SIGN}", "en": "-"}
_WORDS_END: Final = 10**15  # from here on persiantools has no word
_RIALS_A_TOMAN: Final = 10
# Power of ten, its name, and how many decimals still read better than all the digits.
_SCALES: Final = ((12, "trillion", 2), (9, "billion", 2), (6, "million", 2), (3, "thousand", 0))


def localise_digits(text: str, lang: Lang) -> str:
    """Put a text's Latin digits into the digits of the language; everything else stays."""
    return persian_words.en_to_fa(text) if lang == "fa" else text


def format_number(value: Decimal | int, lang: Lang) -> str:
    """Write a number in groups of three: «۲٬۵۰۰٬۰۰۰», "2,500,000"; the decimal sign is «٫» or "."."""
    magnitude = Decimal(value).copy_abs()
    text = to_persian_digits(magnitude) if lang == "fa" else f"{magnitude:,f}"
    return _MINUS[lang] + text if value < 0 else text


def format_percent(value: Decimal | int, lang: Lang) -> str:
    """Write a percentage with its sign after the number: «۲۰٪», "20%"."""
    return format_number(value, lang) + ("٪" if lang == "fa" else "%")


def format_rial(value: int, lang: Lang) -> str:
    """Write an amount of rials in digits: «۲٬۵۰۰٬۰۰۰ ریال», "2,500,000 rials"."""
    return (
        f"{format_number(value, lang)} ریال"
        if lang == "fa"
        else f"{format_number(value, lang)} {_rials(value)}"
    )


def format_toman_in_words(value_rial: int, lang: Lang) -> str:
    """Say an amount of rials in tomans: «دویست هزار تومان», "200 thousand tomans".

    Tomans that are not whole are written in digits.
    """
    whole, rest = divmod(value_rial, _RIALS_A_TOMAN)
    tomans = format_number(Decimal(value_rial).scaleb(-1), lang) if rest else _in_words(whole, lang)
    if lang == "fa":
        return f"{tomans} تومان"
    return f"{tomans} toman" if abs(value_rial) == _RIALS_A_TOMAN else f"{tomans} tomans"


def format_money_in_words(rial: int, lang: Lang) -> str:
    """Say an amount in rials and in tomans, so that a slip of ten times is heard.

    «دو میلیون ریال، برابر دویست هزار تومان», "2 million rials, that is 200 thousand tomans".
    """
    tomans = format_toman_in_words(rial, lang)
    if lang == "fa":
        return f"{_in_words(rial, lang)} ریال، برابر {tomans}"
    return f"{_in_words(rial, lang)} {_rials(rial)}, that is {tomans}"


def format_jalali(date: dt.date, lang: Lang, *, long: bool = False) -> str:
    """Write a date in the Jalali calendar: «۱۴۰۳/۰۴/۲۸», long «۲۸ تیر ۱۴۰۳»; "28 Tir 1403"."""
    year, month, day = iso(date).split("-")
    text = f"{int(day)} {MONTHS[lang][int(month) - 1]} {year}" if long else f"{year}/{month}/{day}"
    return localise_digits(text, lang)


def _in_words(value: int, lang: Lang) -> str:
    """Say a whole number: in Persian words, or by an English scale where that is short and exact."""
    if lang == "fa":
        return persian_words.to_word(value) if abs(value) < _WORDS_END else format_number(value, lang)
    for power, name, places in _SCALES:
        if abs(value) >= 10**power:
            if value % 10 ** (power - places):
                break
            return f"{format_number(Decimal(value).scaleb(-power).normalize(), lang)} {name}"
    return format_number(value, lang)


def _rials(value: int) -> str:
    return "rial" if abs(value) == 1 else "rials"
