"""The main journeys of customers, rescuers and sales staff in real Chromium."""

import re
import shutil
import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser_visit import (
    DESKTOP,
    PHONE,
    TABLET,
    Visit,
    at_each_width_and_language,
    headline_number,
    in_each_language,
    type_text,
)
from tools.harness.app_server import streamlit_server
from ui.l10n.text import text
from ui.offline_guide import guide


def test_a_deep_link_works_as_the_first_visit_of_a_server(visit: Callable[..., Visit]) -> None:
    """Streamlit's old page discovery would answer the first visit with an English dialog."""
    with streamlit_server() as fresh:
        first = visit(at=fresh, private=True).open("/share?damage=200000000&earlier=1")
        expect(first.page.locator(".kh-answer-figure b")).to_have_text("۴۰٬۰۰۰٬۰۰۰")
        expect(first.page.get_by_role("dialog")).to_have_count(0)
        first.assert_healthy()


@at_each_width_and_language
def test_home_links_to_the_page_of_each_role(visit: Callable[..., Visit], width: int, language: str) -> None:
    home = visit(width, language).open("/")
    for role, page in (("customer", "share"), ("rescuer", "service"), ("sales", "levels")):
        home.page.locator(f".st-key-entry-{role} a").click()
        expect(home.page.locator("h1")).to_have_text(home.t(f"{page}.title"))
        home.assert_healthy()
        home.page.go_back()
        expect(home.page.locator("h1")).to_have_text(home.t("home.title"))
        home.assert_healthy()


@at_each_width_and_language
def test_a_customer_finds_the_share(visit: Callable[..., Visit], width: int, language: str) -> None:
    share = visit(width, language).open("/share")
    type_text(share, "share-damage", "۲۰۰ میلیون" if language == "fa" else "200 million")
    expect(share.page.locator(".kh-split")).to_be_visible()
    assert headline_number(share) == "20,000,000"
    share.page.locator(".st-key-share-earlier button").nth(1).click()
    expect(share.page.locator(".kh-answer-figure b")).to_have_text(re.compile("40,000,000|۴۰٬۰۰۰٬۰۰۰"))
    share.wait_until_idle().page.locator(".st-key-share-why summary").first.click()
    expect(share.page.locator(".kh-steps li").first).to_be_visible()
    share.page.locator(".kh-steps .kh-chip").nth(1).click()
    clause = share.page.locator(".kh-clause-badge[open] .kh-clause")
    expect(clause).to_be_visible()
    share.page.wait_for_function(  # it is placed just after it opens
        """() => {
          const box = document.querySelector(".kh-clause-badge[open] .kh-clause").getBoundingClientRect();
          return box.left >= 0 && box.right <= innerWidth;
        }"""
    )
    share.page.keyboard.press("Escape")
    expect(clause).to_have_count(0)
    share.assert_healthy()


@at_each_width_and_language
def test_a_rescuer_finds_the_due_service_in_two_taps(
    visit: Callable[..., Visit], width: int, language: str
) -> None:
    service = visit(width, language).open("/service?odometer=29700")
    service.page.locator(".st-key-service-car button").nth(5).click()
    service.wait_until_idle()
    service.page.locator(".st-key-service-level button").nth(2).click()
    due = service.page.locator(".kh-items").first
    expect(due.locator(".kh-cell.free")).to_have_count(3)
    expect(due.locator("tr")).to_have_count(3)
    assert headline_number(service) == "30,000"
    current = service.page.locator(".kh-schedule-table th.current")
    expect(current).to_have_count(1)  # the table of the run before is gone
    box = current.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= width, "the table opens at its current column"
    service.assert_healthy()


def test_the_offline_guide_is_downloaded(visit: Callable[..., Visit]) -> None:
    service = visit(PHONE).open("/service")
    with service.page.expect_download() as download:
        service.page.locator(".st-key-service-guide button").click()
    assert download.value.suggested_filename == guide.FILE_NAME
    assert download.value.path().read_bytes() == guide.download()
    service.assert_healthy()


@at_each_width_and_language
def test_sales_compare_levels_with_and_without_working_use(
    visit: Callable[..., Visit], width: int, language: str
) -> None:
    levels = visit(width, language).open("/levels?current=three_star")
    expect(levels.page.locator(".kh-comparison tbody tr:not(.group)")).to_have_count(11)
    levels.page.locator(".st-key-levels-differences label").click()
    expect(levels.page.locator(".kh-comparison tbody tr:not(.group)")).to_have_count(7)
    levels.page.wait_for_url(re.compile("differences=yes"))
    levels.wait_until_idle().page.locator(".st-key-levels-use button").nth(1).click()
    expect(levels.page.locator(".kh-standalone")).to_contain_text(levels.t("levels.nothing_refunded"))
    expect(levels.page.locator(".kh-comparison td.unavailable").first).to_be_visible()
    levels.assert_healthy()


@at_each_width_and_language
def test_a_tyre_refund_shows_both_readings_at_the_boundary(
    visit: Callable[..., Visit], width: int, language: str
) -> None:
    tyre = visit(width, language).open("/tyre")
    for name, typed in (("new_depth", "10"), ("remaining_depth", "8"), ("price", "10000000")):
        type_text(tyre, f"tyre-{name}", typed)
        tyre.wait_until_idle()
    expect(tyre.page.locator(".kh-split")).to_be_visible()
    assert headline_number(tyre) == "2,000,000"
    expect(tyre.page.locator(".kh-note")).to_contain_text(
        tyre.t("answer.other_reading", said=tyre.t("tyre.free"))
    )
    expect(tyre.page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    tyre.assert_healthy()


@at_each_width_and_language
def test_the_nearest_dealers_are_listed_beside_a_map(
    visit: Callable[..., Visit], width: int, language: str
) -> None:
    dealers = visit(width, language).open("/dealers?city=shiraz")
    expect(dealers.page.locator(".kh-dealers li")).to_have_count(5)
    frame = dealers.page.frame_locator("iframe")
    expect(frame.locator(".leaflet-container")).to_be_visible()
    expect(frame.locator("path.land").first).to_be_attached()
    expect(frame.get_by_role("button", name=dealers.t("dealers.zoom_in"))).to_be_visible()
    expect(frame.get_by_text(dealers.t("dealers.no_map"))).to_be_hidden()
    dealers.assert_healthy()


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
def test_a_reload_and_a_copied_link_give_the_same_answer(visit: Callable[..., Visit], language: str) -> None:
    share = visit(language=language).open("/share")
    type_text(share, "share-damage", "90000000")
    share.wait_until_idle()
    share.page.locator(".st-key-share-group button").nth(1).click()
    share.wait_until_idle()
    share.page.get_by_role("radio", name=share.label("event", "flood")).click()
    expect(share.page.locator(".kh-answer-figure b")).to_have_text(re.compile("18,000,000|۱۸٬۰۰۰٬۰۰۰"))
    share.page.wait_for_url(re.compile("event=flood"))
    link = share.page.url
    share.page.reload()
    share.wait_until_idle()
    assert headline_number(share) == "18,000,000"
    other = visit(language=language, private=True)
    other.page.goto(link)
    other.wait_until_idle()
    assert headline_number(other) == "18,000,000"
    other.assert_healthy()


def test_typing_adds_no_entry_to_the_browser_history(visit: Callable[..., Visit]) -> None:
    share = visit().open("/share")
    before = share.page.evaluate("history.length")
    type_text(share, "share-damage", "90000000")
    share.wait_until_idle()
    share.page.wait_for_url(re.compile("damage=90000000"))
    assert share.page.evaluate("history.length") == before


def test_changing_the_language_keeps_the_answer(visit: Callable[..., Visit]) -> None:
    share = visit().open("/share?damage=90000000")
    share.page.locator("a.kh-language-link").click()
    expect(share.page.locator("h1")).to_have_text(text("en")("share.title"), timeout=20_000)
    share.language = "en"
    share.wait_until_idle()
    assert headline_number(share) == "9,000,000"
    share.assert_healthy()


def test_the_language_is_kept_on_other_pages_and_going_back(visit: Callable[..., Visit]) -> None:
    share = visit(language="en").open("/share?damage=90000000")
    share.page.get_by_test_id("stTopNavSection").filter(has_text=text("en")("home.group_care")).click()
    share.page.get_by_test_id("stTopNavDropdownLink").filter(has_text=text("en")("tyre.nav")).click()
    expect(share.page.locator("h1")).to_have_text(text("en")("tyre.title"))
    share.wait_until_idle()
    share.page.go_back()
    expect(share.page.locator("h1")).to_have_text(text("en")("share.title"))
    share.wait_until_idle()
    assert headline_number(share) == "9,000,000"
    share.assert_healthy()


def test_an_answer_is_reached_with_the_keyboard_alone(visit: Callable[..., Visit]) -> None:
    share = visit().open("/share")
    share.page.locator(".st-key-share-damage input").focus()
    share.page.keyboard.type("90000000", delay=15)
    expect(share.page.locator(".kh-split")).to_be_visible()
    share.page.keyboard.press("Tab")
    share.page.keyboard.press("ArrowLeft" if share.language == "fa" else "ArrowRight")
    for _ in range(12):
        if share.page.evaluate("document.activeElement.closest('.st-key-share-why') !== null"):
            break
        share.page.keyboard.press("Tab")
    share.page.keyboard.press("Enter")
    expect(share.page.locator(".kh-steps li").first).to_be_visible()
    share.assert_healthy()


def test_a_copied_link_is_confirmed_and_gives_the_same_answer(visit: Callable[..., Visit]) -> None:
    share = visit(private=True, permissions=["clipboard-read", "clipboard-write"]).open(
        "/share?damage=90000000"
    )
    share.page.locator('[data-kh="copy-link"]').click()
    expect(share.page.locator("#kh-toast")).to_have_text(share.t("answer.copied_link"))
    copied = share.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{share.page.url}&v=2"
    share.page.goto(copied)
    share.wait_until_idle()
    assert headline_number(share) == "9,000,000"
    share.page.wait_for_url(re.compile(r"/share\?damage=90000000$"))  # the address bar stays short


def test_inputs_update_a_link_with_unknown_parameters(visit: Callable[..., Visit]) -> None:
    sale = visit().open("/purchase?paid=100000000&due=1404-01-01&utm_source=channel")
    sale.page.locator(".st-key-purchase-task button").nth(1).click()
    sale.page.wait_for_url(re.compile(r"/purchase\?task=withdrawal&paid=100000000&repaid=[-0-9]+$"))
    sale.wait_until_idle().page.locator(".st-key-purchase-task button").nth(0).click()
    sale.page.wait_for_url(re.compile(r"/purchase\?paid=100000000&due=1404-01-01&came=[-0-9]+$"))
    sale.assert_healthy()


@in_each_language
def test_an_unknown_address_opens_the_home_page_with_a_notice(
    visit: Callable[..., Visit], language: str
) -> None:
    home = visit(language=language).open("/nonsense")
    expect(home.page.locator("h1")).to_have_text(home.t("home.title"))
    expect(home.page.locator(".kh-note")).to_contain_text(home.t("link.no_page", name="nonsense"))
    expect(home.page.get_by_role("dialog")).to_have_count(0)
    home.assert_healthy()


def test_a_printed_page_shows_the_inputs_and_the_steps(visit: Callable[..., Visit]) -> None:
    share = visit().open("/share?damage=150000000&earlier=2")
    share.page.evaluate("window.print = () => { window.printed = true; }")
    share.page.locator('[data-kh="print"]').click()
    share.page.wait_for_function("window.printed")
    expect(share.page.locator(".kh-steps li").first).to_be_visible()
    share.page.emulate_media(media="print")
    input_summary = share.page.locator(".kh-input-summary")
    expect(input_summary).to_be_visible()
    for value in (share.label("event", "collision"), share.label("level", "two_star"), "۱۵۰٬۰۰۰٬۰۰۰"):
        expect(input_summary).to_contain_text(value)
    expect(share.page.locator(".st-key-inputs")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/share?damage=9&lang=en", "/tyre", "/nowhere"])
def test_the_shell_contains_language_title_and_description(address: str, path: str, browser: Browser) -> None:
    """Read the page as a search engine does, before any script runs."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + path)
    language = "en" if "lang=en" in path else "fa"
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == ("ltr" if language == "en" else "rtl")
    entry = path.split("?", maxsplit=1)[0].strip("/")
    name = entry if entry in ("share", "tyre") else "home"
    assert text(language)(f"{name}.title") in page.title()
    assert page.locator('meta[name="description"]').get_attribute("content") == text(language)(f"{name}.lede")
    context.close()


# Sharing an answer


@pytest.mark.parametrize("width", [DESKTOP, pytest.param(TABLET, marks=pytest.mark.slow)])
def test_sales_make_a_pdf_by_typing_only_the_amount(visit: Callable[..., Visit], width: int) -> None:
    """«A Samand on a two-star card, two accidents so far, a damage of 150 million.»"""
    sales = visit(width).open("/")
    sales.page.locator(".st-key-entry-customer a").click()
    sales.page.locator(".st-key-share-damage input").press_sequentially("150000000")
    # The press sends the amount; its answer moves the button before the release, and the press still counts.
    sales.page.locator(".st-key-share-earlier button").nth(2).click(delay=300)
    expect(sales.page.locator(".kh-answer-figure b")).to_have_text("۴۵٬۰۰۰٬۰۰۰", timeout=20_000)
    with sales.wait_until_idle().page.expect_download() as download:
        sales.page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    program = shutil.which("pdftotext")
    assert program, "no pdftotext: make test installs it, or says what to install"
    command = [program, "-layout", str(download.value.path()), "-"]
    pdf_text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for figure in ("۱۵۰٬۰۰۰٬۰۰۰", "۴۵٬۰۰۰٬۰۰۰", "۱۰۵٬۰۰۰٬۰۰۰"):
        assert figure in pdf_text
    sales.assert_healthy()


@in_each_language
def test_an_answer_is_downloaded_as_a_pdf(visit: Callable[..., Visit], language: str) -> None:
    share = visit(DESKTOP, language).open("/share?damage=200000000&earlier=1")
    with share.page.expect_download() as download:
        share.page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    assert download.value.suggested_filename == "khodroyar-subscriber_share.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")
    share.assert_healthy()


@pytest.mark.parametrize(
    "width", [PHONE, *(pytest.param(width, marks=pytest.mark.slow) for width in (TABLET, DESKTOP))]
)
def test_answer_actions_are_large_enough_to_tap(visit: Callable[..., Visit], width: int) -> None:
    stay = visit(width).open("/downtime?admitted=1403-02-01&ready=1403-02-05&price=1000000000")
    buttons = stay.page.locator('[class*="-actions-"] button')
    expect(buttons).to_have_count(6)
    for button in buttons.all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
    stay.assert_healthy()


def test_a_problem_report_is_copied_with_its_link_and_request(visit: Callable[..., Visit]) -> None:
    share = visit(language="en").open("/share?damage=200000000&earlier=1")
    share.page.evaluate(
        "navigator.clipboard.writeText = (text) => { window.khCopied = text; return Promise.resolve(); }"
    )
    share.page.get_by_role("button", name=share.t("sheet.wrong")).click()
    expect(share.page.locator("#kh-toast")).to_have_text(share.t("sheet.wrong_copied"))
    copied = share.page.evaluate("window.khCopied")
    assert f"{share.address}/share?damage=200000000&earlier=1&lang=en" in copied
    assert '"damage_rial":200000000' in copied


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
def test_an_answer_prints_on_one_page_without_buttons(visit: Callable[..., Visit], language: str) -> None:
    share = visit(DESKTOP, language).open("/share?damage=200000000&earlier=1")
    share.page.emulate_media(media="print")
    for hidden in (
        '[data-testid="stDownloadButton"]',
        ".kh-actions",
        '[data-testid="stHeader"]',
        ".st-key-inputs",
    ):
        expect(share.page.locator(hidden).first).to_be_hidden()
    expect(share.page.locator(".kh-input-summary")).to_be_visible()
    assert share.page.pdf(format="A4").count(b"/Type /Page\n") == 1
