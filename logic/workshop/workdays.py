"""Official holidays and working days of Iran, each with where it comes from.

The holidays are those of the library ``holidays`` for the years that it knows; ``data/calendar`` adds
closures, takes days out, and says which weekdays rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Literal

import holidays as library

from logic.core.models import Day
from logic.datasets.tables import EditionFolder, Row, YesNo, edition_reader

COUNTRY = "IR"
LANGUAGES: Mapping[Literal["fa", "en"], str] = {"fa": "fa_IR", "en": "en_US"}
ESTIMATED: Mapping[Literal["fa", "en"], str] = {
    "fa": "\u062a\u062e\u0645\u06cc\u0646\u06cc",
    "en": "estimated",
}


class Weekday(StrEnum):
    """The days of the week in the order of ``date.weekday``."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WEEK = tuple(Weekday)
Source = Literal["library", "override", "request", "friday"]


class WeekRow(Row):
    """Whether a weekday works by default."""

    weekday: Weekday
    works: YesNo


class ClosureRow(Row):
    """A day that is closed, or open, against the library, and who says so."""

    day: Day
    closed: YesNo
    name_fa: str
    name_en: str
    source_fa: str
    source_en: str


@dataclass(frozen=True, eq=False)
class CalendarTables:
    """The working week and the days that differ from the library's calendar."""

    week: Mapping[Weekday, WeekRow]
    closures: Mapping[date, ClosureRow]


@edition_reader("calendar")
def calendar_tables(folder: EditionFolder) -> CalendarTables:
    """The working week and the closures."""
    return CalendarTables(
        week=folder.rows_by_key("week", WeekRow, lambda row: row.weekday, Weekday),
        closures=folder.rows_by_key("closures", ClosureRow, lambda row: row.day),
    )


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day of rest: its names, where it comes from, and whether its lunar date is only estimated."""

    source: Source
    names: Mapping[Literal["fa", "en"], str]
    estimated: bool = False


NO_NAMES: Mapping[Literal["fa", "en"], str] = {"fa": "", "en": ""}


@lru_cache(maxsize=64)
def _year(year: int) -> Mapping[date, Holiday]:
    """The library's holidays of a Gregorian year."""
    names = {
        language: dict(library.country_holidays(COUNTRY, years=year, language=code).items())
        for language, code in LANGUAGES.items()
    }
    return {
        day: Holiday(
            "library",
            {code: name[day].replace(f" ({ESTIMATED[code]})", "") for code, name in names.items()},
            estimated=ESTIMATED["en"] in said,
        )
        for day, said in names["en"].items()
    }


def is_year_known(year: int) -> bool:
    """Whether the library knows the holidays of a Gregorian year."""
    return bool(_year(year))


@dataclass(frozen=True)
class WorkCalendar:
    """Which days rest: by the national calendar, or by the holidays that a request gives."""

    holidays: frozenset[date] | None = None
    thursday_works: bool | None = None

    def holiday(self, day: date) -> Holiday | None:
        """What the day rests for: a Friday or a holiday; None on other days, working or not."""
        closure = None if self.holidays is not None else _closures().get(day)
        if closure and closure.closed:
            return Holiday("override", {"fa": closure.name_fa, "en": closure.name_en})
        if self.holidays is not None:
            found = Holiday("request", NO_NAMES) if day in self.holidays else None
        else:
            found = None if closure else _year(day.year).get(day)
        if found is None and WEEK[day.weekday()] is Weekday.FRIDAY:
            return Holiday("friday", NO_NAMES)
        return found

    def is_working_day(self, day: date) -> bool:
        """Whether the day is a working day."""
        if self.holiday(day):
            return False
        weekday = WEEK[day.weekday()]
        if weekday is Weekday.THURSDAY and self.thursday_works is not None:
            return self.thursday_works
        found = calendar_tables()
        return found is None or found.week[weekday].works


def _closures() -> Mapping[date, ClosureRow]:
    found = calendar_tables()
    return found.closures if found else {}
