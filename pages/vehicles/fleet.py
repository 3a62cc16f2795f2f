import streamlit as st

from logic.core.settings import settings
from ui.answer import answer_card
from ui.fleet.fleet_file import FleetFile
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.numbers import format_number
from ui.streamlit_internals import UploadedFile
from ui.views import fleet

WITHIN_KM = ("500", "1000", "2000", "5000")


def ask(page: Page) -> tuple[UploadedFile | None, bool, int]:
    """Ask for a file; return it, whether to use the sample instead, and the distance that counts as near."""
    t, max_cars = page.t, settings().fleet_cars
    answer_card.paragraph(t("fleet.how", most=format_number(max_cars, t.language)))
    fleet.offer_template(page)
    # Any type is accepted, because Streamlit's message for a wrong type exists in English only.
    upload = st.file_uploader(t("fleet.file"), key=page.key("file"))
    distances = {distance: format_number(int(distance), t.language) for distance in WITHIN_KM}
    within_km = int(fields.choice(page, "within", WITHIN_KM, distances, style="segments", default="1000"))
    sample = fields.switch(page, "sample")
    answer_card.paragraph(t("fleet.private"))
    return upload, sample, within_km


def read(page: Page, upload: UploadedFile | None, *, sample: bool) -> FleetFile | str:
    """Return the cars of the file or of the sample, or the error text; "" if there is no file."""
    if upload is not None:
        return fleet.read_once(page, upload, settings().fleet_cars)
    page.page_cache.clear()
    return FleetFile(fleet.sample_cars(), []) if sample else ""


def render(page: Page) -> None:
    """Render the page. Globals of the script would keep the file in memory until a garbage collection."""
    with page.two_columns() as (inputs, result):
        with inputs:
            upload, sample, within_km = ask(page)
        results = fleet.result_table(page.t, [])
        with result:
            file = read(page, upload, sample=sample)
            if isinstance(file, FleetFile) and (file.cars or file.errors):
                answer = fleet.answer_fleet(file, within_km)
                results = fleet.result_table(page.t, answer.lines)
                fleet.render_headline(page, file, results, answer.faults, within_km)
            else:
                fleet.render_empty(page, file if isinstance(file, str) else "")
    if len(results):
        with page.report_errors_in(st.container(key="answer-list")):
            fleet.render_list(page, results)


with open_page("fleet") as page:
    render(page)
