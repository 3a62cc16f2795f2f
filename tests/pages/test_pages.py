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


def test_inputs_can_be_edited_after_a_link_with_unknown_parameters() -> None:
    app = open_page("share", link={"damage": "200000000", "utm_source": "x"})
    for count in range(1, 60):  # the browser may send the first link with every run
        app.text_input(key="share-damage").set_value(str(count)).run()
    assert app.text_input(key="share-damage").value == "59"


def press(app: AppTest, key: str, label: str) -> None:
    (group,) = (group for group in app.button_group if group.key == key)
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


def test_values_of_another_question_are_kept() -> None:
    app = open_page("tyre")
    app.text_input(key="tyre-new_depth").set_value("8").run()
    app.query_params.clear()
    press(app, "tyre-tab", text("fa")("tyre_tab.card"))
    assert "tyre-new_depth" not in {field.key for field in app.text_input}
    press(app, "tyre-tab", text("fa")("tyre_tab.refund"))
    assert app.text_input(key="tyre-new_depth").value == "۸"
    app.text_input(key="tyre-new_depth").set_value("").run()
    press(app, "tyre-tab", text("fa")("tyre_tab.card"))
    press(app, "tyre-tab", text("fa")("tyre_tab.refund"))
    assert app.text_input(key="tyre-new_depth").value == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", SCRIPTS)
def test_every_page_opens_without_parameters(page: str, language: Language) -> None:
    app = open_page(page, language)
    assert text(language)(f"{page}.title") in html(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ANSWERING_PAGES)
def test_every_page_answers_its_example_link_with_clauses(page: str, language: Language) -> None:
    app = open_page(page, language, EXAMPLE_LINKS[page])
    content = html(app)
    assert "kh-chip" in content
    assert text(language)("link.title") not in content


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
@pytest.mark.parametrize("page", CHOICE_FIELDS)
def test_an_invalid_or_unknown_parameter_is_reported(page: str, language: Language) -> None:
    choice = CHOICE_FIELDS[page]
    app = open_page(page, language, {**EXAMPLE_LINKS[page], choice: "no_such_thing", "once_upon_a_time": "1"})
    content, t = html(app), text(language)
    assert t("link.title") in content
    assert t("link.broken", name=choice, value="no_such_thing") in content
    assert t("link.unknown", name="once_upon_a_time") in content


@pytest.mark.parametrize("typed", ["abc", "-5", "10" * 10, "1e3", "۱۲/۵", "<b>5"])
def test_an_unreadable_amount_shows_an_error_and_no_answer(typed: str) -> None:
    app = open_page("share", link=EXAMPLE_LINKS["share"])
    app.text_input(key="share-damage").set_value(typed).run()
    assert not app.exception
    content = html(app)
    assert 'class="kh-error"' in content
    assert text("fa")("answer.unreadable") in content
    assert "kh-answer-figure" not in content
    assert app.text_input(key="share-damage").value == typed


def test_mixed_digits_and_words_are_read_and_repeated_in_words() -> None:
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
    content = html(open_page("share", link={"event": "flood", "level": "one_star"}))
    assert "۲۰٪" in content
    assert text("fa")("share.type_damage") in content


def test_a_level_without_cover_is_an_answer_that_names_its_clause() -> None:
    content = html(open_page("share", link={"level": "mobile", "damage": "5000000"}))
    assert text("fa")("answer.not_covered") in content
    assert text("fa").name_of("refusal", "level_has_no_such_cover") in content


def test_a_remaining_depth_above_the_new_one_is_an_error() -> None:
    app = open_page("tyre", link={**EXAMPLE_LINKS["tyre"], "remaining_depth": "9"})
    assert "بیشتر است" in html(app)
    assert "kh-answer-figure" not in html(app)
    assert app.text_input(key="tyre-remaining_depth").value in ("9", "۹")


def test_thirty_esfand_of_a_common_year_is_an_invalid_parameter() -> None:
    content = html(open_page("tyre", link={**EXAMPLE_LINKS["tyre"], "made": "1404-12-30"}))
    assert text("fa")("link.broken", name="made", value="1404-12-30") in content


def test_a_future_production_date_is_refused() -> None:
    content = html(open_page("levels", link={"produced": "1450-01-01"}))
    assert text("fa")("field.in_the_future") in content


def test_both_readings_are_shown_at_exactly_twenty_percent_wear() -> None:
    content = html(open_page("tyre", link={"new_depth": "10", "remaining_depth": "8", "price": "10000000"}))
    assert "۲٬۰۰۰٬۰۰۰" in content
    assert text("fa")("answer.other_reading", said=text("fa")("tyre.free")) in content


def test_markup_in_a_link_is_shown_as_text() -> None:
    evil = "<img src=x onerror=alert(1)>"
    content = html(open_page("share", link={"level": evil, "<script>": "1"}))
    assert "<img" not in content
    assert "<script>" not in content


def test_two_visitors_see_their_own_language() -> None:
    persian, english = open_page("share", "fa"), open_page("share", "en")
    persian.run()
    assert text("fa")("share.title") in html(persian)
    assert text("en")("share.title") in html(english)


GUARANTEE_LINKS = {
    "parts": {"part": "battery"},
    "consumables": {"item": "coolant", "changed": "1403-01-01", "since_km": "10000"},
    "events": {},
    "repair": {"kind": "part", "done": "1403-01-01", "km_since": "10000"},
    "stop": {"stop_hours": "49", "stop_days": "3"},
    "new_car": {"safety": "yes", "repairs": "3"},
}


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("maker", ["mvm_fx", "bahman"])
@pytest.mark.parametrize("tab", GUARANTEE_LINKS)
def test_each_further_question_of_the_guarantee_is_answered(tab: str, maker: str, language: Language) -> None:
    link = {**EXAMPLE_LINKS["warranty"], "maker": maker, "tab": tab, **GUARANTEE_LINKS[tab]}
    app = open_page("warranty", language, link)
    content, t = html(app), text(language)
    assert t("link.title") not in content
    assert t("answer.waiting") not in content
    assert "kh-answer" in content.partition(t("warranty.more"))[2] or tab == "events"


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ANSWERING_PAGES)
def test_every_choice_of_every_field_gets_an_answer(page: str, language: Language) -> None:
    """Select every option of one field at a time, and expect no exception."""
    for key in [str(widget.key) for widget in open_page(page, language, EXAMPLE_LINKS[page]).selectbox]:
        app = open_page(page, language, EXAMPLE_LINKS[page])  # a choice may remove another field
        for index, option in enumerate(app.selectbox(key=key).options):
            app.selectbox(key=key).select_index(index).run()
            assert not app.exception, (key, index, [exception.value for exception in app.exception])
            assert app.selectbox(key=key).format_func(app.selectbox(key=key).value) == option


def test_the_share_page_offers_every_level() -> None:
    app = open_page("share")
    assert len(app.selectbox(key="share-level").options) == len(Level)


def test_an_empty_field_shows_a_prompt_and_no_answer() -> None:
    content = html(open_page("tyre", link={"new_depth": "8", "remaining_depth": "4"}))
    assert text("fa")("answer.waiting") in content
    assert "kh-answer-figure" not in content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("51.4, 35.7", "coordinates_swapped"),
        ("48.8, 2.3", "outside_iran"),
        ("۵۱٫۴، ۳۵٫۷", "coordinates_swapped"),
    ],
)
def test_swapped_coordinates_or_a_point_outside_iran_show_an_error(
    typed: str, code: str, language: Language
) -> None:
    app = open_page("dealers", language)
    app.text_input(key="dealers-point").set_value(typed).run()
    assert message(code)[language] in unescape(html(app))
    assert app.text_input(key="dealers-point").value == typed


def test_a_document_without_a_text_is_shown_by_its_id() -> None:
    assert text("fa").name_or_id("document", "loan_contract") == "loan contract"
