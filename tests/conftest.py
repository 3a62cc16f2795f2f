import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from logic.core.faults import fault_listeners
from logic.datasets.dataset import Dataset
from tests.support.browser_visit import AUDIT_SCRIPT, DESKTOP, Visit, new_tab, private_window
from tests.support.named_editions import copy_up_to_named_editions, later_editions
from tests.support.paths import DATA_DIR
from tools import chromium
from tools.harness.app_server import production_server

settings.register_profile("fast", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("thorough", deadline=None, derandomize=True, max_examples=250)
settings.load_profile("fast")
expect.set_options(timeout=30_000)  # long enough for a busy machine

BROWSER_FOLDER = "tests/browser/"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that shows the browser."""
    parser.addoption("--headed", action="store_true", help="show the browser, each step a little slower")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the long browser tests first, so that no worker has to run one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER_FOLDER))


signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore Ctrl-C


@pytest.fixture(scope="session")
def named_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name a data folder whose newest editions are those that the tests name; the shipped one, if it has no later."""
    return (
        copy_up_to_named_editions(tmp_path_factory.mktemp("named") / "data") if later_editions() else DATA_DIR
    )


@pytest.fixture
def named_editions(named_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the editions that the tests name answer, also where the data folder has later ones."""
    monkeypatch.setattr("logic.datasets.dataset._current", Dataset(named_data))


@pytest.fixture
def data_copy(named_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the data folder, up to the named editions, so that a test may change it; the calculators read the copy."""
    copy = tmp_path / "data"
    shutil.copytree(named_data, copy)
    monkeypatch.setattr("logic.datasets.dataset._current", Dataset(copy))
    return copy


@pytest.fixture
def whole_data_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the data folder with every edition so that a test may change it; the calculators read the copy."""
    copy = tmp_path / "data"
    shutil.copytree(DATA_DIR, copy)
    monkeypatch.setattr("logic.datasets.dataset._current", Dataset(copy))
    return copy


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright once per test worker."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return launch options for the installed Chromium, which can resolve localhost only."""
    path = chromium.find()
    assert path, "Chromium is missing: make test installs it, or prints what to install"
    resolve = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
    visible = {"headless": False, "slow_mo": 250} if request.config.getoption("headed") else {}
    return {"executable_path": path, "args": [*chromium.ARGUMENTS, resolve], **visible}


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium_options: dict[str, Any]) -> Iterator[Browser]:
    """Start Chromium for private windows once per test worker."""
    browser = playwright.chromium.launch(**chromium_options)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def profile(
    playwright: Playwright, chromium_options: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """Start Chromium with a profile on disk once per test worker."""
    folder = tmp_path_factory.mktemp("profile")
    context = playwright.chromium.launch_persistent_context(folder, **chromium_options)
    context.add_init_script(path=AUDIT_SCRIPT)
    yield context
    context.close()


@pytest.fixture(scope="session")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the log file of the test worker's server."""
    folder: Path = tmp_path_factory.mktemp("server")
    return folder / "access.log"


@pytest.fixture(scope="session")
def address(server_log: Path) -> Iterator[str]:
    """Start the app once per test worker, as `make serve` does."""
    with production_server(server_log) as base:
        yield base


@pytest.fixture(scope="session")
def faulty_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the log file of the server with bugs."""
    folder: Path = tmp_path_factory.mktemp("faulty")
    return folder / "server.log"


@pytest.fixture(scope="session")
def faulty(faulty_log: Path) -> Iterator[str]:
    """Start a server with bugs once per test worker."""
    with production_server(faulty_log, module="tests.support.faulty_server") as base:
        yield base


@pytest.fixture
def faults() -> Iterator[list[Exception]]:
    """Collect reported internal errors; fail if a test leaves one in the list."""
    errors: list[Exception] = []
    fault_listeners.append(errors.append)
    yield errors
    fault_listeners.remove(errors.append)
    if errors:
        raise errors[0]


@pytest.fixture
def visit(profile: BrowserContext, browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    """Return a function that starts a visit: ``visit(width, language, at=…, theme=…, private=…)``.

    A private visit has its own cookies and accepts options of a Playwright context.
    """
    tabs: list[Page] = []
    windows: list[Page] = []

    def start(
        width: int = DESKTOP,
        language: str = "fa",
        at: str = address,
        *,
        private: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> Visit:
        if private:
            windows.append(private_window(browser, width, **options))
            return Visit(windows[-1], at, language)
        tabs.append(new_tab(profile, width, **options))
        return Visit(tabs[-1], at, language)

    yield start
    for tab in tabs:
        if tab.url.startswith("http"):
            tab.evaluate("localStorage.clear()")
        tab.close()
    profile.clear_cookies()
    for window in windows:
        window.context.close()
