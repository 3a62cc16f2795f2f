"""Many known cars: what is due or near, whose card ends this month, what the next collision costs."""

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
"""The most urgent first."""
GUARANTEES: tuple[UpcomingKind, ...] = ("guarantee_ends", "legal_minimum_ends")


@dataclass(frozen=True, slots=True)
class FleetCar:
    """A row of a fleet's file: its number there, what the company calls the car, what is known of it."""

    row: int
    label: str
    car: MyCar
    earlier: int = 0
    """Earlier incidents and thefts."""


@dataclass(frozen=True, slots=True)
class FleetLine:
    """What a fleet manager needs of a car; km are those left, days the last ones."""

    car: FleetCar
    state: State
    service_due_km: int | None = None
    """The service whose window is open now, and the km until it closes."""
    due_km_left: int | None = None
    next_service_km: int | None = None
    next_km_left: int | None = None
    card_ends: date | None = None
    guarantee_ends: date | None = None
    share_percent: int | None = None
    """The subscriber's share of the next collision; null where the level does not cover it."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The lines of a fleet, and by its row each car for which there is none: the fault is ours."""

    lines: list[FleetLine]
    faults: Mapping[int, FieldError]


def fleet(cars: Iterable[FleetCar], on: date, within_km: int) -> Fleet:
    """A line for each car, the most urgent first, then by km left, then as in the file.

    Soon: the window of the next service opens within ``within_km``. A card or guarantee counts as ending when
    its last day lies in the Jalali month of ``on``. Rests on what ``upcoming`` and ``subscriber_share`` cite.
    An unexpected error costs the line of its own car only. Raises DataError.
    """
    lines: list[FleetLine] = []
    faults: dict[int, FieldError] = {}
    for each in cars:
        try:
            lines.append(_line(each, on, within_km))
        except DataError:  # no car can be answered
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours must not take the other cars with it
            faults[each.row] = report_fault("fleet", error)
    return Fleet(sorted(lines, key=by_urgency), faults)


def by_urgency(line: FleetLine) -> tuple[int, int, int]:
    """Return what lines are sorted by: the state, km left, the row in the file."""
    far = 10**9
    km_left = line.due_km_left if line.due_km_left is not None else line.next_km_left or far
    return STATES.index(line.state), km_left, line.car.row


def _line(each: FleetCar, on: date, within_km: int) -> FleetLine:
    found = {item.kind: item for item in upcoming(each.car, on)}
    odometer = each.car.odometer_km or 0
    due, following = found.get("service_closes"), found.get("service_opens")
    card = _day(found.get("card_ends"))
    guarantee = min((day for what in GUARANTEES if (day := _day(found.get(what)))), default=None)
    opens = None if following is None or following.km is None else following.km - odometer
    if due:
        state: State = "due"
    elif opens is not None and opens <= within_km:
        state = "soon"
    elif _this_month(card, on):
        state = "card_ends"
    elif _this_month(guarantee, on):
        state = "guarantee_ends"
    else:
        state = "later"
    return FleetLine(
        each,
        state,
        service_due_km=_km(due),
        due_km_left=None if due is None or due.km is None else due.km - odometer,
        next_service_km=_km(following),
        next_km_left=opens,
        card_ends=card,
        guarantee_ends=guarantee,
        share_percent=_share(each),
    )


def _km(item: Upcoming | None) -> int | None:
    return item.service.service_km if item and item.service else None


def _day(item: Upcoming | None) -> date | None:
    return item.day if item else None


def _this_month(day: date | None, on: date) -> bool:
    return day is not None and day >= on and to_jalali(day)[:7] == to_jalali(on)[:7]


def _share(each: FleetCar) -> int | None:
    if each.car.level is None:
        return None
    asked = SubscriberShareRequest.model_validate(
        {
            "level": each.car.level,
            "event": "collision",
            "damage_rial": 0,
            "prior_incidents": each.earlier,
            "started_on": each.car.card_started_on,
        }
    )
    return subscriber_share(asked).result.share_percent


def count(lines: Iterable[FleetLine]) -> dict[State, int]:
    """How many cars are in each state."""
    found = dict.fromkeys(STATES, 0)
    for line in lines:
        found[line.state] += 1
    return found
