"""The memory of a server is freed after uploads, large texts and visits."""

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

UPLOADS, TEXTS, VISITS = 20, 3, 80
ALLOWED_GROWTH = 0.2
RESUMABLE_SECONDS = 4


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Replica]:
    """Start a server that ends disconnected visits after a few seconds."""
    config = tmp_path / ".streamlit" / "config.toml"
    config.parent.mkdir()
    config.write_text(f"[server]\ndisconnectedSessionTTL = {RESUMABLE_SECONDS}\n", encoding="utf-8")
    with running_replicas(1, HOME=str(tmp_path)) as (started,):
        yield started


def has_uploaded_files(replica: Replica) -> bool:
    """Return whether Streamlit's own metrics count uploads."""
    with urllib.request.urlopen(f"http://localhost:{replica.port}/_stcore/metrics", timeout=10) as answer:
        return "UploadedFileManager" in answer.read().decode()


@pytest.mark.slow
def test_files_of_a_closed_visit_are_freed_without_another_visit(replica: Replica) -> None:
    async def upload_and_leave() -> None:
        client = Client(f"http://127.0.0.1:{replica.port}", "10.0.0.1")
        async with client.visit("fleet") as visit:
            assert await client.upload(visit.session, "id0", b"x") == 204
            assert await asyncio.to_thread(has_uploaded_files, replica)

    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        executor.submit(lambda: asyncio.run(upload_and_leave())).result()
    wait_for(lambda: not has_uploaded_files(replica), "the files to be freed", 5 * RESUMABLE_SECONDS)


@pytest.mark.slow
def test_memory_is_freed_after_uploads_large_texts_and_visits(replica: Replica) -> None:
    times = UPLOADS, TEXTS, VISITS
    with ThreadPoolExecutor(1) as executor:
        start, loads = executor.submit(scenario, replica, times, ALLOWED_GROWTH, settling_seconds=30).result()
    assert loads[0].statuses[204] == UPLOADS // UPLOADS_PER_VISIT * (
        2 * UPLOADS_PER_VISIT - 1
    )  # with deletions
    growth = {load.name: load.after_bytes / start - 1 for load in loads}
    assert max(growth.values()) <= ALLOWED_GROWTH, growth
