"""Table files from real programs: encodings, separators, titles, quotes, and invalid rows."""

import codecs
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from logic.batch.table_file import (
    MAX_HEADER_ROW,
    MAX_LINES_OF_CELL,
    MAX_ROW_CHARS,
    RowProblem,
    Table,
    TableFileError,
    TableRow,
    cell_text,
    column_letters,
    read_table,
)
from logic.core.errors import DataError
from logic.core.normalisation import comparison_key
from logic.datasets.synonyms import synonyms
from tests.support.data_edits import appended, replaced
from tests.support.paths import ROOT

NAMES = {"name": "name", "car": "car", "خودرو": "car", "km": "km", "کیلومتر": "km"}
HEADER = ["name", "car", "km"]


def open_content(content: bytes | str, *, all_named: bool = False) -> Table:
    data = content.encode() if isinstance(content, str) else content
    return read_table(
        io.BytesIO(data), lambda cell: NAMES.get(comparison_key(cell)), 100, all_named=all_named
    )


def rows(content: bytes | str) -> list[tuple[int, list[str]]]:
    """Return the number and cells of each row; fail if a row is a problem."""
    rows_read = list(open_content(content).rows)
    assert all(isinstance(row, TableRow) for row in rows_read), rows_read
    return [(row.number, list(row.cells)) for row in rows_read]


def problems(content: bytes | str) -> list[tuple[int, str]]:
    return [(row.number, row.code) for row in open_content(content).rows if isinstance(row, RowProblem)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "،", "؛"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256"])
def test_any_usual_encoding_and_separator_is_found(separator: str, encoding: str) -> None:
    lines = [separator.join(cells) for cells in (HEADER, ["پژو", "پارس", "1"], ["الف", "roa", "2"])]
    table = open_content("\r\n".join(lines).encode(encoding))
    assert table.separator == separator
    assert table.encoding == {
        "utf-8-sig": "utf-8",
        "utf-16": "utf-16-le" if codecs.BOM_UTF16 == codecs.BOM_UTF16_LE else "utf-16-be",
    }.get(encoding, encoding)
    assert [list(row.cells) for row in table.rows] == [["پژو", "پارس", "1"], ["الف", "roa", "2"]]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks_of_every_system_are_read(line_break: str) -> None:
    assert rows(line_break.join(["name,car,km", "a,roa,1", "b,roa,2"])) == [
        (2, ["a", "roa", "1"]),
        (3, ["b", "roa", "2"]),
    ]


def test_the_encoding_is_detected_after_a_thousand_ascii_lines() -> None:
    cp1256_lines = "خ,roa,1\n".encode("cp1256")
    content = b"name,car,km\n" + "پ,roa,1\n".encode() * 1000 + cp1256_lines * 2000
    table = open_content(content)
    assert table.encoding == "utf-8"
    assert sum(isinstance(row, RowProblem) for row in table.rows) == 2000


@pytest.mark.parametrize("start", [b"%PDF-1.7", b"\x89PNG\r\n", b"PK\x03\x04 no workbook"])
def test_a_file_of_another_kind_is_refused(start: bytes) -> None:
    with pytest.raises(TableFileError, match="cannot be read"):
        open_content(start)


def test_an_invalid_byte_makes_only_its_row_invalid() -> None:
    content = "name,car,km\nالف,roa,1\n".encode() + b"b\xff,roa,2\n" + "پ,roa,3\n".encode()
    rows_read = list(open_content(content).rows)
    assert [row.number for row in rows_read if isinstance(row, TableRow)] == [2, 4]
    assert problems(content) == [(3, "row_damaged")]
    assert rows_read[1].cells == ["b\ufffd", "roa", "2"]


def test_half_a_utf_16_character_makes_only_its_row_invalid() -> None:
    content = codecs.BOM_UTF16_LE + "name,car,km\na,roa,1\n".encode("utf-16-le") + b"\x00\xd8"
    assert problems(content) == [(3, "row_damaged")]


def test_the_header_is_found_below_titles_and_rows_keep_their_numbers() -> None:
    table = open_content("Cars of the company,,\n\n,,\nname,car,km\na,roa,1\n\nb,roa,2\n,,\n")
    assert table.header_row == 4
    assert [(row.number, list(row.cells)) for row in table.rows] == [
        (5, ["a", "roa", "1"]), (7, ["b", "roa", "2"]),
    ]  # fmt: skip


def test_a_header_below_the_first_ten_rows_is_not_found() -> None:
    titles = "title\n" * MAX_HEADER_ROW
    assert list(open_content(f"{titles}name,car,km\n").header) == ["title"]
    assert list(open_content(f"{titles.removeprefix('title' + chr(10))}name,car,km\n").header) == HEADER


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_a_line_that_names_the_separator_is_not_a_row(first: str) -> None:
    table = open_content(f"{first}\nname;car;km\na,b;roa;1\n")
    assert (table.separator, table.header_row) == (";", 1)
    assert [(row.number, list(row.cells)) for row in table.rows] == [(2, ["a,b", "roa", "1"])]


def test_quotes_in_cells_do_not_break_rows() -> None:
    content = 'name,car,km\n"wheel 15" front",roa,1\n5" screen,roa,2\n"a, ""b""",roa,3\n"two\nlines",roa,4\n"open,roa,5\n'
    assert rows(content) == [
        (2, ['wheel 15" front', "roa", "1"]), (3, ['5" screen', "roa", "2"]), (4, ['a, "b"', "roa", "3"]),
        (5, ["two\nlines", "roa", "4"]), (6, ['"open', "roa", "5"]),
    ]  # fmt: skip


def test_a_quote_that_is_never_closed_is_text_after_many_lines() -> None:
    lines = [f"{number},roa,{number}" for number in range(2 * MAX_LINES_OF_CELL)]
    rows_read = rows("\n".join(["name,car,km", '"open,roa,1', *lines, 'x",roa,1']))
    assert len(rows_read) == len(lines) + 2
    long = ["y" * 2000 + ",roa,1"] * 100
    assert len(rows("\n".join(["name,car,km", '"open,roa,1', *long, 'x",roa,1']))) == 102


def test_longer_and_shorter_rows_are_refused_and_never_shifted() -> None:
    content = "name,car,km\na,roa,1,\nb,roa,2,x\nc,roa\nd,roa,3,,  ,\n"
    assert problems(content) == [(3, "row_length"), (4, "row_length")]
    assert [list(row.cells) for row in open_content(content).rows if isinstance(row, TableRow)] == [
        ["a", "roa", "1"],
        ["d", "roa", "3"],
    ]


def test_a_row_longer_than_a_request_is_refused() -> None:
    assert problems(f"name,car,km\n{'a' * MAX_ROW_CHARS},roa,1\n") == [(2, "row_too_large")]


def test_control_characters_are_removed_and_counted() -> None:
    table = open_content("name,car,km\na\x00\x0b,ro\x07a,1\nb,roa,2\n")
    assert [list(row.cells) for row in table.rows] == [["a", "roa", "1"], ["b", "roa", "2"]]
    assert table.cleaned_cells == 2


def test_the_apostrophe_that_we_add_is_removed() -> None:
    content = "name,car,km\n'-12,roa,'29700\n'=a,roa,'۱۲\n'tis,roa,1\n"
    assert [cells[0] for _, cells in rows(content)] == ["-12", "=a", "'tis"]
    assert [cells[2] for _, cells in rows(content)] == ["29700", "۱۲", "1"]


@pytest.mark.parametrize(
    ("header", "code"), [("name,car,NAME", "repeated_column"), ("car,خودرو,km", "repeated_column")]
)
def test_a_repeated_column_is_refused_by_its_name(header: str, code: str) -> None:
    with pytest.raises(TableFileError) as error:
        open_content(f"{header}\n1,2,3\n")
    assert error.value.code == code
    assert error.value.params["column"] == header.split(",")[2 if "NAME" in header else 1]


def test_unknown_columns_can_repeat_unless_all_names_must_be_unique() -> None:
    content = "name,note,note\na,b,c\n"
    assert rows(content) == [(2, ["a", "b", "c"])]
    with pytest.raises(TableFileError, match="“note” is in the file twice"):
        open_content(content, all_named=True)


def test_a_column_without_a_name_is_refused_by_its_letter() -> None:
    assert rows("name,,km\na,b,1\n") == [(2, ["a", "b", "1"])]
    with pytest.raises(TableFileError, match="Column B has no name"):
        open_content("name,,km\na,b,1\n", all_named=True)


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_a_column_index_has_the_letters_of_a_spreadsheet(index: int, letters: str) -> None:
    assert column_letters(index) == letters


def test_a_file_without_rows_has_no_header() -> None:
    assert list(open_content(b"").header) == []
    assert list(open_content(as_workbook()).header) == []


# Workbooks


def as_workbook(*table: list[object]) -> bytes:
    book = Workbook()
    for row in table:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_below_its_title_with_gaps_empty() -> None:
    content = as_workbook(["Cars"], ["name", "car", "km"], ["a", "roa", 1.5], [], ["b"], ["c", "roa", 1, "x"])
    table = open_content(content)
    assert (table.header_row, table.encoding, table.separator) == (2, None, None)
    rows_read = list(table.rows)
    assert [(row.number, list(row.cells)) for row in rows_read[:2]] == [
        (3, ["a", "roa", "1.5"]), (5, ["b", "", ""]),
    ]  # fmt: skip
    assert isinstance(rows_read[2], RowProblem)


def test_numbers_of_a_workbook_keep_their_digits() -> None:
    assert cell_text(1.2345678901234568e16) == "12345678901234568"
    assert cell_text(1e-7) == "0.0000001"
    assert [cell_text(value) for value in (None, True, 5, 0.1)] == ["", "true", "5", "0.1"]


def edited_workbook(content: bytes, edit: Callable[[str, str], str]) -> bytes:
    """Return a workbook whose parts were edited by a function of name and text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, edit(name, old.read(name).decode()))
    return out.getvalue()


def strict(_name: str, text: str) -> str:
    """Return a part with the namespaces of strict OOXML, which some programs save."""
    text = text.replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    return text.replace("http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument")  # fmt: skip


def empty_fill(name: str, text: str) -> str:
    return (
        re.sub("<fills.*</fills>", '<fills count="1"><fill/></fills>', text)
        if name.endswith("styles.xml")
        else text
    )


@pytest.mark.parametrize("edit", [strict, empty_fill])
def test_workbooks_of_other_programs_are_read(edit: Callable[[str, str], str]) -> None:
    content = edited_workbook(as_workbook([*HEADER], ["a", "roa", 1]), edit)
    assert rows(content) == [(2, ["a", "roa", "1"])]


@pytest.mark.parametrize("ending", ["xls", "xlsm", "ods"])
def test_other_kinds_of_workbook_are_read(ending: str) -> None:
    content = (ROOT / "tests/support/files" / f"cars.{ending}").read_bytes()
    table = read_table(io.BytesIO(content), lambda cell: cell if cell in ("label", "car") else None, 100)
    assert (list(table.header), table.header_row) == (
        ["label", "car", "odometer", "level", "card_started"],
        2,
    )
    assert [(row.number, list(row.cells)) for row in table.rows] == [
        (3, ["الف", "تندر ۹۰", "29700", "سه‌ستاره", "2024-03-20"]),
        (4, ["12345678901234567", "206", "۸٬۹۰۰ کیلومتر", "2 ستاره", "1404/5/3"]),
    ]


# Other names


def test_a_name_can_refer_to_several_cars() -> None:
    assert synonyms("car")[comparison_key("سمند LX")] == ("xu7_l3", "xu7_l4", "ef7", "tu5")
    ids = {car for cars in synonyms("car").values() for car in cars}
    assert synonyms("car", ids)[comparison_key("L90")] == ("tondar90",)


def test_an_unknown_id_of_a_name_is_a_data_error() -> None:
    with pytest.raises(DataError, match=r"synonyms\.csv:[0-9]+: column id: 'xu7_l3' is not known"):
        synonyms("car", {"roa"})


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (appended("synonyms.csv", "car,roa,Roa\n"), "'Roa' is a duplicate"),
        (appended("synonyms.csv", "colour,red,Red\n"), "kind"),
        (replaced("synonyms.csv", "kind,id,text", "kind,id,name"), "name"),
    ],
)
def test_a_damaged_table_of_names_is_a_data_error(
    data_copy: Path, edit: Callable[[Path], object], problem: str
) -> None:
    edit(data_copy)
    with pytest.raises(DataError, match=problem):
        synonyms("car")
