"""How old a thing is where a limit is counted in months: told in months, or between two days."""

from dataclasses import dataclass
from datetime import date

from logic.core.jalali import add_months, to_jalali
from logic.core.models import invalid

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Whole months, and whether days stand on top of them; an age told in months has none."""

    months: int
    has_extra_days: bool = False

    @classmethod
    def from_request(cls, months: int | None, first: date | None, last: date | None) -> "Elapsed":
        """The age by either way of telling it. Raises the request's error where both or neither is told."""
        told_by_days = first is not None and last is not None
        if (months is not None) == told_by_days or (first is None) != (last is None):
            raise invalid("months", "months_or_days" if months is not None or first or last else "required")
        if months is not None:
            return cls(months)
        assert first is not None  # noqa: S101 - one of the two ways is told
        assert last is not None  # noqa: S101
        if last < first:
            raise invalid("on", "before_start")
        return cls.between(first, last)

    @classmethod
    def between(cls, first: date, last: date) -> "Elapsed":
        """The whole months from a day to a later one; a month is full on the same day of the month."""
        (year, month, _), (to_year, to_month, _) = (
            map(int, to_jalali(day).split("-")) for day in (first, last)
        )
        months = (to_year - year) * _YEAR + to_month - month
        if add_months(first, months) > last:
            months -= 1
        return cls(months, add_months(first, months) < last)

    def exceeds(self, limit: int) -> bool:
        """Whether the limit lies behind; its last day does not."""
        return self.months > limit or (self.months == limit and self.has_extra_days)

    def reached(self, limit: int) -> bool:
        """Whether the limit is reached."""
        return self.months >= limit
