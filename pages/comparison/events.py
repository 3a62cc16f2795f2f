from logic.card.subscriber_share import events_by_group
from logic.comparison.events_by_level import EventsByLevelRequest, LevelEvent, events_by_level
from logic.core.models import Level
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.inputs.counts import count_choice
from ui.l10n.numbers import format_number
from ui.views import events as events_view

EVENT_FIELDS = {
    "1": ("event_1", "damage_1", "culprit_1"),
    "2": ("event_2", "damage_2", "culprit_2"),
    "3": ("event_3", "damage_3", "culprit_3"),
    "4": ("event_4", "damage_4", "culprit_4"),
    "5": ("event_5", "damage_5", "culprit_5"),
}
"""The inputs of each event, by its number."""
UNKNOWN = "unknown"


def ask_event(
    page: Page, event_field: str, damage_field: str, culprit_field: str
) -> LevelEvent | fields.InputState:
    """Ask for one event: its kind, its damage and whether a third party was at fault."""
    t = page.t
    events = t.names_of("event", [event for group in events_by_group().values() for event in group])
    event = fields.choice(page, event_field, [*events], events, style="list", default="collision")
    damage = fields.money(page, damage_field, minimum=1)
    third_party_at_fault = fields.switch(page, culprit_field)
    return fields.first_missing(damage) or LevelEvent.model_validate(
        {"event": event, "damage_rial": damage, "third_party_at_fault": third_party_at_fault}
    )


def ask(page: Page) -> tuple[EventsByLevelRequest | fields.InputState, Level | None]:
    """Ask for the events of a year and what came before, and for the customer's own level, if any."""
    t = page.t
    counts = {count: format_number(int(count), t.language) for count in EVENT_FIELDS}
    event_count = fields.choice(page, "many", [*EVENT_FIELDS], counts, style="segments", default="1")
    events = [ask_event(page, *field_names) for field_names in [*EVENT_FIELDS.values()][: int(event_count)]]
    prior_incidents, prior_repairs = count_choice(page, "earlier"), count_choice(page, "repairs")
    levels = {UNKNOWN: t("events.no_level"), **t.names_of("level", Level)}
    level = fields.choice(page, "level", [*levels], levels, style="list", default=UNKNOWN)
    own = None if level == UNKNOWN else Level(level)
    return fields.first_missing(*events) or fields.validated(
        page, lambda: EventsByLevelRequest(
            events=events, prior_incidents=prior_incidents, prior_repairs=prior_repairs,
        )
    ), own  # fmt: skip


with open_page("events") as page, page.two_columns() as (inputs, result):
    with inputs:
        request, own = ask(page)
    with result:
        answer_card.render_or_pending(
            page, request, lambda request: events_view.render(page, events_by_level(request), own)
        )
