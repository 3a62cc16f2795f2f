"""The months as pages name them, and the day in Tehran."""

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
    """Tell the date in Tehran, wherever the server stands."""
    return dt.datetime.now(_TEHRAN).date()
