"""Rendering of the fleet page: counts by state, the list by urgency, errors, and files to download."""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import Any
from weakref import WeakSet

import htpy as h
import pandas as pd

from logic.card.tables import card_tables
from logic.core.errors import FieldError
from logic.core.messages import message
from logic.core.models import Level
from logic.datasets.dataset import cached_per_dataset
from logic.service.service_schedule import CarRow, cars
from logic.vehicles.fleet import STATES, Fleet, FleetCar, FleetLine, fleet
from logic.vehicles.my_car import MyCar
from ui.answer import answer_card
from ui.answer.table_export import download_buttons
from ui.fleet.fleet_file import COLUMNS, MAX_SMALL_ROWS, FleetFile, FleetFileError, RowError, read
from ui.frame.page import Page, show_html
from ui.inputs.car_tiles import car_name
from ui.l10n.dates import today
from ui.l10n.numbers import format_jalali, format_number, format_percent
from ui.l10n.text import Text
from ui.streamlit_internals import UploadedFile

LIST_COLUMNS = ("label", "car", "state", "service", "km_left", "card_ends", "share")
RESULT_TYPES: Mapping[str, Any] = {
    "label": "str", "car": "str", "state": pd.CategoricalDtype([*STATES]), "service": "Int64",
    "left_km": "Int64", "card_ends": "datetime64[s]", "share_percent": "Int64",
}  # fmt: skip
"""``left_km`` is the way to the end of the window if the service is due, otherwise to its start."""
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


def template(t: Text) -> pd.DataFrame:
    """Return a fleet file with two example rows."""
    first, second = (t.name_of("car", row.car) for row in _examples()[:2])
    rows = [
        ["001", first, 29700, t.name_of("level", "three_star"), *EXAMPLE_DATES, 1],
        ["002", second, 8900, t.name_of("level", "two_star"), EXAMPLE_DATES[0], "", "", 0],
    ]
    return pd.DataFrame(rows, columns=[t(f"fleet.{column}") for column in COLUMNS])


def offer_template(page: Page) -> None:
    """Render the downloads of the template; the workbook has a sheet with the possible values."""
    t = page.t

    def tables() -> dict[str, pd.DataFrame]:
        car_names = pd.Series([car_name(t, car) for car in cars()])
        level_names = pd.Series([t.name_of("level", level) for level in Level])
        lists = pd.DataFrame({t("fleet.car"): car_names, t("fleet.level"): level_names})
        return {t("fleet.title"): template(t), t("fleet.lists"): lists}

    download_buttons(page, "template", "khodroyar-fleet", tables)


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


def result_table(t: Text, lines: Iterable[FleetLine]) -> pd.DataFrame:
    """Return a row for each car, with the columns and types of `RESULT_TYPES`."""
    rows = [_result_row(t, line) for line in lines]
    return pd.DataFrame(rows, columns=[*RESULT_TYPES]).astype(RESULT_TYPES)


def _result_row(t: Text, line: FleetLine) -> tuple[object, ...]:
    car, due = line.car.car, line.state == "due"
    return (
        line.car.label or t("fleet.row_number", row=format_number(line.car.row, t.language)),
        t.name_of("car", _tile_of().get((car.vehicle or "", car.engine or ""), "")),
        line.state,
        line.service_due_km if due else line.next_service_km,
        line.due_km_left if due else line.next_km_left,
        line.card_ends,
        line.share_percent,
    )


def written_tables(t: Text, results: pd.DataFrame, errors: Sequence[RowError]) -> dict[str, pd.DataFrame]:
    """Return the sheets of the downloads, with names in the language of the page."""
    states = results["state"].cat.rename_categories(t.names_of("fleet_state", STATES))
    tables = {t("fleet.list"): results.assign(state=states).rename(columns=lambda name: t(f"fleet.{name}"))}
    if errors:
        heads = [t(f"fleet.{name}") for name in ("row", "column", "problem")]
        tables[t("fleet.errors")] = pd.DataFrame([*map(astuple, errors)], columns=heads)
    return tables


def render_headline(
    page: Page, file: FleetFile, results: pd.DataFrame, faults: Mapping[int, FieldError], within_km: int
) -> None:
    """Render the counts as the headline, then notes on the file, errors and downloads."""
    t, km = page.t, format_number(within_km, page.t.language)
    counts = {
        str(state): format_number(count, t.language)
        for state, count in results["state"].value_counts(sort=False).items()
    }
    answer_card.headline(
        page, t("fleet.due_now"), counts.pop("due"),
        t("fleet.of", all=format_number(len(results), t.language)),
        t("fleet.as_of", day=format_jalali(today(), t.language, long=True)),
        detail=h.ul(".kh-fleet-counts")[
            (h.li[t(f"fleet_count.{state}", count=count, km=km)] for state, count in counts.items())
        ],
    )  # fmt: skip
    for note in file.notes:
        answer_card.paragraph(note)
    errors = [*file.errors, *_internal_errors(t, faults)]
    _errors(page, errors, file.further_errors, file.bad_rows + len(faults))
    download_buttons(page, "result", "khodroyar-due", lambda: written_tables(t, results, errors))
    answer_card.action_bar(page)


def render_list(page: Page, results: pd.DataFrame) -> None:
    """Render the first `MAX_LISTED_CARS` cars as a table; on a phone each is a card."""
    t = page.t
    heads = [t(f"fleet.{name}") for name in LIST_COLUMNS]

    def row(car: Any) -> h.Element:  # noqa: ANN401 - a row of a table
        cells = zip(heads, _cells(t, car), strict=True)
        return h.tr(class_=car.state)[(h.td(data_head=head)[cell] for head, cell in cells)]

    body = (row(car) for car in results.head(MAX_LISTED_CARS).itertuples())
    citations = card_tables.nearest().citations
    clauses = (citations.service_window, citations.share_table)
    cut_note = t(
        "fleet.cut",
        shown=format_number(MAX_LISTED_CARS, t.language),
        all=format_number(len(results), t.language),
    )
    show_html(
        h.h2(".kh-h2")[t("fleet.list")],
        h.div(".kh-scroll-container", tabindex="0", role="region", aria_label=t("fleet.list"))[
            h.table(".kh-fleet")[h.thead[h.tr[(h.th(scope="col")[head] for head in heads)]], h.tbody[body]]
        ],
        h.p(".kh-muted")[cut_note] if len(results) > MAX_LISTED_CARS else None,
        h.p(".kh-muted")[
            t("fleet.rests_on"), (h.fragment[" ", answer_card.clause_badge(t, clause)] for clause in clauses)
        ],
    )


def _cells(t: Text, car: Any) -> list[str]:  # noqa: ANN401 - a row of a table
    lang, left = t.language, "fleet.closes_in" if car.state == "due" else "fleet.opens_in"
    return [
        car.label,
        car.car,
        t.name_of("fleet_state", car.state),
        "" if pd.isna(car.service) else format_number(int(car.service), lang),
        "" if pd.isna(car.left_km) else t(left, km=format_number(int(car.left_km), lang)),
        "" if pd.isna(car.card_ends) else format_jalali(car.card_ends.date(), lang),
        "" if pd.isna(car.share_percent) else format_percent(int(car.share_percent), lang),
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
