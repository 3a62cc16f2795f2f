"""One call of each calculator with its working, beside OpenFisca's country template in the same minutes."""

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
    """The section."""
    asked = _requests()
    before = _openfisca_timings()
    rows, under = [], 0
    medians: dict[str, float] = {}
    for name, calculator in calculators().items():
        times = [_time(calculator, each) for each in asked[name]]
        medians[name] = statistics.median(times)
        rows.append((name, len(times), medians[name], max(times)))
        under += medians[name] < TARGET_MS
    after = _openfisca_timings()
    yard = {
        rule: [statistics.mean(pair) for pair in zip(before[rule], after[rule], strict=True)]
        for rule in before
    }
    floor = yard["income_tax"][1]
    listed = report.table(
        ("calculator", "requests", "median, ms", "slowest, ms", "median ÷ OpenFisca traced"),
        ((n, count, f"{ms:.3f}", f"{worst:.3f}", f"{ms / floor:.2f}") for n, count, ms, worst in rows),
    )
    yards = report.table(
        ("OpenFisca's country template", "untraced, ms", "traced, ms"),
        ((rule, f"{plain:.2f}", f"{traced:.2f}") for rule, (plain, traced) in yard.items()),
    )
    pays = yard["subscriber_pays"]
    return f"""
From the fields of a request to the answer. There is one way to ask, with every step, notice and other reading; an
untraced one would be a second way to be wrong. The requests are those of the worked examples
(`tests/examples/`); of each the median of {ROUNDS} rounds. {under} of {len(rows)} medians are below {TARGET_MS} ms,
{sum(ms < TARGET_MS / 2 for ms in medians.values())} below {TARGET_MS / 2} ms; `level_adviser` asks the others some 200 times.

{listed}

`income_tax` is the template's own; `subscriber_pays` is the share of Table 2 for two levels, written as
an OpenFisca variable over the template (one percent, one addition, no clauses, no readings, no checks).
Measured before and after ours, means of both. Ours answers the whole of it in {medians["subscriber_share"]:.3f} ms,
{medians["subscriber_share"] / pays[0]:.2f} of the untraced and {medians["subscriber_share"] / pays[1]:.2f} of the traced time.

{yards}
"""


def _requests() -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in calculators()}
    for name, request in _examples():
        try:
            calculators()[name].answer(request)
        except RequestError:  # some examples show what is refused
            continue
        found[name].append(request)
    return found


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
    """By rule, ms untraced and traced. OpenFisca is installed beside the app, never into it."""
    python = OPENFISCA_VENV / "bin" / "python"
    if not (OPENFISCA_VENV / "ready").exists():
        print("Installing OpenFisca, the baseline.", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", OPENFISCA_VENV], check=True)
        quiet = ("--quiet", "--disable-pip-version-check")
        subprocess.run([python, "-m", "pip", "install", *quiet, "-r", PINS], check=True)
        (OPENFISCA_VENV / "ready").touch()
    said = subprocess.run(
        [python, ROOT / "bench" / "openfisca_baseline.py"], check=True, capture_output=True, text=True
    )
    found: dict[str, list[float]] = json.loads(said.stdout)
    return found
