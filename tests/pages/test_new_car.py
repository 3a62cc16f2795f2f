"""A new car needs only rows and labels: every page offers it, and no page offers a removed one."""

import datetime as dt
from pathlib import Path

import pytest

from logic.core.messages import LANGUAGES, Language
from tests.support.data_edits import EMDAD, NEXT, followed, new_car, replaced
from tests.support.page_run import html, open_page
from tools.harness.fleet_files import as_csv
from ui.fleet.fleet_file import read
from ui.frame.prefill import prefill_values
from ui.l10n.text import text
from ui.offline_guide.guide import guide

GUIDE_DATE = dt.date(2024, 7, 18)
NAMES: dict[Language, str] = {"fa": "دنا", "en": "Dena"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_car_is_a_tile_with_its_services_and_gearboxes(data_copy: Path, language: Language) -> None:
    new_car(data_copy)
    app = open_page("service", language, {"car": "dena", "odometer": "20000", "gearbox": "robotised"})
    (tiles,) = (group for group in app.get("button_group") if group.proto.id.endswith("service-car"))
    assert f"**{NAMES[language]}**  \nEF7+" in [option.content for option in tiles.proto.options]
    gearboxes = [
        option.content
        for group in app.get("button_group")
        if group.proto.id.endswith("service-gearbox")
        for option in group.proto.options
    ]
    assert gearboxes == [
        text(language).name_of("gearbox", "manual"),
        {"fa": "رباتیک", "en": "Robotised"}[language],
    ]
    assert text(language).name_of("service_item", "spark_plugs") in html(app)


@pytest.mark.parametrize("page", ["my_car", "adviser"])
def test_a_new_car_is_in_the_list_of_a_page(data_copy: Path, page: str) -> None:
    new_car(data_copy)
    (cars,) = (box for box in open_page(page, "en", {"car": "dena"}).selectbox if box.key == f"{page}-car")
    assert "Dena, EF7+" in cars.options
    assert cars.value == "dena"


@pytest.mark.parametrize("name", ["dena", "دنا", "Dena", "دنا، EF7+"])
def test_a_new_car_is_read_in_a_file_of_a_fleet(data_copy: Path, name: str) -> None:
    new_car(data_copy)
    (car,) = read(text("fa"), as_csv(["a", name, "1", "", ""]), 10).cars
    assert (car.car.vehicle, car.car.engine) == ("dena", "ef7p")


def test_a_new_car_fills_the_page_of_its_makers_guarantee(data_copy: Path) -> None:
    new_car(data_copy)
    assert prefill_values("warranty", {"car": "dena"}) == {"maker": "mvm_fx"}


def test_a_new_car_is_in_the_offline_guide_with_its_table(data_copy: Path) -> None:
    new_car(data_copy)
    document = guide(GUIDE_DATE)
    assert document.count('data-car="dena"') == len(LANGUAGES)
    assert document.count('data-plan="dena-') == len(LANGUAGES)


def test_a_car_removed_in_the_newest_edition_is_not_offered(data_copy: Path) -> None:
    followed(EMDAD)(data_copy)
    replaced(EMDAD.with_name(NEXT) / "cars.csv", "roa,roa,ohv,manual automatic,\n", "")(data_copy)
    (cars,) = (box for box in open_page("my_car", "en").selectbox if box.key == "my_car-car")
    assert not [name for name in cars.options if "Roa" in name]
    assert 'data-car="roa"' not in guide(GUIDE_DATE)
    (error,) = read(text("en"), as_csv(["a", "Roa", "1", "", ""]), 10).errors
    assert error.column == text("en")("fleet.car")
