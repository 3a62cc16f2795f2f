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
from logic.datasets.dataset import cached_per_dataset
from logic.datasets.tables import Citations, EditionFolder, Labelled, Row, edition_reader

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
MAX_NAME_LENGTH = 80
IRAN_LATITUDES = (24.0, 40.5)
IRAN_LONGITUDES = (43.5, 63.5)

Network = Literal["mvm", "emdad", "all"]
OFFICE = "office"
"""The kind of the roadside company's places, which are reached by its own phone number."""
Precision = Literal["street", "neighbourhood", "city"]


class PlaceRow(Row):
    """A dealer or an office of a list, with its phone numbers as printed and as dialled."""

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
    """A dealer of the maker's list."""

    code: str
    network: Literal["mvm"]
    kind: Annotated[str, Labelled("dealer_kind")]
    area_code: str


class OfficeRow(PlaceRow):
    """An office of the roadside company; its id is its city's ASCII name."""

    network: ClassVar[Literal["emdad"]] = "emdad"
    kind: ClassVar[str] = OFFICE
    id: str
    email: str = ""

    @property
    def code(self) -> str:
        """The id, which is used where dealers have a code."""
        return self.id


class ProvinceRow(Row):
    """A province, its capital and other spellings of its name."""

    id: str
    name_fa: str
    name_en: str
    iso: str
    capital: str
    other_names: str = ""


class CityRow(Row):
    """A city of the gazetteer and other spellings of its name."""

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
class _PlaceList:
    """The dealers or offices of one booklet, and the clause that lists them."""

    rows: tuple[DealerRow | OfficeRow, ...]
    clause: str


@edition_reader("mvm_fx")
def _dealers(folder: EditionFolder) -> _PlaceList:
    rows = folder.rows_by_key("dealers", DealerRow, lambda row: row.code)
    return _PlaceList(tuple(rows.values()), folder.cite(_DealersCitations).dealers)


@edition_reader("emdad")
def _offices(folder: EditionFolder) -> _PlaceList:
    rows = folder.rows_by_key("offices", OfficeRow, lambda row: row.id)
    return _PlaceList(tuple(rows.values()), folder.cite(_OfficesCitations).offices)


@cached_per_dataset
def _kinds() -> Mapping[str, None]:
    """Return the kinds of dealers and offices of every edition."""
    place_lists = (*_dealers.editions(), *_offices.editions())
    return dict.fromkeys(row.kind for place_list in place_lists for row in place_list.rows)


Kind = Annotated[str, Known(_kinds, lists_ids=True)]


class Dealer(Result):
    """A dealer or an office.

    ``distance_km`` is along a great circle, to one decimal place. ``dial`` has an entry for each phone.
    """

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
    """The point from which distances are measured; the names are null if it is given by coordinates."""

    lat: float
    lon: float
    name: str | None
    name_en: str | None
    province: str | None
    """The id of the province."""


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The provinces and cities of ``data/places``."""

    provinces: Mapping[str, ProvinceRow]
    cities: Mapping[str, CityRow]
    names: Mapping[str, CityRow]
    """Cities by the key of every spelling; the name of a province gives its capital."""
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
    rows = sorted(cities.values(), key=lambda row: row.population)  # the largest city of a name comes last
    names = {comparison_key(name): row for row in rows for name in row.other_names.split(";") if name}
    names |= {comparison_key(name): row for row in rows for name in (row.id, row.name_en, row.name_fa)}
    names |= {key: cities[row.capital] for key, row in province_names.items()}
    return Gazetteer(provinces, cities, names, province_names)


@dataclass(frozen=True, eq=False)
class Places:
    """The gazetteer, and the dealers and offices of the current booklets."""

    dealers: tuple[Dealer, ...]
    kinds: Mapping[str, tuple[str, ...]]
    """The kinds of dealers and offices of a network, in the order of the lists."""
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


def _check_city(name: str) -> str:
    if comparison_key(name) not in places().names:
        keys = difflib.get_close_matches(comparison_key(name), places().names, n=3, cutoff=0.6)
        names = dict.fromkeys(places().names[key].name_fa for key in keys)
        suggestions = " / ".join(names) + "?" if names else ""
        raise PydanticCustomError("unknown_city", "unknown city", {"suggestions": suggestions})
    return name


def _check_province(name: str) -> str:
    if comparison_key(name) not in places().province_names:
        raise PydanticCustomError("unknown_province", "unknown province")
    return name


@cached_per_dataset
def places() -> Places:
    """Return the dealers, offices, provinces and cities.

    Raises: DataError if a list has no edition.
    """
    gazetteer, dealers, offices = _gazetteer.nearest(), _dealers.nearest(), _offices.nearest()
    dealers_and_offices = tuple(map(_dealer, (*dealers.rows, *offices.rows)))
    kinds: dict[Network, dict[str, None]] = {"mvm": {}, "emdad": {}, "all": {}}
    for place in dealers_and_offices:
        kinds[place.network][place.kind] = kinds["all"][place.kind] = None
    return Places(
        dealers=dealers_and_offices,
        kinds={network: tuple(ids) for network, ids in kinds.items()},
        radians=np.radians([(place.lat, place.lon) for place in dealers_and_offices]),
        **vars(gazetteer),
        dealers_clause=dealers.clause,
        offices_clause=offices.clause,
    )


class NearestDealersRequest(Request):
    """The origin, as coordinates in degrees or the name of a city or province, and the places wanted."""

    lat: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
    city: Annotated[str, Field(max_length=MAX_NAME_LENGTH), AfterValidator(_check_city)] | None = None
    network: Network = "mvm"
    kind: Kind | None = None
    province: Annotated[str, Field(max_length=MAX_NAME_LENGTH), AfterValidator(_check_province)] | None = None
    limit: int = Field(5, ge=1, le=100, strict=True)

    @model_validator(mode="after")
    def _check_origin(self) -> Self:
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
    """The dealers and offices, nearest first, or the reason why there are none."""

    origin: Origin
    dealers: tuple[Dealer, ...] = ()
    reason: Literal["none_in_province", "none_of_kind"] | None = None


@calculator
def nearest_dealers(request: NearestDealersRequest) -> Answer[NearestDealersResult]:
    """Return the dealers and offices nearest to an origin, by straight-line distance.

    Distances are along a great circle, in km to one decimal place, not by road. A city or province may have
    any usual spelling; its point is the centre of the city or of the capital. Locations are only as exact as
    their ``precision``.

    Source: the dealer list of the maker's warranty booklet and annex 2 of the card booklet.
    """
    all_places = places()
    origin = _origin(request, all_places)
    province = None
    if request.province:
        province = all_places.province_names[comparison_key(request.province)].name_fa
    indexes = [
        index
        for index, place in enumerate(all_places.dealers)
        if request.network in (place.network, "all")
        and request.kind in (place.kind, None)
        and province in (place.province, None)
    ]
    distances = _distances_km(origin, all_places)
    indexes.sort(key=lambda index: (distances[index], all_places.dealers[index].code))
    nearest = tuple(
        all_places.dealers[index].model_copy(update={"distance_km": round(float(distances[index]), 1)})
        for index in indexes[: request.limit]
    )
    reason: Literal["none_in_province", "none_of_kind"] | None = None
    if not nearest:
        reason = "none_in_province" if request.province else "none_of_kind"
    result = NearestDealersResult(origin=origin, dealers=nearest, reason=reason)
    steps = tuple(
        Step(
            "distance",
            all_places.offices_clause if place.kind == OFFICE else all_places.dealers_clause,
            Decimal(str(place.distance_km)),
            "km",
            {"code": place.code, "precision": place.precision},
        )
        for place in nearest
    )
    return Answer(result, steps, tuple(_notices(request, result, all_places)))


def provinces_without_dealer(network: Network = "mvm") -> list[ProvinceRow]:
    """Return the provinces in which the lists have no place of a network."""
    all_places = places()
    served_provinces = {place.province for place in all_places.dealers if network in (place.network, "all")}
    return [row for row in all_places.provinces.values() if row.name_fa not in served_provinces]


def _origin(request: NearestDealersRequest, all_places: Places) -> Origin:
    if request.city is None:
        assert request.lat is not None and request.lon is not None  # noqa: S101, PT018 - the request is validated
        return Origin(lat=request.lat, lon=request.lon, name=None, name_en=None, province=None)
    city = all_places.names[comparison_key(request.city)]
    return Origin(lat=city.lat, lon=city.lon, name=city.name_fa, name_en=city.name_en, province=city.province)


def _distances_km(origin: Origin, all_places: Places) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the great-circle distances on a sphere; those on the ellipsoid differ by at most 0.5 %."""
    lat, lon = np.radians((origin.lat, origin.lon))
    points = all_places.radians
    squared_sines = np.sin((points - (lat, lon)) / 2) ** 2
    haversine = squared_sines[:, 0] + np.cos(lat) * np.cos(points[:, 0]) * squared_sines[:, 1]
    angles: np.ndarray[tuple[int], np.dtype[np.float64]] = 2 * np.arcsin(np.sqrt(haversine))
    return EARTH_RADIUS_KM * angles


def _notices(
    request: NearestDealersRequest, result: NearestDealersResult, all_places: Places
) -> Iterator[Notice]:
    yield Notice("straight_line", all_places.dealers_clause)
    if any(place.precision == "city" for place in result.dealers):
        yield Notice("some_are_city_points", all_places.dealers_clause, "warning")
    if any(place.kind == OFFICE for place in result.dealers):
        yield Notice("office_numbers_are_old", all_places.offices_clause, "warning")
    province = result.origin.province
    if request.province is not None:
        province = all_places.province_names[comparison_key(request.province)].id
    if province in {row.id for row in provinces_without_dealer(request.network)}:
        row = all_places.provinces[province]
        names = {"province_fa": row.name_fa, "province_en": row.name_en}
        yield Notice("province_without_dealer", all_places.dealers_clause, "warning", names)


def _in_iran(lat: float, lon: float) -> bool:
    return IRAN_LATITUDES[0] <= lat <= IRAN_LATITUDES[1] and IRAN_LONGITUDES[0] <= lon <= IRAN_LONGITUDES[1]
