"""For everybody: WCAG 2.2 A and AA by axe-core on every page and the guide, keys, targets, motion, what is heard."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.test_pages import ANSWERS, SCRIPTS
from tests.visiting import DESK, LANGUAGES, PHONE, TABLET, Visit
from ui.offline import FILE_NAME, guide

AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FOUND = """async ([tags, more]) => {
  const rules = Object.fromEntries(more.map((rule) => [rule, { enabled: true }]));
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, rules });
  return found.violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html.slice(0, 160))]);
}"""
SUNLIGHT = "color-contrast-enhanced"
"""Seven to one, WCAG's AAA: what a rescuer reads beside the road."""
WIDTH_OF = {("fa", "light"): PHONE, ("fa", "dark"): DESK, ("en", "light"): DESK, ("en", "dark"): TABLET}
CONTROLS = "button, input:not([type=hidden]), select, textarea, a[href], summary, iframe"
MARK = f"""() => {{
  const seen = [...document.querySelectorAll("{CONTROLS}")]
    .filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({{ visibilityProperty: true }}));
  seen.forEach((e) => e.setAttribute("data-kh-unreached", ""));
  return seen.length;
}}"""
STEP = """() => {
  let here = document.activeElement;
  if (!here || here === document.body) return null;
  while (here.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;   // a date field's own parts
  const around = [here, here.parentElement, here.parentElement?.parentElement, here.closest("label")];
  const look = () => JSON.stringify(around.filter(Boolean).map((e) => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(e);
    return [outlineStyle, outlineWidth, boxShadow, borderColor];
  }));
  const focused = look();
  here.blur();
  const plain = look();
  here.focus({ preventScroll: true });
  // One stop of Tab in a group: the arrows lead on within it.
  const group = here.closest("[role=radiogroup], [role=group], [role=toolbar]") ?? here;
  const first = !here.hasAttribute("data-kh-came");
  here.setAttribute("data-kh-came", "");
  for (const e of [here, ...group.querySelectorAll("[data-kh-unreached]")]) e.removeAttribute("data-kh-unreached");
  const shows = focused !== plain || ["IFRAME", "MAIN"].includes(here.tagName);   // they show it within
  return { first, shows, name: `${here.tagName} ${here.ariaLabel ?? here.textContent.slice(0, 40)}` };
}"""
UNREACHED = """() => [...document.querySelectorAll("[data-kh-unreached]")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true })).map((e) => e.outerHTML.slice(0, 160))"""
SMALL = f"""(least) => [...document.querySelectorAll("{CONTROLS}, [role=radio]")]
  .filter((e) => e.checkVisibility({{ opacityProperty: true, visibilityProperty: true }}))
  .map((e) => {{
    const [own, label] = [e, e.closest("label") ?? e].map((each) => each.getBoundingClientRect());
    return [e.outerHTML.slice(0, 120), Math.max(own.width, label.width), Math.max(own.height, label.height)];
  }})
  .filter(([, width, height]) => width > 1 && height > 1 && (width < least || height < least))"""
OUTSIDE = """() => [...document.querySelectorAll("[role=radiogroup] [role=radio]")].filter((e) => {
  const [own, group] = [e, e.closest("[role=radiogroup]")].map((each) => each.getBoundingClientRect());
  return own.width && (own.left < group.left - 2 || own.right > group.right + 2 || own.bottom > group.bottom + 2);
}).map((e) => e.outerHTML.slice(0, 120))"""
MOVING = """() => [...document.querySelectorAll("*")].filter((e) => {
  const { animationName, transitionDuration } = getComputedStyle(e);
  return animationName !== "none" || transitionDuration.split(", ").some((each) => each !== "0s");
}).map((e) => e.outerHTML.slice(0, 120))"""

NAMELESS = """window.khNameless = [];
const look = () => {
  for (const e of document.querySelectorAll("button, select"))
    if (e.checkVisibility({ visibilityProperty: true }) && !e.labels?.length && !e.title && !e.ariaLabel
        && ![...e.childNodes].some((part) => part.ariaHidden !== "true" && part.textContent.trim()))
      window.khNameless.push(e.outerHTML.slice(0, 160));
};
new MutationObserver(look).observe(document, { childList: true, subtree: true });"""

Opening = Callable[..., Visit]
Theme = Literal["light", "dark"]


@pytest.fixture
def opening(browser: Browser, address: str) -> Iterator[Opening]:
    """A page with an answer, in a window of its own."""
    contexts = []

    def start(
        name: str,
        language: str = "fa",
        width: int = DESK,
        theme: Theme = "light",
        **more: Any,  # noqa: ANN401 - Playwright's options
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, has_touch=width != DESK, **more
        )
        contexts.append(context)
        link = "&".join(f"{field}={value}" for field, value in ANSWERS.get(name, {}).items())
        visit = Visit(context.new_page(), address, language).open(f"/{'' if name == 'home' else name}?{link}")
        expect(visit.page.locator(".kh-head h1")).to_be_visible()
        return visit

    yield start
    for context in contexts:
        context.close()


def violations(page: Page, *more: str) -> object:
    page.evaluate(AXE.read_text())  # a script in the page would need the page's own permission
    return page.evaluate(FOUND, [RULES, more])


@pytest.mark.parametrize(("language", "theme"), [*WIDTH_OF])
@pytest.mark.parametrize("name", SCRIPTS)
def test_no_page_breaks_a_rule_of_wcag(opening: Opening, name: str, language: str, theme: Theme) -> None:
    visit = opening(name, language, WIDTH_OF[language, theme], theme)
    assert violations(visit.page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_control_is_met_before_its_name(browser: Browser, address: str, language: str) -> None:
    context = browser.new_context()
    context.add_init_script(NAMELESS)
    visit = Visit(context.new_page(), address, language).open("/dealers?city=tehran")
    expect(visit.page.locator(".kh-btn", has_text=visit.t("dealers.my_place"))).to_be_visible()
    found = set(visit.page.evaluate("window.khNameless"))
    assert found == set()
    context.close()


def test_both_languages_are_looked_at() -> None:
    assert {language for language, _ in WIDTH_OF} == {*LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_guide_breaks_no_rule_of_wcag_and_can_be_read_in_sunlight(
    browser: Browser, tmp_path: Path, language: str, theme: Theme
) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(guide(dt.date(2024, 7, 18)).encode())
    context = browser.new_context(viewport={"width": TABLET, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.goto(file.as_uri())
    if language == "en":
        page.locator(".tongue[lang=fa] .language").click()
    expect(page.locator(f".tongue[lang={language}]")).to_be_visible()
    assert violations(page, SUNLIGHT) == []
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rescuer_can_read_the_service_page_in_sunlight(opening: Opening, language: str) -> None:
    assert violations(opening("service", language, TABLET).page, SUNLIGHT) == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_tab_alone_reaches_everything_and_shows_where_it_is(opening: Opening, name: str) -> None:
    page = opening(name).page
    stops = page.evaluate(MARK)
    hidden = []
    for _ in range(2 * stops + 100):
        page.keyboard.press("Tab")
        step = page.evaluate(STEP)
        if step is None:  # the page is left at its end: no trap
            break
        if not step["shows"]:
            hidden.append(step["name"])
    else:
        pytest.fail("the keys do not lead out of the page")
    assert page.evaluate(UNREACHED) == []
    assert hidden == []


@pytest.mark.parametrize("locale", ["fa-IR", "en-US"])
@pytest.mark.parametrize(("language", "back"), [("fa", "ArrowRight"), ("en", "ArrowLeft")])
def test_arrows_follow_the_page_and_not_the_browser(
    opening: Opening, language: str, back: str, locale: str
) -> None:
    levels = opening("levels", language, locale=locale)
    choices = levels.page.locator(".st-key-levels-levels button")
    chosen = str(choices.nth(0).get_attribute("aria-pressed"))
    choices.nth(1).focus()
    levels.page.keyboard.press(back)
    expect(choices.nth(0)).to_be_focused()
    levels.page.keyboard.press("Space")
    expect(choices.nth(0)).not_to_have_attribute("aria-pressed", chosen)
    levels.settled()
    one = levels.page.locator(".st-key-levels-use [role=radio]")
    one.nth(0).focus()
    levels.page.keyboard.press({"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}[back])
    expect(one.nth(1)).to_be_focused()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_glove_meets_every_target_on_a_tablet(opening: Opening, name: str) -> None:
    visit = opening(name, width=TABLET)
    assert visit.page.evaluate(SMALL, 44) == []
    assert visit.page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("name", ["share", "service", "dealers"])
def test_nothing_moves_where_motion_is_not_wanted(opening: Opening, name: str) -> None:
    visit = opening(name, reduced_motion="reduce")
    assert visit.page.evaluate(MOVING) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_hears_the_answer_when_it_appears_and_when_it_changes(
    opening: Opening, language: str
) -> None:
    visit = opening("share", language)
    heard = visit.page.locator("#kh-heard[role=status]")
    expect(heard).to_contain_text(visit.t("word.rial"))
    region, before = heard.element_handle(), heard.inner_text()
    entry = visit.page.locator(".st-key-share-damage input")
    entry.fill("90000000")
    expect(heard).not_to_have_text(before)
    expect(heard).to_contain_text("۱۸٬۰۰۰٬۰۰۰" if language == "fa" else "18,000,000")
    entry.fill("abc")
    expect(heard).to_have_text(visit.t("answer.unreadable"))
    assert region.is_visible(), "one region through all runs: a new one would not be heard"
