"""Random files for `python -m logic batch`."""

import random

import pandas as pd

from logic.core.models import Level

CARS = ("tondar90", "samand_ef7", "peugeot_206", "grand_vitara", "no_such_car")


def schedules(count: int, seed: int = 1) -> pd.DataFrame:
    """Return random cars with different plates; a few have an unknown model or too high an odometer."""
    rng = random.Random(seed)  # noqa: S311 - reproducible
    rows = [
        {
            "plate": f"p{number}",
            "vehicle": rng.choices(CARS, [30, 30, 20, 19, 1])[0],
            "odometer_km": str(rng.randrange(110_000) if rng.random() < 0.99 else 10**8),
            "level": rng.choice([*Level]).value if rng.random() < 0.9 else "",
        }
        for number in range(count)
    ]
    return pd.DataFrame(rows)
