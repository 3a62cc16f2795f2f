"""Rounding to whole rials."""

from fractions import Fraction

import pytest

from logic.core.rounding import half_up


@pytest.mark.parametrize(
    ("value", "rial"),
    [(Fraction(1, 2), 1), (Fraction(49, 100), 0), (Fraction(-1, 2), 0), (Fraction(-7, 4), -2)],
)
def test_half_a_rial_is_rounded_up_and_less_to_the_nearest(value: Fraction, rial: int) -> None:
    assert half_up(value) == rial
