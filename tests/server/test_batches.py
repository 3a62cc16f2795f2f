"""Batches run in worker processes: pages are answered during a batch, and a killed worker loses no line."""

import asyncio
import json
import re
import resource
import signal
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from server.batch_worker import NICENESS
from server.batches import MAX_BATCHES
from tests.support.named_editions import copy_up_to_named_editions
from tools.harness.app_server import production_server, wait_for
from tools.harness.attackers import Client
from tools.harness.http_client import http_request, read_size

SHARE = b'{"level": "two_star", "event": "collision", "damage_rial": 20000000}\n'
NDJSON = {"Content-Type": "application/x-ndjson"}
CEILING_SECONDS = 10
"""Generous: a page takes less than a tenth of a second."""


@pytest.fixture
def server() -> Iterator[str]:
    with production_server() as address:
        yield address


def process_of(address: str) -> psutil.Process:
    """Return the process of a server that this test started."""
    port = urlsplit(address).port
    (process,) = (
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and child.environ().get("KHODROYAR_PORT") == str(port)
    )
    return process


def workers_of(server: psutil.Process) -> list[psutil.Process]:
    workers = []
    for child in server.children():
        with suppress(psutil.Error):  # it has just ended
            if "server.batch_worker" in " ".join(child.cmdline()):
                workers.append(child)
    return workers


def post_batch(address: str, calculator: str, body: bytes) -> list[dict[str, object]]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", f"/api/v1/{calculator}/batch", body, NDJSON)
    answer = connection.getresponse()
    lines = answer.read().splitlines()
    connection.close()
    assert answer.status == 200
    return [json.loads(line) for line in lines]


def codes(response: dict[str, object]) -> list[str]:
    errors = response["errors"]
    assert isinstance(errors, list)
    return [error["code"] for error in errors]


def metrics(address: str) -> str:
    with urllib.request.urlopen(f"{address}/metrics", timeout=CEILING_SECONDS) as answer:  # noqa: S310 - our own
        return str(answer.read().decode())


@pytest.mark.slow
def test_a_worker_has_a_low_priority_and_a_memory_limit(server: str) -> None:
    assert workers_of(process_of(server)) == []
    post_batch(server, "subscriber_share", SHARE)
    (worker,) = workers_of(process_of(server))
    assert worker.nice() == psutil.Process().nice() + NICENESS
    assert worker.rlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def test_answers_and_errors_of_a_batch_are_counted(server: str) -> None:
    post_batch(server, "subscriber_share", SHARE * 120 + b"{broken\n" * 3)
    content = metrics(server)
    assert 'khodroyar_answers_total{at="api",calculator="subscriber_share"} 120.0' in content
    assert 'khodroyar_request_errors_total{code="broken_json"} 3.0' in content


def test_lines_beyond_the_response_limit_are_refused() -> None:
    with production_server(KHODROYAR_BATCH_RESPONSE_MB="1") as address:
        responses = post_batch(address, "compare_levels", b"{}\n" * 5_000)
        counts = metrics(address)
    assert len(responses) == 5_000
    answered = [response for response in responses if response["ok"]]
    assert 1 <= len(answered) < 200
    assert responses[: len(answered)] == answered
    assert all(codes(response) == ["response_too_large"] for response in responses[len(answered) :])
    refused = f'khodroyar_request_errors_total{{code="response_too_large"}} {5_000 - len(answered)}.0'
    assert refused in counts


def test_millions_of_blank_lines_are_refused(address: str) -> None:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", "/api/v1/subscriber_share/batch", b"\n" * 3_900_000, NDJSON)
    answer = connection.getresponse()
    assert answer.status == 413
    assert codes(json.loads(answer.read())) == ["too_many_lines"]
    connection.close()


async def request_page_during_batches(address: str) -> tuple[list[int], float]:
    """Send one batch more than allowed, then request a page; return both statuses and the time of the page."""
    batches = [
        http_request(address, "/api/v1/compare_levels/batch", b"{}\n" * 5_000, NDJSON)
        for _ in range(MAX_BATCHES)
    ]
    answers = [await batch.__aenter__() for batch in batches]
    async with http_request(address, "/api/v1/compare_levels/batch", b"{}\n", NDJSON) as refused:
        assert int(refused.headers["retry-after"]) > 0
        assert codes(json.loads(await refused.body.read())) == ["too_many_batches"]
    reading = [asyncio.create_task(read_size(answer)) for answer in answers]
    start = time.monotonic()
    async with http_request(address, "/share") as page:
        await read_size(page)
    taken = time.monotonic() - start
    running = sum(not task.done() for task in reading)
    assert running == MAX_BATCHES
    for task in reading:
        task.cancel()
    for batch in batches:
        await batch.__aexit__(None, None, None)
    return [page.status, refused.status], taken


def test_pages_are_answered_during_batches_and_excess_batches_refused(address: str) -> None:
    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        statuses, taken = executor.submit(lambda: asyncio.run(request_page_during_batches(address))).result()
    assert statuses == [200, 503]
    assert taken < CEILING_SECONDS
    # Batches of disconnected clients no longer count.
    wait_for(lambda: post_batch(address, "subscriber_share", SHARE)[0]["ok"], "room for a batch")


@pytest.mark.slow
def test_a_killed_worker_loses_no_line_and_is_replaced(server: str) -> None:
    post_batch(server, "subscriber_share", SHARE)
    process = process_of(server)
    (first,) = workers_of(process)
    with ThreadPoolExecutor(1) as executor:
        batch = executor.submit(post_batch, server, "compare_levels", b"{}\n" * 2_000)
        wait_for(lambda: first.cpu_percent() > 0, "the worker to be busy")
        first.kill()
        responses = batch.result()
    assert [response["ok"] for response in responses] == [True] * 2_000
    (second,) = workers_of(process)
    assert second.pid != first.pid


@pytest.mark.slow
def test_a_part_that_kills_every_worker_is_an_internal_error(server: str) -> None:
    post_batch(server, "subscriber_share", SHARE)
    process = process_of(server)
    with ThreadPoolExecutor(1) as executor:
        batch = executor.submit(post_batch, server, "compare_levels", b"{}\n" * 2_000)
        killed: set[int] = set()
        while len(killed) < 4 and not batch.done():
            for worker in workers_of(process):
                if worker.pid not in killed:
                    worker.kill()
                    killed.add(worker.pid)
        responses = batch.result()
    assert len(responses) == 2_000
    failed = [response for response in responses if not response["ok"]]
    assert failed
    assert {code for response in failed for code in codes(response)} == {"our_fault"}
    assert post_batch(server, "subscriber_share", SHARE)[0]["ok"]


@pytest.mark.slow
@pytest.mark.parametrize("stop_signal", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_server(server: str, stop_signal: signal.Signals) -> None:
    post_batch(server, "subscriber_share", SHARE)
    process = process_of(server)
    (worker,) = workers_of(process)
    process.send_signal(stop_signal)
    wait_for(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, "the worker to end")


@pytest.mark.slow
def test_a_running_batch_is_finished_when_the_server_is_stopped(server: str) -> None:
    post_batch(server, "subscriber_share", SHARE)
    process = process_of(server)
    (worker,) = workers_of(process)
    with ThreadPoolExecutor(1) as executor:
        batch = executor.submit(post_batch, server, "compare_levels", b"{}\n" * 2_000)
        wait_for(lambda: worker.cpu_percent() > 0, "the worker to be busy")
        process.terminate()
        responses = batch.result()
    assert [response["ok"] for response in responses] == [True] * 2_000


def test_a_worker_fault_is_logged_with_the_id_of_the_response(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "log"
    copy_up_to_named_editions(data)
    with production_server(log, KHODROYAR_DATA=str(data)) as address:
        table = data / "emdad/ssa005_14/level_services.csv"
        table.write_text(table.read_text().replace("free", "fre", 1))
        (response,) = post_batch(address, "compare_levels", b"{}")
    assert codes(response) == ["our_fault"]
    fault = re.search("fault ([0-9a-f]{8}) in compare_levels: DataError", log.read_text())
    assert fault
    assert fault[1] in json.dumps(response)


async def open_page(address: str) -> None:
    async with Client(address, "127.0.0.1").visit("share"):
        pass


@pytest.mark.slow
def test_a_worker_starts_after_a_page_was_opened(server: str) -> None:
    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        executor.submit(lambda: asyncio.run(open_page(server))).result()
    assert post_batch(server, "subscriber_share", SHARE)[0]["ok"]
