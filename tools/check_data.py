"""Read every data file as the app does at its start: ``python -m tools.check_data``.

``KHODROYAR_DATA`` names another data folder. Exit status: 0 if every file is valid; 3 if one is invalid, with
its line and column on standard error.
"""

import sys

from logic.core.errors import DataError
from server.health import check

DAMAGED = 3


def main() -> int:
    """Check the data folder in use and return the exit status."""
    try:
        check()
    except DataError as error:
        print(error, file=sys.stderr)
        return DAMAGED
    print("Every data file can be used.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
