"""Every page in both languages through the router, as Streamlit runs it."""

from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from logic.core.messages import LANGUAGES, Language, message
from logic.core.models import Level
from tests.support.page_run import (
    ANSWERING_PAGES,
    CHOICE_FIELDS,
    EXAMPLE_LINKS,
    SCRIPTS,
    assert_no_exception,
    html,
    open_page,
)
from ui.frame.navigation import HOME
from ui.l10n.text import text


def test_every_page_but_home_has_an_example_link() -> None:
    assert set(EXAMPLE_LINKS) == set(SCRIPTS)
    assert [page for page, link in EXAMPLE_LINKS.items() if not link] == [HOME.id]


def test_a_link_that_the_page_would_write_otherwise_does_not_hold_the_inputs_fast() -> None:
    app = open_page("share", link={"damage": "200000000", "utm_source": "x"})
    for count in range(1, 60):  # the browser may send the first link with every run
        app.text_input(key="share-damage").set_value(str(count)).run()
    assert app.text_input(key="share-damage").value == "59"


def press(app: AppTest, key: str, label: str) -> None:
    (group,) = (each for each in app.button_group if each.key == key)
    group.set_value(label).run()
    assert_no_exception(app)


@pytest.mark.parametrize("version", [{}, {"v": "1"}])
@pytest.mark.parametrize(
    ("page", "tab"), [("replacement", "theft"), ("tyre", "card"), ("warranty", "consumables")]
)
def test_a_link_of_version_one_opens_its_question(page: str, tab: str, version: dict[str, str]) -> None:
    maker = {"maker": "bahman"} if page == "warranty" else {}
    app = open_page(page, link={"door": tab, **maker, **version})
    assert app.session_state[f"{page}-tab"] == tab
    assert text("fa")("link.title") not in html(app)


def test_what_was_typed_for_another_question_is_still_there_on_the_way_back() -> None:
    app = open_page("tyre")
    app.text_input(key="tyre-new_depth").set_value("8").run()
    app.query_params.clear()
    press(app, "tyre-tab", text("fa")("tyre_tab.card"))
    assert "tyre-new_depth" not in {each.key for each in app.text_input}
    press(app, "tyre-tab", text("fa")("tyre_tab.refund"))
    assert app.text_input(key="tyre-new_depth").value == "۸"
    app.text_input(key="tyre-new_depth").set_value("").run()
    press(app, "tyre-tab", text("fa")("tyre_tab.card"))
    press(app, "tyre-tab", text("fa")("tyre_tab.refund"))
    assert app.text_input(key="tyre-new_depth").value == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", SCRIPTS)
def test_every_page_opens_bare(page: str, language: Language) -> None:
    app = open_page(page, language)
    assert text(language)(f"{page}.title") in html(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ANSWERING_PAGES)
def test_every_page_answers_its_link_with_clauses(page: str, language: Language) -> None:
    app = open_page(page, language, EXAMPLE_LINKS[page])
    shown = html(app)
    assert "kh-chip" in shown
    assert text(language)("link.title") not in shown


@pytest.mark.parametrize(
    ("page", "figure"),
    [
        ("share", "۴۰٬۰۰۰٬۰۰۰"),
        ("service", "۳۰٬۰۰۰"),
        ("tyre", "۵٬۰۰۰٬۰۰۰"),
        ("levels", "۱۵۰٬۰۰۰"),
        ("replacement", "۱۲۸٬۰۰۰٬۰۰۰"),
        ("downtime", "۳٬۰۰۰٬۰۰۰"),
    ],
)
def test_the_figure_of_a_worked_example_is_on_the_page(page: str, figure: str) -> None:
    assert figure in html(open_page(page, link=EXAMPLE_LINKS[page]))


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", ANSWERING_PAGES)
def test_a_broken_or_old_parameter_is_said_and_the_page_still_stands(page: str, language: Language) -> None:
    choice = CHOICE_FIELDS[page]
    app = open_page(page, language, {**EXAMPLE_LINKS[page], choice: "no_such_thing", "once_upon_a_time": "1"})
    shown, t = html(app), text(language)
    assert t("link.title") in shown
    assert t("link.broken", name=choice, value="no_such_thing") in shown
    assert t("link.unknown", name="once_upon_a_time") in shown


@pytest.mark.parametrize("typed", ["abc", "-5", "10" * 10, "1e3", "۱۲/۵", "<b>5"])
def test_an_unreadable_amount_is_said_at_the_field_and_no_answer_stays(typed: str) -> None:
    app = open_page("share", link=EXAMPLE_LINKS["share"])
    app.text_input(key="share-damage").set_value(typed).run()
    assert not app.exception
    shown = html(app)
    assert 'class="kh-error"' in shown
    assert text("fa")("answer.unreadable") in shown
    assert "kh-num" not in shown
    assert app.text_input(key="share-damage").value == typed


def test_mixed_digits_and_words_are_understood_and_said_back() -> None:
    app = open_page("share")
    app.text_input(key="share-damage").set_value("۲ میلیون تومان").run()
    assert "بیست میلیون ریال، برابر دو میلیون تومان" in html(app)


def test_an_ambiguous_amount_offers_its_readings() -> None:
    app = open_page("share")
    app.text_input(key="share-damage").set_value("۲ میلیون و ۵۰۰").run()
    app.button(key="share-damage-reading-0").click().run()
    assert app.text_input(key="share-damage").value == "۲٬۵۰۰٬۰۰۰"
    assert not app.exception


def test_without_a_damage_the_share_in_percent_is_the_answer() -> None:
    shown = html(open_page("share", link={"event": "flood", "level": "one_star"}))
    assert "۲۰٪" in shown
    assert text("fa")("share.type_damage") in shown


def test_a_level_without_cover_is_an_answer_that_names_its_clause() -> None:
    shown = html(open_page("share", link={"level": "mobile", "damage": "5000000"}))
    assert text("fa")("answer.not_covered") in shown
    assert text("fa").name_of("refusal", "level_has_no_such_cover") in shown


def test_a_remaining_depth_above_the_new_one_is_said_and_nothing_is_lost() -> None:
    app = open_page("tyre", link={**EXAMPLE_LINKS["tyre"], "remaining_depth": "9"})
    assert "بیشتر است" in html(app)
    assert "kh-num" not in html(app)
    assert app.text_input(key="tyre-remaining_depth").value in ("9", "۹")


def test_thirty_esfand_of_a_common_year_in_a_link_is_said() -> None:
    shown = html(open_page("tyre", link={**EXAMPLE_LINKS["tyre"], "made": "1404-12-30"}))
    assert text("fa")("link.broken", name="made", value="1404-12-30") in shown


def test_a_day_to_come_is_refused_as_a_production_date() -> None:
    shown = html(open_page("levels", link={"produced": "1450-01-01"}))
    assert text("fa")("field.in_the_future") in shown


def test_both_readings_at_exactly_twenty_percent_wear() -> None:
    shown = html(open_page("tyre", link={"new_depth": "10", "remaining_depth": "8", "price": "10000000"}))
    assert "۲٬۰۰۰٬۰۰۰" in shown
    assert text("fa")("answer.other_reading", said=text("fa")("tyre.free")) in shown


def test_markup_in_a_link_is_shown_as_text() -> None:
    evil = "<img src=x onerror=alert(1)>"
    shown = html(open_page("share", link={"level": evil, "<script>": "1"}))
    assert "<img" not in shown
    assert "<script>" not in shown


def test_two_visitors_in_two_languages_do_not_meet() -> None:
    persian, english = open_page("share", "fa"), open_page("share", "en")
    persian.run()
    assert text("fa")("share.title") in html(persian)
    assert text("en")("share.title") in html(english)


GUARANTEE = {
    "parts": {"part": "battery"},
    "consumables": {"item": "coolant", "changed": "1403-01-01", "since_km": "10000"},
    "events": {},
    "repair": {"kind": "part", "done": "1403-01-01", "km_since": "10000"},
    "stop": {"stop_hours": "49", "stop_days": "3"},
    "new_car": {"safety": "yes", "repairs": "3"},
}


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("maker", ["mvm_fx", "bahman"])
@pytest.mark.parametrize("tab", GUARANTEE)
def test_each_further_question_of_the_guarantee_has_its_answer(
    tab: str, maker: str, language: Language
) -> None:
    link = {**EXAMPLE_LINKS["warranty"], "maker": maker, "tab": tab, **GUARANTEE[tab]}
    app = open_page("warranty", language, link)
    shown, t = html(app), text(language)
    assert t("link.title") not in shown
    assert t("answer.waiting") not in shown
    assert "kh-answer" in shown.partition(t("warranty.more"))[2] or tab == "events"


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ANSWERING_PAGES)
def test_every_choice_of_every_field_gets_an_answer(page: str, language: Language) -> None:
    """One field at a time: every level, event, car, cause … without an exception."""
    for key in [str(widget.key) for widget in open_page(page, language, EXAMPLE_LINKS[page]).selectbox]:
        app = open_page(page, language, EXAMPLE_LINKS[page])  # what one field chose may take another away
        for place, option in enumerate(app.selectbox(key=key).options):
            app.selectbox(key=key).select_index(place).run()
            assert not app.exception, (key, place, [each.value for each in app.exception])
            assert app.selectbox(key=key).format_func(app.selectbox(key=key).value) == option


def test_the_share_page_offers_every_level() -> None:
    app = open_page("share")
    assert len(app.selectbox(key="share-level").options) == len(Level)


def test_an_empty_field_asks_for_its_number_and_shows_no_answer() -> None:
    shown = html(open_page("tyre", link={"new_depth": "8", "remaining_depth": "4"}))
    assert text("fa")("answer.waiting") in shown
    assert "kh-num" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("51.4, 35.7", "coordinates_swapped"),
        ("48.8, 2.3", "outside_iran"),
        ("۵۱٫۴، ۳۵٫۷", "coordinates_swapped"),
    ],
)
def test_a_point_that_is_swapped_or_outside_iran_is_said_at_the_field(
    typed: str, code: str, language: Language
) -> None:
    app = open_page("dealers", language)
    app.text_input(key="dealers-point").set_value(typed).run()
    assert message(code)[language] in unescape(html(app))
    assert app.text_input(key="dealers-point").value == typed


def test_a_new_booklets_document_without_a_text_is_shown_by_its_own_name() -> None:
    assert text("fa").name_or_id("document", "loan_contract") == "loan contract"
