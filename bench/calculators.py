"""Measure a call of each calculator, and OpenFisca's country template before and after."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench import report
from logic.core.errors import RequestError
from logic.core.registry import Calculator, calculators

ROOT = Path(__file__).parent.parent
OPENFISCA_VENV = ROOT / "bench" / ".openfisca"
PINS = ROOT / "bench" / "openfisca.txt"
ROUNDS, CALLS = 7, 20
MILLI = 1000
TARGET_MS = 0.2


def main() -> str:
    """Measure and return the section."""
    requests = _requests()
    before = _openfisca_timings()
    rows, within_target = [], 0
    medians: dict[str, float] = {}
    for name, calculator in calculators().items():
        times = [_time(calculator, request) for request in requests[name]]
        medians[name] = statistics.median(times)
        rows.append((name, len(times), medians[name], max(times)))
        within_target += medians[name] < TARGET_MS
    after = _openfisca_timings()
    baseline = {
        rule: [statistics.mean(pair) for pair in zip(before[rule], after[rule], strict=True)]
        for rule in before
    }
    income_tax_ms = baseline["income_tax"][1]
    calculator_table = report.table(
        ("calculator", "requests", "median, ms", "slowest, ms", "median ÷ OpenFisca traced"),
        (
            (name, count, f"{ms:.3f}", f"{slowest:.3f}", f"{ms / income_tax_ms:.2f}")
            for name, count, ms, slowest in rows
        ),
    )
    baseline_table = report.table(
        ("OpenFisca's country template", "untraced, ms", "traced, ms"),
        ((rule, f"{plain:.2f}", f"{traced:.2f}") for rule, (plain, traced) in baseline.items()),
    )
    share = baseline["subscriber_pays"]
    return f"""
From the fields of a request to the answer with every step, notice and alternative; there is no call without them. The
requests are those of the worked examples (`tests/examples/`); of each the median of {ROUNDS} rounds. {within_target} of {len(rows)} medians are below {TARGET_MS} ms,
{sum(ms < TARGET_MS / 2 for ms in medians.values())} below {TARGET_MS / 2} ms; `level_adviser` calls the others about 200 times.

{calculator_table}

`income_tax` is the template's own; `subscriber_pays` is the share of Table 2 for two levels, written as
an OpenFisca variable over the template (one percent, one addition, no clauses, no readings, no checks).
Measured before and after ours; means of both. Ours answers the same in {medians["subscriber_share"]:.3f} ms,
{medians["subscriber_share"] / share[0]:.2f} of the untraced and {medians["subscriber_share"] / share[1]:.2f} of the traced time.

{baseline_table}
"""


def _requests() -> dict[str, list[Mapping[str, Any]]]:
    requests: dict[str, list[Mapping[str, Any]]] = {name: [] for name in calculators()}
    for name, request in _examples():
        try:
            calculators()[name].answer(request)
        except RequestError:  # some examples are of invalid requests
            continue
        requests[name].append(request)
    return requests


def _examples() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for file in sorted((ROOT / "tests" / "examples").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            example = json.loads(line)
            yield example["calculator"], example["request"]


def _time(calculator: Calculator, request: Mapping[str, object]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(CALLS):
            calculator.answer(request)
        rounds.append((time.perf_counter() - began) / CALLS * MILLI)
    return statistics.median(rounds)


def _openfisca_timings() -> dict[str, list[float]]:
    """Return the ms untraced and traced by rule. OpenFisca is installed in an environment of its own."""
    python = OPENFISCA_VENV / "bin" / "python"
    if not (OPENFISCA_VENV / "ready").exists():
        print("Installing OpenFisca, the baseline.", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", OPENFISCA_VENV], check=True)
        quiet = ("--quiet", "--disable-pip-version-check")
        subprocess.run([python, "-m", "pip", "install", *quiet, "-r", PINS], check=True)
        (OPENFISCA_VENV / "ready").touch()
    run = subprocess.run(
        [python, ROOT / "bench" / "openfisca_baseline.py"], check=True, capture_output=True, text=True
    )
    timings: dict[str, list[float]] = json.loads(run.stdout)
    return timings
