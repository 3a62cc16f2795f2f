import streamlit as st

from logic.settings import settings
from ui import answer, fields, fleet_view
from ui.fleet_file import FleetFile
from ui.numbers import number
from ui.page import Page, open_page

WITHIN = ("500", "1000", "2000", "5000")


def ask(page: Page) -> tuple[FleetFile | str | None, int]:
    """The cars of the file that was given, or of the sample; what is wrong with it; or nothing yet."""
    t, most = page.t, settings().fleet_cars
    answer.line(t("fleet.how", most=number(most, t.language)))
    fleet_view.offer_template(page)
    given = st.file_uploader(
        t("fleet.file"), type=["xlsx", "xlsm", "xls", "ods", "csv"], key=page.key("file")
    )
    distances = {each: number(int(each), t.language) for each in WITHIN}
    within = int(fields.choice(page, "within", WITHIN, distances, look="segments", default="1000"))
    sample = fields.switch(page, "sample")
    answer.line(t("fleet.private"))
    if given is not None:
        return fleet_view.read_once(page, given, most), within
    return FleetFile(fleet_view.sample(), []) if sample else None, within


with open_page("fleet") as page:
    with page.halves() as (inputs, result):
        with inputs:
            found, within = ask(page)
        lines = fleet_view.lines_of(found, within) if isinstance(found, FleetFile) else []
        with result:
            if isinstance(found, FleetFile) and (found.cars or found.errors):
                fleet_view.head(page, lines, found, within)
            else:
                fleet_view.nothing(page, found if isinstance(found, str) else "")
    if lines:
        fleet_view.listed(page, lines)
