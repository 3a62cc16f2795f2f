"""The offline guide in real Chromium: opened from a file without network, on a phone and a tablet, in both languages."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from logic.core.normalisation import EQUIVALENT_CHARACTERS, IGNORED
from logic.service.service_schedule import ServiceScheduleRequest, cars, service_schedule
from tests.support.browser_visit import (
    ENHANCED_CONTRAST,
    FAST_PAIRS,
    FAST_VARIANTS,
    LANGUAGES,
    PHONE,
    TABLET,
    THEMES,
    Theme,
    accessibility_problems,
    private_window,
    slow_unless,
)
from tests.support.paths import ROOT
from ui.l10n.text import text
from ui.offline_guide.guide import FILE_NAME, SECTIONS, guide

GUIDE_DATE = dt.date(2024, 7, 18)
MIN_TARGET_PX = {PHONE: 44, TABLET: 48}
SMALL_TARGETS = """(least) => [...document.querySelectorAll('button, input, nav a, a[href^="tel:"], .fold > summary')]
  .filter((e) => e.checkVisibility()).map((e) => [e.textContent || e.className, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least).map(([name, box]) => `${name} ${box.width}×${box.height}`)"""

GUIDE_WIDTHS = (PHONE, TABLET)
at_each_width_and_language = pytest.mark.parametrize(
    ("width", "language"),
    [slow_unless(pair in FAST_PAIRS, *pair) for pair in product(GUIDE_WIDTHS, LANGUAGES)],
)
in_each_variant = pytest.mark.parametrize(
    ("width", "language", "theme"),
    [slow_unless(variant in FAST_VARIANTS, *variant) for variant in product(GUIDE_WIDTHS, LANGUAGES, THEMES)],
)


class GuidePage:
    """The file in a window, with the errors that it caused."""

    def __init__(self, page: Page, language: str, file: Path) -> None:
        """Record every error and every request other than for ``file``."""
        self.page, self.language = page, language
        self.errors: list[str] = []

        allowed = (file.as_uri(), "data:")
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(allowed) else self.errors.append(f"requested {request.url}")
            ),
        )
        page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def t(self, key: str, **params: object) -> str:
        return text("en" if self.language == "en" else "fa")(key, **params)

    def find(self, selector: str) -> Locator:
        return self.page.locator(f".locale[lang={self.language}]").locator(selector)

    def figure(self) -> str:
        figure = self.find(".figure b").inner_text()
        return figure.replace("٬", ",").translate({0x06F0 + digit: str(digit) for digit in range(10)})

    def assert_healthy(self) -> None:
        assert self.errors == []
        assert not self.page.evaluate("pageAudit.overflows()"), "wider than the window"
        document = self.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        assert document == [self.language, "rtl" if self.language == "fa" else "ltr"]
        assert self.page.title() == self.t("offline.title")


NORMALISATION_CASES = [
    json.loads(line)
    for line in (ROOT / "tests/support/normalisation.jsonl").read_text(encoding="utf-8").splitlines()
]
OpenGuide = Callable[..., GuidePage]


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("guide") / FILE_NAME
    path.write_bytes(guide(GUIDE_DATE).encode())
    return path


@pytest.fixture
def open_guide(browser: Browser, file: Path) -> Iterator[OpenGuide]:
    """Return a function that opens the guide without network on a given day."""
    windows: list[Page] = []

    def start(
        width: int = PHONE,
        language: str = "fa",
        today: dt.date = GUIDE_DATE,
        **options: Any,  # noqa: ANN401 - passed on
    ) -> GuidePage:
        window = private_window(browser, width, **options)
        windows.append(window)
        window.context.set_offline(True)
        guide_page = GuidePage(window, language, file)
        guide_page.page.clock.install(time=dt.datetime.combine(today, dt.time(8), tzinfo=dt.UTC))
        guide_page.page.goto(file.as_uri())
        if language == "en":
            guide_page.page.locator(".locale[lang=fa] .language").click()
        return guide_page

    yield start
    for window in windows:
        window.context.close()


@in_each_variant
def test_guide_audit(open_guide: OpenGuide, width: int, language: str, theme: Theme) -> None:
    """Check every section, with and without a level: contrast for sunlight, WCAG, targets, width, errors."""
    guide_page = open_guide(width, language, color_scheme=theme)
    for level in ("", "three_star"):
        guide_page.find(f"nav [data-to={next(iter(SECTIONS))}]").tap()
        guide_page.find(f'.segments [data-level="{level}"]').tap()
        for section in SECTIONS:
            guide_page.find(f"nav [data-to={section}]").tap()
            expect(guide_page.find(f"[data-section={section}]")).to_be_visible()
            assert guide_page.page.evaluate(SMALL_TARGETS, MIN_TARGET_PX[width]) == []
            guide_page.assert_healthy()
    guide_page.find(f"nav [data-to={next(iter(SECTIONS))}]").tap()
    assert accessibility_problems(guide_page.page, ENHANCED_CONTRAST) == []


@at_each_width_and_language
def test_two_taps_and_the_odometer_show_the_due_service(
    open_guide: OpenGuide, width: int, language: str
) -> None:
    guide_page = open_guide(width, language)
    guide_page.find("[data-car=tondar90]").tap()
    guide_page.find(".segments [data-level=three_star]").tap()
    expect(guide_page.find("[data-car=tondar90]")).to_have_attribute("aria-pressed", "true")
    guide_page.find(".odometer").press_sequentially("۲۹٬۷۰۰" if language == "fa" else "29,700")
    assert guide_page.figure() == "30,000"
    expect(guide_page.find(".badge")).to_have_text(guide_page.t("service.open"))
    expect(guide_page.find(".due .state")).to_contain_text(re.compile("1,800|۱٬۸۰۰"))
    expect(guide_page.find(".due .window")).to_have_text(re.compile("29,500.+31,500|۲۹٬۵۰۰.+۳۱٬۵۰۰"))
    items = guide_page.find(".due > .items")
    expect(items.locator("li")).to_have_count(3)
    expect(items.locator(".cell.free")).to_have_count(3)
    expect(guide_page.find(".due > .fold")).to_have_count(2)
    current = guide_page.find(".schedule-table th.current:visible")
    expect(current).to_have_text(re.compile("^(30|۳۰)$"))
    guide_page.assert_healthy()


@pytest.mark.parametrize("width", [PHONE, pytest.param(TABLET, marks=pytest.mark.slow)])
def test_a_remembered_level_leaves_one_tap_and_the_odometer(open_guide: OpenGuide, width: int) -> None:
    guide_page = open_guide(width)
    guide_page.find(".segments [data-level=three_star]").tap()
    guide_page.page.reload()
    guide_page.find("[data-car=tondar90]").tap()
    guide_page.page.keyboard.type("29700")  # the odometer field has the focus
    assert guide_page.figure() == "30,000"
    expect(guide_page.find(".due > .items .cell.free")).to_have_count(3)
    guide_page.assert_healthy()


ODOMETER_INPUTS = {
    "۲۹۷۰۰": "30,000", "٢٩٧٠٠": "30,000", "29700": "30,000", "٢٩٬٧٠٠": "30,000", "29.700": "30,000",
    "۲۹ ۷۰۰": "30,000", "29٬499": "30,000", "31500": "30,000", "31501": "40,000", "0": "10,000",
}  # fmt: skip


def test_every_way_of_writing_the_odometer_is_read(open_guide: OpenGuide) -> None:
    guide_page = open_guide()
    guide_page.find("[data-car=tondar90]").tap()
    for typed, figure in ODOMETER_INPUTS.items():
        guide_page.find(".odometer").fill(typed)
        assert guide_page.figure() == figure, typed


def test_an_unreadable_odometer_shows_no_answer(open_guide: OpenGuide) -> None:
    guide_page = open_guide()
    guide_page.find("[data-car=tondar90]").tap()
    for typed in ("29,70", "abc", "-5", "29.7", "99999999999"):
        guide_page.find(".odometer").fill("29700")
        guide_page.find(".odometer").fill(typed)
        expect(guide_page.find(".due .answer")).to_have_count(0)
        expect(guide_page.find(".field-note")).to_have_text(guide_page.t("offline.unreadable"))


def test_the_service_of_every_car_matches_the_calculator(open_guide: OpenGuide) -> None:
    guide_page = open_guide()
    guide_page.find(".segments [data-level=two_star]").tap()
    for car, row in cars().items():
        guide_page.find(f"[data-car={car}]").tap()
        for odometer in (0, 9_499, 9_500, 29_700, 41_501, 61_600, 79_800, 299_999):
            answer = service_schedule(
                ServiceScheduleRequest(
                    vehicle=row.vehicle, engine=row.engine, odometer_km=odometer, level="two_star"
                )
            ).result
            guide_page.find(".odometer").fill(str(odometer))
            entry = answer.current or answer.next
            if entry is None:
                expect(guide_page.find(".due .answer h2")).to_have_text(guide_page.t("service.no_more"))
                continue
            assert guide_page.figure() == f"{entry.service_km:,}", (car, odometer)
            expect(guide_page.find(".due > .items li")).to_have_count(len(entry.items))
            expect(guide_page.find(".due > .items .free")).to_have_count(
                sum(item.covered is True for item in entry.items)
            )
    guide_page.assert_healthy()


def test_an_odometer_beyond_the_guide_is_reported(open_guide: OpenGuide) -> None:
    guide_page = open_guide()
    guide_page.find("[data-car=ef7]").tap()
    guide_page.find(".odometer").fill("300001")
    expect(guide_page.find(".due .note")).to_have_text(guide_page.t("offline.beyond", km="۳۰۰٬۰۰۰"))


def test_another_gearbox_has_another_table(open_guide: OpenGuide) -> None:
    guide_page = open_guide(TABLET)
    guide_page.find("[data-car=peugeot_206]").tap()
    guide_page.find(".odometer").fill("40000")
    before = guide_page.find(".due > .items li").count()
    guide_page.find("[data-gearboxes=peugeot_206] [data-gearbox=automatic]").tap()
    expect(guide_page.find(".due > .items li")).to_have_count(before + 1)


SEARCHES = {
    "تندر": "[data-car=tondar90]", "تندر ٩٠": "[data-car=tondar90]", "Tondar": "[data-car=tondar90]",
    "گراند ويتارا": "[data-car=grand_vitara]", "ويتارا": "[data-car=grand_vitara]",
    "كرمان": '[data-code="kerman"]', "شیراز": '[data-code="shiraz"]', "Shiraz": '[data-code="shiraz"]',
    "كارت ملي": "[data-section=papers] [data-document]", "سیل": "[data-section=share] [data-above]",
    "آتش‌سوزي": "[data-section=share] [data-above]", "آتش سوزی": "[data-section=share] [data-above]",
}  # fmt: skip
"""Typed text, with letters and digits of several keyboards, and the element that it has to find."""


@at_each_width_and_language
def test_search_accepts_several_spellings(open_guide: OpenGuide, width: int, language: str) -> None:
    guide_page = open_guide(width, language)
    for typed, selector in SEARCHES.items():
        guide_page.find(".search").fill(typed)
        expect(guide_page.find(f"{selector}:visible").first).to_be_visible()
        expect(guide_page.find(".tile:visible")).to_have_count(1 if "car" in selector else 0)
        expect(guide_page.find(".match-count")).not_to_have_text("")
        guide_page.assert_healthy()
    guide_page.find(".search").fill("تندر")
    expect(guide_page.find("[data-search]:visible")).to_have_count(1)  # and not «بستن در»


def test_a_found_car_is_chosen_with_a_tap(open_guide: OpenGuide) -> None:
    guide_page = open_guide()
    guide_page.find("nav [data-to=dealers]").tap()
    guide_page.find(".search").fill("تندر")
    guide_page.find(".tile:visible").tap()
    expect(guide_page.find(".search")).to_have_value("")
    expect(guide_page.find(".plan:visible")).to_have_count(1)
    expect(guide_page.find(".odometer")).to_be_focused()


def test_a_search_without_results_is_reported(open_guide: OpenGuide) -> None:
    guide_page = open_guide()
    guide_page.find(".search").fill("زرافه")
    expect(guide_page.find(".match-count")).to_have_text(guide_page.t("offline.nothing_found"))
    expect(guide_page.find("[data-section]:visible")).to_have_count(0)


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("days", "warning"), [(0, None), (90, None), (91, "old"), (400, "old"), (-1, "clock"), (-30, "clock")]
)
def test_an_old_guide_or_a_wrong_clock_causes_a_warning(
    open_guide: OpenGuide, language: str, days: int, warning: str | None
) -> None:
    guide_page = open_guide(PHONE, language, today=GUIDE_DATE + dt.timedelta(days=days))
    for name in ("old", "clock"):
        expect(guide_page.find(f"[data-warn={name}]")).to_be_visible(visible=name == warning)
    if warning == "old":
        expect(guide_page.find("[data-warn=old]")).to_contain_text(re.compile(r"91|400|۹۱|۴۰۰"))
    guide_page.assert_healthy()


def test_the_warning_appears_while_the_guide_is_open(open_guide: OpenGuide) -> None:
    guide_page = open_guide()
    expect(guide_page.find("[data-warn=old]")).to_be_hidden()
    guide_page.page.clock.set_system_time(dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    guide_page.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(guide_page.find("[data-warn=old]")).to_be_visible()


def test_an_answer_is_reached_with_the_keyboard_alone(open_guide: OpenGuide) -> None:
    guide_page = open_guide()
    guide_page.find("[data-car=tondar90]").focus()
    guide_page.page.keyboard.press("Enter")
    expect(guide_page.find(".odometer")).to_be_focused()
    guide_page.page.keyboard.type("29700")
    assert guide_page.figure() == "30,000"
    guide_page.page.keyboard.press("Shift+Tab")
    expect(guide_page.find(".segments [data-level=other]")).to_be_focused()
    guide_page.page.keyboard.press("Enter")
    expect(guide_page.find(".due > .items .tariff")).to_have_count(3)


def test_every_section_is_visible_without_scripts(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    expect(page.locator("[data-section]:visible")).to_have_count(2 * len(SECTIONS))
    context.close()


def test_a_printed_guide_shows_the_due_service_and_no_buttons(open_guide: OpenGuide) -> None:
    guide_page = open_guide(TABLET)
    guide_page.find("[data-car=tondar90]").tap()
    guide_page.find(".odometer").fill("29700")
    guide_page.page.emulate_media(media="print")
    expect(guide_page.find(".due .answer")).to_be_visible()
    expect(guide_page.find(".plan:visible")).to_have_count(1)
    for hidden in (".tile", ".search", "nav", ".inputs"):
        expect(guide_page.find(hidden).first).to_be_hidden()


def test_the_guide_normalises_text_as_the_app_does(open_guide: OpenGuide) -> None:
    page = open_guide().page
    tables = page.evaluate("JSON.parse(document.getElementById('known').textContent).normalisation")
    assert tables == {"same": dict(EQUIVALENT_CHARACTERS), "ignored": IGNORED}
    for case in NORMALISATION_CASES:
        result = page.evaluate(
            """([tables, typed]) => {
              const { normalise, comparisonKey } = normalisation(tables);
              return { typed, normalised: normalise(typed), key: comparisonKey(typed) };
            }""",
            [tables, case["typed"]],
        )
        assert result == case


@pytest.mark.parametrize("typed", ["ﺗﻬﺮﺍﻥ", "تهـران", "\u200fتهران\u200d", "باختران"])
def test_the_guide_finds_a_city_in_any_spelling(open_guide: OpenGuide, typed: str) -> None:
    guide_page = open_guide()
    guide_page.find(".search").fill(typed)
    expect(guide_page.find("[data-code]:not(.no-match)").first).to_be_visible()
    guide_page.assert_healthy()
