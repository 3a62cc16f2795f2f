"""The initializer of the worker processes of `logic.batch.run`."""

import threading
from multiprocessing import parent_process
from os import _exit


def end_with_parent() -> None:
    """End this process when its parent ends, even if the parent is killed."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := parent_process():
        parent.join()
    _exit(1)
