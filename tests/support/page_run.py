"""Run a page through the router with Streamlit's AppTest, and the example link of each page."""

from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from logic.core.messages import Language
from tests.support.paths import ROOT
from ui.frame.navigation import HOME, PAGES

ROUTER = ROOT / "ui" / "router.py"
RUN_SECONDS = 20
SCRIPTS = {entry.id: entry.script for entry in PAGES}

EXAMPLE_LINKS: Mapping[str, Mapping[str, str]] = {
    "home": {},
    "share": {"damage": "200000000", "earlier": "1"},
    "service": {"car": "tondar90", "odometer": "29700", "level": "three_star"},
    "levels": {"produced": "1399-05-01", "use": "taxi", "current": "three_star"},
    "tyre": {"new_depth": "8", "remaining_depth": "4", "price": "10000000", "made": "1402-01-01"},
    "dealers": {"city": "shiraz"},
    "subscription": {"fee": "3650000", "paid": "3650000", "started": "1404-01-01"},
    "downtime": {"admitted": "1403-02-01", "ready": "1403-02-05", "price": "1000000000"},
    "purchase": {"paid": "100000000", "due": "1404-01-01"},
    "warranty": {"started": "1404-01-01", "odometer": "10000"},
    "events": {"damage_1": "150000000", "earlier": "2"},
    "adviser": {"accident": "150000000", "repair": "20000000", "price_two_star": "9000000"},
    "my_car": {"car": "tondar90", "odometer": "29700", "level": "three_star", "card_started": "1405-03-01"},
    "guide": {"need": "damage", "situation": "collision", "level": "two_star"},
    "fleet": {"sample": "yes"},
    "replacement": {"damage": "90000000", "value": "100000000", "wanted": "200000000"},
}
"""Link parameters with which each page shows an answer; the home page has none."""
CHOICE_FIELDS: Mapping[str, str] = {
    "fleet": "within",
    "share": "level",
    "service": "car",
    "levels": "use",
    "tyre": "cause",
    "dealers": "network",
    "replacement": "level",
    "my_car": "level",
    "adviser": "use",
    "events": "level",
    "purchase": "method",
    "warranty": "maker",
    "subscription": "kind",
    "downtime": "level",
    "guide": "level",
}
"""A choice field of each page that has one, by the name of its link parameter."""
ANSWERING_PAGES = tuple(page for page in EXAMPLE_LINKS if page != HOME.id)


def query(page: str) -> str:
    """Return the query string of a page's example link."""
    return "&".join(f"{name}={value}" for name, value in EXAMPLE_LINKS[page].items())


def path(page: str) -> str:
    """Return the path and query of a page's example link."""
    return f"/{'' if page == HOME.id else page}?{query(page)}"


def run_page(page: str, language: Language = "fa", link: Mapping[str, str] | None = None) -> AppTest:
    """Run a page as a visitor opens it by a link."""
    app = AppTest.from_file(str(ROUTER), default_timeout=RUN_SECONDS)
    for name, value in {**(link or {}), "lang": language}.items():
        app.query_params[name] = value
    if page != HOME.id:
        app.switch_page(SCRIPTS[page])
    return app.run()


def open_page(page: str, language: Language = "fa", link: Mapping[str, str] | None = None) -> AppTest:
    """Run a page as a visitor opens it by a link; fail if it raises an exception."""
    app = run_page(page, language, link)
    assert_no_exception(app)
    return app


def assert_no_exception(app: AppTest) -> None:
    """Fail if the last run of a page raised an exception or reported an internal error."""
    assert not app.exception, [exception.value for exception in app.exception]
    assert "kh-fault" not in html(app)


def html(app: AppTest) -> str:
    """Return the markup of every `st.html` element of a page."""
    return "\n".join(element.proto.body for element in app.get("html"))
