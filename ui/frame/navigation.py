"""The pages of the app in the order of the navigation, for the router, the HTML shell and the home page."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page: its id (also its URL path and the prefix of its text keys), its script and its icon."""

    id: str
    script: str
    icon: str


HOME = PageEntry("home", "../pages/home.py", "home")
MY_CAR = PageEntry("my_car", "../pages/vehicles/my_car.py", "directions_car")
SHARE = PageEntry("share", "../pages/card/share.py", "percent")
REPLACEMENT = PageEntry("replacement", "../pages/card/replacement.py", "car_crash")
SERVICE = PageEntry("service", "../pages/service/service.py", "build")
LEVELS = PageEntry("levels", "../pages/comparison/levels.py", "table_chart")
EVENTS = PageEntry("events", "../pages/comparison/events.py", "stacked_bar_chart")
ADVISER = PageEntry("adviser", "../pages/comparison/adviser.py", "balance")
SUBSCRIPTION = PageEntry("subscription", "../pages/card/subscription.py", "card_membership")
DOWNTIME = PageEntry("downtime", "../pages/consumer_law/downtime.py", "event_busy")
PURCHASE = PageEntry("purchase", "../pages/sale/purchase.py", "receipt_long")
WARRANTY = PageEntry("warranty", "../pages/warranty/warranty.py", "verified_user")
TYRE = PageEntry("tyre", "../pages/tyre/tyre.py", "tire_repair")
FLEET = PageEntry("fleet", "../pages/vehicles/fleet.py", "local_shipping")
DEALERS = PageEntry("dealers", "../pages/dealers/dealers.py", "near_me")
GUIDE = PageEntry("guide", "../pages/finder/guide.py", "support_agent")
SECTIONS: Mapping[str, tuple[PageEntry, ...]] = {
    "cost": (SHARE, REPLACEMENT),
    "care": (MY_CAR, SERVICE, WARRANTY, TYRE, FLEET),
    "card": (LEVELS, EVENTS, ADVISER, SUBSCRIPTION),
    "rights": (DOWNTIME, PURCHASE),
    "places": (DEALERS, GUIDE),
}
"""The pages of each menu of the navigation, in order."""
PAGES = (HOME, *(entry for entries in SECTIONS.values() for entry in entries))

CALCULATORS_OF_PAGE: Mapping[PageEntry, tuple[str, ...]] = {
    SHARE: ("subscriber_share",),
    REPLACEMENT: ("vehicle_replacement", "total_theft", "recovered_vehicle"),
    SERVICE: ("service_schedule",),
    WARRANTY: (
        "warranty_status", "first_service", "part_warranty", "consumable_due", "repair_guarantee",
        "stop_extension", "minimum_warranty", "replacement_right",
    ),
    TYRE: ("tyre_refund", "card_tyre"),
    EVENTS: ("events_by_level",),
    ADVISER: ("level_adviser",),
    LEVELS: ("compare_levels", "level_eligibility", "assistance_cost"),
    SUBSCRIPTION: (
        "cancellation_refund", "renewal", "subscription_validity", "late_claim", "instalment_reactivation",
    ),
    DOWNTIME: ("card_downtime", "stop_compensation", "bylaw_in_force"),
    PURCHASE: (
        "delivery_delay", "withdrawal_interest", "sale_terms", "participation_profit", "legal_deadline",
    ),
    DEALERS: ("nearest_dealers",),
}  # fmt: skip
"""The calculators that each page calls."""
PAGE_OF_CALCULATOR: Mapping[str, PageEntry] = {
    name: entry for entry, names in CALCULATORS_OF_PAGE.items() for name in names
}
