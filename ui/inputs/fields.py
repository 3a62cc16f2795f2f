"""Inputs: numbers, money, km, Jalali dates and choices, all of them in the link.

A number gives its value, or says that it is missing: empty, or unreadable. Then its error stands below the
field, and the page shows no answer.
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
from logic.core.jalali import days_in_month
from logic.core.jalali import to_jalali as iso
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


_PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,4})?")
R = TypeVar("R", bound=Request)
V = TypeVar("V")
MAX_PLAUSIBLE_RIAL = 10**14
MAX_PLAUSIBLE_KM = 2_000_000
MAX_PLAUSIBLE_MM = 200
MAX_FIELD_CHARS = 80
YEARS_BACK = 45
YEARS_AHEAD = 4
"""The longest delivery is three years."""


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
    """A number as people write it, in any digits, echoed as understood; ``usual`` stands there first."""
    t, key = page.t, page.key(name)
    first = "" if initial is None else format_number(initial, t.language)
    page.url_state.bind(name, key, lambda raw: _localised(raw[:MAX_FIELD_CHARS], t), first)
    with st.container(key=f"{key}-box", gap="xxsmall"):
        typed = st.text_input(
            t(f"{page.id}.{name}"),
            key=key,
            live=True,
            autocomplete="off",
            icon=f":material/{icon}:",
            max_chars=MAX_FIELD_CHARS,
            placeholder=t(f"field.{unit}_example"),
        )
        value = parse_amount(typed or "", unit=unit, decimals=places, minimum=minimum, maximum=maximum)
        empty = isinstance(value, AmountError) and value.code == "empty"
        wrong = isinstance(value, AmountError) and not empty
        _show_note(page, key, "" if empty else _echo(page, value, unit, minimum, maximum), wrong=wrong)
        if isinstance(value, AmountError) and value.readings:
            _offer_readings(page, key, value, unit)
    page.url_state.set(name, (typed or "") if isinstance(value, AmountError) else f"{value:f}")
    if isinstance(value, AmountError):
        return InputState.EMPTY if empty else InputState.INVALID
    page.input_summary.append((t(f"{page.id}.{name}"), format_number(value, t.language)))
    return value


def money(page: Page, name: str, *, minimum: int = 0, initial: int | None = None) -> int | InputState:
    """Rials; «2 million tomans» is understood in either language, and said back in words."""
    value = amount(
        page, name, unit="rial", icon="payments", minimum=minimum, maximum=MAX_PLAUSIBLE_RIAL, initial=initial
    )
    return value if isinstance(value, InputState) else int(value)


def km(page: Page, name: str) -> int | InputState:
    """A reading of the odometer in km."""
    value = amount(page, name, unit="km", icon="speed", maximum=MAX_PLAUSIBLE_KM)
    return value if isinstance(value, InputState) else int(value)


def days(page: Page, name: str) -> int | InputState:
    """A number of days."""
    value = amount(page, name, unit="days", icon="calendar_today", maximum=MAX_COUNT)
    return value if isinstance(value, InputState) else int(value)


def hours(page: Page, name: str) -> int | InputState:
    """A number of hours."""
    value = amount(page, name, unit="hours", icon="schedule", maximum=MAX_HOURS)
    return value if isinstance(value, InputState) else int(value)


def depth(page: Page, name: str, *, positive: bool = False) -> Decimal | InputState:
    """A depth of tread in mm, to two places."""
    least = Decimal("0.01") if positive else 0
    return amount(page, name, unit="mm", icon="straighten", places=2, minimum=least, maximum=MAX_PLAUSIBLE_MM)


def value_or_none(value: V | InputState) -> V | None:
    """An optional field's value; None where it is empty."""
    return None if isinstance(value, InputState) else value


def first_missing(*values: object, optional: Iterable[object] = ()) -> InputState | None:
    """What keeps several fields from an answer: one that cannot be read goes before one that is empty."""
    if InputState.INVALID in (*values, *optional):
        return InputState.INVALID
    return InputState.EMPTY if None in values or InputState.EMPTY in values else None


def days_apart(page: Page, first: dt.date, last: dt.date) -> int | InputState:
    """The days from one day to a later one; where they are the wrong way round, the error."""
    if last < first:
        show_html(h.p(".kh-bad", role="alert")[message("before_start")[page.t.language]])
        return InputState.INVALID
    return (last - first).days


def search(page: Page, name: str) -> str:
    """Words to look for in a list, as typed."""
    key = page.key(name)
    page.url_state.bind(name, key, lambda raw: raw[:MAX_FIELD_CHARS], "")
    typed = st.text_input(
        page.t(f"{page.id}.{name}"),
        key=key,
        type="search",
        live=True,
        autocomplete="off",
        icon=":material/search:",
        max_chars=MAX_FIELD_CHARS,
    )
    said = (typed or "").strip()
    page.url_state.set(name, said)
    return said


def validated(page: Page, build: Callable[[], R]) -> R | InputState:
    """Return the request that ``build`` constructs. Show the errors of an invalid one instead."""
    try:
        return build()
    except ValidationError as error:
        texts = (message(problem.code, **problem.params)[page.t.language] for problem in field_errors(error))
        show_html(h.ul(".kh-bad", role="alert")[(h.li[text] for text in texts)])
        return InputState.INVALID


def _localised(raw: str, t: Text) -> str:
    """A link's plain number in the digits and groups of the language; what is no number stays as it is."""
    return format_number(Decimal(raw), t.language) if _PLAIN.fullmatch(raw) else raw


def _echo(page: Page, value: Decimal | AmountError, unit: Unit, lo: int | Decimal, hi: int) -> str:
    t = page.t
    if isinstance(value, AmountError):
        return t(
            f"amount_error.{value.code}", lo=format_number(lo, t.language), hi=format_number(hi, t.language)
        )
    if unit == "rial":
        return format_money_in_words(int(value), t.language)
    return t(f"field.echo_{unit}", value=format_number(value, t.language))


def _show_note(page: Page, key: str, said: str, *, wrong: bool) -> None:
    """The line below a field: our words only, never what was typed."""
    look, role = ("kh-bad", "alert") if wrong else ("kh-echo", "status")
    show_html(h.p(id=f"{key}-note", class_=look, role=role)[said])
    page.attributes[key] = {
        "inputmode": "text" if page.t.language == "fa" else "decimal",
        "dir": "auto",
        "enterkeyhint": "done",
        "aria-describedby": f"{key}-note",
        "aria-invalid": "true" if wrong else None,
    }


def _offer_readings(page: Page, key: str, error: AmountError, unit: Unit) -> None:
    """What an ambiguous text may have meant, as buttons."""

    @faults.callback
    def choose(value: Decimal) -> None:
        st.session_state[key] = to_persian_digits(value) if page.t.language == "fa" else f"{value:f}"

    with st.container(horizontal=True, key=f"{key}-readings"):
        for place, reading in enumerate(error.readings):
            said = page.t(f"field.echo_{unit}", value=format_number(reading, page.t.language))
            st.button(said, key=f"{key}-reading-{place}", on_click=choose, args=(reading,))


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
    """One of several ids. The link and the session hold the id, never its label.

    ``bare`` is what a link without this field means, where ``default`` depends on another field.
    """
    key = page.key(name)
    page.url_state.bind(name, key, lambda raw: raw if raw in options else None, default)
    if st.session_state.get(key) not in options:  # another field changed what there is to choose
        st.session_state[key] = default
    said = page.t(f"{page.id}.{name}")
    value: str | None
    if style == "list":
        value = st.selectbox(said, options, key=key, format_func=labels.__getitem__, filter_mode=None)
    else:
        widget = st.pills if style == "pills" else st.segmented_control
        value = widget(
            said,
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
        page.input_summary.append((said, re.sub(r"\*\*|\s+", " ", labels[chosen]).strip()))
    return chosen


def choices(
    page: Page, name: str, options: Sequence[str], labels: Mapping[str, str], *, default: Iterable[str] = ()
) -> list[str]:
    """Any number of ids, in the order of the options."""
    key, start = page.key(name), list(default)

    def read(raw: str) -> list[str] | None:
        found = [each for each in raw.split(",") if each]
        return found if all(each in options for each in found) else None

    page.url_state.bind(name, key, read, start)
    picked = st.pills(
        page.t(f"{page.id}.{name}"),
        options,
        key=key,
        format_func=labels.__getitem__,
        selection_mode="multi",
        width="stretch",
    )
    value = [each for each in options if each in picked]
    page.url_state.set(name, ",".join(value), ",".join(start))
    if value:
        said = page.t("word.and").join(labels[each] for each in value)
        page.input_summary.append((page.t(f"{page.id}.{name}"), said))
    return value


def switch(page: Page, name: str, *, toggle: bool = False, default: bool = False) -> bool:
    """Yes or no; ``default`` unless the link says otherwise."""
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
    """A Jalali day by three native lists; half a date is an error there, where ``past`` a coming day too."""
    t, key, now = page.t, page.key(name), today()

    def read(raw: str) -> dict[str, list[int | str]] | None:
        found = read_day(raw)
        return None if found is None else {"day": _date_parts(found)}

    blank: list[int | str] = [*_BLANK]
    page.url_state.bind(name, key, read, {"day": blank if optional else _date_parts(now)})
    year, month, number_of_day = _read_date_parts(st.session_state[key])
    whole = all((year, month, number_of_day))
    if whole:  # the browser is not trusted to know how long a month is
        with suppress(ValueError, IndexError):  # a month that there is not is said below
            number_of_day = min(int(number_of_day), days_in_month(int(year), int(month)))
    this_year = int(iso(now)[:4])
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
            "value": [year, month, number_of_day],
            "today": _date_parts(now),
            "years": years,
            "months": MONTHS[t.language],
            "leaps": [each for each in years if days_in_month(each, 12) == 30],  # noqa: PLR2004
            "digits": localise_digits("0123456789", "fa") if t.language == "fa" else "",
        },
        on_day_change=lambda: None,
    )
    if not whole:
        if any((year, month, number_of_day)):
            show_html(h.p(".kh-bad", role="alert")[t("field.half_a_date")])
        return None
    found = read_day(f"{int(year):04}-{int(month):02}-{int(number_of_day):02}")
    if found is None:
        show_html(h.p(".kh-bad", role="alert")[t("field.no_such_day")])
        return None
    page.url_state.set(name, iso(found))
    if past and found > now:
        show_html(h.p(".kh-bad", role="alert")[t("field.in_the_future")])
        return None
    page.input_summary.append((t(f"{page.id}.{name}"), format_jalali(found, t.language)))
    return found


def _read_date_parts(state: object) -> tuple[int | str, ...]:
    """Year, month and day of the lists' state, "" where none is chosen; blank for a forged state."""
    value = state.get("day") if isinstance(state, Mapping) else None
    if not isinstance(value, list | tuple) or len(value) != len(_BLANK):
        return _BLANK
    texts = [str(part)[:5] for part in value]
    return tuple(int(text) if re.fullmatch(r"[0-9]{1,4}", text) else "" for text in texts)


def _date_parts(when: dt.date) -> list[int | str]:
    return [int(part) for part in iso(when).split("-")]
