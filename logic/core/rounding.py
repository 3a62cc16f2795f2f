"""Percentages and rounding, the same in every rule."""

from decimal import Decimal
from fractions import Fraction

HUNDRED_PERCENT = 100


def half_up(value: Fraction | int) -> int:
    """Return an amount in whole rials. A half is rounded up; round once, at the end of a rule."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def percent_of(percent: Decimal | Fraction | int, amount: Decimal | Fraction | int) -> Fraction:
    """Return a percentage of an amount, exactly."""
    return Fraction(percent) * Fraction(amount) / HUNDRED_PERCENT
