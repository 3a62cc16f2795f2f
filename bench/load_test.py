"""Measure many visitors at once over WebSockets, and memory during twenty thousand runs."""

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
"""Seconds between an answer and the next press: of visitors who try figures, and who read the steps."""
GROUPS = (
    (20, SHORT_THINK_TIME),
    (50, SHORT_THINK_TIME),
    (100, SHORT_THINK_TIME),
    (200, SHORT_THINK_TIME),
    (200, LONG_THINK_TIME),
)
MEASURED_SECONDS = 60.0
RUNS = 20_000
WORKERS = 8
"""Visits at once in the soak test; each presses without a pause, and the next visit follows."""
PRESSES = 20
TARGET_MS = 250
MEBIBYTE = 1 << 20
MAX_DRIFT = 0.1


@dataclass
class Latencies:
    """How long presses took, in ms."""

    ms: list[float] = field(default_factory=list)

    def percentile(self, percent: int) -> float:
        """Return a percentile."""
        return statistics.quantiles(self.ms, n=100)[percent - 1]


def measure_concurrency() -> str:
    """Measure and return the section on many visitors."""
    rows = []
    with baseline_app() as baseline, ExitStack() as stack:
        ours = [stack.enter_context(production_server()) for _ in range(2)]
        for count, thinking in GROUPS:
            row: list[object] = [count, "{:.0f} to {:.0f}".format(*thinking)]
            for addresses, scenarios in ((ours[:1], SCENARIOS), (ours, SCENARIOS), ([baseline], (BASELINE,))):
                latencies = asyncio.run(_visit_at_once(addresses, scenarios, count, thinking))
                row += [f"{latencies.percentile(50):.0f}", f"{latencies.percentile(95):.0f}"]
            rows.append(row)
            print(row, flush=True)
    heads = (
        "visitors",
        "thinking, s",
        "ours p50",
        "p95",
        "ours, two replicas p50",
        "p95",
        "baseline p50",
        "p95",
    )
    return f"""
Each visitor opens one of {len(SCENARIOS)} pages, then presses a button and waits for the whole answer, again and again; between an
answer and the next press they think. Milliseconds from the press to Streamlit's "script finished", over
{MEASURED_SECONDS:.0f} s after every visitor has opened a page. Server and visitors share the machine's two cores. Ours is `make serve` (one
process uses one core), then two of them, each with half of the visitors, as a balancer with sticky sessions would do. The baseline
is Streamlit's smallest app under its default settings. The target is {TARGET_MS} ms for p95 at {GROUPS[-1][0]}.

{report.table(heads, rows)}
"""


async def _visit_at_once(
    addresses: Sequence[str], scenarios: Sequence[PageScenario], count: int, thinking: tuple[float, float]
) -> Latencies:
    latencies, rng = Latencies(), random.Random(count)  # noqa: S311 - reproducible
    opening = asyncio.Semaphore(4)
    begin, end = asyncio.Event(), asyncio.Event()
    open_count = 0

    async def visit(number: int) -> None:
        nonlocal open_count
        visitor = Visitor(addresses[number % len(addresses)], scenarios[number % len(scenarios)])
        async with opening:
            await visitor.__aenter__()
        open_count += 1
        if open_count == count:
            begin.set()
        try:
            await begin.wait()
            await asyncio.sleep(rng.uniform(0, thinking[1]))
            while not end.is_set():
                latencies.ms.append(await visitor.press())
                await asyncio.sleep(rng.uniform(*thinking))
        finally:
            await visitor.__aexit__(None, None, None)

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(visit(number))
        await begin.wait()
        await asyncio.sleep(thinking[1])
        latencies.ms.clear()
        await asyncio.sleep(MEASURED_SECONDS)
        measured = [*latencies.ms]
        end.set()
    return Latencies(measured)


def soak() -> str:
    """Measure and return the section on memory during many runs."""
    with production_server() as address:
        server = _server()
        began = time.perf_counter()
        samples = asyncio.run(_soak(address, server))
        seconds = time.perf_counter() - began
    warm = [memory for runs, memory in samples if runs >= RUNS / 5]
    tenth = max(1, len(warm) // 10)
    first, last = statistics.mean(warm[:tenth]), statistics.mean(warm[-tenth:])
    spread = (max(warm) - min(warm)) / statistics.median(warm)
    rows = [next(sample for sample in samples if sample[0] >= RUNS * tenths / 10) for tenths in range(11)]
    table = report.table(("runs", "resident, MiB"), ((f"{n:,}", f"{m / MEBIBYTE:.0f}") for n, m in rows))
    return f"""
{RUNS:,} runs of the pages' scripts in {seconds / 60:.0f} minutes: {WORKERS} visits at once, each of {PRESSES} presses on one of {len(SCENARIOS)} pages without a
pause, then the next one ({RUNS // PRESSES:,} visits; an hour of about 100 visitors). The garbage collector runs as in production
(`runner.postScriptGC = false`). After a fifth of the runs the process counts as warm: from then on the first and last
tenth of its resident memory differ by {(last / first - 1) * 100:+.1f} %, the highest and lowest by {spread * 100:.1f} % (target: {MAX_DRIFT * 100:.0f} %).

{table}
"""


async def _soak(address: str, server: psutil.Process) -> list[tuple[int, int]]:
    runs, samples = 0, [(0, server.memory_info().rss)]

    async def worker(number: int) -> None:
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

    await asyncio.gather(watch(), *(worker(number) for number in range(WORKERS)))
    samples.append((runs, server.memory_info().rss))
    return samples


def _server() -> psutil.Process:
    (server,) = (child for child in psutil.Process().children() if "server" in child.cmdline())
    return server
