import csv
import json
import math
import unicodedata
from collections import Counter
from typing import Any

import pytest

from tests.support.paths import DATA_DIR, places_table

TABLES = ("dealers.csv", "offices.csv", "cities.csv", "provinces.csv")
CITY_CENTRE_RADIUS_KM = 40


def rows(name: str) -> list[dict[str, str]]:
    with places_table(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def key(name: str) -> str:
    """Normalise a place name beyond what the search does: remove accents, hamza, spaces and joiners."""
    letters = (letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalnum())
    return "".join(letters).translate(str.maketrans("يىكة", "ییکه"))


def names(city: dict[str, str]) -> list[str]:
    return [city["name_fa"], city["name_en"], *filter(None, city["other_names"].split(";"))]


def km_between(point: dict[str, str], other: dict[str, str]) -> float:
    lat1, lon1, lat2, lon2 = (
        math.radians(float(row[column])) for row in (point, other) for column in ("lat", "lon")
    )
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def province_ids() -> dict[str, str]:
    return {row["name_fa"]: row["id"] for row in rows("provinces.csv")}


def cities_by_name() -> dict[tuple[str, str], dict[str, str]]:
    return {(city["province"], key(city["name_fa"])): city for city in rows("cities.csv")}


def city_of(row: dict[str, str]) -> dict[str, str]:
    return cities_by_name()[province_ids()[row["province_fa"]], key(row["city_fa"])]


def geojson() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        (DATA_DIR / "places" / "iran_provinces.geojson").read_text(encoding="utf-8")
    )
    return loaded


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_plain_utf8_with_one_line_per_row(name: str) -> None:
    raw = places_table(name).read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    table = rows(name)
    assert raw.count(b"\n") == len(table) + 1
    assert all(value == value.strip() for row in table for value in row.values())


@pytest.mark.parametrize("name", TABLES)
def test_persian_is_written_with_persian_yeh_and_kaf(name: str) -> None:
    text = places_table(name).read_text(encoding="utf-8")
    assert not set(text) & set("يىكةـ")
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize(
    ("name", "column", "count"), [("dealers.csv", "code", 65), ("offices.csv", "id", 10)]
)
def test_every_printed_place_has_exactly_one_row(name: str, column: str, count: int) -> None:
    places = rows(name)
    assert (
        len({place[column] for place in places})
        == len({place["source_line"] for place in places})
        == len(places)
        == count
    )


def test_each_of_31_provinces_contains_its_capital() -> None:
    provinces = rows("provinces.csv")
    assert len(provinces) == 31
    assert all(len({province[column] for province in provinces}) == 31 for column in provinces[0])
    assert {province["iso"] for province in provinces} == {f"IR-{number:02}" for number in range(31)}
    province_id = {city["id"]: city["province"] for city in rows("cities.csv")}
    assert all(province_id[province["capital"]] == province["id"] for province in provinces)


def test_city_ids_are_unique_ascii_words_and_no_other_provinces_id() -> None:
    cities = rows("cities.csv")
    assert all(count == 1 for count in Counter(city["id"] for city in cities).values())
    assert all(city["id"].isascii() and city["id"] == city["id"].lower() for city in cities)
    assert all(city["id"].replace("-", "").isalnum() for city in cities)
    provinces = set(province_ids().values())
    assert all(city["id"] not in provinces or city["id"] == city["province"] for city in cities)


def test_every_city_has_a_known_province_and_a_population_or_zero() -> None:
    cities = rows("cities.csv")
    assert {city["province"] for city in cities} == set(province_ids().values())
    assert all(int(city["population"]) >= 0 for city in cities)
    assert sum(int(city["population"]) >= 15_000 for city in cities) >= 390


def test_a_city_name_is_unique_within_its_province() -> None:
    owners: dict[tuple[str, str], str] = {}
    for city in rows("cities.csv"):
        for name in names(city):
            assert owners.setdefault((city["province"], key(name)), city["id"]) == city["id"]


@pytest.mark.parametrize("name", ["dealers.csv", "offices.csv", "cities.csv"])
def test_every_point_is_inside_the_bounding_box_of_iran(name: str) -> None:
    for row in rows(name):
        assert 24 <= float(row["lat"]) <= 40.5, row
        assert 43.5 <= float(row["lon"]) <= 63.5, row


@pytest.mark.parametrize("name", ["dealers.csv", "offices.csv"])
def test_a_place_is_near_its_city(name: str) -> None:
    for row in rows(name):
        error_km = float(row["est_error_km"])
        assert error_km > 0
        assert row["precision"] in {"street", "neighbourhood", "city"}
        assert km_between(row, city_of(row)) <= error_km + CITY_CENTRE_RADIUS_KM, row


def test_a_dealer_located_only_by_city_has_the_gazetteer_coordinates() -> None:
    for dealer in rows("dealers.csv"):
        if dealer["precision"] == "city":
            assert km_between(dealer, city_of(dealer)) < 1, dealer


def test_dealers_have_a_known_network_and_kind() -> None:
    dealers = rows("dealers.csv")
    assert {dealer["network"] for dealer in dealers} == {"mvm"}
    kinds = Counter(dealer["kind"] for dealer in dealers)
    assert kinds == {"sales_and_service": 61, "service": 4}
    assert {dealer["code"] for dealer in dealers if dealer["kind"] == "service"} == {
        "287",
        "505",
        "550",
        "9117",
    }


def test_a_dialled_number_is_area_code_and_first_printed_number() -> None:
    printed_numbers = 0
    for dealer in rows("dealers.csv"):
        phones, dial = dealer["phones"].split(";"), dealer["dial"].split(";")
        assert len(phones) == len(dial), dealer
        printed_numbers += len(list(filter(None, phones)))
        for printed, dialled in zip(phones, dial, strict=True):
            number = printed.partition("-")[0]
            expected = dealer["area_code"] + number if len(number) in {4, 5, 8} else ""
            assert dialled == expected, dealer
            assert dialled.isascii()
            assert dialled.isdecimal() or not dialled
    assert printed_numbers == 92


@pytest.mark.parametrize(
    ("code", "dial"),
    [
        ("399", "02162999960"),
        ("100", "02147651"),
        ("328", "0343614"),
        ("455", "06135535985"),
        ("337", "01333593888;01334288"),
        ("288", ""),
        ("468", ""),
    ],
)
def test_dialled_numbers_follow_the_printed_list(code: str, dial: str) -> None:
    assert next(dealer for dealer in rows("dealers.csv") if dealer["code"] == code)["dial"] == dial


def test_a_dealer_whose_number_begins_with_two_has_a_note() -> None:
    doubtful = {
        dealer["code"]: dealer["note"] for dealer in rows("dealers.csv") if dealer["phones"].startswith("2")
    }
    assert doubtful.keys() == {"235", "431", "444", "446"}
    assert all("2" in note for note in doubtful.values())


def test_a_province_has_one_area_code() -> None:
    pairs = {(dealer["province_fa"], dealer["area_code"]) for dealer in rows("dealers.csv")}
    assert len(pairs) == len({province for province, _ in pairs}) == len({point for _, point in pairs}) == 26


def test_five_provinces_have_no_dealer() -> None:
    served = {province_ids()[dealer["province_fa"]] for dealer in rows("dealers.csv")}
    assert set(province_ids().values()) - served == {
        "markazi",
        "sistan-and-baluchestan",
        "ilam",
        "bushehr",
        "semnan",
    }


def test_an_office_has_a_city_and_no_number_to_dial() -> None:
    for office in rows("offices.csv"):
        assert office["id"] == city_of(office)["id"]
        assert office["phones"]
        assert not office["dial"]
        assert office["email"].endswith("@emdadkhodro.com") or office["id"] == "tehran"


def test_the_map_has_every_province_by_id_and_names_its_source() -> None:
    shapes = geojson()
    assert list(shapes)[:3] == ["type", "source", "license"]
    drawn = [feature["properties"] for feature in shapes["features"]]
    expected = [
        {column: row[column] for column in ("id", "name_fa", "name_en")} for row in rows("provinces.csv")
    ]
    assert drawn == expected
    assert (DATA_DIR / "places" / "iran_provinces.geojson").stat().st_size <= 100_000
