"""Measure: one call of each calculator, import and start, click → answer beside Streamlit's hello page.

Everything in one run, so that the ratios mean something on a noisy machine. Never part of a test.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from logic.calculators import find  # noqa: E402 - the path comes first
from tests.serving import serving  # noqa: E402
from tools import chromium  # noqa: E402

CALLS: dict[str, dict[str, object]] = {
    "assistance_cost": {"level": "mobile", "item": "tow"},
    "compare_levels": {},
    "level_eligibility": {
        "produced_on": "1399-01-15",
        "on": "1403-05-01",
        "use": "taxi",
        "current_level": "two_star",
    },
    "nearest_dealers": {"city": "shiraz"},
    "service_schedule": {"vehicle": "tondar90", "odometer_km": 29700, "level": "three_star"},
    "subscriber_share": {
        "level": "two_star",
        "event": "collision",
        "damage_rial": 200000000,
        "prior_incidents": 2,
    },
    "tyre_refund": {"new_depth_mm": "8", "remaining_depth_mm": "5", "new_price_rial": 32000000},
}
HELLO = """
import streamlit as st
pressed = st.segmented_control("n", ["0", "1"], default="0", key="n")
st.html(f'<p class="answer">{pressed}</p>')
"""
ROUNDS, CLICKS = 5, 12
MILLI = 1000


def calculators() -> None:
    """Print the median of one call with its full working, in ms."""
    print("| calculator | ms a call, with its working |\n| --- | --- |")
    for name, fields in CALLS.items():
        calculator = find(name)
        calculator.answer(fields)
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for _ in range(200):
                calculator.answer(fields)
            times.append((time.perf_counter() - start) / 200 * MILLI)
        print(f"| {name} | {statistics.median(times):.3f} |")


def start() -> None:
    """Print how long the import and the start to the first healthy answer take, in s."""
    imports, starts = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import app"], cwd=ROOT, check=True)
        imports.append(time.perf_counter() - began)
        began = time.perf_counter()
        with serving():
            starts.append(time.perf_counter() - began)
    print("\n| what | s (median of 5) |\n| --- | --- |")
    print(f"| import app, all tables checked | {statistics.median(imports):.2f} |")
    print(f"| start → healthy | {statistics.median(starts):.2f} |")


def pages() -> None:
    """Print click → answer for each page in ms, and its ratio to Streamlit's hello page of the same run."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        (Path(folder) / "hello.py").write_text(HELLO)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        with serving("hello.py", Path(folder)) as hello, serving() as ours:
            base = _clicks(browser.new_page(), hello, "[data-testid=stButtonGroup] button", ".answer")
            print(
                f"\n| page | click → answer, ms (median of {CLICKS}) | ratio to hello |\n| --- | --- | --- |"
            )
            print(f"| Streamlit's hello | {base:.0f} | 1.0 |")
            for path, buttons, shown in PAGES:
                took = _clicks(browser.new_page(), ours + path, buttons, shown)
                print(f"| {path.split('?')[0]} | {took:.0f} | {took / base:.1f} |")
        browser.close()


PAGES = (
    ("/share?damage=200000000", ".st-key-share-earlier button", ".kh-num b"),
    ("/service?car=tondar90&odometer=29700", ".st-key-service-level button", ".kh-items"),
    ("/levels", ".st-key-levels-use button", ".kh-cmp thead"),
    ("/tyre?new_depth=8&remaining_depth=5&price=32000000", ".st-key-tyre-grade button", ".st-key-answer"),
    ("/dealers?city=tehran", ".st-key-dealers-network button", ".kh-dealers"),
)
"""Address, the buttons to press in turn (the first two), and what changes with them."""


def _clicks(page: Page, address: str, buttons: str, shown: str) -> float:
    page.goto(address)
    expect(page.locator(shown).first).to_be_visible(timeout=30_000)
    page.wait_for_timeout(1500)
    times = []
    for click in range(CLICKS + 2):
        took = page.evaluate(_MEASURE, [buttons, (click + 1) % 2, shown])
        page.wait_for_timeout(400)
        times.append(took)
    page.close()
    return float(statistics.median(times[2:]))


_MEASURE = """([buttons, which, shown]) => new Promise((done, fail) => {
  const before = document.querySelector(shown).innerText;
  const began = performance.now();
  const observer = new MutationObserver(() => {
    const now = document.querySelector(shown);
    if (now && now.innerText !== before) {
      observer.disconnect();
      requestAnimationFrame(() => done(performance.now() - began));
    }
  });
  observer.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  document.querySelectorAll(buttons)[which].click();
  setTimeout(() => fail(new Error("nothing changed")), 10000);
})"""


if __name__ == "__main__":
    calculators()
    start()
    pages()
