"""Replicas of the server behind the shipped nginx configuration, each on a port of its own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.app_server import STARTUP_SECONDS, free_port, wait_until_healthy
from tests.support.paths import ROOT
from tools import programs

TEMPLATE = ROOT / "deploy" / "nginx" / "khodroyar.conf.template"
AROUND = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_processes 1;
daemon off;
events {{}}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/khodroyar.conf;
}}
"""
"""What the stock image has around a site: here in a folder of the test's, so that nobody needs to be root."""


class Replica:
    """One server on a port of its own."""

    def __init__(self) -> None:
        """Start it and wait until it answers."""
        self.port = free_port()
        self.start()

    def start(self) -> None:
        """Start the server on the replica's port and wait until it is healthy."""
        environment = {"KHODROYAR_PORT": str(self.port), "STREAMLIT_SERVER_COOKIE_SECRET": "one for all"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server"],
            cwd=ROOT,
            env={**os.environ, **environment},
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
def running_replicas(count: int = 2) -> Iterator[list[Replica]]:
    """Start replicas, end them with the block."""
    started = [Replica() for _ in range(count)]
    try:
        yield started
    finally:
        for replica in started:
            replica.process.kill()
            replica.process.wait()


@contextmanager
def nginx_before(replicas: Sequence[Replica], folder: Path) -> Iterator[str]:
    """Start nginx with the shipped configuration before replicas; yield its address.

    Only the variables of the template are filled in, as the stock image fills them.
    """
    nginx = programs.find("nginx")
    assert nginx, "no nginx: make test installs it, or says what to install"
    port = free_port()
    lines = "".join(f"server 127.0.0.1:{each.port} max_fails=1 fail_timeout=5s;" for each in replicas)
    filled = (
        TEMPLATE.read_text(encoding="utf-8")
        .replace("${KHODROYAR_LISTEN}", str(port))
        .replace("${KHODROYAR_TLS_PROXY}", "127.0.0.1")
        .replace("${KHODROYAR_REPLICAS}", lines)
    )
    assert "${KHODROYAR" not in filled.partition("map $cookie")[2]
    user = "" if os.geteuid() else "user root;"  # its workers write into the folder
    (folder / "khodroyar.conf").write_text(filled, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        address = f"http://localhost:{port}"
        try:
            wait_until_healthy(address, server)
            yield address
        finally:
            server.terminate()
