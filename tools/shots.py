"""Take the pictures of the README: each page, in Persian, on a phone and at a desk, into docs/."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.serving import serving  # noqa: E402 - the path comes first
from tools import chromium  # noqa: E402

DESK, PHONE = (1280, 860), (390, 1500)
SHOTS = (
    ("home", "/", DESK),
    ("share", "/share?damage=200000000&earlier=1&earlier_third=1", DESK),
    ("service", "/service?car=tondar90&odometer=29700&level=three_star", PHONE),
    ("levels", "/levels", DESK),
    ("tyre", "/tyre?new_depth=10&remaining_depth=8&price=32000000&made=1403-02-01", DESK),
    ("dealers", "/dealers?city=tehran", DESK),
    ("share-en", "/share?damage=200000000&event=flood&lang=en", PHONE),
)


def take(browser: Browser, address: str, name: str, path: str, size: tuple[int, int]) -> None:
    """One picture of a page, once it is still."""
    phone = size == PHONE
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=phone, is_mobile=phone
    )
    page = context.new_page()
    page.goto(address + path)
    expect(page.locator(".kh-foot")).to_be_attached(timeout=30_000)
    page.wait_for_timeout(2500)
    page.screenshot(path=ROOT / "docs" / f"{name}.png")
    context.close()


def main() -> None:
    """Start the app and take every picture."""
    (ROOT / "docs").mkdir(exist_ok=True)
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        for name, path, size in SHOTS:
            take(browser, address, name, path, size)
            print(f"docs/{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
