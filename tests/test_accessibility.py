"""Every page by axe-core: WCAG 2.2 A and AA, both languages, both themes, phone and tablet and desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.test_browser import DESK, LANGUAGES, PHONE, TABLET, Visit
from tests.test_pages import ANSWERS, SCRIPTS

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FOUND = """async (tags) => {
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return found.violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 160))]);
}"""
WIDTH_OF = {("fa", "light"): PHONE, ("fa", "dark"): DESK, ("en", "light"): DESK, ("en", "dark"): TABLET}


@pytest.fixture(params=[*WIDTH_OF], ids="-".join)
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    language, theme = request.param
    width = WIDTH_OF[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, has_touch=width != DESK
    )
    yield Visit(context.new_page(), address, language)
    context.close()


def violations(page: Page) -> object:
    page.add_script_tag(path=AXE)
    return page.evaluate(FOUND, RULES)


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_page_breaks_a_rule_of_wcag(visit: Visit, name: str) -> None:
    link = "&".join(f"{field}={value}" for field, value in ANSWERS.get(name, {}).items())
    visit.open(f"/{'' if name == 'home' else name}?{link}")
    expect(visit.page.locator(".kh-head h1")).to_be_visible()
    assert violations(visit.page) == []


def test_both_languages_are_looked_at() -> None:
    assert {language for language, _ in WIDTH_OF} == {*LANGUAGES}
