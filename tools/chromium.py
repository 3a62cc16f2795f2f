"""Find Chromium for the browser tests, the screenshots and the benchmarks.

In this order: the one that `KHODROYAR_CHROMIUM` names, an installed one, Debian's package, Playwright's
download. As a command (`make test` runs it) it installs a missing browser; if that fails, it prints what to
install and exits with 1.
"""

import os
import shutil
import subprocess
import sys

VARIABLE = "KHODROYAR_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Most of them keep Chromium from requesting external hosts at every start: tests fail on such requests.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium's sandbox does not work for root
)


def find() -> str | None:
    """Return the path of the browser, or None.

    If the variable names no executable, no other browser is used instead.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None) or _downloaded()


def _downloaded() -> str | None:
    """Return the path of the browser that Playwright downloaded, or None."""
    # In a separate process, since Playwright starts only once per process.
    script = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return shutil.which(run.stdout.strip())


def _download() -> None:
    """Let Playwright download its Chromium and, as root, the libraries it needs."""
    print(
        "No Chromium is installed and Debian's package is not available: downloading Playwright's.",
        flush=True,
    )
    libraries = ["--with-deps"] if as_root() == [] and shutil.which("apt-get") else []
    subprocess.run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"], check=False)


def as_root() -> list[str] | None:
    """Return the prefix that runs a command as root: nothing or sudo; None if both are impossible."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install(package: str) -> None:
    """Install a Debian package; do nothing if there is no apt-get or no permission."""
    apt, prefix = shutil.which("apt-get"), as_root()
    if apt is None or prefix is None:
        return
    print(f"Missing on this machine: installing Debian's package {package}.", flush=True)
    # With env, since sudo does not pass variables on.
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq"]
    for step in (["update"], ["install", "-y", package]):
        if subprocess.run([*command, *step], stdout=subprocess.DEVNULL, check=False).returncode:
            return


def main() -> int:
    """Install the browser if it is missing and print its path; if that fails, say what to do and return 1."""
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
        print(f"{VARIABLE} names {named}, which is not an executable.", file=sys.stderr)
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
