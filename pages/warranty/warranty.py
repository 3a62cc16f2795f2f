from logic.warranty.tables import Maker, maker_tables
from logic.warranty.warranty_status import WarrantyStatusRequest, warranty_status
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.dates import today
from ui.views import warranty, warranty_questions

UNKNOWN = "unknown"
MONTHS = (UNKNOWN, "12", "24", "36", "48", "60")


def ask(page: Page, maker: Maker) -> WarrantyStatusRequest | fields.InputState:
    """Ask about the warranty; return the request, or the state of the first incomplete input."""
    t = page.t
    started = fields.day(page, "started", past=True)
    odometer = fields.km(page, "odometer")
    months, limit_km = UNKNOWN, None
    if maker_tables(maker).terms.months is None:
        names = warranty.length_names(page, MONTHS)
        months = fields.choice(page, "own_months", MONTHS, names, style="list", default=UNKNOWN)
        limit_km = fields.km(page, "own_km")
    served_on, served_km = fields.day(page, "served", past=True), fields.km(page, "served_km")
    event_ids = [*maker_tables(maker).events]
    events = fields.choices(page, "events", event_ids, t.names_of("warranty_event", event_ids))
    missing = fields.first_missing(started, odometer, optional=(served_km, limit_km))
    return missing or fields.validated(
        page, lambda: WarrantyStatusRequest(
            maker=maker, started_on=started, on=today(), odometer_km=odometer, first_service_on=served_on,
            first_service_km=fields.value_or_none(served_km), events=events,
            warranty_months=None if months == UNKNOWN else int(months),
            warranty_km=fields.value_or_none(limit_km),
        )
    )  # fmt: skip


with open_page("warranty") as page:
    t = page.t
    with page.two_columns() as (inputs, result):
        with inputs:
            makers = t.names_of("maker", Maker)
            maker = Maker(fields.choice(page, "maker", [*Maker], makers, style="segments", default="mvm_fx"))
            request = ask(page, maker)
        with result:
            answer_card.render_or_pending(
                page, request, lambda request: warranty.render(page, request, warranty_status(request))
            )
    warranty_questions.render(page, maker, request)
