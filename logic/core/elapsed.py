"""Elapsed time in Jalali months, for limits in months: entered as months or computed from two days."""

from dataclasses import dataclass
from datetime import date

from logic.core.jalali import MONTHS_PER_YEAR, add_months, to_jalali
from logic.core.models import invalid


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Whole months, and whether there are days beyond them. An age entered in months has no extra days."""

    months: int
    has_extra_days: bool = False

    @classmethod
    def from_request(cls, months: int | None, first: date | None, last: date | None) -> "Elapsed":
        """Return the time that a request gives: either as months, or as a first and a last day.

        Raises:
            PydanticCustomError: both or neither are given, or the last day is before the first.

        """
        has_days = first is not None and last is not None
        if (months is not None) == has_days or (first is None) != (last is None):
            raise invalid("months", "months_or_days" if months is not None or first or last else "required")
        if months is not None:
            return cls(months)
        assert first is not None  # noqa: S101 - either months or both days are given
        assert last is not None  # noqa: S101
        if last < first:
            raise invalid("on", "before_start")
        return cls.between(first, last)

    @classmethod
    def between(cls, first: date, last: date) -> "Elapsed":
        """Return the time between two days. A month is complete on the same day of a later month."""
        (year, month, _), (to_year, to_month, _) = (
            map(int, to_jalali(day).split("-")) for day in (first, last)
        )
        months = (to_year - year) * MONTHS_PER_YEAR + to_month - month
        if add_months(first, months) > last:
            months -= 1
        return cls(months, add_months(first, months) < last)

    def exceeds(self, limit: int) -> bool:
        """Return whether the limit in months is passed; on its last day it is not."""
        return self.months > limit or (self.months == limit and self.has_extra_days)

    def reached(self, limit: int) -> bool:
        """Return whether the limit in months is reached."""
        return self.months >= limit
