"""Measure the memory of a server during and after uploads, large texts and many short visits."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from websockets.exceptions import ConnectionClosed

from bench import report
from bench.scenarios import SCENARIOS
from tools.harness.attackers import Client, file_state, large_messages
from tools.harness.fleet_files import HEAD, as_csv
from tools.harness.memory_watcher import memory_limit, resident_bytes
from tools.harness.replicas import Replica, running_replicas

UPLOADS, TEXTS, VISITS = 200, 41, 5_000
UPLOADS_PER_VISIT = 5
TEXTS_PER_VISIT = 3
"""Each counts as thirty messages (`server/pace.py`): more would only wait."""
CLIENTS = 8
WARM_UP_VISITS = 150
"""More than the closed visits that Streamlit keeps (128)."""
SETTLING_SECONDS = 180.0
ALLOWED_GROWTH = 0.2
LIMIT_BYTES = 1 << 30
"""The memory limit of a replica's container (`deploy/`)."""
MEBIBYTE = 1 << 20
FILE = as_csv(
    *(("1", "tondar90", "29700", "three_star", "1405-01-15", "x" * 2_400) for _ in range(2_000)),
    head=[*HEAD, "note"],
)
"""Two thousand cars, almost as long as an upload may be."""


@dataclass(frozen=True)
class Load:
    """How long a load took, and what the server's memory was during and after it."""

    name: str
    statuses: Counter[int]
    """How many uploads were accepted (204) and refused."""
    seconds: float
    peak_bytes: int
    after_bytes: int
    settling_seconds: float


async def upload_files(client: Client, _index: int) -> None:
    """Visit the fleet page and upload files in turn; delete each replaced file as a browser does."""
    async with client.visit("fleet") as visit:
        for number in range(UPLOADS_PER_VISIT):
            await client.upload(visit.session, f"id{number}", FILE)
            await visit.send(file_state(visit.widget("fleet-file"), "a.csv", f"id{number}", len(FILE)))
            if number:
                await client.delete_upload(visit.session, f"id{number - 1}")


async def send_large_texts(client: Client, _index: int) -> None:
    """Send texts just below the size limit of a message in a visit, then one of 9 MB, which ends it."""
    with suppress(ConnectionClosed):
        await large_messages(client, TEXTS_PER_VISIT)


async def open_and_leave(client: Client, index: int) -> None:
    """Open a page by its link and leave."""
    scenario = SCENARIOS[index % len(SCENARIOS)]
    async with client.visit(scenario.page, scenario.link):
        pass


async def _repeat(action: Callable[[Client, int], Awaitable[None]], address: str, times: int) -> Counter[int]:
    """Repeat an action with `CLIENTS` clients at once; return the HTTP status codes."""
    indexes = iter(range(times))

    async def run(client: Client) -> None:
        for index in indexes:
            await action(client, index)

    clients = [Client(address, f"10.88.0.{number + 1}") for number in range(CLIENTS)]
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(run(client))
    return sum((client.statuses for client in clients), Counter())


def _settled_bytes(server: int, bound_bytes: float, seconds: float) -> int:
    """Return the resident memory once it is within the bound, or after ``seconds``."""
    end = time.monotonic() + seconds
    while (resident := resident_bytes(server)) > bound_bytes and time.monotonic() < end:
        time.sleep(0.5)
    return resident


def scenario(
    replica: Replica, times: tuple[int, int, int], allowed_growth: float, settling_seconds: float
) -> tuple[int, list[Load]]:
    """Send numbers of uploads, texts and visits to a server that has been used.

    Return its resident bytes before, and the loads. Raises the error of a client that is refused.
    """
    address, server = f"http://127.0.0.1:{replica.port}", replica.process.pid
    uploads, texts, visits = times
    for action, count in ((open_and_leave, WARM_UP_VISITS), (upload_files, 1), (send_large_texts, 1)):
        asyncio.run(_repeat(action, address, count))
    start = resident_bytes(server)
    loads = []
    for name, action, count in (
        (f"{uploads} uploads of {len(FILE) / 1e6:.1f} MB", upload_files, uploads // UPLOADS_PER_VISIT),
        (f"{texts} texts of 9 MB", send_large_texts, texts),
        (f"{visits:,} visits", open_and_leave, visits),
    ):
        began = time.monotonic()
        with memory_limit([server], LIMIT_BYTES) as memory:
            statuses = asyncio.run(_repeat(action, address, count))
        ended = time.monotonic()
        after = _settled_bytes(server, start * (1 + allowed_growth), settling_seconds)
        settling = time.monotonic() - ended
        loads.append(Load(name, statuses, ended - began, memory.peaks[server], after, settling))
    return start, loads


def main() -> str:
    """Measure and return the section."""
    with running_replicas(1) as (replica,):
        start, loads = scenario(replica, (UPLOADS, TEXTS, VISITS), ALLOWED_GROWTH, SETTLING_SECONDS)
    rows = [
        (
            load.name,
            f"{load.seconds:.0f}",
            f"{load.peak_bytes / MEBIBYTE:.0f}",
            f"{load.after_bytes / MEBIBYTE:.0f}",
            f"{load.after_bytes / start:.2f}"
            + ("" if load.after_bytes <= start * (1 + ALLOWED_GROWTH) else " (missed)"),
            f"{load.settling_seconds:.0f}",
        )
        for load in loads
    ]
    heads = ("load", "s", "peak, MiB", "after, MiB", "after ÷ before", "settled after, s")
    return f"""
Resident memory of a server (`python -m server`) with its child processes: {start / MEBIBYTE:.0f} MiB before the loads (after {WARM_UP_VISITS} visits of {len(SCENARIOS)} pages,
{UPLOADS_PER_VISIT} uploads and a large text). The loads follow one after the other, {CLIENTS} clients at once. An upload is a file of 2,000 cars; {UPLOADS_PER_VISIT} in a visit,
each replaces the one before. A text of 9 MB is refused and ends its visit, which has sent {TEXTS_PER_VISIT} of 250 kB
before. A visit opens a page by its link and leaves. "Settled" means within {ALLOWED_GROWTH:.0%} of the memory before, the target;
the limit is {SETTLING_SECONDS:.0f} s, since a visit that was left can be resumed for two minutes.

{report.table(heads, rows)}
"""
