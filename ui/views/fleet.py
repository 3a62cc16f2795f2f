"""A fleet's answer: how many cars want what, the list by urgency, what could not be read, files to take."""

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

HEADS = ("label", "car", "state", "service", "km_left", "card_ends", "share")
SHOWN, SHOWN_ERRORS = 200, 50
"""Rows on the page; the files hold all cars."""
MAX_KEPT_CARS = 200_000
"""In all visits together, some 50 MB; beyond it a file is read anew at every run."""
_KEPT: WeakSet[FleetFile] = WeakSet()
ANSWERING = threading.Lock()
"""Of its own: answers of a busy server take long, and files that are read must not wait for them."""
large_fleet: list[Callable[[Sequence[FleetCar], dt.date, int], Fleet]] = [fleet]
"""The last one answers fleets of more than `MAX_SMALL_ROWS` cars; the server adds its own."""
DAYS_BACK = 340
THREE_DAYS = ("1405-01-15", "1404-12-01", "1404-11-20")
EXAMPLE_CARS = (5, 4, 2, 7, 6)
"""Places in the catalogue of the cars that the sample and the template show."""


@cached_per_dataset
def _tile_of() -> Mapping[tuple[str, str], str]:
    """The first tile of each vehicle with its engine."""
    return {(row.vehicle, row.engine): car for car, row in reversed([*cars().items()])}


def _examples() -> list[CarRow]:
    """The cars of `EXAMPLE_CARS`; a shorter catalogue is counted through again."""
    rows = [*cars().values()]
    return [rows[place % len(rows)] for place in EXAMPLE_CARS]


def sample() -> list[FleetCar]:
    """A few made-up cars, to see what the page does."""
    start = today() - dt.timedelta(days=DAYS_BACK)
    rows = (
        (29_700, Level.THREE_STAR, start, 1), (8_900, Level.TWO_STAR, start, 0),
        (47_000, Level.FOUR_STAR, today() - dt.timedelta(days=20), 2),
        (61_000, Level.MOBILE, start, 0), (15_000, None, None, 0),
    )  # fmt: skip
    return [
        FleetCar(
            row, f"{row - 1:03}", MyCar(car.vehicle, car.engine, None, None, km, level, started), earlier
        )
        for row, car, (km, level, started, earlier) in zip(range(2, 7), _examples(), rows, strict=True)
    ]


def read_once(page: Page, upload: UploadedFile, most: int) -> FleetFile | str:
    """Read an upload at the first run that has it, not at every run; the text says what is wrong with it."""
    upload_id = (upload.file_id, page.t.language)
    kept: tuple[tuple[str, str], FleetFile | str] | None = page.page_cache.get("read")
    if kept is None or kept[0] != upload_id:
        try:
            found: FleetFile | str = read(page.t, upload.getvalue(), most)
        except FleetFileError as error:
            found = str(error)
        kept = (upload_id, found)
        if isinstance(found, str) or _may_be_kept(found):
            page.page_cache["read"] = kept
    return kept[1]


def _may_be_kept(file: FleetFile) -> bool:
    """Whether a visit may keep a file beside those that all visits keep."""
    if sum(len(kept.cars) for kept in [*_KEPT]) + len(file.cars) > MAX_KEPT_CARS:
        return False
    _KEPT.add(file)
    return True


def answers(file: FleetFile, within_km: int) -> Fleet:
    """Answer for each car; large fleets take turns, in processes of the server where it has some."""
    if len(file.cars) <= MAX_SMALL_ROWS:
        return fleet(file.cars, today(), within_km)
    with ANSWERING:
        return large_fleet[-1](file.cars, today(), within_km)


def template(t: Text) -> list[list[OutputCell]]:
    """The heads of a file with two rows to be written over."""
    heads: list[OutputCell] = [t(f"fleet.{column}") for column in COLUMNS]
    first, second = (t.name_of("car", row.car) for row in _examples()[:2])
    rows: list[list[OutputCell]] = [
        ["001", first, 29700, t.name_of("level", "three_star"), *THREE_DAYS, 1],
        ["002", second, 8900, t.name_of("level", "two_star"), THREE_DAYS[0], "", "", 0],
    ]
    return [heads, *rows]


def offer_template(page: Page) -> None:
    """A file to start from, with a sheet that lists what the cells may hold."""
    t = page.t
    lists: list[list[OutputCell]] = [[t("fleet.car"), t("fleet.level")]]
    names, levels = [car_name(t, car) for car in cars()], [t.name_of("level", level) for level in Level]
    longest = max(len(names), len(levels))
    lists += [[*pair] for pair in zip(_padded(names, longest), _padded(levels, longest), strict=True)]
    tables = {t("fleet.title"): template(t), t("fleet.lists"): lists}
    with st.container(horizontal=True, key=page.key("template")):
        _download_button(
            page, "template_xlsx", lambda: xlsx(tables, rtl=t.direction == "rtl"), "khodroyar-fleet.xlsx"
        )
        _download_button(page, "template_csv", lambda: csv_file(template(t)), "khodroyar-fleet.csv")


def _padded(names: list[str], longest: int) -> list[str]:
    return names + [""] * (longest - len(names))


def _download_button(page: Page, name: str, make: Callable[[], bytes], file: str) -> None:
    said, key = page.t(f"fleet.{name}"), page.key(name)
    st.download_button(
        said, page.download(make), file, icon=":material/download:", on_click="ignore", key=key
    )


def render_empty(page: Page, wrong: str) -> None:
    """No cars: none given yet, or ``wrong`` says why the file cannot be read."""
    waiting = h.p(".kh-empty")[page.t("fleet.waiting")]
    show_html(h.div(".kh-note", role="alert")[h.b[wrong]] if wrong else waiting)


def _defects(t: Text, found: Mapping[int, FieldError]) -> list[RowError]:
    """The cars without an answer for a fault of ours, said like rows that could not be read."""
    return [
        RowError(row, t("fleet.car"), message(error.code, **error.params)[t.language])
        for row, error in found.items()
    ]


def render_headline(page: Page, file: FleetFile, answered: Fleet, within_km: int) -> None:
    """The counts as the headline, how the file was read, what could not be read, then files to take."""
    t, lines, km = page.t, answered.lines, format_number(within_km, page.t.language)
    counts = count_by_state(lines)
    further = [
        t(f"fleet_count.{state}", count=format_number(counts[state], t.language), km=km)
        for state in STATES[1:]
    ]
    answer_card.headline(
        page, t("fleet.due_now"), format_number(counts["due"], t.language),
        t("fleet.of", all=format_number(len(lines), t.language)),
        t("fleet.as_of", day=format_jalali(today(), t.language, long=True)),
        detail=h.ul(".kh-fleet-counts")[(h.li[each] for each in further)],
    )  # fmt: skip
    for note in file.notes:
        answer_card.paragraph(note)
    errors = [*file.errors, *_defects(t, answered.faults)]
    _errors(page, errors, file.further_errors, file.bad_rows + len(answered.faults))

    def table() -> list[list[OutputCell]]:
        rows: list[list[OutputCell]] = [[t(f"fleet.{name}") for name in HEADS]]
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
    """The first cars as a table over the whole width, each a card on a phone."""
    t = page.t
    heads = [t(f"fleet.{name}") for name in HEADS]
    rows = (_cells(t, line) for line in lines[:SHOWN])

    def cells(row: Sequence[str]) -> Iterator[h.Element]:
        return (h.td(data_head=head)[cell] for head, cell in zip(heads, row, strict=True))

    body = (h.tr(class_=line.state)[cells(row)] for line, row in zip(lines, rows, strict=False))
    citations = card_tables.nearest().citations
    clauses = (citations.service_window, citations.share_table)
    cut = t("fleet.cut", shown=format_number(SHOWN, t.language), all=format_number(len(lines), t.language))
    show_html(
        h.h2(".kh-h2")[t("fleet.list")],
        h.div(".kh-wrap", tabindex="0", role="region", aria_label=t("fleet.list"))[
            h.table(".kh-fleet")[h.thead[h.tr[(h.th(scope="col")[head] for head in heads)]], h.tbody[body]]
        ],
        h.p(".kh-muted")[cut] if len(lines) > SHOWN else None,
        h.p(".kh-muted")[
            t("fleet.rests_on"), (h.fragment[" ", answer_card.clause_badge(t, each)] for each in clauses)
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


def _place_of(t: Text, error: RowError) -> str:
    row = format_number(error.row, t.language)
    if not error.column:
        return t("fleet.row_error", row=row)
    return t("fleet.error", row=row, column=error.column)


def _errors(page: Page, errors: Sequence[RowError], further: int, bad_rows: int) -> None:
    """What could not be read: row, column, and what to do."""
    t = page.t
    if not errors:
        return
    lines = (h.li[_place_of(t, error), " ", error.text] for error in errors[:SHOWN_ERRORS])
    rows = format_number(bad_rows, t.language)
    more = len(errors) + further - SHOWN_ERRORS
    show_html(
        h.div(".kh-note", role="alert")[
            h.b[t("fleet.errors_in", rows=rows)],
            h.ul[lines],
            h.p[t("fleet.more_errors", count=format_number(more, t.language))] if more > 0 else None,
        ]
    )
