import shutil
from pathlib import Path

import pytest
from hypothesis import settings

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
