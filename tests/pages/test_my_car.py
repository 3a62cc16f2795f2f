"""Tests of my car: prefilled pages, the calendar file, and clearing."""

from html import unescape

import pytest
from icalendar import Calendar

from logic.core.jalali import parse_day
from logic.core.messages import LANGUAGES, Language
from logic.core.models import Level
from logic.vehicles.my_car import MyCar, upcoming
from tests.support.page_run import SCRIPTS, html, open_page
from ui.frame.prefill import PREFILLED_FIELDS, prefill_values
from ui.l10n.numbers import format_number
from ui.l10n.text import text
from ui.views.my_car import calendar_file

ON = parse_day("1405-09-04")


@pytest.mark.parametrize(("level", "kind"), [("mobile", "mobile"), ("two_star", "golden")])
def test_the_level_prefills_the_kind_of_card(level: str, kind: str) -> None:
    assert prefill_values("subscription", {"level": level}) == {"kind": kind}


@pytest.mark.parametrize(("car", "filled"), [("mvm_fx", {"maker": "mvm_fx"}), ("roa", {}), ("", {})])
def test_the_car_prefills_the_maker_of_its_guarantee(car: str, filled: dict[str, str]) -> None:
    assert prefill_values("warranty", {"car": car}) == filled


def test_a_page_is_prefilled_with_its_own_fields() -> None:
    profile = {"level": "two_star", "odometer": "29700", "car": "roa"}
    assert prefill_values("service", profile) == {"car": "roa", "odometer": "29700", "level": "two_star"}
    assert prefill_values("home", profile) == prefill_values("share", {}) == {}
    assert {field for fills in PREFILLED_FIELDS.values() for field in fills.values()} <= {
        "car", "produced", "delivered", "odometer", "level", "card_started", "use", "earlier", "repairs", "kind",
        "maker",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dates_are_written_to_a_calendar_file(language: Language) -> None:
    car = MyCar(
        level=Level.THREE_STAR, card_started_on=parse_day("1405-03-01"), produced_on=parse_day("1403-02-01")
    )
    calendar = Calendar.from_ical(calendar_file(text(language), upcoming(car, ON)))
    days = {str(event["summary"]): event.decoded("dtstart") for event in calendar.walk("VEVENT")}
    t = text(language)
    assert days == {
        t("upcoming.card_ends"): parse_day("1406-02-31"),
        t("upcoming.level_until"): parse_day("1408-02-01"),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_my_car_prefills_other_pages_until_it_is_cleared(language: Language) -> None:
    t = text(language)
    app = open_page("my_car", language, {"car": "tondar90", "odometer": "29700", "level": "three_star"})
    app.query_params.clear()  # as choosing another page in the menu does
    app.switch_page(SCRIPTS["service"]).run()
    assert not app.exception
    content = html(app)
    names = t("word.and").join(t(f"service.{name}") for name in ("car", "odometer", "level"))
    assert t("app.from_car", names=names) in unescape(content)
    assert format_number(30_000, language) in content
    app.switch_page(SCRIPTS["my_car"]).run()
    app.button(key="forget").click().run()
    assert not app.exception
    app.switch_page(SCRIPTS["share"]).run()
    assert t("share.level") not in unescape(html(app)).split("kh-input-summary")[0]
