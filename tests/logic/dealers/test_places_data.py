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
    """Fold a place name further than any search does: no accents, hamza, spaces or joiners."""
    letters = (c for c in unicodedata.normalize("NFKD", name.casefold()) if c.isalnum())
    return "".join(letters).translate(str.maketrans("يىكة", "ییکه"))


def names(city: dict[str, str]) -> list[str]:
    return [city["name_fa"], city["name_en"], *filter(None, city["other_names"].split(";"))]


def km_between(a: dict[str, str], b: dict[str, str]) -> float:
    lat1, lon1, lat2, lon2 = (math.radians(float(row[c])) for row in (a, b) for c in ("lat", "lon"))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def province_ids() -> dict[str, str]:
    return {row["name_fa"]: row["id"] for row in rows("provinces.csv")}


def cities_by_name() -> dict[tuple[str, str], dict[str, str]]:
    return {(c["province"], key(c["name_fa"])): c for c in rows("cities.csv")}


def city_of(place: dict[str, str]) -> dict[str, str]:
    return cities_by_name()[province_ids()[place["province_fa"]], key(place["city_fa"])]


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
def test_every_printed_place_is_there_once_with_its_own_line(name: str, column: str, count: int) -> None:
    places = rows(name)
    assert len({p[column] for p in places}) == len({p["source_line"] for p in places}) == len(places) == count


def test_there_are_31_provinces_and_their_capitals_lie_in_them() -> None:
    provinces = rows("provinces.csv")
    assert len(provinces) == 31
    assert all(len({p[column] for p in provinces}) == 31 for column in provinces[0])
    assert {p["iso"] for p in provinces} == {f"IR-{n:02}" for n in range(31)}
    home = {c["id"]: c["province"] for c in rows("cities.csv")}
    assert all(home[p["capital"]] == p["id"] for p in provinces)


def test_city_ids_are_unique_ascii_words_and_never_a_foreign_provinces_id() -> None:
    cities = rows("cities.csv")
    assert all(n == 1 for n in Counter(c["id"] for c in cities).values())
    assert all(c["id"].isascii() and c["id"] == c["id"].lower() for c in cities)
    assert all(c["id"].replace("-", "").isalnum() for c in cities)
    provinces = set(province_ids().values())
    assert all(c["id"] not in provinces or c["id"] == c["province"] for c in cities)


def test_every_city_lies_in_a_known_province_and_has_a_population_or_zero() -> None:
    cities = rows("cities.csv")
    assert {c["province"] for c in cities} == set(province_ids().values())
    assert all(int(c["population"]) >= 0 for c in cities)
    assert sum(int(c["population"]) >= 15_000 for c in cities) >= 390


def test_a_name_means_one_city_in_a_province() -> None:
    owners: dict[tuple[str, str], str] = {}
    for city in rows("cities.csv"):
        for name in names(city):
            assert owners.setdefault((city["province"], key(name)), city["id"]) == city["id"]


@pytest.mark.parametrize("name", ["dealers.csv", "offices.csv", "cities.csv"])
def test_every_point_lies_inside_the_box_of_iran(name: str) -> None:
    for row in rows(name):
        assert 24 <= float(row["lat"]) <= 40.5, row
        assert 43.5 <= float(row["lon"]) <= 63.5, row


@pytest.mark.parametrize("name", ["dealers.csv", "offices.csv"])
def test_a_place_is_near_its_city(name: str) -> None:
    for place in rows(name):
        error_km = float(place["est_error_km"])
        assert error_km > 0
        assert place["precision"] in {"street", "neighbourhood", "city"}
        assert km_between(place, city_of(place)) <= error_km + CITY_CENTRE_RADIUS_KM, place


def test_a_dealer_placed_only_by_city_stands_on_the_gazetteers_point() -> None:
    for dealer in rows("dealers.csv"):
        if dealer["precision"] == "city":
            assert km_between(dealer, city_of(dealer)) < 1, dealer


def test_dealers_are_of_the_known_network_and_kinds() -> None:
    dealers = rows("dealers.csv")
    assert {d["network"] for d in dealers} == {"mvm"}
    kinds = Counter(d["kind"] for d in dealers)
    assert kinds == {"sales_and_service": 61, "service": 4}
    assert {d["code"] for d in dealers if d["kind"] == "service"} == {"287", "505", "550", "9117"}


def test_a_number_is_dialled_as_area_code_and_the_first_number_printed() -> None:
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
    assert next(d for d in rows("dealers.csv") if d["code"] == code)["dial"] == dial


def test_a_number_that_begins_with_two_carries_its_doubt() -> None:
    doubtful = {d["code"]: d["note"] for d in rows("dealers.csv") if d["phones"].startswith("2")}
    assert doubtful.keys() == {"235", "431", "444", "446"}
    assert all("2" in note for note in doubtful.values())


def test_a_province_has_one_area_code() -> None:
    pairs = {(d["province_fa"], d["area_code"]) for d in rows("dealers.csv")}
    assert len(pairs) == len({p for p, _ in pairs}) == len({a for _, a in pairs}) == 26


def test_five_provinces_have_no_dealer() -> None:
    served = {province_ids()[d["province_fa"]] for d in rows("dealers.csv")}
    assert set(province_ids().values()) - served == {
        "markazi",
        "sistan-and-baluchestan",
        "ilam",
        "bushehr",
        "semnan",
    }


def test_an_office_is_known_by_its_city_and_offers_no_number_to_dial() -> None:
    for office in rows("offices.csv"):
        assert office["id"] == city_of(office)["id"]
        assert office["phones"]
        assert not office["dial"]
        assert office["email"].endswith("@emdadkhodro.com") or office["id"] == "tehran"


def test_the_map_draws_every_province_under_its_id_and_names_its_source() -> None:
    shapes = geojson()
    assert list(shapes)[:3] == ["type", "source", "license"]
    drawn = [feature["properties"] for feature in shapes["features"]]
    expected = [{c: row[c] for c in ("id", "name_fa", "name_en")} for row in rows("provinces.csv")]
    assert drawn == expected
    assert (DATA_DIR / "places" / "iran_provinces.geojson").stat().st_size <= 100_000
