"""Replicas of the server, each on its own port."""

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
    """A server on its own port."""

    def __init__(self, **environment: str) -> None:
        """Start the server and wait until it is healthy."""
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

    def end(self, stop_signal: signal.Signals) -> None:
        """Send a signal and wait for the end of the process."""
        self.process.send_signal(stop_signal)
        self.process.wait(STARTUP_SECONDS)

    def metric(self, pattern: str) -> int:
        """Return the sum of the metrics whose name and labels match a regular expression."""
        with urllib.request.urlopen(f"http://localhost:{self.port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return int(sum(float(line.rpartition(" ")[2]) for line in lines if re.match(pattern, line)))


@contextmanager
def running_replicas(count: int = 2, **environment: str) -> Iterator[list[Replica]]:
    """Start replicas and end them after the block."""
    replicas = [Replica(**environment) for _ in range(count)]
    try:
        yield replicas
    finally:
        for replica in replicas:
            replica.process.kill()
            replica.process.wait()
