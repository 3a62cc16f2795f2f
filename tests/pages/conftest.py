"""Fail any test of a page that leaves a fault of ours unclaimed."""

import pytest


@pytest.fixture(autouse=True)
def no_fault_is_left(faults: list[Exception]) -> list[Exception]:
    """Collect the errors that pages report as faults of ours."""
    return faults
