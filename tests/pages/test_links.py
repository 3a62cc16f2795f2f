"""Links of an older version: renamed pages, parameters and values still open the same answer."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from logic.core.amounts import parse_amount
from logic.core.models import Level
from tests.support.page_run import html, open_page
from ui.frame.html_shell import HtmlShellMiddleware
from ui.frame.page import Page
from ui.frame.url_state import MAX_RECENT_QUERIES, UrlState, _digest, to_current_names
from ui.l10n.text import text

TABLE = """
[codes]
version = 1
[links]
version = 2
[[links.renames]]
until_version = 1
page = "percent"
becomes = "share"
[[links.renames]]
until_version = 1
page = "share"
parameter = "loss"
becomes = "damage"
[[links.renames]]
until_version = 1
page = "share"
parameter = "level"
value = "double_star"
becomes = "three_star"
"""


@pytest.fixture(autouse=True)
def renamed(data_copy: Path) -> None:
    (data_copy / "renames.toml").write_text(TABLE, "utf-8")


@pytest.mark.parametrize("version", [{}, {"v": "1"}])
def test_an_old_parameter_and_an_old_value_are_read(version: dict[str, str]) -> None:
    old = {"loss": "200000000", "level": "double_star", "earlier": "1", **version}
    content = html(open_page("share", link=old))
    assert "۴۰٬۰۰۰٬۰۰۰" in content
    assert text("fa")("link.title") not in content


def test_a_link_of_the_current_version_is_not_renamed() -> None:
    content = html(open_page("share", link={"loss": "200000000", "v": "2"}))
    assert text("fa")("link.unknown", name="loss") in content


@pytest.mark.parametrize("version", ["3", "0", "x", "۱", "9" * 5000])
def test_an_unknown_version_is_reported(version: str) -> None:
    content = html(open_page("share", link={"damage": "200000000", "v": version}))
    assert text("fa")("link.broken", name="v", value=version) in content


def test_a_page_and_its_parameters_are_renamed_one_after_the_other() -> None:
    assert to_current_names("percent", {"loss": "5", "more": "6"}) == (
        "share",
        {"damage": "5", "more": "6"},
        None,
    )
    assert to_current_names("percent", {"loss": "5", "v": "2"}) == ("percent", {"loss": "5"}, None)


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://host", "https://host/share?damage=5&v=2"),
        ("https://host/", "https://host/share?damage=5&v=2"),
        ("https://host/share", "https://host/share?damage=5&v=2"),
        ("https://host/car/tyre/", "https://host/car/share?damage=5&v=2"),
        ("https://host/car", "https://host/car/share?damage=5&v=2"),
        (None, "/share?damage=5&v=2"),
    ],
)
def test_a_permalink_is_a_complete_address(base: str | None, url: str) -> None:
    link = UrlState("share", "fa", {}, entering=True)
    link.set("damage", "5")
    assert Page("share", text("fa"), link).permalink(base) == url


def test_a_visit_keeps_few_links_and_only_as_short_strings() -> None:
    link = UrlState("share", "fa", {}, entering=True)
    for press in range(2 * MAX_RECENT_QUERIES):
        link.set("damage", str(press) * 250_000)
        link.query()
    assert len(link._history.recent_queries) == MAX_RECENT_QUERIES
    assert max(map(len, link._history.recent_queries)) < 100


def test_a_written_link_is_recognised_with_its_values_as_text() -> None:
    link = UrlState("share", "fa", {}, entering=True)
    link.set("level", Level.THREE_STAR)
    link.query()
    assert _digest({"level": "three_star"}) in link._history.recent_queries


def test_only_a_link_from_elsewhere_fills_the_fields_again() -> None:
    app = open_page("share", link={"damage": "5"})
    damage = app.text_input(key="share-damage")
    for typed, link, expected in (("7", "5", "7"), ("8", "7", "8"), ("9", "6", "6")):
        damage.set_value(typed)
        app.query_params["damage"] = link
        app.run()
        damage = app.text_input(key="share-damage")
        assert parse_amount(damage.value or "", unit="rial") == int(expected)


async def fake_streamlit(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer every address with the same HTML page, in place of Streamlit."""
    assert scope["type"] == "http"
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'<html lang="en"><title>x</title></html>'})


def status_and_location(path: str, query: str = "") -> tuple[int, str]:
    """Return the status and the Location header of the shell's answer to an address."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    with ThreadPoolExecutor(1) as executor:  # this thread's event loop may be that of the browser
        executor.submit(
            lambda: asyncio.run(HtmlShellMiddleware(fake_streamlit)(scope, receive, send))
        ).result()
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"location", b"").decode()


def test_an_old_address_redirects_to_the_current_page() -> None:
    assert status_and_location("/percent", "loss=5&lang=en") == (307, "/share?damage=5&lang=en&v=2")
    assert status_and_location("/share", "damage=5") == (200, "")
    assert status_and_location("/nothing") == (307, "/?no_page=nothing")
