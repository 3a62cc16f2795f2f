"""Parse days as people and programs write them, Jalali or Gregorian."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from logic.core.jalali import GREGORIAN_FROM, parse_day
from logic.core.models import EARLIEST_DAY, LATEST_DAY
from logic.core.normalisation import normalise
from logic.core.persian import COMMA, DECIMAL_MARK
from logic.datasets.synonyms import SynonymKind, synonyms

MAX_DAY_CHARS: Final = 80
_YEAR_DIGITS: Final = 4
_SEPARATOR: Final = re.compile(rf" ?([-/.\\_{DECIMAL_MARK}]) ?")
_NUMERIC: Final = re.compile(rf"([0-9]{{1,4}})([-/.\\_{DECIMAL_MARK} ])([0-9]{{1,2}})\2([0-9]{{1,4}})")
_WITHOUT_SEPARATORS: Final = re.compile(r"(1[34][0-9]{2}|19[0-9]{2}|20[0-9]{2})([0-9]{2})([0-9]{2})")
_WITH_MONTH_NAME: Final = re.compile(r"([0-9]{1,4}),? ([0-9]{1,4})")
_TIME: Final = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|\+00:00)?")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4096)
def read_day(text: str) -> date | None:
    """Return the day that a text names; None if it names no day or could mean more than one.

    The text is year, month and day, or the reverse, with any separator or none, or with the month's name. A
    time and a weekday are ignored. A year has four digits; below 1700 it is Jalali. A Gregorian day that ends
    with its year is accepted only if the order of day and month is certain. Days before the Jalali year 1300
    or after 1499 give None.
    """
    if len(text) > MAX_DAY_CHARS:
        return None
    date_text = _without_time(normalise(text).removeprefix("'"))
    letters = "".join(_LETTERS.findall(date_text)).casefold()
    numbers = _SEPARATOR.sub(r"\1", " ".join(_LETTERS.sub(" ", date_text).split())).strip(f", {COMMA}")
    days = set(_days(numbers, _without_weekday(letters)))
    day = days.pop() if len(days) == 1 else None
    return day if day and EARLIEST_DAY <= day <= LATEST_DAY else None


def _without_time(text: str) -> str:
    start = max(text.rfind(" "), text.rfind("T"))
    return text[:start] if start >= 0 and _TIME.fullmatch(text, start) else text


def _without_weekday(letters: str) -> str:
    for weekday in sorted(synonyms("weekday"), key=len, reverse=True):
        if letters.startswith(weekday):
            return letters.removeprefix(weekday)
        if letters.endswith(weekday):
            return letters.removesuffix(weekday)
    return letters


def _days(numbers: str, month_name: str) -> Iterator[date]:
    """Yield every day that the numbers and the month's name can mean."""
    for year, month, day in _parts(numbers, month_name):
        try:
            yield parse_day(f"{year:0>4}-{month:0>2}-{day:0>2}")
        except ValueError:
            continue


def _parts(numbers: str, month_name: str) -> Iterator[tuple[str, str, str]]:
    if month_name:
        if match := _WITH_MONTH_NAME.fullmatch(numbers):
            day, year = sorted(match.groups(), key=len)
            kind: SynonymKind = "gregorian_month" if int(year) >= GREGORIAN_FROM else "month"
            for month in synonyms(kind).get(month_name, ()):
                yield year, month, day
    elif match := _WITHOUT_SEPARATORS.fullmatch(numbers):
        yield match[1], match[2], match[3]
    elif match := _NUMERIC.fullmatch(numbers):
        first, second, third = match[1], match[3], match[4]
        if len(first) == _YEAR_DIGITS:
            yield first, second, third
        elif len(third) == _YEAR_DIGITS:
            yield third, second, first
            if int(third) >= GREGORIAN_FROM:
                yield third, first, second
