"""A stay in the workshop as a strip of days, each marked by what it is."""

from collections.abc import Sequence

import htpy as h

from logic.stay import StayDay
from logic.workdays import WorkCalendar
from ui import answer
from ui.numbers import jalali
from ui.page import Page, show_html


def show(page: Page, days: Sequence[StayDay]) -> None:
    """Each day with its date, what it is, and what it rests for."""
    if not days:
        return
    t, calendar = page.t, WorkCalendar()

    def rest(day: StayDay) -> str:
        found = calendar.holiday(day.day)
        name = found.names[t.language] if found else ""
        said = [name] if name else []
        if day.holiday:
            said.append(t.label("holiday_source", day.holiday))
        if day.estimated:
            said.append(t("downtime.estimated"))
        return t("clause.separator").join(said)

    answer.subheading(t("downtime.days"))
    show_html(
        h.ol(".kh-days")[
            (
                h.li(class_=day.kind)[
                    h.b[jalali(day.day, t.language)],
                    h.span[t.label("day_kind", day.kind)],
                    h.small[rest(day)],
                ]
                for day in days
            )
        ]
    )
