"""What ends or is due next for a car: card, warranty and services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from logic.card.level_eligibility import CarUse, LevelEligibilityRequest, level_eligibility
from logic.card.subscription_validity import SubscriptionValidityRequest, subscription_validity
from logic.consumer_law.minimum_warranty import LIGHT_VEHICLE_CLASS, legal_minimum_for
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
    """What is known of a car; None is unknown."""

    vehicle: str | None = None
    engine: str | None = None
    produced_on: date | None = None
    delivered_on: date | None = None
    odometer_km: int | None = None
    level: Level | None = None
    card_started_on: date | None = None


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Something that ends or is due on a day, at an odometer reading in km, or at whichever comes first.

    If ``estimated``, the day is computed from the car's average distance a day.
    """

    kind: UpcomingKind
    clause: str
    day: date | None = None
    km: int | None = None
    estimated: bool = False
    service: ServiceEntry | None = None

    def is_past(self, car: MyCar, on: date) -> bool:
        """Return whether its day or its km has passed; an estimated day is not compared."""
        day_is_past = self.day is not None and not self.estimated and self.day < on
        km_are_past = self.km is not None and car.odometer_km is not None and self.km < car.odometer_km
        return day_is_past or km_are_past


def upcoming(car: MyCar, on: date) -> list[Upcoming]:
    """Return what ends or is due, by day, then what has no day, then what has passed."""
    items = [*_card(car, on), *_warranty(car), *_service(car, on)]
    return sorted(items, key=lambda item: (item.is_past(car, on), item.day or date.max))


def _card(car: MyCar, on: date) -> Iterator[Upcoming]:
    if car.level not in (None, Level.MEMBERSHIP) and car.card_started_on:
        kind: Literal["mobile", "golden"] = "mobile" if car.level is Level.MOBILE else "golden"
        validity_request = SubscriptionValidityRequest(kind=kind, started_on=car.card_started_on)
        validity = subscription_validity(validity_request)
        if validity.result.last_day:
            yield Upcoming("card_ends", validity.steps[-1].clause, validity.result.last_day)
    if car.level and car.produced_on and car.produced_on <= on:
        request = LevelEligibilityRequest(produced_on=car.produced_on, on=on, use=CarUse.PRIVATE)
        verdicts = level_eligibility(request).result.levels
        verdict = next(verdict for verdict in verdicts if verdict.level is car.level)
        if verdict.last_day:
            yield Upcoming("level_until", verdict.clause, verdict.last_day)


def _warranty(car: MyCar) -> Iterator[Upcoming]:
    if car.delivered_on is None:
        return
    maker = next((row.maker for row in cars().values() if row.vehicle == car.vehicle), None)
    if maker is None:
        legal_minimum = legal_minimum_for(LIGHT_VEHICLE_CLASS, car.delivered_on)
        if legal_minimum:
            day = add_months(car.delivered_on, legal_minimum.months)
            yield Upcoming("legal_minimum_ends", legal_minimum.clause, day, legal_minimum.km)
        return
    request = WarrantyStatusRequest(
        maker=maker,
        started_on=car.delivered_on,
        on=car.delivered_on,
        odometer_km=car.odometer_km or 0,
    )
    answer = warranty_status(request)
    yield Upcoming("guarantee_ends", answer.steps[-1].clause, answer.result.ends_on, answer.result.limit_km)
    last_day = first_service_deadline(maker, car.delivered_on)
    clause = maker_tables(maker, car.delivered_on).first_service.clause
    yield Upcoming("first_service_closes", clause, last_day)


def _service(car: MyCar, on: date) -> Iterator[Upcoming]:
    if car.vehicle is None or car.odometer_km is None:
        return
    answer = service_schedule(
        ServiceScheduleRequest(
            vehicle=car.vehicle, engine=car.engine, level=car.level, odometer_km=car.odometer_km
        )
    )
    clause = answer.steps[0].clause
    current, following = answer.result.current, answer.result.next
    if current:
        day = projected_date(car, on, current.window_to_km)
        yield Upcoming("service_closes", clause, day, current.window_to_km, day is not None, current)
    if following:
        day = projected_date(car, on, following.window_from_km)
        yield Upcoming("service_opens", clause, day, following.window_from_km, day is not None, following)


def projected_date(car: MyCar, on: date, km: int) -> date | None:
    """Return the day on which the odometer reaches ``km`` at the average distance a day since delivery.

    None if there is no average: without a day of delivery, an odometer reading or a day after the delivery.
    """
    if car.delivered_on is None or not car.odometer_km or on <= car.delivered_on:
        return None
    days_a_km = Fraction((on - car.delivered_on).days, car.odometer_km)
    return on + timedelta(days=int((km - car.odometer_km) * days_a_km))
