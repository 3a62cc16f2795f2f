"""The calculators over HTTP: the same answers as on the command line, errors with their status, limits."""

import json
import socket
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

import logic
from logic.core.registry import calculators, find, respond
from tests.support.security_headers import wrong_headers
from tests.support.worked_examples import requests_of
from tools.harness.app_server import streamlit_server, wait_for

JSON, LINES = "application/json", "application/x-ndjson"
EXAMPLES_PER_CALCULATOR = 6
SHARE = {"level": "two_star", "event": "collision", "damage_rial": 20_000_000}


@pytest.fixture(scope="module")
def api() -> Iterator[str]:
    with streamlit_server(
        KHODROYAR_BODY_KB="8", KHODROYAR_BATCH_KB="40", KHODROYAR_BATCH_LINES="100"
    ) as address:
        yield address


def send(
    address: str, path: str, body: bytes = b"", kind: str = JSON, method: str = "POST", **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    """Return the status, body and headers of an answer."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request(method, f"/api/v1/{path}", body, {"Content-Type": kind, **headers})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content, {name.lower(): value for name, value in answer.getheaders()}


def codes(body: bytes) -> list[str]:
    response = json.loads(body)
    assert response["ok"] is False
    assert all(error["message"].keys() == {"fa", "en"} for error in response["errors"])
    return [error["code"] for error in response["errors"]]


@pytest.mark.parametrize("name", calculators())
def test_the_http_answer_equals_the_command_line_answer(api: str, name: str) -> None:
    requests = requests_of(name)[:EXAMPLES_PER_CALCULATOR]
    assert requests
    for request in requests:
        line = json.dumps(request).encode()
        status, body, headers = send(api, name, line)
        expected = respond(find(name), line)
        assert (status, json.loads(body)) == (200, json.loads(json.dumps(expected)))
        assert headers["content-type"] == JSON


def test_a_batch_has_one_response_per_line(api: str) -> None:
    lines = [json.dumps({**SHARE, "damage_rial": amount}) for amount in range(60)]
    lines[7], lines[30] = "{broken", json.dumps({**SHARE, "damage_rial": -1})
    status, body, headers = send(api, "subscriber_share/batch", "\n".join(lines).encode(), LINES)
    assert (status, headers["content-type"].partition(";")[0]) == (200, LINES)
    responses = [json.loads(line) for line in body.splitlines()]
    assert responses == [
        json.loads(json.dumps(respond(find("subscriber_share"), line.encode()))) for line in lines
    ]
    assert [number for number, response in enumerate(responses) if not response["ok"]] == [7, 30]


@pytest.mark.parametrize(
    ("path", "body", "kind", "method", "status", "code"),
    [
        ("subscriber_share", b"{}", JSON, "POST", 422, "required"),
        ("subscriber_share", b"{broken", JSON, "POST", 422, "broken_json"),
        ("subscriber_share", b"\xff", JSON, "POST", 422, "broken_json"),
        ("subscriber_share", b"[]", JSON, "POST", 422, "not_an_object"),
        ("subscriber_share", b"", JSON, "POST", 422, "broken_json"),
        ("subscriber_share", b"[" * 7000, JSON, "POST", 422, "broken_json"),
        ("subscriber_share", b" " * 8001, JSON, "POST", 413, "body_too_large"),
        ("subscriber_share/batch", b" " * 40_001, LINES, "POST", 413, "body_too_large"),
        ("subscriber_share/batch", b"{}\n" * 101, LINES, "POST", 413, "too_many_lines"),
        ("subscriber_share", b"a=1", "application/x-www-form-urlencoded", "POST", 415, "wrong_content_type"),
        ("subscriber_share/batch", b"{}", JSON, "POST", 415, "wrong_content_type"),
        ("subscriber_share", b"{}", f"{JSON}; charset=utf-16", "POST", 415, "wrong_content_type"),
        ("subscriber_share/batch", b"{}", f"{LINES};charset=latin1", "POST", 415, "wrong_content_type"),
        ("subscriber_share", b"{}", f'{JSON}; charset="UTF-8"', "POST", 422, "required"),
        ("subscriber_share", b"{}", f"{JSON}; charset=\u00fftf", "POST", 415, "wrong_content_type"),
        ("subscriber_share", b"{}", ";;=", "POST", 415, "wrong_content_type"),
        ("no_such_one", b"{}", JSON, "POST", 404, "unknown_address"),
        ("subscriber_share", b"", JSON, "GET", 405, "wrong_method"),
    ],
)
def test_an_invalid_request_has_its_status_and_error_code(  # noqa: PLR0917 - a case's columns
    api: str, path: str, body: bytes, kind: str, method: str, status: int, code: str
) -> None:
    actual_status, content, _ = send(api, path, body, kind, method)
    assert actual_status == status
    assert code in codes(content)


def test_a_body_without_a_length_is_limited(api: str) -> None:
    connection = HTTPConnection(urlsplit(api).netloc, timeout=60)
    pieces = (b" " * 1000 for _ in range(50))
    connection.request(
        "POST", "/api/v1/subscriber_share", pieces, {"Content-Type": JSON}, encode_chunked=True
    )
    answer = connection.getresponse()
    assert answer.status == 413
    assert codes(answer.read()) == ["body_too_large"]
    connection.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/subscriber_share", "/api/v1/a/b/c"])
def test_an_unknown_address_below_api_gets_the_contracts_404(api: str, path: str, method: str) -> None:
    connection = HTTPConnection(urlsplit(api).netloc, timeout=60)
    connection.request(method, path, b"{}" if method == "POST" else None, {"Content-Type": JSON})
    answer = connection.getresponse()
    assert answer.status == 404
    assert codes(answer.read()) == ["unknown_address"]
    assert wrong_headers({name.lower(): value for name, value in answer.getheaders()}) == {}
    connection.close()


def test_a_client_that_disconnects_is_not_counted_as_a_fault(api: str) -> None:
    def metrics() -> str:
        with urllib.request.urlopen(f"{api}/metrics", timeout=20) as answer:  # noqa: S310 - our own
            return str(answer.read().decode())

    with socket.create_connection((urlsplit(api).hostname or "", urlsplit(api).port or 0)) as client:
        client.sendall(
            b"POST /api/v1/subscriber_share HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
        )
    disconnected = 'khodroyar_requests_total{method="POST",route="/api/v1/subscriber_share",status="499"}'
    wait_for(lambda: disconnected in metrics(), "the request to be counted")
    assert 'code="our_fault"' not in metrics()


def test_money_and_depths_are_not_converted_to_floats(api: str) -> None:
    line = b'{"new_depth_mm": 8, "remaining_depth_mm": 5.10, "new_price_rial": 999999999999999}'
    status, body, _ = send(api, "tyre_refund", line)
    assert status == 200
    assert json.loads(body)["result"] == json.loads(json.dumps(respond(find("tyre_refund"), line)["result"]))


def test_the_openapi_document_describes_every_calculator(api: str) -> None:
    _, body, _ = send(api, "openapi.json", method="GET")
    document = json.loads(body)
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == logic.__version__
    for name, calculator in calculators().items():
        described = document["paths"][f"/{name}"]["post"]
        reference = described["requestBody"]["content"][JSON]["schema"]["$ref"]
        assert reference.endswith(calculator.request.__name__)
        properties = document["components"]["schemas"][calculator.request.__name__]["properties"]
        assert properties.keys() == calculator.request.model_fields.keys()
        assert {"200", "413", "415", "422"} <= described["responses"].keys()
        assert f"/{name}/batch" in document["paths"]


@pytest.fixture(scope="module")
def operations(api: str) -> dict[str, Any]:
    document = schemathesis.openapi.from_url(f"{api}/api/v1/openapi.json")
    valid_operations = [
        operation.ok() for operation in document.get_all_operations() if isinstance(operation, Ok)
    ]
    return {operation.path: operation for operation in valid_operations}


@pytest.mark.slow
@pytest.mark.parametrize("name", calculators())
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_responses_conform_to_the_openapi_document(
    operations: dict[str, Any], name: str, mode: schemathesis.GenerationMode
) -> None:
    @given(operations[f"/{name}"].as_strategy(generation_mode=mode))
    @settings(max_examples=20, suppress_health_check=[*HealthCheck])
    def check_response(case: Any) -> None:  # noqa: ANN401 - schemathesis' own
        # A request may match the schema and still be invalid: fields may contradict each other.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    check_response()
