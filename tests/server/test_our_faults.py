"""A bug in a calculator over HTTP: its own line fails, with an id that is in the log, and is counted once."""

import json
import re
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.bugs import VISITOR_INPUT
from tests.support.faulty_server import BROKEN_CALCULATOR, WORKING_LEVEL

BROKEN = {"level": "two_star", "event": "collision", "damage_rial": 20_000_000}
SPARED = {**BROKEN, "level": WORKING_LEVEL}


def send(address: str, path: str, body: bytes, kind: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the status and the responses, one a line."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", f"/api/v1/{path}", body, {"Content-Type": kind})
    answer = connection.getresponse()
    responses = [json.loads(line) for line in answer.read().splitlines()]
    connection.close()
    return answer.status, responses


def counted(address: str) -> float:
    """Return how many faults of ours the server has counted."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=20) as answer:  # noqa: S310 - our own
        found = re.search(r'khodroyar_request_errors_total\{code="our_fault"\} (\S+)', answer.read().decode())
    return float(found[1]) if found else 0


def assert_fault(response: dict[str, Any], faulty_log: Path) -> None:
    """Fail unless the response names an id that is in the log, which holds nothing of the request."""
    (error,) = response["errors"]
    assert (response["ok"], error["code"]) == (False, "our_fault")
    written = faulty_log.read_text(encoding="utf-8")
    for message in error["message"].values():
        (fault,) = re.findall(r"\b[0-9a-f]{8}\b", message)
        assert f"fault {fault} in {BROKEN_CALCULATOR}: KeyError at " in written
    assert VISITOR_INPUT not in written
    assert "20000000" not in written
    assert "Traceback" not in written


def test_one_request_is_answered_with_500_and_the_next_one_as_ever(faulty: str, faulty_log: Path) -> None:
    before = counted(faulty)
    status, (response,) = send(faulty, BROKEN_CALCULATOR, json.dumps(BROKEN).encode(), "application/json")
    assert status == 500
    assert_fault(response, faulty_log)
    assert counted(faulty) == before + 1
    status, (response,) = send(faulty, BROKEN_CALCULATOR, json.dumps(SPARED).encode(), "application/json")
    assert (status, response["ok"]) == (200, True)


def test_the_other_lines_of_a_batch_are_answered(faulty: str, faulty_log: Path) -> None:
    before = counted(faulty)
    body = b"\n".join(json.dumps(request).encode() for request in (SPARED, BROKEN, SPARED, BROKEN))
    status, responses = send(faulty, f"{BROKEN_CALCULATOR}/batch", body, "application/x-ndjson")
    assert status == 200
    assert [response["ok"] for response in responses] == [True, False, True, False]
    for response in responses[1::2]:
        assert_fault(response, faulty_log)
    assert counted(faulty) == before + 2
