"""Measure ``python -m logic batch`` with a million cars, with one worker and with two."""

import csv
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import distributed

from bench import report
from logic.core.models import Level
from logic.core.registry import find
from logic.service.service_schedule import service_editions
from tools.harness import ROOT

CARS, DAMAGES = 1_000_000, 200_000
MAX_ODOMETER_KM = 200_000
TARGET_MS = 60


def main() -> str:
    """Measure and return the section."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        cars, damages = folder / "cars.csv", folder / "damages.csv"
        _write(cars, _cars(CARS))
        _write(damages, _damages(DAMAGES))
        rows = []
        for calculator, file, count in (
            ("service_schedule", cars, CARS),
            ("subscriber_share", damages, DAMAGES),
        ):
            for workers in (1, 2):
                seconds = _run(folder, calculator, file, "--workers", str(workers))
                rows.append(
                    (
                        calculator,
                        f"{count:,}",
                        f"processes: {workers}",
                        f"{seconds:.0f}",
                        f"{count / seconds:,.0f}",
                    )
                )
            for workers in (1, 2):
                with _cluster(workers) as scheduler:
                    seconds = _run(folder, calculator, file, "--scheduler", scheduler)
                rows.append(
                    (
                        calculator,
                        f"{count:,}",
                        f"cluster: {workers}",
                        f"{seconds:.0f}",
                        f"{count / seconds:,.0f}",
                    )
                )
            row_seconds = _seconds_per_row(calculator, file)
            rows.append(
                (
                    calculator,
                    f"{count:,}",
                    "the calculator alone, row by row",
                    f"{count * row_seconds:.0f}",
                    f"{1 / row_seconds:,.0f}",
                )
            )
            print(rows, flush=True)
    return f"""
`python -m logic batch`, from a CSV file to a CSV file, including the start of Python and of the workers. Cars of random kinds,
levels and odometers up to {MAX_ODOMETER_KM:,} km; all damages are different, so that no answer is reused. The target is {TARGET_MS} s for a million
`service_schedule` rows on two cores. That calculator is answered by segments: between two limits of a car's service windows
only distances change (`logic/batch/rows.py`; tests compare every answer with the single calculator's). `subscriber_share` is called row by row.
A cluster is a Dask scheduler and its workers on this machine, each with one thread. The last line of each is one
process that calls the calculator for a sample of rows and writes nothing.

{report.table(("calculator", "rows", "workers", "s", "rows a second"), rows)}
"""


def _cars(count: int) -> Iterable[Mapping[str, object]]:
    rng = random.Random(1)  # noqa: S311 - reproducible
    kinds = [key for tables in service_editions() for key in tables.vehicles]
    for number in range(count):
        vehicle, engine = rng.choice(kinds)
        level, km = rng.choice([*Level]), rng.randrange(MAX_ODOMETER_KM)
        yield {"plate": f"p{number}", "vehicle": vehicle, "engine": engine, "level": level, "odometer_km": km}


def _damages(count: int) -> Iterable[Mapping[str, object]]:
    rng = random.Random(2)  # noqa: S311
    for number in range(count):
        damage = 1_000_000 + 1000 * number
        yield {
            "level": "two_star",
            "event": "collision",
            "damage_rial": damage,
            "prior_incidents": rng.randrange(4),
        }


def _write(file: Path, rows: Iterable[Mapping[str, object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        for number, row in enumerate(rows):
            if not number:
                writer = csv.DictWriter(target, row)
                writer.writeheader()
            writer.writerow(row)


def _run(folder: Path, calculator: str, file: Path, *options: str) -> float:
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "logic",
        "batch",
        calculator,
        "--in",
        file,
        "--out",
        folder / "out.csv",
        "--quiet",
    ]
    began = time.perf_counter()
    subprocess.run([*command, *options], cwd=ROOT, check=True)
    return time.perf_counter() - began


@contextmanager
def _cluster(workers: int) -> Iterator[str]:
    cluster: Any = distributed.LocalCluster
    with cluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as started:
        yield started.scheduler_address


def _seconds_per_row(name: str, file: Path) -> float:
    """Return how long the calculator takes for a row, without batch mode."""
    calculator = find(name)
    with file.open(encoding="utf-8", newline="") as source:
        rows = [dict(row) for row, _ in zip(csv.DictReader(source), range(5000), strict=False)]
    integers = {"odometer_km", "damage_rial", "prior_incidents"}
    requests = [{k: int(v) if k in integers else v for k, v in row.items() if k != "plate"} for row in rows]
    began = time.perf_counter()
    for request in requests:
        calculator.answer(request)
    return (time.perf_counter() - began) / len(requests)
