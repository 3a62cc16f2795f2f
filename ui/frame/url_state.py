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
from ui.frame.prefill import CAR_PAGE, given

T = TypeVar("T")
LANGUAGE = "lang"
VERSION = "v"
"""The version of a link's names. A link that is handed over says it; another may be of any age."""
NO_PAGE = "no_page"
"""Set by the shell when an address names a page that there is not."""
MAX_WRITTEN = 40
"""Links that a visit remembers to have written: as many presses may be on their way."""
_DIGEST_BYTES = 16


def language_parameter(language: str) -> dict[str, str]:
    """What a link carries for its language: nothing for Persian."""
    return {} if language == "fa" else {LANGUAGE: language}


def of_today(page: str, shown: dict[str, str]) -> tuple[str, dict[str, str], str | None]:
    """The page and the parameters of a link by today's names, and its version where that cannot be used."""
    table, named = renames("links"), dict(shown)
    said = named.pop(VERSION, None)
    known = said is not None and said.isascii() and said.isdecimal() and 1 <= int(said[:3]) <= table.version
    page, parts = table.today(page, named, int(said[:3]) if said and known else None)
    return page, {name: str(value) for name, value in parts.items()}, None if known else said


def _digest(parameters: Mapping[str, str]) -> str:
    """Return a short string for the parameters of a link, in any order: a visit remembers many links."""
    query = urlencode(sorted(parameters.items()))  # members of an enumeration as their text, as in the link
    return hashlib.blake2b(query.encode(), digest_size=_DIGEST_BYTES).hexdigest()


@dataclass
class _Visit:
    """What a session knows of its links."""

    page: str = ""
    entered: str = ""
    """The digest of the link by which the page was opened."""
    written: deque[str] = field(default_factory=lambda: deque(maxlen=MAX_WRITTEN))
    """The digests of the links that the page wrote since."""
    held: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the link of each page last held."""
    kept: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the fields of each page last held, also those that another choice has taken away."""


def enter_anew() -> None:
    """Let the fields of the page take their values from the link at the next run."""
    if "_visit" in st.session_state:
        st.session_state["_visit"].page = ""


@dataclass
class Link:
    """The link of one run of one page."""

    page: str
    language: str
    raw: dict[str, str]
    entering: bool
    """The page is opened, or opened anew by another link: fields take their values from ``raw``."""
    moved: bool = False
    """The visit has left another page for this one."""
    given: Mapping[str, str] = field(default_factory=dict)
    """What the profile says of the page's fields; the link goes before it."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Parameters that could not be used: name and value."""
    filled: list[str] = field(default_factory=list)
    """Fields whose value is the profile's."""
    _visit: _Visit = field(default_factory=_Visit)
    _known: set[str] = field(default_factory=set)
    _held: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls, page: str, language: str) -> "Link":
        """The link as the browser shows it now."""
        visit: _Visit = st.session_state.setdefault("_visit", _Visit())
        shown = {
            without_ignored(name): without_ignored(value).strip()
            for name, value in st.query_params.to_dict().items()
            if not name.startswith("embed")
        }
        shown.pop(LANGUAGE, None)
        _, shown, version = of_today(page, shown)
        moved, left = visit.page != page, visit.page
        digest = _digest(shown)
        entering = moved or (digest != visit.entered and digest not in visit.written)
        if moved:
            visit.page = page
            visit.written.clear()
        if entering:
            visit.entered = digest
            if shown:
                visit.kept.pop(page, None)
        raw = shown or visit.held.get(page, {}) if moved else shown
        profile = given(page, visit.held.get(CAR_PAGE, {}))
        link = cls(page, language, raw, entering, moved and left != "", profile, _visit=visit)
        if version is not None and entering:
            link.problems.append((VERSION, version))
        return link

    def take(self, name: str, key: str, read: Callable[[str], T | None], default: T) -> None:
        """Give the widget ``key`` the link's value when the page is entered.

        ``read`` turns the link's text into a value; None means that it cannot be used.
        """
        self._known.add(name)
        if not self.entering and key in st.session_state:
            return
        value = default
        if name in self.raw:
            found = read(self.raw[name])
            if found is None:
                self.problems.append((name, self.raw[name]))
            else:
                value = found
        else:
            before = {**self.given, **self._visit.kept.get(self.page, {})}
            found = read(before[name]) if name in before else None
            value = default if found is None else found
        st.session_state[key] = value

    def hold(self, name: str, value: str, default: str = "") -> None:
        """Keep a field's value in the link; a value that a bare link brings too is left out."""
        if value and value == self.given.get(name):
            self.filled.append(name)
        if value != default or name in self.given:
            self._held[name] = value

    def keep_unread(self) -> None:
        """Keep in the link what no field has taken: the page failed before it came to them."""
        self._held |= {name: value for name, value in self.raw.items() if name not in self._known}
        self._known.update(self.raw)

    def forget(self) -> None:
        """Forget what the visit knows of this page's fields."""
        self._visit.held.pop(self.page, None)
        self._visit.kept.pop(self.page, None)
        self._visit.page = ""
        st.query_params.clear()

    @property
    def unknown(self) -> list[str]:
        """Parameters that no field of the page asked for."""
        return [name for name in self.raw if name not in self._known] if self.entering else []

    def query(self) -> str:
        """The link's query, and the session's note that it was written."""
        self._visit.held[self.page] = dict(self._held)
        kept = self._visit.kept.get(self.page, {})
        gone = {name: value for name, value in kept.items() if name not in self._known}
        self._visit.kept[self.page] = {**gone, **self._held}
        self._visit.written.append(_digest(self._held))
        return self._encoded(self.language)

    def in_language(self, language: str) -> str:
        """The address of the same answer in another language, relative to the page."""
        return "?" + self._encoded(language)

    def to_keep(self) -> str:
        """The query as it is handed over: with the version of its names, to be read right for ever."""
        query = self._encoded(self.language)
        return f"?{query}{'&' if query else ''}{VERSION}={renames('links').version}"

    def _encoded(self, language: str) -> str:
        return urlencode({**self._held, **language_parameter(language)}, quote_via=quote, safe=",:")
