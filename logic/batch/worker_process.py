"""What a worker process of `logic.batch.run` does when it starts."""

import threading
from multiprocessing import parent_process
from os import _exit


def end_with_parent() -> None:
    """End this process as soon as its parent has ended, even by SIGKILL."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := parent_process():
        parent.join()
    _exit(1)
