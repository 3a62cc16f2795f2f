"""Dates in: typed Jalali text and the form in links, read as `datetime.date` or refused with a code."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, Literal
from zoneinfo import ZoneInfo

import jdatetime

from ui.amounts import LATIN_DIGITS, fold

DateCode = Literal[
    "day",
    "day_first",
    "empty",
    "gregorian",
    "month",
    "month_name",
    "shape",
    "short_year",
    "too_early",
    "too_late",
    "year",
]

MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "fa": (
        "فروردین",
        "اردیبهشت",
        "خرداد",
        "تیر",
        "مرداد",
        "شهریور",
        "مهر",
        "آبان",
        "آذر",
        "دی",
        "بهمن",
        "اسفند",
    ),
    "en": (
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ),
}
_MONTH_NUMBERS: Final = {
    name.casefold(): number for names in MONTHS.values() for number, name in enumerate(names, start=1)
} | {"امرداد": 5, "ابان": 8, "اذر": 9}

_MONTHS_A_YEAR: Final = 12
_MONTHS_OF_31_DAYS: Final = 6
_YEARS: Final = range(1300, 1500)
_GREGORIAN_YEARS: Final = range(1900, 2151)  # in a field they can only be a Gregorian date
_FIRST_GREGORIAN_YEAR: Final = 1700  # in a link: below it a year is Jalali
_FIRST_DAY: Final[dt.date] = jdatetime.date(_YEARS.start, 1, 1).togregorian()
_DAY_AFTER: Final[dt.date] = jdatetime.date(_YEARS.stop, 1, 1).togregorian()
_TEHRAN: Final = ZoneInfo("Asia/Tehran")

_DAY_NAME_YEAR: Final = re.compile(r"([0-9]{1,2}) *([^\W\d]+) *(?:ماه)? *([0-9]{4})")
_YEAR_MONTH_DAY: Final = re.compile(r"([0-9]{4})([/.\- ])([0-9]{1,2})\2([0-9]{1,2})")
_COMPACT: Final = re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})")
_DAY_MONTH_YEAR: Final = re.compile(r"[0-9]{1,2}([/.\- ])[0-9]{1,2}\1[0-9]{4}")
_SHORT_YEAR: Final = re.compile(r"[0-9]{2}([/.\- ])[0-9]{1,2}\1[0-9]{1,2}")
_LINK: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True)
class DateError:
    """Why a text is not a date: a key into the text table."""

    code: DateCode


def parse_jalali(text: str, lo: dt.date | None = None, hi: dt.date | None = None) -> dt.date | DateError:
    """Read a typed Jalali date, year first or with the month's name, from `lo` to `hi`, both included.

    Any digits will do. A two-digit year, the day first and Gregorian years are refused, not guessed.
    """
    parts = _parts(fold(text).translate(LATIN_DIGITS).casefold())
    if isinstance(parts, DateError):
        return parts
    if parts[0] in _GREGORIAN_YEARS:
        return DateError("gregorian")
    date = _from_jalali(*parts)
    if isinstance(date, DateError):
        return date
    if lo and date < lo:
        return DateError("too_early")
    if hi and date > hi:
        return DateError("too_late")
    return date


def to_link(date: dt.date) -> str:
    """Write a date for links and calculators: Jalali, "1403-04-28", Latin digits."""
    jalali = jdatetime.date.fromgregorian(date=date)
    return f"{jalali.year:04}-{jalali.month:02}-{jalali.day:02}"


def from_link(text: str) -> dt.date | DateError:
    """Read a date from a link, YYYY-MM-DD: Jalali where the year is below 1700, else Gregorian.

    Both must fall into the Jalali years that a field takes, 1300 to 1499.
    """
    found = _LINK.fullmatch(text)
    if not found:
        return DateError("shape" if text.strip() else "empty")
    year, month, day = (int(part) for part in found.groups())
    if year < _FIRST_GREGORIAN_YEAR:
        return _from_jalali(year, month, day)
    if not 1 <= month <= _MONTHS_A_YEAR:
        return DateError("month")
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return DateError("day")
    return date if _FIRST_DAY <= date < _DAY_AFTER else DateError("year")


def days_in(year: int, month: int) -> int:
    """Count the days of a Jalali month, 1 to 12; Esfand has 30 in leap years."""
    if month <= _MONTHS_OF_31_DAYS:
        return 31
    is_short = month == _MONTHS_A_YEAR and not jdatetime.date(year, 1, 1).isleap()
    return 29 if is_short else 30


def today() -> dt.date:
    """Tell the date in Tehran, wherever the server stands."""
    return dt.datetime.now(_TEHRAN).date()


def _parts(text: str) -> tuple[int, int, int] | DateError:
    """Take year, month and day out of a text by its shape, unchecked."""
    if found := _DAY_NAME_YEAR.fullmatch(text):
        month = _MONTH_NUMBERS.get(found[2])
        return (int(found[3]), month, int(found[1])) if month else DateError("month_name")
    if found := _YEAR_MONTH_DAY.fullmatch(text) or _COMPACT.fullmatch(text):
        return int(found[1]), int(found[3]), int(found[4])
    if not text:
        return DateError("empty")
    if _DAY_MONTH_YEAR.fullmatch(text):
        return DateError("day_first")
    return DateError("short_year" if _SHORT_YEAR.fullmatch(text) else "shape")


def _from_jalali(year: int, month: int, day: int) -> dt.date | DateError:
    if year not in _YEARS:
        return DateError("year")
    if not 1 <= month <= _MONTHS_A_YEAR:
        return DateError("month")
    if not 1 <= day <= days_in(year, month):
        return DateError("day")
    date: dt.date = jdatetime.date(year, month, day).togregorian()
    return date
