"""Tests of the offline guide: every cell equals a calculator's answer in both languages, and it names no host."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest

import logic
from logic.card.assistance_cost import AssistanceCostRequest, assistance_cost
from logic.card.subscriber_share import SubscriberShareRequest, SubscriberShareResult, subscriber_share
from logic.card.tables import events, items
from logic.comparison.compare_levels import CompareLevelsRequest, compare_levels
from logic.core.messages import LANGUAGES, Language
from logic.core.models import Level
from logic.datasets.tables import editions
from logic.dealers.nearest_dealers import places
from logic.finder.tables import card_documents, contacts
from logic.service.service_schedule import (
    ServiceEntry,
    ServiceItem,
    ServiceScheduleRequest,
    cars,
    service_editions,
    service_schedule,
)
from tests.support.bugs import answers_with_a_bug
from ui.l10n.dates import today
from ui.l10n.numbers import format_jalali, format_number, format_percent
from ui.l10n.text import text
from ui.offline_guide.guide import STALE_AFTER_DAYS, download, guide

GUIDE_DATE = dt.date(2024, 7, 18)
MAX_BYTES = 1_500_000
REASON_BY_LETTER = {
    "+": None,
    "h": "needs_higher_level",
    "a": "above_level_ceiling",
    "n": "level_has_no_services",
    "o": "owner_pays",
}
VOID_ELEMENTS = {"meta", "link", "input", "br"}
SVG_ELEMENTS = {"rect", "path", "circle", "g", "svg"}


class Node:
    """An element: its attributes, children and text."""

    def __init__(self, name: str, attributes: dict[str, str | None]) -> None:
        self.name, self.attributes = name, attributes
        self.children: list[Node | str] = []

    def __getitem__(self, attribute: str) -> str:
        value = self.attributes[attribute]
        assert value is not None
        return value

    def get(self, attribute: str) -> str | None:
        return self.attributes.get(attribute)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def find_all(self, name: str | None = None, **attributes: str | None) -> list["Node"]:
        """Return the elements of a name with these attributes; None accepts any value."""
        expected = {key.replace("_", "-"): value for key, value in attributes.items()}
        return [
            node
            for node in self.walk()
            if name in (None, node.name)
            and all(
                key in node.attributes and value in (None, node.get(key)) for key, value in expected.items()
            )
        ]

    def find_one(self, name: str | None = None, **attributes: str | None) -> "Node":
        (node,) = self.find_all(name, **attributes)
        return node


class HtmlTreeParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID_ELEMENTS:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag, tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@cache
def document() -> Node:
    reader = HtmlTreeParser()
    reader.feed(guide(GUIDE_DATE))
    (root,) = reader.open
    return root


def locale(language: Language) -> Node:
    return document().find_one("div", lang=language, dir=text(language).direction)


@cache
def guide_data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(document().find_one("script", id="known").text)
    return data


in_both_languages = pytest.mark.parametrize("language", LANGUAGES)


# The file itself


def test_the_file_is_small_enough() -> None:
    assert len(guide(GUIDE_DATE).encode()) < MAX_BYTES
    assert len(download()) < MAX_BYTES


def test_the_file_names_no_host() -> None:
    source = guide(GUIDE_DATE)
    addresses = set(re.findall(r"[a-z]+://[^\s\"'<>]+", source))
    assert addresses <= {"http://www.w3.org/2000/svg"}  # an XML namespace, not an address
    for node in document().walk():
        for attribute in ("src", "href"):
            target = node.get(attribute)
            assert target is None or target.startswith(("#", "tel:", "data:")), target


def test_the_content_security_policy_allows_only_the_files_own_script() -> None:
    policy = document().find_one("meta", http_equiv="Content-Security-Policy")["content"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not document().find_all(style=None)


def test_the_download_is_the_guide_of_today() -> None:
    assert download().decode() == guide(today())


@in_both_languages
def test_the_guide_names_its_editions_and_its_date(language: Language) -> None:
    tree = locale(language)
    assert format_jalali(GUIDE_DATE, language, long=True) in tree.find_one("p", **{"class": "created"}).text
    assert guide_data()["made"] == GUIDE_DATE.isoformat()
    assert guide_data()["stale_after_days"] == STALE_AFTER_DAYS == 90
    for document_ in ("emdad", "mvm_fx", "iran_tire", "places"):
        newest = editions(document_)[-1].edition
        assert newest.title[language] in tree.find_one("li", data_edition=f"{document_}/{newest.id}").text


def test_every_id_is_unique() -> None:
    ids = [node["id"] for node in document().find_all(id=None)]
    assert len(ids) == len(set(ids))


# Services


def cars_and_gearboxes() -> list[tuple[str, Any]]:
    """Return every car of the guide with each of its gearboxes."""
    return [(car, gearbox) for car, row in cars().items() for gearbox in row.gearboxes]


def plan_of(car: str, gearbox: str) -> str:
    plans: dict[str, str] = guide_data()["cars"][car]
    return plans[gearbox] if gearbox in plans else next(iter(plans.values()))


def schedule_answer(car: str, gearbox: Any, **fields: Any) -> Any:  # noqa: ANN401 - a literal, the fields of a request
    row = cars()[car]
    return service_schedule(
        ServiceScheduleRequest(vehicle=row.vehicle, engine=row.engine, gearbox=gearbox, **fields)
    )


def verdicts(items: list[ServiceItem]) -> list[str | None]:
    return [None if item.covered else item.reason for item in items]


@in_both_languages
@pytest.mark.parametrize(("car", "gearbox"), cars_and_gearboxes())
def test_every_cell_of_a_service_table_equals_the_calculators_answer(
    language: Language, car: str, gearbox: str
) -> None:
    t = text(language)
    plan = locale(language).find_one("article", data_plan=plan_of(car, gearbox))
    heads = plan.find_all("th", data_km=None)
    printed = schedule_answer(car, gearbox, whole_table=True).result
    assert [int(head["data-km"]) for head in heads if head["data-printed"] == "yes"] == [
        entry.service_km for entry in printed.services
    ]
    rows = {row["data-item"]: row.find_all("td") for row in plan.find_all("tr", data_item=None)}
    assert [*rows][: len(printed.printed_items)] == [*printed.printed_items]
    for name, row in ((row["data-item"], row) for row in plan.find_all("tr", data_item=None)):
        assert row.find_one("th").text == t.name_of("service_item", name)
        assert len(row.find_all("td")) == len(heads)
    for index, head in enumerate(heads):
        km = int(head["data-km"])
        without_level: ServiceEntry = schedule_answer(car, gearbox, service_km=km).result.service
        assert (int(head["data-from"]), int(head["data-to"])) == (
            without_level.window_from_km,
            without_level.window_to_km,
        )
        answers = [schedule_answer(car, gearbox, service_km=km, level=level) for level in Level]
        entries: list[ServiceEntry] = [answer.result.service for answer in answers]
        others = [
            answer.alternatives[0].result.get("service", entry) if answer.alternatives else entry
            for answer, entry in zip(answers, entries, strict=True)
        ]
        items = {item.item: position for position, item in enumerate(without_level.items)}
        for name, cells in rows.items():
            cell = cells[index]
            if name not in items:
                assert cell.attributes == {}
                assert cell.text == ""
                continue
            item = without_level.items[items[name]]
            assert cell["data-mark"] == (item.mark or "note")
            assert cell["data-needs"] == (item.needs_level or "")
            by_level = [entry.items[items[name]] for entry in entries]
            assert [REASON_BY_LETTER[letter] for letter in cell["data-cover"]] == verdicts(by_level)
            by_other = [entry.items[items[name]] for entry in others]
            literal = cell.get("data-other") or cell["data-cover"]
            assert [REASON_BY_LETTER[letter] for letter in literal] == verdicts(by_other)
            stars = "✓" if item.check else "★" * (item.stars or 0) or t("service.noted")
            assert cell.find_one("small").text == stars
            covered = [level for level, cover in zip(Level, by_level, strict=True) if cover.covered]
            assert bool(cell.find_all("b")) == bool(covered)


@pytest.mark.parametrize(("car", "gearbox"), cars_and_gearboxes())
def test_odometer_ranges_match_the_calculator_at_every_boundary(car: str, gearbox: str) -> None:
    plan = guide_data()["tables"][plan_of(car, gearbox)]
    ranges: list[tuple[int, int | None, int | None, int | None]] = plan["ranges"]
    last = plan["until"] or 10**7
    assert ranges[0][0] == 0
    table = locale("fa").find_one("article", data_plan=plan_of(car, gearbox))
    boundaries = {
        int(head[side]) for head in table.find_all("th", data_km=None) for side in ("data-from", "data-to")
    } | {start for start, *_ in ranges}
    for odometer in sorted(
        {max(0, boundary + step) for boundary in boundaries for step in (-1, 0, 1)} | {last}
    ):
        if odometer > last:
            continue
        result = schedule_answer(car, gearbox, odometer_km=odometer).result
        current_range = [row for row in ranges if row[0] <= odometer][-1]
        expected = [entry and entry.service_km for entry in (result.previous, result.current, result.next)]
        assert [*current_range[1:]] == expected, odometer


def test_every_table_of_every_booklet_is_in_the_guide() -> None:
    tables = {
        plan["data-plan"].rpartition("-")[0] for plan in locale("fa").find_all("article", data_plan=None)
    }
    assert tables == {table for edition_tables in service_editions() for table in edition_tables.tables}


# The share


@in_both_languages
@pytest.mark.parametrize("level", Level)
def test_every_share_equals_the_calculators_answer(language: Language, level: Level) -> None:
    t = text(language)
    table = locale(language).find_one("article", data_share_level=level)
    assert [row["data-event"] for row in table.find_all("tr", data_event=None)] == [
        row["data-event"]
        for row in locale("fa")
        .find_one("article", data_share_level="two_star")
        .find_all("tr", data_event=None)
    ]
    assert {row["data-event"] for row in table.find_all("tr", data_event=None)} == {*events()}
    for event in events():
        answers = [
            subscriber_share(
                SubscriberShareRequest(
                    level=level,
                    event=event,
                    damage_rial=0,
                    prior_repairs=count if event == "repair" else 0,
                    prior_incidents=0 if event == "repair" else count,
                )
            )
            for count in range(7)
        ]
        row = table.find_one("tr", data_event=event)
        assert row.find_one("th").text == t.name_of("event", event)
        compare_share(language, row, [answer.result for answer in answers])
        others = table.find_all("tr", data_other_event=event)
        assert len(others) == any(answer.alternatives for answer in answers)
        for other in others:
            assert {other["data-reading"]} == {
                alternative.reading for answer in answers for alternative in answer.alternatives
            }
            results = [
                answer.result.model_copy(update=dict(answer.alternatives[0].result))
                if answer.alternatives
                else answer.result
                for answer in answers
            ]
            compare_share(language, other, results)


def compare_share(language: Language, row: Node, expected: list[SubscriberShareResult]) -> None:
    t, cells = text(language), row.find_all("td")
    if len(cells) == 1:
        (cell,) = cells
        assert cell["colspan"] == "7"
        assert {result.reason for result in expected} == {cell["data-reason"]}
        assert {result.covered for result in expected} == {False}
        assert cell.text.startswith(t.name_of("refusal", cell["data-reason"]))
        return
    for cell, result in zip(cells, expected, strict=True):
        assert cell["data-share"] == ("" if result.share_percent is None else str(result.share_percent))
        assert cell.get("data-reason") == result.reason
        assert cell.text == (
            "—" if result.share_percent is None else format_percent(result.share_percent, language)
        )


@in_both_languages
def test_every_report_rule_matches_the_calculator(language: Language) -> None:
    tree, t, seen = locale(language), text(language), set()
    rules = tree.find_all("li", data_above=None)
    for rule, name in ((item, name) for item in rules for name in item.find_all("b", data_report=None)):
        event = name["data-report"]
        seen.add(event)
        assert name.text == t.name_of("event", event)
        levels = [level for level in Level if covers(level, event)]
        above = rule["data-above"]
        for level, at_fault in product(levels, (False, True)):
            for damage in (0, 7_000_000, 7_000_001, 10**15):
                result = subscriber_share(
                    SubscriberShareRequest(
                        level=level, event=event, damage_rial=damage, third_party_at_fault=at_fault
                    )
                ).result
                required = (
                    rule["data-always"] == "yes"
                    or (at_fault and rule["data-culprit"] == "yes")
                    or (above != "" and damage > int(above))
                )
                assert result.report_required == required
                assert result.fire_brigade_report == (required and rule["data-fire"] == "yes")
        if above:
            assert format_number(int(above), language) in rule.text
    assert seen == {event for event in events() if any(covers(level, event) for level in Level)}


def covers(level: Level, event: str) -> bool:
    return subscriber_share(SubscriberShareRequest(level=level, event=event, damage_rial=0)).result.covered


# The levels and the roadside


@in_both_languages
def test_every_cell_of_the_level_table_equals_the_calculators_answer(language: Language) -> None:
    t, tree = text(language), locale(language)
    rows = compare_levels(CompareLevelsRequest()).result.rows
    assert {row["data-service"] for row in tree.find_all("tr", data_service=None)} == {
        row.service for row in rows
    }
    for row in rows:
        table_row = tree.find_one("tr", data_service=row.service)
        assert table_row.find_one("th").text == t.name_of("service_name", row.service)
        assert [cell["data-of-level"] for cell in table_row.find_all("td")] == [*Level]
        for cell, expected in zip(table_row.find_all("td"), row.cells.values(), strict=True):
            assert cell["data-kind"] == expected.kind
            assert cell["data-value"] == ("" if expected.value is None else str(expected.value))
            cell_text = t(f"cell.{expected.kind}", value=format_number(expected.value or 0, language))
            assert cell.text.removeprefix("✓ ") == cell_text


CASES: dict[str, dict[str, Any]] = {
    "": {},
    "can_move": {"immobile": False},
    "own_way": {"via_company": False},
    "second_tow": {"tow_number": 2},
    "company_could_not_send": {"company_could_not_send": True},
    "in_guarantee": {"in_guarantee": True},
    "intercity": {"intercity": True},
}


@in_both_languages
def test_the_payer_of_roadside_help_matches_the_calculator(language: Language) -> None:
    t, rows = text(language), locale(language).find_all("tr", data_help=None)
    assert {row["data-help"] for row in rows} == {*items()}
    assert {row["data-case"] for row in rows} == {*CASES}
    for row in rows:
        conditions = CASES[row["data-case"]]
        assert [cell["data-of-level"] for cell in row.find_all("td")] == [*Level]
        for cell in row.find_all("td"):
            request = AssistanceCostRequest(
                level=Level(cell["data-of-level"]), item=row["data-help"], **conditions
            )
            result = assistance_cost(request).result
            assert (cell["data-payer"], cell["data-reason"]) == (result.payer, result.reason or "")
            assert cell.text == t.name_of("payer", result.payer or "")


@in_both_languages
def test_advice_documents_and_departments_match_the_booklet(language: Language) -> None:
    t, tree, booklet = text(language), locale(language), contacts()
    assert booklet
    assert {line["data-tip"]: line.text for line in tree.find_all("li", data_tip=None)} == {
        row.tip: t.name_of("tip", row.tip) for row in booklet.advice
    }
    for row in booklet.departments.values():
        line = tree.find_one("li", data_department=row.department)
        assert line.find_one("a")["href"] == f"tel:{row.dial}"
    lines = tree.find_all("li", data_document=None)
    for document_row, line in zip(card_documents(), lines, strict=False):
        assert line["data-document"] == t.name_of("document", document_row.document)
        assert line.children[-1].text == t.name_of("needed", document_row.needed)  # type: ignore[union-attr]
    assert len(lines) > len(card_documents())


@in_both_languages
def test_every_dealer_is_listed_in_its_province_with_its_numbers(language: Language) -> None:
    tree = locale(language)
    for dealer in places().dealers:
        line = tree.find_one("li", data_code=dealer.code)
        links = [link["href"] for link in line.find_all("a")]
        dialled = [f"tel:{dial}" for dial in dealer.dial if dial]
        assert links == (["tel:096440", *dialled] if dealer.kind == "office" else dialled)
        assert dealer.address in line.text
        province = next(row for row in places().provinces.values() if row.name_fa == dealer.province)
        assert tree.find_one("div", data_province=province.id).find_one("li", data_code=dealer.code) is line


@in_both_languages
def test_the_english_guide_contains_no_persian_text(language: Language) -> None:
    """Check the English guide; addresses are marked as Persian with ``lang``."""
    if language == "en":
        for node in locale("en").walk():
            if node.get("lang") != "fa" and node.name not in SVG_ELEMENTS:
                content = "".join(child for child in node.children if isinstance(child, str))
                assert not re.search("[\u0600-\u06ff]", content), content


@pytest.mark.usefixtures("data_copy")  # the guide of this data folder is not cached yet
def test_a_bug_in_a_calculator_is_raised_by_the_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logic.core.registry.Answer", answers_with_a_bug("assistance_cost"))
    with pytest.raises(KeyError):
        guide(dt.date(2026, 10, 1))


def test_the_guide_names_the_version_that_made_it() -> None:
    assert f'<meta name="generator" content="Khodroyar {logic.__version__}">' in guide(GUIDE_DATE)
