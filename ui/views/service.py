"""Rendering of the service page: the progress bar, the items of a service and the printed table."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import htpy as h
import streamlit as st

from logic.core.answer import Answer
from logic.core.models import Level
from logic.service.service_schedule import ServiceEntry, ServiceItem, ServiceScheduleResult
from ui.answer.answer_card import alternatives, clause_badge, headline, page_link, paragraph
from ui.frame.navigation import LEVELS
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_number
from ui.l10n.text import Text
from ui.pdf.content import Table
from ui.views.levels import from_level

BAR_MARGIN_PERCENT = 8
"""Percent of the progress bar left empty at each end, so that no label is cut off."""


def render_progress(page: Page, result: ServiceScheduleResult, odometer: int) -> None:
    """Render the headline: the service that is due or comes next, its window and the car's position."""
    t, lang = page.t, page.t.language
    entry = result.current or result.next
    if entry is None:
        no_more = h.h2[t("service.no_more")], h.p(".kh-answer-subtitle")[t("service.no_more_line")]
        show_html(h.section(".kh-answer.kh-refusal")[no_more])
        return
    state = "open" if result.current else "not_yet"
    distance = entry.km_left if result.current else entry.km_to_window
    headline(
        page,
        t("service.due_now" if result.current else "service.due_next"),
        format_number(entry.service_km, lang),
        t("word.km"),
        t("service.left" if result.current else "service.to_window", km=format_number(distance or 0, lang)),
        detail=[
            h.span(class_=["kh-badge", state])[t(f"service.{state}")],
            _progress(t, result, entry, odometer),
        ],
    )


def _progress(t: Text, result: ServiceScheduleResult, entry: ServiceEntry, odometer: int) -> h.Element:
    stops = {stop.service_km: stop for stop in (result.previous, entry, result.next) if stop}
    first_km = min(odometer, *(stop.window_from_km for stop in stops.values()))
    last_km = max(odometer, *(stop.window_to_km for stop in stops.values()))
    scale = Decimal(100 - 2 * BAR_MARGIN_PERCENT) / max(1, last_km - first_km)

    def position(km: int) -> str:
        return f"inset-inline-start:{BAR_MARGIN_PERCENT + scale * (km - first_km):.2f}%"

    def stop_name(stop: ServiceEntry) -> str:
        if stop is not entry:
            return t("service.previous" if stop is result.previous else "service.next")
        ends = (format_number(stop.window_from_km, t.language), format_number(stop.window_to_km, t.language))
        return t("service.window", first=ends[0], last=ends[1])

    length = f"width:{scale * (entry.window_to_km - entry.window_from_km):.2f}%"
    return h.div(".kh-progress-bar", aria_hidden="true")[
        h.span(".track"),
        h.span(".service-window", style=f"{position(entry.window_from_km)};{length}"),
        h.span(".car", style=position(odometer))[h.b[format_number(odometer, t.language)]],
        (
            h.span(".service", style=position(km))[h.em[stop_name(stop)], h.b[format_number(km, t.language)]]
            for km, stop in stops.items()
        ),
    ]


def render_details(page: Page, answer: Answer[ServiceScheduleResult], *, asked_level: Level | None) -> None:
    """Render what is due, what comes next and what another reading changes."""
    t, result = page.t, answer.result
    entry = result.current or result.next
    if entry:
        title = t("service.items", km=format_number(entry.service_km, t.language))
        render_items(page, title, entry, answer.steps[0].clause)
    if result.previous and not result.current:
        paragraph(
            t(
                "service.lost_line",
                km=format_number(result.previous.service_km, t.language),
                last=format_number(result.previous.window_to_km, t.language),
            )
        )
    alternatives(page, answer.alternatives, lambda other: summarise_alternative(page, result, other))
    if result.current and result.next:
        with st.expander(
            t("service.upcoming", km=format_number(result.next.service_km, t.language)), key=page.key("then")
        ):
            render_items(
                page,
                t("service.items", km=format_number(result.next.service_km, t.language)),
                result.next,
                answer.steps[0].clause,
            )
    if asked_level is None:
        page_link(page, LEVELS, t("service.see_levels"))


def render_items(page: Page, title: str, entry: ServiceEntry, clause: str) -> None:
    """Render the items of a service: who pays for each, and from which level it is free."""
    t = page.t
    texts = [
        (t.name_of("service_item", item.item), _cover(t, item), item_note(t, item)) for item in entry.items
    ]
    page.presented.tables.append(Table(title, [[*row] for row in texts]))
    rows = (
        h.tr[
            h.th(scope="row")[name],
            h.td[h.span(class_=["kh-cell", "free" if item.covered else "tariff"])[cover] if cover else None],
            h.td(".item-note")[note],
        ]
        for item, (name, cover, note) in zip(entry.items, texts, strict=True)
    )
    owner = any(item.reason == "owner_pays" for item in entry.items)
    show_html(
        h.h2(".kh-h2")[title, " ", clause_badge(t, clause)],
        h.p(".kh-paragraph")[t.name_of("item_reason", "owner_pays")] if owner else None,
        h.div(".kh-items")[h.table[h.tbody[rows]]],
    )


def _cover(t: Text, item: ServiceItem) -> str:
    """Return who pays for an item; an empty text if that is not known."""
    return "" if item.covered is None else _verdict(t, item)


def item_note(t: Text, item: ServiceItem) -> str:
    """Return why an item is not free, or from which level it is."""
    if item.reason == "owner_pays":  # shown once, above the items
        return ""
    if item.reason and item.reason != "needs_higher_level":
        return t.name_of("item_reason", item.reason)
    return "" if item.needs_level is None else from_level(t, item.needs_level)


def summarise_alternative(page: Page, result: ServiceScheduleResult, other: Mapping[str, Any]) -> str:
    """Return the items that another reading of the stars makes free or chargeable at this service."""
    t = page.t
    for period in ("current", "next", "previous"):
        entry, other_entry = getattr(result, period), other.get(period)
        if entry and other_entry:
            pairs = zip(entry.items, other_entry.items, strict=True)
            changed = [
                new for old, new in pairs if (old.covered, old.needs_level) != (new.covered, new.needs_level)
            ]
            texts = (
                t(
                    "service.reading_item",
                    item=t.name_of("service_item", item.item),
                    verdict=_verdict(t, item),
                )
                for item in changed
            )
            return t(
                "service.reading_line",
                km=format_number(entry.service_km, t.language),
                items=t("word.and").join(texts),
            )
    return t("service.reading_elsewhere")


def _verdict(t: Text, item: ServiceItem) -> str:
    if item.covered is None:
        return item_note(t, item)
    return t("service.free" if item.covered else "service.yours")


def render_table(page: Page, result: ServiceScheduleResult, title: str, clause: str) -> None:
    """Render every printed service of the engine with the printed marks; the level's cells are tinted."""
    t = page.t
    highlighted = result.current or result.next
    noted_items = (item.item for entry in result.services for item in entry.items)
    item_ids = dict.fromkeys((*result.printed_items, *noted_items))
    by_level = any(item.covered is not None for entry in result.services for item in entry.items)

    def column(entry: ServiceEntry) -> dict[str, bool]:
        return {"current": highlighted is not None and entry.service_km == highlighted.service_km}

    head = (
        h.th(scope="col", class_=column(entry))[
            # In thousands of km, so that twelve columns fit on a tablet.
            format_number(Decimal(entry.service_km) / 1000, t.language)
        ]
        for entry in result.services
    )
    body = (
        h.tr[
            h.th(scope="row")[t.name_of("service_item", item_id)],
            (_cell(t, entry, item_id, column(entry)) for entry in result.services),
        ]
        for item_id in item_ids
    )
    legend = h.p(".kh-legend")[
        h.span(".kh-legend-swatch.covered"),
        t("service.legend_yes"),
        h.span(".kh-legend-swatch"),
        t("service.legend_no"),
    ]
    show_html(
        h.h2(".kh-h2")[title, " ", clause_badge(t, clause)],
        h.div(".kh-scroll-container.kh-limited-height", tabindex="0", role="region", aria_label=title)[
            h.table(".kh-schedule-table")[
                h.thead[h.tr[h.th(scope="col")[t("service.whole_head")], head]], h.tbody[body]
            ]
        ],
        legend if by_level else None,
    )


def _cell(t: Text, entry: ServiceEntry, item_id: str, column: dict[str, bool]) -> h.Element:
    item = next((row for row in entry.items if row.item == item_id), None)
    if item is None:
        return h.td(class_=column)
    mark = "✓" if item.check else "★" * (item.stars or 0) or t("service.noted")
    kind = "tick" if item.check else "stars" if item.stars else "by_note"
    texts = [t(f"service.{kind}", stars=format_number(item.stars or 0, t.language))]
    if item.covered is not None:
        texts.append(t("service.free" if item.covered else "service.yours"))
    return h.td(class_=[column, {"covered": item.covered is True, "not-covered": item.covered is False}])[
        h.span(aria_hidden="true")[mark], h.span(".kh-visually-hidden")[t("word.and").join(texts)]
    ]
