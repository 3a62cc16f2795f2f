"""Take the pictures of the README: pages, and two walks as a new user takes them, into docs/."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tools import chromium  # noqa: E402
from tools.harness.app_server import streamlit_server  # noqa: E402 - the path comes first
from ui.offline_guide import guide  # noqa: E402

DOCS = ROOT / "docs"
DESK, TABLET, PHONE = (1280, 860), (820, 1180), (390, 1500)
SHOTS = (
    ("home", "/", DESK),
    ("share", "/share?damage=200000000&earlier=1&earlier_third=1", DESK),
    ("service", "/service?car=tondar90&odometer=29700&level=three_star", PHONE),
    ("levels", "/levels", DESK),
    ("tyre", "/tyre?new_depth=10&remaining_depth=8&price=32000000&made=1403-02-01", DESK),
    ("dealers", "/dealers?city=tehran", DESK),
    ("downtime", "/downtime?admitted=1403-02-01&ready=1403-02-20&price=1000000000", DESK),
    ("events", "/events?many=2&damage_1=150000000&event_2=flood&damage_2=90000000&level=two_star", DESK),
    ("share-en", "/share?damage=200000000&event=flood&lang=en", PHONE),
)
DAMAGE, EARLIER = "150000000", 2
"""«A Samand on a two-star card, two accidents so far, a damage of 150 million.»"""


def window(browser: Browser, size: tuple[int, int]) -> Page:
    """A new window; a phone's or a tablet's where it is narrow."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=size != DESK, is_mobile=size == PHONE
    )
    return context.new_page()


def wait_until_stable(page: Page) -> None:
    """Wait until the page has its foot and its pictures."""
    expect(page.locator(".kh-foot")).to_be_attached(timeout=30_000)
    page.wait_for_timeout(2500)


def capture(browser: Browser, address: str, name: str, path: str, size: tuple[int, int]) -> None:
    """One picture of a page, once it is still."""
    page = window(browser, size)
    page.goto(address + path)
    wait_until_stable(page)
    page.screenshot(path=DOCS / f"{name}.png")
    page.context.close()


def sales_scenario(browser: Browser, address: str) -> None:
    """From the home page to the sheet in the salesperson's hand: two taps, the number, two taps."""
    page = window(browser, DESK)
    page.goto(address)
    expect(page.locator(".st-key-entry-customer a")).to_be_visible(timeout=30_000)
    start = time.monotonic()
    page.locator(".st-key-entry-customer a").click()
    entry = page.locator(".st-key-share-damage input")
    entry.press_sequentially(DAMAGE, delay=120)
    page.locator(".st-key-share-earlier button").nth(EARLIER).click()
    expect(page.locator(".kh-split")).to_be_visible()
    wait_until_stable(page)
    page.screenshot(path=DOCS / "walk-sales.png")
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    file = download.value.path()
    print(f"from the home page to the sheet: {time.monotonic() - start:.0f} s, pictures and pauses included")
    draw = shutil.which("pdftoppm")
    if draw is None:
        sys.exit("pdftoppm of poppler is needed for the picture of the sheet")
    subprocess.run([draw, "-png", "-r", "80", "-singlefile", file, DOCS / "walk-sales-sheet"], check=True)
    page.context.close()


def rescuer_scenario(browser: Browser) -> None:
    """The guide in a tablet without network: a Tondar 90 at 29,700 km on a three-star card."""
    (ROOT / "guide").mkdir(exist_ok=True)
    file = ROOT / "guide" / guide.FILE_NAME
    file.write_bytes(guide.download())
    page = window(browser, TABLET)
    page.context.set_offline(offline=True)
    page.goto(file.as_uri())
    due = page.locator(".locale[lang=fa]")
    due.locator("[data-car=tondar90]").tap()
    due.locator(".segments [data-level=three_star]").tap()
    due.locator(".odometer").press_sequentially("29700")
    page.wait_for_timeout(800)
    page.screenshot(path=DOCS / "walk-rescuer.png")
    page.context.close()


def main() -> None:
    """Start the app, take every picture, walk both walks."""
    DOCS.mkdir(exist_ok=True)
    with streamlit_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        for name, path, size in SHOTS:
            capture(browser, address, name, path, size)
            print(f"docs/{name}.png")
        sales_scenario(browser, address)
        rescuer_scenario(browser)
        browser.close()


if __name__ == "__main__":
    main()
