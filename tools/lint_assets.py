"""Run biome over scripts and styles: `python tools/lint_assets.py check`, with `--write` to correct them.

The program is taken out of its npm package, so that no Node is needed to run it.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run biome with the given arguments; its exit status, or 1 where it is not installed."""
    packages = sorted((ROOT / "node_modules" / "@biomejs").glob("cli-*/biome*"))
    programs = [file for file in packages if file.stem == "biome"]
    if not programs:
        print("biome is not installed: run make install-dev.", file=sys.stderr)
        return 1
    command = [str(programs[0]), *sys.argv[1:], "--error-on-warnings"]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
