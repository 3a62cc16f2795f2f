"""The dealers and offices nearest to a point, a city or a province."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from logic.core.answer import Answer, Notice, Step
from logic.core.models import Degrees, Known, Request, Result, invalid, require_in_edition
from logic.core.normalisation import comparison_key
from logic.core.registry import calculator
from logic.datasets.tables import Citations, EditionFolder, Labelled, Row, cached_per_dataset, edition_reader

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
LATITUDES = (24.0, 40.5)
LONGITUDES = (43.5, 63.5)

Network = Literal["mvm", "emdad", "all"]
OFFICE = "office"
"""The kind of the places of the roadside company, which are reached by its line."""
Precision = Literal["street", "neighbourhood", "city"]


class PlaceRow(Row):
    """A dealer or an office as the source lists it, its printed phones and what of them can be dialled."""

    name_fa: str
    name_en: str
    province_fa: str
    city_fa: str
    address: str
    phones: str = ""
    dial: str = ""
    lat: float
    lon: float
    precision: Precision
    est_error_km: float
    source_line: int
    note: str = ""


class DealerRow(PlaceRow):
    """A line of the dealer list."""

    code: str
    network: Literal["mvm"]
    kind: Annotated[str, Labelled("dealer_kind")]
    area_code: str


class OfficeRow(PlaceRow):
    """An office of the roadside company; its code is its city's ASCII name."""

    network: ClassVar[Literal["emdad"]] = "emdad"
    kind: ClassVar[str] = OFFICE
    id: str
    email: str = ""

    @property
    def code(self) -> str:
        """What tells the office from the others."""
        return self.id


class ProvinceRow(Row):
    """A province, its capital and further spellings under which it may be looked for."""

    id: str
    name_fa: str
    name_en: str
    iso: str
    capital: str
    other_names: str = ""


class CityRow(Row):
    """A city of the gazetteer and the spellings under which it may be looked for."""

    id: str
    name_fa: str
    name_en: str
    province: str
    lat: float
    lon: float
    population: int
    other_names: str = ""


class _DealersCitations(Citations):
    """The clause of the maker's list of dealers."""

    dealers: str


class _OfficesCitations(Citations):
    """The clause of the card booklet's list of offices."""

    offices: str


@dataclass(frozen=True, eq=False)
class _Listed:
    """The places of one booklet, and the clause that lists them."""

    rows: tuple[DealerRow | OfficeRow, ...]
    clause: str


@edition_reader("mvm_fx")
def _dealers(folder: EditionFolder) -> _Listed:
    rows = folder.rows_by_key("dealers", DealerRow, lambda row: row.code)
    return _Listed(tuple(rows.values()), folder.cite(_DealersCitations).dealers)


@edition_reader("emdad")
def _offices(folder: EditionFolder) -> _Listed:
    rows = folder.rows_by_key("offices", OfficeRow, lambda row: row.id)
    return _Listed(tuple(rows.values()), folder.cite(_OfficesCitations).offices)


@cached_per_dataset
def _kinds() -> Mapping[str, None]:
    """Return the kinds of places of every edition."""
    listed = (*_dealers.editions(), *_offices.editions())
    return dict.fromkeys(row.kind for each in listed for row in each.rows)


Kind = Annotated[str, Known(_kinds, lists_ids=True)]


class Dealer(Result):
    """One place; ``distance_km`` by great circle, one decimal; ``dial`` is parallel to ``phones``."""

    code: str
    name: str
    name_en: str
    network: Literal["mvm", "emdad"]
    kind: Kind
    province: str
    city: str
    address: str
    phones: tuple[str, ...]
    dial: tuple[str | None, ...]
    lat: float
    lon: float
    precision: Precision
    est_error_km: float
    distance_km: float


class Origin(Result):
    """The point that distances are measured from; the names are null for bare coordinates."""

    lat: float
    lon: float
    name: str | None
    name_en: str | None
    province: str | None
    """The province's id."""


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The provinces and cities of ``data/places``."""

    provinces: Mapping[str, ProvinceRow]
    cities: Mapping[str, CityRow]
    names: Mapping[str, CityRow]
    """Cities by every spelling's key; a province's name stands for its capital."""
    province_names: Mapping[str, ProvinceRow]


@edition_reader("places")
def _gazetteer(folder: EditionFolder) -> Gazetteer:
    cities = folder.rows_by_key("cities", CityRow, lambda row: row.id)
    provinces = folder.rows_by_key("provinces", ProvinceRow, lambda row: row.id)
    folder.check_references("provinces", "capital", (row.capital for row in provinces.values()), cities)
    folder.check_references("cities", "province", (row.province for row in cities.values()), provinces)
    province_names = {
        comparison_key(name): row
        for row in provinces.values()
        for name in (row.name_fa, row.name_en, row.id, *row.other_names.split(";"))
        if name
    }
    rising = sorted(cities.values(), key=lambda row: row.population)  # the larger of two namesakes wins
    names = {comparison_key(name): city for city in rising for name in city.other_names.split(";") if name}
    names |= {comparison_key(name): city for city in rising for name in (city.id, city.name_en, city.name_fa)}
    names |= {key: cities[row.capital] for key, row in province_names.items()}
    return Gazetteer(provinces, cities, names, province_names)


@dataclass(frozen=True, eq=False)
class Places:
    """The gazetteer, and the dealers and offices of the booklets whose end is open."""

    dealers: tuple[Dealer, ...]
    kinds: Mapping[str, tuple[str, ...]]
    """The kinds of places of a network, in the order of the lists."""
    radians: np.ndarray[tuple[int, int], np.dtype[np.float64]]
    provinces: Mapping[str, ProvinceRow]
    cities: Mapping[str, CityRow]
    names: Mapping[str, CityRow]
    province_names: Mapping[str, ProvinceRow]
    dealers_clause: str
    offices_clause: str


def _dealer(row: DealerRow | OfficeRow) -> Dealer:
    phones = tuple(filter(None, row.phones.split(";")))
    dial = tuple(number or None for number in row.dial.split(";")) if row.dial else (None,) * len(phones)
    return Dealer(
        code=row.code,
        name=row.name_fa,
        name_en=row.name_en,
        network=row.network,
        kind=row.kind,
        province=row.province_fa,
        city=row.city_fa,
        address=row.address,
        phones=phones,
        dial=dial,
        lat=row.lat,
        lon=row.lon,
        precision=row.precision,
        est_error_km=row.est_error_km,
        distance_km=0.0,
    )


def _city(name: str) -> str:
    if comparison_key(name) not in places().names:
        close = difflib.get_close_matches(comparison_key(name), places().names, n=3, cutoff=0.6)
        found = dict.fromkeys(places().names[key].name_fa for key in close)
        suggestions = " / ".join(found) + "?" if found else ""
        raise PydanticCustomError("unknown_city", "unknown city", {"suggestions": suggestions})
    return name


def _province(name: str) -> str:
    if comparison_key(name) not in places().province_names:
        raise PydanticCustomError("unknown_province", "unknown province")
    return name


@cached_per_dataset
def places() -> Places:
    """The dealers, offices, provinces and cities. Raises DataError where a list has no edition."""
    gazetteer, dealers, offices = _gazetteer.nearest(), _dealers.nearest(), _offices.nearest()
    listed = tuple(map(_dealer, (*dealers.rows, *offices.rows)))
    kinds: dict[Network, dict[str, None]] = {"mvm": {}, "emdad": {}, "all": {}}
    for place in listed:
        kinds[place.network][place.kind] = kinds["all"][place.kind] = None
    return Places(
        dealers=listed,
        kinds={network: tuple(each) for network, each in kinds.items()},
        radians=np.radians([(place.lat, place.lon) for place in listed]),
        **vars(gazetteer),
        dealers_clause=dealers.clause,
        offices_clause=offices.clause,
    )


class NearestDealersRequest(Request):
    """Where from: coordinates in degrees, or a city's or province's name; which places."""

    lat: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
    city: Annotated[str, Field(max_length=80), AfterValidator(_city)] | None = None
    network: Network = "mvm"
    kind: Kind | None = None
    province: Annotated[str, Field(max_length=80), AfterValidator(_province)] | None = None
    limit: int = Field(5, ge=1, le=100, strict=True)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        require_in_edition("kind", self.kind, places().kinds["all"])
        if self.city is None and self.lat is None and self.lon is None:
            raise invalid("city", "city_or_point")
        if self.city is not None:
            if self.lat is not None or self.lon is not None:
                raise invalid("city", "city_or_point")
            return self
        if self.lat is None or self.lon is None:
            raise invalid("lat" if self.lat is None else "lon", "required")
        if not _in_iran(self.lat, self.lon):
            raise invalid("lat", "coordinates_swapped" if _in_iran(self.lon, self.lat) else "outside_iran")
        return self


class NearestDealersResult(Result):
    """The places, nearest first; ``reason`` says why there are none."""

    origin: Origin
    dealers: tuple[Dealer, ...]
    reason: Literal["none_in_province", "none_of_kind"] | None


@calculator
def nearest_dealers(request: NearestDealersRequest) -> Answer[NearestDealersResult]:
    """The nearest places by great circle, in km to one decimal, straight-line and not by road.

    The dealer list of the maker's guarantee booklet and annex 2 of the card booklet. A city or province
    is found in any usual spelling; its point is the city's (the capital's) centre. Places are only as
    exact as their ``precision`` says.
    """
    known = places()
    origin = _origin(request, known)
    province = known.province_names[comparison_key(request.province)].name_fa if request.province else None
    chosen = [
        number
        for number, place in enumerate(known.dealers)
        if request.network in (place.network, "all")
        and request.kind in (place.kind, None)
        and province in (place.province, None)
    ]
    distances = _distances_km(origin, known)
    chosen.sort(key=lambda number: (distances[number], known.dealers[number].code))
    found = tuple(
        known.dealers[number].model_copy(update={"distance_km": round(float(distances[number]), 1)})
        for number in chosen[: request.limit]
    )
    reason: Literal["none_in_province", "none_of_kind"] | None = None
    if not found:
        reason = "none_in_province" if request.province else "none_of_kind"
    result = NearestDealersResult(origin=origin, dealers=found, reason=reason)
    steps = tuple(
        Step(
            "distance",
            known.offices_clause if place.kind == OFFICE else known.dealers_clause,
            Decimal(str(place.distance_km)),
            "km",
            {"code": place.code, "precision": place.precision},
        )
        for place in found
    )
    return Answer(result, steps, tuple(_notices(request, result, known)))


def without_dealer(network: Network = "mvm") -> list[ProvinceRow]:
    """The provinces in which a network has no place, by the lists of the sources."""
    known = places()
    served = {place.province for place in known.dealers if network in (place.network, "all")}
    return [row for row in known.provinces.values() if row.name_fa not in served]


def _origin(request: NearestDealersRequest, known: Places) -> Origin:
    if request.city is None:
        assert request.lat is not None and request.lon is not None  # noqa: S101, PT018 - the request saw to it
        return Origin(lat=request.lat, lon=request.lon, name=None, name_en=None, province=None)
    city = known.names[comparison_key(request.city)]
    return Origin(lat=city.lat, lon=city.lon, name=city.name_fa, name_en=city.name_en, province=city.province)


def _distances_km(origin: Origin, known: Places) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Haversine, on a sphere of mean radius: within half a percent of the ellipsoid."""
    lat, lon = np.radians((origin.lat, origin.lon))
    there = known.radians
    half = np.sin((there - (lat, lon)) / 2) ** 2
    chord = half[:, 0] + np.cos(lat) * np.cos(there[:, 0]) * half[:, 1]
    distances: np.ndarray[tuple[int], np.dtype[np.float64]] = 2 * EARTH_KM * np.arcsin(np.sqrt(chord))
    return distances


def _notices(request: NearestDealersRequest, result: NearestDealersResult, known: Places) -> Iterator[Notice]:
    yield Notice("straight_line", known.dealers_clause)
    if any(place.precision == "city" for place in result.dealers):
        yield Notice("some_are_city_points", known.dealers_clause, "warning")
    if any(place.kind == OFFICE for place in result.dealers):
        yield Notice("office_numbers_are_old", known.offices_clause, "warning")
    province = result.origin.province
    if request.province is not None:
        province = known.province_names[comparison_key(request.province)].id
    if province in {row.id for row in without_dealer(request.network)}:
        row = known.provinces[province]
        names = {"province_fa": row.name_fa, "province_en": row.name_en}
        yield Notice("province_without_dealer", known.dealers_clause, "warning", names)


def _in_iran(lat: float, lon: float) -> bool:
    return LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]
