"""Probabilities of the Poisson distribution, with enough digits for exact rials."""

from decimal import Decimal, localcontext
from functools import lru_cache

DECIMAL_DIGITS = 100
"""Digits of a probability; the largest amount in rials needs far fewer."""


@lru_cache(maxsize=1024)
def tail_probabilities(mean: Decimal, max_count: int) -> tuple[Decimal, ...]:
    """Return the probabilities of at least 1, 2, … ``max_count`` events for a mean of up to some hundreds."""
    with localcontext(prec=DECIMAL_DIGITS):
        term, remainder = (-mean).exp(), Decimal(1)
        probabilities = []
        for count in range(1, max_count + 1):
            remainder -= term
            probabilities.append(remainder)
            term = term * mean / count
        return tuple(probabilities)


@lru_cache(maxsize=1024)
def quantile(mean: Decimal, probability: Decimal) -> int:
    """Return the smallest count that is not exceeded with a probability between 0 and 1, both excluded."""
    with localcontext(prec=DECIMAL_DIGITS):
        term = cumulative = (-mean).exp()
        count = 0
        while cumulative < probability:
            count += 1
            term = term * mean / count
            cumulative += term
        return count
