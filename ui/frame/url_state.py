"""The link holds the inputs: stable ids in, stable ids out, and what cannot be read is said.

Streamlit's own binding matches translated labels, and ``st.query_params[…] =`` adds to the browser's
history on every change. So fields read the link when a page is entered, and the browser part writes it.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote, urlencode

import streamlit as st

from logic.core.normalisation import without_ignored
from logic.datasets.renames import renames
from ui.frame.prefill import CAR_PAGE, prefill_values

T = TypeVar("T")
LANGUAGE = "lang"
VERSION = "v"
"""The version of a link's names. A link that is handed over says it; another may be of any age."""
NO_PAGE = "no_page"
"""Set by the shell when an address names a page that there is not."""
MAX_RECENT_QUERIES = 40
"""Links that a visit remembers to have written: as many presses may be on their way."""
_DIGEST_BYTES = 16


def language_parameter(language: str) -> dict[str, str]:
    """What a link carries for its language: nothing for Persian."""
    return {} if language == "fa" else {LANGUAGE: language}


def to_current_names(page: str, shown: dict[str, str]) -> tuple[str, dict[str, str], str | None]:
    """The page and the parameters of a link by today's names, and its version where that cannot be used."""
    table, named = renames("links"), dict(shown)
    said = named.pop(VERSION, None)
    known = said is not None and said.isascii() and said.isdecimal() and 1 <= int(said[:3]) <= table.version
    page, parts = table.to_current(page, named, int(said[:3]) if said and known else None)
    return page, {name: str(value) for name, value in parts.items()}, None if known else said


def _digest(parameters: Mapping[str, str]) -> str:
    """Return a short string for the parameters of a link, in any order: a visit remembers many links."""
    query = urlencode(sorted(parameters.items()))  # members of an enumeration as their text, as in the link
    return hashlib.blake2b(query.encode(), digest_size=_DIGEST_BYTES).hexdigest()


@dataclass
class PageHistory:
    """What a session knows of its links."""

    page: str = ""
    initial_query: str = ""
    """The digest of the link by which the page was opened."""
    recent_queries: deque[str] = field(default_factory=lambda: deque(maxlen=MAX_RECENT_QUERIES))
    """The digests of the links that the page wrote since."""
    current_values: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the link of each page last held."""
    draft_values: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the fields of each page last held, also those that another choice has taken away."""


def reload_from_url() -> None:
    """Let the fields of the page take their values from the link at the next run."""
    if "_visit" in st.session_state:
        st.session_state["_visit"].page = ""


@dataclass
class UrlState:
    """The link of one run of one page."""

    page: str
    language: str
    params: dict[str, str]
    entering: bool
    """The page is opened, or opened anew by another link: fields take their values from ``raw``."""
    page_changed: bool = False
    """The visit has left another page for this one."""
    prefill: Mapping[str, str] = field(default_factory=dict)
    """What the profile says of the page's fields; the link goes before it."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Parameters that could not be used: name and value."""
    prefilled_fields: list[str] = field(default_factory=list)
    """Fields whose value is the profile's."""
    _history: PageHistory = field(default_factory=PageHistory)
    _bound_params: set[str] = field(default_factory=set)
    _values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, page: str, language: str) -> "UrlState":
        """The link as the browser shows it now."""
        visit: PageHistory = st.session_state.setdefault("_visit", PageHistory())
        shown = {
            without_ignored(name): without_ignored(value).strip()
            for name, value in st.query_params.to_dict().items()
            if not name.startswith("embed")
        }
        shown.pop(LANGUAGE, None)
        _, shown, version = to_current_names(page, shown)
        moved, left = visit.page != page, visit.page
        digest = _digest(shown)
        entering = moved or (digest != visit.initial_query and digest not in visit.recent_queries)
        if moved:
            visit.page = page
            visit.recent_queries.clear()
        if entering:
            visit.initial_query = digest
            if shown:
                visit.draft_values.pop(page, None)
        raw = shown or visit.current_values.get(page, {}) if moved else shown
        profile = prefill_values(page, visit.current_values.get(CAR_PAGE, {}))
        link = cls(page, language, raw, entering, moved and left != "", profile, _history=visit)
        if version is not None and entering:
            link.problems.append((VERSION, version))
        return link

    def bind(self, name: str, key: str, read: Callable[[str], T | None], default: T) -> None:
        """Give the widget ``key`` the link's value when the page is entered.

        ``read`` turns the link's text into a value; None means that it cannot be used.
        """
        self._bound_params.add(name)
        if not self.entering and key in st.session_state:
            return
        value = default
        if name in self.params:
            found = read(self.params[name])
            if found is None:
                self.problems.append((name, self.params[name]))
            else:
                value = found
        else:
            before = {**self.prefill, **self._history.draft_values.get(self.page, {})}
            found = read(before[name]) if name in before else None
            value = default if found is None else found
        st.session_state[key] = value

    def set(self, name: str, value: str, default: str = "") -> None:
        """Keep a field's value in the link; a value that a bare link brings too is left out."""
        if value and value == self.prefill.get(name):
            self.prefilled_fields.append(name)
        if value != default or name in self.prefill:
            self._values[name] = value

    def keep_unread_params(self) -> None:
        """Keep in the link what no field has taken: the page failed before it came to them."""
        self._values |= {name: value for name, value in self.params.items() if name not in self._bound_params}
        self._bound_params.update(self.params)

    def clear(self) -> None:
        """Forget what the visit knows of this page's fields."""
        self._history.current_values.pop(self.page, None)
        self._history.draft_values.pop(self.page, None)
        self._history.page = ""
        st.query_params.clear()

    @property
    def unknown_params(self) -> list[str]:
        """Parameters that no field of the page asked for."""
        return [name for name in self.params if name not in self._bound_params] if self.entering else []

    def query(self) -> str:
        """The link's query, and the session's note that it was written."""
        self._history.current_values[self.page] = dict(self._values)
        kept = self._history.draft_values.get(self.page, {})
        gone = {name: value for name, value in kept.items() if name not in self._bound_params}
        self._history.draft_values[self.page] = {**gone, **self._values}
        self._history.recent_queries.append(_digest(self._values))
        return self._encoded(self.language)

    def query_in_language(self, language: str) -> str:
        """The address of the same answer in another language, relative to the page."""
        return "?" + self._encoded(language)

    def permalink_query(self) -> str:
        """The query as it is handed over: with the version of its names, to be read right for ever."""
        query = self._encoded(self.language)
        return f"?{query}{'&' if query else ''}{VERSION}={renames('links').version}"

    def _encoded(self, language: str) -> str:
        return urlencode({**self._values, **language_parameter(language)}, quote_via=quote, safe=",:")
