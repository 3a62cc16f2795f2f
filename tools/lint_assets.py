"""Run biome over scripts and styles: `python tools/lint_assets.py check`, with `--write` to fix them.

The executable of the npm package is run directly, so that Node is not needed.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run biome with the command line's arguments; return its exit status, or 1 if it is not installed."""
    packages = sorted((ROOT / "node_modules" / "@biomejs").glob("cli-*/biome*"))
    programs = [file for file in packages if file.stem == "biome"]
    if not programs:
        print("biome is not installed: run make install-dev.", file=sys.stderr)
        return 1
    command = [str(programs[0]), *sys.argv[1:], "--error-on-warnings"]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
