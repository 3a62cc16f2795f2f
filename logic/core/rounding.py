"""Rounding to whole rials, the same in every rule."""

from fractions import Fraction


def half_up(value: Fraction | int) -> int:
    """Whole rials, a half rounded up: once, at the end of a rule."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
