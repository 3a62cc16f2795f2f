"""Measure fifty visitors beside one hostile client of each kind, behind nginx with two replicas of 1 GiB."""

import asyncio
import json
import random
import re
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import report
from bench.scenarios import SCENARIOS
from bench.visitor import Visitor
from tools.harness import ROOT
from tools.harness.http_client import http_request, read_size
from tools.harness.memory_watcher import memory_limit
from tools.harness.nginx import running_nginx
from tools.harness.replicas import running_replicas

VISITORS = 50
MEMORY_BYTES = 1 << 30
"""The memory limit of a replica's container (`deploy/`)."""
THINK_SECONDS = (2.0, 6.0)
PRESS_TIMEOUT_SECONDS = 30
"""A press that takes longer fails."""
MAX_OPENING = 4
"""How many visitors open their page at the same time."""
QUIET_SECONDS = ATTACK_SECONDS = 60.0
MAX_SLOWDOWN = 3.0


@dataclass(frozen=True)
class Outcome:
    """Latencies of the visitors, outcomes of the attacks, and the servers' memory."""

    quiet_ms: list[float]
    attacked_ms: list[float]
    attacks: Mapping[str, Mapping[str, int]]
    statuses: Mapping[str, Mapping[str, int]]
    killed: list[int]
    peak_bytes: int


def scenario(quiet_seconds: float, attack_seconds: float) -> Outcome:
    """Let visitors press buttons, without and with attackers. Raises the error of a failed press."""
    with (
        TemporaryDirectory() as folder,
        running_replicas() as replicas,
        running_nginx(Path(folder), *(replica.port for replica in replicas)) as address,
        memory_limit([replica.process.pid for replica in replicas], MEMORY_BYTES) as memory,
    ):
        quiet, attacked, attacks = asyncio.run(_visit_and_attack(address, quiet_seconds, attack_seconds))
    return Outcome(
        quiet, attacked, attacks["attacks"], attacks["statuses"], memory.killed, max(memory.peaks.values())
    )


async def _visit_and_attack(
    address: str, quiet_seconds: float, attack_seconds: float
) -> tuple[list[float], list[float], Mapping[str, Mapping[str, Mapping[str, int]]]]:
    times: list[float] = []
    end = asyncio.Event()
    opening, all_open = asyncio.Semaphore(MAX_OPENING), asyncio.Barrier(VISITORS + 1)
    async with asyncio.TaskGroup() as group:
        for number in range(VISITORS):
            group.create_task(_visit(address, number, times, opening, all_open, end))
        await all_open.wait()
        times.clear()
        await asyncio.sleep(quiet_seconds)
        quiet = [*times]
        attackers = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tools.harness.attackers", address, str(attack_seconds),
            cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert attackers.stdout
        try:
            await attackers.stdout.readline()  # printed once they are ready
            times.clear()
            attacks = json.loads(await attackers.stdout.readline())
        finally:
            if attackers.returncode is None:
                attackers.kill()
            await attackers.wait()
        attacked = [*times]
        end.set()
    return quiet, attacked, attacks


async def _visit(  # noqa: PLR0917 - most are shared by all visitors
    address: str,
    number: int,
    times: list[float],
    opening: asyncio.Semaphore,
    all_open: asyncio.Barrier,
    end: asyncio.Event,
) -> None:
    """Open a page as a browser does, then press its buttons until the end; append the ms of each press."""
    rng = random.Random(number)  # noqa: S311 - reproducible
    headers = {"X-Forwarded-For": f"10.77.0.{number + 1}"}
    scenario = SCENARIOS[number % len(SCENARIOS)]
    async with opening:
        async with http_request(address, f"/{scenario.page}", headers=headers) as page:
            cookie = re.search("khodroyar_visit=[0-9a-f]+", page.headers["set-cookie"])
            assert cookie
            headers["Cookie"] = cookie[0]
            await read_size(page)
        visitor = await Visitor(address, scenario, headers).__aenter__()
    try:
        await all_open.wait()
        while not end.is_set():
            await asyncio.sleep(rng.uniform(*THINK_SECONDS))
            async with asyncio.timeout(PRESS_TIMEOUT_SECONDS):
                times.append(await visitor.press())
    finally:
        await visitor.__aexit__(None, None, None)


def main() -> str:
    """Measure and return the section."""
    outcome = scenario(QUIET_SECONDS, ATTACK_SECONDS)
    quiet, attacked = (
        statistics.quantiles(times, n=20)[-1] for times in (outcome.quiet_ms, outcome.attacked_ms)
    )
    rows = [
        (
            name,
            len(times),
            f"{statistics.median(times):.0f}",
            f"{p95:.0f}",
            f"{max(times):.0f}",
            f"{p95 / quiet:.1f}",
        )
        for name, times, p95 in (
            ("none", outcome.quiet_ms, quiet),
            (len(outcome.attacks), outcome.attacked_ms, attacked),
        )
    ]
    kinds = ((kind.replace("_", " "), *counts.values()) for kind, counts in outcome.attacks.items())
    return f"""
{VISITORS} visitors of {len(SCENARIOS)} pages behind nginx (`deploy/nginx`) with two replicas. Each presses a button, waits for the whole answer
and thinks for {THINK_SECONDS[0]:.0f} to {THINK_SECONDS[1]:.0f} s. Milliseconds from the press to Streamlit's "script finished", {QUIET_SECONDS:.0f} s without attackers, then
{ATTACK_SECONDS:.0f} s with one hostile client of each kind (`tools/harness/attackers.py`), all on the machine's cores. A replica
that takes more than 1 GiB with its child processes is killed: {len(outcome.killed)} were; the peak was {outcome.peak_bytes / 2**20:.0f} MiB.
The target is a 95th percentile of at most {MAX_SLOWDOWN:.0f} × the one without attackers.

{report.table(("attackers", "answers", "median, ms", "p95, ms", "slowest, ms", "p95 ÷ without"), rows)}

{report.table(("attack", "finished", "cut by the server", "given up after 20 s"), kinds)}
"""
