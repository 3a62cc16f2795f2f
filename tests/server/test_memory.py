"""The memory of a server returns to what it was once uploads, large texts and visits have come and gone."""

import asyncio
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.memory import UPLOADS_PER_VISIT, scenario
from tools.harness.app_server import wait_for
from tools.harness.attackers import Client
from tools.harness.replicas import Replica, running_replicas

UPLOADS, TEXTS, VISITS = 40, 4, 150
ALLOWED_GROWTH = 0.2
RESUMABLE_SECONDS = 4


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Replica]:
    """Start a server that forgets visits soon."""
    config = tmp_path / ".streamlit" / "config.toml"
    config.parent.mkdir()
    config.write_text(f"[server]\ndisconnectedSessionTTL = {RESUMABLE_SECONDS}\n", encoding="utf-8")
    with running_replicas(1, HOME=str(tmp_path)) as (started,):
        yield started


def kept_files(replica: Replica) -> bool:
    """Whether Streamlit's own metrics count uploads."""
    with urllib.request.urlopen(f"http://localhost:{replica.port}/_stcore/metrics", timeout=10) as answer:
        return "UploadedFileManager" in answer.read().decode()


@pytest.mark.slow
def test_files_of_a_visit_that_was_left_are_freed_without_another_visit(replica: Replica) -> None:
    async def upload_and_leave() -> None:
        client = Client(f"http://127.0.0.1:{replica.port}", "10.0.0.1")
        async with client.visit("fleet") as visit:
            assert await client.upload(visit.session, "id0", b"x") == 204
            assert await asyncio.to_thread(kept_files, replica)

    with ThreadPoolExecutor(1) as own:  # this thread's event loop may be that of the browser
        own.submit(lambda: asyncio.run(upload_and_leave())).result()
    wait_for(lambda: not kept_files(replica), "the files to be freed", 5 * RESUMABLE_SECONDS)


@pytest.mark.slow
def test_memory_is_given_back_after_uploads_large_texts_and_visits(replica: Replica) -> None:
    times = UPLOADS, TEXTS, VISITS
    with ThreadPoolExecutor(1) as own:
        start, loads = own.submit(scenario, replica, times, ALLOWED_GROWTH, settling_seconds=30).result()
    assert loads[0].statuses[204] == UPLOADS // UPLOADS_PER_VISIT * (
        2 * UPLOADS_PER_VISIT - 1
    )  # with deletions
    growth = {load.name: load.after_bytes / start - 1 for load in loads}
    assert max(growth.values()) <= ALLOWED_GROWTH, growth
