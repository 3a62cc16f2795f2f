"""Markup in links, fields, data and PDFs is shown as text."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from logic.core.settings import settings
from logic.dealers.nearest_dealers import NearestDealersRequest, nearest_dealers
from tests.support.page_run import EXAMPLE_LINKS, assert_no_exception, html, open_page
from tools.harness.hostile_input import MARKUP
from ui.frame.url_state import UrlState
from ui.l10n.text import text
from ui.map import dealers_map as map_view
from ui.pdf import layout
from ui.pdf.content import PresentedAnswer, PrintableAnswer, Table

NEAREST_DEALER_OF_SHIRAZ = "دل افکار"


@pytest.fixture
def parameters_read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Collect the names of all parameters that pages look up in their links."""
    names: set[str] = set()
    bind = UrlState.bind

    def record_name(link: UrlState, name: str, *args: Any, **options: Any) -> None:  # noqa: ANN401 - passed on
        names.add(name)
        bind(link, name, *args, **options)

    monkeypatch.setattr(UrlState, "bind", record_name)
    return names


def assert_no_markup(app: AppTest) -> None:
    """Fail if the page contains an element or attribute from the visitor's input."""
    content = html(app)
    assert "<img" not in content
    assert "<script" not in content
    assert not re.search(r"<[^>]*\sonerror=", content)


@pytest.mark.parametrize("page", EXAMPLE_LINKS)
def test_markup_in_any_parameter_and_field_is_shown_as_text(page: str, parameters_read: set[str]) -> None:
    open_page(page, link=EXAMPLE_LINKS[page])
    names = sorted(parameters_read) or ["no_page"]
    assert "no_page" in names or len(names) >= len(EXAMPLE_LINKS[page])
    app = open_page(page, link=dict.fromkeys(names, MARKUP))
    assert_no_markup(app)
    for entry in app.text_input:
        entry.set_value(MARKUP)
    app.run()
    assert_no_exception(app)
    assert_no_markup(app)


@pytest.mark.parametrize(
    "state",
    [
        {"day": ["SECRET", 1, 1]}, {"day": [10**30, 1, 1]}, {"day": [1, 2]}, {"day": "x"}, {"day": None}, {}, "x", None,
        {"day": [1403, 13, 40]}, {"day": [[], {}, 1]}, {"day": ["۱۴۰۳", "1", "1"]},
    ],
)  # fmt: skip
def test_a_forged_state_of_a_date_raises_no_error(state: object) -> None:
    app = open_page("tyre", link=EXAMPLE_LINKS["tyre"])
    app.session_state["tyre-made"] = state
    app.run()
    assert_no_exception(app)
    assert "SECRET" not in html(app)


def test_markup_is_text_on_a_printed_answer(tmp_path: Path) -> None:
    presented = PresentedAnswer(
        MARKUP, MARKUP, MARKUP, MARKUP, tables=[Table(MARKUP, [[MARKUP, MARKUP]], [MARKUP, MARKUP])]
    )
    labels = (
        "app", "created", "inputs", "steps", "documents", "confirm", "scan", "code", "reproduce", "editions", "basis",
    )  # fmt: skip
    link = f"javascript:alert(1)//{MARKUP}"
    sheet = PrintableAnswer(
        "en", MARKUP, [(MARKUP, MARKUP)], presented, [], [], [], "CODE", link, dict.fromkeys(labels, "x"),
        lambda count: f"{count}",
    )  # fmt: skip
    file = tmp_path / "sheet.pdf"
    file.write_bytes(layout.render_pdf(sheet))
    assert not re.search(rb"/(JavaScript|JS|URI|Launch|AA)\b", file.read_bytes())
    program = shutil.which("pdftotext")
    assert program, "no pdftotext: make test installs it, or says what to install"
    pdf_text = subprocess.run([program, file, "-"], capture_output=True, text=True, check=True).stdout
    assert "onerror" in pdf_text


def test_markup_in_a_dealers_name_is_text_on_the_map(data_copy: Path) -> None:
    file = data_copy / "mvm_fx" / "guarantee_booklet" / "dealers.csv"
    script = "</script><script>window.khRun='yes'</script>`+${khRun}\\"
    file.write_text(file.read_text().replace(NEAREST_DEALER_OF_SHIRAZ, script))
    result = nearest_dealers(NearestDealersRequest(city="shiraz")).result
    assert result.dealers[0].name == script
    origin = (result.origin.lat, result.origin.lon, "<script>window.khRun")
    document = map_view._document(text("fa"), "light", settings(), result.dealers, origin)
    assert "khRun" in document
    assert "<script>window" not in document
    assert "`+" not in document
    assert "${" not in document
    assert_no_markup(open_page("dealers", link={"city": "shiraz"}))
