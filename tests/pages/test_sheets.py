"""Tests of the PDF and the problem report: one A4 page per answer, and text that can be copied in order."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from logic.core.answer import Answer
from logic.core.codes import decode
from logic.core.messages import LANGUAGES, Language
from logic.core.models import Request
from tests.support.page_run import EXAMPLE_LINKS, html, open_page
from ui import assets
from ui.answer import answer_card
from ui.frame.page import Page
from ui.l10n.text import text
from ui.pdf import layout
from ui.pdf.content import MAX_RESULT_CHARS, PrintableAnswer

LONG_STAY = {"admitted": "1403-02-01", "ready": "1403-06-05", "price": "1000000000"}
LINKS = {**EXAMPLE_LINKS, "downtime": LONG_STAY}
SHEET_PAGES = [page for page in LINKS if page not in ("home", "guide", "my_car", "fleet")]
"""The answers of home, the guide, my car and the fleet are not those of one calculator."""
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

MakeSheets = Callable[[str, Language], dict[str, PrintableAnswer]]


@pytest.fixture
def make_sheets(monkeypatch: pytest.MonkeyPatch) -> MakeSheets:
    """Return a function that opens a page and returns its printable answers by calculator."""
    sheets: dict[str, PrintableAnswer] = {}
    original = answer_card.printable_answer

    def record_sheet(page: Page, answer: Answer[Any], request: Request, link: str) -> PrintableAnswer:
        sheet = original(page, answer, request, "https://khodroyar.example" + link)
        sheets[decode(sheet.code)[0]] = sheet
        return sheet

    def open_and_collect(page: str, language: Language) -> dict[str, PrintableAnswer]:
        sheets.clear()
        open_page(page, language, LINKS[page])
        return dict(sheets)

    monkeypatch.setattr(answer_card, "printable_answer", record_sheet)
    return open_and_collect


def extract_text(file: bytes, folder: Path) -> str:
    """Return the text of a PDF as pdftotext extracts it, page by page."""
    path = folder / "sheet.pdf"
    path.write_bytes(file)
    program = shutil.which("pdftotext")
    assert program, "no pdftotext: make test installs it, or says what to install"
    result = subprocess.run([program, path, "-"], capture_output=True, text=True, check=True)
    return result.stdout


def page_count_and_text(file: bytes, folder: Path) -> tuple[int, str]:
    """Return the number of pages of a PDF, and its text without direction marks."""
    text = extract_text(file, folder)
    return text.count("\f"), words(normalize("NFKC", BIDI.sub(" ", text)))


def words(content: str) -> str:
    """Return the words and numbers in order; extraction may add spaces and punctuation between them."""
    return " ".join(re.findall("[\\w\u200c\u0654٬٫,]*\\w[\u0654]?", content.replace(", ", " ")))


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", SHEET_PAGES)
def test_every_answer_is_one_page(
    page: str, language: Language, make_sheets: MakeSheets, tmp_path: Path
) -> None:
    sheets = make_sheets(page, language)
    assert sheets
    for sheet in sheets.values():
        pages, content = page_count_and_text(layout.render_pdf(sheet), tmp_path)
        assert pages == 1
        assert words(text(language)(f"{page}.title")) in content
        assert text(language)("app.name") in content
        assert sheet.code.replace("-", "") in content.replace(" ", "")
        assert "python m logic reproduce" in content
        assert sheet.link.startswith(f"https://khodroyar.example/{page}?")


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", ["share", "downtime"])
def test_a_code_copied_from_a_pdf_can_be_decoded(
    page: str, language: Language, make_sheets: MakeSheets, tmp_path: Path
) -> None:
    for sheet in make_sheets(page, language).values():
        first_group = sheet.code.partition("-")[0]
        lines = extract_text(layout.render_pdf(sheet), tmp_path).splitlines()
        (code,) = (match[0] for line in lines if (match := re.search(rf"\W*{first_group}-.*", line)))
        assert decode(code) == decode(sheet.code)


@pytest.mark.parametrize("fetched", [True, False], ids=["Vazirmatn", "Amiri"])
def test_persian_text_is_copied_in_reading_order(
    make_sheets: MakeSheets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fetched: bool
) -> None:
    for module in (assets, layout):
        monkeypatch.setattr(module, "is_fetched", lambda *_: fetched)
    _, content = page_count_and_text(
        layout.render_pdf(make_sheets("share", "fa")["subscriber_share"]), tmp_path
    )
    for phrase in (
        "شما می‌پردازید",
        "۴۰٬۰۰۰٬۰۰۰",
        "چهار میلیون تومان",
        "گواهینامهٔ راننده (اصل و کپی)",
        "سهم پایهٔ حادثه",
        "این نقش را با دوربین گوشی بخوانید تا همین پاسخ باز شود",
    ):
        assert words(phrase) in content, phrase


def test_a_pdf_contains_the_inputs_steps_and_documents(make_sheets: MakeSheets, tmp_path: Path) -> None:
    sheet = make_sheets("replacement", "en")["vehicle_replacement"]
    _, content = page_count_and_text(layout.render_pdf(sheet), tmp_path)
    assert "128,000,000" in content
    for label, value in sheet.input_summary:
        assert words(value) in content, label
    for line in (*sheet.steps, *sheet.notices):
        assert set(words(line.text).split()) <= set(content.split()), line
        assert words(line.clause) in content
    assert len(sheet.presented.documents) > 10
    assert all(set(words(document).split()) <= set(content.split()) for document in sheet.presented.documents)


@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_omitted_from_a_long_answer_are_counted(
    language: Language, make_sheets: MakeSheets, tmp_path: Path
) -> None:
    sheet = make_sheets("downtime", language)["card_downtime"]
    assert len(sheet.steps) > 40
    pages, content = page_count_and_text(layout.render_pdf(sheet), tmp_path)
    omitted = next(
        count for count in range(1, len(sheet.steps)) if words(sheet.omitted_text(count)) in content
    )
    assert omitted < len(sheet.steps) / 2
    assert pages == 1
    for step in (sheet.steps[0], sheet.steps[-1]):
        assert step.value.split()[0] in content


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stop_compensation_fits_with_both_alternatives(
    language: Language, make_sheets: MakeSheets, tmp_path: Path
) -> None:
    sheet = make_sheets("downtime", language)["stop_compensation"]
    _, content = page_count_and_text(layout.render_pdf(sheet), tmp_path)
    assert len(sheet.readings) == 2
    assert "۱۸۹٬۰۰۰٬۰۰۰" in content or "189,000,000" in content
    assert not any(words(sheet.omitted_text(count)) in content for count in range(len(sheet.steps)))


def test_a_word_longer_than_a_line_is_split() -> None:
    assert layout._split_word("abcdefg", 3) == ["abc", "def", "g"]
    assert layout._split_word("ab", 0) == ["a", "b"]


def test_the_problem_report_contains_request_result_and_link() -> None:
    content, t = html(open_page("share", "en", EXAMPLE_LINKS["share"])), text("en")
    assert t("sheet.wrong") in content
    start = content.index(t("sheet.case"))
    report = content[start : content.index("data-kh-message", start)]
    for fragment in (
        "subscriber_share",
        "damage_rial",
        "subscriber_pays_rial",
        "SSA005",
        "/share?damage=200000000",
    ):
        assert fragment in report, fragment


def test_a_problem_report_is_short_enough_for_a_message() -> None:
    content, t = html(open_page("service", "en", EXAMPLE_LINKS["service"])), text("en")
    start = content.index(t("sheet.case"))
    report = content[start : content.index("data-kh-message", start)]
    assert "…" in report
    assert len(report) < 2.5 * MAX_RESULT_CHARS  # quotation marks are longer in HTML
