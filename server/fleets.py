"""Answer large fleets in the worker processes of batches."""

import asyncio
import datetime as dt
import pickle
from collections.abc import Sequence
from dataclasses import replace

from logic.core.errors import FieldError
from logic.vehicles.fleet import Fleet, FleetCar, FleetLine, by_urgency, fleet
from server.batches import WorkerKilledError, pool
from server.observability import ERRORS
from ui.views import fleet as fleet_view

CARS_PER_JOB = 2_000
"""A job takes some tenths of a second; before each one a fleet waits for the batches of other clients."""


def answer_in_workers(loop: asyncio.AbstractEventLoop) -> None:
    """Let the fleet page answer large fleets in the workers, through the server's event loop."""

    def answer(cars: Sequence[FleetCar], on: dt.date, within_km: int) -> Fleet:
        lines: list[FleetLine] = []
        faults: dict[int, FieldError] = {}
        for start in range(0, len(cars), CARS_PER_JOB):
            part = _answer(loop, cars[start : start + CARS_PER_JOB], on, within_km)
            lines += part.lines
            faults |= part.faults
        return Fleet(sorted(lines, key=by_urgency), faults)

    fleet_view.large_fleet.append(answer)


def _answer(loop: asyncio.AbstractEventLoop, cars: Sequence[FleetCar], on: dt.date, within_km: int) -> Fleet:
    job = pool.run(pickle.dumps((fleet, cars, on, within_km)))
    try:
        result = asyncio.run_coroutine_threadsafe(job, loop).result()
    except WorkerKilledError:  # or damaged data: then this call raises what every page handles
        return fleet(cars, on, within_km)
    part: Fleet = pickle.loads(result)  # noqa: S301 - from our own process
    ERRORS.labels("our_fault").inc(len(part.faults))
    car_of_row = {car.row: car for car in cars}  # replace the unpickled copies, which would take memory
    return Fleet([replace(line, car=car_of_row[line.car.row]) for line in part.lines], part.faults)
