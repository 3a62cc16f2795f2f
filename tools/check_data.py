"""Read every data file as the app does at its start: ``python -m tools.check_data [--data FOLDER]``.

Exit status: 0 if every file is valid; 2 for wrong usage; 3 if a file is invalid, with its line and column on
standard error.
"""

import argparse
import os
import subprocess
import sys

from logic.core.errors import DataError
from server.health import check
from tools.new_edition import ROOT, folder

DAMAGED = 3


def main(arguments: list[str] | None = None) -> int:
    """Check the data folder that the command line names and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.check_data", description="Read every data file.")
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        type=folder,
        help="another data folder; by default that of KHODROYAR_DATA, else data",
    )
    options = parser.parse_args(arguments)
    if options.data:
        return check_in_new_process(options.data)
    try:
        check()
    except DataError as error:
        print(error, file=sys.stderr)
        return DAMAGED
    print("Every data file can be used.")
    return 0


def check_in_new_process(data: os.PathLike[str]) -> int:
    """Check another data folder: a process chooses its folder when it starts."""
    environment = {**os.environ, "KHODROYAR_DATA": os.fspath(data)}
    return subprocess.run(
        [sys.executable, "-m", "tools.check_data"], cwd=ROOT, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
