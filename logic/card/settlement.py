"""The payment for a new car, where the card can pay more than the car costs."""

from collections.abc import Iterator, Mapping, Sequence

from logic.core.answer import Notice, Step, Value

PAYS_AT_LEAST_ZERO = "pays_at_least_zero"


def payment_steps(
    key: str, clause: str, difference_rial: int, inputs: Mapping[str, Value]
) -> tuple[int, tuple[Step, ...]]:
    """Return what the subscriber pays, at least 0 rials (A-40), and the working.

    The payment is the last step.
    """
    difference = Step(key, clause, difference_rial, "rial", inputs)
    if difference_rial >= 0:
        return difference_rial, (difference,)
    return 0, (difference, Step(PAYS_AT_LEAST_ZERO, clause, 0, "rial"))


def surplus_notices(steps: Sequence[Step]) -> Iterator[Notice]:
    """Yield a notice of the surplus in a working that ends with `payment_steps`.

    No clause says whether the company pays it out (A-40).
    """
    difference, payment = steps[-2:]
    if payment.key == PAYS_AT_LEAST_ZERO and isinstance(difference.value, int):
        yield Notice("surplus_is_not_printed", payment.clause, "warning", {"surplus_rial": -difference.value})
