"""The entry points and groups of the home page, and its emergency number."""

import htpy as h

from ui.frame.navigation import LEVELS, SECTIONS, SERVICE, SHARE
from ui.frame.page import EMERGENCY_NUMBER, Page, show_html

ENTRY_POINTS = {"customer": SHARE, "rescuer": SERVICE, "sales": LEVELS}
FURTHER = {"cost": (("home.assistance", LEVELS),), "card": (("home.eligibility", LEVELS),)}
"""Questions that are a part of another page."""
GROUPS = {
    section: (*((f"{entry.id}.title", entry) for entry in entries), *FURTHER.get(section, ()))
    for section, entries in SECTIONS.items()
    if entries
}
"""Every calculator, within two taps of the home page."""


def emergency(page: Page) -> None:
    """The number to call, large enough to hit."""
    t = page.t
    show_html(
        h.a(".kh-sos", href=f"tel:{EMERGENCY_NUMBER}")[
            h.span[t("home.stranded")], h.b[t("app.emergency_number")], h.em[t("home.day_and_night")]
        ]
    )
