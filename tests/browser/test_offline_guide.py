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
    LANGUAGES,
    PHONE,
    TABLET,
    THEMES,
    Theme,
    accessibility_problems,
    private_window,
)
from tests.support.paths import ROOT
from ui.l10n.text import text
from ui.offline_guide.guide import FILE_NAME, SECTIONS, guide

MADE = dt.date(2024, 7, 18)
MIN_TARGET_PX = {PHONE: 44, TABLET: 48}
SMALL_TARGETS = """(least) => [...document.querySelectorAll('button, input, nav a, a[href^="tel:"], .fold > summary')]
  .filter((e) => e.checkVisibility()).map((e) => [e.textContent || e.className, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least).map(([name, box]) => `${name} ${box.width}×${box.height}`)"""

FAST_PAIRS = {(PHONE, "fa"), (TABLET, "en")}
FAST_VARIANTS = {(PHONE, "fa", "light"), (TABLET, "en", "dark")}
at_each_width_and_language = pytest.mark.parametrize(
    ("width", "language"),
    [
        pytest.param(*pair, marks=() if pair in FAST_PAIRS else pytest.mark.slow)
        for pair in product((PHONE, TABLET), LANGUAGES)
    ],
)
in_each_variant = pytest.mark.parametrize(
    ("width", "language", "theme"),
    [
        pytest.param(*variant, marks=() if variant in FAST_VARIANTS else pytest.mark.slow)
        for variant in product((PHONE, TABLET), LANGUAGES, THEMES)
    ],
)


class GuidePage:
    """The file in a window, with the errors that it caused."""

    def __init__(self, page: Page, language: str, file: Path) -> None:
        """Record every error and every request for something else than ``file``."""
        self.page, self.language = page, language
        self.errors: list[str] = []

        own = (file.as_uri(), "data:")
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(own) else self.errors.append(f"requested {request.url}")
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
        shown = self.find(".figure b").inner_text()
        return shown.replace("٬", ",").translate({0x06F0 + digit: str(digit) for digit in range(10)})

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
    path.write_bytes(guide(MADE).encode())
    return path


@pytest.fixture
def open_guide(browser: Browser, file: Path) -> Iterator[OpenGuide]:
    """Return a function that opens the guide without network on a given day."""
    windows: list[Page] = []

    def start(width: int = PHONE, language: str = "fa", today: dt.date = MADE, **options: Any) -> GuidePage:  # noqa: ANN401
        window = private_window(browser, width, **options)
        windows.append(window)
        window.context.set_offline(True)
        opened = GuidePage(window, language, file)
        opened.page.clock.install(time=dt.datetime.combine(today, dt.time(8), tzinfo=dt.UTC))
        opened.page.goto(file.as_uri())
        if language == "en":
            opened.page.locator(".locale[lang=fa] .language").click()
        return opened

    yield start
    for window in windows:
        window.context.close()


@in_each_variant
def test_guide_audit(open_guide: OpenGuide, width: int, language: str, theme: Theme) -> None:
    """Check every section, with and without a level: contrast for sunlight, WCAG, targets, width, errors."""
    audited = open_guide(width, language, color_scheme=theme)
    for level in ("", "three_star"):
        audited.find(f"nav [data-to={next(iter(SECTIONS))}]").tap()
        audited.find(f'.segments [data-level="{level}"]').tap()
        for section in SECTIONS:
            audited.find(f"nav [data-to={section}]").tap()
            expect(audited.find(f"[data-section={section}]")).to_be_visible()
            assert audited.page.evaluate(SMALL_TARGETS, MIN_TARGET_PX[width]) == []
            audited.assert_healthy()
    audited.find(f"nav [data-to={next(iter(SECTIONS))}]").tap()
    assert accessibility_problems(audited.page, ENHANCED_CONTRAST) == []


@at_each_width_and_language
def test_two_taps_and_the_km_find_what_is_due(open_guide: OpenGuide, width: int, language: str) -> None:
    due = open_guide(width, language)
    due.find("[data-car=tondar90]").tap()
    due.find(".segments [data-level=three_star]").tap()
    expect(due.find("[data-car=tondar90]")).to_have_attribute("aria-pressed", "true")
    due.find(".odometer").press_sequentially("۲۹٬۷۰۰" if language == "fa" else "29,700")
    assert due.figure() == "30,000"
    expect(due.find(".badge")).to_have_text(due.t("service.open"))
    expect(due.find(".due .state")).to_contain_text(re.compile("1,800|۱٬۸۰۰"))
    expect(due.find(".due .window")).to_have_text(re.compile("29,500.+31,500|۲۹٬۵۰۰.+۳۱٬۵۰۰"))
    items = due.find(".due > .items")
    expect(items.locator("li")).to_have_count(3)
    expect(items.locator(".cell.free")).to_have_count(3)
    expect(due.find(".due > .fold")).to_have_count(2)
    current = due.find(".full th.cur:visible")
    expect(current).to_have_text(re.compile("^(30|۳۰)$"))
    due.assert_healthy()


@pytest.mark.parametrize("width", [PHONE, pytest.param(TABLET, marks=pytest.mark.slow)])
def test_with_the_level_remembered_one_tap_and_the_digits_are_enough(
    open_guide: OpenGuide, width: int
) -> None:
    due = open_guide(width)
    due.find(".segments [data-level=three_star]").tap()
    due.page.reload()
    due.find("[data-car=tondar90]").tap()
    due.page.keyboard.type("29700")  # the odometer is ready to be written in
    assert due.figure() == "30,000"
    expect(due.find(".due > .items .cell.free")).to_have_count(3)
    due.assert_healthy()


READ = {
    "۲۹۷۰۰": "30,000", "٢٩٧٠٠": "30,000", "29700": "30,000", "٢٩٬٧٠٠": "30,000", "29.700": "30,000",
    "۲۹ ۷۰۰": "30,000", "29٬499": "30,000", "31500": "30,000", "31501": "40,000", "0": "10,000",
}  # fmt: skip


def test_the_odometer_reads_every_way_of_writing(open_guide: OpenGuide) -> None:
    due = open_guide()
    due.find("[data-car=tondar90]").tap()
    for typed, figure in READ.items():
        due.find(".odometer").fill(typed)
        assert due.figure() == figure, typed


def test_what_cannot_be_read_leaves_no_answer(open_guide: OpenGuide) -> None:
    due = open_guide()
    due.find("[data-car=tondar90]").tap()
    for typed in ("29,70", "abc", "-5", "29.7", "99999999999"):
        due.find(".odometer").fill("29700")
        due.find(".odometer").fill(typed)
        expect(due.find(".due .answer")).to_have_count(0)
        expect(due.find(".echo")).to_have_text(due.t("offline.unreadable"))


def test_the_shown_service_of_every_car_is_that_of_the_calculator(open_guide: OpenGuide) -> None:
    due = open_guide()
    due.find(".segments [data-level=two_star]").tap()
    for car, row in cars().items():
        due.find(f"[data-car={car}]").tap()
        for odometer in (0, 9_499, 9_500, 29_700, 41_501, 61_600, 79_800, 299_999):
            answer = service_schedule(
                ServiceScheduleRequest(
                    vehicle=row.vehicle, engine=row.engine, odometer_km=odometer, level="two_star"
                )
            ).result
            due.find(".odometer").fill(str(odometer))
            entry = answer.current or answer.next
            if entry is None:
                expect(due.find(".due .answer h2")).to_have_text(due.t("service.no_more"))
                continue
            assert due.figure() == f"{entry.service_km:,}", (car, odometer)
            expect(due.find(".due > .items li")).to_have_count(len(entry.items))
            expect(due.find(".due > .items .free")).to_have_count(
                sum(item.covered is True for item in entry.items)
            )
    due.assert_healthy()


def test_beyond_the_guide_it_says_so(open_guide: OpenGuide) -> None:
    due = open_guide()
    due.find("[data-car=ef7]").tap()
    due.find(".odometer").fill("300001")
    expect(due.find(".due .note")).to_have_text(due.t("offline.beyond", km="۳۰۰٬۰۰۰"))


def test_another_gearbox_has_another_table(open_guide: OpenGuide) -> None:
    due = open_guide(TABLET)
    due.find("[data-car=peugeot_206]").tap()
    due.find(".odometer").fill("40000")
    before = due.find(".due > .items li").count()
    due.find("[data-gearboxes=peugeot_206] [data-gearbox=automatic]").tap()
    expect(due.find(".due > .items li")).to_have_count(before + 1)


SOUGHT = {
    "تندر": "[data-car=tondar90]", "تندر ٩٠": "[data-car=tondar90]", "Tondar": "[data-car=tondar90]",
    "گراند ويتارا": "[data-car=grand_vitara]", "ويتارا": "[data-car=grand_vitara]",
    "كرمان": '[data-code="kerman"]', "شیراز": '[data-code="shiraz"]', "Shiraz": '[data-code="shiraz"]',
    "كارت ملي": "[data-section=papers] [data-document]", "سیل": "[data-section=share] [data-above]",
    "آتش‌سوزي": "[data-section=share] [data-above]", "آتش سوزی": "[data-section=share] [data-above]",
}  # fmt: skip
"""What is typed, with the letters and digits of several keyboards, and what it has to find."""


@at_each_width_and_language
def test_search_forgives_spelling(open_guide: OpenGuide, width: int, language: str) -> None:
    opened = open_guide(width, language)
    for said, selector in SOUGHT.items():
        opened.find(".search").fill(said)
        expect(opened.find(f"{selector}:visible").first).to_be_visible()
        expect(opened.find(".tile:visible")).to_have_count(1 if "car" in selector else 0)
        expect(opened.find(".found")).not_to_have_text("")
        opened.assert_healthy()
    opened.find(".search").fill("تندر")
    expect(opened.find("[data-k]:visible")).to_have_count(1)  # and not «بستن در»


def test_a_found_car_is_chosen_with_a_tap(open_guide: OpenGuide) -> None:
    opened = open_guide()
    opened.find("nav [data-to=dealers]").tap()
    opened.find(".search").fill("تندر")
    opened.find(".tile:visible").tap()
    expect(opened.find(".search")).to_have_value("")
    expect(opened.find(".plan:visible")).to_have_count(1)
    expect(opened.find(".odometer")).to_be_focused()


def test_what_is_nowhere_is_said(open_guide: OpenGuide) -> None:
    opened = open_guide()
    opened.find(".search").fill("زرافه")
    expect(opened.find(".found")).to_have_text(opened.t("offline.nothing_found"))
    expect(opened.find("[data-section]:visible")).to_have_count(0)


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("days", "warning"), [(0, None), (90, None), (91, "old"), (400, "old"), (-1, "clock"), (-30, "clock")]
)
def test_it_warns_when_it_is_old_or_the_clock_is_wrong(
    open_guide: OpenGuide, language: str, days: int, warning: str | None
) -> None:
    opened = open_guide(PHONE, language, today=MADE + dt.timedelta(days=days))
    for each in ("old", "clock"):
        expect(opened.find(f"[data-warn={each}]")).to_be_visible(visible=each == warning)
    if warning == "old":
        expect(opened.find("[data-warn=old]")).to_contain_text(re.compile(r"91|400|۹۱|۴۰۰"))
    opened.assert_healthy()


def test_the_warning_comes_while_it_lies_open(open_guide: OpenGuide) -> None:
    opened = open_guide()
    expect(opened.find("[data-warn=old]")).to_be_hidden()
    opened.page.clock.set_system_time(dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    opened.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(opened.find("[data-warn=old]")).to_be_visible()


def test_the_keyboard_alone_is_enough(open_guide: OpenGuide) -> None:
    opened = open_guide()
    opened.find("[data-car=tondar90]").focus()
    opened.page.keyboard.press("Enter")
    expect(opened.find(".odometer")).to_be_focused()
    opened.page.keyboard.type("29700")
    assert opened.figure() == "30,000"
    opened.page.keyboard.press("Shift+Tab")
    expect(opened.find(".segments [data-level=other]")).to_be_focused()
    opened.page.keyboard.press("Enter")
    expect(opened.find(".due > .items .tariff")).to_have_count(3)


def test_without_scripts_all_of_it_can_be_read(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    expect(page.locator("[data-section]:visible")).to_have_count(2 * len(SECTIONS))
    context.close()


def test_paper_shows_what_is_due_and_no_buttons(open_guide: OpenGuide) -> None:
    opened = open_guide(TABLET)
    opened.find("[data-car=tondar90]").tap()
    opened.find(".odometer").fill("29700")
    opened.page.emulate_media(media="print")
    expect(opened.find(".due .answer")).to_be_visible()
    expect(opened.find(".plan:visible")).to_have_count(1)
    for hidden in (".tile", ".search", "nav", ".ask"):
        expect(opened.find(hidden).first).to_be_hidden()


def test_the_guide_normalises_text_as_the_app_does(open_guide: OpenGuide) -> None:
    page = open_guide().page
    tables = page.evaluate("JSON.parse(document.getElementById('known').textContent).normalisation")
    assert tables == {"same": dict(EQUIVALENT_CHARACTERS), "ignored": IGNORED}
    for case in NORMALISATION_CASES:
        found = page.evaluate(
            """([tables, typed]) => {
              const { normalise, comparisonKey } = normalisation(tables);
              return { typed, normalised: normalise(typed), key: comparisonKey(typed) };
            }""",
            [tables, case["typed"]],
        )
        assert found == case


@pytest.mark.parametrize("typed", ["ﺗﻬﺮﺍﻥ", "تهـران", "\u200fتهران\u200d", "باختران"])
def test_the_guide_finds_a_city_in_any_spelling(open_guide: OpenGuide, typed: str) -> None:
    guide_page = open_guide()
    guide_page.find(".search").fill(typed)
    expect(guide_page.find("[data-code]:not(.out)").first).to_be_visible()
    guide_page.assert_healthy()
