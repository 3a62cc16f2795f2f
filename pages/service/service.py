import streamlit as st

from logic.core.models import Level
from logic.datasets.tables import clauses
from logic.service.service_schedule import ServiceScheduleRequest, cars, service_schedule
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.inputs.car_tiles import STARS, tiles
from ui.views import service


def ask(page: Page) -> tuple[ServiceScheduleRequest, fields.InputState | None]:
    """Car, odometer, level: three taps and one number."""
    t = page.t
    ids = [*cars()]
    car = cars()[fields.choice(page, "car", ids, tiles(t), style="pills", default=ids[0])]
    reading, card = st.columns([2, 3])
    with reading:
        odometer = fields.km(page, "odometer")
    with card:
        levels = {"unknown": t("service.any_level"), **t.names_of("level_short", STARS)}
        level = fields.choice(page, "level", [*levels], levels, style="segments", default="unknown")
    with st.expander(t("service.more"), key=page.key("more")):
        gearbox = fields.choice(
            page, "gearbox", car.gearboxes, t.names_of("gearbox", car.gearboxes),
            style="segments", default=car.gearboxes[0],
        )  # fmt: skip
        expired = fields.switch(page, "expired")
    missing = odometer if isinstance(odometer, fields.InputState) else None
    request = ServiceScheduleRequest(
        vehicle=car.vehicle, engine=car.engine, gearbox=gearbox, whole_table=True,
        subscription_valid=not expired, level=None if level == "unknown" else Level(level),
        odometer_km=None if missing else odometer,
    )  # fmt: skip
    return request, missing


with open_page("service") as page:
    with st.container(key="choose"):
        request, missing = ask(page)
    with page.report_errors_in(st.container(key="answer-service")):
        found = service_schedule(request)
        with st.container(key="strip"):
            if missing:
                answer_card.pending(page, missing, page.t("service.enter_odometer"))
            else:
                service.render_progress(page, found.result, request.odometer_km or 0)
        if not missing:
            service.render_details(page, found, asked_level=request.level)
        title = page.t("service.whole", table=page.t.name_of("table_name", found.result.table))
        service.render_table(page, found.result, title, found.steps[0].clause)
        answer_card.steps(page, found)
        answer_card.notices(page, found.notices)
        answer_card.action_bar(page, found)
        service.offline_guide_download(page)
        answer_card.edition(page, clauses()[found.steps[0].clause].document, found.result.edition)
