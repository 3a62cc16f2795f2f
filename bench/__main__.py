"""Run the benchmarks and write ``bench/RESULTS.md``: ``python -m bench [PART …]``."""

import argparse
import sys
from collections.abc import Callable

from bench import attack, batches, calculators, expressions, fleets, load_test, memory, pages, report

PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "calculators": ("Calculators", calculators.main),
    "expressions": ("Expressions and parsers", expressions.main),
    "start": ("Start", pages.start),
    "pages": ("Click → answer", pages.clicks),
    "visitors": ("Many visitors", load_test.measure_concurrency),
    "attack": ("Under attack", attack.main),
    "batches": ("Pages beside batches", batches.main),
    "runs": ("Memory of many runs", load_test.soak),
    "memory": ("Memory", memory.main),
    "batch": ("Batch", fleets.main),
    "load": ("First load", pages.first_load),
}


def main() -> int:
    """Run the benchmarks that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="what to measure; all by default")
    for name in parser.parse_args().part or PARTS:
        title, measure = PARTS[name]
        print(f"{title} …", flush=True)
        report.write(title, f"make bench ONLY={name}", measure())
    print(report.RESULTS.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
