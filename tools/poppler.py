"""Find poppler's pdftotext, with which the tests read the sheets.

As a command (`make test` runs it) it also installs Debian's poppler-utils, where it may; where it may not, it
says what to install and fails.
"""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools import chromium

PROGRAM = "pdftotext"
PACKAGE = "poppler-utils"


def main() -> int:
    """Print the program's path, installed just now if need be; 1 and what to do where there is none."""
    if shutil.which(PROGRAM) is None:
        chromium.install(PACKAGE)
    path = shutil.which(PROGRAM)
    if path:
        print(f"PDF reader: {path}")
        return 0
    print(
        "The tests of the sheets need pdftotext of poppler, and it could not be installed from here. Install "
        f"it, then run make again: on Debian, as root, `apt-get update && apt-get install -y {PACKAGE}`; "
        "elsewhere the package is called poppler.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
