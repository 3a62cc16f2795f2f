"""Fail tests of pages that leave an internal error in the list of the fixture `faults`."""

import pytest


@pytest.fixture(autouse=True)
def no_fault_is_left(faults: list[Exception]) -> list[Exception]:
    """Use `faults` in every test of this folder."""
    return faults
