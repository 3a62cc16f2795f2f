"""Every selector of the stylesheets that names an element of Streamlit still matches one in Chromium.

tests/test_streamlit_internals.py finds out without a browser which names are gone; here the order of elements counts.
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
NOT_HERE = {
    '[data-testid="stDownloadButtonError"]',  # tests/browser/test_our_faults.py
    'html.kh-offline [data-testid="stDialog"]',  # tests/browser/test_resilience.py
}
MATCHED = "(selectors) => selectors.filter((selector) => document.querySelector(selector))"


def selectors_with_names() -> set[str]:
    """Return the selectors that name an element of Streamlit, without states and pseudo-elements."""
    styles = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "ui" / "styles").glob("*.css"))]
    found = {STATES.sub("", without_direction(selector)) for css in styles for selector in selectors(css)}
    return {selector for selector in found if NAMES.search(selector)} - NOT_HERE


def test_every_selector_matches_an_element(visit: Callable[..., Visit]) -> None:
    open_ = selectors_with_names()
    assert open_

    def look(window: Visit) -> None:
        open_.difference_update(window.page.evaluate(MATCHED, sorted(open_)))

    window = visit(DESKTOP)
    for name in ("home", "share", "service", "levels", "fleet"):
        look(window.open(path(name)))
    look(window.open("/share?damage=about"))
    window.page.get_by_test_id("stTopNavSection").first.click()
    expect(window.page.get_by_test_id("stTopNavPopover")).to_be_visible()
    look(window)
    window.open(path("share")).page.get_by_role("combobox").first.click()
    expect(window.page.get_by_role("listbox")).to_be_visible()
    look(window)
    window.open(path("share")).page.locator(".st-key-share-which button").click()
    expect(window.page.get_by_role("dialog")).to_be_visible()
    look(window)
    window.open("/dealers").page.locator(".st-key-dealers-city input").press_sequentially("te")
    expect(window.page.get_by_test_id("InputInstructions")).to_be_attached()
    look(window)
    phone = visit(PHONE)
    look(phone.open(path("share")))
    phone.page.get_by_test_id("stExpandSidebarButton").click()
    expect(phone.page.get_by_test_id("stSidebarCollapseButton")).to_be_visible()
    look(phone)
    assert open_ == set(), "these selectors match nothing; docs/streamlit-internals.md says what they are for"


@pytest.mark.parametrize("selector", [".nothing", '[data-testid="stPageLink"] > table'])
def test_a_selector_that_matches_nothing_is_noticed(visit: Callable[..., Visit], selector: str) -> None:
    window = visit(DESKTOP).open(path("home"))
    assert window.page.evaluate(MATCHED, [selector, '[data-testid="stPageLink"]']) == [
        '[data-testid="stPageLink"]'
    ]
