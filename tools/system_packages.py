"""Find the programs that tests need besides the browser: pdftotext (poppler) and nginx.

As a command with names of programs (`make test` runs it for pdftotext, `make test-all` for nginx too) it
installs missing Debian packages; if that fails, it says what to install and exits with 1.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import chromium

PACKAGES = {"pdftotext": "poppler-utils", "nginx": "nginx"}
"""The Debian package of each program; other systems call them poppler and nginx."""
PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
"""With Debian's folders of servers, which a user's PATH does not contain."""


def find(program: str) -> str | None:
    """Return the path of a program, or None."""
    return shutil.which(program, path=PATH)


def main(names: list[str]) -> int:
    """Install missing programs and print the paths of all; if that fails, say what to do and return 1."""
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
