"""The home page's doors and groups, and its line for those who are stranded."""

import htpy as h

from ui.page import EMERGENCY, Page, show_html
from ui.pages import DEALERS, LEVELS, SERVICE, SHARE, TYRE

DOORS = {"customer": SHARE, "rescuer": SERVICE, "sales": LEVELS}
GROUPS = {
    "cost": (("share.title", SHARE), ("home.assistance", LEVELS)),
    "care": (("service.title", SERVICE), ("tyre.title", TYRE)),
    "card": (("levels.title", LEVELS), ("home.eligibility", LEVELS)),
    "places": (("dealers.title", DEALERS),),
}
"""Every calculator, within two taps of the home page."""


def emergency(page: Page) -> None:
    """The number to call, large enough to hit."""
    t = page.t
    show_html(
        h.a(".kh-sos", href=f"tel:{EMERGENCY}")[
            h.span[t("home.stranded")], h.b[t("app.emergency_number")], h.em[t("home.day_and_night")]
        ]
    )
