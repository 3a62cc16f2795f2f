"""A fleet manager uploads a file, reads what is due and downloads the result."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.support.browser_visit import DESKTOP, PHONE, Visit
from tools.harness.fleet_files import as_csv, as_xlsx

FILES: Mapping[str, bytes] = {
    "cars.csv": as_csv(["=evil", "tondar90", "29700", "three_star", ""], ["b", "tank", "1", "", ""]),
    "cars.xlsx": as_xlsx(
        ["=evil".replace("=", "'="), "tondar90", 29700, "three_star", None], ["b", "tank", 1, None, None]
    ),
}


@pytest.mark.parametrize(
    ("name", "width"),
    [
        ("cars.csv", PHONE),
        ("cars.xlsx", DESKTOP),
        pytest.param("cars.csv", DESKTOP, marks=pytest.mark.slow),
        pytest.param("cars.xlsx", PHONE, marks=pytest.mark.slow),
    ],
)
def test_a_manager_uploads_a_file_and_downloads_the_result(
    visit: Callable[..., Visit], tmp_path: Path, name: str, width: int
) -> None:
    window = visit(width).open("/fleet")
    path = tmp_path / name
    path.write_bytes(FILES[name])
    window.page.locator("input[type=file]").set_input_files(path)
    expect(window.page.locator(".kh-answer-figure b")).to_have_text("۱", timeout=30_000)
    expect(window.page.locator(".kh-note[role=alert]")).to_contain_text("tank")
    expect(window.page.locator(".kh-fleet tbody tr")).to_have_count(1)
    with window.wait_until_idle().page.expect_download() as download:
        window.page.locator(".st-key-fleet-result_csv button").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert rows[1][0].startswith("'")
    assert rows[1][3] == "30000"
    with window.page.expect_download() as download:
        window.page.locator(".st-key-fleet-result_xlsx button").click()
    assert load_workbook(io.BytesIO(download.value.path().read_bytes())).sheetnames == [
        window.t("fleet.list"),
        window.t("fleet.errors"),
    ]
    window.assert_healthy()


def test_a_file_that_is_too_large_is_refused_by_the_page(visit: Callable[..., Visit], tmp_path: Path) -> None:
    path = tmp_path / "cars.csv"
    path.write_bytes(b"x" * 6_000_000)
    window = visit(DESKTOP).open("/fleet")
    window.page.locator("input[type=file]").set_input_files(path)
    expect(window.page.get_by_test_id("stFileUploaderDropzone")).to_contain_text("5.0MB")
    expect(window.page.locator(".kh-answer-figure")).to_have_count(0)
