"""«My car»: set once on its page, it fills the fields of every other page of the visit.

It is what the car's page holds in its link; nothing else is kept, and nothing leaves the visit.
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
"""Field of a page → field of the profile. A value that a page's field does not know is left aside."""
MOBILE = "mobile"


def prefill_values(page: str, profile: Mapping[str, str]) -> dict[str, str]:
    """What the profile says of a page's fields, as a link would."""
    if not profile:
        return {}
    level = profile.get("level")
    known = {**profile, "kind": MOBILE if level == MOBILE else "golden"} if level else {**profile}
    car = cars().get(profile.get("car", ""))
    if car and car.maker:
        known["maker"] = car.maker
    return {field: known[name] for field, name in PREFILLED_FIELDS.get(page, {}).items() if name in known}
