import streamlit as st

from logic.core.models import Level
from logic.datasets.tables import clauses
from logic.service.service_schedule import ServiceScheduleRequest, cars, service_schedule
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.inputs.car_tiles import STARS, tiles
from ui.offline_guide.download_button import render_download
from ui.views import service


def ask(page: Page) -> tuple[ServiceScheduleRequest, fields.InputState | None]:
    """Ask for the car; return the request, and the state of the odometer if it has no value."""
    t = page.t
    car_ids = [*cars()]
    car = cars()[fields.choice(page, "car", car_ids, tiles(t), style="pills", default=car_ids[0])]
    odometer_column, level_column = st.columns([2, 3])
    with odometer_column:
        odometer = fields.km(page, "odometer")
    with level_column:
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
    with st.container(key="car-inputs"):
        request, missing = ask(page)
    with page.report_errors_in(st.container(key="answer-service")):
        answer = service_schedule(request)
        with st.container(key="headline-card"):
            if missing:
                answer_card.pending(page, missing, page.t("service.enter_odometer"))
            else:
                service.render_progress(page, answer.result, request.odometer_km or 0)
        if not missing:
            service.render_details(page, answer, asked_level=request.level)
        title = page.t("service.whole", table=page.t.name_of("table_name", answer.result.table))
        service.render_table(page, answer.result, title, answer.steps[0].clause)
        answer_card.steps(page, answer)
        answer_card.notices(page, answer.notices)
        answer_card.action_bar(page, answer)
        render_download(page)
        answer_card.edition(page, clauses()[answer.steps[0].clause].document, answer.result.edition)
