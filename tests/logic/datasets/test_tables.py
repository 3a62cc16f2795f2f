import ast
import csv
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise, product
from pathlib import Path

import pytest

from logic.card.assistance_cost import assistance_items
from logic.card.subscriber_share import events_by_group
from logic.card.tables import card_tables, events, exclusions, items, services
from logic.card.total_theft import theft_exclusions
from logic.comparison.compare_levels import services_by_group
from logic.core.errors import DataError
from logic.core.messages import LANGUAGES, message, messages
from logic.core.models import Level
from logic.core.registry import calculators
from logic.datasets.dataset import Dataset
from logic.datasets.tables import Citations, check, clauses, documents, editions, labels, read_toml, title
from logic.finder.tables import overview
from logic.service.service_schedule import engines_of, service_editions
from tests.support.calculator_client import answer
from tests.support.data_edits import (
    DEALERS,
    EMDAD,
    NEXT,
    Edit,
    appended,
    followed,
    overwritten,
    prepended,
    removed,
    replaced,
)
from tests.support.paths import DATA_DIR, ROOT

GOLDEN = [level for level in Level if level not in ("membership", "mobile")]
DOCUMENTS = sorted({file.parents[1].name for file in DATA_DIR.glob("*/*/edition.toml")} | {"places"})


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


# --- Annex 1, copied by hand in the order of the print: from the last service to the first

SIXTY_BY_FIVE = "6000 5500 5000 4500 4000 3500 3000 2500 2000 1500 1000 500"
OFTEN = "*** - *** - *** - *** - ** - ** -"
SELDOM = "*** - - - *** - - - *** - - -"
TICKED = "√ √ √ √ √ √ √ √ √ √ √ √"
PRINTED = {
    "xu7_l3": {
        "item": SIXTY_BY_FIVE,
        "engine_oil": OFTEN,
        "oil_filter": OFTEN,
        "fuel_filter": SELDOM,
        "air_filter": OFTEN,
        "brake_pads": SELDOM,
        "spark_plugs": SELDOM,
        "timing_belt": "*** - - - - - - - - - - -",
        "periodic_inspections": TICKED,
    },
    "xu7_l4": {
        "item": SIXTY_BY_FIVE,
        "engine_oil": OFTEN,
        "oil_filter": OFTEN,
        "fuel_filter": SELDOM,
        "air_filter": OFTEN,
        "brake_pads": SELDOM,
        "spark_plugs": SELDOM,
        "periodic_inspections": TICKED,
    },
    "ef7": {
        "item": SIXTY_BY_FIVE,
        "engine_oil": OFTEN,
        "oil_filter": OFTEN,
        "air_filter": OFTEN,
        "spark_plugs": SELDOM,
        "fuel_filter": SELDOM,
        "brake_pads": SELDOM,
        "periodic_inspections": TICKED,
    },
    "grand_vitara": {
        "item": "60000 52500 45000 37500 30000 22500 15000 7500",
        "engine_oil": "*** *** *** ** ** * * *",
        "oil_filter": "*** *** *** ** ** ** ** **",
        "air_filter": "*** - - - ** - - -",
        "spark_plugs": "*** - - - ** - - -",
        "fuel_filter": "*** - - - ** - - -",
        "brake_pads": "*** - - - ** - - -",
        "periodic_inspections": "√ - √ - √ - √ -",
    },
    "roa_ohv": {
        "item": "60000 56000 52000 48000 44000 40000 36000 32000 28000 24000 20000 16000 12000 8000 4000",
        "engine_oil": "*** *** *** *** *** ** ** ** ** * * * * * *",
        "oil_filter": "*** *** *** *** *** ** ** ** ** ** * * * * *",
        "fuel_filter": "- - - *** - - - - - ** - - - - -",
        "air_filter": "- *** - *** - ** - ** - * - * - * -",
        "brake_pads": "- - - *** - - - - - ** - - - - -",
        "spark_plugs": "- - - *** - - - ** - - - *** - - -",
        "periodic_inspections": "√ √ √ √ √ √ √ √ √ √ √ √ √ √ √",
    },
    "tondar90_k4m": {
        "item": "6000 5000 4000 3000 2000 1000",
        "engine_oil": "*** *** ** ** * *",
        "oil_filter": "*** *** ** ** * *",
        "fuel_filter": "*** - ** - ** -",
        "air_filter": "*** - ** - * -",
        "brake_pads": "*** - ** - ** -",
        "spark_plugs": "*** - ** - ** -",
        "timing_belt": "*** - - - - -",
        "periodic_inspections": "√ √ √ √ √ √",
    },
    "peugeot_206": {
        "item": "6000 4000 2000",
        "engine_oil": "*** ** *",
        "oil_filter": "*** ** *",
        "fuel_filter": "*** ** **",
        "air_filter": "*** ** *",
        "brake_pads": "*** ** **",
        "spark_plugs": "*** ** **",
        "periodic_inspections": "√ √ √",
    },
}


@pytest.mark.parametrize(("table", "printed"), PRINTED.items())
def test_a_service_table_keeps_its_printed_cells_and_corrected_km(
    table: str, printed: dict[str, str]
) -> None:
    head, km, *lines = rows(DATA_DIR / EMDAD / "services" / f"{table}.csv")
    assert {line[0]: " ".join(reversed(line[1:])) for line in (head, *lines)} == printed
    assert len(lines) == len(printed) - 1
    assert km[0] == "service_km"
    for as_printed, as_read in zip(head[1:], km[1:], strict=True):
        assert int(as_read) in (int(as_printed), int(as_printed) * 10)
    assert km[-1] == "60000"


def test_the_makers_table_has_stars_in_32_rows_and_15_services() -> None:
    head, km, *lines = rows(DATA_DIR / DEALERS.parent / "services" / "mvm_fx.csv")
    assert [int(cell) for cell in km[1:]] == [10_000 * n for n in range(1, 16)]
    assert [line[0] for line in lines] == [f"op_{n}" for n in range(1, 33)]
    assert {cell for line in lines for cell in line[1:]} == {"*"}
    assert len(head) == 16


# --- Completeness and overlap


def test_every_level_has_every_service_and_assistance_item_once() -> None:
    edition_tables = card_tables()
    assert edition_tables is not None
    assert set(edition_tables.services) == set(product(Level, services()))
    assert set(edition_tables.assistance) == set(product(Level, items()))
    assert set(edition_tables.levels) == set(Level)


@pytest.mark.parametrize("event", events())
def test_every_level_covers_an_event_or_refuses_it_with_a_clause(event: str) -> None:
    for level in Level:
        response = answer("subscriber_share", level=level, event=event, damage_rial=1000)
        result = response["result"]
        assert result["covered"] is (result["reason"] is None)
        assert result["covered"] is (result["share_percent"] is not None)
        assert all(step["clause"] in clauses() for step in response["steps"])
        assert level in GOLDEN or not result["covered"]


def test_every_event_has_a_report_row_and_its_documents() -> None:
    edition_tables = card_tables()
    assert edition_tables is not None
    assert {row.papers for row in edition_tables.events.values()} == set(edition_tables.reports)
    with_documents = {row.papers for row in edition_tables.documents}
    assert set(edition_tables.reports) - with_documents == {
        "glass",
        "repair",
    }  # no report is printed for these
    assert with_documents - {"replacement", "total_theft"} <= set(edition_tables.reports)


def test_every_exclusion_is_listed_once() -> None:
    names = Counter(line[0] for line in rows(DATA_DIR / EMDAD / "exclusions.csv")[1:])
    assert names == Counter([*exclusions()])


def test_every_golden_level_and_kind_of_table_2_has_a_share() -> None:
    edition_tables = card_tables()
    assert edition_tables is not None
    kinds = {
        level: {kind for share_level, kind in edition_tables.shares if share_level == level}
        for level in Level
    }
    for level in Level:
        damage = {"incident", "partial_theft", "replacement", "total_theft"} if level in GOLDEN else set()
        repair = {"repair"} if level in ("two_star", "three_star", "four_star") else set()
        assert kinds[level] == damage | repair


def test_every_table_has_a_car_and_every_car_a_table() -> None:
    for edition_tables in service_editions():
        assert {row.table for row in edition_tables.vehicles.values()} == set(edition_tables.tables)
        notes = {note.table for table in edition_tables.tables.values() for note in table.notes}
        assert notes <= set(edition_tables.tables)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_editions_of_a_document_do_not_overlap(document: str) -> None:
    document_editions = [folder.edition for folder in editions(document)]
    assert document_editions
    for earlier, later in pairwise(document_editions):
        assert (earlier.valid_to or date.max) < (later.valid_from or date.min)


def test_every_document_with_an_edition_is_read() -> None:
    calculators()  # their modules register the readers
    assert documents() == DOCUMENTS


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_edition_has_a_title_in_both_languages(document: str) -> None:
    for folder in editions(document):
        assert set(title(document, folder.edition.id)) == set(LANGUAGES)


# --- Clauses


@pytest.mark.parametrize("name", list(clauses()))
def test_a_clause_has_a_gist_and_location_in_both_languages(name: str) -> None:
    clause = clauses()[name]
    assert re.search("[\u0600-\u06ff]", clause.fa)
    assert re.search("[a-z]", clause.en)
    assert not re.search("[\u0600-\u06ff]", clause.en)
    assert clause.edition in {folder.edition.id for folder in editions(clause.document)}
    assert any((clause.part, clause.article, clause.table, clause.annex, clause.note, clause.place))


EDITIONS = sorted(file.parent for file in DATA_DIR.glob("*/*/clauses.toml"))


@pytest.mark.parametrize("folder", EDITIONS, ids=lambda folder: f"{folder.parent.name}.{folder.name}")
def test_an_edition_cites_each_of_its_clauses_and_no_other(folder: Path) -> None:
    cited = set()
    for file in folder.rglob("*.csv"):
        head, *lines = rows(file)
        columns = [index for index, column in enumerate(head) if column.endswith("clause")]
        cited |= {line[index] for line in lines for index in columns}
    assert cited - {""} == set(read_toml(folder / "clauses.toml"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_label_names_an_id_of_the_editions_tables(document: str) -> None:
    for folder in editions(document):
        cells = {
            name
            for file in folder.path.rglob("*.csv")
            for line in rows(file)
            for cell in line
            for name in (cell, *cell.split())  # a cell can list several ids
        }
        for kind, names in folder.labels.items():
            assert set(names) <= cells, (document, kind)


def test_every_citation_is_read_by_code_or_by_a_situation() -> None:
    calculators()  # their modules define the models
    models = [*subclasses(Citations)]
    read = {key for model in models for key in model.model_fields} | {"scope"}
    situations = {row.citation.split(".")[1] for row in overview().situations.values() if row.citation}
    for document in DOCUMENTS:
        for folder in editions(document):
            if (folder.path / "citations.csv").exists():
                assert set(folder.citations) <= read | situations


def subclasses(model: type[Citations]) -> Iterator[type[Citations]]:
    for subclass in model.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


@pytest.mark.parametrize("file", sorted((ROOT / "logic").rglob("*.py")), ids=lambda file: file.stem)
def test_logic_contains_no_clause_id(file: Path) -> None:
    places = {clause.split(".", 2)[2] for clause in clauses()}
    with_digits = {place_name for place_name in places if re.search(r"[0-9]", place_name)}
    strings = {
        node.value
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert strings & (with_digits | set(clauses())) == set()
    old = r"(emdad|mvm|mvm_fx|bahman|tire|iran_tire|law|law_1386|bylaw|bylaw_13\d\d|overview)\.[a-z0-9_.]+"
    assert [text for text in strings if re.fullmatch(old, text)] == []


def test_every_old_clause_id_is_renamed_to_an_existing_clause() -> None:
    renamed = read_toml(DATA_DIR / "renames.toml")["clauses"]
    editions_named = {".".join(clause.split(".")[:2]) for clause in clauses()}
    assert set(renamed.values()) <= editions_named  # later editions have no old ids


# --- Messages


def test_every_message_has_both_languages_with_the_same_placeholders() -> None:
    for code, texts in messages().items():
        assert set(texts) == set(LANGUAGES), code
        placeholders = {language: set(re.findall(r"{(\w*)}", texts[language])) for language in LANGUAGES}
        assert placeholders["fa"] == placeholders["en"], code
        assert re.search("[\u0600-\u06ff]", texts["fa"]), code
        assert not re.search("[\u0600-\u06ff]", texts["en"]), code


def test_a_message_carries_its_limit_in_the_digits_of_its_language() -> None:
    text = message("too_large", limit=1000)
    assert "۱۰۰۰" in text["fa"]
    assert "1000" in text["en"]


# --- Lists for the pages


@pytest.mark.parametrize(("by_group", "ids"), [(events_by_group, events), (services_by_group, services)])
def test_every_event_and_service_is_in_one_group(
    by_group: Callable[[], Mapping[str, Sequence[str]]], ids: Callable[[], Iterable[str]]
) -> None:
    grouped = [name for group in by_group().values() for name in group]
    assert sorted(grouped) == sorted(ids())


def test_the_theft_checklist_omits_exclusions_that_do_not_concern_a_total_theft() -> None:
    assert set(theft_exclusions()) == set(exclusions()) - {"police_pursuit", "not_in_police_certificate"}


def test_assistance_items_are_those_of_the_booklet_in_force() -> None:
    assert assistance_items() == (*items(),)


def test_an_unknown_car_has_no_engine() -> None:
    assert set(engines_of("pars")) == {"xu7_l3", "xu7_l4", "ef7", "tu5"}
    assert engines_of("trabant") == {}


# --- Edited data

SHARES, SERVICES = EMDAD / "shares.csv", EMDAD / "services" / "xu7_l4.csv"


def copied_edition(data: Path) -> None:
    shutil.copytree(data / EMDAD, data / "emdad" / "zz_copy")


CLAUSES = EMDAD / "clauses.toml"
SITUATIONS = Path("overview") / "brief_review" / "situations.csv"
TYRE_LABELS = Path("iran_tire") / "page_1403" / "labels.toml"
FIRST_SHARE = "golden_year,incident,10,10,table_2"
DAMAGES: dict[str, tuple[Edit, str, int | None, str | None, str]] = {
    "an unknown column": (
        replaced(SHARES, "level,kind", "colour,level,kind"),
        f"{SHARES}", 1, "colour", "not a column",
    ),
    "a missing column": (
        replaced(SHARES, "base_percent", "percent"),
        f"{SHARES}", 1, "percent", "not a column",
    ),
    "a column cut off": (
        overwritten(EMDAD / "figures.csv", b"name,value,clause\nfree_tows_per_case,1,p2.5_8\n"),
        f"{EMDAD / 'figures.csv'}", 1, "unit", "missing",
    ),
    "a column twice": (
        replaced(SHARES, "level,kind,", "level,level,"),
        f"{SHARES}", 1, "level.1", "not a column",
    ),
    "a word for a number": (
        replaced(SHARES, "golden_year,incident,10", "golden_year,incident,ten"),
        f"{SHARES}", 2, "base_percent", "'ten'",
    ),
    "Persian digits": (
        replaced(SHARES, "golden_year,incident,10", "golden_year,incident,۱۰"),
        f"{SHARES}", 2, "base_percent", "'۱۰'",
    ),
    "a share above the whole": (
        replaced(SHARES, "four_star,repair,10", "four_star,repair,101"),
        f"{SHARES}", 18, "base_percent", "'101'",
    ),
    "a negative share": (
        replaced(SHARES, "golden_year,incident,10", "golden_year,incident,-10"),
        f"{SHARES}", 2, "base_percent", "'-10'",
    ),
    "not a number": (
        replaced(EMDAD / "figures.csv", "350000", "nan"),
        f"{EMDAD / 'figures.csv'}", 2, "value", "'nan'",
    ),
    "an empty cell": (
        replaced(SHARES, "golden_year,incident,10", "golden_year,incident,"),
        f"{SHARES}", 2, "base_percent", "empty",
    ),
    "an unknown level": (
        replaced(SHARES, "two_star,incident", "five_star,incident"),
        f"{SHARES}", 10, "level", "'five_star'",
    ),
    "an unknown yes or no": (
        replaced(EMDAD / "reports.csv", "7000000,no", "7000000,maybe"),
        f"{EMDAD / 'reports.csv'}", 2, "always", "must be yes or no",
    ),
    "a clause that is not registered": (
        replaced(SHARES, FIRST_SHARE, "golden_year,incident,10,10,emdad.table_9"),
        f"{SHARES}", 2, "clause", "emdad.table_9",
    ),
    "a floor's clause that is not registered": (
        replaced(EMDAD / "events.csv", "20,table_2.note_1", "20,emdad.nowhere"),
        f"{EMDAD / 'events.csv'}", 10, "floor_clause", "emdad.nowhere",
    ),
    "a floor without its clause": (
        replaced(EMDAD / "events.csv", "glass,crash,incident,glass,,,", "glass,crash,incident,glass,20,,"),
        f"{EMDAD / 'events.csv'}", 7, "floor_clause", "empty",
    ),
    "half a rial": (
        replaced(EMDAD / "figures.csv", "350000", "350000.5"),
        f"{EMDAD / 'figures.csv'}", 2, "value", "not a whole number",
    ),
    "a duplicate key": (
        appended(SHARES, f"{FIRST_SHARE}\n"),
        f"{SHARES}", 33, None, "duplicate key",
    ),
    "a cell too few": (
        replaced(SHARES, FIRST_SHARE, "golden_year,incident,10"),
        f"{SHARES}", 2, "step_percent", "empty",
    ),
    "a cell too many in the first line": (
        replaced(SHARES, FIRST_SHARE, f"{FIRST_SHARE},more"),
        f"{SHARES}", 2, None, "more cells",
    ),
    "a cell too many in a later line": (
        replaced(SHARES, "two_star,repair,10,10,table_2", "two_star,repair,10,10,table_2,more"),
        f"{SHARES}", None, None, "line 12",
    ),
    "a blank line": (
        appended(SHARES, "\n"),
        f"{SHARES}", 33, "level", "empty",
    ),
    "a quote that is never closed": (
        replaced(SHARES, "two_star,repair", '"two_star,repair'),
        f"{SHARES}", None, None, "EOF inside string",
    ),
    "another encoding": (
        overwritten(SHARES, "level,kind\nدو ستاره,incident\n".encode("cp1256")),
        f"{SHARES}", None, None, "UTF-8",
    ),
    "an empty file": (overwritten(SHARES, b""), f"{SHARES}", None, None, "No columns"),
    "a missing file": (removed(SHARES), f"{SHARES}", None, None, "No such file"),
    "a limit without its km": (
        replaced(EMDAD / "level_services.csv", "limit_km,25000", "limit_km,"),
        f"{EMDAD / 'level_services.csv'}", 70, "value", "empty",
    ),
    "a car that follows a table that there is not": (
        replaced(EMDAD / "vehicles.csv", "pars_elx,xu7_l4,xu7_l4", "pars_elx,xu7_l4,xu9"),
        f"{EMDAD / 'vehicles.csv'}", 11, "table", "xu9",
    ),
    "a note below a table that there is not": (
        replaced(EMDAD / "service_notes.csv", "ef7,timing_belt", "ef9,timing_belt"),
        f"{EMDAD / 'service_notes.csv'}", 3, "table", "ef9",
    ),
    "an unknown mark": (
        replaced(SERVICES, "engine_oil,-,**", "engine_oil,-,****"),
        f"{SERVICES}", 3, "1000", "'****'",
    ),
    "a mark left out": (
        replaced(SERVICES, "engine_oil,-,**", "engine_oil,,**"),
        f"{SERVICES}", 3, "500", "not a mark",
    ),
    "a short line of marks": (
        replaced(SERVICES, "air_filter,-,**,-,**,-,***,-,***,-,***,-,***", "air_filter,-,**"),
        f"{SERVICES}", 6, "1500", "not a mark",
    ),
    "km that fall": (
        replaced(SERVICES, "5000,10000,15000", "5000,10000,9000"),
        f"{SERVICES}", 2, None, "not in ascending order",
    ),
    "km that stand still": (
        replaced(SERVICES, "5000,10000,15000", "5000,10000,10000"),
        f"{SERVICES}", 2, None, "not in ascending order",
    ),
    "km in words": (
        replaced(SERVICES, "5000,10000,15000", "5000,ten,15000"),
        f"{SERVICES}", 2, "1000", "'ten'",
    ),
    "no km": (
        replaced(SERVICES, "service_km", "km"),
        f"{SERVICES}", 1, "item", "service_km",
    ),
    "a duplicate item": (
        appended(SERVICES, "engine_oil,-,-,-,-,-,-,-,-,-,-,-,-\n"),
        f"{SERVICES}", 10, "item", "duplicate key",
    ),
    "a car with an engine that it does not come with": (
        replaced(EMDAD / "cars.csv", "roa,roa,ohv", "roa,roa,k4m"),
        f"{EMDAD / 'cars.csv'}", 8, "engine", "('roa', 'k4m') is not known",
    ),
    "a car without a gearbox": (
        replaced(EMDAD / "cars.csv", "roa,roa,ohv,manual automatic", "roa,roa,ohv,"),
        f"{EMDAD / 'cars.csv'}", 8, "gearboxes", "is empty",
    ),
    "a car with a gearbox of spaces": (
        replaced(EMDAD / "cars.csv", "roa,roa,ohv,manual automatic", "roa,roa,ohv, "),
        f"{EMDAD / 'cars.csv'}", 8, "gearboxes", "at least 1 item",
    ),
    "a gearbox without a label": (
        replaced(EMDAD / "cars.csv", "roa,roa,ohv,manual automatic", "roa,roa,ohv,manual robotised"),
        f"{EMDAD / 'cars.csv'}", 8, "gearboxes", "'robotised' has no label in [gearbox]",
    ),
    "a car of an unknown maker": (
        replaced(EMDAD / "cars.csv", "roa,roa,ohv,manual automatic,", "roa,roa,ohv,manual,trabant"),
        f"{EMDAD / 'cars.csv'}", 8, "maker", "'trabant'",
    ),
    "an item without a label": (
        replaced(EMDAD / "labels.toml", "air_filter =", "hair_filter ="),
        f"{EMDAD / 'services' / 'xu7_l3.csv'}", 6, "item", "'air_filter' has no label in [service_item]",
    ),
    "a missing service table": (removed(SERVICES), f"{SERVICES}", None, None, "No such file"),
    "broken TOML": (prepended(CLAUSES, "= 1\n"), f"{CLAUSES}", None, None, "line 1, column 1"),
    "TOML in another encoding": (
        overwritten(CLAUSES, '[x]\nfa = "بند"\n'.encode("cp1256")),
        f"{CLAUSES}", None, None, "UTF-8",
    ),
    "a clause without its English": (
        replaced(CLAUSES, 'en = "The booklet is for', 'de = "The booklet is for'),
        f"{CLAUSES}", None, "[scope] en", "empty",
    ),
    "a key outside every clause": (
        prepended(CLAUSES, "stray = 1\n"),
        f"{CLAUSES}", None, "stray", "not inside",
    ),
    "no clauses": (removed(CLAUSES), f"{EMDAD / 'events.csv'}", 2, "clause", "'p3.3_1' is not in"),
    "a citation that is missing": (
        replaced(EMDAD / "citations.csv", "level_table,table_1\n", ""),
        f"{EMDAD / 'citations.csv'}", 75, "key", "level_table is missing",
    ),
    "a citation that is given twice": (
        appended(EMDAD / "citations.csv", "scope,table_1\n"),
        f"{EMDAD / 'citations.csv'}", 76, None, "scope",
    ),
    "an id without a label": (
        replaced("iran_tire/page_1403/labels.toml", "minibus =", "maxibus ="),
        "iran_tire/page_1403/kinds.csv", 6, "kind", "'minibus' has no label in [tyre_kind]",
    ),
    "a label without its English": (
        replaced("iran_tire/page_1403/labels.toml", 'en = "Minibus"', 'de = "Minibus"'),
        "iran_tire/page_1403/labels.toml", None, "[tyre_kind] minibus en", "empty",
    ),
    "a label outside every kind": (
        prepended("iran_tire/page_1403/labels.toml", 'stray = "x"\n'),
        "iran_tire/page_1403/labels.toml", None, "stray", "not inside",
    ),
    "a label in one line that differs from another document's": (
        replaced(TYRE_LABELS, 'سند خودرو", en = "Car title"', 'سند خودرو", en = "Deed"'),
        f"{TYRE_LABELS}", 29, "[document] vehicle_title", f"another name in data/{EMDAD}/labels.toml",
    ),
    "a label in a table that differs from another document's": (
        appended(TYRE_LABELS, '\n[event.hail]\nfa = "تگرگ ریز"\nen = "Hail"\n'),
        f"{TYRE_LABELS}", 36, "[event] hail", f"another name in data/{EMDAD}/labels.toml",
    ),
    "a quoted label that differs from another document's": (
        appended(TYRE_LABELS, '[event."hail"]\nfa = "تگرگ ریز"\nen = "Hail"\n'),
        f"{TYRE_LABELS}", None, "[event] hail", f"another name in data/{EMDAD}/labels.toml",
    ),
    "a situation that cites nothing": (
        replaced(SITUATIONS, ",,,,emdad.roadside_help", ",,,,"),
        f"{SITUATIONS}", 4, "citation", "either a clause or a citation",
    ),
    "a situation that cites an unknown key": (
        replaced(SITUATIONS, "emdad.movable_car", "emdad.flying_car"),
        f"{SITUATIONS}", 3, "citation", "'emdad.flying_car' is not known",
    ),
    "a situation that cites an unknown document": (
        replaced(SITUATIONS, "emdad.movable_car", "movable_car"),
        f"{SITUATIONS}", 3, "citation", "'movable_car' is not known",
    ),
    "a situation of an unknown department": (
        replaced(SITUATIONS, "guarantee_papers,recall", "guarantee_papers,recalls"),
        f"{SITUATIONS}", 23, "department", "'recalls' is not known",
    ),
    "a situation with unknown papers": (
        replaced(SITUATIONS, "partial_theft,partial_theft", "partial_theft,partial_thefts"),
        f"{SITUATIONS}", 14, "bring", "'partial_thefts' is not known",
    ),
    "a service of an unknown department": (
        replaced("overview/brief_review/services.csv", "recall,yes,recall", "recall,yes,recalls"),
        "overview/brief_review/services.csv", 7, "department", "'recalls' is not known",
    ),
    "a situation whose service says not for whom it is": (
        replaced("overview/brief_review/labels.toml", 'complaints = { fa = "هر مشترک', 'complains = { fa = "هر مشترک'),
        f"{SITUATIONS}", 33, "service", "'complaints' has no label in [who]",
    ),
    "a piece of advice of an unknown kind": (
        replaced(EMDAD / "advice.csv", "always,advice,key_out", "always,advise,key_out"),
        f"{EMDAD / 'advice.csv'}", 27, "kind", "'advise'",
    ),
    "an edition from a day that there is not": (
        replaced(EMDAD / "edition.toml", "1391-08-01", "1391-12-31"),
        f"{EMDAD / 'edition.toml'}", None, "from", "no such day",
    ),
    "an edition with an unknown field": (
        prepended(EMDAD / "edition.toml", 'since = "1391-08-01"\n'),
        f"{EMDAD / 'edition.toml'}", None, "since", "not permitted",
    ),
    "an edition that ends before it begins": (
        prepended(EMDAD / "edition.toml", 'to = "1391-07-30"\n'),
        f"{EMDAD / 'edition.toml'}", None, "to", "",
    ),
    "two editions that overlap": (
        copied_edition,
        "emdad/zz_copy/edition.toml", None, "from", "overlaps",
    ),
    "a capital that is no city": (
        replaced("places/provinces.csv", "IR-03,tabriz", "IR-03,atlantis"),
        "places/provinces.csv", 2, "capital", "atlantis",
    ),
    "a kind of dealer without a label": (
        replaced("mvm_fx/guarantee_booklet/dealers.csv", "mvm,sales_and_service", "mvm,sales"),
        "mvm_fx/guarantee_booklet/dealers.csv", 2, "kind", "'sales' has no label in [dealer_kind]",
    ),
    "a point that is no number": (
        replaced("mvm_fx/guarantee_booklet/dealers.csv", "35.7190", "35.7190N"),
        "mvm_fx/guarantee_booklet/dealers.csv", 2, "lat", "'35.7190N'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "file", "line", "column", "problem"), DAMAGES.values(), ids=list(DAMAGES))
def test_damaged_data_is_named_by_file_line_and_column(
    data_copy: Path, damage: Edit, file: str, *, line: int | None, column: str | None, problem: str
) -> None:
    calculators()
    damage(data_copy)
    with pytest.raises(DataError) as raised:
        check()
    error = raised.value
    assert error.file == f"data/{file}"
    assert (error.line, error.column) == (line, column)
    assert problem in error.problem
    assert str(error).startswith(error.file if line is None else f"{error.file}:{line}: ")


MISSING_ROWS: dict[str, tuple[Path, str]] = {
    "an event that code names": (EMDAD / "events.csv", "collision,crash,incident,incident,,,p3.3_1,\n"),
    "a cell of Table 1": (EMDAD / "level_services.csv", "mobile,towing,free,,table_1\n"),
    "a piece of help": (EMDAD / "assistance.csv", "mobile,tow,free,p2.5_3\n"),
    "a figure": (EMDAD / "figures.csv", "free_tows_per_case,1,count,p2.5_8\n"),
    "a report row": (EMDAD / "reports.csv", "glass,,no,p3.3_2,,no,no\n"),
    "a level": (EMDAD / "levels.csv", "mobile,private,10,0,p5.intro\n"),
    "the missed first service": (
        Path("mvm_fx/guarantee_booklet/warranty_events.csv"),
        "first_service_missed,whole,no,service,void_whole\n",
    ),
    "the cause that is assumed": (Path("iran_tire/page_1403/causes.csv"), "production,yes,1_2\n"),
}


@pytest.mark.parametrize(("file", "row"), MISSING_ROWS.values(), ids=list(MISSING_ROWS))
def test_a_missing_row_is_found_when_the_tables_are_read(data_copy: Path, file: Path, row: str) -> None:
    calculators()
    replaced(file, row, "")(data_copy)
    with pytest.raises(DataError) as raised:
        check()
    assert raised.value.file == f"data/{file}"


def test_two_documents_can_give_an_id_the_same_name(data_copy: Path) -> None:
    appended(TYRE_LABELS, '[event.hail]\nfa = "تگرگ"\nen = "Hail"\n')(data_copy)
    calculators()
    check()
    assert labels()["event"]["hail"].en == "Hail"


def test_a_later_edition_can_rename_an_id_of_its_document(data_copy: Path) -> None:
    followed(TYRE_LABELS.parent)(data_copy)
    replaced(TYRE_LABELS.parent.with_name(NEXT) / "labels.toml", 'en = "Minibus"', 'en = "Midibus"')(
        data_copy
    )
    calculators()
    check()
    assert labels()["tyre_kind"]["minibus"].en == "Midibus"


def test_the_shipped_data_passes_the_check() -> None:
    calculators()
    check()


def test_a_missing_data_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logic.datasets.dataset._current", Dataset(tmp_path / "nowhere"))
    calculators()
    with pytest.raises(DataError, match="nowhere"):
        check()


def test_a_data_folder_without_the_lists_of_places_is_reported(data_copy: Path) -> None:
    shutil.rmtree(data_copy / "places")
    with pytest.raises(DataError, match="places"):
        answer("nearest_dealers", city="tehran")
