"""Rendering of a workshop stay: what the card and the law pay, each with a calendar of the days."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import htpy as h

from logic.card.card_downtime import CardDowntimeResult
from logic.consumer_law.bylaw_in_force import BylawInForceRequest, bylaw_in_force
from logic.consumer_law.stop_compensation import StopCompensationResult
from logic.core.answer import Answer
from logic.core.jalali import to_jalali as iso
from logic.datasets.tables import title
from logic.workshop.stay import StayDay
from logic.workshop.workdays import WEEKDAYS, WorkCalendar
from ui.answer import answer_card, rule_answer
from ui.answer.answer_card import clause_badge
from ui.frame.page import Page, show_html
from ui.l10n.dates import MONTHS
from ui.l10n.numbers import format_jalali, format_number, localise_digits

SATURDAY = WEEKDAYS.index("saturday")
WEEK_FROM_SATURDAY = (*WEEKDAYS[SATURDAY:], *WEEKDAYS[:SATURDAY])
DAY_MARKS = {
    "admission": "↓", "grace": "…", "counted": "+", "holiday": "–", "completion": "+", "release": "↑",
    "after_completion": "·", "before_papers": "·",
}  # fmt: skip
"""The mark of each kind of day, so that colour is not the only sign; the legend names them."""


def render_card(page: Page, answer: Answer[CardDowntimeResult]) -> None:
    """Render what the card pays."""
    line = _calculation_line(page, answer.result.payable_days, answer.result.daily_rial)
    rule_answer.render(page, answer, "emdad", label=page.t("downtime.card"), name="amount_rial", line=line)
    _calendar(page, answer.result.days)


def render_law(page: Page, answer: Answer[StopCompensationResult]) -> None:
    """Render what the law awards, and the days that it adds to the warranty."""
    t, result = page.t, answer.result
    line = ""
    if result.warranty_extension_days is not None:
        days = t("unit.day", value=format_number(result.warranty_extension_days, t.language))
        line = t("downtime.extension", days=days)
    rule_answer.render(
        page, answer, "bylaw", label=t("downtime.law"), name="amount_rial", line=line, secondary=True
    )
    if result.days:
        _bylaw(page, result.days[0].day)
    _calendar(page, result.days)


def _bylaw(page: Page, day: date) -> None:
    """Render which by-law was in force on the day of admission, with its notices."""
    t, answer = page.t, bylaw_in_force(BylawInForceRequest(on=day))
    if answer.result.edition:
        name = title("bylaw", answer.result.edition)[t.language]
        text = t("downtime.bylaw", day=format_jalali(day, t.language), name=name)
        show_html(h.p(".kh-paragraph")[text, " ", clause_badge(t, answer.steps[0].clause)])
        answer_card.notices(page, answer.notices)


def _calculation_line(page: Page, days: int, daily: int | None) -> str:
    if daily is None:
        return ""
    t = page.t
    return t("downtime.times", days=format_number(days, t.language), rial=format_number(daily, t.language))


def _calendar(page: Page, days: Sequence[StayDay]) -> None:
    """Render the months of a stay, in weeks from Saturday; each day has the colour and mark of its kind."""
    if not days:
        return
    t = page.t
    kinds = dict.fromkeys(day.kind for day in days)
    legend = (
        h.li(class_=kind)[h.i(aria_hidden="true")[DAY_MARKS[kind]], t.name_of("day_kind", kind)]
        for kind in kinds
    )
    months = groupby(days, key=lambda stay_day: iso(stay_day.day)[:7])
    answer_card.subheading(t("downtime.days"))
    show_html(
        h.ul(".kh-day-kinds")[legend],
        h.div(".kh-months")[(_month(page, name, [*month_days]) for name, month_days in months)],
    )
    _holidays(page, days)


def _month(page: Page, name: str, days: Sequence[StayDay]) -> h.Element:
    """Return the table of one month, with the weeks of the stay."""
    t = page.t
    year, month = (int(part) for part in name.split("-"))
    blanks = (days[0].day.weekday() - SATURDAY) % len(WEEKDAYS)
    cells = [h.td] * blanks + [_day(page, stay_day) for stay_day in days]
    weeks = (cells[start : start + len(WEEKDAYS)] for start in range(0, len(cells), len(WEEKDAYS)))
    caption = f"{MONTHS[t.language][month - 1]} {localise_digits(str(year), t.language)}"
    weekdays = (
        h.th(scope="col")[h.abbr(title=t.name_of("weekday", day))[t.name_of("weekday_short", day)]]
        for day in WEEK_FROM_SATURDAY
    )
    return h.table(".kh-month")[
        h.caption[caption], h.thead[h.tr[weekdays]], h.tbody[(h.tr[week] for week in weeks)]
    ]


def _day(page: Page, day: StayDay) -> h.Element:
    t = page.t
    day_of_month = int(iso(day.day)[8:])
    return h.td(class_=day.kind)[
        h.b[format_number(day_of_month, t.language)],
        h.i(aria_hidden="true")[DAY_MARKS[day.kind]],
        h.span(".kh-visually-hidden")[t.name_of("day_kind", day.kind)],
    ]


def _holidays(page: Page, days: Sequence[StayDay]) -> None:
    """Render each holiday of the stay with its name and source, except Fridays."""
    t, calendar, lines = page.t, WorkCalendar(), []
    for day in days:
        if day.holiday in (None, "friday"):
            continue
        holiday = calendar.holiday(day.day)
        parts = [holiday.names[t.language]] if holiday and t.language in holiday.names else []
        parts.append(t.name_of("holiday_source", day.holiday or ""))
        if day.estimated:
            parts.append(t("downtime.estimated"))
        lines.append(h.li[format_jalali(day.day, t.language), ": ", t("clause.separator").join(parts)])
    if lines:
        show_html(h.ul(".kh-bullets")[lines])
