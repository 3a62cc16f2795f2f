"""Any bytes that reach `logic/` are answered or refused with a typed message, never with our fault."""

import base64
import io
import json
import shutil
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logic.__main__ import INVALID, OK, main
from logic.batch.files import read_parts
from logic.batch.rows import BatchError, answer_rows, check_columns
from logic.batch.workbook import WorkbookError, read_workbook
from logic.core import codes
from logic.core.codes import decode, encode
from logic.core.errors import CodeError, DataError
from logic.core.jalali import parse_day
from logic.core.registry import calculators, error_to_dict, find, respond
from logic.datasets import tables
from logic.datasets.dataset import Dataset
from logic.datasets.prices import prices
from logic.datasets.renames import renames
from logic.datasets.traceability import traced_clauses
from tests.support.arbitrary import JSON, any_bytes, any_text, examples
from tests.support.contract import assert_matches_contract
from tests.support.paths import DATA_DIR, ROOT
from tests.support.worked_examples import requests_of

DATA_FILES = sorted(
    file.relative_to(DATA_DIR) for file in DATA_DIR.rglob("*.*") if file.suffix in (".csv", ".toml")
)
MESSAGES = Path("messages.toml")
"""Read from the program, not from the data folder in use."""


pytestmark = pytest.mark.usefixtures("faults")


@pytest.mark.parametrize("name", calculators())
@examples(2)
@given(data=st.data())
def test_any_line_is_answered_or_refused(name: str, data: st.DataObject) -> None:
    lines = [json.dumps(request, ensure_ascii=False).encode() for request in requests_of(name)[:20]]
    line = data.draw(any_bytes(*lines) | JSON.map(lambda value: json.dumps(value).encode()))
    assert_matches_contract(respond(find(name), line), find(name))


@examples()
@given(
    lines=any_bytes(
        b"\n".join(json.dumps(request).encode() for request in requests_of("subscriber_share")[:3])
    )
)
def test_run_writes_one_response_for_each_line_that_is_not_blank(
    lines: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.BytesIO()
    with monkeypatch.context() as streams:
        streams.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
        streams.setattr(sys, "stdout", io.TextIOWrapper(out, write_through=True))
        status = main(["run", "subscriber_share"])
        responses = [json.loads(line) for line in out.getvalue().splitlines()]
    requests = [line for line in io.BytesIO(lines.removeprefix(b"\xef\xbb\xbf")) if line.strip()]
    assert len(responses) == len(requests)
    assert status == (OK if all(response["ok"] for response in responses) else INVALID)
    for response in responses:
        assert_matches_contract(response, find("subscriber_share"))


VALID_CODES = [
    encode(find(name).read(request)) for name in calculators() for request in requests_of(name)[:1]
]


def code_of_text(text: bytes, version: str) -> str:
    """Return the code of any text, with a valid checksum."""
    packer = zlib.compressobj(9, zlib.DEFLATED, codes._RAW_DEFLATE, zdict=codes._dictionary())
    content = packer.compress(text) + packer.flush()
    body = base64.b32encode(codes._checksum(version, content) + content).decode().rstrip("=")
    return version + body.translate(codes._TO_CROCKFORD)


@examples()
@given(
    any_text(VALID_CODES)
    | st.builds(
        code_of_text,
        any_bytes(*(f"{name}{json.dumps(requests_of(name)[0])}".encode() for name in calculators())),
        st.sampled_from([*codes._ALPHABET]),
    )
)
def test_any_code_is_reproduced_or_refused(code: str) -> None:
    try:
        name, fields = decode(code)
    except CodeError as error:
        refused = {"ok": False, "errors": [error_to_dict(error.error)]}
        assert_matches_contract(refused, find("subscriber_share"))
    else:
        assert_matches_contract(respond(find(name), json.dumps(fields).encode()), find(name))


@given(any_text(["1404-12-30", "2025-02-28"]))
def test_any_text_is_parsed_as_a_day_or_none(text: str) -> None:
    with suppress(ValueError):
        parse_day(text)


def read_all_data() -> None:
    """Read every table, as the server does at its start."""
    tables.check()
    traced_clauses()
    prices()
    renames("links")


@examples(2)
@given(data=st.data())
def test_any_data_file_is_read_or_refused_with_its_name(
    data: st.DataObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calculators()
    changed = data.draw(st.sampled_from([file for file in DATA_FILES if file != MESSAGES]))
    content = data.draw(any_bytes((DATA_DIR / changed).read_bytes()))
    folder = tmp_path / f"{len([*tmp_path.iterdir()])}" / "data"
    shutil.copytree(DATA_DIR, folder)
    (folder / changed).write_bytes(content)
    with monkeypatch.context() as patch:
        patch.setattr("logic.datasets.dataset._current", Dataset(folder))
        try:
            read_all_data()
        except DataError as error:
            refused = f"{error.file} {error.problem}"
        else:
            refused = ""
    assert not refused or refused.startswith("data/")  # a missing clause is reported in another file


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("renames.toml", "a = " + "[" * 100_000),
        ("emdad/ssa005_14/clauses.toml", ".".join(["a"] * 10_000) + " = 1"),
        ("prices.csv", 'level,price_rial,as_of\n"' + "x" * 200_000 + '",1,1404-01-01\n'),
        ("renames.toml", "version = " + "9" * 5_000),
        ("emdad/ssa005_14/services/grand_vitara.csv", "item,7500\nservice_km," + "9" * 5_000 + "\n"),
        ("renames.toml", "codes = 5"),
        ("answered.toml", ""),
        ("answered.toml", "calculators = 5"),
        ("answered.toml", "[calculators]\na = 5"),
        ("answered.toml", '[calculators]\n"emdad.ssa005_14.p1" = "letters"'),
        ("emdad/ssa005_14/not_answered.csv", "[emdad]"),
    ],
)
def test_a_data_file_of_another_kind_is_refused_briefly(data_copy: Path, file: str, content: str) -> None:
    (data_copy / file).write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_all_data()
    assert refused.value.file.startswith("data/")
    assert len(str(refused.value)) < 1_000


@pytest.mark.parametrize("name", calculators())
@examples(5)
@given(data=st.data())
def test_any_cells_are_answered_or_refused_row_by_row(name: str, data: st.DataObject) -> None:
    fields = [*find(name).request.model_fields]
    cell = any_text([f"{value}" for request in requests_of(name)[:5] for value in request.values()])
    value = cell | st.none() | st.floats() | st.integers() | st.booleans() | st.sampled_from(["1", "yes", ""])
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(fields, value)), min_size=1, max_size=4))
    part = answer_rows(name, pd.DataFrame(rows, dtype=object), lists=True)
    assert {*part.answers.index, *part.errors["row"]} == {*range(len(rows))}
    assert "our_fault" not in {*part.errors["code"]}


def files_of(name: str, folder: Path) -> dict[str, bytes]:
    """Return the worked examples of a calculator as files of many requests, by ending."""
    frame = pd.DataFrame(
        [
            {
                field: ",".join(map(str, value)) if isinstance(value, list) else value
                for field, value in request.items()
                if not isinstance(value, dict)
            }
            for request in requests_of(name)[:5]
        ]
    )
    frame.to_parquet(folder / "valid.parquet")
    return {".csv": frame.to_csv(index=False).encode(), ".parquet": (folder / "valid.parquet").read_bytes()}


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@examples()
@given(data=st.data())
def test_any_file_of_requests_is_answered_or_refused(
    ending: str, data: st.DataObject, tmp_path: Path
) -> None:
    file = tmp_path / f"file{ending}"
    file.write_bytes(data.draw(any_bytes(files_of("subscriber_share", tmp_path)[ending])))
    try:
        for part in read_parts(file, 1000, "subscriber_share"):
            check_columns("subscriber_share", [*map(str, part.frame.columns)])
            done = answer_rows("subscriber_share", part.frame, part.problems)
            assert "our_fault" not in {*done.errors["code"]}
    except BatchError:
        return


@examples(4)
@given(any_bytes((ROOT / "tests/support/files/cars.xlsm").read_bytes()))
def test_any_workbook_is_read_or_refused(content: bytes) -> None:
    try:
        rows = read_workbook(content, 100)
    except WorkbookError as error:
        refused = f"{error}"
    else:
        refused = ""
        assert len(rows) <= 100
    assert refused in ("", "damaged")
