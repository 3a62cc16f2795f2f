"""Many visitors at once over WebSockets, and memory under twenty thousand runs."""

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import psutil

from bench import report
from bench.scenarios import BASELINE, SCENARIOS, PageScenario, baseline_app
from bench.visitor import Visitor
from tools.harness.app_server import production_server

SHORT_THINK_TIME, LONG_THINK_TIME = (5.0, 15.0), (15.0, 30.0)
"""Seconds between an answer and the next press: who tries figures, and who reads the working."""
CROWDS = (
    (20, SHORT_THINK_TIME),
    (50, SHORT_THINK_TIME),
    (100, SHORT_THINK_TIME),
    (200, SHORT_THINK_TIME),
    (200, LONG_THINK_TIME),
)
MEASURED = 60.0
RUNS = 20_000
WORKERS = 8
"""Visits at once in the soak; each presses without thinking and makes room for another."""
PRESSES = 20
TARGET_MS = 250
MEBI = 1 << 20
MAX_DRIFT = 0.1


@dataclass
class Latencies:
    """How long presses took, ms."""

    ms: list[float] = field(default_factory=list)

    def part(self, of_hundred: int) -> float:
        """A percentile."""
        return statistics.quantiles(self.ms, n=100)[of_hundred - 1]


def measure_concurrency() -> str:
    """The section on many visitors."""
    rows = []
    with baseline_app() as floor, ExitStack() as stack:
        ours = [stack.enter_context(production_server()) for _ in range(2)]
        for count, thinking in CROWDS:
            row: list[object] = [count, "{:.0f} to {:.0f}".format(*thinking)]
            for addresses, scenarios in ((ours[:1], SCENARIOS), (ours, SCENARIOS), ([floor], (BASELINE,))):
                latencies = asyncio.run(_crowd(addresses, scenarios, count, thinking))
                row += [f"{latencies.part(50):.0f}", f"{latencies.part(95):.0f}"]
            rows.append(row)
            print(row, flush=True)
    heads = (
        "visitors",
        "thinking, s",
        "ours p50",
        "p95",
        "ours, two replicas p50",
        "p95",
        "baseline_app p50",
        "p95",
    )
    return f"""
Each visitor opens one of {len(SCENARIOS)} pages, then presses a button and latencies for the whole answer, again and again; between an
answer and the next press they think. Milliseconds from the press to Streamlit's "script finished", over
{MEASURED:.0f} s after everybody has come. Server and visitors share the machine's two cores. Ours is `make serve` (one
process uses one core), then two of them, visitors halved as a balancer with sticky sessions would; baseline_app runs
under Streamlit's default settings. The aim is {TARGET_MS} ms for p95 at {CROWDS[-1][0]}.

{report.table(heads, rows)}
"""


async def _crowd(
    addresses: Sequence[str], scenarios: Sequence[PageScenario], count: int, thinking: tuple[float, float]
) -> Latencies:
    latencies, chance = Latencies(), random.Random(count)  # noqa: S311 - the same crowd each time
    came = asyncio.Semaphore(4)
    begin, end = asyncio.Event(), asyncio.Event()
    there = 0

    async def visit(number: int) -> None:
        nonlocal there
        visitor = Visitor(addresses[number % len(addresses)], scenarios[number % len(scenarios)])
        async with came:
            await visitor.__aenter__()
        there += 1
        if there == count:
            begin.set()
        try:
            await begin.wait()
            await asyncio.sleep(chance.uniform(0, thinking[1]))
            while not end.is_set():
                latencies.ms.append(await visitor.press())
                await asyncio.sleep(chance.uniform(*thinking))
        finally:
            await visitor.__aexit__(None, None, None)

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(visit(number))
        await begin.wait()
        await asyncio.sleep(thinking[1])
        latencies.ms.clear()
        await asyncio.sleep(MEASURED)
        taken = [*latencies.ms]
        end.set()
    return Latencies(taken)


def soak() -> str:
    """The section on memory."""
    with production_server() as address:
        server = _server()
        began = time.perf_counter()
        samples = asyncio.run(_soak(address, server))
        took = time.perf_counter() - began
    warm = [memory for runs, memory in samples if runs >= RUNS / 5]
    tenth = max(1, len(warm) // 10)
    first, last = statistics.mean(warm[:tenth]), statistics.mean(warm[-tenth:])
    spread = (max(warm) - min(warm)) / statistics.median(warm)
    steps = [next(each for each in samples if each[0] >= RUNS * part / 10) for part in range(11)]
    listed = report.table(("runs", "resident, MiB"), ((f"{n:,}", f"{m / MEBI:.0f}") for n, m in steps))
    return f"""
{RUNS:,} runs of the pages' scripts in {took / 60:.0f} minutes: {WORKERS} visits at once, each of {PRESSES} presses on one of {len(SCENARIOS)} pages without a
pause, then gone and another there ({RUNS // PRESSES:,} visits; an hour of some 100 visitors). The collector runs as it ships
(`runner.postScriptGC = false`). After a fifth of the runs the process counts as warm: from then on the first and last
tenth of its resident memory differ by {(last / first - 1) * 100:+.1f} %, the highest and lowest by {spread * 100:.1f} % (aim: {MAX_DRIFT * 100:.0f} %).

{listed}
"""


async def _soak(address: str, server: psutil.Process) -> list[tuple[int, int]]:
    runs, samples = 0, [(0, server.memory_info().rss)]

    async def hand(number: int) -> None:
        nonlocal runs
        while runs < RUNS:
            async with Visitor(address, SCENARIOS[number % len(SCENARIOS)]) as visitor:
                runs += 1
                for _ in range(PRESSES - 1):
                    await visitor.press()
                    runs += 1
            number += WORKERS

    async def watch() -> None:
        while runs < RUNS:
            samples.append((runs, server.memory_info().rss))
            await asyncio.sleep(2)

    await asyncio.gather(watch(), *(hand(number) for number in range(WORKERS)))
    samples.append((runs, server.memory_info().rss))
    return samples


def _server() -> psutil.Process:
    (found,) = (each for each in psutil.Process().children() if "server" in each.cmdline())
    return found
