"""Measure how long a page takes to answer while twenty batches run over HTTP."""

import asyncio
import multiprocessing
import os
import statistics
from multiprocessing.synchronize import Event

from bench import report
from bench.scenarios import SCENARIOS
from bench.visitor import Visitor
from tools.harness.app_server import production_server
from tools.harness.http_client import http_request, read_size

BATCHES, LINES = 20, 5_000
BATCH_KINDS = {
    "compare_levels": b"{}\n",
    "subscriber_share": b'{"level": "two_star", "event": "collision", "damage_rial": 20000000}\n',
}
PRESSES, WARM_PRESSES = 10, 2
PAUSE_SECONDS = 0.1
LOWEST_PRIORITY, OK = 19, 200
MAX_SLOWDOWN = 2.0


def main() -> str:
    """Measure and return the section."""
    with production_server() as address:
        usual_times = asyncio.run(_press(address))
        measured = {
            f"{BATCHES} × {LINES:,} × {calculator}": _press_beside(address, calculator, line * LINES)
            for calculator, line in BATCH_KINDS.items()
        }
        usual_times += asyncio.run(_press(address))
    base = statistics.median(usual_times)
    rows = []
    for name, times in {"none": usual_times, **measured}.items():
        median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        rows.append((name, f"{median:.0f}", f"{p95:.0f}", f"{median / base:.1f}"))
    return f"""
A visitor presses buttons on {len(SCENARIOS)} pages in turn, without batches (before and after) and while {BATCHES} batches run over HTTP,
each sent again once it is answered: milliseconds from the press to Streamlit's "script finished". The batches' client runs
on the same machine, at the lowest priority. The target is less than {MAX_SLOWDOWN:.0f} × the usual median.

{report.table(("batches at once", "median, ms", "p95, ms", "median ÷ usual"), rows)}
"""


def _press_beside(address: str, calculator: str, body: bytes) -> list[float]:
    """Return the ms of each press while batches run."""
    context = multiprocessing.get_context("spawn")
    running, end = context.Event(), context.Event()
    sender = context.Process(target=_send_batches, args=(address, calculator, body, running, end))
    sender.start()
    running.wait()
    times = asyncio.run(_press(address))
    end.set()
    sender.join()
    return times


def _send_batches(address: str, calculator: str, body: bytes, running: Event, end: Event) -> None:
    os.nice(LOWEST_PRIORITY)
    all_started = asyncio.Barrier(BATCHES)

    async def send() -> None:
        started = False
        while True:
            headers = {"Content-Type": "application/x-ndjson"}
            async with http_request(address, f"/api/v1/{calculator}/batch", body, headers) as answer:
                assert answer.status == OK, answer.status
                if not started:
                    started = True
                    await all_started.wait()
                    running.set()
                await read_size(answer)

    async def run() -> None:
        senders = [asyncio.create_task(send()) for _ in range(BATCHES)]
        done = asyncio.create_task(asyncio.to_thread(end.wait))
        await asyncio.wait([done, *senders], return_when=asyncio.FIRST_COMPLETED)
        end.set()  # if a sender failed, its error is raised below
        for sender in senders:
            if sender.done():
                sender.result()
            sender.cancel()

    asyncio.run(run())


async def _press(address: str) -> list[float]:
    """Return the ms of each press on each page."""
    times: list[float] = []
    for scenario in SCENARIOS:
        async with Visitor(address, scenario) as visitor:
            for press in range(WARM_PRESSES + PRESSES):
                milliseconds = await visitor.press()
                if press >= WARM_PRESSES:
                    times.append(milliseconds)
                await asyncio.sleep(PAUSE_SECONDS)
    return times
