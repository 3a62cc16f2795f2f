"""A new row of a maker's guarantee or of the law appears on its page without a change in the code."""

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
@pytest.mark.parametrize(
    ("table", "row", "kind", "field", "link", "count"),
    [
        pytest.param(
            f"{MVM}/warranty_events.csv",
            "raced,related_parts,no,,void_parts",
            "warranty_event",
            "warranty-events",
            {**EXAMPLE_LINKS["warranty"], "tab": "events", "events": "raced"},
            2,  # the working, and the list of all events
            id="event",
        ),
        pytest.param(
            f"{MVM}/limited_parts.csv",
            "propeller,limited,12,1,limited_parts",
            "part",
            "warranty-part",
            {**EXAMPLE_LINKS["warranty"], "tab": "parts", "part": "propeller"},
            2,  # the answer, and the list of all parts
            id="part",
        ),
        pytest.param(
            f"{MVM}/consumables.csv",
            "hydrogen_filter,6,5000,no,notes",
            "consumable",
            "warranty-item",
            {"tab": "consumables", "item": "hydrogen_filter", "changed": "1403-01-01", "since_km": "10000"},
            1,
            id="consumable",
        ),
        pytest.param(
            f"{BYLAW}/repair_guarantees.csv",
            "welding,3,,a23",
            "repair_kind",
            "warranty-kind",
            {"tab": "repair", "kind": "welding", "done": "1405-01-01", "km_since": "10"},
            0,  # the answer does not name the repair
            id="kind of repair",
        ),
        pytest.param(
            f"{BYLAW}/stop_rates.csv",
            "airship,0.003,,a18",
            "vehicle_class",
            "downtime-kind",
            {**EXAMPLE_LINKS["downtime"], "kind": "airship"},
            1,
            id="class of vehicle",
        ),
        pytest.param(
            f"{BYLAW}/deadlines.csv",
            "apology,3,yes,no,a11",
            "deadline_rule",
            "purchase-rule",
            {"task": "deadline", "rule": "apology", "since": "1405-01-01", "acted": "1405-01-04"},
            2,  # the working, and the list of all deadlines
            id="deadline",
        ),
    ],
)
def test_new_id_is_the_last_choice_of_its_page_and_answered(
    data_copy: Path,
    language: Language,
    table: str,
    row: str,
    *,
    kind: str,
    field: str,
    link: dict[str, str],
    count: int,
) -> None:
    add(data_copy, table, row, kind)
    page = field.partition("-")[0]
    app = open_page(page, language, link)
    (choice,) = (widget for widget in (*app.selectbox, *app.button_group) if widget.key == field)
    assert choice.options[-1] == NAMES[language]
    assert html(app).count(NAMES[language]) >= count
    if page == "warranty":
        t = text(language)
        assert t("answer.waiting") not in html(app).partition(t("warranty.more"))[2]


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
