"""The map next to the list of dealers, built with folium and served by the app itself.

Without tiles, the map shows the outlines of the provinces. ``KHODROYAR_TILES`` may be the URL of a tile
server in Leaflet's format (``https://tiles.example.ir/{z}/{x}/{y}.png``), ``KHODROYAR_TILES_CREDIT`` its
attribution. Tiles are drawn above the provinces and below the markers, so that the provinces are visible
where a tile does not load. A Content-Security-Policy in front of the app has to allow the tile server for
images.

Moving the map sends no request to the app.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
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
from logic.datasets.dataset import SHIPPED, cached_per_dataset, data_dir
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
"""Height of the map, unless the stylesheet overrides it."""
FITTED_MARKERS = 3
"""How many of the nearest markers the initial view includes, besides the origin."""
RING_RADII_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
KM_PER_DEGREE = 111.195
PAN_MARGIN = (2.5, 1.0)
"""How far the map may be moved beyond its initial view: a multiple of the view's size, plus degrees."""


class BoundingBox(NamedTuple):
    """A box in degrees."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def around(cls, points: Iterable[Sequence[float]]) -> "BoundingBox":
        """Return the smallest box that contains points (lat, lon)."""
        lats, lons = zip(*points, strict=True)
        return cls(min(lats), min(lons), max(lats), max(lons))

    def padded(self) -> "BoundingBox":
        """Return the box in which a map with this initial view may be moved."""
        factor, degrees = PAN_MARGIN
        margin = max(self.north - self.south, self.east - self.west) * factor + degrees
        return BoundingBox(self.south - margin, self.west - margin, self.north + margin, self.east + margin)

    def intersection(self, other: "BoundingBox") -> "BoundingBox":
        """Return the intersection of two boxes."""
        return BoundingBox(
            max(self.south, other.south),
            max(self.west, other.west),
            min(self.north, other.north),
            min(self.east, other.east),
        )

    def intersects(self, other: "BoundingBox") -> bool:
        """Return whether two boxes have a point in common."""
        return (
            self.south <= other.north
            and other.south <= self.north
            and self.west <= other.east
            and other.west <= self.east
        )

    @property
    def corners(self) -> list[list[float]]:
        """The south-west and north-east corners, in Leaflet's format."""
        return [[self.south, self.west], [self.north, self.east]]


PAN_LIMITS = BoundingBox(16, 36, 48, 72)
"""The map shows nothing outside this box."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A dealer on the map; it is hashable, because maps are cached by their markers."""

    lat: float
    lon: float
    name: str
    approximate: bool
    """Whether the position is that of the dealer's city."""
    km: float
    """Distance from the origin."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The point that distances are measured from."""

    lat: float
    lon: float
    name: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """The URL of the tile server, empty for none, and its attribution."""

    url: str
    credit: str


Theme = Literal["light", "dark"]


def render(page: Page, result: NearestDealersResult, origin_name: str) -> None:
    """Show the dealers of a result as numbered markers around the origin.

    ``origin_name`` is used if the result has no name for the origin.
    """
    origin = result.origin
    name = origin.name if page.t.language == "fa" else origin.name_en
    _show_map(page, Origin(origin.lat, origin.lon, name or origin_name), result.dealers)


def render_all(page: Page, filters: Mapping[str, Any]) -> None:
    """Show every dealer that matches the filters as a dot, without an origin."""
    any_city = next(iter(places().cities))
    request = NearestDealersRequest(city=any_city, limit=100, **filters)
    _show_map(page, None, nearest_dealers(request).result.dealers)


def _show_map(page: Page, origin: Origin | None, dealers: Iterable[Dealer]) -> None:
    """Show the map, or a message if Leaflet is not installed."""
    t = page.t
    markers = tuple(
        Marker(
            dealer.lat,
            dealer.lon,
            dealer.name if t.language == "fa" else dealer.name_en,
            approximate=dealer.precision == "city",
            km=dealer.distance_km,
        )
        for dealer in dealers
    )
    tiles = Tiles(settings().tiles, settings().tiles_credit)
    theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
    with st.container(key="map"):
        st.iframe(
            _document(t.language, theme, tiles, origin, markers), height=HEIGHT_PIXELS, alt=t("dealers.map")
        )


# ---------------------------------------------------------------------------------------------- map elements
class _Map(folium.Map):
    """A folium map with the app's copy of Leaflet, at URLs that also work under a base path."""

    default_js: list[tuple[str, str]] = [("leaflet", "app/static/leaflet/leaflet.js")]  # noqa: RUF012 - folium's
    default_css: list[tuple[str, str]] = [("leaflet_css", "app/static/leaflet/leaflet.css")]  # noqa: RUF012


class _GeoJsonLayer(MacroElement):
    """A layer without events from GeoJSON text; folium's own element would parse and serialise it again."""

    _template = Template("""
        {% macro script(this, kwargs) %}
        khMap.addGeoJson(
          {{ this._parent.get_name() }}, {{ this.data }}, {{ this.pane|tojson }}, {{ this.css_class|tojson }},
        );
        {% endmacro %}""")

    def __init__(self, data: str, css_class: str, pane: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.data, self.css_class, self.pane = data, css_class, pane


class _MapControls(MacroElement):
    """Translated zoom buttons, attribution and limits of panning, which folium does not offer."""

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
    language: Language, theme: Theme, tiles: Tiles, origin: Origin | None, markers: tuple[Marker, ...]
) -> str:
    """Return the HTML document of the map; if Leaflet does not load, it shows a message."""
    t = text(language)
    map_: Any = _build(t, tiles, origin, markers)
    map_.render()
    figure = map_.get_root()
    # Remove folium's viewport meta element, which forbids zooming.
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


def _build(t: Text, tiles: Tiles, origin: Origin | None, markers: Sequence[Marker]) -> folium.Map:
    """Build the map: provinces, tiles, and markers around the origin, or dots without one."""
    nearest = [(marker.lat, marker.lon) for marker in markers[:FITTED_MARKERS]]
    outlines = _outlines()
    view = (
        BoundingBox.around([(origin.lat, origin.lon), *nearest])
        if origin
        else BoundingBox.around(corner for outline in outlines for corner in outline.box.corners)
    )
    limits = view.padded().intersection(PAN_LIMITS)
    map_ = _Map(
        location=((view.south + view.north) / 2, (view.west + view.east) / 2),
        tiles=None,
        zoom_control=False,
        scroll_wheel_zoom=False,
        zoom_snap=1 if tiles.url else 0.25,
        max_zoom=18 if tiles.url else 14,
    )
    folium.map.CustomPane("land", z_index=150).add_to(map_)  # below the tiles
    land = ",".join(outline.text for outline in outlines if outline.box.intersects(limits))
    _GeoJsonLayer(f"[{land}]", "land", "land").add_to(map_)
    if tiles.url:
        credit = tiles.credit or urlsplit(tiles.url).hostname or ""
        folium.TileLayer(tiles.url, attr=credit, max_zoom=18).add_to(map_)
    if origin:
        _add_origin(map_, t, origin, markers, view)
        _add_markers(map_, t, markers)
    else:
        dots = {"type": "MultiPoint", "coordinates": [(marker.lon, marker.lat) for marker in markers]}
        _GeoJsonLayer(_compact(dots), "dot", "overlayPane").add_to(map_)
    map_.fit_bounds(
        view.corners,
        padding_top_left=(64, 40) if origin else (8, 8),
        padding_bottom_right=(40, 48) if origin else (8, 8),
        max_zoom=14,
    )
    zoom = {"position": "topleft", "zoomInTitle": t("dealers.zoom_in"), "zoomOutTitle": t("dealers.zoom_out")}
    _MapControls(zoom=zoom, credit=OUTLINES_CREDIT, limits=limits.corners).add_to(map_)
    return map_


def _add_origin(
    map_: folium.Map, t: Text, origin: Origin, markers: Sequence[Marker], view: BoundingBox
) -> None:
    """Add the origin with its name, and up to two rings of round distances with labels."""
    max_km = max((marker.km for marker in markers[:FITTED_MARKERS]), default=0)
    name_lat = origin.lat - (view.north - view.south) / 12  # the stylesheet shows the name below the origin
    occupied = [(name_lat, origin.lon), *((marker.lat, marker.lon) for marker in markers)]
    for km in [radius for radius in RING_RADII_KM if radius <= max_km][-2:] or RING_RADII_KM[:1]:
        folium.Circle((origin.lat, origin.lon), radius=km * 1000, class_name="ring").add_to(map_)
        label = t("dealers.ring", km=format_number(km, t.language))
        point = _free_point(origin, km, occupied, view)
        occupied.append(point)
        _add_label(map_, *point, h.span(".label", dir=t.direction)[label])
    _add_label(map_, origin.lat, origin.lon, h.span(".origin"))
    _add_label(map_, origin.lat, origin.lon, h.span(".label.name", dir=t.direction)[origin.name])


def _free_point(
    origin: Origin, km: int, occupied: Sequence[tuple[float, float]], view: BoundingBox
) -> tuple[float, float]:
    """Return the point of a ring that is furthest from occupied points, within the view if possible."""
    lon_scale = cos(radians(origin.lat))  # degrees of longitude are shorter than degrees of latitude
    ring = [
        (
            origin.lat + km * sin(angle) / KM_PER_DEGREE,
            origin.lon + km * cos(angle) / KM_PER_DEGREE / lon_scale,
        )
        for angle in (radians(degrees) for degrees in range(0, 360, 15))
    ]
    visible = [point for point in ring if view.intersects(BoundingBox.around([point]))] or ring

    def squared_distance(point: tuple[float, float]) -> float:
        return min((point[0] - lat) ** 2 + ((point[1] - lon) * lon_scale) ** 2 for lat, lon in occupied)

    return max(visible, key=squared_distance)


def _add_label(map_: folium.Map, lat: float, lon: float, content: h.Element) -> None:
    """Add an element without events, centred on a point."""
    icon = folium.DivIcon(html=str(content), icon_size=(0, 0), class_name="map-icon")
    folium.Marker((lat, lon), icon=icon, interactive=False, keyboard=False).add_to(map_)


def _add_markers(map_: folium.Map, t: Text, markers: Sequence[Marker]) -> None:
    """Add one numbered marker per point: several dealers may have only the position of their city."""
    indexes_by_point: dict[tuple[float, float], list[int]] = {}
    for index, marker in enumerate(markers):
        indexes_by_point.setdefault((marker.lat, marker.lon), []).append(index)
    for point, indexes in indexes_by_point.items():
        numbers = t("word.and").join(format_number(index + 1, t.language) for index in indexes)
        css_classes = {"marker": True, "approximate": markers[indexes[0]].approximate}
        icon = folium.DivIcon(
            html=str(h.span(class_=css_classes, dir=t.direction)[numbers]),
            icon_size=(0, 0),
            class_name="map-icon",
        )
        names = str(h.fragment[t("word.and").join(markers[index].name for index in indexes)])
        offset = -100 * indexes[0]  # the nearest is on top
        folium.Marker(point, icon=icon, tooltip=folium.Tooltip(names), z_index_offset=offset).add_to(map_)


# ---------------------------------------------------------------------------------------------- the provinces
class _Outline(NamedTuple):
    """The outline of a province: its bounding box and its GeoJSON."""

    box: BoundingBox
    text: str


@cached_per_dataset
def _outlines() -> tuple[_Outline, ...]:
    """Return the outlines in the data folder, or those of the app if it has none."""
    file = data_dir() / OUTLINES
    if not file.is_file():
        file = SHIPPED / OUTLINES
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    geometries = [feature["geometry"] for feature in features]
    return tuple(
        _Outline(BoundingBox.around((lat, lon) for lon, lat in _points(geometry)), _compact(geometry))
        for geometry in geometries
    )


def _points(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Yield the points (lon, lat) of a GeoJSON Polygon or MultiPolygon."""
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return ((lon, lat) for polygon in polygons for ring in polygon for lon, lat in ring)


def _compact(geometry: dict[str, Any]) -> str:
    """Return GeoJSON as text without spaces."""
    return json.dumps(geometry, separators=(",", ":"))
