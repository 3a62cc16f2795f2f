"""Input fields for numbers, money, km, Jalali dates and choices; each is stored in the URL.

A number field returns its value or an InputState: empty or invalid. An invalid field shows its error below,
and the page shows no answer.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeVar

import htpy as h
import streamlit as st
from pydantic import ValidationError

from logic.core.amounts import AmountError, Unit, parse_amount, to_persian_digits
from logic.core.day_text import read_day
from logic.core.jalali import days_in_month, to_jalali
from logic.core.messages import message
from logic.core.models import MAX_COUNT, MAX_HOURS, Request
from logic.core.registry import field_errors
from ui.assets import read_asset
from ui.frame import faults
from ui.frame.page import Page, show_html
from ui.l10n.dates import MONTHS, today
from ui.l10n.numbers import format_jalali, format_money_in_words, format_number, localise_digits
from ui.l10n.text import Text


class InputState(Enum):
    """Why a number field has no value."""

    EMPTY = "empty"
    INVALID = "unreadable"


_PLAIN_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
RequestType = TypeVar("RequestType", bound=Request)
Value = TypeVar("Value")
MAX_PLAUSIBLE_RIAL = 10**14
MAX_PLAUSIBLE_KM = 2_000_000
MAX_PLAUSIBLE_MM = 200
MAX_FIELD_CHARS = 80
YEARS_BACK = 45
"""How many years a date list offers, this year included."""
YEARS_AHEAD = 4
"""Enough for the longest delivery term, three years."""


def amount(
    page: Page,
    name: str,
    *,
    unit: Unit,
    icon: str,
    maximum: int,
    places: int = 0,
    minimum: int | Decimal = 0,
    initial: int | None = None,
) -> Decimal | InputState:
    """Show a number field and return its value; what was understood is echoed below.

    It accepts Persian, Arabic and Latin digits, and at most ``places`` decimals. ``initial`` is the prefilled
    value.
    """
    t, key = page.t, page.key(name)
    initial_text = "" if initial is None else format_number(initial, t.language)
    page.url_state.bind(name, key, lambda raw: _localised(raw[:MAX_FIELD_CHARS], t), initial_text)
    with st.container(key=f"{key}-box", gap="xxsmall"):
        text = st.text_input(
            t(f"{page.id}.{name}"),
            key=key,
            live=True,
            autocomplete="off",
            icon=f":material/{icon}:",
            max_chars=MAX_FIELD_CHARS,
            placeholder=t(f"field.{unit}_example"),
        )
        value = parse_amount(text or "", unit=unit, decimals=places, minimum=minimum, maximum=maximum)
        empty = isinstance(value, AmountError) and value.code == "empty"
        invalid = isinstance(value, AmountError) and not empty
        _show_note(page, key, "" if empty else _echo(page, value, unit, minimum, maximum), invalid=invalid)
        if isinstance(value, AmountError) and value.readings:
            _offer_readings(page, key, value, unit)
    page.url_state.set(name, (text or "") if isinstance(value, AmountError) else f"{value:f}")
    if isinstance(value, AmountError):
        return InputState.EMPTY if empty else InputState.INVALID
    page.input_summary.append((t(f"{page.id}.{name}"), format_number(value, t.language)))
    return value


def money(page: Page, name: str, *, minimum: int = 0, initial: int | None = None) -> int | InputState:
    """Show a field for rials; "2 million tomans" is accepted in either language, and echoed in words."""
    value = amount(
        page, name, unit="rial", icon="payments", minimum=minimum, maximum=MAX_PLAUSIBLE_RIAL, initial=initial
    )
    return value if isinstance(value, InputState) else int(value)


def km(page: Page, name: str) -> int | InputState:
    """Show a field for an odometer value in km."""
    value = amount(page, name, unit="km", icon="speed", maximum=MAX_PLAUSIBLE_KM)
    return value if isinstance(value, InputState) else int(value)


def days(page: Page, name: str) -> int | InputState:
    """Show a field for a number of days."""
    value = amount(page, name, unit="days", icon="calendar_today", maximum=MAX_COUNT)
    return value if isinstance(value, InputState) else int(value)


def hours(page: Page, name: str) -> int | InputState:
    """Show a field for a number of hours."""
    value = amount(page, name, unit="hours", icon="schedule", maximum=MAX_HOURS)
    return value if isinstance(value, InputState) else int(value)


def depth(page: Page, name: str, *, positive: bool = False) -> Decimal | InputState:
    """Show a field for a tread depth in mm, with at most two decimals."""
    minimum = Decimal("0.01") if positive else 0
    return amount(
        page, name, unit="mm", icon="straighten", places=2, minimum=minimum, maximum=MAX_PLAUSIBLE_MM
    )


def value_or_none(value: Value | InputState) -> Value | None:
    """Return the value of an optional field, or None if it has none."""
    return None if isinstance(value, InputState) else value


def first_missing(*values: object, optional: Iterable[object] = ()) -> InputState | None:
    """Return the state of fields that prevents an answer, INVALID before EMPTY; None if there is none.

    An ``optional`` field prevents an answer only if it is invalid.
    """
    if InputState.INVALID in (*values, *optional):
        return InputState.INVALID
    return InputState.EMPTY if None in values or InputState.EMPTY in values else None


def days_apart(page: Page, first: dt.date, last: dt.date) -> int | InputState:
    """Return the days from ``first`` to ``last``; show an error and return INVALID if ``last`` is earlier."""
    if last < first:
        show_html(h.p(".kh-error", role="alert")[message("before_start")[page.t.language]])
        return InputState.INVALID
    return (last - first).days


def search(page: Page, name: str) -> str:
    """Show a search field and return its text without surrounding spaces."""
    key = page.key(name)
    page.url_state.bind(name, key, lambda raw: raw[:MAX_FIELD_CHARS], "")
    text = st.text_input(
        page.t(f"{page.id}.{name}"),
        key=key,
        type="search",
        live=True,
        autocomplete="off",
        icon=":material/search:",
        max_chars=MAX_FIELD_CHARS,
    )
    query = (text or "").strip()
    page.url_state.set(name, query)
    return query


def validated(page: Page, build: Callable[[], RequestType]) -> RequestType | InputState:
    """Return the request that ``build`` constructs, or show its errors and return INVALID."""
    try:
        return build()
    except ValidationError as error:
        texts = (message(problem.code, **problem.params)[page.t.language] for problem in field_errors(error))
        show_html(h.ul(".kh-error", role="alert")[(h.li[text] for text in texts)])
        return InputState.INVALID


def _localised(raw: str, t: Text) -> str:
    """Return a number from the URL in the digits of the language; any other text unchanged."""
    return format_number(Decimal(raw), t.language) if _PLAIN_NUMBER.fullmatch(raw) else raw


def _echo(page: Page, value: Decimal | AmountError, unit: Unit, minimum: int | Decimal, maximum: int) -> str:
    """Return what was understood, or the error of the text."""
    t = page.t
    if isinstance(value, AmountError):
        return t(
            f"amount_error.{value.code}",
            lo=format_number(minimum, t.language),
            hi=format_number(maximum, t.language),
        )
    if unit == "rial":
        return format_money_in_words(int(value), t.language)
    return t(f"field.echo_{unit}", value=format_number(value, t.language))


def _show_note(page: Page, key: str, note: str, *, invalid: bool) -> None:
    """Show the line below a field; it never quotes the user's text."""
    css_class, role = ("kh-error", "alert") if invalid else ("kh-field-note", "status")
    show_html(h.p(id=f"{key}-note", class_=css_class, role=role)[note])
    page.attributes[key] = {
        "inputmode": "text" if page.t.language == "fa" else "decimal",
        "dir": "auto",
        "enterkeyhint": "done",
        "aria-describedby": f"{key}-note",
        "aria-invalid": "true" if invalid else None,
    }


def _offer_readings(page: Page, key: str, error: AmountError, unit: Unit) -> None:
    """Show the possible values of an ambiguous number as buttons."""

    @faults.callback
    def choose(value: Decimal) -> None:
        st.session_state[key] = to_persian_digits(value) if page.t.language == "fa" else f"{value:f}"

    with st.container(horizontal=True, key=f"{key}-readings"):
        for index, value in enumerate(error.readings):
            label = page.t(f"field.echo_{unit}", value=format_number(value, page.t.language))
            st.button(label, key=f"{key}-reading-{index}", on_click=choose, args=(value,))


ChoiceStyle = Literal["pills", "segments", "list"]


def choice(
    page: Page,
    name: str,
    options: Sequence[str],
    labels: Mapping[str, str],
    *,
    style: ChoiceStyle,
    default: str,
    url_default: str | None = None,
    in_url: bool = True,
) -> str:
    """Show a choice of one id and return it. The URL and the session store the id, never its label.

    ``url_default`` is the value that a URL without this field means, if ``default`` depends on another field.
    """
    key = page.key(name)
    page.url_state.bind(name, key, lambda raw: raw if raw in options else None, default)
    if st.session_state.get(key) not in options:  # another field has changed the options
        st.session_state[key] = default
    label = page.t(f"{page.id}.{name}")
    value: str | None
    if style == "list":
        value = st.selectbox(label, options, key=key, format_func=labels.__getitem__, filter_mode=None)
    else:
        widget = st.pills if style == "pills" else st.segmented_control
        value = widget(
            label,
            options,
            key=key,
            format_func=labels.__getitem__,
            required=True,
            width="stretch",
            wrap=style == "pills",
        )
    chosen = value or default
    if in_url:
        page.url_state.set(name, chosen, default if url_default is None else url_default)
        page.input_summary.append((label, re.sub(r"\*\*|\s+", " ", labels[chosen]).strip()))
    return chosen


def choices(
    page: Page, name: str, options: Sequence[str], labels: Mapping[str, str], *, default: Iterable[str] = ()
) -> list[str]:
    """Show a choice of any number of ids and return them in the order of the options."""
    key, initial = page.key(name), list(default)

    def read(raw: str) -> list[str] | None:
        ids = [id_ for id_ in raw.split(",") if id_]
        return ids if all(id_ in options for id_ in ids) else None

    page.url_state.bind(name, key, read, initial)
    selected = st.pills(
        page.t(f"{page.id}.{name}"),
        options,
        key=key,
        format_func=labels.__getitem__,
        selection_mode="multi",
        width="stretch",
    )
    chosen = [option for option in options if option in selected]
    page.url_state.set(name, ",".join(chosen), ",".join(initial))
    if chosen:
        names = page.t("word.and").join(labels[option] for option in chosen)
        page.input_summary.append((page.t(f"{page.id}.{name}"), names))
    return chosen


def switch(page: Page, name: str, *, toggle: bool = False, default: bool = False) -> bool:
    """Show a checkbox or toggle and return its state; ``default`` if it is not in the URL."""
    key = page.key(name)
    page.url_state.bind(name, key, {"yes": True, "no": False}.get, default=default)
    widget = st.toggle if toggle else st.checkbox
    value = widget(page.t(f"{page.id}.{name}"), key=key)
    page.url_state.set(name, "" if value is default else "yes" if value else "no")
    if value:
        page.input_summary.append((page.t(f"{page.id}.{name}"), page.t("word.yes")))
    return value


_date_component = st.components.v2.component(
    "jalali_date",
    html=read_asset("inputs/date_input.html"),
    css=read_asset("inputs/date_input.css"),
    js=read_asset("inputs/date_input.js"),
)
_BLANK = ("", "", "")


def day(page: Page, name: str, *, optional: bool = True, past: bool = False) -> dt.date | None:
    """Show three native lists for a Jalali date and return it; None if it is empty or invalid.

    An incomplete date is an error; so is a date after today if ``past``.
    """
    t, key, current_date = page.t, page.key(name), today()

    def read(raw: str) -> dict[str, list[int | str]] | None:
        url_date = read_day(raw)
        return None if url_date is None else {"day": _date_parts(url_date)}

    blank: list[int | str] = [*_BLANK]
    page.url_state.bind(name, key, read, {"day": blank if optional else _date_parts(current_date)})
    year, month, day_of_month = _read_date_parts(st.session_state[key])
    complete = all((year, month, day_of_month))
    if complete:  # do not rely on the browser for the length of a month
        with suppress(ValueError, IndexError):  # an invalid month is reported below
            day_of_month = min(int(day_of_month), days_in_month(int(year), int(month)))
    this_year = int(to_jalali(current_date)[:4])
    last_year = this_year if past else this_year + YEARS_AHEAD
    years = sorted(
        {*range(last_year, this_year - YEARS_BACK, -1), *([int(year)] if year else [])}, reverse=True
    )
    _date_component(
        key=key,
        data={
            "direction": t.direction,
            "label": t(f"{page.id}.{name}"),
            "parts": [t("field.day"), t("field.month"), t("field.year")],
            "today_label": t("field.today"),
            "clear_label": t("field.clear"),
            "optional": optional,
            "value": [year, month, day_of_month],
            "today": _date_parts(current_date),
            "years": years,
            "months": MONTHS[t.language],
            "leap_years": [listed for listed in years if days_in_month(listed, 12) == 30],  # noqa: PLR2004
            "digits": localise_digits("0123456789", "fa") if t.language == "fa" else "",
        },
        on_day_change=lambda: None,
    )
    if not complete:
        if any((year, month, day_of_month)):
            show_html(h.p(".kh-error", role="alert")[t("field.half_a_date")])
        return None
    date = read_day(f"{int(year):04}-{int(month):02}-{int(day_of_month):02}")
    if date is None:
        show_html(h.p(".kh-error", role="alert")[t("field.no_such_day")])
        return None
    page.url_state.set(name, to_jalali(date))
    if past and date > current_date:
        show_html(h.p(".kh-error", role="alert")[t("field.in_the_future")])
        return None
    page.input_summary.append((t(f"{page.id}.{name}"), format_jalali(date, t.language)))
    return date


def _read_date_parts(state: object) -> tuple[int | str, ...]:
    """Return year, month and day of the lists' state, "" if not chosen; all blank for a forged state."""
    value = state.get("day") if isinstance(state, Mapping) else None
    if not isinstance(value, list | tuple) or len(value) != len(_BLANK):
        return _BLANK
    texts = [str(part)[:5] for part in value]
    return tuple(int(text) if re.fullmatch(r"[0-9]{1,4}", text) else "" for text in texts)


def _date_parts(date: dt.date) -> list[int | str]:
    """Return the Jalali year, month and day."""
    return [int(part) for part in to_jalali(date).split("-")]
