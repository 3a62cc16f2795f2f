"""Percentages and rounding, the same for all calculators."""

from decimal import Decimal
from fractions import Fraction

HUNDRED_PERCENT = 100


def half_up(value: Fraction | int) -> int:
    """Round to a whole number, halves up. Round once, at the end of a calculation."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def percent_of(percent: Decimal | Fraction | int, amount: Decimal | Fraction | int) -> Fraction:
    """Return a percentage of an amount, exactly."""
    return Fraction(percent) * Fraction(amount) / HUNDRED_PERCENT
