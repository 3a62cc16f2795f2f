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
    shown = html(open_page("share", link=old))
    assert "۴۰٬۰۰۰٬۰۰۰" in shown
    assert text("fa")("link.title") not in shown


def test_a_link_of_the_present_version_is_taken_at_its_word() -> None:
    shown = html(open_page("share", link={"loss": "200000000", "v": "2"}))
    assert text("fa")("link.unknown", name="loss") in shown


@pytest.mark.parametrize("version", ["3", "0", "x", "۱", "9" * 5000])
def test_a_version_that_there_is_not_is_said(version: str) -> None:
    shown = html(open_page("share", link={"damage": "200000000", "v": version}))
    assert text("fa")("link.broken", name="v", value=version) in shown


def test_a_page_and_its_parameters_are_renamed_one_after_the_other() -> None:
    assert to_current_names("percent", {"loss": "5", "more": "6"}) == (
        "share",
        {"damage": "5", "more": "6"},
        None,
    )
    assert to_current_names("percent", {"loss": "5", "v": "2"}) == ("percent", {"loss": "5"}, None)


@pytest.mark.parametrize(
    ("base", "whole"),
    [
        ("https://host", "https://host/share?damage=5&v=2"),
        ("https://host/", "https://host/share?damage=5&v=2"),
        ("https://host/share", "https://host/share?damage=5&v=2"),
        ("https://host/car/tyre/", "https://host/car/share?damage=5&v=2"),
        ("https://host/car", "https://host/car/share?damage=5&v=2"),
        (None, "/share?damage=5&v=2"),
    ],
)
def test_an_answer_has_a_whole_address(base: str | None, whole: str) -> None:
    link = UrlState("share", "fa", {}, entering=True)
    link.set("damage", "5")
    assert Page("share", text("fa"), link).permalink(base) == whole


def test_a_visit_remembers_few_links_and_only_as_short_strings() -> None:
    link = UrlState("share", "fa", {}, entering=True)
    for press in range(2 * MAX_RECENT_QUERIES):
        link.set("damage", str(press) * 250_000)
        link.query()
    assert len(link._history.recent_queries) == MAX_RECENT_QUERIES
    assert max(map(len, link._history.recent_queries)) < 100


def test_a_written_link_is_recognised_when_its_values_come_back_as_text() -> None:
    link = UrlState("share", "fa", {}, entering=True)
    link.set("level", Level.THREE_STAR)
    link.query()
    assert _digest({"level": "three_star"}) in link._history.recent_queries


def test_only_a_link_that_the_page_did_not_write_fills_its_fields_anew() -> None:
    app = open_page("share", link={"damage": "5"})
    damage = app.text_input(key="share-damage")
    for typed, link, shown in (("7", "5", "7"), ("8", "7", "8"), ("9", "6", "6")):
        damage.set_value(typed)
        app.query_params["damage"] = link
        app.run()
        damage = app.text_input(key="share-damage")
        assert parse_amount(damage.value or "", unit="rial") == int(shown)


async def streamlits(scope: Scope, _receive: Receive, send: Send) -> None:
    """Stands in for Streamlit: the same page of HTML at every address."""
    assert scope["type"] == "http"
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'<html lang="en"><title>x</title></html>'})


def asked(path: str, query: str = "") -> tuple[int, str]:
    """The status and the place that the shell sends an address on to."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    with ThreadPoolExecutor(1) as own:  # this thread's loop may be the browser's
        own.submit(lambda: asyncio.run(HtmlShellMiddleware(streamlits)(scope, receive, send))).result()
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"location", b"").decode()


def test_an_old_address_leads_to_the_page_of_today() -> None:
    assert asked("/percent", "loss=5&lang=en") == (307, "/share?damage=5&lang=en&v=2")
    assert asked("/share", "damage=5") == (200, "")
    assert asked("/nothing") == (307, "/?no_page=nothing")
