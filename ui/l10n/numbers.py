"""Format numbers, amounts and dates in Persian ("fa") or English ("en").

Nothing is rounded: a number keeps all its decimals.
"""

import datetime as dt
from decimal import Decimal
from typing import Final

from persiantools import digits as persian_words

from logic.core.amounts import to_persian_digits
from logic.core.jalali import to_jalali
from logic.core.messages import Language
from ui.l10n.dates import MONTHS

# The mark keeps the minus sign to the left of its digits in right-to-left text.
_MINUS: Final[dict[Language, str]] = {"fa": "\N{LEFT-TO-RIGHT MARK}\N{MINUS SIGN}", "en": "-"}
_FIRST_WITHOUT_WORDS: Final = 10**15  # persiantools has no word for it
_RIALS_PER_TOMAN: Final = 10
# Power of ten, its name, and the most decimals for which the name is used.
_ENGLISH_SCALES: Final = ((12, "trillion", 2), (9, "billion", 2), (6, "million", 2), (3, "thousand", 0))


def localise_digits(text: str, lang: Language) -> str:
    """Replace Latin digits in a text by the digits of the language."""
    return persian_words.en_to_fa(text) if lang == "fa" else text


def format_number(value: Decimal | int, lang: Language) -> str:
    """Write a number with thousands separators: «۲٬۵۰۰٬۰۰۰», "2,500,000"; the decimal sign is «٫» or "."."""
    magnitude = Decimal(value).copy_abs()
    text = to_persian_digits(magnitude) if lang == "fa" else f"{magnitude:,f}"
    return _MINUS[lang] + text if value < 0 else text


def format_percent(value: Decimal | int, lang: Language) -> str:
    """Write a percentage: «۲۰٪», "20%"."""
    return format_number(value, lang) + ("٪" if lang == "fa" else "%")


def format_rial(value: int, lang: Language) -> str:
    """Write an amount of rials in digits: «۲٬۵۰۰٬۰۰۰ ریال», "2,500,000 rials"."""
    return (
        f"{format_number(value, lang)} ریال"
        if lang == "fa"
        else f"{format_number(value, lang)} {_rials(value)}"
    )


def format_toman_in_words(value_rial: int, lang: Language) -> str:
    """Write an amount of rials as tomans in words: «دویست هزار تومان», "200 thousand tomans".

    An amount with a fraction of a toman is written in digits.
    """
    tomans, remainder = divmod(value_rial, _RIALS_PER_TOMAN)
    number = format_number(Decimal(value_rial).scaleb(-1), lang) if remainder else _in_words(tomans, lang)
    if lang == "fa":
        return f"{number} تومان"
    return f"{number} toman" if abs(value_rial) == _RIALS_PER_TOMAN else f"{number} tomans"


def format_money_in_words(rial: int, lang: Language) -> str:
    """Write an amount in words, in rials and in tomans, so that a mistake by a factor of ten is noticed.

    «دو میلیون ریال، برابر دویست هزار تومان», "2 million rials, that is 200 thousand tomans".
    """
    tomans = format_toman_in_words(rial, lang)
    if lang == "fa":
        return f"{_in_words(rial, lang)} ریال، برابر {tomans}"
    return f"{_in_words(rial, lang)} {_rials(rial)}, that is {tomans}"


def format_jalali(date: dt.date, lang: Language, *, long: bool = False) -> str:
    """Write a date in the Jalali calendar: «۱۴۰۳/۰۴/۲۸»; ``long``: «۲۸ تیر ۱۴۰۳», "28 Tir 1403"."""
    year, month, day = to_jalali(date).split("-")
    text = f"{int(day)} {MONTHS[lang][int(month) - 1]} {year}" if long else f"{year}/{month}/{day}"
    return localise_digits(text, lang)


def _in_words(value: int, lang: Language) -> str:
    """Write an integer in Persian words, or with an English scale if that is short and exact."""
    if lang == "fa":
        return (
            persian_words.to_word(value) if abs(value) < _FIRST_WITHOUT_WORDS else format_number(value, lang)
        )
    for power, name, decimals in _ENGLISH_SCALES:
        if abs(value) >= 10**power:
            if value % 10 ** (power - decimals):
                break
            return f"{format_number(Decimal(value).scaleb(-power).normalize(), lang)} {name}"
    return format_number(value, lang)


def _rials(value: int) -> str:
    """Return the English unit in the singular or plural."""
    return "rial" if abs(value) == 1 else "rials"
