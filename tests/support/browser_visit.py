"""Visit pages of the app in a real browser and collect their errors and layout problems."""

from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from tests.support.paths import AXE_SCRIPT, ROOT
from ui.l10n.text import text

Theme = Literal["light", "dark"]

PHONE, TABLET, DESKTOP = 390, 820, 1280
HEIGHT = 900
WIDTHS = (PHONE, TABLET, DESKTOP)
LANGUAGES = ("fa", "en")
THEMES: tuple[Theme, ...] = ("light", "dark")
AUDIT_SCRIPT = ROOT / "tests" / "support" / "page_audit.js"
WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ENHANCED_CONTRAST = "color-contrast-enhanced"
"""The axe-core rule for a contrast of 7:1 (WCAG AAA), for texts that are read in sunlight."""

FAST_PAIRS = {(PHONE, "fa"), (TABLET, "en")}
FAST_VARIANTS = {(PHONE, "fa", "light")}


def slow_unless(fast: bool, *values: object) -> Any:  # noqa: ANN401 - pytest's parameter set
    """Return a variant of a test, which `make test` runs only if it is fast."""
    return pytest.param(*values, marks=() if fast else pytest.mark.slow)


at_each_width_and_language = pytest.mark.parametrize(
    ("width", "language"),
    [slow_unless(pair in FAST_PAIRS, *pair) for pair in product(WIDTHS, LANGUAGES)],
)
"""Every width in every language; `make test` runs two pairs."""
in_each_language = pytest.mark.parametrize(
    "language", [slow_unless(language == "fa", language) for language in LANGUAGES]
)
"""Both languages; `make test` runs Persian."""


def private_window(browser: Browser, width: int = DESKTOP, **options: Any) -> Page:  # noqa: ANN401
    """Open a window with its own cookies, cache and options; close its context to close it."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        has_touch=width != DESKTOP,
        is_mobile=width == PHONE,
        **options,
    )
    context.add_init_script(path=AUDIT_SCRIPT)
    return context.new_page()


def new_tab(
    profile: BrowserContext, width: int = DESKTOP, theme: Theme = "light", *, reduced_motion: bool = False
) -> Page:
    """Open a tab of the worker's browser profile: a phone's at 390 px, a touch screen below 1280 px.

    Chromium keeps compiled scripts for a profile, but not for private windows, which take half as long again.
    """
    page = profile.new_page()
    page.emulate_media(color_scheme=theme, reduced_motion="reduce" if reduced_motion else "no-preference")
    resize(page, width)
    return page


def resize(page: Page, width: int) -> None:
    """Make a tab as wide as a phone at 390 px, a tablet at 820 px or a desktop at 1280 px, with its pointer."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    emulation = page.context.new_cdp_session(page)  # Playwright offers touch for a whole context only
    emulation.send("Emulation.setTouchEmulationEnabled", {"enabled": width != DESKTOP, "maxTouchPoints": 1})
    if width != DESKTOP:
        size = {"width": width, "height": HEIGHT, "screenWidth": width, "screenHeight": HEIGHT}
        metrics = {**size, "deviceScaleFactor": 1, "mobile": width == PHONE}
        emulation.send("Emulation.setDeviceMetricsOverride", metrics)


@dataclass
class Visit:
    """A page of the app in a window, with its errors.

    ``errors`` holds messages of the console, uncaught exceptions and requests to other hosts.
    """

    page: Page
    address: str
    language: str
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Record the errors of the page; a request to another host than ``address`` is one."""
        own = (self.address, "data:", "blob:")
        self.page.on(
            "request",
            lambda request: (
                None if request.url.startswith(own) else self.errors.append(f"requested {request.url}")
            ),
        )
        self.page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str) -> "Visit":
        """Open a path of the app in the visit's language and wait until it is idle."""
        self.request(path)
        return self.wait_until_idle()

    def request(self, path: str) -> Response:
        """Open a path of the app in the visit's language and return the server's response."""
        separator = "&" if "?" in path else "?"
        language = f"{separator}lang=en" if self.language == "en" else ""
        response = self.page.goto(self.address + path + language)
        assert response is not None
        return response

    def wait_until_idle(self) -> "Visit":
        """Wait until the last run of the page has finished and is rendered."""
        expect(self.page.locator(".kh-footer")).to_be_visible(timeout=20_000)
        idle = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        self.page.wait_for_function(f"document.khListeners && {idle}")
        return self

    def t(self, key: str, **params: object) -> str:
        """Return an interface text in the visit's language."""
        return text("en" if self.language == "en" else "fa")(key, **params)

    def label(self, kind: str, name: str) -> str:
        """Return the label of an id in the visit's language."""
        return text("en" if self.language == "en" else "fa").name_of(kind, name)

    def layout_problems(self) -> dict[str, object]:
        """Return the errors and the problems of language, direction and width, by kind."""
        document = self.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        expected = [self.language, "rtl" if self.language == "fa" else "ltr"]
        return _only_problems(
            {
                "console, exceptions and foreign requests": self.errors,
                "faults of ours": self.page.locator(".kh-fault").all_inner_texts(),
                "language and direction": [] if document == expected else document,
                "wider than the window": self.page.evaluate("pageAudit.overflows()"),
                "clipped text": self.page.evaluate("pageAudit.clippedText()"),
            }
        )

    def assert_healthy(self) -> None:
        """Fail on errors, on content wider than the window, clipped text, a wrong language or direction."""
        self.wait_until_idle()
        assert self.layout_problems() == {}


def accessibility_problems(page: Page, *extra_rules: str) -> object:
    """Return the violations of WCAG 2.2 A and AA that axe-core finds, and of further rules."""
    page.evaluate(AXE_SCRIPT.read_text(encoding="utf-8"))  # the page's security policy blocks script elements
    return page.evaluate(
        "([tags, rules]) => pageAudit.axeViolations(tags, rules)", [WCAG_TAGS, [*extra_rules]]
    )


def keyboard_problems(page: Page) -> dict[str, object]:
    """Press Tab through the page; return the controls it does not reach and those without visible focus."""
    controls = page.evaluate("pageAudit.markControls()")
    not_shown = []
    for _ in range(2 * controls + 100):
        page.keyboard.press("Tab")
        step = page.evaluate("pageAudit.focusStep()")
        if step is None:  # focus has left the page
            break
        if not step["visible"]:
            not_shown.append(step["name"])
    else:
        return {"Tab does not lead out of the page": True}
    return _only_problems(
        {"not reached by Tab": page.evaluate("pageAudit.unreached()"), "focus is not shown": not_shown}
    )


def _only_problems(checks: dict[str, object]) -> dict[str, object]:
    return {kind: problems for kind, problems in checks.items() if problems}


def type_text(visit: Visit, key: str, value: str) -> None:
    """Type into the field with a key, letter by letter."""
    entry = visit.page.locator(f".st-key-{key} input")
    entry.fill("")
    entry.press_sequentially(value, delay=15)


def headline_number(visit: Visit) -> str:
    """Return the number of the answer card with Latin digits and commas."""
    number = visit.page.locator(".kh-answer-figure b")
    expect(number).to_have_count(1)  # the answer of the previous run is removed
    return (
        number.inner_text().replace("٬", ",").translate({0x06F0 + digit: str(digit) for digit in range(10)})
    )
