"""A bug in a calculator or page is reported on the page: no exception box, and no field loses its value."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from logic.core.messages import LANGUAGES, Language
from tests.support.bugs import VISITOR_INPUT, answers_with_a_bug, fail
from tests.support.page_run import EXAMPLE_LINKS, SCRIPTS, html, open_page, run_page
from ui.frame.navigation import CALCULATORS_OF_PAGE
from ui.frame.page import Page
from ui.frame.url_state import UrlState
from ui.l10n.text import text

PAGE_CALCULATORS = {entry.id: names for entry, names in CALCULATORS_OF_PAGE.items()}


def fields_of(app: AppTest) -> dict[str, object]:
    """Return the values of a page's fields by key."""
    kinds = ("text_input", "selectbox", "toggle", "checkbox", "button_group", "bidi_component")
    return {
        str(widget.key): widget.value
        for kind in kinds
        for widget in app.get(kind)
        if getattr(widget, "key", None) and hasattr(widget, "value")
    }


def assert_reported(app: AppTest, faults: list[Exception], log: str, language: Language = "fa") -> None:
    """Fail unless the page reports each fault with an id from the log, which has nothing of the visitor's input."""
    assert not app.exception
    content = html(app)
    ids = re.findall(r"<bdi>([0-9a-f]{8})</bdi>", content)
    assert ids
    assert len(ids) <= len(faults)
    for fault in ids:
        assert f"fault {fault} in " in log
    assert text(language)("our_fault.title") in content
    assert text(language)("our_fault.what_to_do") in content
    assert VISITOR_INPUT not in log
    assert VISITOR_INPUT not in content
    faults.clear()


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", PAGE_CALCULATORS)
def test_a_bug_in_a_calculator_keeps_the_fields_and_the_footer(
    page: str,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    faults: list[Exception],
) -> None:
    before = fields_of(open_page(page, language, EXAMPLE_LINKS[page]))
    assert before
    monkeypatch.setattr("logic.core.registry.Answer", answers_with_a_bug(*PAGE_CALCULATORS[page]))
    app = run_page(page, language, EXAMPLE_LINKS[page])
    assert_reported(app, faults, caplog.text, language)
    assert fields_of(app) == before
    assert text(language)("app.basis") in html(app)
    assert text(language)(f"{page}.title") in html(app)


@pytest.mark.parametrize("page", SCRIPTS)
def test_a_bug_in_a_page_is_reported_above_the_page(
    page: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    monkeypatch.setattr(Page, "two_columns", fail)
    monkeypatch.setattr("streamlit.columns", fail)
    app = run_page(page, link=EXAMPLE_LINKS[page])
    assert_reported(app, faults, caplog.text)
    assert text("fa")("app.basis") in html(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("broken", ["streamlit.navigation", "streamlit.logo", "ui.frame.page.sync_browser"])
def test_a_bug_outside_the_pages_is_reported(
    broken: str,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    faults: list[Exception],
) -> None:
    monkeypatch.setattr(broken, fail)
    assert_reported(run_page("home", language), faults, caplog.text, language)


def test_a_bug_in_an_input_keeps_later_fields_in_the_link(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    written: list[dict[str, str]] = []
    query = UrlState.query

    def record_values(link: UrlState) -> str:
        written.append(dict(link._values))
        return query(link)

    monkeypatch.setattr(UrlState, "query", record_values)
    with monkeypatch.context() as bugs:
        bugs.setattr("logic.card.subscriber_share.damage_exclusions", fail)
        app = run_page("share", link=EXAMPLE_LINKS["share"])
        assert_reported(app, faults, caplog.text)
        assert written[-1] == EXAMPLE_LINKS["share"]
        assert "kh-note" not in html(app).replace(
            "kh-note kh-fault", ""
        )  # no parameter is reported as unknown
    app.run()
    assert not app.exception
    assert "kh-fault" not in html(app)
    assert written[-1] == EXAMPLE_LINKS["share"]


def test_a_bug_for_one_fleet_car_is_an_error_of_its_row(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    monkeypatch.setattr("logic.core.registry.Answer", answers_with_a_bug("subscriber_share"))
    app = open_page("fleet", link={"sample": "yes"})  # one of the sample's cars has no level, so no share
    content = html(app)
    assert content.count("<tr class=") == 1
    fault = caplog.text.split("fault ")[1].split()[0]
    assert fault in content
    assert VISITOR_INPUT not in caplog.text
    assert len(faults) == 4
    faults.clear()


def test_a_bug_in_a_dialog_is_reported_and_keeps_the_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    app = open_page("share", link=EXAMPLE_LINKS["share"])
    monkeypatch.setattr("ui.answer.answer_card._explain_levels", fail)
    app.button(key="share-which").click().run()
    assert_reported(app, faults, caplog.text)
    assert "kh-answer-figure" in html(app)


def test_a_bug_in_a_callback_is_reported_and_fields_are_kept(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    app = open_page("my_car", link=EXAMPLE_LINKS["my_car"])
    before = fields_of(app)
    monkeypatch.setattr(UrlState, "clear", fail)
    app.button(key="forget").click().run()
    assert_reported(app, faults, caplog.text)
    assert fields_of(app) == before


def test_control_flow_of_streamlit_is_not_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.views.share.render_headline", lambda *_, **__: __import__("streamlit").stop())
    app = run_page("share", link=EXAMPLE_LINKS["share"])
    assert not app.exception
    assert "kh-fault" not in html(app)
    assert text("fa")("app.basis") not in html(app)  # the page was stopped before its footer
