"""Kill servers that take more memory than a container would allow."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil

PERIOD_SECONDS = 0.2


@dataclass
class MemoryRecord:
    """The highest resident memory of each server with its child processes, in bytes, and the servers that were killed."""

    peaks: dict[int, int] = field(default_factory=dict)
    killed: list[int] = field(default_factory=list)


@contextmanager
def memory_limit(servers: Sequence[int], limit_bytes: int) -> Iterator[MemoryRecord]:
    """Send SIGKILL to each server (a process id) whose processes take more than ``limit_bytes`` together."""
    record, done = MemoryRecord(dict.fromkeys(servers, 0)), threading.Event()

    def watch() -> None:
        while not done.wait(PERIOD_SECONDS):
            for server in servers:
                resident = resident_bytes(server)
                record.peaks[server] = max(record.peaks[server], resident)
                if resident > limit_bytes and server not in record.killed:
                    record.killed.append(server)
                    with suppress(psutil.NoSuchProcess):
                        psutil.Process(server).kill()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield record
    finally:
        done.set()
        watcher.join()


def resident_bytes(server: int) -> int:
    """Return the resident memory of a process and its child processes; shared pages count for each of them."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(server)
        for member in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += member.memory_info().rss
    return total
