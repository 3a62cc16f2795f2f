import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, expect, sync_playwright

from logic import tables
from tests.serving import serving
from tests.visiting import DESK, PHONE, Visit
from tools import chromium

SHIPPED = Path(__file__).parent.parent / "data"

settings.register_profile("khodroyar", deadline=None, derandomize=True)  # the same tests on every machine
settings.load_profile("khodroyar")
expect.set_options(timeout=30_000)  # a machine may be busy; what is there at once is seen at once


@pytest.fixture
def data_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data folder that a test may break; the calculators read it instead of the shipped one."""
    copy = tmp_path / "data"
    shutil.copytree(SHIPPED, copy)
    monkeypatch.setattr(tables, "_root", copy)
    return copy


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "no Chromium: make test installs it, or says what to install"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving() as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visit]]:
    contexts = []

    def start(width: int = DESK, language: str = "fa", at: str = address, **options: Any) -> Visit:  # noqa: ANN401
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            has_touch=width < DESK,
            is_mobile=width == PHONE,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        found = Visit(page, at, language)

        def only_ours(route: Any) -> None:  # noqa: ANN401 - Playwright's route
            if route.request.url.startswith((at, "data:", "blob:")):
                route.continue_()
            else:
                found.errors.append(f"asked {route.request.url}")
                route.abort()

        context.route("**/*", only_ours)
        page.on("console", lambda m: found.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: found.errors.append(str(error)))
        return found

    yield start
    for context in contexts:
        context.close()
