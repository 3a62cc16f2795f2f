"""The guide as a rescuer uses it: opened from a file, no network, on a phone and on a tablet, in both languages."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from logic.service_schedule import ServiceScheduleRequest, service_schedule
from ui.cars import CARS
from ui.offline import FILE_NAME, SECTIONS, guide
from ui.text import text

MADE = dt.date(2024, 7, 18)
PHONE, TABLET = 390, 820
OVER_THE_EDGE = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
TARGETS = """(least) => [...document.querySelectorAll('button, input, nav a, a[href^="tel:"], .fold > summary')]
  .filter((e) => e.checkVisibility()).map((e) => [e.textContent || e.className, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least).map(([name, box]) => `${name} ${box.width}×${box.height}`)"""


@dataclass
class Guide:
    """The file in a browser, and what went wrong."""

    page: Page
    language: str
    errors: list[str] = field(default_factory=list)

    @property
    def tree(self) -> Locator:
        return self.page.locator(f".tongue[lang={self.language}]")

    def t(self, key: str, **params: object) -> str:
        return text("en" if self.language == "en" else "fa")(key, **params)

    def find(self, selector: str) -> Locator:
        return self.tree.locator(selector)

    def figure(self) -> str:
        said = self.find(".figure b").inner_text()
        return said.replace("٬", ",").translate({0x06F0 + digit: str(digit) for digit in range(10)})

    def sound(self) -> None:
        assert self.errors == []
        assert not self.page.evaluate(OVER_THE_EDGE), "runs over the edge"
        said = self.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        assert said == [self.language, "rtl" if self.language == "fa" else "ltr"]
        assert self.page.title() == self.t("offline.title")


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("guide") / FILE_NAME
    path.write_bytes(guide(MADE).encode())
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Callable[..., Guide]]:
    contexts = []

    def start(width: int = PHONE, language: str = "fa", today: dt.date = MADE, **options: Any) -> Guide:  # noqa: ANN401
        context = browser.new_context(
            viewport={"width": width, "height": 844}, has_touch=True, is_mobile=width == PHONE, **options
        )
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        found = Guide(page, language)

        def no_request(route: Any) -> None:  # noqa: ANN401 - Playwright's route
            if route.request.url == file.as_uri():
                route.continue_()
            else:
                found.errors.append(f"asked {route.request.url}")
                route.abort()

        context.route("**/*", no_request)
        page.on("request", lambda asked: check(found, asked.url))
        page.on("console", lambda m: found.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: found.errors.append(str(error)))
        page.clock.install(time=dt.datetime.combine(today, dt.time(8), tzinfo=dt.UTC))
        page.goto(file.as_uri())
        if language == "en":
            page.locator(".tongue[lang=fa] .language").click()
        return found

    def check(found: Guide, asked: str) -> None:
        if asked != file.as_uri() and not asked.startswith("data:"):
            found.errors.append(f"asked {asked}")

    yield start
    for context in contexts:
        context.close()


at_both_widths = pytest.mark.parametrize("width", [PHONE, TABLET])
in_both_languages = pytest.mark.parametrize("language", ["fa", "en"])


@at_both_widths
@in_both_languages
def test_two_taps_and_the_km_find_what_is_due(
    opened: Callable[..., Guide], width: int, language: str
) -> None:
    due = opened(width, language)
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
    due.sound()


@at_both_widths
def test_with_the_level_remembered_one_tap_and_the_digits_are_enough(
    opened: Callable[..., Guide], width: int
) -> None:
    due = opened(width)
    due.find(".segments [data-level=three_star]").tap()
    due.page.reload()
    due.find("[data-car=tondar90]").tap()
    due.page.keyboard.type("29700")  # the odometer is ready to be written in
    assert due.figure() == "30,000"
    expect(due.find(".due > .items .cell.free")).to_have_count(3)
    due.sound()


READ = {
    "۲۹۷۰۰": "30,000", "٢٩٧٠٠": "30,000", "29700": "30,000", "٢٩٬٧٠٠": "30,000", "29.700": "30,000",
    "۲۹ ۷۰۰": "30,000", "29٬499": "30,000", "31500": "30,000", "31501": "40,000", "0": "10,000",
}  # fmt: skip


def test_the_odometer_reads_every_way_of_writing(opened: Callable[..., Guide]) -> None:
    due = opened()
    due.find("[data-car=tondar90]").tap()
    for typed, figure in READ.items():
        due.find(".odometer").fill(typed)
        assert due.figure() == figure, typed


def test_what_cannot_be_read_leaves_no_answer(opened: Callable[..., Guide]) -> None:
    due = opened()
    due.find("[data-car=tondar90]").tap()
    for typed in ("29,70", "abc", "-5", "29.7", "99999999999"):
        due.find(".odometer").fill("29700")
        due.find(".odometer").fill(typed)
        expect(due.find(".due .answer")).to_have_count(0)
        expect(due.find(".echo")).to_have_text(due.t("offline.unreadable"))


@pytest.mark.parametrize("car", CARS)
def test_the_shown_service_is_the_calculator_s(opened: Callable[..., Guide], car: str) -> None:
    due = opened()
    vehicle, engine = CARS[car]
    due.find(f"[data-car={car}]").tap()
    for odometer in (0, 9_499, 9_500, 29_700, 41_501, 61_600, 79_800, 299_999):
        found = service_schedule(
            ServiceScheduleRequest(vehicle=vehicle, engine=engine, odometer_km=odometer, level="two_star")
        ).result
        due.find(".segments [data-level=two_star]").tap()
        due.find(".odometer").fill(str(odometer))
        entry = found.current or found.next
        if entry is None:
            expect(due.find(".due .answer h2")).to_have_text(due.t("service.no_more"))
            continue
        assert due.figure() == f"{entry.service_km:,}"
        expect(due.find(".due > .items li")).to_have_count(len(entry.items))
        expect(due.find(".due > .items .free")).to_have_count(
            sum(item.covered is True for item in entry.items)
        )
    due.sound()


def test_beyond_the_guide_it_says_so(opened: Callable[..., Guide]) -> None:
    due = opened()
    due.find("[data-car=ef7]").tap()
    due.find(".odometer").fill("300001")
    expect(due.find(".due .note")).to_have_text(due.t("offline.beyond", km="۳۰۰٬۰۰۰"))


def test_another_gearbox_has_another_table(opened: Callable[..., Guide]) -> None:
    due = opened(TABLET)
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


@at_both_widths
@in_both_languages
def test_search_forgives_spelling(opened: Callable[..., Guide], width: int, language: str) -> None:
    found = opened(width, language)
    for said, selector in SOUGHT.items():
        found.find(".search").fill(said)
        expect(found.find(f"{selector}:visible").first).to_be_visible()
        expect(found.find(".tile:visible")).to_have_count(1 if "car" in selector else 0)
        expect(found.find(".found")).not_to_have_text("")
        found.sound()
    found.find(".search").fill("تندر")
    expect(found.find("[data-k]:visible")).to_have_count(1)  # and not «بستن در»


def test_a_found_car_is_chosen_with_a_tap(opened: Callable[..., Guide]) -> None:
    found = opened()
    found.find("nav [data-to=dealers]").tap()
    found.find(".search").fill("تندر")
    found.find(".tile:visible").tap()
    expect(found.find(".search")).to_have_value("")
    expect(found.find(".plan:visible")).to_have_count(1)
    expect(found.find(".odometer")).to_be_focused()


def test_what_is_nowhere_is_said(opened: Callable[..., Guide]) -> None:
    found = opened()
    found.find(".search").fill("زرافه")
    expect(found.find(".found")).to_have_text(found.t("offline.nothing_found"))
    expect(found.find("[data-section]:visible")).to_have_count(0)


@in_both_languages
@pytest.mark.parametrize(
    ("days", "warning"), [(0, None), (90, None), (91, "old"), (400, "old"), (-1, "clock"), (-30, "clock")]
)
def test_it_warns_when_it_is_old_or_the_clock_is_wrong(
    opened: Callable[..., Guide], language: str, days: int, warning: str | None
) -> None:
    found = opened(PHONE, language, today=MADE + dt.timedelta(days=days))
    for each in ("old", "clock"):
        expect(found.find(f"[data-warn={each}]")).to_be_visible(visible=each == warning)
    if warning == "old":
        expect(found.find("[data-warn=old]")).to_contain_text(re.compile(r"91|400|۹۱|۴۰۰"))
    found.sound()


def test_the_warning_comes_while_it_lies_open(opened: Callable[..., Guide]) -> None:
    found = opened()
    expect(found.find("[data-warn=old]")).to_be_hidden()
    found.page.clock.set_system_time(dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    found.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(found.find("[data-warn=old]")).to_be_visible()


@at_both_widths
@in_both_languages
@pytest.mark.parametrize("level", ["", "three_star"])
def test_every_section_keeps_within_the_edge_with_targets_to_hit(
    opened: Callable[..., Guide], width: int, language: str, level: str
) -> None:
    found = opened(width, language)
    found.find(f'.segments [data-level="{level}"]').tap()
    for section in SECTIONS:
        found.find(f"nav [data-to={section}]").tap()
        expect(found.find(f"[data-section={section}]")).to_be_visible()
        assert found.page.evaluate(TARGETS, 44 if width == PHONE else 48) == []
        found.sound()


def test_the_keyboard_alone_is_enough(opened: Callable[..., Guide]) -> None:
    found = opened()
    found.find("[data-car=tondar90]").focus()
    found.page.keyboard.press("Enter")
    expect(found.find(".odometer")).to_be_focused()
    found.page.keyboard.type("29700")
    assert found.figure() == "30,000"
    found.page.keyboard.press("Shift+Tab")
    expect(found.find(".segments [data-level=other]")).to_be_focused()
    found.page.keyboard.press("Enter")
    expect(found.find(".due > .items .tariff")).to_have_count(3)


def test_without_scripts_all_of_it_can_be_read(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    expect(page.locator("[data-section]:visible")).to_have_count(2 * len(SECTIONS))
    context.close()


def test_paper_shows_what_is_due_and_no_buttons(opened: Callable[..., Guide]) -> None:
    found = opened(TABLET)
    found.find("[data-car=tondar90]").tap()
    found.find(".odometer").fill("29700")
    found.page.emulate_media(media="print")
    expect(found.find(".due .answer")).to_be_visible()
    expect(found.find(".plan:visible")).to_have_count(1)
    for hidden in (".tile", ".search", "nav", ".ask"):
        expect(found.find(hidden).first).to_be_hidden()
