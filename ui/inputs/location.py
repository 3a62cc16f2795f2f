"""Where from: a city or province by name, the browser's own position, or typed coordinates.

What was chosen last counts; it empties the other field. The link holds a city's or province's id, or a
point to three decimals (about a hundred metres).
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

SUGGESTIONS = 6
MIN_SIMILARITY = 0.6
"""How like a known name a misspelt one has to be, from 0 to 1."""
POLE = 90
_PLACES = Decimal("0.001")


@dataclass(frozen=True)
class Origin:
    """What distances are measured from: the request's fields for it, and what people call it."""

    fields: Mapping[str, Any]
    name: str


# ---------------------------------------------------------------------------------------------- names
@dataclass(frozen=True)
class _Place:
    """A city or a province that can be searched for."""

    labels: Mapping[Language, str]
    names: Mapping[Language, str]
    """The same in the answer's heading: for a province, its capital is named too."""
    weight: int
    """People; a province has its capital's."""


@dataclass(frozen=True, eq=False)
class _Index:
    """Every city and province, by id and by the keys of all its spellings."""

    places: Mapping[str, _Place]
    ids: Mapping[str, tuple[str, ...]]
    """By key, the largest first."""


@lru_cache(maxsize=1)
def _index(known: Places) -> _Index:
    spots: dict[str, _Place] = {}
    spelt: list[tuple[str, str]] = []
    tables: tuple[tuple[Language, Text], ...] = tuple((each, text(each)) for each in LANGUAGES)
    for row in known.provinces.values():
        capital, name = known.cities[row.capital], {"fa": row.name_fa, "en": row.name_en}
        seat = {"fa": capital.name_fa, "en": capital.name_en}
        labels = {lang: t("dealers.province_option", name=name[lang]) for lang, t in tables}
        called = {lang: t("dealers.capital_of", city=seat[lang], province=labels[lang]) for lang, t in tables}
        spots[row.id] = _Place(labels, called, capital.population)
        spelt += ((each, row.id) for each in (row.id, *name.values(), *labels.values()))
    # A province whose id is its capital's gives way to it: both are the same point.
    for city in known.cities.values():
        province, name = known.provinces[city.province], {"fa": city.name_fa, "en": city.name_en}
        of = {"fa": province.name_fa, "en": province.name_en}
        labels = {
            lang: name[lang] if name == of else t("dealers.city_option", name=name[lang], province=of[lang])
            for lang, t in tables
        }
        spots[city.id] = _Place(labels, labels, city.population)
        others = filter(None, city.other_names.split(";"))
        spelt += ((each, city.id) for each in (city.id, *name.values(), *labels.values(), *others))
    ids: dict[str, dict[str, None]] = {}
    for name_, id_ in sorted(spelt, key=lambda each: -spots[each[1]].weight):
        ids.setdefault(comparison_key(name_), {})[id_] = None
    return _Index(spots, {key: tuple(found) for key, found in ids.items()})


class Match(NamedTuple):
    """What a typed name may mean, as ids."""

    match: str | None
    others: list[str]
    """Namesakes first, then the largest."""
    guessed: bool
    """The name is in no other; the others are only like it."""


def find_places(typed: str) -> Match:
    """The city or province of that name, and others: those that begin so, else contain it, else are alike.

    Letters and spaces that people write differently do not count (``comparison_key``).
    """
    index, key = _index(places()), comparison_key(typed)
    exact = index.ids.get(key, ())
    inside = [name for name in index.ids if key in name] if key else []
    near = [name for name in inside if name.startswith(key)] or inside
    if not inside:
        near = difflib.get_close_matches(key, index.ids, n=SUGGESTIONS, cutoff=MIN_SIMILARITY)
    meant = exact[0] if exact else None
    others = dict.fromkeys(id_ for name in near for id_ in index.ids[name] if id_ != meant)
    largest_first = sorted(others, key=lambda id_: (id_ not in exact, -index.places[id_].weight))
    return Match(meant, largest_first, guessed=not inside)


def _largest() -> list[str]:
    spots = _index(places()).places
    return sorted(places().cities, key=lambda id_: -spots[id_].weight)


# ---------------------------------------------------------------------------------------------- coordinates
_NUMBER = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?"
_POINT = re.compile(rf"\(? ?({_NUMBER})°? ?[Nn]?(?: ?[,،;؛/] ?| )({_NUMBER})°? ?[Ee]? ?\)?")
_DEGREES = (
    r"([0-9]{1,3})° ?(?:([0-9]{1,2}(?:\.[0-9]{1,9})?)' ?)?(?:([0-9]{1,2}(?:\.[0-9]{1,9})?)'' ?)?([NE])?"
)
_DEGREES_POINT = re.compile(rf"{_DEGREES}(?: ?[,،;؛/] ?| )?{_DEGREES}", re.IGNORECASE)
_LAT, _LON = r"(-?[0-9]{1,2}\.[0-9]{1,15})", r"(-?[0-9]{1,3}\.[0-9]{1,15})"
_LINKS = (
    re.compile(rf"!3d{_LAT}!4d{_LON}"),
    re.compile(rf"[?&#](?:m?lat|latitude)={_LAT}&(?:m?lon|lng|longitude)={_LON}"),
    re.compile(rf"(?:^geo:|[@=/]){_LAT}[,/]{_LON}"),
)
"""A pin of a map's link, the parameters of one, and its centre."""
MAX_POINT_CHARS = 400
"""A link from a map."""


def read_point(typed: str) -> tuple[float, float] | None:
    """Return latitude and longitude to three decimals; None where the text has no such two.

    Two numbers in any digits, degrees with minutes and seconds, a ``geo:`` address or a link of a map.
    """
    if len(typed) > MAX_POINT_CHARS:
        return None
    plain = normalise(typed).replace("٫", ".").replace('"', "''")
    pair = _link_pair(plain) or _decimal_pair(plain) or _degrees_pair(plain)
    if pair is None:
        return None
    lat, lon = (float(each.quantize(_PLACES)) for each in pair)
    return (lat, lon) if abs(lat) <= POLE and abs(lon) <= 2 * POLE else None


def _decimal_pair(plain: str) -> tuple[Decimal, Decimal] | None:
    match = _POINT.fullmatch(plain)
    return (Decimal(match[1]), Decimal(match[2])) if match else None


def _degrees_pair(plain: str) -> tuple[Decimal, Decimal] | None:
    match = _DEGREES_POINT.fullmatch(plain)
    if match is None:
        return None
    first, second = _degrees(*match.groups()[:3]), _degrees(*match.groups()[4:7])
    return (second, first) if (match[4] or "").upper() == "E" else (first, second)


def _degrees(degrees: str, minutes: str | None, seconds: str | None) -> Decimal:
    return Decimal(degrees) + (Decimal(minutes or 0) + Decimal(seconds or 0) / 60) / 60


def _link_pair(plain: str) -> tuple[Decimal, Decimal] | None:
    if not plain.startswith("geo:") and "://" not in plain:
        return None
    address = unquote(plain)
    matches = (pattern.search(address) for pattern in _LINKS)
    match = next(filter(None, matches), None)
    return (Decimal(match[1]), Decimal(match[2])) if match else None


def format_point(lat: float, lon: float, t: Text) -> str:
    """The point in the digits of the language: «۳۵٫۷۰۰، ۵۱٫۳۳۸», "35.700, 51.338"."""
    return t("word.and").join(
        format_number(Decimal(str(each)).quantize(_PLACES), t.language) for each in (lat, lon)
    )


# ---------------------------------------------------------------------------------------------- inputs
def location_input(page: Page) -> Origin | InputState:
    """Ask for the place; every way of naming it stands at once, because each can fail."""
    _load_from_url(page)
    city = _city(page)
    _geolocation_button(page)
    point = _point(page)
    if isinstance(point, Origin) or point is InputState.INVALID:
        return point
    return city


def _load_from_url(page: Page) -> None:
    """Take the point out of the link: both numbers or none, and none beside a city."""
    raw = page.url_state.params

    def reader(other: str) -> Callable[[str], str | None]:
        return lambda text_: text_ if other in raw and "city" not in raw and _is_number(text_) else None

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
    """Empty these fields, and what was said about the browser's position."""
    for name in fields:
        st.session_state[page.key(name)] = ""
    st.session_state[page.key("refused")] = ""
    st.session_state[page.key("located")] = ""


def _city(page: Page) -> Origin | InputState:
    t, key, spots = page.t, page.key("city"), _index(places()).places

    def read(raw: str) -> str | None:
        id_ = raw if raw in spots else find_places(raw[:MAX_FIELD_CHARS]).match
        return spots[id_].labels[t.language] if id_ else None

    page.url_state.bind("city", key, read, "")
    with st.container(key=f"{key}-field", gap="xxsmall"):
        typed = st.text_input(
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
        found = find_places(typed or "")
        if found.match and typed == spots[found.match].labels[t.language]:
            found = found._replace(others=[])  # chosen, not on the way to a longer name
        _suggest(page, (typed or "").strip(), found)
    if found.match is None:
        return InputState.INVALID if (typed or "").strip() and found.guessed else InputState.EMPTY
    page.url_state.set("city", found.match)
    return Origin({"city": found.match}, spots[found.match].names[t.language])


def _suggest(page: Page, typed: str, found: Match) -> None:
    """Below the field: what is wrong with the name, and names to tap; before any is typed, large cities."""
    t, key, spots = page.t, page.key("city"), _index(places()).places
    unknown = bool(typed) and found.match is None and found.guessed
    said = [t("dealers.unknown_city")] if unknown else []
    said += [t("dealers.did_you_mean")] if typed and found.others else []
    look, role = ("kh-bad", "alert") if unknown else ("kh-echo", "status")
    show_html(h.p(id=f"{key}-note", class_=look, role=role)[" ".join(said)])
    page.attributes[key] = {
        "dir": "auto",
        "enterkeyhint": "search",
        "aria-describedby": f"{key}-note",
        "aria-invalid": "true" if unknown else None,
    }
    offered = found.others
    if not typed and not st.session_state[page.key("point")]:
        offered = _largest()

    @faults.callback
    def choose(label: str) -> None:
        _clear(page, "point")
        st.session_state[key] = label

    if offered:
        with st.container(horizontal=True, gap="xsmall", key=page.key("suggestions")):
            for place, id_ in enumerate(offered[:SUGGESTIONS]):
                label = spots[id_].labels[t.language]
                st.button(label, key=page.key(f"suggestion-{place}"), on_click=choose, args=(label,))


def _point(page: Page) -> Origin | InputState:
    t, key = page.t, page.key("point")
    typed = st.session_state[key]
    located = typed and typed == st.session_state[page.key("located")]
    with st.expander(
        t("dealers.coordinates"), expanded=bool(typed) and not located, key=page.key("by-point")
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
        if not typed.strip():
            return InputState.EMPTY
        point = read_point(typed)
        if point is None:
            show_html(h.p(".kh-bad", role="alert")[t("dealers.point_bad")])
            return InputState.INVALID
        if validated(page, lambda: NearestDealersRequest(lat=point[0], lon=point[1])) is InputState.INVALID:
            return InputState.INVALID
    for name, each in zip(("lat", "lon"), point, strict=True):
        page.url_state.set(name, f"{each:.3f}")
    called = t("dealers.here") if located else format_point(*point, t)
    return Origin({"lat": point[0], "lon": point[1]}, called)


# ---------------------------------------------------------------------------------------------- the browser
GEOLOCATION_TIMEOUT_MS = 15_000
REFUSALS = ("denied", "unavailable", "timeout", "unsupported", "outside")
_geolocation_component = st.components.v2.component(
    "khodroyar_locate",
    html=read_asset("inputs/locate.html"),
    js=read_asset("inputs/locate.js"),
    isolate_styles=False,
)


def _geolocation_button(page: Page) -> None:
    """The button that asks the browser, and only when it is pressed; what is refused is said below it."""
    t, key = page.t, page.key("here")

    @faults.callback
    def found() -> None:
        _found(page, st.session_state.get(key, {}).get("found"))

    data = {
        "label": t("dealers.my_place"),
        "locating": t("dealers.locating"),
        "patience_ms": GEOLOCATION_TIMEOUT_MS,
    }
    _geolocation_component(key=key, data=data, on_found_change=found)
    refused = st.session_state[page.key("refused")]
    if refused:
        show_html(h.p(".kh-bad", role="alert")[t(f"dealers.{refused}")])


def _found(page: Page, answer: object) -> None:
    """Take the browser's answer over; the browser is not trusted to send one of the kinds that it may."""
    _clear(page)
    sent = answer if isinstance(answer, Mapping) else {}
    point = read_point(f"{sent.get('lat')} {sent.get('lon')}")
    refused = sent.get("refused", "")
    if point is None:
        st.session_state[page.key("refused")] = refused if refused in REFUSALS else "unavailable"
        return
    try:
        NearestDealersRequest(lat=point[0], lon=point[1])
    except ValidationError:
        st.session_state[page.key("refused")] = "outside"
        return
    said = format_point(*point, page.t)
    _clear(page, "city")
    st.session_state[page.key("point")] = st.session_state[page.key("located")] = said
