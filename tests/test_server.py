"""The server as a company runs it: headers, probes, counts, log, settings, and pages under the policy."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from starlette.requests import Request

from logic.calculators import calculators
from logic.errors import SettingError
from logic.settings import PREFIX, Settings, settings
from server import health
from server.headers import headers, policy
from server.watch import route_of
from tests.serving import ROOT, SECONDS, production, serving
from tests.test_pages import ANSWERS, SCRIPTS, html, open_page
from tests.visiting import DESK, Visit, number
from ui.pages import HOME


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("log")
    return folder / "access.log"


@pytest.fixture(scope="module")
def server(log: Path) -> Iterator[str]:
    with production(log) as address:
        yield address


def get(address: str, path: str, **sent: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in sent.items()})
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, read


# --- Headers and compression


@pytest.mark.parametrize(
    "path",
    ["/", "/share?damage=5", "/healthz", "/app/static/vazirmatn.woff2", "/api/v1/docs", "/api/v1/nothing"],
)
def test_every_answer_says_what_may_be_loaded_and_done(server: str, path: str) -> None:
    _, found, _ = get(server, path)
    for name, value in headers(""):
        assert found[name] == value
    assert "server" not in found


def test_a_tile_server_is_the_one_host_more_that_is_allowed() -> None:
    assert "img-src 'self' data: blob:;" in policy("")
    assert "blob: https://*.tiles.example:8080;" in policy("https://{s}.tiles.example:8080/{z}/{x}/{y}.png")
    assert "http" not in policy("")


@pytest.mark.parametrize("path", ["/", "/api/v1/openapi.json"])
def test_what_is_long_comes_compressed_where_that_is_understood(server: str, path: str) -> None:
    _, plain, whole = get(server, path)
    _, packed, short = get(server, path, Accept_Encoding="gzip")
    assert "content-encoding" not in plain
    assert packed["content-encoding"] == "gzip"
    assert "accept-encoding" in packed["vary"].lower()
    assert len(short) < len(whole) / 2


def test_the_scripts_of_the_pages_come_compressed(server: str) -> None:
    _, _, page = get(server, "/")
    script = re.search(rb'src="\.?/?(static/js/index[^"]+)"', page)
    assert script
    status, found, _ = get(server, f"/{script[1].decode()}", Accept_Encoding="gzip")
    assert (status, found["content-encoding"]) == (200, "gzip")


# --- Pages under the policy


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_page_wants_what_the_policy_forbids(server: str, visit: Callable[..., Visit], name: str) -> None:
    link = "&".join(f"{field}={value}" for field, value in ANSWERS.get(name, {}).items())
    window = visit(DESK, at=server).open(f"/{'' if name == HOME.id else name}?{link}")
    window.page.wait_for_timeout(500)
    window.sound()


def test_sheet_and_guide_are_handed_over_under_the_policy(server: str, visit: Callable[..., Visit]) -> None:
    window = visit(DESK, at=server).open("/share?damage=200000000&earlier=1")
    with window.page.expect_download() as sheet:
        window.page.locator(".stDownloadButton button").click()
    assert sheet.value.path().read_bytes().startswith(b"%PDF")
    window.open("/service")
    with window.page.expect_download() as guide:
        window.page.locator(".st-key-service-guide button").click()
    assert guide.value.path().stat().st_size > 10**6
    window.sound()


def test_the_page_to_try_the_calculators_works_with_no_other_host(
    server: str, visit: Callable[..., Visit]
) -> None:
    window = visit(DESK, at=server)
    window.page.goto(f"{server}/api/v1/docs")
    window.page.locator("#operations-calculators-subscriber_share").click()
    window.page.get_by_role("button", name="Try it out").click()
    window.page.locator("textarea").fill(
        '{"level": "two_star", "event": "collision", "damage_rial": 20000000}'
    )
    window.page.get_by_role("button", name="Execute").click()
    expect(window.page.locator(".live-responses-table")).to_contain_text('"subscriber_pays_rial": 2000000')
    assert window.errors == []


# --- Alive, ready, counted


def test_alive_and_ready_with_its_editions(server: str) -> None:
    assert get(server, "/healthz")[::2] == (200, b"ok\n")
    status, _, body = get(server, "/readyz")
    found = json.loads(body)
    assert (status, found["ready"], found["calculators"]) == (200, True, len(calculators()))
    assert {"document": "bylaw", "edition": "bylaw_1395", "from": "1395-01-22", "to": None} in found[
        "editions"
    ]


def test_a_whole_data_folder_is_ready(data_copy: Path) -> None:
    answer = health.readyz(Request({"type": "http"}))
    assert answer.status_code == 200
    editions = json.loads(bytes(answer.body))["editions"]
    assert {each["document"] for each in editions} >= {"emdad", "bylaw", "mvm_fx"}
    assert data_copy.is_dir()


def test_a_damaged_table_is_not_ready_and_named(data_copy: Path) -> None:
    table = data_copy / "emdad/ssa005_14/level_services.csv"
    table.write_text(table.read_text().replace("free", "fre", 1))
    answer = health.readyz(Request({"type": "http"}))
    assert answer.status_code == 503
    assert re.search(r"level_services\.csv:\d+: column", json.loads(bytes(answer.body))["problem"])


def counted(server: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} ([\d.e+]+)$", get(server, "/metrics")[2].decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_answers_errors_and_visits_are_counted(server: str, visit: Callable[..., Visit]) -> None:
    answers = 'khodroyar_answers_total{at="page",calculator="subscriber_share"}'
    before = counted(server, answers)
    window = visit(DESK, at=server).open("/share?damage=200000000&earlier=1")
    assert number(window) == "40,000,000"
    assert counted(server, answers) > before
    assert counted(server, "khodroyar_open_visits") >= 1
    over_http = 'khodroyar_answers_total{at="api",calculator="subscriber_share"}'
    earlier = counted(server, over_http)
    connection = HTTPConnection(urlsplit(server).netloc)
    for body in ('{"level": "two_star", "event": "collision", "damage_rial": 5}', "{}"):
        connection.request("POST", "/api/v1/subscriber_share", body, {"Content-Type": "application/json"})
        connection.getresponse().read()
    connection.close()
    assert counted(server, over_http) == earlier + 1
    assert counted(server, 'khodroyar_request_errors_total{code="required"}') == 3
    refused = 'khodroyar_requests_total{method="POST",route="/api/v1/subscriber_share",status="422"}'
    assert counted(server, refused) == 1


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"), ("/share", "/share"), ("/share/x", "other"), ("/../../etc/passwd", "other"), ("/x" * 500, "other"),
        ("/static/js/a.js", "/static"), ("/api/v1/tyre_refund", "/api/v1/tyre_refund"),
        ("/api/v1/tyre_refund/batch", "/api/v1/tyre_refund"), ("/api/v1/evil", "/api"), ("/api", "/api"), ("/readyz", "/readyz"),
    ],
)  # fmt: skip
def test_a_visitor_makes_no_new_label(path: str, route: str) -> None:
    assert route_of(path) == route


def test_the_log_has_a_line_of_json_for_each_request_and_nothing_of_the_visitor(
    server: str, log: Path
) -> None:
    get(
        server,
        "/share?damage=123456789&lang=en",
        X_Request_ID="my-own-7",
        Cookie="a=secret",
        User_Agent="secret",
    )
    lines: list[str] = []
    end = time.monotonic() + SECONDS
    while not lines and time.monotonic() < end:  # it is written once the answer is on its way
        lines = [line for line in log.read_text().splitlines() if "my-own-7" in line]
    assert len(lines) == 1
    found = json.loads(lines[0])
    assert (found["method"], found["path"], found["status"]) == ("GET", "/share", 200)
    assert found.keys() == {"time", "id", "method", "path", "status", "bytes", "ms"}
    head, *rest = log.read_text().splitlines()
    assert head.startswith("Khodroyar listens on ")
    for hidden in ("123456789", "secret", "127.0.0.1"):
        assert not [line for line in rest if hidden in line]


def test_a_made_up_request_id_does_not_reach_the_log(server: str, log: Path) -> None:
    get(server, "/healthz", X_Request_ID='"}{"evil": 1')
    assert "evil" not in log.read_text()


# --- Settings


def refused_start(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "server"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_setting_that_cannot_be_used_stops_the_start_with_its_name() -> None:
    assert "KHODROYAR_PORT=abc: " in refused_start(KHODROYAR_PORT="abc")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATA", "/no/such/folder"), ("TILES", "javascript:alert(1)"), ("TILES", 'https://x/"><script>'),
        ("BASE_URL", "khodroyar"), ("HOSTS", "a b"), ("THURSDAY_WORKS", "perhaps"), ("PORT", "0"), ("PORT", "65536"),
        ("BODY_KB", "0"), ("BATCH_KB", "x"), ("BATCH_LINES", "-1"), ("FLEET_CARS", "1.5"), ("PROXIES", "nobody"),
        ("HOST", "a b"),
    ],
)  # fmt: skip
def test_each_setting_is_checked(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingError, match=f"^{PREFIX}{name}="):
        settings()


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text()
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "") else str(field.default).lower()
        assert f"| `{PREFIX}{name.upper()}` | {default} |" in readme, name


def test_a_host_that_is_not_ours_is_not_answered() -> None:
    with serving(KHODROYAR_HOSTS="localhost,*.khodroyar.example") as address:
        assert get(address, "/healthz")[0] == 200
        assert get(address, "/healthz", Host="www.khodroyar.example")[0] == 200
        assert get(address, "/healthz", Host="evil.example")[0] == 400


def test_hosts_are_named_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().host_names == ["*"]
    monkeypatch.setenv("KHODROYAR_HOSTS", "a.example,b.example")
    assert settings().host_names == ["a.example", "b.example"]


def test_the_address_in_sheets_and_cases_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHODROYAR_BASE_URL", "https://khodroyar.example/app")
    shown = html(open_page("share", "en", ANSWERS["share"]))
    assert "https://khodroyar.example/app/share?damage=200000000" in shown
