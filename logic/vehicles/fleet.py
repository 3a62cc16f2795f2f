"""State of the cars of a fleet: services due, cards that end, the share of the next collision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from logic.card.subscriber_share import SubscriberShareRequest, subscriber_share
from logic.core.errors import DataError, FieldError
from logic.core.faults import report_fault
from logic.core.jalali import to_jalali
from logic.vehicles.my_car import MyCar, Upcoming, UpcomingKind, upcoming

State = Literal["due", "soon", "card_ends", "guarantee_ends", "later"]
STATES: tuple[State, ...] = ("due", "soon", "card_ends", "guarantee_ends", "later")
"""The states, the most urgent first."""
WARRANTY_ENDS: tuple[UpcomingKind, ...] = ("guarantee_ends", "legal_minimum_ends")


@dataclass(frozen=True, slots=True)
class FleetCar:
    """A car of a fleet file: its row, the company's label and what is known of it."""

    row: int
    label: str
    car: MyCar
    prior_incidents: int = 0
    """Earlier incidents and thefts."""


@dataclass(frozen=True, slots=True)
class FleetLine:
    """What a fleet manager needs to know of a car; the days are the last ones of card and warranty."""

    car: FleetCar
    state: State
    service_due_km: int | None = None
    """The service whose window is open."""
    due_km_left: int | None = None
    """The km until this window closes."""
    next_service_km: int | None = None
    next_km_left: int | None = None
    """The km until the window of the next service opens."""
    card_ends: date | None = None
    guarantee_ends: date | None = None
    share_percent: int | None = None
    """The subscriber's share of the next collision; None if the level does not cover it."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The lines of a fleet, and by row the errors of cars that could not be answered."""

    lines: list[FleetLine]
    faults: Mapping[int, FieldError]


def fleet(cars: Iterable[FleetCar], on: date, within_km: int) -> Fleet:
    """Return a line for each car, the most urgent first, then by km left, then in the order of the file.

    The state is ``soon`` if the window of the next service opens within ``within_km``. A card or warranty
    ends if its last day is in the Jalali month of ``on``, and not before ``on``. An unexpected error affects
    only the line of its own car.

    Raises: DataError.
    Source: the clauses that ``upcoming`` and ``subscriber_share`` cite.
    """
    lines: list[FleetLine] = []
    faults: dict[int, FieldError] = {}
    for fleet_car in cars:
        try:
            lines.append(_line(fleet_car, on, within_km))
        except DataError:  # no car can be answered
            raise
        except Exception as error:  # noqa: BLE001 - a bug must not affect the other cars
            faults[fleet_car.row] = report_fault("fleet", error)
    return Fleet(sorted(lines, key=by_urgency), faults)


def by_urgency(line: FleetLine) -> tuple[int, int, int]:
    """Return the sort key of a line: the state, the km left, the row in the file."""
    unknown_km_left = 10**9
    km_left = line.due_km_left if line.due_km_left is not None else line.next_km_left or unknown_km_left
    return STATES.index(line.state), km_left, line.car.row


def _line(fleet_car: FleetCar, on: date, within_km: int) -> FleetLine:
    by_kind = {item.kind: item for item in upcoming(fleet_car.car, on)}
    odometer = fleet_car.car.odometer_km or 0
    open_service, next_service = by_kind.get("service_closes"), by_kind.get("service_opens")
    card_ends = _day(by_kind.get("card_ends"))
    guarantee_ends = min((day for kind in WARRANTY_ENDS if (day := _day(by_kind.get(kind)))), default=None)
    km_to_next = None if next_service is None or next_service.km is None else next_service.km - odometer
    if open_service:
        state: State = "due"
    elif km_to_next is not None and km_to_next <= within_km:
        state = "soon"
    elif _ends_this_month(card_ends, on):
        state = "card_ends"
    elif _ends_this_month(guarantee_ends, on):
        state = "guarantee_ends"
    else:
        state = "later"
    return FleetLine(
        fleet_car,
        state,
        service_due_km=_service_km(open_service),
        due_km_left=None if open_service is None or open_service.km is None else open_service.km - odometer,
        next_service_km=_service_km(next_service),
        next_km_left=km_to_next,
        card_ends=card_ends,
        guarantee_ends=guarantee_ends,
        share_percent=_share_percent(fleet_car),
    )


def _service_km(item: Upcoming | None) -> int | None:
    return item.service.service_km if item and item.service else None


def _day(item: Upcoming | None) -> date | None:
    return item.day if item else None


def _ends_this_month(day: date | None, on: date) -> bool:
    return day is not None and day >= on and to_jalali(day)[:7] == to_jalali(on)[:7]


def _share_percent(fleet_car: FleetCar) -> int | None:
    if fleet_car.car.level is None:
        return None
    request = SubscriberShareRequest.model_validate(
        {
            "level": fleet_car.car.level,
            "event": "collision",
            "damage_rial": 0,
            "prior_incidents": fleet_car.prior_incidents,
            "started_on": fleet_car.car.card_started_on,
        }
    )
    return subscriber_share(request).result.share_percent
