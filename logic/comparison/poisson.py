"""The number of events in a year whose expected number is known: exact, to a hundred digits."""

from decimal import Decimal, localcontext
from functools import lru_cache

PRECISION = 100
"""Digits of a chance: far more than the rials of the largest amount can show."""


@lru_cache(maxsize=1024)
def at_least(mean: Decimal, upto: int) -> tuple[Decimal, ...]:
    """The chances of at least 1, 2, … ``upto`` events; the mean is at most a few hundred."""
    with localcontext(prec=PRECISION):
        chance, left = (-mean).exp(), Decimal(1)
        found = []
        for number in range(1, upto + 1):
            left -= chance
            found.append(left)
            chance = chance * mean / number
        return tuple(found)


@lru_cache(maxsize=1024)
def quantile(mean: Decimal, part: Decimal) -> int:
    """The smallest number of events that is not exceeded in ``part`` of the years (0 < part < 1)."""
    with localcontext(prec=PRECISION):
        chance = reached = (-mean).exp()
        number = 0
        while reached < part:
            number += 1
            chance = chance * mean / number
            reached += chance
        return number
