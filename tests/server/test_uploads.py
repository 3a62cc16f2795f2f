"""Uploads are limited by visit and in total, and are freed when the visit ends."""

import asyncio
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from websockets.asyncio.client import ClientConnection

from server.uploads import MAX_FILES_PER_VISIT
from tools.harness.app_server import production_server, wait_for
from tools.harness.attackers import Client
from tools.harness.streamlit_protocol import (
    HEALTH_PATH,
    UPLOAD_PATH,
    XSRF_COOKIE,
    BackMsg,
    ForwardMsg,
    open_stream,
    xsrf_token,
)

T = TypeVar("T")
MEGABYTE = 1_000_000


async def session_of(stream: ClientConnection) -> str:
    """Start a visit and return its id."""
    first = BackMsg()
    first.rerun_script.page_name = "fleet"
    await stream.send(first.SerializeToString())
    async with asyncio.timeout(30):
        while True:
            message = ForwardMsg.FromString(bytes(await stream.recv(decode=False)))
            if message.WhichOneof("type") == "new_session":
                return str(message.new_session.initialize.session_id)


def put(address: str, session: str, file_id: str, size: int = MEGABYTE) -> int:
    """Upload a file as the browser does; return the status."""
    boundary = "----khodroyar"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
    body = head.encode() + bytes(size) + f"\r\n--{boundary}--\r\n".encode()
    with urllib.request.urlopen(f"{address}{HEALTH_PATH}", timeout=20) as page:  # noqa: S310 - our own
        token = xsrf_token(page.headers.get("Set-Cookie", ""))
    request = urllib.request.Request(  # noqa: S310 - our own
        f"{address}{UPLOAD_PATH}/{session}/{file_id}",
        data=body,
        method="PUT",
        headers={
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Cookie": f"{XSRF_COOKIE}={token}",
            "X-Xsrftoken": token,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except urllib.error.URLError:  # the server refused and closed without reading the body
        return 413


def in_visits(address: str, count: int, use: Callable[[list[str]], T]) -> T:
    """Open visits, call ``use`` with their ids, close them."""

    async def run() -> T:
        streams = [await open_stream(address) for _ in range(count)]
        try:
            sessions = [await session_of(stream) for stream in streams]
            return await asyncio.to_thread(use, sessions)
        finally:
            for stream in streams:
                await stream.close()

    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        return executor.submit(lambda: asyncio.run(run())).result()


def metrics(address: str) -> str:
    """Return the metrics of a server."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=20) as answer:  # noqa: S310 - our own
        return str(answer.read(), "utf-8")


@pytest.mark.slow
def test_a_visit_keeps_two_files_and_may_replace_them(address: str) -> None:
    def upload(sessions: list[str]) -> list[int]:
        (session,) = sessions
        return [put(address, session, f"id{index}") for index in (0, 1, 2, 3, 1)]

    assert MAX_FILES_PER_VISIT == 2
    assert in_visits(address, 1, upload) == [204, 204, 413, 413, 204]


@pytest.mark.slow
def test_no_log_contains_the_id_of_a_reconnected_visit(address: str, server_log: Path) -> None:
    async def connect_again() -> str:
        async with open_stream(address) as first:
            session = await session_of(first)
            async with open_stream(address, "no-token", session) as second:
                assert await session_of(second) == session
        return session

    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        session = executor.submit(lambda: asyncio.run(connect_again())).result()
    assert put(address, session, "id0", size=100) in {204, 400}
    assert session not in server_log.read_text(encoding="utf-8")


def test_an_upload_without_a_visit_is_refused(address: str) -> None:
    assert put(address, "no-such-visit", "id0", size=100) == 400  # small: it is sent before the answer comes


def test_all_visits_together_keep_no_more_than_the_setting() -> None:
    with production_server(KHODROYAR_UPLOADS_MB="3") as address:

        def upload(sessions: list[str]) -> list[int]:
            return [put(address, session, "id0", MEGABYTE - 1_000) for session in sessions]

        assert in_visits(address, 4, upload) == [204, 204, 204, 413]
        wait_for(lambda: "\nkhodroyar_open_visits 0.0\n" in metrics(address), "the visits to be over")
        # The files of disconnected visits no longer count.
        assert in_visits(address, 3, upload) == [204] * 3


def test_a_disconnected_visit_ends_if_its_files_are_freed() -> None:
    async def leave_and_return(address: str) -> tuple[str, str]:
        async with open_stream(address) as stream:
            left = await session_of(stream)
            assert await asyncio.to_thread(put, address, left, "id0") == 204
        async with open_stream(address) as stream:
            other = await session_of(stream)
            assert await asyncio.to_thread(put, address, other, "id0") == 204
        async with open_stream(address, "no-token", left) as stream:
            return left, await session_of(stream)

    with production_server(KHODROYAR_UPLOADS_MB="2") as address, ThreadPoolExecutor(1) as executor:
        left, resumed = executor.submit(lambda: asyncio.run(leave_and_return(address))).result()
    assert resumed != left  # its state, which refers to its files, is removed


@pytest.mark.parametrize("file_id", ["id0", "../../x", "%2e%2e"])
def test_an_upload_without_the_token_is_refused(address: str, file_id: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own
        f"{address}{UPLOAD_PATH}/x/{file_id}", data=b"x", method="PUT"
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)  # noqa: S310 - our own
    assert refused.value.code in {400, 403, 404}
    refused.value.close()


def test_files_are_freed_when_another_page_of_the_visit_is_opened(address: str) -> None:
    async def upload_and_move() -> list[int]:
        client = Client(address.replace("localhost", "127.0.0.1"), "10.0.0.1")
        async with client.visit("fleet") as visit:
            statuses = [await client.upload(visit.session, f"id{index}", b"x") for index in range(3)]
            for page in ("share", "fleet"):
                message = BackMsg()
                message.rerun_script.page_name = page
                await visit.run(message)
            return [*statuses, await client.upload(visit.session, "id3", b"x")]

    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        assert executor.submit(lambda: asyncio.run(upload_and_move())).result() == [204, 204, 413, 204]
