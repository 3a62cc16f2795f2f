"""Rendering of the my-car page: upcoming dates, a calendar file and links to related pages."""

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

RELATED_PAGES = (SHARE, SERVICE, WARRANTY, LEVELS)
"""The pages that the car's data prefills most."""


def render(page: Page, car: MyCar) -> None:
    """Render what ends or is due, the nearest first, and links to related pages."""
    t, on = page.t, today()
    items = [item for item in upcoming(car, on) if item.km or item.day]
    if not items:
        show_html(h.p(".kh-empty")[t("my_car.waiting")])
        return
    nearest = items[0]
    answer_card.headline(page, _title(t, nearest), _remaining(page, nearest, car, on), line=_due(t, nearest))
    answer_card.mobile_summary(page, _title(t, nearest), _remaining(page, nearest, car, on))
    rows = (
        h.li[
            h.span[h.b[_title(t, item)], h.small[_due(t, item), " ", clause_badge(t, item.clause)]],
            h.b[_remaining(page, item, car, on)],
        ]
        for item in items[1:]
    )
    show_html(h.ul(".kh-pairs")[rows])
    if any(item.estimated for item in items):
        answer_card.paragraph(t("my_car.pace"))
    _calendar_download(page, items)
    answer_card.subheading(t("my_car.ways"))
    for entry in RELATED_PAGES:
        answer_card.page_link(page, entry, t(f"{entry.id}.title"))


def _title(t: Text, item: Upcoming) -> str:
    km = format_number(item.service.service_km, t.language) if item.service else ""
    return t(f"upcoming.{item.kind}", km=km)


def _remaining(page: Page, item: Upcoming, car: MyCar, on: date) -> str:
    """Return the days and km that are left, or that the date has passed."""
    t, parts = page.t, []
    if item.is_past(car, on):
        return t("my_car.over")
    if item.day and not item.estimated:
        parts.append(t("unit.day", value=format_number((item.day - on).days, t.language)))
    if item.km is not None and car.odometer_km is not None:
        parts.append(t("unit.km", value=format_number(item.km - car.odometer_km, t.language)))
    return t("word.or").join(parts)


def _due(t: Text, item: Upcoming) -> str:
    """Return when an item is due: the day, the km, or both."""
    parts = []
    if item.day:
        day = format_jalali(item.day, t.language, long=True)
        parts.append(t("my_car.about", day=day) if item.estimated else day)
    if item.km is not None:
        parts.append(t("unit.km", value=format_number(item.km, t.language)))
    return t("clause.separator").join(parts)


def _calendar_download(page: Page, items: Sequence[Upcoming]) -> None:
    """Render the download button of the calendar file, if any item has a date ahead."""
    t = page.t
    future_items = [item for item in items if item.day and item.day >= today()]
    if future_items:
        st.download_button(
            t("my_car.calendar"), calendar_file(t, future_items), "khodroyar.ics", "text/calendar",
            icon=":material/event:", on_click="ignore", key=page.key("calendar"),
        )  # fmt: skip


def calendar_file(t: Text, items: Sequence[Upcoming]) -> bytes:
    """Return an iCalendar file with an all-day event for each item."""
    calendar = Calendar()
    calendar.add("prodid", "-//Khodroyar//")
    calendar.add("version", "2.0")
    for event in _entries(t, items):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _entries(t: Text, items: Sequence[Upcoming]) -> Iterator[Event]:
    for item in items:
        if item.day is None:
            continue
        event = Event()
        event.add("uid", f"{item.kind}-{iso(item.day)}@khodroyar")
        event.add("dtstamp", today())
        event.add("dtstart", item.day)
        event.add("dtend", item.day + timedelta(days=1))
        event.add("summary", _title(t, item))
        event.add("description", f"{_due(t, item)}\n{t('app.basis')}")
        yield event


def render_clear_button(page: Page) -> None:
    """Render the button that clears all inputs of the page."""

    @faults.callback
    def clear() -> None:
        for key in [str(name) for name in st.session_state if str(name).startswith(f"{page.id}-")]:
            del st.session_state[key]
        page.url_state.clear()

    answer_card.paragraph(page.t("my_car.private"))
    st.button(page.t("my_car.forget"), on_click=clear, key="forget", icon=":material/delete:")
