"""Find what the tests use beside the browser: poppler's pdftotext reads sheets, nginx balances replicas.

As a command with names of programs (`make test` runs it for pdftotext, `make test-all` for nginx too) it
installs Debian's packages, where it may; where it may not, it says what to install and fails.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import chromium

PACKAGES = {"pdftotext": "poppler-utils", "nginx": "nginx"}
"""Debian's package for each program; elsewhere they are called poppler and nginx."""
PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
"""Debian keeps servers where a user's path does not look."""


def find(program: str) -> str | None:
    """The path of a program; None where there is none."""
    return shutil.which(program, path=PATH)


def main(names: list[str]) -> int:
    """Print the programs' paths, installed just now if need be; 1 and what to do where one is missing."""
    for program in names:
        package = PACKAGES[program]
        if find(program) is None:
            chromium.install(package)
        path = find(program)
        if path is None:
            print(
                f"The tests need {program}, and it could not be installed from here. Install it, then run "
                f"make again: on Debian, as root, `apt-get update && apt-get install -y {package}`.",
                file=sys.stderr,
            )
            return 1
        print(f"{program}: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
