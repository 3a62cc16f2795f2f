"""Every selector of the stylesheets that names an element of Streamlit still matches one in Chromium.

tests/test_streamlit_internals.py checks without a browser that the names exist; here the order of elements counts.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser_visit import DESKTOP, PHONE, Visit
from tests.support.page_run import path
from tests.support.paths import ROOT
from tests.support.streamlit_uses import selectors, without_direction

NAMES = re.compile(r"data-testid|data-variant|data-selected|react-aria")
STATES = re.compile(r":(hover|focus-visible)")
CHECKED_ELSEWHERE = {
    '[data-testid="stDownloadButtonError"]',  # tests/browser/test_our_faults.py
    'html.kh-offline [data-testid="stDialog"]',  # tests/browser/test_resilience.py
}
MATCHED = "(selectors) => selectors.filter((selector) => document.querySelector(selector))"


def selectors_with_names() -> set[str]:
    """Return the selectors that name an element of Streamlit, without states and pseudo-elements."""
    styles = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "ui" / "styles").glob("*.css"))]
    all_selectors = {
        STATES.sub("", without_direction(selector)) for css in styles for selector in selectors(css)
    }
    return {selector for selector in all_selectors if NAMES.search(selector)} - CHECKED_ELSEWHERE


@pytest.mark.slow
def test_every_selector_matches_an_element(visit: Callable[..., Visit]) -> None:
    unmatched = selectors_with_names()
    assert unmatched

    def remove_matched(window: Visit) -> None:
        unmatched.difference_update(window.page.evaluate(MATCHED, sorted(unmatched)))

    window = visit(DESKTOP)
    for name in ("home", "share", "service", "levels", "fleet"):
        remove_matched(window.open(path(name)))
    remove_matched(window.open("/share?damage=about"))
    window.page.get_by_test_id("stTopNavSection").first.click()
    expect(window.page.get_by_test_id("stTopNavPopover")).to_be_visible()
    remove_matched(window)
    window.open(path("share")).page.get_by_role("combobox").first.click()
    expect(window.page.get_by_role("listbox")).to_be_visible()
    remove_matched(window)
    window.open(path("share")).page.locator(".st-key-share-which button").click()
    expect(window.page.get_by_role("dialog")).to_be_visible()
    remove_matched(window)
    window.open("/dealers").page.locator(".st-key-dealers-city input").press_sequentially("te")
    expect(window.page.get_by_test_id("InputInstructions")).to_be_attached()
    remove_matched(window)
    phone = visit(PHONE)
    remove_matched(phone.open(path("share")))
    phone.page.get_by_test_id("stExpandSidebarButton").click()
    expect(phone.page.get_by_test_id("stSidebarCollapseButton")).to_be_visible()
    remove_matched(phone)
    assert unmatched == set(), (
        "these selectors match nothing; see docs/streamlit-internals.md for their purpose"
    )


@pytest.mark.parametrize("selector", [".nothing", '[data-testid="stPageLink"] > table'])
def test_a_selector_without_a_match_is_detected(visit: Callable[..., Visit], selector: str) -> None:
    window = visit(DESKTOP).open(path("home"))
    assert window.page.evaluate(MATCHED, [selector, '[data-testid="stPageLink"]']) == [
        '[data-testid="stPageLink"]'
    ]
