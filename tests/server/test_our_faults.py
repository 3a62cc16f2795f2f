"""A bug in a calculator over HTTP: only its line fails, with the id in the log, and it is counted once."""

import json
import re
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.bugs import VISITOR_INPUT
from tests.support.faulty_server import BROKEN_CALCULATOR, WORKING_LEVEL

FAILING_REQUEST = {"level": "two_star", "event": "collision", "damage_rial": 20_000_000}
WORKING_REQUEST = {**FAILING_REQUEST, "level": WORKING_LEVEL}


def send(address: str, path: str, body: bytes, kind: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the status and the responses, one per line."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", f"/api/v1/{path}", body, {"Content-Type": kind})
    answer = connection.getresponse()
    responses = [json.loads(line) for line in answer.read().splitlines()]
    connection.close()
    return answer.status, responses


def fault_count(address: str) -> float:
    """Return the number of internal errors that the server has counted."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=20) as answer:  # noqa: S310 - our own
        match = re.search(r'khodroyar_request_errors_total\{code="our_fault"\} (\S+)', answer.read().decode())
    return float(match[1]) if match else 0


def assert_fault(response: dict[str, Any], faulty_log: Path) -> None:
    """Fail unless the response has an id from the log, and the log contains nothing of the request."""
    (error,) = response["errors"]
    assert (response["ok"], error["code"]) == (False, "our_fault")
    log = faulty_log.read_text(encoding="utf-8")
    for message in error["message"].values():
        (fault,) = re.findall(r"\b[0-9a-f]{8}\b", message)
        assert f"fault {fault} in {BROKEN_CALCULATOR}: KeyError at " in log
    assert VISITOR_INPUT not in log
    assert "20000000" not in log
    assert "Traceback" not in log


def test_a_failing_request_gets_500_and_the_next_is_answered(faulty: str, faulty_log: Path) -> None:
    before = fault_count(faulty)
    status, (response,) = send(
        faulty, BROKEN_CALCULATOR, json.dumps(FAILING_REQUEST).encode(), "application/json"
    )
    assert status == 500
    assert_fault(response, faulty_log)
    assert fault_count(faulty) == before + 1
    status, (response,) = send(
        faulty, BROKEN_CALCULATOR, json.dumps(WORKING_REQUEST).encode(), "application/json"
    )
    assert (status, response["ok"]) == (200, True)


def test_the_other_lines_of_a_batch_are_answered(faulty: str, faulty_log: Path) -> None:
    before = fault_count(faulty)
    body = b"\n".join(
        json.dumps(request).encode()
        for request in (WORKING_REQUEST, FAILING_REQUEST, WORKING_REQUEST, FAILING_REQUEST)
    )
    status, responses = send(faulty, f"{BROKEN_CALCULATOR}/batch", body, "application/x-ndjson")
    assert status == 200
    assert [response["ok"] for response in responses] == [True, False, True, False]
    for response in responses[1::2]:
        assert_fault(response, faulty_log)
    assert fault_count(faulty) == before + 2
