"""Hostile requests to the running server: large, compressed or with extreme numbers; others are answered."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from server.__main__ import MAX_WEBSOCKET_BYTES
from tests.support.paths import ROOT
from tools.harness.streamlit_protocol import BackMsg, open_stream

SHARE = b'{"level": "two_star", "event": "collision", "damage_rial": 20000000}'
CEILING_SECONDS = 30
"""Generous: each request takes milliseconds with its limit, and minutes without it."""


def post(address: str, path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", f"/api/v1/{path}", body, {"Content-Type": content_type})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def post_lines(address: str, calculator: str, *lines: bytes) -> list[dict[str, object]]:
    status, body = post(address, f"{calculator}/batch", b"\n".join(lines), "application/x-ndjson")
    assert status == 200
    return [json.loads(line) for line in body.splitlines()]


def test_a_list_of_many_elements_gets_one_short_error(address: str) -> None:
    line = b'{"events":[' + b",".join([b"{}"] * 20_000) + b"]}"
    start = time.monotonic()
    status, body = post(address, "events_by_level", line, "application/json")
    assert status == 422
    assert len(body) < 2_000
    assert time.monotonic() - start < CEILING_SECONDS


def test_a_batch_line_is_limited_like_a_request(address: str) -> None:
    long_line = b'{"events":[' + b",".join([b"{}"] * 1_200_000) + b"]}"
    start = time.monotonic()
    first, long, last = post_lines(address, "subscriber_share", SHARE, long_line, SHARE)
    assert time.monotonic() - start < CEILING_SECONDS
    assert first == last
    assert first["ok"] is True
    assert [error["code"] for error in long["errors"]] == ["body_too_large"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "number", ["1e-99999999999999999999", "1e18446744073709551616", "18446744073709551616"]
)
def test_an_extreme_number_is_an_error_of_its_line_only(address: str, number: str) -> None:
    bad = SHARE.replace(b"20000000", number.encode())
    answers = post_lines(address, "subscriber_share", *[SHARE] * 60, bad, *[SHARE] * 60)
    assert [index for index, answer in enumerate(answers) if not answer["ok"]] == [60]
    assert len(answers) == 121
    status, _ = post(address, "subscriber_share", bad, "application/json")
    assert status == 422


async def send_to_stream(address: str, message: bytes) -> tuple[list[str], int | None]:
    """Send one message over a page's WebSocket; return the extensions agreed on and the closing code, if any."""
    async with open_stream(address, compression="deflate") as stream:
        extensions = [str(extension.name) for extension in stream.protocol.extensions]
        try:
            await stream.send(message)
            async with asyncio.timeout(2):
                async for _ in stream:
                    pass
        except ConnectionClosed as closed:
            return extensions, closed.rcvd.code if closed.rcvd else None
        except TimeoutError:
            return extensions, None
        return extensions, stream.close_code


@pytest.mark.parametrize(("size", "code"), [(MAX_WEBSOCKET_BYTES + 1, 1009), (1_000, None)])
def test_a_message_of_a_page_is_limited_and_not_decompressed(
    address: str, size: int, code: int | None
) -> None:
    message = BackMsg()
    message.rerun_script.query_string = "x" * size
    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        sending = executor.submit(lambda: asyncio.run(send_to_stream(address, message.SerializeToString())))
        extensions, closed = sending.result()
    assert extensions == []
    assert closed == code


def test_nginx_sends_no_request_of_the_api_twice() -> None:
    template = (ROOT / "deploy" / "nginx" / "khodroyar.conf.template").read_text(encoding="utf-8")
    directives = [line.strip() for line in template.splitlines() if "proxy_next_upstream " in line]
    assert directives
    assert not any("non_idempotent" in directive for directive in directives)
    api = template.partition("location /api/")[2].partition("}")[0]
    assert "timeout" not in api
