"""Rendering of the fleet page: counts by state, the list by urgency, errors, and files to download."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from weakref import WeakSet

import htpy as h
import streamlit as st

from logic.card.tables import card_tables
from logic.core.errors import FieldError
from logic.core.messages import message
from logic.core.models import Level
from logic.datasets.dataset import cached_per_dataset
from logic.service.service_schedule import CarRow, cars
from logic.vehicles.fleet import STATES, Fleet, FleetCar, FleetLine, count_by_state, fleet
from logic.vehicles.my_car import MyCar
from ui.answer import answer_card
from ui.fleet.fleet_file import (
    COLUMNS,
    MAX_SMALL_ROWS,
    FleetFile,
    FleetFileError,
    OutputCell,
    RowError,
    csv_file,
    read,
    xlsx,
)
from ui.frame.page import Page, show_html
from ui.inputs.car_tiles import car_name
from ui.l10n.dates import today
from ui.l10n.numbers import format_jalali, format_number, format_percent
from ui.l10n.text import Text
from ui.streamlit_internals import UploadedFile

LIST_COLUMNS = ("label", "car", "state", "service", "km_left", "card_ends", "share")
MAX_LISTED_CARS, MAX_LISTED_ERRORS = 200, 50
"""Rows on the page; the downloads contain all cars."""
MAX_CACHED_CARS = 200_000
"""Limit for all visits together, about 50 MB; beyond it, a file is read again at every run."""
_CACHED_FILES: WeakSet[FleetFile] = WeakSet()
ANSWERS_LOCK = threading.Lock()
"""Separate from `READ_LOCK`, so that reading a file does not wait for the answers of another one."""
large_fleet: list[Callable[[Sequence[FleetCar], dt.date, int], Fleet]] = [fleet]
"""The last function answers fleets of more than `MAX_SMALL_ROWS` cars; the server appends its own."""
SAMPLE_CARD_AGE_DAYS = 340
EXAMPLE_DATES = ("1405-01-15", "1404-12-01", "1404-11-20")
EXAMPLE_CAR_INDEXES = (5, 4, 2, 7, 6)
"""Indexes in the catalogue of the cars in the sample and the template."""


@cached_per_dataset
def _tile_of() -> Mapping[tuple[str, str], str]:
    """Return the first tile of each vehicle and engine."""
    return {(row.vehicle, row.engine): car for car, row in reversed([*cars().items()])}


def _examples() -> list[CarRow]:
    """Return the cars at `EXAMPLE_CAR_INDEXES`, modulo the length of the catalogue."""
    rows = [*cars().values()]
    return [rows[index % len(rows)] for index in EXAMPLE_CAR_INDEXES]


def sample_cars() -> list[FleetCar]:
    """Return a few fictitious cars for trying out the page."""
    start = today() - dt.timedelta(days=SAMPLE_CARD_AGE_DAYS)
    rows = (
        (29_700, Level.THREE_STAR, start, 1), (8_900, Level.TWO_STAR, start, 0),
        (47_000, Level.FOUR_STAR, today() - dt.timedelta(days=20), 2),
        (61_000, Level.MOBILE, start, 0), (15_000, None, None, 0),
    )  # fmt: skip
    return [
        FleetCar(
            row,
            f"{row - 1:03}",
            MyCar(car.vehicle, car.engine, None, None, km, level, card_started),
            prior_incidents,
        )
        for row, car, (km, level, card_started, prior_incidents) in zip(
            range(2, 7), _examples(), rows, strict=True
        )
    ]


def read_once(page: Page, upload: UploadedFile, max_cars: int) -> FleetFile | str:
    """Read an upload once, not at every run; return the error text if it cannot be read."""
    upload_id = (upload.file_id, page.t.language)
    cached: tuple[tuple[str, str], FleetFile | str] | None = page.page_cache.get("read")
    if cached is None or cached[0] != upload_id:
        try:
            file: FleetFile | str = read(page.t, upload.getvalue(), max_cars)
        except FleetFileError as error:
            file = str(error)
        cached = (upload_id, file)
        if isinstance(file, str) or _try_caching(file):
            page.page_cache["read"] = cached
    return cached[1]


def _try_caching(file: FleetFile) -> bool:
    """Register a file as cached; return False if all cached files would exceed `MAX_CACHED_CARS`."""
    if sum(len(cached_file.cars) for cached_file in [*_CACHED_FILES]) + len(file.cars) > MAX_CACHED_CARS:
        return False
    _CACHED_FILES.add(file)
    return True


def answer_fleet(file: FleetFile, within_km: int) -> Fleet:
    """Answer for each car; large fleets are answered one at a time, in the server's processes if any."""
    if len(file.cars) <= MAX_SMALL_ROWS:
        return fleet(file.cars, today(), within_km)
    with ANSWERS_LOCK:
        return large_fleet[-1](file.cars, today(), within_km)


def template_rows(t: Text) -> list[list[OutputCell]]:
    """Return the column heads of a fleet file with two example rows."""
    heads: list[OutputCell] = [t(f"fleet.{column}") for column in COLUMNS]
    first, second = (t.name_of("car", row.car) for row in _examples()[:2])
    rows: list[list[OutputCell]] = [
        ["001", first, 29700, t.name_of("level", "three_star"), *EXAMPLE_DATES, 1],
        ["002", second, 8900, t.name_of("level", "two_star"), EXAMPLE_DATES[0], "", "", 0],
    ]
    return [heads, *rows]


def offer_template(page: Page) -> None:
    """Render the downloads of the template; the workbook has a sheet with the possible values."""
    t = page.t
    lists: list[list[OutputCell]] = [[t("fleet.car"), t("fleet.level")]]
    car_names = [car_name(t, car) for car in cars()]
    level_names = [t.name_of("level", level) for level in Level]
    length = max(len(car_names), len(level_names))
    lists += [[*pair] for pair in zip(_padded(car_names, length), _padded(level_names, length), strict=True)]
    tables = {t("fleet.title"): template_rows(t), t("fleet.lists"): lists}
    with st.container(horizontal=True, key=page.key("template")):
        _download_button(
            page, "template_xlsx", lambda: xlsx(tables, rtl=t.direction == "rtl"), "khodroyar-fleet.xlsx"
        )
        _download_button(page, "template_csv", lambda: csv_file(template_rows(t)), "khodroyar-fleet.csv")


def _padded(names: list[str], length: int) -> list[str]:
    return names + [""] * (length - len(names))


def _download_button(page: Page, name: str, make: Callable[[], bytes], file_name: str) -> None:
    label, key = page.t(f"fleet.{name}"), page.key(name)
    st.download_button(
        label, page.download(make), file_name, icon=":material/download:", on_click="ignore", key=key
    )


def render_empty(page: Page, problem: str) -> None:
    """Render a hint to upload a file, or ``problem``: why the file cannot be read."""
    waiting = h.p(".kh-empty")[page.t("fleet.waiting")]
    show_html(h.div(".kh-note", role="alert")[h.b[problem]] if problem else waiting)


def _internal_errors(t: Text, faults: Mapping[int, FieldError]) -> list[RowError]:
    """Return the cars whose answer failed because of an internal error, as row errors."""
    return [
        RowError(row, t("fleet.car"), message(error.code, **error.params)[t.language])
        for row, error in faults.items()
    ]


def render_headline(page: Page, file: FleetFile, result: Fleet, within_km: int) -> None:
    """Render the counts as the headline, then notes on the file, errors and downloads."""
    t, lines, km = page.t, result.lines, format_number(within_km, page.t.language)
    counts = count_by_state(lines)
    counts_by_state = [
        t(f"fleet_count.{state}", count=format_number(counts[state], t.language), km=km)
        for state in STATES[1:]
    ]
    answer_card.headline(
        page, t("fleet.due_now"), format_number(counts["due"], t.language),
        t("fleet.of", all=format_number(len(lines), t.language)),
        t("fleet.as_of", day=format_jalali(today(), t.language, long=True)),
        detail=h.ul(".kh-fleet-counts")[(h.li[text] for text in counts_by_state)],
    )  # fmt: skip
    for note in file.notes:
        answer_card.paragraph(note)
    errors = [*file.errors, *_internal_errors(t, result.faults)]
    _errors(page, errors, file.further_errors, file.bad_rows + len(result.faults))

    def table() -> list[list[OutputCell]]:
        rows: list[list[OutputCell]] = [[t(f"fleet.{name}") for name in LIST_COLUMNS]]
        return rows + [[*_cells(t, line)] for line in lines]

    def workbook_of_results() -> bytes:
        tables = {t("fleet.list"): table()}
        if errors:
            texts: list[list[OutputCell]] = [[error.row, error.column, error.text] for error in errors]
            tables[t("fleet.errors")] = [[t("fleet.row"), t("fleet.column"), t("fleet.problem")], *texts]
        return xlsx(tables, rtl=t.direction == "rtl")

    with st.container(horizontal=True, key=page.key("take")):
        _download_button(page, "result_xlsx", workbook_of_results, "khodroyar-due.xlsx")
        _download_button(page, "result_csv", lambda: csv_file(table()), "khodroyar-due.csv")
    answer_card.action_bar(page)


def render_list(page: Page, lines: Sequence[FleetLine]) -> None:
    """Render the first `MAX_LISTED_CARS` cars as a table; on a phone each is a card."""
    t = page.t
    heads = [t(f"fleet.{name}") for name in LIST_COLUMNS]
    rows = (_cells(t, line) for line in lines[:MAX_LISTED_CARS])

    def cells(row: Sequence[str]) -> Iterator[h.Element]:
        return (h.td(data_head=head)[cell] for head, cell in zip(heads, row, strict=True))

    body = (h.tr(class_=line.state)[cells(row)] for line, row in zip(lines, rows, strict=False))
    citations = card_tables.nearest().citations
    clauses = (citations.service_window, citations.share_table)
    cut_note = t(
        "fleet.cut",
        shown=format_number(MAX_LISTED_CARS, t.language),
        all=format_number(len(lines), t.language),
    )
    show_html(
        h.h2(".kh-h2")[t("fleet.list")],
        h.div(".kh-scroll-container", tabindex="0", role="region", aria_label=t("fleet.list"))[
            h.table(".kh-fleet")[h.thead[h.tr[(h.th(scope="col")[head] for head in heads)]], h.tbody[body]]
        ],
        h.p(".kh-muted")[cut_note] if len(lines) > MAX_LISTED_CARS else None,
        h.p(".kh-muted")[
            t("fleet.rests_on"), (h.fragment[" ", answer_card.clause_badge(t, clause)] for clause in clauses)
        ],
    )


def _cells(t: Text, line: FleetLine) -> list[str]:
    car, lang = line.car.car, t.language
    due = line.service_due_km is not None
    service = line.service_due_km if due else line.next_service_km
    left = line.due_km_left if due else line.next_km_left
    tile = _tile_of().get((car.vehicle or "", car.engine or ""), "")
    return [
        line.car.label or t("fleet.row_number", row=format_number(line.car.row, lang)),
        t.name_of("car", tile),
        t.name_of("fleet_state", line.state),
        "" if service is None else format_number(service, lang),
        ""
        if left is None
        else t("fleet.closes_in" if due else "fleet.opens_in", km=format_number(left, lang)),
        format_jalali(line.card_ends, lang) if line.card_ends else "",
        "" if line.share_percent is None else format_percent(line.share_percent, lang),
    ]


def _cell_reference(t: Text, error: RowError) -> str:
    row = format_number(error.row, t.language)
    if not error.column:
        return t("fleet.row_error", row=row)
    return t("fleet.error", row=row, column=error.column)


def _errors(page: Page, errors: Sequence[RowError], unexplained: int, bad_rows: int) -> None:
    """Render the first errors: row, column, and what to do."""
    t = page.t
    if not errors:
        return
    lines = (h.li[_cell_reference(t, error), " ", error.text] for error in errors[:MAX_LISTED_ERRORS])
    rows = format_number(bad_rows, t.language)
    hidden_errors = len(errors) + unexplained - MAX_LISTED_ERRORS
    show_html(
        h.div(".kh-note", role="alert")[
            h.b[t("fleet.errors_in", rows=rows)],
            h.ul[lines],
            h.p[t("fleet.more_errors", count=format_number(hidden_errors, t.language))]
            if hidden_errors > 0
            else None,
        ]
    )
