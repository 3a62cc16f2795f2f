"""Jalali dates as text, and arithmetic in Jalali months and years on ``datetime.date``."""

import re
from datetime import date
from functools import lru_cache

import jdatetime

GREGORIAN_FROM = 1700
"""Years below this are Jalali, the others Gregorian (contract, "Types")."""

MONTHS_PER_YEAR = 12

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_cached = lru_cache(maxsize=4096)
"""Few different days and periods occur, and every level, event and visitor repeats them."""


def parse_day(text: str) -> date:
    """Parse ``YYYY-MM-DD``, Jalali or Gregorian depending on the year.

    Raises:
        ValueError: the text has another form, or there is no such day.

    """
    match = _ISO.fullmatch(text)
    if not match:
        msg = "not a date"
        raise ValueError(msg)
    year, month, day = (int(part) for part in match.groups())
    if year >= GREGORIAN_FROM:
        return date(year, month, day)
    return _from_jalali(year, month, day)


@_cached
def to_jalali(day: date) -> str:
    """Return a day as Jalali ``YYYY-MM-DD``."""
    local = jdatetime.date.fromgregorian(date=day)
    return f"{local.year:04}-{local.month:02}-{local.day:02}"


def days_in_month(year: int, month: int) -> int:
    """Return the days of a Jalali month: 31 up to Shahrivar, 30 up to Bahman, 29 or 30 in Esfand."""
    return int(jdatetime.j_days_in_month[month - 1]) + (
        1 if month == MONTHS_PER_YEAR and jdatetime.date(year, 1, 1).isleap() else 0
    )


@_cached
def add_months(day: date, months: int) -> date:
    """Return the same Jalali day some months later; the last day of the month if that month is shorter."""
    local = jdatetime.date.fromgregorian(date=day)
    month_index = local.month - 1 + months
    year, month = local.year + month_index // MONTHS_PER_YEAR, month_index % MONTHS_PER_YEAR + 1
    return _from_jalali(year, month, min(local.day, days_in_month(year, month)))


def add_years(day: date, years: int) -> date:
    """Return the same Jalali day some years later; 30 Esfand becomes 29 Esfand in a common year."""
    return add_months(day, years * MONTHS_PER_YEAR)


@_cached
def _from_jalali(year: int, month: int, day: int) -> date:
    gregorian: date = jdatetime.date(year, month, day).togregorian()
    return gregorian
