"""Markup in links and fields is not run by the browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, expect

from tests.support.browser_visit import Visit
from tests.support.page_run import EXAMPLE_LINKS
from tools.harness.hostile_input import MARKUP
from ui.frame.navigation import HOME
from ui.offline_guide import guide as offline


def test_markup_in_a_link_is_not_run(visit: Callable[..., Visit]) -> None:
    share = visit().open(
        "/share?level=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D'x'%22%3E&%3Cscript%3E=1"
    )
    expect(share.page.locator(".kh-note").first).to_contain_text("<img")
    assert share.page.title() != "x"
    share.assert_healthy()


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLE_LINKS)
def test_markup_in_every_parameter_and_field_is_not_run(visit: Callable[..., Visit], name: str) -> None:
    window = visit()
    dialogs: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    window.page.on("dialog", on_dialog)
    parameters = {**dict.fromkeys(EXAMPLE_LINKS[name], MARKUP), MARKUP: MARKUP}
    window.page.goto(window.address + "/healthz")
    window.page.evaluate(
        "([path, parameters]) => { location.href = `/${path}?${new URLSearchParams(parameters)}` }",
        ["" if name == HOME.id else name, parameters],
    )
    window.page.wait_for_load_state()
    for entry in window.wait_until_idle().page.locator("main input[type=text], main input[type=tel]").all():
        if entry.is_visible():
            entry.fill(MARKUP)
    window.wait_until_idle()
    assert window.page.evaluate("window.khRun") is None
    assert dialogs == []
    assert window.errors == []


def test_markup_in_the_search_of_the_offline_guide_is_not_run(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / offline.FILE_NAME
    file.write_bytes(offline.download())
    context = browser.new_context()
    page = context.new_page()
    page.goto(file.as_uri())
    guide = page.locator(".locale[lang=fa]")
    guide.locator(".odometer").fill(MARKUP)
    guide.locator(".search").fill(MARKUP)
    expect(guide.locator(".match-count")).not_to_have_text("")
    assert page.evaluate("window.khRun") is None
    assert page.locator("img[src=x]").count() == 0
    context.close()
