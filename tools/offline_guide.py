"""Write the offline guide for rescuers: one HTML file in guide/."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ui.offline_guide import guide  # noqa: E402 - needs the path above

FOLDER = ROOT / "guide"


def main() -> None:
    """Write the file and print its path and size."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / guide.FILE_NAME
    file.write_bytes(guide.download())
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
