"""Prefill the fields of every page of a visit from the profile that the page "My car" collects.

The profile is the URL state of that page; it is stored only in the visit's session.
"""

from collections.abc import Mapping

from logic.service.service_schedule import cars

CAR_PAGE = "my_car"
PREFILLED_FIELDS: Mapping[str, Mapping[str, str]] = {
    "share": {"level": "level", "earlier": "earlier", "repairs": "repairs"},
    "replacement": {"level": "level", "earlier": "earlier", "delivered": "delivered"},
    "events": {"earlier": "earlier", "repairs": "repairs", "level": "level"},
    "adviser": {"earlier": "earlier", "repairs": "repairs", "car": "car", "odometer": "odometer"},
    "service": {"car": "car", "odometer": "odometer", "level": "level"},
    "warranty": {"maker": "maker", "started": "delivered", "odometer": "odometer"},
    "tyre": {"level": "level", "earlier": "earlier"},
    "levels": {"produced": "produced", "use": "use", "current": "level"},
    "subscription": {"kind": "kind", "started": "card_started"},
    "downtime": {"level": "level"},
    "guide": {"level": "level"},
}
"""Field of a page → field of the profile. A value that the page's field does not accept is ignored."""
MOBILE = "mobile"


def prefill_values(page: str, profile: Mapping[str, str]) -> dict[str, str]:
    """Return the values that the profile has for a page's fields, as texts like those of a URL."""
    if not profile:
        return {}
    level = profile.get("level")
    values = {**profile, "kind": MOBILE if level == MOBILE else "golden"} if level else {**profile}
    car = cars().get(profile.get("car", ""))
    if car and car.maker:
        values["maker"] = car.maker
    return {field: values[name] for field, name in PREFILLED_FIELDS.get(page, {}).items() if name in values}
