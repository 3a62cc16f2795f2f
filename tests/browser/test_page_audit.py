"""Audit every page: everything is checked on one load of it.

Security headers and policy, console, layout, WCAG 2.2 A and AA by axe-core, keyboard, targets, names of controls and
reduced motion. `make test` audits each page on a phone in Persian, `make test-all` in every width, language and theme.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser_visit import (
    DESKTOP,
    ENHANCED_CONTRAST,
    FAST_VARIANTS,
    LANGUAGES,
    TABLET,
    THEMES,
    WIDTHS,
    Theme,
    Visit,
    accessibility_problems,
    in_each_language,
    keyboard_problems,
    resize,
)
from tests.support.page_run import EXAMPLE_LINKS, path
from tests.support.security_headers import wrong_headers

MIN_TARGET_PX = 44
"""The smallest target that can be hit with a glove on a tablet."""
READ_IN_SUNLIGHT = {"service"}
WATCH_NAMES = "addEventListener('DOMContentLoaded', () => pageAudit.watchNames())"


@pytest.mark.parametrize("name", EXAMPLE_LINKS)
@pytest.mark.parametrize(("width", "language", "theme"), sorted(FAST_VARIANTS))
def test_page_audit(visit: Callable[..., Visit], name: str, width: int, language: str, theme: Theme) -> None:
    window, headers = load(visit, name, width, language, theme)
    assert {**headers, **problems(window, name, width)} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLE_LINKS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_page_audit_at_further_widths(
    visit: Callable[..., Visit], name: str, language: str, theme: Theme
) -> None:
    first, *others = [width for width in WIDTHS if (width, language, theme) not in FAST_VARIANTS]
    window, headers = load(visit, name, first, language, theme)
    found = {first: {**headers, **problems(window, name, first)}}
    for width in others:
        resize(window.page, width)
        found[width] = problems(window.wait_until_idle(), name, width)
    assert {width: kinds for width, kinds in found.items() if kinds} == {}


def load(
    visit: Callable[..., Visit], name: str, width: int, language: str, theme: Theme
) -> tuple[Visit, dict[str, object]]:
    """Load a page; return its window, and wrong security headers if there are any."""
    window = visit(width, language, theme=theme, reduced_motion=True)
    window.page.add_init_script(WATCH_NAMES)
    response = window.request(path(name))
    window.wait_until_idle()
    expect(window.page.locator("h1")).to_have_text(window.t(f"{name}.title"))
    wrong = wrong_headers(response.headers)
    return window, {"security headers": wrong} if wrong else {}


def problems(window: Visit, name: str, width: int) -> dict[str, object]:
    """Return what is wrong on the page in a window, by kind."""
    page = window.page
    checks = {
        "error or dialog": page.get_by_test_id("stException").or_(page.get_by_role("dialog")).count(),
        "controls without a name": page.evaluate("pageAudit.namelessControls()"),
        "moves although motion is reduced": page.evaluate("pageAudit.moving()"),
        "WCAG": accessibility_problems(page, *([ENHANCED_CONTRAST] if name in READ_IN_SUNLIGHT else [])),
        "choices outside their group": page.evaluate("pageAudit.choicesOutsideTheirGroup()"),
        "small targets": page.evaluate("pageAudit.smallTargets", MIN_TARGET_PX) if width == TABLET else [],
        **keyboard_problems(page),
        **window.layout_problems(),
    }
    return {kind: found for kind, found in checks.items() if found}


@pytest.mark.parametrize("locale", ["fa-IR", pytest.param("en-US", marks=pytest.mark.slow)])
@pytest.mark.parametrize(("language", "back"), [("fa", "ArrowRight"), ("en", "ArrowLeft")])
def test_arrow_keys_follow_the_direction_of_the_page(
    visit: Callable[..., Visit], language: str, back: str, locale: str
) -> None:
    levels = visit(DESKTOP, language, private=True, locale=locale).open(path("levels"))
    choices = levels.page.locator(".st-key-levels-levels button")
    pressed = str(choices.nth(0).get_attribute("aria-pressed"))
    choices.nth(1).focus()
    levels.page.keyboard.press(back)
    expect(choices.nth(0)).to_be_focused()
    levels.page.keyboard.press("Space")
    expect(choices.nth(0)).not_to_have_attribute("aria-pressed", pressed)
    levels.wait_until_idle()
    options = levels.page.locator(".st-key-levels-use [role=radio]")
    options.nth(0).focus()
    levels.page.keyboard.press({"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}[back])
    expect(options.nth(1)).to_be_focused()


@in_each_language
def test_screen_reader_announces_each_new_answer(visit: Callable[..., Visit], language: str) -> None:
    share = visit(DESKTOP, language).open(path("share"))
    live_region = share.page.locator("#kh-live-region[role=status]")
    expect(live_region).to_contain_text(share.t("word.rial"))
    element, before = live_region.element_handle(), live_region.inner_text()
    entry = share.page.locator(".st-key-share-damage input")
    entry.fill("90000000")
    expect(live_region).not_to_have_text(before)
    expect(live_region).to_contain_text("۱۸٬۰۰۰٬۰۰۰" if language == "fa" else "18,000,000")
    entry.fill("abc")
    expect(live_region).to_have_text(share.t("answer.unreadable"))
    assert element.is_visible(), "a region that replaces another one is not announced"


@in_each_language
def test_close_button_of_a_dialog_is_at_its_end_edge(visit: Callable[..., Visit], language: str) -> None:
    share = visit(DESKTOP, language).open(path("share"))
    share.page.locator(".st-key-share-which button").click()
    dialog = share.page.get_by_role("dialog")
    button = dialog.get_by_role("button", name=share.t("streamlit.close"))
    expect(button).to_be_visible()
    close, around = button.bounding_box(), dialog.bounding_box()
    assert close
    assert around
    middle = around["x"] + around["width"] / 2
    assert (close["x"] < middle) == (language == "fa")
