"""Official holidays and working days of Iran, with the source of each.

The library ``holidays`` contains the holidays of a range of years. ``data/calendar`` adds closures, removes
holidays and defines which weekdays are working days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Literal

import holidays as library

from logic.core.messages import Language
from logic.core.models import Day
from logic.datasets.tables import EditionFolder, Row, YesNo, edition_reader

COUNTRY = "IR"
LIBRARY_LANGUAGES: Mapping[Language, str] = {"fa": "fa_IR", "en": "en_US"}
ESTIMATED_SUFFIXES: Mapping[Language, str] = {
    "fa": "\u062a\u062e\u0645\u06cc\u0646\u06cc",
    "en": "estimated",
}


class Weekday(StrEnum):
    """The days of the week, in the order of ``date.weekday``."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WEEKDAYS = tuple(Weekday)
HolidaySource = Literal["library", "override", "request", "friday"]


class WeekRow(Row):
    """A row of ``week.csv``: whether a weekday is a working day by default."""

    weekday: Weekday
    works: YesNo


class ClosureRow(Row):
    """A row of ``closures.csv``: a closed or open day that the library does not have, and its source."""

    day: Day
    closed: YesNo
    name_fa: str
    name_en: str
    source_fa: str
    source_en: str


@dataclass(frozen=True, eq=False)
class CalendarTables:
    """The working week, and the days that differ from the library."""

    week: Mapping[Weekday, WeekRow]
    closures: Mapping[date, ClosureRow]


@edition_reader("calendar")
def calendar_tables(folder: EditionFolder) -> CalendarTables:
    """Return the working week and the closures of an edition."""
    return CalendarTables(
        week=folder.rows_by_key("week", WeekRow, lambda row: row.weekday, Weekday),
        closures=folder.rows_by_key("closures", ClosureRow, lambda row: row.day),
    )


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday: its source, its names, and whether its date is estimated from the lunar calendar."""

    source: HolidaySource
    names: Mapping[Language, str]
    estimated: bool = False


NO_NAMES: Mapping[Language, str] = {"fa": "", "en": ""}


@lru_cache(maxsize=64)
def _library_holidays(year: int) -> Mapping[date, Holiday]:
    """Return the library's holidays of a Gregorian year; empty if the library does not know the year."""
    names = {
        language: dict(library.country_holidays(COUNTRY, years=year, language=library_language).items())
        for language, library_language in LIBRARY_LANGUAGES.items()
    }
    return {
        day: Holiday(
            "library",
            {
                language: names_by_day[day].replace(f" ({ESTIMATED_SUFFIXES[language]})", "")
                for language, names_by_day in names.items()
            },
            estimated=ESTIMATED_SUFFIXES["en"] in english_name,
        )
        for day, english_name in names["en"].items()
    }


def is_year_known(year: int) -> bool:
    """Return whether the library knows the holidays of a Gregorian year."""
    return bool(_library_holidays(year))


@dataclass(frozen=True)
class WorkCalendar:
    """The holidays and working days that apply: of the national calendar, or those of a request."""

    holidays: frozenset[date] | None = None
    """The holidays of a request; None for the national calendar."""
    thursday_works: bool | None = None
    """None for the default of ``data/calendar``."""

    def holiday(self, day: date) -> Holiday | None:
        """Return the holiday on a day; a Friday counts as a holiday. None on other days, working or not."""
        closure = None if self.holidays is not None else _closures().get(day)
        if closure and closure.closed:
            return Holiday("override", {"fa": closure.name_fa, "en": closure.name_en})
        if self.holidays is not None:
            holiday = Holiday("request", NO_NAMES) if day in self.holidays else None
        else:
            holiday = None if closure else _library_holidays(day.year).get(day)
        if holiday is None and WEEKDAYS[day.weekday()] is Weekday.FRIDAY:
            return Holiday("friday", NO_NAMES)
        return holiday

    def is_working_day(self, day: date) -> bool:
        """Return whether a day is a working day."""
        if self.holiday(day):
            return False
        weekday = WEEKDAYS[day.weekday()]
        if weekday is Weekday.THURSDAY and self.thursday_works is not None:
            return self.thursday_works
        tables = calendar_tables()
        return tables is None or tables.week[weekday].works


def _closures() -> Mapping[date, ClosureRow]:
    tables = calendar_tables()
    return tables.closures if tables else {}
