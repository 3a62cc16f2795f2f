"""Environment variables: checked, named when invalid, documented."""

import pytest

from logic.core.errors import SettingError
from logic.core.settings import PREFIX, Settings, settings
from tests.support.paths import ROOT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATA", "/no/such/folder"), ("TILES", "javascript:alert(1)"), ("TILES", 'https://x/"><script>'),
        ("BASE_URL", "khodroyar"), ("HOSTS", "a b"), ("THURSDAY_WORKS", "perhaps"), ("PORT", "0"), ("PORT", "65536"),
        ("BODY_KB", "0"), ("BATCH_KB", "x"), ("BATCH_LINES", "-1"), ("FLEET_CARS", "1.5"), ("UPLOADS_MB", "0"), ("PROXIES", "nobody"),
        ("HOST", "a b"), ("INTERNAL_PORT", "8501"), ("INTERNAL_PORT", "0"), ("READ_SECONDS", "0"),
    ],
)  # fmt: skip
def test_each_setting_is_checked(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingError, match=f"^{PREFIX}{name}="):
        settings()


def test_the_internal_port_is_unset_or_another_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().internal_port is None
    monkeypatch.setenv("KHODROYAR_INTERNAL_PORT", "8502")
    assert settings().internal_port == 8502


def test_every_setting_is_documented_with_its_default() -> None:
    document = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "") else str(field.default).lower()
        assert f"| `{PREFIX}{name.upper()}` | {default} |" in document, name


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().host_names == ["*"]
    monkeypatch.setenv("KHODROYAR_HOSTS", "a.example,b.example")
    assert settings().host_names == ["a.example", "b.example"]
