"""The real app on a free port, and the real browser beside it."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECONDS = 60


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def production(log: Path | None = None, folder: Path = ROOT, **environment: str) -> Iterator[str]:
    """The address of a server as `make serve` starts it; its output goes into ``log``."""
    port = free_port()
    with (
        log.open("wb") if log else Path(os.devnull).open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", "server"],
            cwd=folder,
            env={**os.environ, "KHODROYAR_PORT": str(port), **environment},
            stdout=output,
            stderr=output,
        ) as server,
    ):
        address = f"http://localhost:{port}"
        try:
            wait_until_healthy(address, server)
            yield address
        finally:
            server.terminate()


@contextmanager
def serving(script: str = "app.py", folder: Path = ROOT, **environment: str) -> Iterator[str]:
    """The address of a fresh server; it ends with the block."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        address = f"http://localhost:{port}"
        try:
            wait_until_healthy(address, server)
            yield address
        finally:
            server.terminate()


def wait_until_healthy(address: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    msg = f"the server at {address} did not become healthy"
    raise AssertionError(msg)


class Wire:
    """A connection to a server that can be cut, as a tunnel or a lift cuts it: all that runs through it ends."""

    def __init__(self, address: str) -> None:
        """Listen on a port of its own for ``address`` (http://host:port)."""
        host, _, port = address.removeprefix("http://").partition(":")
        self._to = (host, int(port))
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._listening.getsockname()[1]}"
        self.whole = True
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection and take no other."""
        self.whole = False
        for each in self._open:
            _end(each)
        self._open.clear()

    def mend(self) -> None:
        """Take connections again."""
        self.whole = True

    def close(self) -> None:
        """End it all."""
        self.cut()
        _end(self._listening)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:  # closed
                return
            if not self.whole:
                near.close()
                continue
            far = socket.create_connection(self._to)
            self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(source, sink), daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(1 << 16):
            sink.sendall(piece)
    _end(source)
    _end(sink)


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
