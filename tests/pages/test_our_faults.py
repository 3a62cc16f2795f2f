"""A bug in a calculator or in a page is said on the page, which goes on: no exception box, no lost field."""

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

ANSWERING = {entry.id: names for entry, names in CALCULATORS_OF_PAGE.items()}


def fields_of(app: AppTest) -> dict[str, object]:
    """Return the values of a page's fields by key."""
    kinds = ("text_input", "selectbox", "toggle", "checkbox", "button_group", "bidi_component")
    return {
        str(widget.key): widget.value
        for kind in kinds
        for widget in app.get(kind)
        if getattr(widget, "key", None) and hasattr(widget, "value")
    }


def assert_said(app: AppTest, faults: list[Exception], log: str, language: Language = "fa") -> None:
    """Fail unless the page says each fault with its id, which is in the log with nothing that was typed."""
    assert not app.exception
    shown = html(app)
    ids = re.findall(r"<bdi>([0-9a-f]{8})</bdi>", shown)
    assert ids
    assert len(ids) <= len(faults)
    for fault in ids:
        assert f"fault {fault} in " in log
    assert text(language)("our_fault.title") in shown
    assert text(language)("our_fault.what_to_do") in shown
    assert VISITOR_INPUT not in log
    assert VISITOR_INPUT not in shown
    faults.clear()


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", ANSWERING)
def test_a_bug_in_a_calculator_leaves_every_field_and_the_foot(
    page: str,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    faults: list[Exception],
) -> None:
    before = fields_of(open_page(page, language, EXAMPLE_LINKS[page]))
    assert before
    monkeypatch.setattr("logic.core.registry.Answer", answers_with_a_bug(*ANSWERING[page]))
    app = run_page(page, language, EXAMPLE_LINKS[page])
    assert_said(app, faults, caplog.text, language)
    assert fields_of(app) == before
    assert text(language)("app.basis") in html(app)
    assert text(language)(f"{page}.title") in html(app)


@pytest.mark.parametrize("page", SCRIPTS)
def test_a_bug_anywhere_in_a_page_is_said_above_it(
    page: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    monkeypatch.setattr(Page, "two_columns", fail)
    monkeypatch.setattr("streamlit.columns", fail)
    app = run_page(page, link=EXAMPLE_LINKS[page])
    assert_said(app, faults, caplog.text)
    assert text("fa")("app.basis") in html(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("broken", ["streamlit.navigation", "streamlit.logo", "ui.frame.page.sync_browser"])
def test_a_bug_outside_the_pages_is_said_too(
    broken: str,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    faults: list[Exception],
) -> None:
    monkeypatch.setattr(broken, fail)
    assert_said(run_page("home", language), faults, caplog.text, language)


def test_fields_behind_a_bug_among_the_inputs_keep_their_value_in_the_link(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    written: list[dict[str, str]] = []
    query = UrlState.query

    def recorded(link: UrlState) -> str:
        written.append(dict(link._values))
        return query(link)

    monkeypatch.setattr(UrlState, "query", recorded)
    with monkeypatch.context() as bugs:
        bugs.setattr("logic.card.subscriber_share.damage_exclusions", fail)
        app = run_page("share", link=EXAMPLE_LINKS["share"])
        assert_said(app, faults, caplog.text)
        assert written[-1] == EXAMPLE_LINKS["share"]
        assert "kh-note" not in html(app).replace("kh-note kh-fault", "")  # no parameter is called unknown
    app.run()
    assert not app.exception
    assert "kh-fault" not in html(app)
    assert written[-1] == EXAMPLE_LINKS["share"]


def test_a_bug_for_one_car_of_a_fleet_is_an_error_of_its_row(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    monkeypatch.setattr("logic.core.registry.Answer", answers_with_a_bug("subscriber_share"))
    app = open_page("fleet", link={"sample": "yes"})  # one of the sample's cars has no level, so no share
    shown = html(app)
    assert shown.count("<tr class=") == 1
    fault = caplog.text.split("fault ")[1].split()[0]
    assert fault in shown
    assert VISITOR_INPUT not in caplog.text
    assert len(faults) == 4
    faults.clear()


def test_a_bug_in_a_dialog_is_said_and_the_page_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    app = open_page("share", link=EXAMPLE_LINKS["share"])
    monkeypatch.setattr("ui.answer.answer_card._explain_levels", fail)
    app.button(key="share-which").click().run()
    assert_said(app, faults, caplog.text)
    assert "kh-num" in html(app)


def test_a_bug_in_a_callback_is_said_and_the_page_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, faults: list[Exception]
) -> None:
    app = open_page("my_car", link=EXAMPLE_LINKS["my_car"])
    before = fields_of(app)
    monkeypatch.setattr(UrlState, "clear", fail)
    app.button(key="forget").click().run()
    assert_said(app, faults, caplog.text)
    assert fields_of(app) == before


def test_streamlits_control_flow_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.views.share.render_headline", lambda *_, **__: __import__("streamlit").stop())
    app = run_page("share", link=EXAMPLE_LINKS["share"])
    assert not app.exception
    assert "kh-fault" not in html(app)
    assert text("fa")("app.basis") not in html(app)  # the page was stopped before its foot
