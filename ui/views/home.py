"""The entry points and groups of the home page, and its emergency number."""

import htpy as h

from ui.frame.navigation import LEVELS, SECTIONS, SERVICE, SHARE
from ui.frame.page import EMERGENCY_NUMBER, Page, show_html

ENTRY_POINTS = {"customer": SHARE, "rescuer": SERVICE, "sales": LEVELS}
EXTRA_ENTRIES = {"cost": (("home.assistance", LEVELS),), "card": (("home.eligibility", LEVELS),)}
"""Links to questions that other pages answer, by section."""
GROUPS = {
    section: (*((f"{entry.id}.title", entry) for entry in entries), *EXTRA_ENTRIES.get(section, ()))
    for section, entries in SECTIONS.items()
    if entries
}
"""The links to all calculators, by section."""


def render_emergency_number(page: Page) -> None:
    """Render the emergency number as a large link."""
    t = page.t
    show_html(
        h.a(".kh-emergency-banner", href=f"tel:{EMERGENCY_NUMBER}")[
            h.span[t("home.stranded")], h.b[t("app.emergency_number")], h.em[t("home.day_and_night")]
        ]
    )
