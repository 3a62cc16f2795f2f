"""A visitor: a page of the app in a browser's window, and what went wrong on it."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from ui.text import text

PHONE, TABLET, DESK = 390, 820, 1280
WIDTHS = (PHONE, TABLET, DESK)
LANGUAGES = ("fa", "en")
BEHIND_THE_EDGE = """() => {
  const edge = document.documentElement.clientWidth;
  const main = document.querySelector('[data-testid="stMain"]');
  return main.scrollWidth > main.clientWidth + 1 || document.documentElement.scrollWidth > edge + 1;
}"""
CUT = """() => [...document.querySelectorAll(
    '.kh-num, .kh-num b, .kh-split dd, .kh-steps b, .kh-cell, .kh-why, .kh-peek b, .kh-road b, .far')]
  .filter((e) => e.offsetParent && (e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 0)
                 && getComputedStyle(e).display !== 'inline')
  .map((e) => e.className + ' ' + e.textContent)"""


@dataclass
class Visit:
    """A page and what went wrong on it."""

    page: Page
    address: str
    language: str
    errors: list[str] = field(default_factory=list)

    def open(self, path: str) -> "Visit":
        joint = "&" if "?" in path else "?"
        language = f"{joint}lang=en" if self.language == "en" else ""
        self.page.goto(self.address + path + language)
        return self.settled()

    def settled(self) -> "Visit":
        expect(self.page.locator(".kh-foot")).to_be_visible(timeout=20_000)
        still = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        self.page.wait_for_function(f"document.khListeners && {still}")

        return self

    def t(self, key: str, **params: object) -> str:
        return text("en" if self.language == "en" else "fa")(key, **params)

    def sound(self) -> None:
        """Nothing failed, nothing runs over the edge, no amount is cut, direction and language are said."""
        self.settled()
        assert not self.errors
        assert not self.page.evaluate(BEHIND_THE_EDGE), "runs over the edge"
        assert self.page.evaluate(CUT) == []
        said = self.page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        assert said == [self.language, "rtl" if self.language == "fa" else "ltr"]


def type_in(visit: Visit, key: str, typed: str) -> None:
    entry = visit.page.locator(f".st-key-{key} input")
    entry.fill("")
    entry.press_sequentially(typed, delay=15)


def number(visit: Visit) -> str:
    return (
        visit.page.locator(".kh-num b")
        .inner_text()
        .replace("٬", ",")
        .translate({0x06F0 + digit: str(digit) for digit in range(10)})
    )
