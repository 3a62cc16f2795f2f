"""The map beside the list of dealers: folium builds it, and all of it comes from the app itself.

Without tiles the provinces are the picture. ``KHODROYAR_TILES`` may name a tile server's address in Leaflet's
form (``https://tiles.example.ir/{z}/{x}/{y}.png``) and ``KHODROYAR_TILES_CREDIT`` whom to name for it. The
tiles then lie over the provinces and under the pins, and where they do not load the provinces show through.
A Content-Security-Policy in front of the app has to allow that host for images.

The list drives the map: moving the map asks the app nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import cos, radians, sin
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import folium
import htpy as h
import streamlit as st
from branca.element import MacroElement
from folium.template import Template

from logic.core.messages import Language
from logic.core.settings import settings
from logic.datasets.tables import SHIPPED, data_dir
from logic.dealers.nearest_dealers import (
    Dealer,
    NearestDealersRequest,
    NearestDealersResult,
    nearest_dealers,
    places,
)
from ui.assets import read_asset
from ui.frame.page import Page
from ui.l10n.numbers import format_number
from ui.l10n.text import Text, text

OUTLINES = Path("places", "iran_provinces.geojson")
OUTLINES_CREDIT = "Natural Earth"
HEIGHT_PIXELS = 480
"""Pixels, where the stylesheet says nothing else."""
FITTED_PLACES = 3
"""The map opens on the start and so many of the nearest places."""
RINGS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
KM_PER_DEGREE = 111.195
PAN_MARGIN = (2.5, 1.0)
"""How far the map may be moved beyond what it opens on: times its size, and degrees more."""


class BoundingBox(NamedTuple):
    """Degrees: south, west, north, east."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def around(cls, points: Iterable[Sequence[float]]) -> "BoundingBox":
        """The smallest box with these points (lat, lon) in it."""
        lats, lons = zip(*points, strict=True)
        return cls(min(lats), min(lons), max(lats), max(lons))

    def padded(self) -> "BoundingBox":
        """The box that the map may be moved in."""
        times, more = PAN_MARGIN
        by = max(self.north - self.south, self.east - self.west) * times + more
        return BoundingBox(self.south - by, self.west - by, self.north + by, self.east + by)

    def intersection(self, other: "BoundingBox") -> "BoundingBox":
        """What the two have in common."""
        return BoundingBox(
            max(self.south, other.south),
            max(self.west, other.west),
            min(self.north, other.north),
            min(self.east, other.east),
        )

    def intersects(self, other: "BoundingBox") -> bool:
        """Whether the two have a point in common."""
        return (
            self.south <= other.north
            and other.south <= self.north
            and self.west <= other.east
            and other.west <= self.east
        )

    @property
    def corners(self) -> list[list[float]]:
        """South-west and north-east, as Leaflet wants them."""
        return [[self.south, self.west], [self.north, self.east]]


PAN_LIMITS = BoundingBox(16, 36, 48, 72)
"""Further out there is nothing to see."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A place on the map; equal pins make equal maps, which are built once."""

    lat: float
    lon: float
    name: str
    approximate: bool
    """The place is only known by its city."""
    km: float


@dataclass(frozen=True, slots=True)
class Origin:
    """What the distances are measured from."""

    lat: float
    lon: float
    name: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """The tile server's address, empty for none, and whom to name for it."""

    url: str
    credit: str


Theme = Literal["light", "dark"]


def render(page: Page, found: NearestDealersResult, place: str) -> None:
    """The places of the list as numbered pins around the start; ``place`` is what the start is called."""
    origin = found.origin
    name = origin.name if page.t.language == "fa" else origin.name_en
    _show_map(page, Origin(origin.lat, origin.lon, name or place), found.dealers)


def render_all(page: Page, wanted: Mapping[str, Any]) -> None:
    """Without a start: every place that the filters leave, as dots."""
    anywhere = next(iter(places().cities))
    _show_map(
        page, None, nearest_dealers(NearestDealersRequest(city=anywhere, limit=100, **wanted)).result.dealers
    )


def _show_map(page: Page, start: Origin | None, dealers: Iterable[Dealer]) -> None:
    t = page.t
    pins = tuple(
        Marker(
            each.lat,
            each.lon,
            each.name if t.language == "fa" else each.name_en,
            approximate=each.precision == "city",
            km=each.distance_km,
        )
        for each in dealers
    )
    tiles = Tiles(settings().tiles, settings().tiles_credit)
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    with st.container(key="map"):
        st.iframe(
            _document(t.language, theme, tiles, start, pins), height=HEIGHT_PIXELS, alt=t("dealers.map")
        )


# ---------------------------------------------------------------------------------------------- its parts
class _Map(folium.Map):
    """folium's map, its script and style from here. Relative, so that they are found under a base path."""

    default_js: list[tuple[str, str]] = [("leaflet", "app/static/leaflet/leaflet.js")]  # noqa: RUF012 - folium's
    default_css: list[tuple[str, str]] = [("leaflet_css", "app/static/leaflet/leaflet.css")]  # noqa: RUF012


class _GeoJsonLayer(MacroElement):
    """GeoJSON that only is looked at, put in as text: folium's element would read and write it anew."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        khMap.addGeoJson(
          {{ this._parent.get_name() }}, {{ this.data }}, {{ this.pane|tojson }}, {{ this.look|tojson }},
        );
        {% endmacro %}""")

    def __init__(self, data: str, look: str, pane: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.data, self.look, self.pane = data, look, pane


class _MapControls(MacroElement):
    """What folium has no word for: named buttons, the credit, and no way out to where nothing is drawn."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        khMap.addControls({{ this._parent.get_name() }}, {{ this.options|tojson }});
        {% endmacro %}""")

    def __init__(self, **options: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.options = options


_PAGE = Template(read_asset("map/dealers_map.html"))


@lru_cache(maxsize=64)  # a hundred kilobytes each at most
def _document(
    language: Language, theme: Theme, tiles: Tiles, start: Origin | None, pins: tuple[Marker, ...]
) -> str:
    """The whole page of the frame. Where Leaflet does not come, it says so instead of staying blank."""
    t = text(language)
    built = _build(t, tiles, start, pins)
    drawn: Any = built
    drawn.render()
    figure = drawn.get_root()
    # folium forbids the reader to enlarge the page; a frame has no say in that, and no wish.
    head = re.sub(r"<meta.*?/>", "", figure.header.render(), flags=re.DOTALL)
    body, script = figure.html.render(), figure.script.render()
    return str(
        _PAGE.render(
            t=t,
            no_map=t("dealers.no_map"),
            theme=theme,
            style=read_asset("map/dealers_map.css"),
            functions=read_asset("map/dealers_map.js"),
            base_address=read_asset("map/base_address.js"),
            head=head,
            body=body,
            script=script,
        )
    )


def _build(t: Text, tiles: Tiles, start: Origin | None, pins: Sequence[Marker]) -> folium.Map:
    near = [(each.lat, each.lon) for each in pins[:FITTED_PLACES]]
    whole = _outlines()
    opened = (
        BoundingBox.around([(start.lat, start.lon), *near])
        if start
        else BoundingBox.around(corner for each in whole for corner in each.box.corners)
    )
    limits = opened.padded().intersection(PAN_LIMITS)
    shown = _Map(
        location=((opened.south + opened.north) / 2, (opened.west + opened.east) / 2),
        tiles=None,
        zoom_control=False,
        scroll_wheel_zoom=False,
        zoom_snap=1 if tiles.url else 0.25,
        max_zoom=18 if tiles.url else 14,
    )
    folium.map.CustomPane("land", z_index=150).add_to(shown)  # below the tiles
    land = ",".join(each.text for each in whole if each.box.intersects(limits))
    _GeoJsonLayer(f"[{land}]", "land", "land").add_to(shown)
    if tiles.url:
        credit = tiles.credit or urlsplit(tiles.url).hostname or ""
        folium.TileLayer(tiles.url, attr=credit, max_zoom=18).add_to(shown)
    if start:
        _add_origin(shown, t, start, pins, opened)
        _add_markers(shown, t, pins)
    else:
        dots = {"type": "MultiPoint", "coordinates": [(each.lon, each.lat) for each in pins]}
        _GeoJsonLayer(_compact(dots), "dot", "overlayPane").add_to(shown)
    shown.fit_bounds(
        opened.corners,
        padding_top_left=(64, 40) if start else (8, 8),
        padding_bottom_right=(40, 48) if start else (8, 8),
        max_zoom=14,
    )
    zoom = {"position": "topleft", "zoomInTitle": t("dealers.zoom_in"), "zoomOutTitle": t("dealers.zoom_out")}
    _MapControls(zoom=zoom, credit=OUTLINES_CREDIT, limits=limits.corners).add_to(shown)
    return shown


def _add_origin(
    shown: folium.Map, t: Text, start: Origin, pins: Sequence[Marker], opened: BoundingBox
) -> None:
    far = max((each.km for each in pins[:FITTED_PLACES]), default=0)
    below = start.lat - (opened.north - opened.south) / 12  # where the start's name is written
    taken = [(below, start.lon), *((each.lat, each.lon) for each in pins)]
    for km in [each for each in RINGS_KM if each <= far][-2:] or RINGS_KM[:1]:
        folium.Circle((start.lat, start.lon), radius=km * 1000, class_name="ring").add_to(shown)
        said = t("dealers.ring", km=format_number(km, t.language))
        at = _free_point(start, km, taken, opened)
        taken.append(at)
        _add_label(shown, *at, h.span(".say", dir=t.direction)[said])
    _add_label(shown, start.lat, start.lon, h.span(".from"))
    _add_label(shown, start.lat, start.lon, h.span(".say.name", dir=t.direction)[start.name])


def _free_point(
    start: Origin, km: int, taken: Sequence[tuple[float, float]], opened: BoundingBox
) -> tuple[float, float]:
    """The point of a ring, in view if one is, that lies furthest from all that stands there already."""
    narrow = cos(radians(start.lat))  # of a degree of longitude
    ring = [
        (start.lat + km * sin(turn) / KM_PER_DEGREE, start.lon + km * cos(turn) / KM_PER_DEGREE / narrow)
        for turn in (radians(degrees) for degrees in range(0, 360, 15))
    ]
    seen = [at for at in ring if opened.intersects(BoundingBox.around([at]))] or ring

    def room(at: tuple[float, float]) -> float:
        return min((at[0] - lat) ** 2 + ((at[1] - lon) * narrow) ** 2 for lat, lon in taken)

    return max(seen, key=room)


def _add_label(shown: folium.Map, lat: float, lon: float, said: h.Element) -> None:
    icon = folium.DivIcon(html=str(said), icon_size=(0, 0), class_name="at")
    folium.Marker((lat, lon), icon=icon, interactive=False, keyboard=False).add_to(shown)


def _add_markers(shown: folium.Map, t: Text, pins: Sequence[Marker]) -> None:
    """One pin for all places at one point: those of a city that are only known by it."""
    points: dict[tuple[float, float], list[int]] = {}
    for place, each in enumerate(pins):
        points.setdefault((each.lat, each.lon), []).append(place)
    for at, here in points.items():
        numbers = t("word.and").join(format_number(place + 1, t.language) for place in here)
        icon = folium.DivIcon(
            html=str(h.span(class_=["pin", {"rough": pins[here[0]].approximate}], dir=t.direction)[numbers]),
            icon_size=(0, 0),
            class_name="at",
        )
        names = str(h.fragment[t("word.and").join(pins[place].name for place in here)])
        # The nearest lies on top.
        folium.Marker(at, icon=icon, tooltip=folium.Tooltip(names), z_index_offset=-100 * here[0]).add_to(
            shown
        )


# ---------------------------------------------------------------------------------------------- the provinces
class _Outline(NamedTuple):
    box: BoundingBox
    text: str


def _outlines() -> tuple[_Outline, ...]:
    """The provinces of the data folder in use, or of ours where it has none."""
    file = data_dir() / OUTLINES
    return _read_outlines(file if file.is_file() else SHIPPED / OUTLINES)


@cache
def _read_outlines(file: Path) -> tuple[_Outline, ...]:
    """Each province's outline: the box around it, and its GeoJSON without a blank."""
    shapes = [each["geometry"] for each in json.loads(file.read_text(encoding="utf-8"))["features"]]
    return tuple(
        _Outline(BoundingBox.around((lat, lon) for lon, lat in _points(each)), _compact(each))
        for each in shapes
    )


def _points(shape: dict[str, Any]) -> Iterator[tuple[float, float]]:
    areas = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return ((lon, lat) for area in areas for ring in area for lon, lat in ring)


def _compact(shape: dict[str, Any]) -> str:
    return json.dumps(shape, separators=(",", ":"))
