"""The choice of a small count, such as the number of earlier incidents."""

from ui.frame.page import Page
from ui.inputs import fields
from ui.l10n.numbers import format_number

MAX_COUNT_CHOICE = 6
"""The largest count that a choice offers."""


def count_choice(page: Page, name: str) -> int:
    """Render a choice from 0 to `MAX_COUNT_CHOICE` and return the count."""
    names = {str(count): format_number(count, page.t.language) for count in range(MAX_COUNT_CHOICE + 1)}
    return int(fields.choice(page, name, [*names], names, style="segments", default="0"))
