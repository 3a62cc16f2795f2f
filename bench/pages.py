"""Measure the start, click → answer in a real browser, and what a first and a second visit load."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from bench import report
from bench.scenarios import BASELINE, SCENARIOS, PageScenario, baseline_app
from tools import chromium
from tools.harness import ROOT
from tools.harness.app_server import production_server

ROUNDS, CLICKS, WARM_UP_CLICKS = 5, 12, 2
TARGET_RATIO = 1.5
KILO = 1000
PRESS_SCRIPT = (ROOT / "bench" / "press.js").read_text(encoding="utf-8")


def start() -> str:
    """Measure and return the section on importing and starting."""
    imports, starts = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import app"], cwd=ROOT, check=True)
        imports.append(time.perf_counter() - began)
        began = time.perf_counter()
        with production_server():
            starts.append(time.perf_counter() - began)
    return report.table(
        (f"median of {ROUNDS}", "s"),
        (
            ("`import app`, all tables checked", f"{statistics.median(imports):.2f}"),
            ("`make serve` → healthy", f"{statistics.median(starts):.2f}"),
        ),
    )


def clicks() -> str:
    """Measure and return the section on click → answer."""
    with _browser() as browser, baseline_app() as baseline, production_server() as ours:
        before = _median_ms(browser, baseline, BASELINE)
        page_ms = {scenario.page: _median_ms(browser, ours, scenario) for scenario in SCENARIOS}
        baseline_ms = statistics.mean((before, _median_ms(browser, baseline, BASELINE)))
    ratios = {page: ms / baseline_ms for page, ms in page_ms.items()}
    rows = [
        ("Streamlit's smallest app", f"{baseline_ms:.0f}", "1.0"),
        *((page, f"{ms:.0f}", f"{ratios[page]:.1f}") for page, ms in page_ms.items()),
    ]
    return f"""
From the press of a button to the frame in which the answer's text has changed, in Chromium, 1280 px; medians of
{CLICKS}. Streamlit's smallest app (`bench/scenarios.py`) runs under its default settings and is measured before and after; ours
is `make serve`. {sum(ratio <= TARGET_RATIO for ratio in ratios.values())} of {len(ratios)} pages are within {TARGET_RATIO} × (the home page has no inputs).

{report.table(("page", "ms", "ratio"), rows)}
"""


def _median_ms(browser: Browser, address: str, scenario: PageScenario) -> float:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/{scenario.page}?{scenario.link}")
    expect(page.locator(scenario.answer_selector).first).to_be_attached(timeout=30_000)
    page.wait_for_timeout(1500)
    times = []
    for click in range(CLICKS + WARM_UP_CLICKS):
        times.append(
            page.evaluate(
                PRESS_SCRIPT, [f".st-key-{scenario.key} button", (click + 1) % 2, scenario.answer_selector]
            )
        )
        page.wait_for_timeout(400)
    page.close()
    return float(statistics.median(times[WARM_UP_CLICKS:]))


@dataclass
class Load:
    """What a page loaded, and how long that took."""

    requests: int = 0
    received_bytes: int = 0
    seconds: float = 0


def first_load() -> str:
    """Measure and return the section on what a visit loads."""
    rows = []
    with _browser() as browser, baseline_app() as baseline, production_server() as ours:
        for name, address in (
            ("Streamlit's smallest app", baseline),
            ("home", ours),
            ("share", f"{ours}/share?damage=200000000"),
            ("dealers", f"{ours}/dealers?city=shiraz"),
        ):
            for visit, load in zip(("first", "second"), _loads(browser, address), strict=True):
                rows.append(
                    (name, visit, load.requests, f"{load.received_bytes / KILO:.0f}", f"{load.seconds:.1f}")
                )
    return f"""
In an empty browser, and again in the same one: requests and kilobytes over the network, the WebSocket's included, until the
page is stable. Streamlit's smallest app runs under its default settings; ours is `make serve`, which compresses.

{report.table(("page", "visit", "requests", "kB", "s"), rows)}
"""


def _loads(browser: Browser, address: str) -> list[Load]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    load = Load()

    def request(_event: dict[str, Any]) -> None:
        load.requests += 1

    def loading_finished(event: dict[str, Any]) -> None:
        load.received_bytes += int(event["encodedDataLength"])

    def frame(event: dict[str, Any]) -> None:
        data = event["response"]["payloadData"]
        load.received_bytes += len(data) * 3 // 4 if event["response"]["opcode"] != 1 else len(data)

    session.on("Network.requestWillBeSent", request)
    session.on("Network.loadingFinished", loading_finished)
    session.on("Network.webSocketFrameReceived", frame)
    session.send("Network.enable")
    loads = []
    for _ in range(2):
        load = Load()
        began = time.perf_counter()
        page.goto(address)
        expect(page.locator(".kh-footer, .answer").first).to_be_visible(timeout=30_000)
        load.seconds = time.perf_counter() - began
        page.wait_for_timeout(3000)
        loads.append(load)
        page.goto("about:blank")
    context.close()
    return loads


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        yield started
        started.close()
