"""The inputs of a page in its URL: read as stable ids, written as stable ids, invalid values reported.

Streamlit's own binding matches translated labels, and ``st.query_params[…] =`` adds an entry to the browser's
history at every change. Here, fields read the URL when a page is opened, and ``browser.js`` writes it.
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
"""Version of the page and parameter names. Permalinks carry it; a URL without it may be of any version."""
NO_PAGE = "no_page"
"""Set by the HTML shell if the URL names a page that does not exist."""
MAX_RECENT_QUERIES = 40
"""How many URLs a visit remembers to have written; as many changes may be in flight at once."""
_DIGEST_BYTES = 16
_HISTORY = "_history"


def language_parameter(language: str) -> dict[str, str]:
    """Return the URL parameter of a language; none for Persian."""
    return {} if language == "fa" else {LANGUAGE: language}


def to_current_names(page: str, params: dict[str, str]) -> tuple[str, dict[str, str], str | None]:
    """Return page and parameters by their current names, and the version parameter if it is invalid."""
    table, old_params = renames("links"), dict(params)
    version = old_params.pop(VERSION, None)
    valid = (
        version is not None
        and version.isascii()
        and version.isdecimal()
        and 1 <= int(version[:3]) <= table.version
    )
    page, current = table.to_current(page, old_params, int(version[:3]) if version and valid else None)
    return page, {name: str(value) for name, value in current.items()}, None if valid else version


def _digest(params: Mapping[str, str]) -> str:
    """Return a short digest of URL parameters, independent of their order; a visit stores many."""
    query = urlencode(sorted(params.items()))  # members of an enumeration as their text, as in the URL
    return hashlib.blake2b(query.encode(), digest_size=_DIGEST_BYTES).hexdigest()


@dataclass
class PageHistory:
    """The URLs and field values that a session remembers."""

    page: str = ""
    initial_query: str = ""
    """Digest of the query by which the page was opened."""
    recent_queries: deque[str] = field(default_factory=lambda: deque(maxlen=MAX_RECENT_QUERIES))
    """Digests of the queries that the page has written since then."""
    current_values: dict[str, dict[str, str]] = field(default_factory=dict)
    """By page, the values in its last URL."""
    draft_values: dict[str, dict[str, str]] = field(default_factory=dict)
    """By page, the last values of its fields, including fields that another choice has hidden."""


def reload_from_url() -> None:
    """Make the fields of the page take their values from the URL at the next run."""
    if _HISTORY in st.session_state:
        st.session_state[_HISTORY].page = ""


@dataclass
class UrlState:
    """The URL of one run of one page."""

    page: str
    language: str
    params: dict[str, str]
    entering: bool
    """Whether the page is opened, or reopened by another URL: fields take their values from ``params``."""
    page_changed: bool = False
    """Whether the visit came from another page."""
    prefill: Mapping[str, str] = field(default_factory=dict)
    """Values of the profile for the page's fields; values in the URL take precedence."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Names and values of invalid parameters."""
    prefilled_fields: list[str] = field(default_factory=list)
    """Fields that have the profile's value."""
    _history: PageHistory = field(default_factory=PageHistory)
    _bound_params: set[str] = field(default_factory=set)
    _values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, page: str, language: str) -> "UrlState":
        """Read the URL that the browser shows."""
        history: PageHistory = st.session_state.setdefault(_HISTORY, PageHistory())
        url_params = {
            without_ignored(name): without_ignored(value).strip()
            for name, value in st.query_params.to_dict().items()
            if not name.startswith("embed")
        }
        url_params.pop(LANGUAGE, None)
        _, url_params, invalid_version = to_current_names(page, url_params)
        digest = _digest(url_params)
        previous_page, opened = history.page, history.page != page
        entering = opened or (digest != history.initial_query and digest not in history.recent_queries)
        if opened:
            history.page = page
            history.recent_queries.clear()
        if entering:
            history.initial_query = digest
            if url_params:
                history.draft_values.pop(page, None)
        params = url_params or history.current_values.get(page, {}) if opened else url_params
        prefill = prefill_values(page, history.current_values.get(CAR_PAGE, {}))
        page_changed = opened and previous_page != ""
        state = cls(page, language, params, entering, page_changed, prefill, _history=history)
        if invalid_version is not None and entering:
            state.problems.append((VERSION, invalid_version))
        return state

    def bind(self, name: str, key: str, read: Callable[[str], T | None], default: T) -> None:
        """Set the widget ``key`` to the value in the URL when the page is opened.

        ``read`` converts the text in the URL to a value, or returns None if it is invalid. Without a value in
        the URL, the widget gets its last value, else the profile's, else ``default``.
        """
        self._bound_params.add(name)
        if not self.entering and key in st.session_state:
            return
        value = default
        if name in self.params:
            parsed = read(self.params[name])
            if parsed is None:
                self.problems.append((name, self.params[name]))
            else:
                value = parsed
        else:
            fallbacks = {**self.prefill, **self._history.draft_values.get(self.page, {})}
            parsed = read(fallbacks[name]) if name in fallbacks else None
            value = default if parsed is None else parsed
        st.session_state[key] = value

    def set(self, name: str, value: str, default: str = "") -> None:
        """Write a field's value to the URL, unless it is the value that a URL without it means."""
        if value and value == self.prefill.get(name):
            self.prefilled_fields.append(name)
        if value != default or name in self.prefill:
            self._values[name] = value

    def keep_unread_params(self) -> None:
        """Keep the parameters in the URL that no field has read, because the page failed before."""
        self._values |= {name: value for name, value in self.params.items() if name not in self._bound_params}
        self._bound_params.update(self.params)

    def clear(self) -> None:
        """Delete the values of this page's fields from the session and the URL."""
        self._history.current_values.pop(self.page, None)
        self._history.draft_values.pop(self.page, None)
        self._history.page = ""
        st.query_params.clear()

    @property
    def unknown_params(self) -> list[str]:
        """Parameters of the URL that no field of the page has read."""
        return [name for name in self.params if name not in self._bound_params] if self.entering else []

    def query(self) -> str:
        """Return the query of the URL and record it in the session."""
        self._history.current_values[self.page] = dict(self._values)
        drafts = self._history.draft_values.get(self.page, {})
        hidden = {name: value for name, value in drafts.items() if name not in self._bound_params}
        self._history.draft_values[self.page] = {**hidden, **self._values}
        self._history.recent_queries.append(_digest(self._values))
        return self._encoded(self.language)

    def query_in_language(self, language: str) -> str:
        """Return the query of the same answer in another language, with its question mark."""
        return "?" + self._encoded(language)

    def permalink_query(self) -> str:
        """Return the query of a permalink, with its question mark and the version of its names."""
        query = self._encoded(self.language)
        return f"?{query}{'&' if query else ''}{VERSION}={renames('links').version}"

    def _encoded(self, language: str) -> str:
        return urlencode({**self._values, **language_parameter(language)}, quote_via=quote, safe=",:")
