from logic.card.subscriber_share import events_by_group
from logic.comparison.events_by_level import EventsByLevelRequest, LevelEvent, events_by_level
from logic.core.models import Level
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.numbers import format_number
from ui.views import events as events_view

SLOTS = {
    "1": ("event_1", "damage_1", "culprit_1"),
    "2": ("event_2", "damage_2", "culprit_2"),
    "3": ("event_3", "damage_3", "culprit_3"),
    "4": ("event_4", "damage_4", "culprit_4"),
    "5": ("event_5", "damage_5", "culprit_5"),
}
"""The fields of each event, by how many events there are."""
EARLIER = [str(count) for count in range(7)]
UNKNOWN = "unknown"


def ask_event(page: Page, what: str, how_much: str, whose: str) -> LevelEvent | fields.InputState:
    """What happened, its damage and whose fault it was."""
    t = page.t
    events = t.names_of("event", [event for group in events_by_group().values() for event in group])
    event = fields.choice(page, what, [*events], events, style="list", default="collision")
    damage = fields.money(page, how_much, minimum=1)
    culprit = fields.switch(page, whose)
    return fields.first_missing(damage) or LevelEvent.model_validate(
        {"event": event, "damage_rial": damage, "third_party_at_fault": culprit}
    )


def ask(page: Page) -> tuple[EventsByLevelRequest | fields.InputState, Level | None]:
    """The events of a year and what went before; the customer's own level, to be marked."""
    t = page.t
    counts = {each: format_number(int(each), t.language) for each in (*EARLIER, *SLOTS)}
    many = fields.choice(page, "many", [*SLOTS], counts, style="segments", default="1")
    events = [ask_event(page, *slot) for slot in [*SLOTS.values()][: int(many)]]
    earlier = fields.choice(page, "earlier", EARLIER, counts, style="segments", default="0")
    repairs = fields.choice(page, "repairs", EARLIER, counts, style="segments", default="0")
    levels = {UNKNOWN: t("events.no_level"), **t.names_of("level", Level)}
    level = fields.choice(page, "level", [*levels], levels, style="list", default=UNKNOWN)
    own = None if level == UNKNOWN else Level(level)
    return fields.first_missing(*events) or fields.validated(
        page, lambda: EventsByLevelRequest(
            events=events, prior_incidents=int(earlier), prior_repairs=int(repairs),
        )
    ), own  # fmt: skip


with open_page("events") as page, page.two_columns() as (inputs, result):
    with inputs:
        request, own = ask(page)
    with result:
        answer_card.render_or_pending(
            page, request, lambda request: events_view.render(page, events_by_level(request), own)
        )
