"""The dealers page and the offline guide show the rows of the place tables."""

import datetime as dt
from pathlib import Path

from logic.datasets.dataset import SHIPPED
from tests.support.data_edits import DEALERS, labelled, with_new_dealer
from tests.support.page_run import assert_no_exception, html, open_page
from ui.assets import provinces_file
from ui.offline_guide.guide import guide


def test_a_new_city_is_offered_and_a_new_dealer_is_shown(data_copy: Path) -> None:
    with_new_dealer()(data_copy)
    app = open_page("dealers", "en")
    app.text_input[0].set_value("khodroab").run()
    assert_no_exception(app)
    (suggestion,) = (button for button in app.button if "Khodroabad" in button.label)
    suggestion.click().run()
    assert_no_exception(app)
    assert "Tazekar" in html(app)


def test_a_new_kind_of_dealer_is_offered(data_copy: Path) -> None:
    with_new_dealer("charging")(data_copy)
    labelled(DEALERS.parent, "dealer_kind", "charging")(data_copy)
    app = open_page("dealers", "en", {"city": "yazd", "kind": "charging"})
    assert "Tazekar" in html(app)
    options = [group.options for group in app.button_group if "New charging" in group.options]
    assert options == [["All", "Sales and service", "Workshop only", "New charging"]]


def test_a_new_dealer_is_in_the_offline_guide(data_copy: Path) -> None:
    with_new_dealer("charging")(data_copy)
    labelled(DEALERS.parent, "dealer_kind", "charging")(data_copy)
    document = guide(dt.date(2026, 10, 1))
    for fragment in ("Tazekar", "Khodroabad", "New charging", "tel:03531234567"):
        assert fragment in document


def test_the_map_shows_the_provinces_of_the_data_folder_or_else_of_the_app(data_copy: Path) -> None:
    file = data_copy / "places" / "iran_provinces.geojson"
    assert provinces_file() == file
    file.unlink()
    assert provinces_file() == SHIPPED / "places" / "iran_provinces.geojson"
