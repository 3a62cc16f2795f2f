"""Tests of the comparison of levels: one table for the page, the PDF and the downloaded files."""

import csv
import io

import pytest

from logic.comparison.compare_levels import CompareLevelsRequest, compare_levels, services_by_group
from logic.core.messages import LANGUAGES, Language
from logic.core.models import Level
from tests.support.page_run import html, open_page
from ui.answer.table_export import csv_file
from ui.l10n.text import text
from ui.views.levels import comparison_table, text_table

LEVELS = (Level.MOBILE, Level.FOUR_STAR)
RESULT = compare_levels(CompareLevelsRequest(levels=LEVELS)).result


def test_the_comparison_has_each_service_once_in_the_order_of_its_group() -> None:
    table = comparison_table(RESULT)
    expected = [(group, service) for group, services in services_by_group().items() for service in services]
    assert [*table.index] == expected
    assert [*table.columns] == [*LEVELS]
    for row in RESULT.rows:
        assert [*table.droplevel("group").loc[row.service]] == [*row.cells.values()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_downloaded_comparison_has_the_words_of_the_page(language: Language) -> None:
    t = text(language)
    content = csv_file(text_table(t, comparison_table(RESULT))).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(content))
    assert head == [t("levels.service"), *(t.name_of("level", level) for level in LEVELS)]
    (downtime,) = (row for row in rows if row[0] == t.name_of("service_name", "downtime"))
    assert downtime[1] == t("cell.excluded")
    assert downtime[2] in html(open_page("levels", language))


def test_only_services_that_differ_are_listed_on_request() -> None:
    t = text("en")
    alike = t.name_of("service_name", "technical_advice")
    for differences, shown in (("no", True), ("yes", False)):
        content = html(open_page("levels", "en", {"differences": differences}))
        assert (alike in content) is shown
        assert (t("levels.same", count="4") in content) is not shown
