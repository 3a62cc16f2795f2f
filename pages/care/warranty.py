from logic.makers import Maker, maker_book
from logic.warranty_status import WarrantyStatusRequest, warranty_status
from ui import answer, fields, rule_view
from ui.dates import today
from ui.page import open_page

with open_page("warranty") as page, page.halves() as (inputs, result):
    t = page.t
    with inputs:
        maker = fields.choice(
            page, "maker", [*Maker], t.labels("maker", Maker), look="segments", default="mvm_fx"
        )
        started = fields.day(page, "started", past=True)
        odometer = fields.km(page, "odometer")
        listed = [*maker_book(Maker(maker)).events]
        events = fields.choices(page, "events", listed, t.labels("warranty_event", listed))
        asked: WarrantyStatusRequest | fields.Missing = fields.Missing.EMPTY
        if isinstance(odometer, fields.Missing):
            asked = odometer
        elif started:
            asked = fields.checked(
                page, WarrantyStatusRequest, maker=maker, started_on=started, on=today(),
                odometer_km=odometer, events=events,
            )  # fmt: skip
    with result:
        if isinstance(asked, fields.Missing):
            answer.waiting(page, asked, t("answer.waiting"))
        else:
            found = warranty_status(asked)
            left = found.result
            days, km = (
                rule_view.said(page, "left_days", left.days_left),
                rule_view.said(page, "", left.km_left),
            )
            line = t("warranty.left", days=days, km=km) if left.status in ("valid", "partly_void") else ""
            label = t("warranty.status")
            rule_view.show(page, found, maker, label=label, name="status", line=line)
