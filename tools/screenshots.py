"""Take the screenshots of the README into docs/: pages, and two scenarios of a new user."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tools import chromium  # noqa: E402
from tools.harness.app_server import streamlit_server  # noqa: E402 - needs the path above
from ui.offline_guide import guide  # noqa: E402

DOCS = ROOT / "docs"
DESKTOP, TABLET, PHONE = (1280, 860), (820, 1180), (390, 1500)
SCREENSHOTS = (
    ("home", "/", DESKTOP),
    ("share", "/share?damage=200000000&earlier=1&earlier_third=1", DESKTOP),
    ("service", "/service?car=tondar90&odometer=29700&level=three_star", PHONE),
    ("levels", "/levels", DESKTOP),
    ("tyre", "/tyre?new_depth=10&remaining_depth=8&price=32000000&made=1403-02-01", DESKTOP),
    ("dealers", "/dealers?city=tehran", DESKTOP),
    ("downtime", "/downtime?admitted=1403-02-01&ready=1403-02-20&price=1000000000", DESKTOP),
    ("events", "/events?many=2&damage_1=150000000&event_2=flood&damage_2=90000000&level=two_star", DESKTOP),
    ("share-en", "/share?damage=200000000&event=flood&lang=en", PHONE),
)
DAMAGE_RIAL, PRIOR_INCIDENTS = "150000000", 2
"""The sales scenario: a two-star card, two accidents so far, a damage of 150 million rials."""


def window(browser: Browser, size: tuple[int, int]) -> Page:
    """Open a window of a size; a touch screen below the desktop's, a phone's at the smallest."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=size != DESKTOP, is_mobile=size == PHONE
    )
    return context.new_page()


def wait_until_stable(page: Page) -> None:
    """Wait for the footer of the page, then for its images."""
    expect(page.locator(".kh-footer")).to_be_attached(timeout=30_000)
    page.wait_for_timeout(2500)


def capture(browser: Browser, address: str, name: str, path: str, size: tuple[int, int]) -> None:
    """Take a screenshot of a page once it is stable."""
    page = window(browser, size)
    page.goto(address + path)
    wait_until_stable(page)
    page.screenshot(path=DOCS / f"{name}.png")
    page.context.close()


def sales_scenario(browser: Browser, address: str) -> None:
    """Get the PDF of an answer as a salesperson does: two taps, the damage, two taps."""
    page = window(browser, DESKTOP)
    page.goto(address)
    expect(page.locator(".st-key-entry-customer a")).to_be_visible(timeout=30_000)
    start = time.monotonic()
    page.locator(".st-key-entry-customer a").click()
    entry = page.locator(".st-key-share-damage input")
    entry.press_sequentially(DAMAGE_RIAL, delay=120)
    page.locator(".st-key-share-earlier button").nth(PRIOR_INCIDENTS).click()
    expect(page.locator(".kh-split")).to_be_visible()
    wait_until_stable(page)
    page.screenshot(path=DOCS / "walk-sales.png")
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    file = download.value.path()
    print(
        f"from the home page to the PDF: {time.monotonic() - start:.0f} s, including screenshots and pauses"
    )
    pdftoppm = shutil.which("pdftoppm")
    if pdftoppm is None:
        sys.exit("the image of the PDF needs pdftoppm (poppler)")
    subprocess.run([pdftoppm, "-png", "-r", "80", "-singlefile", file, DOCS / "walk-sales-sheet"], check=True)
    page.context.close()


def rescuer_scenario(browser: Browser) -> None:
    """Use the offline guide on a tablet: a Tondar 90 at 29,700 km on a three-star card."""
    (ROOT / "guide").mkdir(exist_ok=True)
    file = ROOT / "guide" / guide.FILE_NAME
    file.write_bytes(guide.download())
    page = window(browser, TABLET)
    page.context.set_offline(offline=True)
    page.goto(file.as_uri())
    guide_page = page.locator(".locale[lang=fa]")
    guide_page.locator("[data-car=tondar90]").tap()
    guide_page.locator(".segments [data-level=three_star]").tap()
    guide_page.locator(".odometer").press_sequentially("29700")
    page.wait_for_timeout(800)
    page.screenshot(path=DOCS / "walk-rescuer.png")
    page.context.close()


def main() -> None:
    """Start the app and take every screenshot."""
    DOCS.mkdir(exist_ok=True)
    with streamlit_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        for name, path, size in SCREENSHOTS:
            capture(browser, address, name, path, size)
            print(f"docs/{name}.png")
        sales_scenario(browser, address)
        rescuer_scenario(browser)
        browser.close()


if __name__ == "__main__":
    main()
