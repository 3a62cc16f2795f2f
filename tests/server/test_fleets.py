"""Worker processes answer large fleets, with the same answers as the process of the page."""

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from logic.core.models import Level
from logic.vehicles.fleet import FleetCar, fleet
from logic.vehicles.my_car import MyCar
from server import batches, fleets
from server.batches import WorkerPool
from server.fleets import CARS_PER_JOB
from tests.server.test_batches import process_of, workers_of
from tools.harness.app_server import production_server, wait_for
from tools.harness.attackers import Client, submit_file
from tools.harness.fleet_files import as_csv
from ui.fleet.fleet_file import MAX_SMALL_ROWS
from ui.views import fleet as fleet_view

ON, WITHIN_KM = dt.date(2026, 11, 27), 1_000
CARS = [
    FleetCar(row, "", MyCar("tondar90", None, None, None, row * 10, Level.THREE_STAR, ON))
    for row in range(CARS_PER_JOB + 500)
]


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer fleets in workers, with an event loop of this test."""
    monkeypatch.setattr(fleets, "pool", WorkerPool())
    monkeypatch.setattr(fleet_view, "large_fleet", [])
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    fleets.answer_in_workers(loop)
    yield
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.mark.usefixtures("workers")
def test_workers_answer_a_fleet_as_the_page_does() -> None:
    broken = replace(CARS[7], car=replace(CARS[7].car, vehicle=7))  # type: ignore[arg-type]
    cars = [*CARS[:7], broken, *CARS[8:]]
    actual, expected = fleet_view.large_fleet[-1](cars, ON, WITHIN_KM), fleet(cars, ON, WITHIN_KM)
    assert actual.lines == expected.lines
    assert actual.faults.keys() == expected.faults.keys() == {7}
    assert all(line.car is cars[line.car.row] for line in actual.lines)


@pytest.mark.usefixtures("workers")
def test_the_page_answers_if_no_worker_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "WORKER_MODULE", "no.such.module")
    assert fleet_view.large_fleet[-1](CARS, ON, WITHIN_KM) == fleet(CARS, ON, WITHIN_KM)


def test_a_server_answers_only_large_fleets_in_a_worker() -> None:
    row = ("1", "tondar90", "29700", "three_star", "1405-01-15")

    def workers_after(address: str, rows: int) -> int:
        with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
            content = as_csv(*[row] * rows)
            executor.submit(
                lambda: asyncio.run(submit_file(Client(address, "127.0.0.1"), "a.csv", content))
            ).result()
        return len(workers_of(process_of(address)))

    with production_server() as address:
        assert workers_after(address, 2) == 0
        wait_for(lambda: workers_after(address, MAX_SMALL_ROWS + 1) == 1, "the server to use workers")
