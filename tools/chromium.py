"""Find the Chromium that drives the browser tests, the pictures and the measurements.

As a command (`make test` runs it) it also installs Debian's, where it may; where it may not, it says what to
install and fails. Playwright's own browser download is never used.
"""

import os
import shutil
import subprocess
import sys

VARIABLE = "KHODROYAR_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Without these Chromium itself asks outside hosts at every start, which a test that blocks them would see.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium refuses its sandbox to root
)


def find() -> str | None:
    """Give the path of the browser: the one that KHODROYAR_CHROMIUM names, else the first on the PATH.

    None where there is none, and where the variable names something that is no program: then no other is
    taken in its place.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def as_root() -> list[str] | None:
    """Give what turns a command into root's: nothing, or sudo where it asks no password; None if neither."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install(package: str) -> None:
    """Install a package of Debian's if this machine has apt-get and lets us; else leave all as it is."""
    apt, root = shutil.which("apt-get"), as_root()
    if apt is None or root is None:
        return
    print(f"Missing on this machine: installing Debian's package {package}.", flush=True)
    # Through env, since sudo passes no variables on.
    command = [*root, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq"]
    for step in (["update"], ["install", "-y", package]):
        if subprocess.run([*command, *step], stdout=subprocess.DEVNULL, check=False).returncode:
            return


def main() -> int:
    """Print the browser's path, installed just now if need be; 1 and what to do where there is none."""
    named = os.environ.get(VARIABLE)
    if not named and find() is None:
        install("chromium")
    path = find()
    if path:
        print(f"Browser: {path}")
        return 0
    if named:
        print(f"{VARIABLE} names {named}, which is no program that can be started.", file=sys.stderr)
    else:
        print(
            "The browser tests need Chromium, and it could not be installed from here. Install it, then run "
            "make again: on Debian, as root, `apt-get update && apt-get install -y chromium`; elsewhere "
            f"Chromium or Chrome by its own installer, with {VARIABLE}=/path/to/it if it is not on the PATH.",
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main())
