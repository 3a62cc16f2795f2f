"""Payments and refunds that would fall below zero."""

from collections.abc import Iterator, Mapping, Sequence

from logic.core.answer import Notice, Step, Value

PAYS_AT_LEAST_ZERO, REFUNDS_AT_LEAST_ZERO = "pays_at_least_zero", "refunds_at_least_zero"


def payment_steps(
    key: str,
    clause: str,
    difference_rial: int,
    inputs: Mapping[str, Value],
    *,
    floor_key: str = PAYS_AT_LEAST_ZERO,
) -> tuple[int, tuple[Step, ...]]:
    """Return an amount of at least 0 rials, and the working; the amount is the last step.

    Below zero, the step ``key`` has the difference, and a step ``floor_key`` follows (A-40).
    """
    difference = Step(key, clause, difference_rial, "rial", inputs)
    if difference_rial >= 0:
        return difference_rial, (difference,)
    return 0, (difference, Step(floor_key, clause, 0, "rial"))


def surplus_notices(steps: Sequence[Step]) -> Iterator[Notice]:
    """Yield a notice of the surplus in a working that ends with `payment_steps`.

    No clause says whether the company pays it out (A-40).
    """
    difference, payment = steps[-2:]
    if payment.key == PAYS_AT_LEAST_ZERO and isinstance(difference.value, int):
        yield Notice("surplus_is_not_printed", payment.clause, "warning", {"surplus_rial": -difference.value})
