"""Find the Chromium that drives the browser tests, the pictures and the measurements.

In this order: the one that `KHODROYAR_CHROMIUM` names, an installed one, Debian's package, Playwright's own
download. As a command (`make test` runs it) it installs what is missing; where nothing can be installed, it
says what to install and fails.
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
    """Return the path of the browser, or None.

    If the variable names something that is no program, no other browser is taken in its place.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None) or _downloaded()


def _downloaded() -> str | None:
    """Return the path of the browser that Playwright downloaded, or None."""
    # In a process of its own, since Playwright starts only once in a process.
    script = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return shutil.which(run.stdout.strip())


def _download() -> None:
    """Let Playwright download its Chromium and, as root, the libraries that it needs."""
    print(
        "No Chromium is installed and Debian's package is not available: downloading Playwright's.",
        flush=True,
    )
    libraries = ["--with-deps"] if as_root() == [] and shutil.which("apt-get") else []
    subprocess.run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], check=False)


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
        if find() is None:
            _download()
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
