"""The map next to the list of dealers, built with folium and served by the app itself.

Without tiles, the map shows the outlines of the provinces. ``KHODROYAR_TILES`` may be the URL of a tile
server in Leaflet's format (``https://tiles.example.ir/{z}/{x}/{y}.png``), ``KHODROYAR_TILES_CREDIT`` its
attribution. The provinces are below the tiles, so that they are visible where a tile does not load. A
Content-Security-Policy in front of the app has to allow the tile server for images.

The outlines are a file of their own, which browsers keep. Moving the map sends no request to the app.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import cos, radians, sin
from typing import Any
from urllib.parse import urlsplit

import folium
import htpy as h
import streamlit as st
from folium.template import Template
from markupsafe import Markup

from logic.core.settings import Settings, settings
from logic.dealers.nearest_dealers import (
    Dealer,
    NearestDealersRequest,
    NearestDealersResult,
    nearest_dealers,
    places,
)
from ui.assets import PROVINCES_PATH, read_asset
from ui.frame.page import Page
from ui.l10n.numbers import format_number
from ui.l10n.text import Text

IRAN = ((25, 44), (40, 63.5))
"""The initial view without an origin: south-west and north-east corners, in degrees."""
FITTED_DEALERS = 3
"""How many of the nearest dealers the initial view includes, besides the origin."""
RING_RADII_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
KM_PER_DEGREE = 111.195
BASE_ADDRESS = str(h.script[Markup(read_asset("map/base_address.js"))])  # noqa: S704 - a file of ours
TEMPLATE_LITERAL = {ord(character): f"&#{ord(character)};" for character in "`$\\"}
"""What is not text in a template literal of JavaScript: folium writes tooltips as such."""

Point = tuple[float, float]
Origin = tuple[float, float, str]
"""The point that distances are measured from, and its name."""


def render(page: Page, result: NearestDealersResult, origin_name: str) -> None:
    """Show the dealers of a result as numbered markers around the origin.

    ``origin_name`` is used if the result has no name for the origin.
    """
    origin = result.origin
    name = origin.name if page.t.language == "fa" else origin.name_en
    _show_map(page, result.dealers, (origin.lat, origin.lon, name or origin_name))


def render_all(page: Page, filters: Mapping[str, Any]) -> None:
    """Show every dealer that matches the filters as a dot, without an origin."""
    any_city = next(iter(places().cities))
    request = NearestDealersRequest(city=any_city, limit=100, **filters)
    _show_map(page, nearest_dealers(request).result.dealers)


def _show_map(page: Page, dealers: tuple[Dealer, ...], origin: Origin | None = None) -> None:
    theme = "dark" if st.context.theme.type == "dark" else "light"
    document = _document(page.t, theme, settings(), dealers, origin)
    with st.container(key="map"):
        st.iframe(document, height=480, alt=page.t("dealers.map"))


class _Map(folium.Map):
    """A folium map with the app's copy of Leaflet, at URLs that also work under a base path."""

    default_js: list[tuple[str, str]] = [("leaflet", "app/static/leaflet/leaflet.js")]  # noqa: RUF012 - folium's
    default_css: list[tuple[str, str]] = [("leaflet_css", "app/static/leaflet/leaflet.css")]  # noqa: RUF012


class _Additions(folium.MacroElement):
    """What folium does not offer: styles after Leaflet's, a message below the map, and GeoJSON at a URL."""

    _template = Template(read_asset("map/additions.html"))
    style, url = read_asset("map/dealers_map.css"), PROVINCES_PATH

    def __init__(self, message: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.message = message


@lru_cache(maxsize=64)  # fifteen kilobytes each
def _document(
    t: Text, theme: str, options: Settings, dealers: Sequence[Dealer], origin: Origin | None
) -> str:
    """Return the HTML document of the map; if Leaflet does not load, it shows a message."""
    figure: Any = _map(t, options, dealers, origin).get_root()
    figure.title = t("dealers.map")
    # Remove folium's viewport, which forbids zooming, and add what its page lacks.
    document = re.sub(r'<meta name="viewport"[^>]*>', "", figure.render(), count=1)
    document = document.replace("<html>", f'<html lang="{t.language}" class="{theme}">', 1)
    return document.replace("<head>", f"<head>{BASE_ADDRESS}", 1)


def _map(t: Text, options: Settings, dealers: Sequence[Dealer], origin: Origin | None) -> folium.Map:
    """Return a map of provinces, tiles, and markers around the origin, or dots without one."""
    map_ = _Map(
        tiles=None, zoom_snap=1 if options.tiles else 0.25, minZoom=4, maxZoom=18,
        min_lat=16, min_lon=36, max_lat=48, max_lon=72, max_bounds=True,
        scroll_wheel_zoom=False, zoom_control=False, attribution_control=False,
        zoom_animation_threshold=1,  # the initial view appears at once
    )  # fmt: skip
    nearest = dealers[:FITTED_DEALERS]
    points = [origin[:2], *((dealer.lat, dealer.lon) for dealer in nearest)] if origin else []
    rings = _ring_labels(points, max((dealer.distance_km for dealer in nearest), default=0)) if origin else {}
    padding = ((64, 40), (40, 48)) if origin else ((8, 8), (8, 8))
    map_.fit_bounds([*points, *rings.values()] or IRAN, *padding, max_zoom=14)
    zoom = folium.Control("Zoom", zoom_in_title=t("dealers.zoom_in"), zoom_out_title=t("dealers.zoom_out"))
    zoom.add_to(map_)
    folium.Control("Attribution", prefix="Leaflet").add_to(map_)
    folium.map.CustomPane("land", z_index=150).add_to(map_)  # below the tiles
    _Additions(t("dealers.no_map")).add_to(map_)
    if options.tiles:
        credit = options.tiles_credit or urlsplit(options.tiles).hostname
        folium.TileLayer(options.tiles, attr=credit).add_to(map_)
    if origin:
        _add_origin(map_, t, origin, rings)
        _add_markers(map_, t, dealers)
    else:
        dots = {"type": "MultiPoint", "coordinates": [(dealer.lon, dealer.lat) for dealer in dealers]}
        dot = folium.CircleMarker(radius=5, class_name="dot", interactive=False)
        folium.GeoJson(dots, marker=dot).add_to(map_)
    return map_


def _ring_labels(points: Sequence[Point], max_km: float) -> dict[int, Point]:
    """Return the radii of one or two rings around the first point, and the points of their labels.

    Leaflet shows the tooltip of a circle at its centre. The labels are on the rings instead, 20 degrees from
    north or south, on the side to which the points extend.
    """
    radii = [km for km in RING_RADII_KM if km <= max_km][-2:] or RING_RADII_KM[:1]
    (lat, lon), axes = points[0], zip(*points, strict=True)
    north, east = (1 if min(axis) + max(axis) >= 2 * axis[0] else -1 for axis in axes)
    lat_per_km = north * cos(radians(20)) / KM_PER_DEGREE
    lon_per_km = east * sin(radians(20)) / KM_PER_DEGREE / cos(radians(lat))
    return {km: (lat + lat_per_km * km, lon + lon_per_km * km) for km in radii}


def _add_origin(map_: folium.Map, t: Text, origin: Origin, rings: Mapping[int, Point]) -> None:
    """Add the rings with their labels, and the origin with its name."""
    for km, point in rings.items():
        folium.Circle(origin[:2], radius=km * 1000, class_name="ring").add_to(map_)
        label = t("dealers.ring", km=format_number(km, t.language))
        _add_marker(map_, point, h.span(".label", dir=t.direction)[label])
    _add_marker(map_, origin[:2], h.span(".origin"))
    _add_marker(map_, origin[:2], h.span(".label.name", dir=t.direction)[origin[2]])


def _add_markers(map_: folium.Map, t: Text, dealers: Sequence[Dealer]) -> None:
    """Add one numbered marker per point: several dealers may have only the position of their city."""
    by_point: dict[Point, list[tuple[int, Dealer]]] = {}
    for numbered in enumerate(dealers, start=1):
        by_point.setdefault((numbered[1].lat, numbered[1].lon), []).append(numbered)
    for point, group in by_point.items():
        numbers = t("word.and").join(format_number(number, t.language) for number, _ in group)
        names = t("word.and").join(d.name if t.language == "fa" else d.name_en for _, d in group)
        first, dealer = group[0]
        css_classes = {"marker": True, "approximate": dealer.precision == "city"}
        content = h.span(class_=css_classes, dir=t.direction)[numbers]
        tooltip = folium.Tooltip(str(h.span(dir=t.direction)[names]).translate(TEMPLATE_LITERAL))
        order = 100 - 100 * first  # the nearest is on top
        _add_marker(map_, point, content, tooltip=tooltip, z_index_offset=order)


def _add_marker(map_: folium.Map, point: Point, content: h.Element, **options: Any) -> None:  # noqa: ANN401 - folium's
    """Add an element centred on a point; without a tooltip it has no events."""
    icon = folium.DivIcon(str(content), icon_size=(0, 0), class_name="map-icon")
    events = "tooltip" in options
    folium.Marker(point, icon=icon, interactive=events, keyboard=events, **options).add_to(map_)
