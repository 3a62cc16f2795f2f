"""Start the real app on a free port, and a TCP proxy that can interrupt the connection to it."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tools.harness import ROOT

STARTUP_SECONDS = 60
"""How long a server may take to become healthy, also on a busy machine."""


def free_port() -> int:
    """Return a TCP port on which nothing listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def production_server(
    log: Path | None = None, folder: Path = ROOT, module: str = "server", **environment: str
) -> Iterator[str]:
    """Start a server as `make serve` does and yield its address; write its output to ``log``."""
    port = free_port()
    command = [sys.executable, "-m", module]
    with _running(command, port, folder, {"KHODROYAR_PORT": str(port), **environment}, log) as address:
        yield address


@contextmanager
def streamlit_server(
    script: str = "app.py", folder: Path = ROOT, log: Path | None = None, **environment: str
) -> Iterator[str]:
    """Start a server as `streamlit run` does and yield its address; write its output to ``log``."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with _running(command, port, folder, environment, log) as address:
        yield address


@contextmanager
def _running(
    command: list[str], port: int, folder: Path, environment: Mapping[str, str], log: Path | None
) -> Iterator[str]:
    """Start a server, yield its address once it is healthy, and end it after the block."""
    with (
        (log or Path(os.devnull)).open("wb") as output,
        subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=output
        ) as server,
    ):
        address = f"http://localhost:{port}"
        try:
            wait_until_healthy(address, server)
            yield address
        finally:
            server.terminate()


def wait_for(
    condition: Callable[[], object],
    description: str,
    seconds: float = STARTUP_SECONDS,
    pause: Callable[[float], object] = lambda milliseconds: time.sleep(milliseconds / 1000),
) -> None:
    """Poll a condition until it is true; fail after ``seconds``.

    ``pause`` takes milliseconds: in a browser test Playwright's `wait_for_timeout`, which handles its events.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"timeout after {seconds} seconds: {description}"
        pause(50)


def wait_until_healthy(address: str, server: "subprocess.Popen[bytes]") -> None:
    """Poll the health check of a new server; fail if the server exits or takes too long."""
    end = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    msg = f"the server at {address} did not become healthy"
    raise AssertionError(msg)


class TcpProxy:
    """A proxy in front of a server whose connections can be closed and refused for a while."""

    def __init__(self, address: str) -> None:
        """Listen on a free port and forward to ``address`` (http://host:port)."""
        host, _, port = address.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._connections: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._listener.getsockname()[1]}"
        self._accepting = True
        self.refused = 0
        """How many connections were refused while interrupted."""
        threading.Thread(target=self._accept, daemon=True).start()

    def interrupt(self) -> None:
        """Close every connection and refuse new ones."""
        self._accepting = False
        for connection in self._connections:
            _close(connection)
        self._connections.clear()

    def restore(self) -> None:
        """Accept connections again."""
        self._accepting = True

    def close(self) -> None:
        """Close every connection and stop listening."""
        self.interrupt()
        _close(self._listener)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            if not self._accepting:
                self.refused += 1
                client.close()
                continue
            upstream = socket.create_connection(self._target)
            self._connections += [client, upstream]
            for source, sink in ((client, upstream), (upstream, client)):
                threading.Thread(target=_forward, args=(source, sink), daemon=True).start()


def _forward(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    _close(source)
    _close(sink)


def _close(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
