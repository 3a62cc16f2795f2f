"""Rounding to whole rials, the same in every rule."""

from fractions import Fraction


def half_up(value: Fraction) -> int:
    """Whole rials, a half rounded up: once, at the end of a rule."""
    return int((value + Fraction(1, 2)) // 1)
