"""Names of the Jalali months, and today's date in Tehran."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

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


def today() -> dt.date:
    """Return today's date in Tehran, whatever the server's time zone is."""
    return dt.datetime.now(_TEHRAN).date()
