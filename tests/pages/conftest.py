from collections.abc import Iterator

import pytest

from logic.faults import on_fault


@pytest.fixture(autouse=True)
def faults() -> Iterator[list[Exception]]:
    """Collect the errors that pages report as faults of ours; fail where a test leaves one in the list."""
    errors: list[Exception] = []
    on_fault.append(errors.append)
    yield errors
    on_fault.remove(errors.append)
    if errors:
        raise errors[0]
