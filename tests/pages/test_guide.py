"""The guide: its table refers to what there is, and its page leads to every service, number and document."""

from html import unescape
from pathlib import Path

import pytest

from logic.errors import DataError
from logic.guide import contacts, overview, papers
from logic.messages import Language
from logic.nearest_dealers import places
from logic.tables import check
from logic.tyre_refund import documents_for
from tests.support.page_run import html, open_page
from ui.numbers import digits
from ui.pages import PAGES
from ui.text import text

SITUATIONS = overview().situations


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_ends_in_a_service_a_clause_and_a_way_on(situation: str, language: Language) -> None:
    row, t = SITUATIONS[situation], text(language)
    app = open_page("guide", language, {"need": row.need, "situation": situation})
    shown = unescape(html(app))
    assert t.label("guide_service", row.service) in shown
    assert t("link.title") not in shown
    assert row.department or row.page or row.bring
    booklet = contacts()
    assert booklet
    if row.department:
        assert f"tel:{booklet.departments[row.department].dial}" in shown


@pytest.mark.parametrize(
    "situation", [row for row in SITUATIONS.values() if row.page], ids=lambda row: row.situation
)
def test_the_page_behind_a_situation_understands_the_link(situation: object) -> None:
    row = next(each for each in SITUATIONS.values() if each is situation)
    link = dict(each.split("=") for each in row.link.split("&") if each)
    assert row.page in {entry.id for entry in PAGES}
    shown = html(open_page(str(row.page), "fa", link))
    assert text("fa")("link.title") not in shown


def test_every_service_of_the_overview_is_listed_and_every_customers_service_is_reached() -> None:
    reached = {row.service for row in SITUATIONS.values()}
    services = overview().services.values()
    assert {row.service for row in services if row.for_customers} <= reached
    shown = unescape(html(open_page("guide", "fa", {"list": "services"})))
    for row in services:
        assert text("fa").label("guide_service", row.service) in shown


def test_every_number_of_annex_2_is_on_the_page() -> None:
    shown = unescape(html(open_page("guide", "fa", {"list": "phones"})))
    booklet = contacts()
    assert booklet
    for row in booklet.departments.values():
        assert digits(row.phone, "fa") in shown
    for office in (each for each in places().dealers if each.kind == "office"):
        assert all(digits(phone, "fa") in shown for phone in office.phones)
        assert office.address in shown


def test_every_document_is_in_the_list_and_a_search_cuts_it_down() -> None:
    t = text("fa")
    shown = unescape(html(open_page("guide", "fa", {"list": "documents"})))
    listed = {row.document for row in papers()} | {*documents_for("natural"), *documents_for("legal")}
    for document in listed:
        assert t.label("document", document) in shown
    # Arabic letters, and a space where the page has a half-space
    searched = unescape(html(open_page("guide", "fa", {"list": "documents", "search": "آتش نشانى"})))
    assert t.label("document", "fire_brigade_report") in searched
    assert t.label("document", "theft_report") not in searched
    nothing = html(open_page("guide", "fa", {"list": "documents", "search": "xyz"}))
    assert t("guide.no_document") in nothing


def test_the_level_says_what_the_card_has() -> None:
    link = {"need": "damage", "situation": "collision"}
    covered = html(open_page("guide", "fa", {**link, "level": "two_star"})).partition("kh-pairs")[2]
    assert text("fa").label("cell", "included") in covered
    left_out = html(open_page("guide", "fa", {**link, "level": "mobile"})).partition("kh-pairs")[2]
    assert text("fa").label("cell", "excluded") in left_out


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "overview/brief_review/situations.csv",
            "levels=four_star,dena,",
            "levels=four_star,denna,",
            "not in clauses.toml",
        ),
        ("overview/brief_review/services.csv", "survey,no", "survey,perhaps", "for_customers"),
        ("emdad/ssa005_14/departments.csv", "recall,021", "appointments,021", "stands twice"),
    ],
)
def test_a_damaged_guide_is_refused_with_its_file(
    data_copy: Path, file: str, old: str, new: str, said: str
) -> None:
    changed = (data_copy / file).read_text(encoding="utf-8")
    assert old in changed
    (data_copy / file).write_text(changed.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=said):
        check()
