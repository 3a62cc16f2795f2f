import streamlit as st

from logic.core.settings import settings
from logic.vehicles.fleet import FleetLine
from ui.answer import answer_card
from ui.fleet.fleet_file import FleetFile
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.numbers import format_number
from ui.streamlit_internals import UploadedFile
from ui.views import fleet

WITHIN = ("500", "1000", "2000", "5000")


def ask(page: Page) -> tuple[UploadedFile | None, bool, int]:
    """The file that was given, whether the sample is wanted, and the km that count as near."""
    t, most = page.t, settings().fleet_cars
    answer_card.paragraph(t("fleet.how", most=format_number(most, t.language)))
    fleet.offer_template(page)
    # Any type: Streamlit would refuse another one in English only.
    given = st.file_uploader(t("fleet.file"), key=page.key("file"))
    distances = {each: format_number(int(each), t.language) for each in WITHIN}
    within = int(fields.choice(page, "within", WITHIN, distances, style="segments", default="1000"))
    sample = fields.switch(page, "sample")
    answer_card.paragraph(t("fleet.private"))
    return given, sample, within


def read(page: Page, given: UploadedFile | None, *, sample: bool) -> FleetFile | str:
    """The cars of the file, or of the sample; else what is wrong with the file; "" where there is none."""
    if given is not None:
        return fleet.read_once(page, given, settings().fleet_cars)
    page.page_cache.clear()
    return FleetFile(fleet.sample_cars(), []) if sample else ""


def show(page: Page) -> None:
    """Ask and answer. In a function: a script's own names keep a file until the collector comes."""
    with page.two_columns() as (inputs, result):
        with inputs:
            given, sample, within = ask(page)
        lines: list[FleetLine] = []
        with result:
            found = read(page, given, sample=sample)
            if isinstance(found, FleetFile) and (found.cars or found.errors):
                answered = fleet.answer_fleet(found, within)
                lines = answered.lines
                fleet.render_headline(page, found, answered, within)
            else:
                fleet.render_empty(page, found if isinstance(found, str) else "")
    if lines:
        with page.report_errors_in(st.container(key="answer-list")):
            fleet.render_list(page, lines)


with open_page("fleet") as page:
    show(page)
