"""The data folder in use, and the cache of everything that was read from it."""

import os
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MAX_CACHED_RESULTS = 4096
"""Of each function: a visitor chooses some arguments, for instance the day."""
SHIPPED = Path(__file__).resolve().parents[2] / "data"


class Dataset:
    """A data folder that is read once. Another folder, or the same one read anew, is another dataset."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self.folder = folder
        self._caches: dict[Callable[..., Any], Callable[..., Any]] = {}

    def cached(self, read: Callable[P, T]) -> Callable[P, T]:
        """Return a function with a cache of its results, which this dataset owns."""
        if read not in self._caches:
            self._caches[read] = lru_cache(MAX_CACHED_RESULTS)(read)
        return self._caches[read]


_current = Dataset(Path(os.environ.get("KHODROYAR_DATA") or SHIPPED))


def data_dir() -> Path:
    """Return the data folder. It is chosen when the program starts."""
    return _current.folder


def cached_per_dataset(read: Callable[P, T]) -> Callable[P, T]:
    """Cache the results of a function by its arguments, in the dataset in use."""

    @wraps(read)
    def cached(*args: P.args, **kwargs: P.kwargs) -> T:
        return _current.cached(read)(*args, **kwargs)

    return cached
