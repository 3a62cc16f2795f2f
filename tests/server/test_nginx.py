"""Tests of the shipped nginx configuration: errors, internal addresses, limits and cookies, with and without an app."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.support.security_headers import SECURITY_HEADERS, wrong_headers
from tools.harness.app_server import free_port, wait_for
from tools.harness.nginx import HSTS, running_nginx

pytestmark = pytest.mark.slow

COOKIE = "khodroyar_visit"
BURST = 100
"""Requests of one visitor to the API that nginx lets through at once."""
UPLOADS_AT_ONCE = 30
"""Uploads of one address that do not wait."""


class Answer(NamedTuple):
    """An answer through nginx; its cookies are separated by newlines."""

    status: int
    headers: dict[str, str]
    cookies: str


@pytest.fixture(scope="module")
def nginx_with_app(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start nginx in front of one replica."""
    with running_nginx(tmp_path_factory.mktemp("nginx"), urlsplit(address).port or 0) as base:
        yield base


@pytest.fixture
def nginx_without_app(tmp_path: Path) -> Iterator[str]:
    """Start nginx in front of a replica that is down."""
    with running_nginx(tmp_path, free_port()) as base:
        yield base


def read_answer(answer: HTTPResponse) -> Answer:
    answer.read()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, headers, "\n".join(answer.headers.get_all("set-cookie", [])))


def send(base: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    connection = HTTPConnection(urlsplit(base).netloc, timeout=30)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with suppress(ConnectionError):  # the answer to a body that is too large comes before its end
        connection.request(method, path, body, sent)
    answer = read_answer(connection.getresponse())
    connection.close()
    return answer


def send_malformed(base: str) -> Answer:
    with socket.create_connection((urlsplit(base).hostname or "", urlsplit(base).port or 0)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
        with HTTPResponse(client) as answer:
            answer.begin()
            return read_answer(answer)


def send_until_limited(base: str) -> Answer:
    answers = [send(base, "/api/v1/nothing", "POST") for _ in range(3 * BURST)]
    return next(answer for answer in answers if answer.status == 429)


@pytest.mark.parametrize(
    ("trigger", "status"),
    [
        (lambda base: send(base, "/metrics"), 404),
        (lambda base: send(base, "/share"), 502),
        (lambda base: send(base, "/_stcore/upload_file/x", "PUT", bytes(6_500_000)), 413),
        (lambda base: send(base, "/share", "POST", bytes(200_000)), 413),
        (send_malformed, 400),
        (send_until_limited, 429),
    ],
)
def test_an_error_of_nginx_has_the_security_headers(
    nginx_without_app: str, trigger: Callable[[str], Answer], status: int
) -> None:
    answer = trigger(nginx_without_app)
    assert answer.status == status
    assert wrong_headers(answer.headers).keys() == {"content-security-policy"}
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "strict-transport-security" not in answer.headers


def test_an_answer_of_the_app_has_each_security_header_once(nginx_with_app: str) -> None:
    for path in ("/", "/api/v1/nothing", "/app/static/vazirmatn.woff2"):
        connection = HTTPConnection(urlsplit(nginx_with_app).netloc, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers.get_all(name) == [value], (path, name)
        connection.close()


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_secure_cookies_and_hsts_are_sent_only_behind_tls(
    nginx_with_app: str, scheme: str, secure: bool
) -> None:
    answer = send(nginx_with_app, "/_stcore/health", X_Forwarded_Proto=scheme)
    assert {cookie.partition("=")[0] for cookie in answer.cookies.splitlines()} == {COOKIE, "_streamlit_xsrf"}
    assert all(("; Secure" in cookie) == secure for cookie in answer.cookies.splitlines())
    assert answer.headers.get("strict-transport-security") == (HSTS if secure else None)


def test_pages_set_a_visit_cookie_and_shared_files_set_none(nginx_with_app: str) -> None:
    cookies = send(nginx_with_app, "/").cookies
    name, _, rest = cookies.partition("=")
    value = rest.partition(";")[0]
    assert (name, len(value)) == (COOKIE, 32)
    assert "HttpOnly" in cookies
    assert send(nginx_with_app, "/", Cookie=f"{COOKIE}={value}").cookies == ""
    assert send(nginx_with_app, "/", Cookie=f"{COOKIE}=made-up").cookies.startswith(f"{COOKIE}=")
    shared = send(nginx_with_app, "/app/static/vazirmatn.woff2")
    assert (shared.status, shared.cookies) == (200, "")


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/readyz",
        "/_stcore/metrics",
        "//metrics",
        "/%6detrics",
        "/share/../metrics",
        "/_stcore//metrics?x",
        "/metrics#x",
    ],
)
def test_internal_addresses_are_not_forwarded(nginx_with_app: str, path: str) -> None:
    assert send(nginx_with_app, path).status == 404


def test_no_log_contains_a_query_an_address_or_a_referrer(nginx_without_app: str, tmp_path: Path) -> None:
    send(nginx_without_app, "/share?damage=123456789", Referer="http://x/share?damage=987654321")
    send(nginx_without_app, "/_stcore/upload_file/x?damage=123456789", "PUT", bytes(6_500_000))
    send_malformed(nginx_without_app)
    send_until_limited(nginx_without_app)
    log = tmp_path / "access.log"
    wait_for(lambda: log.read_text().count("\n") >= 3 * BURST + 3, "the log of every request")
    assert '"path":"/share","status":502' in log.read_text()
    for file in tmp_path.glob("*.log"):
        for hidden in ("123456789", "987654321", "client: 127.0.0.1"):
            assert hidden not in file.read_text(), file.name


def test_many_uploads_of_one_address_wait_and_are_not_refused(nginx_without_app: str) -> None:
    def upload_times(count: int) -> list[float]:
        times = [time.monotonic()]
        for _ in range(count):
            assert send(nginx_without_app, "/_stcore/upload_file/x/y", "PUT", b"x").status == 502
            times.append(time.monotonic())
        return [end - start for start, end in pairwise(times)]

    assert max(upload_times(UPLOADS_AT_ONCE)) < 1
    assert max(upload_times(2)) > 1


def test_visitors_behind_a_proxy_do_not_share_a_limit(nginx_without_app: str) -> None:
    send_until_limited(nginx_without_app)
    assert send(nginx_without_app, "/api/v1/nothing", "POST", X_Forwarded_For="203.0.113.7").status == 502


def test_a_failed_post_is_not_retried_and_a_failed_get_is(tmp_path: Path) -> None:
    received: list[str] = []
    replicas = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]

    def close_each_connection(replica: socket.socket) -> None:
        with suppress(OSError):  # closed at the end
            while True:
                client, _ = replica.accept()
                received.append(client.recv(1 << 16).split()[0].decode())
                client.close()

    for replica in replicas:
        threading.Thread(target=close_each_connection, args=(replica,), daemon=True).start()
    for method, tries in (("POST", 1), ("GET", 3)):
        with running_nginx(tmp_path, *(replica.getsockname()[1] for replica in replicas)) as base:
            received.clear()
            assert send(base, "/api/v1/subscriber_share", method).status == 502
            assert received == [method] * tries
    for replica in replicas:
        replica.close()
