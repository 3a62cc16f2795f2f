"""A bug on a page is reported in the visitor's language with the id in the log, and no input is lost."""

import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser_visit import DESKTOP, PHONE, Visit, accessibility_problems
from tests.support.bugs import VISITOR_INPUT

OpenVisit = Callable[..., Visit]
ID = re.compile(r"[0-9a-f]{8}")

in_both_variants = pytest.mark.parametrize(
    ("width", "language"), [(PHONE, "fa"), pytest.param(DESKTOP, "en", marks=pytest.mark.slow)]
)


def fault_count(address: str) -> float:
    """Return the number of internal errors that the server has counted."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=20) as answer:  # noqa: S310 - our own
        match = re.search(r'khodroyar_request_errors_total\{code="our_fault"\} (\S+)', answer.read().decode())
    return float(match[1]) if match else 0


def digits_of(entry: Locator) -> str:
    """Return the digits in a field, as Latin ones."""
    return "".join(str(int(letter)) for letter in entry.input_value() if letter.isdigit())


def assert_reported(window: Visit, note: Locator, log: Path, what_to_do: str) -> None:
    """Fail unless a note reports the error and what to do, and the log has its id without the visitor's input."""
    expect(note).to_be_visible()
    for key in ("our_fault.title", what_to_do, "our_fault.id", "our_fault.again"):
        expect(note).to_contain_text(window.t(key))
    fault = ID.findall(note.inner_text())[-1]
    logged = log.read_text(encoding="utf-8")
    assert re.search(rf"fault {fault} in \w+: KeyError at \w+\.py:\d+", logged)
    assert VISITOR_INPUT not in logged
    assert "200000000" not in logged
    expect(window.page.get_by_test_id("stException")).to_have_count(0)
    problems = window.layout_problems()
    problems.pop("faults of ours")
    assert problems == {}


@in_both_variants
def test_a_bug_in_a_calculator_keeps_the_fields_of_the_page(
    faulty: str, faulty_log: Path, visit: OpenVisit, width: int, language: str
) -> None:
    before = fault_count(faulty)
    window = visit(width, language, faulty).open("/share?damage=200000000&earlier=1&level=three_star")
    note = window.page.locator(".st-key-answer .kh-fault")
    assert_reported(window, note, faulty_log, "our_fault.what_to_do")
    assert accessibility_problems(window.page) == []
    assert fault_count(faulty) > before
    if width == PHONE:  # the note is below the fields, outside the viewport
        expect(window.page.locator(".kh-mobile-summary")).to_have_text(window.t("our_fault.title"))
    damage = window.page.locator(".st-key-share-damage input")
    assert digits_of(damage) == "200000000"
    first_id = ID.findall(note.inner_text())[-1]
    damage.fill("90000000")
    expect(note).not_to_contain_text(first_id)  # the calculator was called again
    window.page.wait_for_function("location.search.includes('damage=90000000')")
    note.get_by_role("link").click()  # reloads the page by its link
    window.wait_until_idle()
    expect(note).to_be_visible()
    assert "damage=90000000" in window.page.url
    assert "level=three_star" in window.page.url
    window.open("/tyre?new_depth=8&remaining_depth=4&price=10000000")
    expect(window.page.locator(".kh-answer-figure b")).to_be_visible()
    window.assert_healthy()


@in_both_variants
def test_a_bug_in_an_input_keeps_the_parameters_of_the_link(
    faulty: str, faulty_log: Path, visit: OpenVisit, width: int, language: str
) -> None:
    link = "/warranty?odometer=10000&served_km=1000&started=1404-01-01&part=clutch"
    window = visit(width, language, faulty).open(link)
    assert_reported(window, window.page.locator(".kh-fault"), faulty_log, "our_fault.what_to_do")
    odometer = window.page.locator(".st-key-warranty-odometer input")
    odometer.fill("12000")
    window.page.wait_for_function("location.search.includes('odometer=12000')")
    assert "served_km=1000" in window.page.url
    assert "part=clutch" in window.page.url
    expect(window.page.locator(".kh-note li")).to_have_count(0)  # no parameter is reported as unknown


@in_both_variants
def test_a_bug_in_a_callback_keeps_the_fields(
    faulty: str, faulty_log: Path, visit: OpenVisit, width: int, language: str
) -> None:
    window = visit(width, language, faulty).open("/my_car?car=tondar90&odometer=29700")
    odometer = window.page.locator(".st-key-my_car-odometer input")
    odometer.fill("31000")
    window.page.wait_for_function("location.search.includes('odometer=31000')")
    window.wait_until_idle()
    window.page.locator(".st-key-forget button").click()
    note = window.page.locator(".kh-fault")
    expect(note).to_be_visible()
    window.wait_until_idle()
    assert_reported(window, note, faulty_log, "our_fault.what_to_do")
    assert digits_of(odometer) == "31000"
    assert "odometer=31000" in window.page.url
    odometer.fill("32000")  # the page still works
    window.page.wait_for_function("location.search.includes('odometer=32000')")
    expect(note).to_have_count(0)


@in_both_variants
def test_a_bug_in_a_download_is_reported_on_the_page(
    faulty: str, faulty_log: Path, visit: OpenVisit, width: int, language: str
) -> None:
    window = visit(width, language, faulty).open("/tyre?new_depth=8&remaining_depth=4&price=10000000")
    expect(window.page.locator(".kh-answer-figure b")).to_be_visible()
    window.page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    note = window.page.locator(".kh-fault")
    expect(note).to_be_visible()
    window.wait_until_idle()
    assert_reported(window, note, faulty_log, "our_fault.no_file")
    expect(note).to_be_in_viewport()  # the page was scrolled down to the button
    expect(window.page.get_by_test_id("stDownloadButtonError")).to_be_hidden()
    expect(window.page.locator(".kh-answer-figure b")).to_be_visible()


@in_both_variants
def test_a_bug_in_a_dialog_is_reported_in_the_dialog(
    faulty: str, faulty_log: Path, visit: OpenVisit, width: int, language: str
) -> None:
    window = visit(width, language, faulty).open("/share")
    damage = window.page.locator(".st-key-share-damage input")
    damage.fill("90000000")
    window.page.wait_for_function("location.search.includes('damage=90000000')")
    window.page.locator(".st-key-share-which button").click()
    note = window.page.get_by_role("dialog").locator(".kh-fault")
    assert_reported(window, note, faulty_log, "our_fault.what_to_do")
    assert digits_of(damage) == "90000000"
