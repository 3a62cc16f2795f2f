"""Sheets: any answer on one page of A4, its Persian copied out in order, and nothing that the page does not say."""

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
SHEETS = [page for page in LINKS if page not in ("home", "guide", "my_car", "fleet")]
"""The answers of home, the guide, my car and the fleet are not those of one calculator."""
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Made = Callable[[str, Language], dict[str, PrintableAnswer]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """The sheets that a page offers, by calculator, without waiting for a tap."""
    found: dict[str, PrintableAnswer] = {}
    original = answer_card.printable_answer

    def noting(page: Page, shown: Answer[Any], request: Request, link: str) -> PrintableAnswer:
        sheet = original(page, shown, request, "https://khodroyar.example" + link)
        found[decode(sheet.code)[0]] = sheet
        return sheet

    def make(page: str, language: Language) -> dict[str, PrintableAnswer]:
        found.clear()
        open_page(page, language, LINKS[page])
        return dict(found)

    monkeypatch.setattr(answer_card, "printable_answer", noting)
    return make


def copied(file: bytes, folder: Path) -> str:
    """The text of a PDF as a reader copies it, page by page."""
    path = folder / "sheet.pdf"
    path.write_bytes(file)
    program = shutil.which("pdftotext")
    assert program, "no pdftotext: make test installs it, or says what to install"
    done = subprocess.run([program, path, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def read(file: bytes, folder: Path) -> tuple[int, str]:
    """How many pages a PDF has, and its text as a reader copies it, without marks of direction."""
    text = copied(file, folder)
    return text.count("\f"), words(normalize("NFKC", BIDI.sub(" ", text)))


def words(said: str) -> str:
    """The words and numbers in their order; a copier may set spaces and points of its own between them."""
    return " ".join(re.findall("[\\w\u200c\u0654٬٫,]*\\w[\u0654]?", said.replace(", ", " ")))


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", SHEETS)
def test_every_answer_is_one_page(page: str, language: Language, made: Made, tmp_path: Path) -> None:
    sheets = made(page, language)
    assert sheets
    for sheet in sheets.values():
        pages, said = read(layout.render_pdf(sheet), tmp_path)
        assert pages == 1
        assert words(text(language)(f"{page}.title")) in said
        assert text(language)("app.name") in said
        assert sheet.code.replace("-", "") in said.replace(" ", "")
        assert "python m logic reproduce" in said
        assert sheet.link.startswith(f"https://khodroyar.example/{page}?")


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", ["share", "downtime"])
def test_a_code_copied_out_of_a_sheet_is_read(
    page: str, language: Language, made: Made, tmp_path: Path
) -> None:
    for sheet in made(page, language).values():
        first_group = sheet.code.partition("-")[0]
        lines = copied(layout.render_pdf(sheet), tmp_path).splitlines()
        (code,) = (found[0] for line in lines if (found := re.search(rf"\W*{first_group}-.*", line)))
        assert decode(code) == decode(sheet.code)


@pytest.mark.parametrize("fetched", [True, False], ids=["Vazirmatn", "Amiri"])
def test_persian_copies_out_in_its_order(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fetched: bool
) -> None:
    for module in (assets, layout):
        monkeypatch.setattr(module, "is_fetched", lambda *_: fetched)
    _, said = read(layout.render_pdf(made("share", "fa")["subscriber_share"]), tmp_path)
    for phrase in (
        "شما می‌پردازید",
        "۴۰٬۰۰۰٬۰۰۰",
        "چهار میلیون تومان",
        "گواهینامهٔ راننده (اصل و کپی)",
        "سهم پایهٔ حادثه",
        "این نقش را با دوربین گوشی بخوانید تا همین پاسخ باز شود",
    ):
        assert words(phrase) in said, phrase


def test_a_sheet_says_what_was_asked_and_how_it_was_worked_out(made: Made, tmp_path: Path) -> None:
    sheet = made("replacement", "en")["vehicle_replacement"]
    _, said = read(layout.render_pdf(sheet), tmp_path)
    assert "128,000,000" in said
    for label, value in sheet.input_summary:
        assert words(value) in said, label
    for line in (*sheet.steps, *sheet.notices):
        assert set(words(line.text).split()) <= set(said.split()), line
        assert words(line.clause) in said
    assert len(sheet.presented.documents) > 10
    assert all(set(words(each).split()) <= set(said.split()) for each in sheet.presented.documents)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_working_loses_its_middle_and_says_so(
    language: Language, made: Made, tmp_path: Path
) -> None:
    sheet = made("downtime", language)["card_downtime"]
    assert len(sheet.steps) > 40
    pages, said = read(layout.render_pdf(sheet), tmp_path)
    lost = next(count for count in range(1, len(sheet.steps)) if words(sheet.omitted_text(count)) in said)
    assert lost < len(sheet.steps) / 2
    assert pages == 1
    for kept in (sheet.steps[0], sheet.steps[-1]):
        assert kept.value.split()[0] in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stay_of_the_law_fits_with_its_other_readings(
    language: Language, made: Made, tmp_path: Path
) -> None:
    sheet = made("downtime", language)["stop_compensation"]
    _, said = read(layout.render_pdf(sheet), tmp_path)
    assert len(sheet.readings) == 2
    assert "۱۸۹٬۰۰۰٬۰۰۰" in said or "189,000,000" in said
    assert not any(words(sheet.omitted_text(count)) in said for count in range(len(sheet.steps)))


def test_a_word_that_no_line_holds_is_broken() -> None:
    assert layout._split_word("abcdefg", 3) == ["abc", "def", "g"]
    assert layout._split_word("ab", 0) == ["a", "b"]


def test_the_case_holds_what_its_reader_needs() -> None:
    shown, t = html(open_page("share", "en", EXAMPLE_LINKS["share"])), text("en")
    assert t("sheet.wrong") in shown
    start = shown.index(t("sheet.case"))
    case = shown[start : shown.index("data-kh-message", start)]
    for needed in (
        "subscriber_share",
        "damage_rial",
        "subscriber_pays_rial",
        "SSA005",
        "/share?damage=200000000",
    ):
        assert needed in case, needed


def test_a_case_stays_short_enough_for_a_message() -> None:
    shown, t = html(open_page("service", "en", EXAMPLE_LINKS["service"])), text("en")
    start = shown.index(t("sheet.case"))
    case = shown[start : shown.index("data-kh-message", start)]
    assert "…" in case
    assert len(case) < 2.5 * MAX_RESULT_CHARS  # quotation marks are longer in HTML
