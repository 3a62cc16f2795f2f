import csv
import json
import math
from typing import Any

import pytest

from logic.core.normalisation import comparison_key
from logic.core.registry import find, respond
from logic.dealers.nearest_dealers import provinces_without_dealer
from tests.support.paths import places_table

pytestmark = pytest.mark.usefixtures("named_editions")

WITHOUT_DEALER = {"markazi", "sistan-and-baluchestan", "ilam", "bushehr", "semnan"}
AZADI_TOWER = {"lat": 35.6997, "lon": 51.3380}


def rows(name: str) -> list[dict[str, str]]:
    with places_table(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def respond_to(**fields: object) -> dict[str, Any]:
    return respond(find("nearest_dealers"), json.dumps(fields).encode())


def answer(**fields: object) -> dict[str, Any]:
    response = respond_to(**fields)
    assert response["ok"], response
    return response


def nearest(**fields: object) -> dict[str, Any]:
    result: dict[str, Any] = answer(**fields)["result"]
    return result


def codes(**fields: object) -> list[str]:
    return [dealer["code"] for dealer in nearest(**fields)["dealers"]]


def refusals(**fields: object) -> list[tuple[str, str]]:
    response = respond_to(**fields)
    assert not response["ok"], response
    return [(error["field"], error["code"]) for error in response["errors"]]


def notices(**fields: object) -> set[str]:
    return {notice["key"] for notice in answer(**fields)["notices"]}


# --- Distance


def test_a_place_is_at_no_distance_from_itself() -> None:
    (dealer,) = nearest(lat=35.7190, lon=51.1990, limit=1)["dealers"]
    assert (dealer["code"], dealer["distance_km"]) == ("100", 0.0)


@pytest.mark.parametrize("north", [1, -1, 3])
def test_a_degree_of_latitude_is_111_km(north: int) -> None:
    dealers = nearest(lat=35.7190 + north, lon=51.1990, limit=100)["dealers"]
    (workshop,) = (dealer for dealer in dealers if dealer["code"] == "100")
    assert workshop["distance_km"] == round(abs(north) * 111.195, 1)


@pytest.mark.parametrize("city", ["tehran", "zahedan", "urmia"])
def test_distances_are_great_circles(city: str) -> None:
    result = nearest(city=city, network="all", limit=100)
    start = result["origin"]
    for dealer in result["dealers"]:
        lat, lon, there_lat, there_lon = (
            math.radians(degrees) for degrees in (start["lat"], start["lon"], dealer["lat"], dealer["lon"])
        )
        cosine = math.sin(lat) * math.sin(there_lat)
        cosine += math.cos(lat) * math.cos(there_lat) * math.cos(lon - there_lon)
        assert dealer["distance_km"] == pytest.approx(6371.0088 * math.acos(cosine), abs=0.051)


@pytest.mark.parametrize("city", ["tehran", "chabahar", "tabriz"])
def test_all_dealers_are_listed_nearest_first(city: str) -> None:
    dealers = nearest(city=city, network="all", limit=100)["dealers"]
    assert len(dealers) == len({(dealer["network"], dealer["code"]) for dealer in dealers}) == 75
    distances = [dealer["distance_km"] for dealer in dealers]
    assert distances == sorted(distances)
    assert codes(city=city, network="all", limit=3) == [dealer["code"] for dealer in dealers[:3]]


def test_the_nearest_dealers_of_a_city_are_in_it() -> None:
    assert {dealer["city"] for dealer in nearest(city="مشهد", limit=2)["dealers"]} == {"مشهد"}
    assert {dealer["city"] for dealer in nearest(**AZADI_TOWER, limit=3)["dealers"]} == {"تهران"}


# --- Filters


@pytest.mark.parametrize(("network", "count"), [("mvm", 65), ("emdad", 10), ("all", 75)])
def test_dealers_are_filtered_by_network(network: str, count: int) -> None:
    dealers = nearest(city="tehran", network=network, limit=100)["dealers"]
    assert len(dealers) == count
    assert {dealer["network"] for dealer in dealers} == ({network} if network != "all" else {"mvm", "emdad"})


def test_the_default_network_is_the_makers_dealers() -> None:
    assert codes(city="tehran") == codes(city="tehran", network="mvm")


@pytest.mark.parametrize(("kind", "count"), [("sales_and_service", 61), ("service", 4)])
def test_dealers_are_filtered_by_kind(kind: str, count: int) -> None:
    dealers = nearest(city="tehran", kind=kind, limit=100)["dealers"]
    assert len(dealers) == count
    assert {dealer["kind"] for dealer in dealers} == {kind}


def test_the_offices_of_the_emdad_network_have_kind_office() -> None:
    dealers = nearest(city="tehran", network="emdad", limit=100)["dealers"]
    assert {dealer["kind"] for dealer in dealers} == {"office"}
    assert {dealer["code"] for dealer in dealers} == {
        "tehran", "isfahan", "ahvaz", "tabriz", "rasht", "sari", "shiraz", "kerman", "mashhad", "hamedan",
    }  # fmt: skip
    assert "office_numbers_are_old" in notices(city="tehran", network="emdad")
    assert "office_numbers_are_old" not in notices(city="tehran")


@pytest.mark.parametrize("province", ["گیلان", "Gilan", "gilan", "گيلان"])
def test_dealers_are_filtered_by_province_in_any_spelling(province: str) -> None:
    dealers = nearest(city="tehran", province=province, limit=100)["dealers"]
    assert dealers
    assert {dealer["province"] for dealer in dealers} == {"گیلان"}
    assert "337" in {dealer["code"] for dealer in dealers}  # printed with province and city swapped


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_limit_sets_the_number_of_dealers(limit: int) -> None:
    assert len(codes(city="tehran", limit=limit)) == min(limit, 65)


def test_five_dealers_are_listed_by_default() -> None:
    assert len(codes(city="tehran")) == 5


@pytest.mark.parametrize("province", sorted(WITHOUT_DEALER))
def test_a_notice_names_a_province_without_a_dealer(province: str) -> None:
    result = nearest(city="tehran", province=province)
    assert (result["dealers"], result["reason"]) == ([], "none_in_province")
    (notice,) = (
        notice
        for notice in answer(city="tehran", province=province)["notices"]
        if notice["key"] == "province_without_dealer"
    )
    names = {row["id"]: (row["name_fa"], row["name_en"]) for row in rows("provinces.csv")}
    assert (notice["params"]["province_fa"], notice["params"]["province_en"]) == names[province]


def test_a_city_without_dealers_in_its_province_gets_those_elsewhere() -> None:
    assert "province_without_dealer" in notices(city="سمنان")
    assert len(codes(city="سمنان")) == 5
    assert "province_without_dealer" not in notices(city="تهران")
    assert "province_without_dealer" not in notices(**AZADI_TOWER)


def test_the_provinces_without_a_dealer_are_named() -> None:
    assert {row.id for row in provinces_without_dealer()} == WITHOUT_DEALER
    assert len(provinces_without_dealer("emdad")) == 31 - 10
    assert {row.id for row in provinces_without_dealer("all")} == WITHOUT_DEALER


def test_there_is_no_office_among_the_makers_dealers() -> None:
    assert nearest(city="tehran", kind="office") == nearest(city="tehran", kind="office", network="mvm")
    assert nearest(city="tehran", kind="office")["reason"] == "none_of_kind"


# --- Fields of a dealer


def test_a_dealer_has_the_fields_of_the_printed_list() -> None:
    (dealer,) = (
        candidate for candidate in nearest(city="رشت", limit=5)["dealers"] if candidate["code"] == "337"
    )
    printed = {row["code"]: row for row in rows("dealers.csv")}["337"]
    assert (dealer["province"], dealer["city"]) == ("گیلان", "رشت")
    assert dealer["address"] == printed["address"]
    assert dealer["phones"] == ["33593888", "34288"]
    assert dealer["dial"] == ["01333593888", "01334288"]


@pytest.mark.parametrize(
    ("code", "phones", "dial"),
    [("468", [], []), ("288", ["113518"], [None]), ("100", ["47651"], ["02147651"])],
)
def test_a_number_that_cannot_be_dialled_is_not_offered_for_dialling(
    code: str, phones: list[str], dial: list[str | None]
) -> None:
    dealers = {dealer["code"]: dealer for dealer in nearest(city="tehran", limit=100)["dealers"]}
    assert (dealers[code]["phones"], dealers[code]["dial"]) == (phones, dial)


def test_every_place_has_as_many_numbers_to_dial_as_phones() -> None:
    for dealer in nearest(city="tehran", network="all", limit=100)["dealers"]:
        assert len(dealer["phones"]) == len(dealer["dial"]), dealer["code"]


def test_a_notice_names_places_located_only_by_city() -> None:
    dealers = nearest(city="رشت", limit=1)["dealers"]
    assert dealers[0]["precision"] != "city"
    assert "some_are_city_points" not in notices(city="رشت", limit=1)
    assert "some_are_city_points" in notices(city="tehran", limit=100)
    assert "straight_line" in notices(city="tehran")


def test_each_distance_is_a_step_that_cites_its_list() -> None:
    response = answer(city="tehran", network="all", limit=100)
    for dealer, step in zip(response["result"]["dealers"], response["steps"], strict=True):
        assert step["inputs"]["code"] == dealer["code"]
        assert float(step["value"]) == dealer["distance_km"]
        assert step["clause"] == (
            "emdad.ssa005_14.offices" if dealer["kind"] == "office" else "mvm_fx.guarantee_booklet.dealers"
        )


# --- Origin


@pytest.mark.parametrize(
    "city",
    [
        "کرمانشاه",
        "كرمانشاه",
        "کرمان شاه",
        "کرمان‌شاه",
        "Kermanshah",
        "KERMANSHAH",
        " kermanshah ",
        "Kerman-Shah",
    ],
)
def test_a_city_is_found_in_any_usual_spelling(city: str) -> None:
    assert nearest(city=city)["origin"]["name"] == "کرمانشاه"


@pytest.mark.parametrize("city", ["آمل", "امل", "أمل", "Amol"])
def test_a_city_is_found_with_or_without_the_alef_madda(city: str) -> None:
    assert nearest(city=city)["origin"]["name"] == "آمل"


def test_every_city_is_found_by_each_of_its_names() -> None:
    for city in rows("cities.csv"):
        for name in (
            city["id"],
            city["name_fa"],
            city["name_en"],
            *filter(None, city["other_names"].split(";")),
        ):
            origin = nearest(city=name, limit=1)["origin"]
            assert comparison_key(origin["name"]) != ""
        by_id = nearest(city=city["id"], limit=1)["origin"]
        assert (by_id["lat"], by_id["lon"]) == (float(city["lat"]), float(city["lon"]))


def test_every_province_is_found_and_its_point_is_its_capitals() -> None:
    cities = {city["id"]: city for city in rows("cities.csv")}
    for province in rows("provinces.csv"):
        capital = cities[province["capital"]]
        for name in (province["name_fa"], province["name_en"], province["id"]):
            assert nearest(city=name, limit=1)["origin"]["name"] == capital["name_fa"], name


def test_every_city_of_the_lists_is_found() -> None:
    for dealer in [*rows("dealers.csv"), *rows("offices.csv")]:
        assert comparison_key(nearest(city=dealer["city_fa"])["origin"]["name"]) == comparison_key(
            dealer["city_fa"]
        )


def test_the_larger_city_of_two_with_one_name_is_chosen() -> None:
    assert nearest(city="خرم‌آباد")["origin"]["province"] == "lorestan"
    assert nearest(city="اردکان")["origin"]["province"] == "yazd"


@pytest.mark.parametrize(
    ("text", "suggestion"), [("تهرن", "تهران"), ("اصفهن", "اصفهان"), ("Tabrizz", "تبریز")]
)
def test_a_misspelt_city_is_refused_with_suggestions(text: str, suggestion: str) -> None:
    (error,) = respond_to(city=text)["errors"]
    assert error["code"] == "unknown_city"
    assert suggestion in error["message"]["fa"]


@pytest.mark.parametrize("text", ["", "؟", "qqqqqqqqqq", "London"])
def test_an_unknown_place_is_refused(text: str) -> None:
    assert refusals(city=text) == [("city", "unknown_city")]


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [
        (23.9999, 54, False),
        (24.0, 54, True),
        (24.0001, 54, True),
        (40.4999, 54, True),
        (40.5, 54, True),
        (40.5001, 54, False),
        (33, 43.4999, False),
        (33, 43.5, True),
        (33, 43.5001, True),
        (33, 63.4999, True),
        (33, 63.5, True),
        (33, 63.5001, False),
    ],
)
def test_a_point_outside_the_bounding_box_of_iran_is_refused(lat: float, lon: float, *, inside: bool) -> None:
    if inside:
        assert len(codes(lat=lat, lon=lon)) == 5
    else:
        assert refusals(lat=lat, lon=lon) == [("lat", "outside_iran")]


@pytest.mark.parametrize(("lat", "lon"), [(51.4, 35.7), (43.5, 24), (63.5, 40.5)])
def test_swapped_coordinates_are_reported_as_swapped(lat: float, lon: float) -> None:
    assert refusals(lat=lat, lon=lon) == [("lat", "coordinates_swapped")]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({}, ("city", "city_or_point")),
        ({"city": "tehran", **AZADI_TOWER}, ("city", "city_or_point")),
        ({"city": "tehran", "lat": 35.7}, ("city", "city_or_point")),
        ({"lat": 35.7}, ("lon", "required")),
        ({"lon": 51.4}, ("lat", "required")),
        ({"lat": "abc", "lon": 51.4}, ("lat", "not_a_number")),
        ({"lat": [], "lon": 51.4}, ("lat", "not_a_number")),
        ({"lat": True, "lon": 51.4}, ("lat", "not_a_number")),
        ({"lat": "nan", "lon": 51.4}, ("lat", "not_a_number")),
        ({"lat": 91, "lon": 51.4}, ("lat", "too_large")),
        ({"lat": 35.7, "lon": -181}, ("lon", "too_small")),
        ({"city": 7}, ("city", "not_text")),
        ({"city": "tehran", "province": "Atlantis"}, ("province", "unknown_province")),
        ({"city": "tehran", "network": "bahman"}, ("network", "unknown_value")),
        ({"city": "tehran", "kind": "sales"}, ("kind", "unknown_value")),
        ({"city": "tehran", "limit": 0}, ("limit", "too_small")),
        ({"city": "tehran", "limit": 101}, ("limit", "too_large")),
        ({"city": "tehran", "limit": 2.5}, ("limit", "not_whole")),
        ({"city": "tehran", "limit": "2"}, ("limit", "not_whole")),
    ],
)
def test_a_request_without_an_origin_is_refused_at_its_field(
    fields: dict[str, object], refusal: tuple[str, str]
) -> None:
    assert refusals(**fields) == [refusal]


@pytest.mark.parametrize("city", ["x" * 81, "\ud800"])
def test_an_impossible_city_name_is_refused(city: str) -> None:
    assert [field for field, _ in refusals(city=city)] == ["city"]
