"""Replicas of the server, each on a port of its own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tools.harness import ROOT
from tools.harness.app_server import STARTUP_SECONDS, free_port, wait_until_healthy


class Replica:
    """One server on a port of its own."""

    def __init__(self, **environment: str) -> None:
        """Start it and wait until it answers."""
        self.port = free_port()
        self._environment = environment
        self.start()

    def start(self) -> None:
        """Start the server on the replica's port and wait until it is healthy."""
        environment = {"KHODROYAR_PORT": str(self.port), "STREAMLIT_SERVER_COOKIE_SECRET": "one for all"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server"],
            cwd=ROOT,
            env={**os.environ, **environment, **self._environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until_healthy(f"http://localhost:{self.port}", self.process)

    def end(self, how: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        self.process.send_signal(how)
        self.process.wait(STARTUP_SECONDS)

    def metric(self, pattern: str) -> int:
        """Return the sum of the metrics whose name and labels match a regular expression."""
        with urllib.request.urlopen(f"http://localhost:{self.port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(sum(float(line.rpartition(" ")[2]) for line in lines if re.match(pattern, line)))


@contextmanager
def running_replicas(count: int = 2, **environment: str) -> Iterator[list[Replica]]:
    """Start replicas, end them with the block."""
    started = [Replica(**environment) for _ in range(count)]
    try:
        yield started
    finally:
        for replica in started:
            replica.process.kill()
            replica.process.wait()
