"""Jalali dates at the edge, ``datetime.date`` inside; month arithmetic clips to the month's end."""

import re
from datetime import date
from functools import lru_cache

import jdatetime

GREGORIAN_FROM = 1700
"""A written year below this is Jalali, from here on Gregorian (contract, "Types")."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MONTHS = 12
_kept = lru_cache(maxsize=4096)
"""The same few days and spans are asked for over and over, by every level, kind and visitor."""


def parse_day(text: str) -> date:
    """``YYYY-MM-DD``, Jalali or Gregorian by its year. Raises ValueError when there is no such day."""
    match = _ISO.fullmatch(text)
    if not match:
        msg = "not a date"
        raise ValueError(msg)
    year, month, day = (int(part) for part in match.groups())
    if year >= GREGORIAN_FROM:
        return date(year, month, day)
    return _from_jalali(year, month, day)


@_kept
def to_jalali(day: date) -> str:
    """The day as a Jalali ``YYYY-MM-DD``."""
    local = jdatetime.date.fromgregorian(date=day)
    return f"{local.year:04}-{local.month:02}-{local.day:02}"


def days_in_month(year: int, month: int) -> int:
    """Days of a Jalali month: 31 to Shahrivar, 30 to Bahman, Esfand by the leap year."""
    return int(jdatetime.j_days_in_month[month - 1]) + (
        1 if month == _MONTHS and jdatetime.date(year, 1, 1).isleap() else 0
    )


@_kept
def add_months(day: date, months: int) -> date:
    """The same Jalali day so many months later, or the last day of a month that is too short for it."""
    local = jdatetime.date.fromgregorian(date=day)
    carried = local.month - 1 + months
    year, month = local.year + carried // _MONTHS, carried % _MONTHS + 1
    return _from_jalali(year, month, min(local.day, days_in_month(year, month)))


def add_years(day: date, years: int) -> date:
    """The Jalali anniversary; 30 Esfand becomes 29 Esfand in a common year."""
    return add_months(day, years * _MONTHS)


@_kept
def _from_jalali(year: int, month: int, day: int) -> date:
    gregorian: date = jdatetime.date(year, month, day).togregorian()
    return gregorian
