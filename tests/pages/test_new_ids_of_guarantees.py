"""A new row of a maker's guarantee or of the law appears on its page by itself."""

from pathlib import Path

import pytest

from logic.core.messages import LANGUAGES, Language
from tests.support.data_edits import appended
from tests.support.page_run import EXAMPLE_LINKS, html, open_page
from ui.l10n.text import text

MVM, BYLAW = "mvm_fx/guarantee_booklet", "bylaw/bylaw_1395"
NAMES = {"fa": "تازه‌وارد", "en": "Newcomer"}


def add(data: Path, table: str, row: str, kind: str) -> None:
    """Append a row to a table, and the label of its id to the edition."""
    appended(table, f"{row}\n")(data)
    texts = "".join(f'{language} = "{name}"\n' for language, name in NAMES.items())
    labels = Path(table).with_name("labels.toml")
    appended(labels, f"\n[{kind}.{row.partition(',')[0]}]\n{texts}")(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_event_appears_on_the_guarantee_page(data_copy: Path, language: Language) -> None:
    add(data_copy, f"{MVM}/warranty_events.csv", "raced,related_parts,no,,void_parts", "warranty_event")
    link = {**EXAMPLE_LINKS["warranty"], "tab": "events", "events": "raced"}
    app = open_page("warranty", language, link)
    assert app.button_group(key="warranty-events").options[-1] == NAMES[language]
    assert html(app).count(NAMES[language]) > 1  # the working, and the list of all events


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_part_appears_on_the_guarantee_page(data_copy: Path, language: Language) -> None:
    add(data_copy, f"{MVM}/limited_parts.csv", "propeller,limited,12,1,limited_parts", "part")
    link = {**EXAMPLE_LINKS["warranty"], "tab": "parts", "part": "propeller"}
    app = open_page("warranty", language, link)
    assert app.selectbox(key="warranty-part").options[-1] == NAMES[language]
    assert html(app).count(NAMES[language]) > 1  # the answer, and the list of all parts


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_consumable_appears_on_the_guarantee_page(data_copy: Path, language: Language) -> None:
    add(data_copy, f"{MVM}/consumables.csv", "hydrogen_filter,6,5000,no,notes", "consumable")
    link = {"tab": "consumables", "item": "hydrogen_filter", "changed": "1403-01-01", "since_km": "10000"}
    app = open_page("warranty", language, link)
    assert app.selectbox(key="warranty-item").options[-1] == NAMES[language]
    assert NAMES[language] in html(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_kind_of_repair_appears_on_the_guarantee_page(data_copy: Path, language: Language) -> None:
    add(data_copy, f"{BYLAW}/repair_guarantees.csv", "welding,3,,a23", "repair_kind")
    link = {"tab": "repair", "kind": "welding", "done": "1405-01-01", "km_since": "10"}
    app = open_page("warranty", language, link)
    assert app.button_group(key="warranty-kind").options[-1] == NAMES[language]
    assert text(language)("answer.waiting") not in html(app).partition(text(language)("warranty.more"))[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_class_of_vehicle_appears_on_the_page_of_stops(data_copy: Path, language: Language) -> None:
    add(data_copy, f"{BYLAW}/stop_rates.csv", "airship,0.003,,a18", "vehicle_class")
    app = open_page("downtime", language, {**EXAMPLE_LINKS["downtime"], "kind": "airship"})
    assert app.selectbox(key="downtime-kind").options[-1] == NAMES[language]
    assert NAMES[language] in html(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_deadline_appears_on_the_purchase_page(data_copy: Path, language: Language) -> None:
    add(data_copy, f"{BYLAW}/deadlines.csv", "apology,3,yes,no,a11", "deadline_rule")
    link = {"task": "deadline", "rule": "apology", "since": "1405-01-01", "acted": "1405-01-04"}
    app = open_page("purchase", language, link)
    assert app.selectbox(key="purchase-rule").options[-1] == NAMES[language]
    assert html(app).count(NAMES[language]) > 1  # the working, and the list of all deadlines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", ["delay", "terms", "profit"])
def test_a_new_method_of_sale_appears_on_the_purchase_page(
    data_copy: Path, task: str, language: Language
) -> None:
    add(data_copy, f"{BYLAW}/sale_methods.csv", "barter,30,1,60,2,yes,fixed,3,yes,yes,a4", "method")
    link = {**EXAMPLE_LINKS["purchase"], "task": task, "method": "barter", "deposited": "1404-01-01"}
    app = open_page("purchase", language, link)
    assert app.selectbox(key="purchase-method").options[-1] == NAMES[language]
    assert NAMES[language] in html(app)
    if task == "terms":
        assert {"purchase-imported"} <= {str(box.key) for box in app.checkbox}
        assert {"purchase-delivery_days"} <= {str(box.key) for box in app.text_input}
