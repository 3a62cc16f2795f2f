"""Audit every page: it is loaded once per width, language and theme, and everything is checked on that load.

Security headers and policy, console, layout, WCAG 2.2 A and AA by axe-core, keyboard, targets, names of controls and
reduced motion. `make test` audits each page in two variants, `make test-all` in all twelve.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser_visit import (
    DESKTOP,
    ENHANCED_CONTRAST,
    TABLET,
    Theme,
    Visit,
    accessibility_problems,
    in_each_language,
    in_each_variant,
    keyboard_problems,
)
from tests.support.page_run import EXAMPLE_LINKS, path
from tests.support.security_headers import wrong_headers

MIN_TARGET_PX = 44
"""The smallest target that can be hit with a glove on a tablet."""
READ_IN_SUNLIGHT = {"service"}
WATCH_NAMES = "addEventListener('DOMContentLoaded', () => pageAudit.watchNames())"


@pytest.mark.parametrize("name", EXAMPLE_LINKS)
@in_each_variant
def test_page_audit(visit: Callable[..., Visit], name: str, width: int, language: str, theme: Theme) -> None:
    window = visit(width, language, theme=theme, reduced_motion=True)
    page = window.page
    page.add_init_script(WATCH_NAMES)
    response = window.request(path(name))
    window.wait_until_idle()
    expect(page.locator("h1")).to_have_text(window.t(f"{name}.title"))
    checks = {
        "security headers": wrong_headers(response.headers),
        "error or dialog": page.get_by_test_id("stException").or_(page.get_by_role("dialog")).count(),
        "controls without a name": page.evaluate("pageAudit.namelessControls()"),
        "moves although motion is reduced": page.evaluate("pageAudit.moving()"),
        "WCAG": accessibility_problems(page, *([ENHANCED_CONTRAST] if name in READ_IN_SUNLIGHT else [])),
        "choices outside their group": page.evaluate("pageAudit.choicesOutsideTheirGroup()"),
        "small targets": page.evaluate("pageAudit.smallTargets", MIN_TARGET_PX) if width == TABLET else [],
        **keyboard_problems(page),
        **window.layout_problems(),
    }
    assert {kind: problems for kind, problems in checks.items() if problems} == {}


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
