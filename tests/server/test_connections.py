"""Connections to the running server: errors before the app, half-open clients, origins, cookies, ports."""

import json
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from server.hosts import INTERNAL_PATHS
from tests.support.security_headers import wrong_headers
from tools.harness.app_server import free_port, production_server, streamlit_server

CEILING_SECONDS = 30
"""Generous: a half-open client is closed after one second."""
FEW_DESCRIPTORS = 256
SWITCHED = 101
HEADER_START = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
CALCULATION = (
    b"POST /api/v1/subscriber_share HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"Content-Type: application/json\r\n"
)
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Protocol": "streamlit",
}
STREAM = "/_stcore/stream"


class Answer(NamedTuple):
    """An HTTP answer; the names of headers in lower case, no body after a handshake."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def strict_server() -> Iterator[str]:
    """Start a server that waits one second for the rest of a request, with 256 file descriptors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as running:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FEW_DESCRIPTORS, hard))
        try:
            base = running.enter_context(production_server(KHODROYAR_READ_SECONDS="1"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        yield base


def connect(base: str, sent: bytes = b"") -> socket.socket:
    parts = urlsplit(base)
    client = socket.create_connection((parts.hostname or "", parts.port or 0), timeout=CEILING_SECONDS)
    client.sendall(sent)
    return client


def read_answer(client: socket.socket) -> Answer:
    with HTTPResponse(client) as answer:
        answer.begin()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, headers, answer.read() if answer.status != SWITCHED else b"")


def get(base: str, path: str, method: str = "GET", **headers: str) -> Answer:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    lines += [] if "Host" in headers else [f"Host: {urlsplit(base).netloc}"]
    with connect(base, "\r\n".join([*lines, "", ""]).encode()) as client:
        return read_answer(client)


# --- Errors that are answered before the app is called


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        CALCULATION + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_a_malformed_request_is_refused_with_the_security_headers(address: str, sent: bytes) -> None:
    with connect(address, sent) as client:
        answer = read_answer(client)
        assert (answer.status, wrong_headers(answer.headers)) == (400, {})
        assert client.recv(1) == b""


@pytest.mark.parametrize(
    ("path", "changed", "status"),
    [
        (STREAM, {"Sec-WebSocket-Key": "short"}, 400),
        (STREAM, {"Sec-WebSocket-Version": "8"}, 400),
        (STREAM, {"Origin": "https://evil.example"}, 403),
        ("/nowhere", {}, 403),
    ],
)
def test_a_refused_handshake_has_the_security_headers(
    address: str, path: str, changed: dict[str, str], status: int
) -> None:
    answer = get(address, path, **{**HANDSHAKE, **changed})
    assert (answer.status, wrong_headers(answer.headers)) == (status, {})


# --- Clients that do not finish their request


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        HEADER_START,
        pytest.param(CALCULATION + b"Content-Length: 500\r\n\r\n{", marks=pytest.mark.slow),
        CALCULATION.replace(b"v1", b"v2").replace(b"Connection: close\r\n", b"")
        + b"Content-Length: 500\r\n\r\n{",
    ],
    ids=["silent", "half a header", "half a body", "half a body that nobody reads"],
)
def test_a_half_open_connection_is_closed(strict_server: str, sent: bytes) -> None:
    with connect(strict_server, sent) as client:
        while client.recv(1 << 16):  # the answer to the complete part
            pass


def test_an_incomplete_second_header_closes_the_connection(strict_server: str) -> None:
    with connect(strict_server, HEADER_START + b"\r\n") as client:
        assert read_answer(client).status == 200
        client.sendall(HEADER_START)
        assert client.recv(1) == b""


def test_a_slowly_growing_header_closes_the_connection(strict_server: str) -> None:
    with connect(strict_server, HEADER_START) as client:
        client.settimeout(0.2)
        for _ in range(CEILING_SECONDS * 5):
            try:
                client.sendall(b"X-More: 1\r\n")
                if not client.recv(1):
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
    pytest.fail("the connection is open")


@pytest.mark.slow
def test_a_body_that_comes_in_pieces_is_read() -> None:
    body = json.dumps({"level": "two_star", "event": "collision", "damage_rial": 5}).encode()
    pieces = [body[:10], body[10:20], body[20:30], body[30:]]
    head = CALCULATION + f"Content-Length: {len(body)}\r\n\r\n".encode()
    with production_server(KHODROYAR_READ_SECONDS="3") as base, connect(base, head) as client:
        client.settimeout(1)
        for piece in pieces:  # together they take longer than the deadline of each
            with pytest.raises(TimeoutError):
                client.recv(1)
            client.sendall(piece)
        client.settimeout(CEILING_SECONDS)
        assert read_answer(client).status == 200


def test_three_hundred_silent_clients_block_no_other_client(strict_server: str) -> None:
    starts = (b"", HEADER_START, CALCULATION + b"Content-Length: 9\r\n\r\n{")
    clients = [connect(strict_server, starts[index % 3]) for index in range(300)]
    try:
        assert get(strict_server, "/healthz").status == 200
        for client in clients:
            while client.recv(1 << 16):
                pass
        assert get(strict_server, "/healthz").status == 200
    finally:
        for client in clients:
            client.close()


def test_a_page_that_is_silent_stays_connected(strict_server: str) -> None:
    request = "\r\n".join([f"GET {STREAM} HTTP/1.1", "Host: localhost", *map(": ".join, HANDSHAKE.items())])
    with connect(strict_server, f"{request}\r\n\r\n".encode()) as client:
        assert read_answer(client).status == SWITCHED
        client.settimeout(3)  # the deadline of one second passes
        with pytest.raises(TimeoutError):
            client.recv(1)


# --- Other sites


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://localhost:8501", "localhost:8501", 101),
        ("https://khodroyar.example", "khodroyar.example", 101),
        (None, "khodroyar.example", 101),
        ("http://localhost:3000", "localhost:8501", 403),
        ("http://127.0.0.1", "khodroyar.example", 403),
        ("http://0.0.0.0", "khodroyar.example", 403),
        ("http://localhost", "khodroyar.example", 403),
        ("https://evil.example", "khodroyar.example", 403),
        ("http://[", "khodroyar.example", 403),
        ("null", "khodroyar.example", 403),
    ],
)
def test_only_the_apps_own_pages_may_connect(
    address: str, origin: str | None, host: str, status: int
) -> None:
    headers = {**HANDSHAKE, "Host": host, **({"Origin": origin} if origin else {})}
    assert get(address, STREAM, **headers).status == status


def test_other_sites_cannot_read_with_cookies_or_control_the_app(address: str) -> None:
    upload = get(address, "/_stcore/upload_file/x/y", "OPTIONS", Origin="http://localhost:8501")
    assert upload.status == 204
    assert not {"access-control-allow-origin", "access-control-allow-credentials"} & upload.headers.keys()
    config = json.loads(get(address, "/_stcore/host-config").body)
    assert config["allowedOrigins"] == []


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_cookies_are_secure_behind_tls(address: str, scheme: str, secure: bool) -> None:
    cookie = get(address, "/_stcore/health", **{"X-Forwarded-Proto": scheme}).headers["set-cookie"]
    assert cookie.startswith("_streamlit_xsrf=")
    assert "SameSite=Lax" in cookie
    assert cookie.count("Secure") == secure


def test_the_forwarded_protocol_of_an_unknown_proxy_is_ignored() -> None:
    with production_server(KHODROYAR_PROXIES="192.0.2.1") as base:
        answer = get(base, "/_stcore/health", **{"X-Forwarded-Proto": "https"})
        assert "Secure" not in answer.headers["set-cookie"]


# --- The internal port


def test_probes_and_metrics_are_only_on_the_internal_port() -> None:
    port = free_port()
    with production_server(
        KHODROYAR_INTERNAL_PORT=str(port), KHODROYAR_HOSTS="localhost,khodroyar.example"
    ) as public:
        internal = f"http://localhost:{port}"
        for path in INTERNAL_PATHS:
            refused = get(public, path)
            assert (path, refused.status) == (path, 404)
            assert wrong_headers(refused.headers) == {}
            assert get(internal, path, Host="10.0.0.7:8502").status == 200
        assert get(public, "/share", Host="khodroyar.example").status == 200
        for path in ("/share", "/api/v1/docs", "/_stcore/health"):
            assert get(internal, path).status == 404
        assert get(internal, STREAM, **HANDSHAKE).status == 404


def test_make_run_refuses_other_sites_too() -> None:
    with streamlit_server() as base:
        assert get(base, STREAM, **HANDSHAKE, Origin=base).status == 101
        refused = get(base, STREAM, **HANDSHAKE, Origin=f"{base}0")
        assert (refused.status, wrong_headers(refused.headers)) == (403, {})
