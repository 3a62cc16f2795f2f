"""A known car: what of its card, its guarantee and its services ends or falls due next, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from logic.card.level_eligibility import CarUse, LevelEligibilityRequest, level_eligibility
from logic.card.subscription_validity import SubscriptionValidityRequest, subscription_validity
from logic.consumer_law.minimum_warranty import LIGHT, minimum
from logic.core.jalali import add_months
from logic.core.models import Level
from logic.service.service_schedule import ServiceEntry, ServiceScheduleRequest, cars, service_schedule
from logic.warranty.first_service import first_service_deadline
from logic.warranty.tables import maker_tables
from logic.warranty.warranty_status import WarrantyStatusRequest, warranty_status

UpcomingKind = Literal[
    "card_ends", "level_until", "guarantee_ends", "legal_minimum_ends", "first_service_closes",
    "service_closes", "service_opens",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MyCar:
    """What is known of a car; every field may be unknown."""

    vehicle: str | None = None
    engine: str | None = None
    produced_on: date | None = None
    delivered_on: date | None = None
    odometer_km: int | None = None
    level: Level | None = None
    card_started_on: date | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One thing that ends or falls due: its day, its km, or whichever comes first; what it rests on.

    ``day`` is estimated from the car's pace where ``estimated``; ``km`` is the reading of the odometer.
    """

    kind: UpcomingKind
    clause: str
    day: date | None = None
    km: int | None = None
    estimated: bool = False
    service: ServiceEntry | None = None

    def is_past(self, car: MyCar, on: date) -> bool:
        """Whether its day or its km lies behind."""
        late = self.day is not None and not self.estimated and self.day < on
        far = self.km is not None and car.odometer_km is not None and self.km < car.odometer_km
        return late or far


def upcoming(car: MyCar, on: date) -> list[Upcoming]:
    """What comes next, by day, what has none behind it; what is over comes last."""
    found = [*_card(car, on), *_guarantee(car), *_service(car, on)]
    return sorted(found, key=lambda each: (each.is_past(car, on), each.day or date.max))


def _card(car: MyCar, on: date) -> Iterator[Upcoming]:
    if car.level not in (None, Level.MEMBERSHIP) and car.card_started_on:
        kind: Literal["mobile", "golden"] = "mobile" if car.level is Level.MOBILE else "golden"
        valid = subscription_validity(SubscriptionValidityRequest(kind=kind, started_on=car.card_started_on))
        if valid.result.last_day:
            yield Upcoming("card_ends", valid.steps[-1].clause, valid.result.last_day)
    if car.level and car.produced_on and car.produced_on <= on:
        asked = LevelEligibilityRequest(produced_on=car.produced_on, on=on, use=CarUse.PRIVATE)
        verdict = next(each for each in level_eligibility(asked).result.levels if each.level is car.level)
        if verdict.last_day:
            yield Upcoming("level_until", verdict.clause, verdict.last_day)


def _guarantee(car: MyCar) -> Iterator[Upcoming]:
    if car.delivered_on is None:
        return
    maker = next((row.maker for row in cars().values() if row.vehicle == car.vehicle), None)
    if maker is None:
        least = minimum(LIGHT, car.delivered_on)
        if least:
            day = add_months(car.delivered_on, least.months)
            yield Upcoming("legal_minimum_ends", least.clause, day, least.km)
        return
    asked = WarrantyStatusRequest(
        maker=maker,
        started_on=car.delivered_on,
        on=car.delivered_on,
        odometer_km=car.odometer_km or 0,
    )
    status = warranty_status(asked)
    yield Upcoming("guarantee_ends", status.steps[-1].clause, status.result.ends_on, status.result.limit_km)
    closes = first_service_deadline(maker, car.delivered_on)
    clause = maker_tables(maker, car.delivered_on).first_service.clause
    yield Upcoming("first_service_closes", clause, closes)


def _service(car: MyCar, on: date) -> Iterator[Upcoming]:
    if car.vehicle is None or car.odometer_km is None:
        return
    found = service_schedule(
        ServiceScheduleRequest(
            vehicle=car.vehicle, engine=car.engine, level=car.level, odometer_km=car.odometer_km
        )
    )
    clause = found.steps[0].clause
    current, following = found.result.current, found.result.next
    if current:
        day = projected_date(car, on, current.window_to_km)
        yield Upcoming("service_closes", clause, day, current.window_to_km, day is not None, current)
    if following:
        day = projected_date(car, on, following.window_from_km)
        yield Upcoming("service_opens", clause, day, following.window_from_km, day is not None, following)


def projected_date(car: MyCar, on: date, km: int) -> date | None:
    """The day on which the odometer reaches ``km`` at the car's pace since delivery; None without a pace."""
    if car.delivered_on is None or not car.odometer_km or on <= car.delivered_on:
        return None
    a_km = Fraction((on - car.delivered_on).days, car.odometer_km)
    return on + timedelta(days=int((km - car.odometer_km) * a_km))
