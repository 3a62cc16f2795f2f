"""Dates as links hold them and pages name them; the arithmetic is logic's (logic/calendar.py)."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from logic.calendar import parse_day
from logic.models import EARLIEST, LATEST

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
_TEHRAN: Final = ZoneInfo("Asia/Tehran")


def from_link(text: str) -> dt.date | None:
    """Read a date from a link, YYYY-MM-DD, Jalali or Gregorian by its year; None where it is none we take."""
    try:
        day = parse_day(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def today() -> dt.date:
    """Tell the date in Tehran, wherever the server stands."""
    return dt.datetime.now(_TEHRAN).date()
