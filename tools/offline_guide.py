"""Write the guide with no network: one HTML file, to be handed to rescuers."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ui.offline_guide import guide  # noqa: E402 - the path comes first

FOLDER = ROOT / "guide"


def main() -> None:
    """Make it and say where it lies."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / guide.FILE_NAME
    file.write_bytes(guide.download())
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
