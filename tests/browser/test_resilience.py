"""The app under failure: a dropped connection, missing assets, damaged data, two visitors at once."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browser_visit import LANGUAGES, Visit, headline_number
from tests.support.page_run import EXAMPLE_LINKS, path
from tests.support.paths import ROOT
from tools.harness.app_server import TcpProxy, streamlit_server, wait_for


@pytest.mark.slow
def test_simultaneous_visitors_see_their_own_language_and_answer(visit: Callable[..., Visit]) -> None:
    persian, english = (visit(language=language, private=True).open("/share") for language in ("fa", "en"))
    for digits in ("90000000", "80000000", "70000000"):
        for visitor in (persian, english):  # send both inputs before checking either answer
            entry = visitor.page.locator(".st-key-share-damage input")
            entry.fill(digits if visitor is persian else digits[:-1])
        for visitor, pays in ((persian, int(digits) // 10), (english, int(digits) // 100)):
            expect(visitor.page.locator(".kh-split")).to_be_visible()
            expect(visitor.page.locator(".kh-answer h2")).to_have_text(visitor.t("share.you_pay"))
            visitor.page.wait_for_function(
                "(pays) => [...document.querySelectorAll('.kh-answer-figure b')].some((e) => "
                "e.textContent.replace(/[٬,]/g, '').replace(/[۰-۹]/g, (d) => '۰۱۲۳۴۵۶۷۸۹'.indexOf(d)) === pays)",
                arg=str(pays),
            )
    persian.assert_healthy()
    english.assert_healthy()


@pytest.mark.slow
def test_the_map_shows_provinces_and_dealers_without_a_tile_server(
    visit: Callable[..., Visit],
) -> None:
    with streamlit_server(KHODROYAR_TILES="http://localhost:9/{z}/{x}/{y}.png") as address:
        dealers = visit(at=address).open("/dealers?city=shiraz")
        frame = dealers.page.frame_locator("iframe")
        expect(frame.locator(".leaflet-container path").first).to_be_attached()
        expect(frame.locator(".leaflet-marker-icon.leaflet-interactive")).to_have_count(5)
        expect(dealers.page.locator(".kh-dealers li")).to_have_count(5)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_shows_a_message_if_leaflet_does_not_load(visit: Callable[..., Visit], language: str) -> None:
    dealers = visit(language=language)
    dealers.page.route("**/leaflet.js", lambda route: route.abort())
    frame = dealers.open("/dealers?city=shiraz").page.frame_locator("iframe")
    expect(frame.get_by_text(dealers.t("dealers.no_map"))).to_be_visible()
    expect(dealers.page.locator(".kh-dealers li")).to_have_count(5)


@pytest.fixture
def app_without_assets(tmp_path: Path) -> Path:
    """Copy the app as it is in the repository, before `make assets` fetches fonts and Swagger UI."""
    for name in ("app.py", "ui", "logic", "server", "pages", "data", ".streamlit"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("static", "__pycache__"))
        else:
            shutil.copy(source, tmp_path)
    return tmp_path


@pytest.mark.slow
def test_pages_map_and_pdf_work_without_fetched_assets(
    app_without_assets: Path, visit: Callable[..., Visit], tmp_path: Path
) -> None:
    log = tmp_path / "server.log"
    with streamlit_server(folder=app_without_assets, log=log) as address:
        window = visit(at=address)
        for name in EXAMPLE_LINKS:
            window.open(path(name))
            expect(window.page.locator(".kh-page-heading h1")).to_have_text(window.t(f"{name}.title"))
            expect(window.page.locator('.kh-fault, [data-testid="stException"]')).to_have_count(0)
        window.open("/share?damage=200000000&earlier=1")
        assert headline_number(window) == "40,000,000"
        notice = window.t("sheet.substitute_font", command="make assets")
        expect(window.page.get_by_text(notice)).to_be_visible()
        with window.page.expect_download() as download:
            window.page.get_by_test_id("stDownloadButton").get_by_role("button").click()
        assert b"Amiri" in download.value.path().read_bytes()
        window.open("/dealers?city=shiraz")
        expect(window.page.locator(".kh-dealers li")).to_have_count(5)
        frame = window.page.frame_locator("iframe")
        expect(frame.locator(".leaflet-marker-icon.leaflet-interactive")).to_have_count(5)
        window.open("/service?car=tondar90&odometer=29700&level=three_star")
        with window.page.expect_download() as download:
            window.page.locator(".st-key-service-guide button").click()
        assert b"khodroyar" in download.value.path().read_bytes().lower()
        assert not [error for error in window.errors if "404" not in error], window.errors
        window.page.goto(f"{address}/api/v1/docs")
        expect(window.page.get_by_text("make assets")).to_be_visible()
    assert log.read_text().count("`make assets` fetches them") == 1


@pytest.mark.slow
def test_a_table_damaged_at_run_time_prevents_only_the_next_start(
    data_copy: Path, visit: Callable[..., Visit]
) -> None:
    with streamlit_server(KHODROYAR_DATA=str(data_copy)) as address:
        window = visit(at=address).open("/share?damage=200000000&earlier=1")
        for table in data_copy.rglob("*.csv"):
            table.write_text("broken\nbroken,,\n")
        for name in EXAMPLE_LINKS:
            window.open(path(name))
            expect(window.page.locator(".kh-page-heading h1")).to_have_text(window.t(f"{name}.title"))
            expect(
                window.page.get_by_test_id("stException").or_(window.page.locator(".kh-fault"))
            ).to_have_count(0)
        assert headline_number(window.open("/share?damage=200000000&earlier=1")) == "40,000,000"
    with (
        pytest.raises(AssertionError, match="did not become healthy"),
        streamlit_server(KHODROYAR_DATA=str(data_copy)),
    ):
        pass


@pytest.fixture
def proxy(address: str) -> Iterator[TcpProxy]:
    started = TcpProxy(address)
    yield started
    started.close()


@pytest.mark.parametrize("language", ["fa", pytest.param("en", marks=pytest.mark.slow)])
def test_input_before_a_dropped_connection_is_answered_after_reconnecting(
    proxy: TcpProxy, visit: Callable[..., Visit], language: str
) -> None:
    share = visit(at=proxy.address, language=language).open("/share?damage=900000")
    expect(share.page.locator(".kh-split")).to_be_visible()
    share.page.locator(".st-key-share-damage input").fill("90000000")  # sent or not, it must not be lost
    proxy.interrupt()
    offline_message = share.page.locator("#kh-offline[role=alert]")
    expect(offline_message).to_have_text(share.t("app.connection_gone"))
    expect(share.page.locator(".kh-answer-figure b")).to_be_visible()
    wait_for(
        lambda: proxy.refused >= 2,
        "two failed reconnection attempts of Streamlit",
        pause=share.page.wait_for_timeout,
    )
    expect(share.page.get_by_role("dialog")).to_have_count(0)
    proxy.restore()
    expect(offline_message).to_be_empty(timeout=60_000)
    expect(share.page.locator(".kh-answer-figure b")).to_have_text(
        re.compile("9,000,000|۹٬۰۰۰٬۰۰۰"), timeout=30_000
    )
    expect(share.page).to_have_url(re.compile("damage=90000000"))
    expect(share.page.locator(".st-key-share-damage input")).to_be_enabled()
