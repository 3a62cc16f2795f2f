"""Tests of the guide: its tables refer to existing rows, and its page lists every service, number and document."""

import datetime as dt
from html import unescape
from pathlib import Path

import pytest

from logic.core.errors import DataError
from logic.core.messages import Language
from logic.datasets.tables import check
from logic.dealers.nearest_dealers import places
from logic.finder.tables import card_documents, contacts, overview
from logic.tyre.tyre_refund import documents_for
from tests.support.data_edits import EMDAD, LAST_DAY, appended, labelled, prepended, replaced
from tests.support.page_run import html, open_page
from ui.frame.navigation import PAGES
from ui.l10n.numbers import localise_digits
from ui.l10n.text import text
from ui.offline_guide.guide import guide

SITUATIONS = overview().situations


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_shows_a_service_and_a_next_step(situation: str, language: Language) -> None:
    row, t = SITUATIONS[situation], text(language)
    app = open_page("guide", language, {"need": row.need, "situation": situation})
    content = unescape(html(app))
    assert t.name_of("guide_service", row.service) in content
    assert t("link.title") not in content
    assert row.department or row.page or row.bring
    booklet = contacts()
    assert booklet
    if row.department:
        assert f"tel:{booklet.departments[row.department].dial}" in content


@pytest.mark.parametrize(
    "situation", [row for row in SITUATIONS.values() if row.page], ids=lambda row: row.situation
)
def test_the_page_of_a_situation_accepts_its_link(situation: object) -> None:
    row = next(row for row in SITUATIONS.values() if row is situation)
    link = dict(pair.split("=") for pair in row.link.split("&") if pair)
    assert row.page in {entry.id for entry in PAGES}
    content = html(open_page(str(row.page), "fa", link))
    assert text("fa")("link.title") not in content


def test_every_service_is_listed_and_customer_services_have_a_situation() -> None:
    reached = {row.service for row in SITUATIONS.values()}
    services = overview().services.values()
    assert {row.service for row in services if row.for_customers} <= reached
    content = unescape(html(open_page("guide", "fa", {"list": "services"})))
    for row in services:
        assert text("fa").name_of("guide_service", row.service) in content


def test_every_number_of_annex_2_is_on_the_page() -> None:
    content = unescape(html(open_page("guide", "fa", {"list": "phones"})))
    booklet = contacts()
    assert booklet
    for row in booklet.departments.values():
        assert localise_digits(row.phone, "fa") in content
    for office in (dealer for dealer in places().dealers if dealer.kind == "office"):
        assert all(localise_digits(phone, "fa") in content for phone in office.phones)
        assert office.address in content


def test_every_document_is_listed_and_a_search_filters_the_list() -> None:
    t = text("fa")
    content = unescape(html(open_page("guide", "fa", {"list": "documents"})))
    documents = {row.document for row in card_documents()} | {
        *documents_for("natural"),
        *documents_for("legal"),
    }
    for document in documents:
        assert t.name_of("document", document) in content
    # Arabic letters, and a space where the page has a half-space
    results = unescape(html(open_page("guide", "fa", {"list": "documents", "search": "آتش نشانى"})))
    assert t.name_of("document", "fire_brigade_report") in results
    assert t.name_of("document", "theft_report") not in results
    no_results = html(open_page("guide", "fa", {"list": "documents", "search": "xyz"}))
    assert t("guide.no_document") in no_results


def test_the_level_decides_whether_a_service_is_included() -> None:
    link = {"need": "damage", "situation": "collision"}
    covered = html(open_page("guide", "fa", {**link, "level": "two_star"})).partition("kh-pairs")[2]
    assert text("fa").name_of("cell", "included") in covered
    left_out = html(open_page("guide", "fa", {**link, "level": "mobile"})).partition("kh-pairs")[2]
    assert text("fa").name_of("cell", "excluded") in left_out


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "overview/brief_review/situations.csv",
            "levels=four_star,dena,",
            "levels=four_star,denna,",
            "not in clauses.toml",
        ),
        ("overview/brief_review/services.csv", "survey,no", "survey,perhaps", "for_customers"),
        ("emdad/ssa005_14/departments.csv", "recall,021", "appointments,021", "duplicate key"),
    ],
)
def test_a_damaged_table_of_the_guide_is_refused(
    data_copy: Path, file: str, old: str, new: str, message: str
) -> None:
    content = (data_copy / file).read_text(encoding="utf-8")
    assert old in content
    (data_copy / file).write_text(content.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        check()


OVERVIEW = Path("overview/brief_review")
NEW_ROWS = {
    OVERVIEW / "services.csv": "valet,yes,lost_property,recall\n",
    OVERVIEW / "situations.csv": "parking,lost_ticket,valet,,parking_slip,lost_property,,,recall,\n",
    EMDAD / "departments.csv": "lost_property,021-55501234,02155501234,offices\n",
    EMDAD / "advice.csv": "after_trip,check,ashtray,p6\n",
}
NEW_LABELS = {
    OVERVIEW: {
        "need": "parking",
        "situation": "lost_ticket",
        "guide_service": "valet",
        "who": "valet",
        "bring": "parking_slip",
    },
    EMDAD: {"department": "lost_property", "moment": "after_trip", "tip": "ashtray"},
}


@pytest.fixture
def new_rows(data_copy: Path) -> None:
    """Add a row to each table of the guide."""
    for file, row in NEW_ROWS.items():
        appended(file, row)(data_copy)
    for edition, labels in NEW_LABELS.items():
        for kind, name in labels.items():
            labelled(edition, kind, name)(data_copy)
    check()


@pytest.mark.usefixtures("new_rows")
def test_a_new_row_is_a_new_situation_with_its_service() -> None:
    app = open_page("guide", "en", {"need": "parking", "situation": "lost_ticket"})
    assert "New parking" in app.button_group[0].options
    assert app.selectbox[0].options == ["New lost_ticket"]
    content = html(app)
    for name in ("valet", "parking_slip", "lost_property"):
        assert f"New {name}" in content
    assert "tel:02155501234" in content


@pytest.mark.usefixtures("new_rows")
@pytest.mark.parametrize(
    ("list_id", "name"), [("services", "valet"), ("phones", "lost_property"), ("advice", "ashtray")]
)
def test_a_new_row_is_in_the_list_of_its_kind(list_id: str, name: str) -> None:
    assert f"New {name}" in html(open_page("guide", "en", {"list": list_id}))


@pytest.mark.usefixtures("new_rows")
def test_a_new_department_and_tip_are_in_the_offline_guide() -> None:
    file = guide(dt.date(2026, 10, 1))
    for name in ("lost_property", "after_trip", "ashtray"):
        assert f"New {name}" in file
    assert "tel:02155501234" in file


def test_a_removed_row_is_neither_on_pages_nor_in_the_guide(data_copy: Path) -> None:
    t = text("en")
    replaced(OVERVIEW / "situations.csv", "complaint,about_company,", "complaint,about_us,")(data_copy)
    labelled(OVERVIEW, "situation", "about_us")(data_copy)
    replaced(EMDAD / "departments.csv", "switchboard,021-88611500,02188611500,offices\n", "")(data_copy)
    replaced(EMDAD / "advice.csv", "always,advice,boot_lock,p6\n", "")(data_copy)
    app = open_page("guide", "en", {"need": "complaint"})
    options = app.selectbox[0].options
    assert t.name_of("situation", "about_company") not in options
    assert "New about_us" in options
    pages = "".join(html(open_page("guide", "en", {"list": list_id})) for list_id in ("phones", "advice"))
    for removed in (t.name_of("department", "switchboard"), t.name_of("tip", "boot_lock")):
        for document in (pages, guide(dt.date(2026, 10, 1))):
            assert removed not in unescape(document)


def test_without_a_card_booklet_the_guide_names_the_service_alone(data_copy: Path) -> None:
    prepended(EMDAD / "edition.toml", f'to = "{LAST_DAY}"\n')(data_copy)
    content = unescape(html(open_page("guide", "fa", {"need": "damage", "situation": "collision"})))
    assert text("fa").name_of("guide_service", "golden_card") in content


def test_without_advice_the_offline_guide_lists_the_departments(data_copy: Path) -> None:
    file = data_copy / EMDAD / "advice.csv"
    file.write_text(file.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    assert text("en").name_of("department", "switchboard") in guide(dt.date(2026, 10, 1))
