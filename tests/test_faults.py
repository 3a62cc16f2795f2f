"""What goes wrong around the app, and what is done to it on purpose: it stays upright, and nothing is lost."""

import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from playwright.sync_api import Browser, Dialog, expect
from streamlit.testing.v1 import AppTest

from logic.messages import LANGUAGES, Language
from logic.nearest_dealers import NearestDealersRequest, nearest_dealers
from tests.serving import ROOT, Wire, serving
from tests.test_pages import ANSWERS, SCRIPTS, SECONDS, html, open_page
from tests.visiting import Visit, number
from ui import dates, offline, paper
from ui import map as map_view
from ui.link import Link
from ui.pages import HOME
from ui.sheet import Said, Sheet, Table
from ui.text import text

MARKUP = "<img src=x onerror=\"window.khRun='yes'\"><script>window.khRun='yes'</script>"
TYPED = (
    "", "0", "-1", "abc", MARKUP, "۱۲۳", "١٢٣", "1e99", "9" * 90, "2 میلیون تومان", "29,70", "۰٫۵", "\u202e12",
    "' OR 1=1 --", "🚗", "{{7*7}}", "\x00", "35.7, 51.4", "تهران",
)  # fmt: skip
STEPS = 1_200
A_FRESH_VISIT = 60
"""After so many steps another visitor comes, with an empty session."""


# --- A random walk


def step(app: AppTest, chance: random.Random) -> str:
    """Do one thing that a visitor could do; what it was."""
    widgets = [*app.text_input, *app.selectbox, *app.toggle, *app.checkbox, *app.button, *app.button_group]
    if not widgets or chance.random() < 0.15:
        page = chance.choice(list(SCRIPTS))
        app.switch_page(SCRIPTS[page])
        return f"to {page}"
    widget: Any = chance.choice(widgets)
    match widget.type:
        case "text_input":
            widget.set_value(chance.choice(TYPED))
        case "selectbox":
            widget.select_index(chance.randrange(len(widget.options)))
        case "button":
            widget.click()
        case "button_group":
            one = chance.choice(widget.options)
            widget.set_value(one if isinstance(widget.value, str | None) else [one])
        case _:
            widget.set_value(chance.random() < 0.5)
    return f"{widget.type} {widget.key} = {widget.value!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_walk_over_the_pages_ends_in_an_error(language: Language) -> None:
    chance = random.Random(f"khodroyar {language}")  # noqa: S311 - the same walk on every machine
    done: list[str] = []
    app = AppTest.from_file("../ui/router.py", default_timeout=SECONDS)
    for count in range(STEPS):
        if count % A_FRESH_VISIT == 0:
            done = []
            app = AppTest.from_file("../ui/router.py", default_timeout=SECONDS)
            app.query_params["lang"] = language
            app.run()
        done.append(step(app, chance))
        app.run()
        assert not app.exception, (done, [each.value for each in app.exception])
        assert text(language)("app.basis") in html(app), done


# --- Markup and scripts


@pytest.fixture
def asked_of_links(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of all parameters that pages look for in their links."""
    found: set[str] = set()
    take = Link.take

    def noting(link: Link, name: str, *given: Any, **named: Any) -> None:  # noqa: ANN401 - passed on as they are
        found.add(name)
        take(link, name, *given, **named)

    monkeypatch.setattr(Link, "take", noting)
    return found


def sound(app: AppTest) -> None:
    """No element and no attribute of the page is the visitor's."""
    shown = html(app)
    assert "<img" not in shown
    assert "<script" not in shown
    assert not re.search(r"<[^>]*\sonerror=", shown)


@pytest.mark.parametrize("page", SCRIPTS)
def test_markup_in_any_parameter_of_a_link_is_shown_as_text(page: str, asked_of_links: set[str]) -> None:
    open_page(page, link=ANSWERS.get(page))
    names = sorted(asked_of_links) or ["no_page"]
    assert "no_page" in names or len(names) >= len(ANSWERS.get(page, {}))
    app = open_page(page, link=dict.fromkeys(names, MARKUP))
    sound(app)
    for each in app.text_input:
        each.set_value(MARKUP)
    app.run()
    assert not app.exception
    sound(app)


def test_markup_that_is_typed_or_sent_runs_in_no_browser(visit: Callable[..., Visit]) -> None:
    window = visit()
    ran: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    window.page.on("dialog", on_dialog)
    for name in SCRIPTS:
        fields = {**dict.fromkeys(ANSWERS.get(name, {}), MARKUP), MARKUP: MARKUP}
        window.page.goto(f"{window.address}/{'' if name == HOME.id else name}")
        window.settled().page.evaluate("(asked) => { location.search = new URLSearchParams(asked) }", fields)
        window.page.wait_for_load_state()
        for entry in window.settled().page.locator("main input[type=text], main input[type=tel]").all():
            if entry.is_visible():
                entry.fill(MARKUP)
        window.settled()
        assert window.page.evaluate("window.khRun") is None, name
    assert ran == []
    assert window.errors == []


def test_markup_stands_on_a_sheet_as_letters(tmp_path: Path) -> None:
    said = Said(MARKUP, MARKUP, MARKUP, MARKUP, tables=[Table(MARKUP, [[MARKUP, MARKUP]], [MARKUP, MARKUP])])
    own = dict.fromkeys(
        [
            "app",
            "made",
            "asked",
            "working",
            "documents",
            "confirm",
            "scan",
            "code",
            "reproduce",
            "editions",
            "basis",
        ],
        "x",
    )
    link = f"javascript:alert(1)//{MARKUP}"
    sheet = Sheet(
        "en", MARKUP, [(MARKUP, MARKUP)], said, [], [], [], "CODE", link, own, lambda count: f"{count}"
    )
    file = tmp_path / "sheet.pdf"
    file.write_bytes(paper.pdf(sheet))
    assert not re.search(rb"/(JavaScript|JS|URI|Launch|AA)\b", file.read_bytes())
    reader = shutil.which("pdftotext")
    assert reader, "no pdftotext: make test installs it, or says what to install"
    read = subprocess.run([reader, file, "-"], capture_output=True, text=True, check=True).stdout
    assert "onerror" in read


def test_markup_searched_for_in_the_guide_runs_not(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / offline.FILE_NAME
    file.write_bytes(offline.download())
    context = browser.new_context()
    page = context.new_page()
    page.goto(file.as_uri())
    for entry in (".odometer", ".search"):
        page.locator(f".tongue[lang=fa] {entry}").fill(MARKUP)
    page.wait_for_timeout(500)
    assert page.evaluate("window.khRun") is None
    assert page.locator("img[src=x]").count() == 0
    context.close()


NAME = "دل افکار"
"""A dealer in Shiraz, the nearest to its middle."""


def test_markup_in_a_dealers_name_is_no_markup_of_the_map(data_copy: Path) -> None:
    file = data_copy / "places" / "dealers.csv"
    file.write_text(file.read_text().replace(NAME, "</script><script>window.khRun='yes'</script>"))
    found = nearest_dealers(NearestDealersRequest(city="shiraz")).result
    assert found.dealers[0].name.startswith("</script>")
    pins = tuple(
        map_view.Pin(each.lat, each.lon, each.name, rough=False, km=each.distance_km)
        for each in found.dealers
    )
    shown = map_view._document("fa", "light", map_view.Tiles("", ""), None, pins)
    assert "</script><script>window" not in shown
    sound(open_page("dealers", link={"city": "shiraz"}))


# --- Two at once


def test_two_visitors_in_two_languages_at_once_see_each_their_own(visit: Callable[..., Visit]) -> None:
    persian, english = visit(language="fa").open("/share"), visit(language="en").open("/share")
    for digits in ("90000000", "80000000", "70000000"):
        for each in (persian, english):  # both are on their way before either is looked at
            each.page.locator(".st-key-share-damage input").fill(digits if each is persian else digits[:-1])
        for each, pays in ((persian, int(digits) // 10), (english, int(digits) // 100)):
            expect(each.page.locator(".kh-split")).to_be_visible()
            expect(each.page.locator(".kh-answer h2")).to_have_text(each.t("share.you_pay"))
            each.page.wait_for_function(
                "(pays) => [...document.querySelectorAll('.kh-num b')].some((e) => "
                "e.textContent.replace(/[٬,]/g, '').replace(/[۰-۹]/g, (d) => '۰۱۲۳۴۵۶۷۸۹'.indexOf(d)) === pays)",
                arg=str(pays),
            )
    persian.sound()
    english.sound()


# --- What the app leans on and does not find


def test_without_its_tile_server_the_map_still_shows_provinces_and_pins(visit: Callable[..., Visit]) -> None:
    with serving(KHODROYAR_TILES="http://localhost:9/{z}/{x}/{y}.png") as address:
        dealers = visit(at=address).open("/dealers?city=shiraz")
        frame = dealers.page.frame_locator("iframe")
        expect(frame.locator(".leaflet-container path").first).to_be_attached()
        expect(frame.locator(".leaflet-marker-icon.leaflet-interactive")).to_have_count(5)
        expect(dealers.page.locator(".kh-dealers li")).to_have_count(5)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app as it lies in the repository, before the set-up fetched typeface and map."""
    folder: Path = tmp_path_factory.mktemp("bare")
    for name in ("app.py", "ui", "logic", "server", "pages", "data", ".streamlit"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("static", "__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


def test_without_typeface_and_map_every_answer_is_still_there(
    bare: Path, visit: Callable[..., Visit]
) -> None:
    with serving(folder=bare) as address:
        window = visit(at=address).open("/share?damage=200000000&earlier=1")
        assert number(window) == "40,000,000"
        expect(window.page.locator('[data-kh="print"]')).to_be_visible()
        expect(window.page.locator(".stDownloadButton")).to_have_count(0)  # no sheet without its fonts
        window.open("/dealers?city=shiraz")
        expect(window.page.locator(".kh-dealers li")).to_have_count(5)
        expect(window.page.get_by_text(window.t("dealers.no_map"))).to_be_visible()
        window.open("/service?car=tondar90&odometer=29700&level=three_star")
        with window.page.expect_download() as handed:
            window.page.locator(".st-key-service-guide button").click()
        assert b"khodroyar" in handed.value.path().read_bytes().lower()
        assert not [each for each in window.errors if "404" not in each], window.errors


def test_a_table_damaged_while_the_app_runs_changes_no_answer_and_stops_the_next_start(
    data_copy: Path, visit: Callable[..., Visit]
) -> None:
    with serving(KHODROYAR_DATA=str(data_copy)) as address:
        visit(at=address).open("/share?damage=200000000&earlier=1")
        for table in data_copy.rglob("*.csv"):
            table.write_text("broken\nbroken,,\n")
        for name, link in ANSWERS.items():
            query = "&".join(f"{field}={value}" for field, value in link.items())
            later = visit(at=address).open(f"/{name}?{query}")
            expect(later.page.locator(".kh-head h1")).to_have_text(later.t(f"{name}.title"))
            expect(later.page.get_by_test_id("stException")).to_have_count(0)
        assert number(visit(at=address).open("/share?damage=200000000&earlier=1")) == "40,000,000"
    with (
        pytest.raises(AssertionError, match="did not become healthy"),
        serving(KHODROYAR_DATA=str(data_copy)),
    ):
        pass


# --- The clock


class Clock(datetime):
    """A clock that stands where a test puts it."""

    at: datetime

    @classmethod
    def now(cls, tz: Any = None) -> Self:  # noqa: ANN401 - as datetime has it
        return cls.at.astimezone(tz)  # type: ignore[return-value]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Clock]]:
    monkeypatch.setattr("ui.dates.dt.datetime", Clock)
    yield Clock
    monkeypatch.undo()


NEW_YEAR = datetime(2026, 3, 20, 20, 30, tzinfo=UTC)
"""Midnight in Tehran before 1 Farvardin 1405; the server's own clock still says the day before."""


@pytest.mark.parametrize(
    ("seconds", "day"), [(-1, date(2026, 3, 20)), (0, date(2026, 3, 21)), (86_399, date(2026, 3, 21))]
)
def test_the_day_is_tehrans(seconds: int, day: date, clock: type[Clock]) -> None:
    clock.at = NEW_YEAR + timedelta(seconds=seconds)
    assert dates.today() == day


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", SCRIPTS)
def test_every_page_goes_over_into_the_new_year(page: str, language: Language, clock: type[Clock]) -> None:
    clock.at = NEW_YEAR - timedelta(seconds=1)
    app = open_page(page, language, ANSWERS.get(page))
    clock.at = NEW_YEAR
    app.run()
    assert not app.exception
    assert text(language)(f"{page}.title") in html(app)


# --- A connection that drops


@pytest.fixture
def wire(address: str) -> Iterator[Wire]:
    made = Wire(address)
    yield made
    made.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_typed_last_before_the_connection_dropped_is_answered_once_it_is_back(
    wire: Wire, visit: Callable[..., Visit], language: str
) -> None:
    share = visit(at=wire.address, language=language).open("/share?damage=900000")
    expect(share.page.locator(".kh-split")).to_be_visible()
    share.page.locator(".st-key-share-damage input").fill("90000000")  # on its way, or not yet sent
    wire.cut()
    gone = share.page.locator("#kh-gone[role=alert]")
    expect(gone).to_have_text(share.t("app.connection_gone"))
    expect(share.page.locator(".kh-num b")).to_be_visible()
    share.page.wait_for_timeout(6000)  # by then Streamlit has tried in vain
    expect(share.page.get_by_role("dialog")).to_have_count(0)
    wire.mend()
    expect(gone).to_be_empty(timeout=60_000)
    expect(share.page.locator(".kh-num b")).to_have_text(re.compile("9,000,000|۹٬۰۰۰٬۰۰۰"), timeout=30_000)
    expect(share.page).to_have_url(re.compile("damage=90000000"))
    expect(share.page.locator(".st-key-share-damage input")).to_be_enabled()
