"""Property tests of the pages: any link, field, component state or file is answered or refused with a message."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from logic.core.amounts import AmountError, Unit, parse_amount
from logic.core.day_text import read_day
from logic.core.messages import LANGUAGES
from logic.service.service_schedule import cars
from logic.vehicles.fleet import fleet
from tests.support.arbitrary import JSON, any_bytes, any_text, examples
from tests.support.asgi import send_request
from tests.support.page_run import EXAMPLE_LINKS, html, open_page
from tests.support.paths import ROOT
from tools.harness.fleet_files import as_csv, as_xlsx
from ui.answer.table_export import csv_file, xlsx
from ui.fleet.fleet_file import FleetFileError, read
from ui.frame.html_shell import HtmlShellMiddleware
from ui.frame.navigation import PAGES
from ui.frame.url_state import UrlState, to_current_names
from ui.inputs.fields import _read_date_parts
from ui.inputs.location import find_places, read_point
from ui.l10n.dates import today
from ui.l10n.text import text
from ui.views.fleet import result_table, written_tables

MANY_CARS = 50
UNITS: tuple[Unit, ...] = ("rial", "km", "mm", "days", "hours")
AMOUNTS = ["2 میلیون تومان", "29,700", "۷٫۵", "150 million rials", "1.5 میلیارد"]
VALUES = [
    *AMOUNTS,
    *(value for link in EXAMPLE_LINKS.values() for value in link.values()),
    "1404-12-30",
    "yes",
]


def parameters_of(page: str) -> set[str]:
    """Return the names of the parameters that a page looks up with its example link."""
    names: set[str] = set()
    bind = UrlState.bind

    def record_name(link: UrlState, name: str, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - passed on
        names.add(name)
        bind(link, name, *arguments, **options)

    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(UrlState, "bind", record_name)
        open_page(page, link=EXAMPLE_LINKS[page])
    return names


@pytest.mark.slow
@pytest.mark.parametrize("page", EXAMPLE_LINKS)
@examples(20)
@given(data=st.data())
def test_any_link_opens_its_page(page: str, data: st.DataObject) -> None:
    names = sorted(parameters_of(page)) or ["x"]
    parameters = st.dictionaries(st.sampled_from(names), any_text(VALUES), min_size=1)
    link = {
        **EXAMPLE_LINKS[page],
        **data.draw(parameters),
        **data.draw(st.dictionaries(st.text(max_size=5), st.text(), max_size=1)),
    }
    app = open_page(page, data.draw(st.sampled_from(LANGUAGES)), link)
    assert "kh-footer" in html(app)


@given(
    st.sampled_from([page.id for page in PAGES]),
    st.dictionaries(st.text(max_size=8) | st.just("v"), any_text(["1", "2", "x"])),
)
def test_any_parameters_are_read_by_their_current_names(page: str, query: Mapping[str, str]) -> None:
    current_page, parameters, version = to_current_names(page, dict(query))
    assert current_page in {entry.id for entry in PAGES}
    assert all(isinstance(value, str) for value in parameters.values())
    assert version is None or version == query["v"]


async def _shell(_scope: Scope, _receive: Receive, send: Send) -> None:
    body = b'<html lang="en"><head><title>Streamlit</title></head><body></body></html>'
    headers = [(b"content-type", b"text/html; charset=utf-8")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@given(
    any_text(["share", "", "x/share", "percent"]), any_bytes(b"lang=en", b"damage=1&lang=fa&v=1", b"a=%ff&a")
)
def test_any_address_gets_a_complete_page_or_a_redirect(path: str, query: bytes) -> None:
    status, body = send_request(HtmlShellMiddleware(_shell), f"/{path}", query=query, method="GET")
    assert status in (200, 307)
    if status == 200 and path.rstrip("/") in ("", "share"):
        assert "<title>Streamlit" not in body.decode()


@given(st.sampled_from(UNITS), any_text(AMOUNTS), st.integers(0, 2))
def test_any_text_is_an_amount_or_an_error_with_a_text(unit: Unit, typed: str, decimals: int) -> None:
    value = parse_amount(typed, unit=unit, decimals=decimals, minimum=0, maximum=10**14)
    if isinstance(value, AmountError):
        assert text("fa")(f"amount_error.{value.code}", lo=0, hi=1)
    else:
        assert 0 <= value <= 10**14


@given(any_text(["35.7, 51.4", "۳۵٫۷، ۵۱٫۴", "(35° N, 51° E)"]))
def test_any_text_is_a_point_place_and_day_or_none(typed: str) -> None:
    point = read_point(typed)
    assert point is None or (abs(point[0]) <= 90 and abs(point[1]) <= 180)
    assert find_places(typed[:80]) is not None
    read_day(typed)


@given(JSON | st.fixed_dictionaries({"day": JSON | st.lists(JSON, min_size=3, max_size=3)}))
def test_any_state_of_a_date_has_three_parts(state: object) -> None:
    parts = _read_date_parts(state)
    assert len(parts) == 3
    assert all(part == "" or isinstance(part, int) for part in parts)


@examples(6)
@given(day=st.lists(st.integers(-2, 2000) | JSON, min_size=3, max_size=3), other=JSON)
def test_any_state_of_a_date_raises_no_error_on_its_page(day: list[object], other: object) -> None:
    app = open_page("tyre", link=EXAMPLE_LINKS["tyre"])
    for state in ({"day": day}, other):
        app.session_state["tyre-made"] = state
        app.run()
        assert not app.exception
        assert "kh-footer" in html(app)


def _page_with_a_sent_position() -> None:  # Streamlit runs its lines as a script
    import streamlit as st  # noqa: PLC0415

    from ui.frame.page import open_page  # noqa: PLC0415
    from ui.inputs import location  # noqa: PLC0415

    with open_page("dealers") as page:
        location.location_input(page)
        location._take_position(page, st.session_state["sent"])


@examples(6)
@given(JSON | st.fixed_dictionaries({"lat": JSON, "lon": JSON}) | st.fixed_dictionaries({"refused": JSON}))
def test_any_position_of_a_browser_is_used_or_refused(sent: object) -> None:
    app = AppTest.from_function(_page_with_a_sent_position)
    app.session_state["sent"] = sent
    app.run()
    assert not app.exception
    assert app.session_state["dealers-refused"] in (
        "",
        "denied",
        "unavailable",
        "timeout",
        "unsupported",
        "outside",
    )


FILES = {
    ".csv": as_csv(
        ["a", "tondar90", "29700", "two_star", "1404-01-15"], ["b", next(iter(cars())), "۱۲", "", ""]
    ),
    ".xlsx": as_xlsx(["a", "tondar90", 29_700, "two_star", "1404-01-15"]),
}


def assert_read_or_refused(content: bytes) -> None:
    """Fail unless a file is read, answered and exported, or refused with a complete message."""
    t = text("fa")
    try:
        file = read(t, content, MANY_CARS)
    except FleetFileError as error:
        message = str(error)
    else:
        message = ""
        answer = fleet(file.cars, today(), 1000)
        assert not answer.faults
        tables = written_tables(t, result_table(t, answer.lines), file.errors)
        assert all(map(csv_file, tables.values()))
        assert xlsx(tables, rtl=True)
    assert "{" not in message


@given(any_bytes(FILES[".csv"], FILES[".csv"].decode().encode("utf-16")))
def test_any_csv_file_of_cars_is_read_or_refused(content: bytes) -> None:
    assert_read_or_refused(content)


WORKBOOKS = {
    "xlsx": FILES[".xlsx"],
    **{
        ending: (ROOT / "tests/support/files" / f"cars.{ending}").read_bytes()
        for ending in ("xls", "xlsm", "ods")
    },
}


@pytest.mark.parametrize("workbook", WORKBOOKS.values(), ids=WORKBOOKS)
@examples(8)
@given(data=st.data())
def test_any_workbook_of_cars_is_read_or_refused(workbook: bytes, data: st.DataObject) -> None:
    assert_read_or_refused(data.draw(any_bytes(workbook)))
