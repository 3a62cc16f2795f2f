"""A stay in the workshop: what the card pays and what the law pays, each with its days in a calendar."""

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

FIRST = WEEKDAYS.index("saturday")
WEEK_FROM_SATURDAY = (*WEEKDAYS[FIRST:], *WEEKDAYS[:FIRST])
SIGNS = {
    "admission": "↓", "grace": "…", "counted": "+", "holiday": "–", "completion": "+", "release": "↑",
    "after_completion": "·", "before_papers": "·",
}  # fmt: skip
"""What a day is, for those who do not see colours; the legend says it in words."""


def render_card(page: Page, found: Answer[CardDowntimeResult]) -> None:
    """What the card pays."""
    line = _times(page, found.result.payable_days, found.result.daily_rial)
    rule_answer.render(page, found, "emdad", label=page.t("downtime.card"), name="amount_rial", line=line)
    _calendar(page, found.result.days)


def render_law(page: Page, found: Answer[StopCompensationResult]) -> None:
    """What the law pays, and the days that it adds to the warranty."""
    t, result = page.t, found.result
    line = ""
    if result.warranty_extension_days is not None:
        days = t("unit.day", value=format_number(result.warranty_extension_days, t.language))
        line = t("downtime.extension", days=days)
    rule_answer.render(
        page, found, "bylaw", label=t("downtime.law"), name="amount_rial", line=line, secondary=True
    )
    if result.days:
        _bylaw(page, result.days[0].day)
    _calendar(page, result.days)


def _bylaw(page: Page, day: date) -> None:
    """Which by-law was in force when the car was admitted, and what is uncertain about it."""
    t, found = page.t, bylaw_in_force(BylawInForceRequest(on=day))
    if found.result.edition:
        name = title("bylaw", found.result.edition)[t.language]
        said = t("downtime.bylaw", day=format_jalali(day, t.language), name=name)
        show_html(h.p(".kh-line")[said, " ", clause_badge(t, found.steps[0].clause)])
        answer_card.notices(page, found.notices)


def _times(page: Page, days: int, daily: int | None) -> str:
    if daily is None:
        return ""
    t = page.t
    return t("downtime.times", days=format_number(days, t.language), rial=format_number(daily, t.language))


def _calendar(page: Page, days: Sequence[StayDay]) -> None:
    """The months of a stay, weeks from Saturday on; each day of it coloured and signed by what it is."""
    if not days:
        return
    t = page.t
    kinds = dict.fromkeys(day.kind for day in days)
    legend = (
        h.li(class_=kind)[h.i(aria_hidden="true")[SIGNS[kind]], t.name_of("day_kind", kind)] for kind in kinds
    )
    months = groupby(days, key=lambda each: iso(each.day)[:7])
    answer_card.subheading(t("downtime.days"))
    show_html(
        h.ul(".kh-kinds")[legend],
        h.div(".kh-months")[(_month(page, name, [*run]) for name, run in months)],
    )
    _holidays(page, days)


def _month(page: Page, name: str, days: Sequence[StayDay]) -> h.Element:
    """One month: as many weeks as the stay touches."""
    t = page.t
    year, month = (int(part) for part in name.split("-"))
    blanks = (days[0].day.weekday() - FIRST) % len(WEEKDAYS)
    cells = [h.td] * blanks + [_day(page, each) for each in days]
    weeks = (cells[start : start + len(WEEKDAYS)] for start in range(0, len(cells), len(WEEKDAYS)))
    caption = f"{MONTHS[t.language][month - 1]} {localise_digits(str(year), t.language)}"
    heads = (
        h.th(scope="col")[h.abbr(title=t.name_of("weekday", day))[t.name_of("weekday_short", day)]]
        for day in WEEK_FROM_SATURDAY
    )
    return h.table(".kh-month")[
        h.caption[caption], h.thead[h.tr[heads]], h.tbody[(h.tr[week] for week in weeks)]
    ]


def _day(page: Page, day: StayDay) -> h.Element:
    t = page.t
    number_of_day = int(iso(day.day)[8:])
    return h.td(class_=day.kind)[
        h.b[format_number(number_of_day, t.language)],
        h.i(aria_hidden="true")[SIGNS[day.kind]],
        h.span(".kh-visually-hidden")[t.name_of("day_kind", day.kind)],
    ]


def _holidays(page: Page, days: Sequence[StayDay]) -> None:
    """Each holiday of the stay by name, with its source; Fridays need none."""
    t, calendar, lines = page.t, WorkCalendar(), []
    for day in days:
        if day.holiday in (None, "friday"):
            continue
        found = calendar.holiday(day.day)
        said = [found.names[t.language]] if found and t.language in found.names else []
        said.append(t.name_of("holiday_source", day.holiday or ""))
        if day.estimated:
            said.append(t("downtime.estimated"))
        lines.append(h.li[format_jalali(day.day, t.language), ": ", t("clause.separator").join(said)])
    if lines:
        show_html(h.ul(".kh-plain")[lines])
