"""Random files for `python -m logic batch`."""

import random

import pandas as pd

from logic.core.models import Level

CARS = ("tondar90", "samand_ef7", "peugeot_206", "grand_vitara", "no_such_car")


def schedules(count: int, seed: int = 1) -> pd.DataFrame:
    """Random cars with a plate of their own; a few are no car of the tables, or have driven too far."""
    chance = random.Random(seed)  # noqa: S311 - the same file on every machine
    rows = [
        {
            "plate": f"p{number}",
            "vehicle": chance.choices(CARS, [30, 30, 20, 19, 1])[0],
            "odometer_km": str(chance.randrange(110_000) if chance.random() < 0.99 else 10**8),
            "level": chance.choice([*Level]).value if chance.random() < 0.9 else "",
        }
        for number in range(count)
    ]
    return pd.DataFrame(rows)
