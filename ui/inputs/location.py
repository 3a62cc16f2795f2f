"""The location input: a city or province by name, the browser's position, or coordinates.

The last input wins and empties the other field. The URL stores the id of a city or province, or a point
rounded to three decimals (about a hundred metres).
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

import htpy as h
import streamlit as st
from pydantic import ValidationError

from logic.core.messages import LANGUAGES, Language
from logic.core.normalisation import comparison_key, normalise
from logic.dealers.nearest_dealers import NearestDealersRequest, Places, places
from ui.assets import read_asset
from ui.frame import faults
from ui.frame.page import Page, show_html
from ui.inputs.fields import MAX_FIELD_CHARS, InputState, validated
from ui.l10n.numbers import format_number
from ui.l10n.text import Text, text

MAX_SUGGESTIONS = 6
MIN_SIMILARITY = 0.6
"""How similar a misspelt name must be to a known one, from 0 to 1."""
MAX_LATITUDE = 90
MAX_LONGITUDE = 180
_POINT_PRECISION = Decimal("0.001")


@dataclass(frozen=True)
class Origin:
    """The point that distances are measured from: its request fields and its name on the page."""

    fields: Mapping[str, Any]
    name: str


# ---------------------------------------------------------------------------------------------- names
@dataclass(frozen=True)
class _Place:
    """A city or a province that can be searched for."""

    labels: Mapping[Language, str]
    names: Mapping[Language, str]
    """The label in the heading of an answer; for a province, it includes the capital."""
    population: int
    """For a province, the population of its capital."""


@dataclass(frozen=True, eq=False)
class _Index:
    """Every city and province, by id and by the comparison keys of its spellings."""

    places: Mapping[str, _Place]
    ids: Mapping[str, tuple[str, ...]]
    """Ids by comparison key, the largest place first."""


@lru_cache(maxsize=1)
def _index(tables: Places) -> _Index:
    """Build the search index of cities and provinces."""
    by_id: dict[str, _Place] = {}
    spellings: list[tuple[str, str]] = []
    texts: tuple[tuple[Language, Text], ...] = tuple((language, text(language)) for language in LANGUAGES)
    for province in tables.provinces.values():
        capital, name = tables.cities[province.capital], {"fa": province.name_fa, "en": province.name_en}
        capital_name = {"fa": capital.name_fa, "en": capital.name_en}
        labels = {lang: t("dealers.province_option", name=name[lang]) for lang, t in texts}
        names = {
            lang: t("dealers.capital_of", city=capital_name[lang], province=labels[lang]) for lang, t in texts
        }
        by_id[province.id] = _Place(labels, names, capital.population)
        spellings += ((spelling, province.id) for spelling in (province.id, *name.values(), *labels.values()))
    # A city replaces the province of the same id, its own: both are the same point.
    for city in tables.cities.values():
        province, name = tables.provinces[city.province], {"fa": city.name_fa, "en": city.name_en}
        province_name = {"fa": province.name_fa, "en": province.name_en}
        labels = {
            lang: name[lang]
            if name == province_name
            else t("dealers.city_option", name=name[lang], province=province_name[lang])
            for lang, t in texts
        }
        by_id[city.id] = _Place(labels, labels, city.population)
        other_names = filter(None, city.other_names.split(";"))
        spellings += (
            (spelling, city.id) for spelling in (city.id, *name.values(), *labels.values(), *other_names)
        )
    ids: dict[str, dict[str, None]] = {}
    for spelling, id_ in sorted(spellings, key=lambda pair: -by_id[pair[1]].population):
        ids.setdefault(comparison_key(spelling), {})[id_] = None
    return _Index(by_id, {key: tuple(matches) for key, matches in ids.items()})


class Match(NamedTuple):
    """The ids of places that a name may mean."""

    id: str | None
    others: list[str]
    """Places of the same name first, then by population."""
    guessed: bool
    """Whether no place contains the name: the others are only similar."""


def find_places(name: str) -> Match:
    """Return the city or province of that name, and others whose names begin with it.

    If there are none, the others contain it, else are similar. Spelling variants of letters and spaces are
    ignored (``comparison_key``).
    """
    index, key = _index(places()), comparison_key(name)
    exact = index.ids.get(key, ())
    containing = [candidate for candidate in index.ids if key in candidate] if key else []
    candidates = [candidate for candidate in containing if candidate.startswith(key)] or containing
    if not containing:
        candidates = difflib.get_close_matches(key, index.ids, n=MAX_SUGGESTIONS, cutoff=MIN_SIMILARITY)
    best = exact[0] if exact else None
    others = dict.fromkeys(id_ for candidate in candidates for id_ in index.ids[candidate] if id_ != best)
    largest_first = sorted(others, key=lambda id_: (id_ not in exact, -index.places[id_].population))
    return Match(best, largest_first, guessed=not containing)


def _largest_cities() -> list[str]:
    """Return the ids of all cities by population, the largest first."""
    by_id = _index(places()).places
    return sorted(places().cities, key=lambda id_: -by_id[id_].population)


# ---------------------------------------------------------------------------------------------- coordinates
_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?"
_POINT = re.compile(rf"\(? ?({_NUMBER})°? ?[Nn]?(?: ?[,،;؛/] ?| )({_NUMBER})°? ?[Ee]? ?\)?")
_DEGREES = (
    r"([0-9]{1,3})° ?(?:([0-9]{1,2}(?:\.[0-9]{1,9})?)' ?)?(?:([0-9]{1,2}(?:\.[0-9]{1,9})?)'' ?)?([NE])?"
)
_DEGREES_POINT = re.compile(rf"{_DEGREES}(?: ?[,،;؛/] ?| )?{_DEGREES}", re.IGNORECASE)
_LAT, _LON = r"(-?[0-9]{1,2}\.[0-9]{1,15})", r"(-?[0-9]{1,3}\.[0-9]{1,15})"
_MAP_URLS = (
    re.compile(rf"!3d{_LAT}!4d{_LON}"),
    re.compile(rf"[?&#](?:m?lat|latitude)={_LAT}&(?:m?lon|lng|longitude)={_LON}"),
    re.compile(rf"(?:^geo:|[@=/]){_LAT}[,/]{_LON}"),
)
"""Patterns of map URLs: their marker, their query parameters, and their centre."""
MAX_POINT_CHARS = 400
"""Enough for the URL of a map."""


def read_point(raw: str) -> tuple[float, float] | None:
    """Return latitude and longitude rounded to three decimals, or None if the text has no valid pair.

    The text is two numbers in any digits, degrees with minutes and seconds, a ``geo:`` URI or a map's URL.
    """
    if len(raw) > MAX_POINT_CHARS:
        return None
    normalised = normalise(raw).replace("٫", ".").replace('"', "''")
    pair = _map_url_pair(normalised) or _decimal_pair(normalised) or _degrees_pair(normalised)
    if pair is None:
        return None
    lat, lon = (float(number.quantize(_POINT_PRECISION)) for number in pair)
    return (lat, lon) if abs(lat) <= MAX_LATITUDE and abs(lon) <= MAX_LONGITUDE else None


def _decimal_pair(normalised: str) -> tuple[Decimal, Decimal] | None:
    """Return the coordinates of a text of two numbers."""
    match = _POINT.fullmatch(normalised)
    return (Decimal(match[1]), Decimal(match[2])) if match else None


def _degrees_pair(normalised: str) -> tuple[Decimal, Decimal] | None:
    """Return the coordinates of a text in degrees, minutes and seconds."""
    match = _DEGREES_POINT.fullmatch(normalised)
    if match is None:
        return None
    first, second = _degrees(*match.groups()[:3]), _degrees(*match.groups()[4:7])
    return (second, first) if (match[4] or "").upper() == "E" else (first, second)


def _degrees(degrees: str, minutes: str | None, seconds: str | None) -> Decimal:
    """Return decimal degrees."""
    return Decimal(degrees) + (Decimal(minutes or 0) + Decimal(seconds or 0) / 60) / 60


def _map_url_pair(normalised: str) -> tuple[Decimal, Decimal] | None:
    """Return the coordinates in a ``geo:`` URI or a map's URL."""
    if not normalised.startswith("geo:") and "://" not in normalised:
        return None
    url = unquote(normalised)
    matches = (pattern.search(url) for pattern in _MAP_URLS)
    match = next(filter(None, matches), None)
    return (Decimal(match[1]), Decimal(match[2])) if match else None


def format_point(lat: float, lon: float, t: Text) -> str:
    """Write a point in the digits of the language: «۳۵٫۷۰۰، ۵۱٫۳۳۸», "35.700, 51.338"."""
    return t("word.and").join(
        format_number(Decimal(str(degrees)).quantize(_POINT_PRECISION), t.language) for degrees in (lat, lon)
    )


# ---------------------------------------------------------------------------------------------- inputs
def location_input(page: Page) -> Origin | InputState:
    """Show the location inputs and return the chosen origin; all are shown at once, because each can fail."""
    _load_from_url(page)
    city = _city_input(page)
    _geolocation_button(page)
    point = _point_input(page)
    if isinstance(point, Origin) or point is InputState.INVALID:
        return point
    return city


def _load_from_url(page: Page) -> None:
    """Read the point from the URL; it is invalid if a coordinate is missing or there is a city as well."""
    params = page.url_state.params

    def reader(other: str) -> Callable[[str], str | None]:
        return lambda raw: raw if other in params and "city" not in params and _is_number(raw) else None

    for name, other in (("lat", "lon"), ("lon", "lat")):
        page.url_state.bind(name, page.key(name), reader(other), "")
    lat, lon = (st.session_state[page.key(name)] for name in ("lat", "lon"))
    if page.url_state.entering or page.key("point") not in st.session_state:
        point = read_point(f"{lat} {lon}")
        st.session_state[page.key("point")] = format_point(*point, page.t) if point else ""
        _clear(page)


def _is_number(raw: str) -> bool:
    return re.fullmatch(_NUMBER, raw) is not None


def _clear(page: Page, *fields: str) -> None:
    """Empty these fields and the messages about the browser's position."""
    for name in fields:
        st.session_state[page.key(name)] = ""
    st.session_state[page.key("refused")] = ""
    st.session_state[page.key("located")] = ""


def _city_input(page: Page) -> Origin | InputState:
    """Show the search field for a city or province, with suggestions."""
    t, key, by_id = page.t, page.key("city"), _index(places()).places

    def read(raw: str) -> str | None:
        id_ = raw if raw in by_id else find_places(raw[:MAX_FIELD_CHARS]).id
        return by_id[id_].labels[t.language] if id_ else None

    page.url_state.bind("city", key, read, "")
    with st.container(key=f"{key}-field", gap="xxsmall"):
        name = st.text_input(
            t("dealers.city"),
            key=key,
            type="search",
            live=True,
            autocomplete="off",
            icon=":material/search:",
            max_chars=MAX_FIELD_CHARS,
            placeholder=t("dealers.search"),
            on_change=faults.callback(_clear),
            args=(page, "point"),
        )
        match = find_places(name or "")
        if match.id and name == by_id[match.id].labels[t.language]:
            match = match._replace(
                others=[]
            )  # chosen from the suggestions: not the beginning of a longer name
        _show_suggestions(page, (name or "").strip(), match)
    if match.id is None:
        return InputState.INVALID if (name or "").strip() and match.guessed else InputState.EMPTY
    page.url_state.set("city", match.id)
    return Origin({"city": match.id}, by_id[match.id].names[t.language])


def _show_suggestions(page: Page, name: str, match: Match) -> None:
    """Show below the field what is wrong with the name, and suggestions; large cities if it is empty."""
    t, key, by_id = page.t, page.key("city"), _index(places()).places
    unknown = bool(name) and match.id is None and match.guessed
    notes = [t("dealers.unknown_city")] if unknown else []
    notes += [t("dealers.did_you_mean")] if name and match.others else []
    css_class, role = ("kh-error", "alert") if unknown else ("kh-field-note", "status")
    show_html(h.p(id=f"{key}-note", class_=css_class, role=role)[" ".join(notes)])
    page.attributes[key] = {
        "dir": "auto",
        "enterkeyhint": "search",
        "aria-describedby": f"{key}-note",
        "aria-invalid": "true" if unknown else None,
    }
    suggestions = match.others
    if not name and not st.session_state[page.key("point")]:
        suggestions = _largest_cities()

    @faults.callback
    def choose(label: str) -> None:
        _clear(page, "point")
        st.session_state[key] = label

    if suggestions:
        with st.container(horizontal=True, gap="xsmall", key=page.key("suggestions")):
            for index, id_ in enumerate(suggestions[:MAX_SUGGESTIONS]):
                label = by_id[id_].labels[t.language]
                st.button(label, key=page.key(f"suggestion-{index}"), on_click=choose, args=(label,))


def _point_input(page: Page) -> Origin | InputState:
    """Show the field for coordinates, opened if they were typed."""
    t, key = page.t, page.key("point")
    raw = st.session_state[key]
    from_browser = raw and raw == st.session_state[page.key("located")]
    with st.expander(
        t("dealers.coordinates"), expanded=bool(raw) and not from_browser, key=page.key("by-point")
    ):
        st.text_input(
            t("dealers.point"),
            key=key,
            live=True,
            autocomplete="off",
            icon=":material/location_on:",
            max_chars=MAX_POINT_CHARS,
            placeholder=t("dealers.point_example"),
            on_change=faults.callback(_clear),
            args=(page, "city"),
        )
        page.attributes[key] = {"dir": "ltr", "enterkeyhint": "done"}
        if not raw.strip():
            return InputState.EMPTY
        point = read_point(raw)
        if point is None:
            show_html(h.p(".kh-error", role="alert")[t("dealers.point_bad")])
            return InputState.INVALID
        if validated(page, lambda: NearestDealersRequest(lat=point[0], lon=point[1])) is InputState.INVALID:
            return InputState.INVALID
    for name, degrees in zip(("lat", "lon"), point, strict=True):
        page.url_state.set(name, f"{degrees:.3f}")
    label = t("dealers.here") if from_browser else format_point(*point, t)
    return Origin({"lat": point[0], "lon": point[1]}, label)


# ---------------------------------------------------------------------------------------------- geolocation
GEOLOCATION_TIMEOUT_MS = 15_000
REFUSALS = ("denied", "unavailable", "timeout", "unsupported", "outside")
_geolocation_component = st.components.v2.component(
    "khodroyar_locate",
    html=read_asset("inputs/locate.html"),
    js=read_asset("inputs/locate.js"),
    isolate_styles=False,
)


def _geolocation_button(page: Page) -> None:
    """Show the button that requests the browser's position, and below it why it was refused."""
    t, key = page.t, page.key("here")

    @faults.callback
    def on_position() -> None:
        _take_position(page, st.session_state.get(key, {}).get("position"))

    data = {
        "label": t("dealers.my_place"),
        "locating": t("dealers.locating"),
        "timeout_ms": GEOLOCATION_TIMEOUT_MS,
    }
    _geolocation_component(key=key, data=data, on_position_change=on_position)
    refused = st.session_state[page.key("refused")]
    if refused:
        show_html(h.p(".kh-error", role="alert")[t(f"dealers.{refused}")])


def _take_position(page: Page, position: object) -> None:
    """Store the position that the browser sent, or why it was refused; ``position`` may be any JSON value."""
    _clear(page)
    coordinates = position if isinstance(position, Mapping) else {}
    point = read_point(f"{coordinates.get('lat')} {coordinates.get('lon')}")
    refused = coordinates.get("refused", "")
    if point is None:
        st.session_state[page.key("refused")] = refused if refused in REFUSALS else "unavailable"
        return
    try:
        NearestDealersRequest(lat=point[0], lon=point[1])
    except ValidationError:
        st.session_state[page.key("refused")] = "outside"
        return
    point_text = format_point(*point, page.t)
    _clear(page, "city")
    st.session_state[page.key("point")] = st.session_state[page.key("located")] = point_text
