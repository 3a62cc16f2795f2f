"""A new row in the card booklet's tables shows its label on the pages and in the offline guide."""

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from logic.core.models import Level
from tests.support.data_edits import EMDAD, appended
from tests.support.page_run import EXAMPLE_LINKS, html, open_page
from ui.offline_guide.guide import guide

GUIDE_DATE = dt.date(2024, 7, 18)


def add(data: Path, file: str, row: str, kind: str, name: str) -> None:
    """Add a row to a table, and the label of its id."""
    appended(EMDAD / file, f"{row}\n")(data)
    appended(EMDAD / "labels.toml", f'\n[{kind}.{name}]\nfa = "تازهٔ {kind}"\nen = "New {kind}"\n')(data)


def options(app: AppTest, key: str) -> list[str]:
    """Return the labels of a choice."""
    (choice,) = (widget for widget in (*app.button_group, *app.selectbox) if widget.key == key)
    return [getattr(option, "content", option) for option in choice.options]


def test_a_new_event_is_on_its_pages_and_in_the_guide(data_copy: Path) -> None:
    add(data_copy, "events.csv", "meteorite,nature,incident,peril,,,p3.3_2,", "event", "meteorite")
    share_page = open_page("share", "en", {"event": "meteorite", "damage": "1000"})
    assert "New event" in options(share_page, "share-event")
    events_page = open_page("events", "en", {"event_1": "meteorite", "damage_1": "1000"})
    assert "New event" in options(events_page, "events-event_1")
    assert 'data-event="meteorite"' in guide(GUIDE_DATE)
    assert "تازهٔ event" in guide(GUIDE_DATE)


@pytest.mark.parametrize("page", ["share", "replacement"])
def test_a_new_exclusion_is_on_its_pages(data_copy: Path, page: str) -> None:
    add(data_copy, "exclusions.csv", "no_headlights,damage,p3.9_17,no", "exclusion", "no_headlights")
    app = open_page(page, "en", {**EXAMPLE_LINKS[page], "excluded": "no_headlights"})
    assert "New exclusion" in options(app, f"{page}-excluded")
    assert "New exclusion" in html(app)  # why nothing is covered


def test_a_new_exclusion_of_a_theft_is_on_its_page(data_copy: Path) -> None:
    add(data_copy, "exclusions.csv", "left_open,total_theft,p3.9_17,no", "exclusion", "left_open")
    app = open_page("replacement", "en", {"tab": "theft"})
    assert "New exclusion" in options(app, "replacement-excluded")


def test_a_new_document_is_on_its_pages_and_in_the_guide(data_copy: Path) -> None:
    add(data_copy, "share_documents.csv", "glass,always,photograph,p3.3_2", "document", "photograph")
    appended(EMDAD / "labels.toml", '[papers.glass]\nfa = "شیشه"\nen = "New papers"\n')(data_copy)
    assert "New document" in html(open_page("share", "en", {"event": "glass", "damage": "1000"}))
    content = html(open_page("guide", "en", {"list": "documents"}))
    assert "New document" in content
    assert "New papers" in content
    assert "New document" in guide(GUIDE_DATE)


def test_new_assistance_item_is_on_its_page_and_in_the_guide(data_copy: Path) -> None:
    rows = "\n".join(f"{level},hotel,company,p2.5_5" for level in Level)
    add(data_copy, "assistance.csv", rows, "item", "hotel")
    assert "New item" in options(open_page("levels", "en", EXAMPLE_LINKS["levels"]), "levels-item")
    assert 'data-help="hotel"' in guide(GUIDE_DATE)


def test_a_new_service_is_on_its_page_and_in_the_guide(data_copy: Path) -> None:
    rows = "\n".join(f"{level},valet,included,,table_1" for level in Level)
    add(data_copy, "level_services.csv", rows, "service_name", "valet")
    appended(EMDAD / "service_groups.csv", "valet,care\n")(data_copy)
    assert "New service_name" in html(open_page("levels", "en", EXAMPLE_LINKS["levels"]))
    assert 'data-service="valet"' in guide(GUIDE_DATE)


def test_a_new_ground_of_a_renewal_is_on_its_page(data_copy: Path) -> None:
    add(data_copy, "renewal_discounts.csv", "golden,loyal,p5.2", "ground", "loyal")
    app = open_page("subscription", "en", {"task": "renew"})
    assert "New ground" in options(app, "subscription-grounds")
