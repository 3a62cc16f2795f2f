"""The known car: what comes next, by day; its dates for the phone's calendar; the pages that it fills."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import htpy as h
import streamlit as st
from icalendar import Calendar, Event

from logic.core.jalali import to_jalali as iso
from logic.vehicles.my_car import MyCar, Upcoming, upcoming
from ui.answer import answer_card
from ui.answer.answer_card import clause_badge
from ui.frame import faults
from ui.frame.navigation import LEVELS, SERVICE, SHARE, WARRANTY
from ui.frame.page import Page, show_html
from ui.l10n.dates import today
from ui.l10n.numbers import format_jalali, format_number
from ui.l10n.text import Text

WAYS = (SHARE, SERVICE, WARRANTY, LEVELS)
"""The pages that a known car is most often asked about."""


def render(page: Page, car: MyCar) -> None:
    """What ends or falls due, the nearest first, and the ways on."""
    t, now = page.t, today()
    coming = [each for each in upcoming(car, now) if each.km or each.day]
    if not coming:
        show_html(h.p(".kh-empty")[t("my_car.waiting")])
        return
    first = coming[0]
    answer_card.headline(page, _what(t, first), _left(page, first, car, now), line=_when(t, first))
    answer_card.mobile_summary(page, _what(t, first), _left(page, first, car, now))
    rows = (
        h.li[
            h.span[h.b[_what(t, each)], h.small[_when(t, each), " ", clause_badge(t, each.clause)]],
            h.b[_left(page, each, car, now)],
        ]
        for each in coming[1:]
    )
    show_html(h.ul(".kh-pairs")[rows])
    if any(each.estimated for each in coming):
        answer_card.paragraph(t("my_car.pace"))
    _calendar(page, coming)
    answer_card.subheading(t("my_car.ways"))
    for entry in WAYS:
        answer_card.page_link(page, entry, t(f"{entry.id}.title"))


def _what(t: Text, item: Upcoming) -> str:
    km = format_number(item.service.service_km, t.language) if item.service else ""
    return t(f"upcoming.{item.kind}", km=km)


def _left(page: Page, item: Upcoming, car: MyCar, now: date) -> str:
    """Days and km left, or that it is over."""
    t, said = page.t, []
    if item.is_past(car, now):
        return t("my_car.over")
    if item.day and not item.estimated:
        said.append(t("unit.day", value=format_number((item.day - now).days, t.language)))
    if item.km is not None and car.odometer_km is not None:
        said.append(t("unit.km", value=format_number(item.km - car.odometer_km, t.language)))
    return t("word.or").join(said)


def _when(t: Text, item: Upcoming) -> str:
    """The day, the km, or both."""
    said = []
    if item.day:
        day = format_jalali(item.day, t.language, long=True)
        said.append(t("my_car.about", day=day) if item.estimated else day)
    if item.km is not None:
        said.append(t("unit.km", value=format_number(item.km, t.language)))
    return t("clause.separator").join(said)


def _calendar(page: Page, coming: Sequence[Upcoming]) -> None:
    """The days as a file for the phone's calendar."""
    t = page.t
    days = [each for each in coming if each.day and each.day >= today()]
    if days:
        st.download_button(
            t("my_car.calendar"), calendar_file(t, days), "khodroyar.ics", "text/calendar",
            icon=":material/event:", on_click="ignore", key=page.key("calendar"),
        )  # fmt: skip


def calendar_file(t: Text, days: Sequence[Upcoming]) -> bytes:
    """One whole-day entry for each day."""
    calendar = Calendar()
    calendar.add("prodid", "-//Khodroyar//")
    calendar.add("version", "2.0")
    for each in _entries(t, days):
        calendar.add_component(each)
    return bytes(calendar.to_ical())


def _entries(t: Text, days: Sequence[Upcoming]) -> Iterator[Event]:
    for each in days:
        if each.day is None:
            continue
        entry = Event()
        entry.add("uid", f"{each.kind}-{iso(each.day)}@khodroyar")
        entry.add("dtstamp", today())
        entry.add("dtstart", each.day)
        entry.add("dtend", each.day + timedelta(days=1))
        entry.add("summary", _what(t, each))
        entry.add("description", f"{_when(t, each)}\n{t('app.basis')}")
        yield entry


def forget(page: Page) -> None:
    """A tap forgets everything that was said of the car."""

    @faults.callback
    def clear() -> None:
        for key in [str(name) for name in st.session_state if str(name).startswith(f"{page.id}-")]:
            del st.session_state[key]
        page.url_state.clear()

    answer_card.paragraph(page.t("my_car.private"))
    st.button(page.t("my_car.forget"), on_click=clear, key="forget", icon=":material/delete:")
