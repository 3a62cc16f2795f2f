"""Tests of the running server: headers, probes, metrics, log, settings and the content security policy."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from starlette.requests import Request

from logic.core.registry import calculators
from server import health
from server.observability import route_of
from server.security_headers import content_security_policy
from tests.support.browser_visit import DESKTOP, Visit, headline_number
from tests.support.page_run import EXAMPLE_LINKS, html, open_page
from tests.support.paths import ROOT
from tests.support.security_headers import wrong_headers
from tools.harness.app_server import STARTUP_SECONDS, streamlit_server


def get(base: str, path: str, **sent: str) -> tuple[int, dict[str, str], bytes]:
    """Return the status, headers and body."""
    connection = HTTPConnection(urlsplit(base).netloc, timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in sent.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, content


# --- Headers and compression


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/share?damage=5",
        "/healthz",
        "/app/static/vazirmatn.woff2",
        "/app/static/provinces.geojson",
        "/api/v1/docs",
        "/api/v1/nothing",
        "/%5c%5chost",
        "/media/none.pdf",
    ],
)
def test_every_answer_has_the_security_headers(address: str, path: str) -> None:
    _, headers, _ = get(address, path)
    assert wrong_headers(headers) == {}
    assert "server" not in headers


def test_a_tile_server_is_the_only_additional_host() -> None:
    assert "img-src 'self' data: blob:;" in content_security_policy("")
    assert "blob: https://*.tiles.example:8080;" in content_security_policy(
        "https://{s}.tiles.example:8080/{z}/{x}/{y}.png"
    )
    assert "http" not in content_security_policy("")


@pytest.mark.parametrize("path", ["/", "/api/v1/openapi.json", "/app/static/provinces.geojson"])
def test_long_answers_are_compressed_for_clients_that_accept_it(address: str, path: str) -> None:
    _, plain_headers, plain_body = get(address, path)
    _, gzip_headers, gzip_body = get(address, path, Accept_Encoding="gzip")
    assert "content-encoding" not in plain_headers
    assert gzip_headers["content-encoding"] == "gzip"
    assert "accept-encoding" in gzip_headers["vary"].lower()
    assert len(gzip_body) < len(plain_body) / 2


def test_scripts_of_the_pages_are_compressed(address: str) -> None:
    _, _, page = get(address, "/")
    script = re.search(rb'src="\.?/?(static/js/index[^"]+)"', page)
    assert script
    status, headers, _ = get(address, f"/{script[1].decode()}", Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")


# --- Pages under the policy


@pytest.mark.slow
def test_the_api_documentation_works_without_other_hosts(address: str, visit: Callable[..., Visit]) -> None:
    window = visit(DESKTOP, at=address)
    window.page.goto(f"{address}/api/v1/docs")
    window.page.locator("#operations-calculators-subscriber_share").click()
    window.page.get_by_role("button", name="Try it out").click()
    window.page.locator("textarea").fill(
        '{"level": "two_star", "event": "collision", "damage_rial": 20000000}'
    )
    window.page.get_by_role("button", name="Execute").click()
    expect(window.page.locator(".live-responses-table")).to_contain_text('"subscriber_pays_rial": 2000000')
    assert window.errors == []


# --- Health, readiness and metrics


def test_health_is_ok_and_readiness_lists_the_editions(address: str) -> None:
    assert get(address, "/healthz")[::2] == (200, b"ok\n")
    status, _, body = get(address, "/readyz")
    readiness = json.loads(body)
    assert (status, readiness["ready"], readiness["calculators"]) == (200, True, len(calculators()))
    bylaws = [edition for edition in readiness["editions"] if edition["document"] == "bylaw"]
    older = {"document": "bylaw", "edition": "bylaw_1389", "from": "1389-02-29", "to": "1395-01-21"}
    assert bylaws[0] == older
    assert (bylaws[1]["edition"], bylaws[1]["from"]) == ("bylaw_1395", "1395-01-22")
    assert bylaws[-1]["to"] is None


def test_a_complete_data_folder_is_ready(data_copy: Path) -> None:
    answer = health.readyz(Request({"type": "http"}))
    assert answer.status_code == 200
    editions = json.loads(bytes(answer.body))["editions"]
    assert {edition["document"] for edition in editions} >= {"emdad", "bylaw", "mvm_fx"}
    assert data_copy.is_dir()


def test_a_damaged_table_is_named_and_not_ready(data_copy: Path) -> None:
    table = data_copy / "emdad/ssa005_14/level_services.csv"
    table.write_text(table.read_text().replace("free", "fre", 1))
    answer = health.readyz(Request({"type": "http"}))
    assert answer.status_code == 503
    assert re.search(r"level_services\.csv:\d+: column", json.loads(bytes(answer.body))["problem"])


def metric_value(base: str, name: str) -> float:
    match = re.search(rf"^{re.escape(name)} ([\d.e+]+)$", get(base, "/metrics")[2].decode(), re.MULTILINE)
    return float(match[1]) if match else 0.0


def test_answers_errors_and_visits_are_counted(address: str, visit: Callable[..., Visit]) -> None:
    answers = 'khodroyar_answers_total{at="page",calculator="subscriber_share"}'
    before = metric_value(address, answers)
    window = visit(DESKTOP, at=address).open("/share?damage=200000000&earlier=1")
    assert headline_number(window) == "40,000,000"
    assert metric_value(address, answers) > before
    assert metric_value(address, "khodroyar_open_visits") >= 1
    over_http = 'khodroyar_answers_total{at="api",calculator="subscriber_share"}'
    missing_fields = 'khodroyar_request_errors_total{code="required"}'
    refused = 'khodroyar_requests_total{method="POST",route="/api/v1/subscriber_share",status="422"}'
    earlier, missing_before, refused_before = (
        metric_value(address, name) for name in (over_http, missing_fields, refused)
    )
    connection = HTTPConnection(urlsplit(address).netloc)
    for body in ('{"level": "two_star", "event": "collision", "damage_rial": 5}', "{}"):
        connection.request("POST", "/api/v1/subscriber_share", body, {"Content-Type": "application/json"})
        connection.getresponse().read()
    connection.close()
    assert metric_value(address, over_http) == earlier + 1
    assert metric_value(address, missing_fields) == missing_before + 3
    assert metric_value(address, refused) == refused_before + 1


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"), ("/share", "/share"), ("/share/x", "other"), ("/../../etc/passwd", "other"), ("/x" * 500, "other"),
        ("/static/js/a.js", "/static"), ("/api/v1/tyre_refund", "/api/v1/tyre_refund"),
        ("/api/v1/tyre_refund/batch", "/api/v1/tyre_refund"), ("/api/v1/evil", "/api"), ("/api", "/api"), ("/readyz", "/readyz"),
    ],
)  # fmt: skip
def test_unknown_paths_add_no_label_to_the_metrics(path: str, route: str) -> None:
    assert route_of(path) == route


def test_the_log_has_one_json_line_per_request_without_personal_data(address: str, server_log: Path) -> None:
    get(
        address,
        "/share?damage=123456789&lang=en",
        X_Request_ID="my-own-7",
        Cookie="a=secret",
        User_Agent="secret",
    )
    lines: list[str] = []
    end = time.monotonic() + STARTUP_SECONDS
    while not lines and time.monotonic() < end:  # it is written after the answer is sent
        lines = [line for line in server_log.read_text().splitlines() if "my-own-7" in line]
    assert len(lines) == 1
    record = json.loads(lines[0])
    assert (record["method"], record["path"], record["status"]) == ("GET", "/share", 200)
    assert record.keys() == {"time", "id", "method", "path", "status", "bytes", "ms"}
    head, *rest = server_log.read_text().splitlines()
    assert head.startswith("Khodroyar listens on ")
    for hidden in ("123456789", "secret", "127.0.0.1"):
        assert not [line for line in rest if hidden in line]


def test_a_made_up_request_id_does_not_reach_the_log(address: str, server_log: Path) -> None:
    get(address, "/healthz", X_Request_ID='"}{"evil": 1')
    assert "evil" not in server_log.read_text()


# --- Settings


def refused_start(**environment: str) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "server"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    return result.stderr


def test_an_invalid_setting_prevents_the_start_and_is_named() -> None:
    assert "KHODROYAR_PORT=abc: " in refused_start(KHODROYAR_PORT="abc")


def test_an_unlisted_host_is_refused() -> None:
    with streamlit_server(KHODROYAR_HOSTS="localhost,*.khodroyar.example") as address:
        assert get(address, "/healthz")[0] == 200
        assert get(address, "/share", Host="www.khodroyar.example")[0] == 200
        status, headers, _ = get(address, "/share", Host="evil.example")
        assert (status, wrong_headers(headers)) == (400, {})
        for path in ("/healthz", "/readyz"):  # a container checks its own health by address
            assert get(address, path, Host="127.0.0.1:8501")[0] == 200


def test_the_base_url_of_shared_links_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHODROYAR_BASE_URL", "https://khodroyar.example/app")
    content = html(open_page("share", "en", EXAMPLE_LINKS["share"]))
    assert "https://khodroyar.example/app/share?damage=200000000" in content
