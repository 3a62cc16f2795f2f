import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from tests.serving import serving
from tools import chromium

SHIPPED = Path(__file__).parent.parent / "data"

settings.register_profile("khodroyar", deadline=None, derandomize=True)  # the same tests on every machine
settings.load_profile("khodroyar")


@pytest.fixture
def data_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data folder that a test may break; the calculators read it instead of the shipped one."""
    copy = tmp_path / "data"
    shutil.copytree(SHIPPED, copy)
    monkeypatch.setenv("KHODROYAR_DATA", str(copy))
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
