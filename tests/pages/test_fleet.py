"""Tests of a fleet's file: reading, error messages, the page's summary and the written files."""

import csv
import datetime as dt
import gc
import io
import re
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from logic.batch import table_file
from logic.batch.workbook import WorkbookError
from logic.core.messages import LANGUAGES, Language, message
from logic.core.models import Level
from logic.vehicles.fleet import STATES, FleetCar, FleetLine
from logic.vehicles.my_car import MyCar
from tests.support.page_run import html, open_page
from tests.support.paths import ROOT
from tools.harness.fleet_files import HEAD, as_csv, as_xlsx
from ui.answer.table_export import csv_file, escape_formula, xlsx
from ui.fleet import fleet_file
from ui.fleet.fleet_file import (
    COLUMNS,
    MAX_EXPLAINED_ERRORS,
    MAX_SMALL_ROWS,
    READ_LOCK,
    FleetFile,
    FleetFileError,
    RowError,
    read,
)
from ui.l10n.text import text
from ui.views import fleet
from ui.views.fleet import result_table, template

MAX_ROWS = 20_000
DAY = dt.datetime(2024, 3, 20)  # noqa: DTZ001 - as a workbook has it


# --- Reading files


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_can_be_read_as_csv_and_as_xlsx(language: Language) -> None:
    t = text(language)
    for content in (csv_file(template(t)), xlsx({"a": template(t)}, rtl=True)):
        file = read(t, content, MAX_ROWS)
        assert file.errors == []
        assert [(car.row, car.label, car.car.vehicle, car.car.odometer_km) for car in file.cars] == [
            (2, "001", "tondar90", 29_700), (3, "002", "peugeot_206", 8_900),
        ]  # fmt: skip
        assert file.cars[0].car.card_started_on == dt.date(2026, 4, 4)
        assert (file.cars[0].car.level, file.cars[0].prior_incidents) == (Level.THREE_STAR, 1)


@pytest.mark.parametrize(
    ("cells", "km"),
    [
        (["۱", "تندر ۹۰", "۲۹٬۷۰۰", "سه‌ستاره", "۱۴۰۳/۱/۵"], 29_700), (["x", "tondar90", "29,700", "three_star", "2024-03-24"], 29_700),
        (["x", "Tondar 90", "29700 km", "Three stars", ""], 29_700), (["x", "تندر٩٠", "29700.0", "", ""], 29_700),
    ],
)  # fmt: skip
def test_cells_are_read_as_people_write_them(cells: list[str], km: int) -> None:
    file = read(text("fa"), as_csv(cells), MAX_ROWS)
    assert file.errors == []
    assert (file.cars[0].car.vehicle, file.cars[0].car.odometer_km) == ("tondar90", km)


@pytest.mark.parametrize(
    ("header", "car", "vehicle"),
    [
        ("خودرو,کیلومتر", "206", "peugeot_206"), ("نوع خودرو,کیلومترشمار (کیلومتر)", "405", "samand"),
        ("car,odometer_km", "L90", "tondar90"), ("خودرو,كىلومترشمار", "پــژو ۲۰۶", "peugeot_206"),
        ("model,mileage", "Peugeot 206", "peugeot_206"), ("خودرو,کارکرد", "پژو روا", "roa"), ("car,km", "سمند ملی", "samand_ef7"),
    ],
)  # fmt: skip
def test_usual_names_of_columns_and_cars_are_read(header: str, car: str, vehicle: str) -> None:
    file = read(text("fa"), f"{header}\n{car},29700\n".encode(), MAX_ROWS)
    assert file.errors == []
    assert (file.cars[0].car.vehicle, file.cars[0].car.odometer_km) == (vehicle, 29_700)


@pytest.mark.parametrize(
    ("level", "expected"),
    [("2 ستاره", Level.TWO_STAR), ("۳ستاره", Level.THREE_STAR), ("4 star", Level.FOUR_STAR), ("يك ستارة خودروكار", Level.WORKING_ONE_STAR)],
)  # fmt: skip
def test_usual_names_of_levels_are_read(level: str, expected: Level) -> None:
    (car,) = read(text("fa"), as_csv(["a", "roa", "1", level, ""]), MAX_ROWS).cars
    assert car.car.level == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_car_of_several_engines_is_refused_with_their_names(language: Language) -> None:
    (error,) = read(text(language), as_csv(["a", "سمند LX", "1", "", ""]), MAX_ROWS).errors
    assert text(language).name_of("car", "ef7") in error.text


@pytest.mark.parametrize("empty", ["-", "ندارد", "n/a", "—", "نامشخص"])
def test_a_cell_with_a_word_for_nothing_is_empty(empty: str) -> None:
    (car,) = read(text("fa"), as_csv(["a", "roa", "1", empty, empty]), MAX_ROWS).cars
    assert (car.car.level, car.car.card_started_on) == (None, None)
    (error,) = read(text("fa"), as_csv(["a", "roa", empty, "", ""]), MAX_ROWS).errors
    assert error.text == text("fa")("fleet.empty")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notes_describe_how_a_file_was_read(language: Language) -> None:
    t = text(language)
    content = as_csv(["a", "roa", "1", "", ""], head=["label", "خودرو", "odometer", "level", "card_started"])
    (note,) = read(t, content.decode().replace(",", "\t").encode("utf-16"), MAX_ROWS).notes
    assert "UTF-16" in note
    assert t("fleet.separator_tab") in note
    (note,) = read(t, b"Cars\n" + content, MAX_ROWS).notes
    assert "UTF-8" in note
    assert t("fleet.read_sheet", row="…").partition("…")[0] in read(t, as_xlsx(), MAX_ROWS).notes[0]
    notes = read(t, as_csv(["a\x0b", "roa", "1", "", ""]), MAX_ROWS).notes
    assert "۱" in notes[1] or "1" in notes[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_another_length_is_refused_and_others_are_read(language: Language) -> None:
    t = text(language)
    content = b"car,odometer\nroa,1,2\nroa\nroa,15000\n"
    file = read(t, content, MAX_ROWS)
    assert [(error.row, error.column) for error in file.errors] == [
        (2, ""),
        (3, ""),
    ]
    assert [car.row for car in file.cars] == [4]


@pytest.mark.parametrize("label", ["-12", "=1+1", "12345678901234567", "001", "@a", "'tis", "الف"])
def test_a_written_label_is_read_back_unchanged(label: str) -> None:
    table = pd.DataFrame([[label, "roa", "15000", "", ""]], columns=HEAD)
    for content in (csv_file(table), xlsx({"cars": table}, rtl=True)):
        (car,) = read(text("fa"), content, MAX_ROWS).cars
        assert car.label == label


@pytest.mark.parametrize("ending", ["xls", "xlsm", "ods"])
def test_other_kinds_of_workbook_are_read(ending: str) -> None:
    file = read(text("fa"), (ROOT / "tests/support/files" / f"cars.{ending}").read_bytes(), MAX_ROWS)
    assert file.errors == []
    assert [(car.row, car.label, car.car.odometer_km) for car in file.cars] == [
        (3, "الف", 29_700), (4, "12345678901234567", 8_900),
    ]  # fmt: skip


def test_numbers_and_days_of_a_workbook_are_read_as_such() -> None:
    file = read(text("fa"), as_xlsx(["x", "roa", 15_000, "two_star", DAY]), MAX_ROWS)
    assert file.errors == []
    assert (file.cars[0].car.odometer_km, file.cars[0].car.card_started_on) == (
        15_000,
        dt.date(2024, 3, 20),
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_excels_persian_csv_are_read(separator: str) -> None:
    content = separator.join(HEAD) + "\r\n" + separator.join(["الف", "roa", "15000", "", ""]) + "\r\n\r\n"
    for encoding in ("utf-8-sig", "cp1256"):
        assert [car.label for car in read(text("fa"), content.encode(encoding), MAX_ROWS).cars] == ["الف"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_bad_cell_is_reported_with_its_row_and_column(language: Language) -> None:
    t = text(language)
    rows = [
        ["a", "tondar90", "29700", "", ""], ["b", "tank", "many", "gold", "yesterday"], ["c", "roa", "", "", ""],
        ["", "", "", "", ""], ["d", "roa", "15000", "", "1403-12-31"],
    ]  # fmt: skip
    file = read(t, as_csv(*rows), MAX_ROWS)
    assert [car.label for car in file.cars] == ["a"]
    positions = [(error.row, error.column) for error in file.errors]
    columns = [t(f"fleet.{name}") for name in ("car", "odometer", "level", "card_started")]
    assert positions == [*((3, column) for column in columns), (4, columns[1]), (6, columns[3])]
    assert file.errors[4].text == t("fleet.empty")


NO_COLUMNS = "fleet.no_columns"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"no workbook", NO_COLUMNS), (b"", NO_COLUMNS), (b"a,b\n1,2\n", NO_COLUMNS), (b"\x81\x8d\x8f\x90", NO_COLUMNS),
        (as_xlsx(head=["car"]), NO_COLUMNS), (b"PK\x03\x04 no workbook", "file_damaged"), (b"%PDF-1.7", "file_damaged"),
        (b"\x89PNG\r\n", "file_damaged"), (b"\xd0\xcf\x11\xe0", "file_damaged"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unreadable_file_is_reported_in_the_visitors_language(
    language: Language, content: bytes, key: str
) -> None:
    expected = text(language)(key, columns="…") if key == NO_COLUMNS else message(key)[language]
    with pytest.raises(FleetFileError) as error:
        read(text(language), content, MAX_ROWS)
    assert str(error.value).startswith(expected.partition("…")[0])


def test_more_cars_than_allowed_are_refused() -> None:
    rows = [["a", "roa", "15000", "", ""]] * 4
    assert len(read(text("fa"), as_csv(*rows[:3]), 3).cars) == 3
    with pytest.raises(FleetFileError, match="۳"):
        read(text("fa"), as_csv(*rows), 3)


@pytest.mark.parametrize("reason", ["damaged", "too_large", "busy"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unreadable_workbook_is_reported_in_the_visitors_language(
    reason: str, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_content: bytes, max_rows: int) -> None:
        assert max_rows > MAX_ROWS
        raise WorkbookError(reason)  # type: ignore[arg-type]

    monkeypatch.setattr(table_file, "read_workbook", refuse)
    with pytest.raises(FleetFileError, match=re.escape(message(f"file_{reason}")[language])):
        read(text(language), as_xlsx(), MAX_ROWS)


def test_parts_of_a_workbook_beside_its_sheet_are_not_unpacked() -> None:
    source = zipfile.ZipFile(io.BytesIO(as_xlsx(["a", "roa", 1, "", ""])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.infolist():
            archive.writestr(part, source.read(part))
        archive.writestr("xl/media/zeros.bin", bytes(100_000_000))
    assert len(out.getvalue()) < 200_000
    assert len(read(text("en"), out.getvalue(), MAX_ROWS).cars) == 1


def test_entities_of_a_workbook_are_not_expanded() -> None:
    entities = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;">]>'
    source = zipfile.ZipFile(io.BytesIO(as_xlsx(["a", "roa", 1, "", ""])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in source.infolist():
            content = source.read(part).decode()
            if part.filename.endswith("sheet1.xml"):
                content = entities + content.partition("?>")[2].replace("roa", "&c;")
            archive.writestr(part.filename, content)
    try:
        file = read(text("en"), out.getvalue(), MAX_ROWS)
    except FleetFileError:
        return
    assert file.cars == []
    assert all("xxx" not in error.text for error in file.errors)


def test_a_repeated_column_is_refused_by_its_name() -> None:
    content = as_csv(["a", "roa", "1", "2", ""], head=["label", "car", "odometer", "کیلومترشمار", "level"])
    with pytest.raises(FleetFileError, match="کیلومترشمار"):
        read(text("en"), content, MAX_ROWS)


@pytest.mark.parametrize(
    ("day", "read_as"),
    [
        (dt.datetime(2024, 3, 20), dt.date(2024, 3, 20)),  # noqa: DTZ001 - as a workbook has it
        (dt.date(2925, 7, 25), None),
        (dt.date(1901, 1, 1), None),
        ("1404-05-03", dt.date(2025, 7, 25)),
    ],
)
def test_a_workbook_day_is_read_or_is_an_error_of_its_row(
    day: dt.date | str, read_as: dt.date | None
) -> None:
    file = read(text("fa"), as_xlsx(["x", "roa", 15_000, "two_star", day], ["y", "roa", 1, "", ""]), MAX_ROWS)
    assert [car.label for car in file.cars] == (["x", "y"] if read_as else ["y"])
    assert not read_as or file.cars[0].car.card_started_on == read_as
    assert len(file.errors) == (0 if read_as else 1)


def test_the_first_visible_sheet_is_read() -> None:
    book = Workbook()
    hidden, visible = book.worksheets[0], book.create_sheet("cars")
    hidden.sheet_state = "hidden"
    for sheet, label in ((hidden, "old"), (visible, "new")):
        sheet.append(HEAD)
        sheet.append([label, "roa", 15_000, "", ""])
    out = io.BytesIO()
    book.save(out)
    assert [car.label for car in read(text("fa"), out.getvalue(), MAX_ROWS).cars] == ["new"]


def test_twenty_thousand_bad_rows_are_counted_in_one_pass() -> None:
    rows = [["a", "tank", "many", "gold", "yesterday"]] * MAX_ROWS
    start = time.monotonic()
    file = read(text("en"), as_csv(*rows), MAX_ROWS)
    assert (len(file.errors), file.further_errors) == (
        MAX_EXPLAINED_ERRORS,
        4 * MAX_ROWS - MAX_EXPLAINED_ERRORS,
    )
    assert file.bad_rows == MAX_ROWS
    assert time.monotonic() - start < 15
    with pytest.raises(FleetFileError):
        read(text("en"), as_csv(*rows, rows[0]), MAX_ROWS)


def test_a_control_character_is_removed_from_the_workbook_of_results() -> None:
    sheet = load_workbook(io.BytesIO(xlsx({"a": pd.DataFrame({"label": ["a\x0bb"]})}, rtl=False))).worksheets[
        0
    ]
    assert sheet["A2"].value == "ab"


def test_a_formula_is_not_evaluated() -> None:
    file = read(text("en"), as_xlsx(["=1+1", "roa", "=15000+1", "", ""]), MAX_ROWS)
    assert [error.column for error in file.errors] == [text("en")("fleet.odometer")]


# --- Writing files


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_a_formula_is_written_as_text(evil: str) -> None:
    assert escape_formula(evil) == f"'{evil}"
    table = pd.DataFrame({"label": [evil]})
    written = list(csv.reader(io.StringIO(csv_file(table).decode("utf-8-sig"), newline="")))
    assert written[1][0].startswith("'")
    sheet = load_workbook(io.BytesIO(xlsx({"a": table}, rtl=False))).worksheets[0]
    assert sheet["A2"].data_type == "s"
    assert str(sheet["A2"].value).startswith("'")


CARD_ENDS = dt.date(2026, 12, 22)


@pytest.fixture
def results() -> pd.DataFrame:
    car = MyCar("tondar90", "k4m")
    due = FleetLine(FleetCar(2, "=a", car), "due", 30_000, 500, 40_000, 9_000, CARD_ENDS, None, 20)
    later = FleetLine(FleetCar(3, "", car), "later", next_service_km=16_000, next_km_left=2_500)
    return result_table(text("en"), [due, later])


def test_the_workbook_of_results_has_numbers_and_days(results: pd.DataFrame) -> None:
    sheet = load_workbook(
        io.BytesIO(xlsx(fleet.written_tables(text("en"), results, []), rtl=True))
    ).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet]
    ends = dt.datetime.combine(CARD_ENDS, dt.time())
    assert [row[0] for row in rows[1:]] == ["'=a", "row 3"]
    assert [row[3:] for row in rows[1:]] == [[30_000, 500, ends, 20], [16_000, 2_500, None, None]]
    assert (sheet.sheet_view.rightToLeft, sheet.freeze_panes, sheet["A1"].font.b) == (True, "A2", True)
    assert sheet["F2"].number_format.startswith("[$-fa-IR,16]")


def test_the_csv_of_results_has_plain_numbers_and_iso_days(results: pd.DataFrame) -> None:
    (table,) = fleet.written_tables(text("en"), results, []).values()
    rows = list(csv.reader(io.StringIO(csv_file(table).decode("utf-8-sig"))))
    assert [row[3:] for row in rows[1:]] == [["30000", "500", "2026-12-22", "20"], ["16000", "2500", "", ""]]


def test_errors_are_a_second_sheet_of_the_workbook(results: pd.DataFrame) -> None:
    t = text("en")
    errors = [RowError(7, "", "=wrong")]
    sheets = load_workbook(io.BytesIO(xlsx(fleet.written_tables(t, results, errors), rtl=False))).worksheets
    assert [sheet.title for sheet in sheets] == [t("fleet.list"), t("fleet.errors")]
    assert [cell.value for cell in sheets[1][2]] == [7, None, "'=wrong"]


def test_a_fleet_without_cars_has_an_empty_table() -> None:
    table = result_table(text("fa"), [])
    assert table["state"].value_counts(sort=False).to_dict() == dict.fromkeys(STATES, 0)
    assert csv_file(table)
    assert xlsx({"a": table}, rtl=True)


# --- The page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_a_hint_without_a_file_and_the_sample(language: Language) -> None:
    t = text(language)
    assert t("fleet.waiting") in html(open_page("fleet", language))
    content = html(open_page("fleet", language, {"sample": "yes"}))
    assert t.name_of("fleet_state", "due") in content
    assert "kh-answer-figure" in content


def test_every_column_of_a_file_has_its_label() -> None:
    for language in LANGUAGES:
        assert all(text(language)(f"fleet.{column}") for column in COLUMNS)


def test_all_visits_together_keep_a_limited_number_of_cars(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet, "MAX_CACHED_CARS", 7)
    first, second = FleetFile(fleet.sample_cars(), []), FleetFile(fleet.sample_cars(), [])
    assert fleet._try_caching(first)
    assert not fleet._try_caching(second)
    del first
    gc.collect()
    assert fleet._try_caching(second)


def test_large_files_are_read_one_at_a_time() -> None:
    rows = [["a", "roa", "15000", "", ""]] * (MAX_SMALL_ROWS + 1)
    large, small = as_csv(*rows), as_csv(*rows[:-2])
    with ThreadPoolExecutor(2) as threads:
        with READ_LOCK:
            waiting = threads.submit(read, text("en"), large, MAX_ROWS)
            assert len(threads.submit(read, text("en"), small, MAX_ROWS).result(20).cars) == 999
            assert not waiting.done()
        assert len(waiting.result(20).cars) == 1001


def test_a_run_leaves_no_file_to_the_garbage_collector() -> None:
    def files() -> int:
        return sum(isinstance(item, FleetFile) for item in gc.get_objects())

    gc.collect()
    before = files()
    gc.disable()
    try:
        app = open_page("fleet", link={"sample": "yes"})
        for _ in range(3):
            app.run()
        assert files() == before
    finally:
        gc.enable()


def test_large_files_are_read_while_a_large_fleet_is_answered() -> None:
    content = as_csv(*[["a", "roa", "15000", "", ""]] * (MAX_SMALL_ROWS + 1))
    file = read(text("en"), content, MAX_ROWS)
    with ThreadPoolExecutor(2) as threads:
        with fleet.ANSWERS_LOCK:
            answering = threads.submit(fleet.answer_fleet, file, 1_000)
            assert len(threads.submit(read, text("en"), content, MAX_ROWS).result(20).cars) == 1001
            assert not answering.done()
        assert len(answering.result(60).lines) == 1001


def test_cells_that_repeat_are_normalised_once() -> None:
    rows = [("", "tondar90", "29700", "three_star", "1405-01-15")] * 500
    before = fleet_file.cached_comparison_key.cache_info().misses
    assert len(read(text("fa"), as_csv(*rows), len(rows)).cars) == len(rows)
    assert fleet_file.cached_comparison_key.cache_info().misses - before < len(rows)
