"""The guide with no network: every cell is the calculators' answer, in both languages, and nothing is asked of a host."""

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

MADE = dt.date(2024, 7, 18)
LIMIT = 1_500_000
LETTERS = {
    "+": None,
    "h": "needs_higher_level",
    "a": "above_level_ceiling",
    "n": "level_has_no_services",
    "o": "owner_pays",
}
EMPTY = {"meta", "link", "input", "br"}
SHAPES = {"rect", "path", "circle", "g", "svg"}


class Node:
    """An element: its attributes, what is in it, and all that it says."""

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
    def said(self) -> str:
        return "".join(each if isinstance(each, str) else each.said for each in self.children)

    def walk(self) -> Iterator["Node"]:
        yield self
        for each in self.children:
            if isinstance(each, Node):
                yield from each.walk()

    def all(self, name: str | None = None, **attributes: str | None) -> list["Node"]:
        """Those below of a name, with these attributes; None: with any value."""
        wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
        return [
            node
            for node in self.walk()
            if name in (None, node.name)
            and all(
                key in node.attributes and value in (None, node.get(key)) for key, value in wanted.items()
            )
        ]

    def one(self, name: str | None = None, **attributes: str | None) -> "Node":
        (found,) = self.all(name, **attributes)
        return found


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in EMPTY:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag, tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@cache
def document() -> Node:
    reader = Reader()
    reader.feed(guide(MADE))
    (left,) = reader.open
    return left


def locale(language: Language) -> Node:
    return document().one("div", lang=language, dir=text(language).direction)


@cache
def known() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(document().one("script", id="known").said)
    return told


in_both_languages = pytest.mark.parametrize("language", LANGUAGES)


# The file


def test_the_file_is_small_enough() -> None:
    assert len(guide(MADE).encode()) < LIMIT
    assert len(download()) < LIMIT


def test_the_file_names_no_host() -> None:
    source = guide(MADE)
    addresses = set(re.findall(r"[a-z]+://[^\s\"'<>]+", source))
    assert addresses <= {"http://www.w3.org/2000/svg"}  # a name of the drawing language, no address
    for node in document().walk():
        for attribute in ("src", "href"):
            where = node.get(attribute)
            assert where is None or where.startswith(("#", "tel:", "data:")), where


def test_the_policy_lets_nothing_in_but_the_file_s_own() -> None:
    policy = document().one("meta", http_equiv="Content-Security-Policy")["content"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not document().all(style=None)


def test_the_same_day_gives_the_same_file() -> None:
    assert download().decode() == guide(today())


@in_both_languages
def test_it_says_its_editions_and_its_day(language: Language) -> None:
    tree = locale(language)
    assert format_jalali(MADE, language, long=True) in tree.one("p", **{"class": "made"}).said
    assert known()["made"] == MADE.isoformat()
    assert known()["stale_after_days"] == STALE_AFTER_DAYS == 90
    for document_ in ("emdad", "mvm_fx", "iran_tire", "places"):
        newest = editions(document_)[-1].edition
        assert newest.title[language] in tree.one("li", data_edition=f"{document_}/{newest.id}").said


def test_every_id_stands_once() -> None:
    ids = [node["id"] for node in document().all(id=None)]
    assert len(ids) == len(set(ids))


# Services


def cars_and_gearboxes() -> list[tuple[str, Any]]:
    """Every tile with every gearbox that it is sold with."""
    return [(car, gearbox) for car, row in cars().items() for gearbox in row.gearboxes]


def plan_of(car: str, gearbox: str) -> str:
    own: dict[str, str] = known()["cars"][car]
    return own[gearbox] if gearbox in own else next(iter(own.values()))


def asked(car: str, gearbox: Any, **fields: Any) -> Any:  # noqa: ANN401 - a literal, the fields of a request
    row = cars()[car]
    return service_schedule(
        ServiceScheduleRequest(vehicle=row.vehicle, engine=row.engine, gearbox=gearbox, **fields)
    )


def verdicts(items: list[ServiceItem]) -> list[str | None]:
    return [None if item.covered else item.reason for item in items]


@in_both_languages
@pytest.mark.parametrize(("car", "gearbox"), cars_and_gearboxes())
def test_every_cell_of_every_service_table_is_the_calculator_s(
    language: Language, car: str, gearbox: str
) -> None:
    t = text(language)
    plan = locale(language).one("article", data_plan=plan_of(car, gearbox))
    heads = plan.all("th", data_km=None)
    printed = asked(car, gearbox, whole_table=True).result
    assert [int(head["data-km"]) for head in heads if head["data-printed"] == "yes"] == [
        entry.service_km for entry in printed.services
    ]
    rows = {row["data-item"]: row.all("td") for row in plan.all("tr", data_item=None)}
    assert [*rows][: len(printed.printed_items)] == [*printed.printed_items]
    for name, row in ((each["data-item"], each) for each in plan.all("tr", data_item=None)):
        assert row.one("th").said == t.name_of("service_item", name)
        assert len(row.all("td")) == len(heads)
    for place, head in enumerate(heads):
        km = int(head["data-km"])
        plain: ServiceEntry = asked(car, gearbox, service_km=km).result.service
        assert (int(head["data-from"]), int(head["data-to"])) == (plain.window_from_km, plain.window_to_km)
        answers = [asked(car, gearbox, service_km=km, level=level) for level in Level]
        entries: list[ServiceEntry] = [each.result.service for each in answers]
        others = [
            each.alternatives[0].result.get("service", entry) if each.alternatives else entry
            for each, entry in zip(answers, entries, strict=True)
        ]
        items = {item.item: position for position, item in enumerate(plain.items)}
        for name, cells in rows.items():
            cell = cells[place]
            if name not in items:
                assert cell.attributes == {}
                assert cell.said == ""
                continue
            item = plain.items[items[name]]
            assert cell["data-mark"] == (item.mark or "note")
            assert cell["data-needs"] == (item.needs_level or "")
            by_level = [entry.items[items[name]] for entry in entries]
            assert [LETTERS[letter] for letter in cell["data-cover"]] == verdicts(by_level)
            by_other = [entry.items[items[name]] for entry in others]
            literal = cell.get("data-other") or cell["data-cover"]
            assert [LETTERS[letter] for letter in literal] == verdicts(by_other)
            stars = "✓" if item.check else "★" * (item.stars or 0) or t("service.noted")
            assert cell.one("small").said == stars
            covered = [level for level, each in zip(Level, by_level, strict=True) if each.covered]
            assert bool(cell.all("b")) == bool(covered)


@pytest.mark.parametrize(("car", "gearbox"), cars_and_gearboxes())
def test_the_road_is_the_calculator_s_at_every_edge(car: str, gearbox: str) -> None:
    plan = known()["tables"][plan_of(car, gearbox)]
    ranges: list[tuple[int, int | None, int | None, int | None]] = plan["ranges"]
    last = plan["until"] or 10**7
    assert ranges[0][0] == 0
    table = locale("fa").one("article", data_plan=plan_of(car, gearbox))
    edges = {
        int(head[side]) for head in table.all("th", data_km=None) for side in ("data-from", "data-to")
    } | {start for start, *_ in ranges}
    for odometer in sorted({max(0, edge + step) for edge in edges for step in (-1, 0, 1)} | {last}):
        if odometer > last:
            continue
        found = asked(car, gearbox, odometer_km=odometer).result
        here = [each for each in ranges if each[0] <= odometer][-1]
        expected = [each and each.service_km for each in (found.previous, found.current, found.next)]
        assert [*here[1:]] == expected, odometer


def test_every_table_of_every_booklet_is_in_the_guide() -> None:
    held = {each["data-plan"].rpartition("-")[0] for each in locale("fa").all("article", data_plan=None)}
    assert held == {table for edition_tables in service_editions() for table in edition_tables.tables}


# The share


@in_both_languages
@pytest.mark.parametrize("level", Level)
def test_every_share_is_the_calculator_s(language: Language, level: Level) -> None:
    t = text(language)
    table = locale(language).one("article", data_share_level=level)
    assert [row["data-event"] for row in table.all("tr", data_event=None)] == [
        row["data-event"]
        for row in locale("fa").one("article", data_share_level="two_star").all("tr", data_event=None)
    ]
    assert {row["data-event"] for row in table.all("tr", data_event=None)} == {*events()}
    for event in events():
        found = [
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
        row = table.one("tr", data_event=event)
        assert row.one("th").said == t.name_of("event", event)
        compare_share(language, row, [each.result for each in found])
        others = table.all("tr", data_other_event=event)
        assert len(others) == any(each.alternatives for each in found)
        for other in others:
            assert {other["data-reading"]} == {each.reading for one in found for each in one.alternatives}
            results = [
                each.result.model_copy(update=dict(each.alternatives[0].result))
                if each.alternatives
                else each.result
                for each in found
            ]
            compare_share(language, other, results)


def compare_share(language: Language, row: Node, expected: list[SubscriberShareResult]) -> None:
    t, cells = text(language), row.all("td")
    if len(cells) == 1:
        (cell,) = cells
        assert cell["colspan"] == "7"
        assert {each.reason for each in expected} == {cell["data-reason"]}
        assert {each.covered for each in expected} == {False}
        assert cell.said.startswith(t.name_of("refusal", cell["data-reason"]))
        return
    for cell, each in zip(cells, expected, strict=True):
        assert cell["data-share"] == ("" if each.share_percent is None else str(each.share_percent))
        assert cell.get("data-reason") == each.reason
        assert cell.said == (
            "—" if each.share_percent is None else format_percent(each.share_percent, language)
        )


@in_both_languages
def test_every_report_rule_is_the_calculator_s(language: Language) -> None:
    tree, t, seen = locale(language), text(language), set()
    rules = tree.all("li", data_above=None)
    for rule, name in ((each, name) for each in rules for name in each.all("b", data_report=None)):
        event = name["data-report"]
        seen.add(event)
        assert name.said == t.name_of("event", event)
        levels = [level for level in Level if covers(level, event)]
        above = rule["data-above"]
        for level, culprit in product(levels, (False, True)):
            for damage in (0, 7_000_000, 7_000_001, 10**15):
                found = subscriber_share(
                    SubscriberShareRequest(
                        level=level, event=event, damage_rial=damage, third_party_at_fault=culprit
                    )
                ).result
                required = (
                    rule["data-always"] == "yes"
                    or (culprit and rule["data-culprit"] == "yes")
                    or (above != "" and damage > int(above))
                )
                assert found.report_required == required
                assert found.fire_brigade_report == (required and rule["data-fire"] == "yes")
        if above:
            assert format_number(int(above), language) in rule.said
    assert seen == {event for event in events() if any(covers(level, event) for level in Level)}


def covers(level: Level, event: str) -> bool:
    return subscriber_share(SubscriberShareRequest(level=level, event=event, damage_rial=0)).result.covered


# The levels and the roadside


@in_both_languages
def test_every_cell_of_the_level_table_is_the_calculator_s(language: Language) -> None:
    t, tree = text(language), locale(language)
    rows = compare_levels(CompareLevelsRequest()).result.rows
    assert {row["data-service"] for row in tree.all("tr", data_service=None)} == {row.service for row in rows}
    for row in rows:
        shown = tree.one("tr", data_service=row.service)
        assert shown.one("th").said == t.name_of("service_name", row.service)
        assert [cell["data-of"] for cell in shown.all("td")] == [*Level]
        for cell, expected in zip(shown.all("td"), row.cells.values(), strict=True):
            assert cell["data-kind"] == expected.kind
            assert cell["data-value"] == ("" if expected.value is None else str(expected.value))
            said = t(f"cell.{expected.kind}", value=format_number(expected.value or 0, language))
            assert cell.said.removeprefix("✓ ") == said


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
def test_who_pays_at_the_roadside_is_the_calculator_s(language: Language) -> None:
    t, rows = text(language), locale(language).all("tr", data_help=None)
    assert {row["data-help"] for row in rows} == {*items()}
    assert {row["data-case"] for row in rows} == {*CASES}
    for row in rows:
        asked_for = CASES[row["data-case"]]
        assert [cell["data-of"] for cell in row.all("td")] == [*Level]
        for cell in row.all("td"):
            request = AssistanceCostRequest(level=Level(cell["data-of"]), item=row["data-help"], **asked_for)
            found = assistance_cost(request).result
            assert (cell["data-payer"], cell["data-reason"]) == (found.payer, found.reason or "")
            assert cell.said == t.name_of("payer", found.payer or "")


@in_both_languages
def test_advice_papers_and_departments_are_the_booklet_s(language: Language) -> None:
    t, tree, booklet = text(language), locale(language), contacts()
    assert booklet
    assert {each["data-tip"]: each.said for each in tree.all("li", data_tip=None)} == {
        row.tip: t.name_of("tip", row.tip) for row in booklet.advice
    }
    for row in booklet.departments.values():
        line = tree.one("li", data_department=row.department)
        assert line.one("a")["href"] == f"tel:{row.dial}"
    shown = tree.all("li", data_document=None)
    for row_, each in zip(card_documents(), shown, strict=False):
        assert each["data-document"] == t.name_of("document", row_.document)
        assert each.children[-1].said == t.name_of("needed", row_.needed)  # type: ignore[union-attr]
    assert len(shown) > len(card_documents())


@in_both_languages
def test_every_place_stands_in_its_province_with_its_numbers(language: Language) -> None:
    tree = locale(language)
    for dealer in places().dealers:
        line = tree.one("li", data_code=dealer.code)
        called = [each["href"] for each in line.all("a")]
        dialled = [f"tel:{dial}" for dial in dealer.dial if dial]
        assert called == (["tel:096440", *dialled] if dealer.kind == "office" else dialled)
        assert dealer.address in line.said
        province = next(row for row in places().provinces.values() if row.name_fa == dealer.province)
        assert tree.one("div", data_province=province.id).one("li", data_code=dealer.code) is line


@in_both_languages
def test_nothing_of_the_other_language_is_said(language: Language) -> None:
    """But names that are written alike, and addresses, which are Persian."""
    if language == "en":
        for node in locale("en").walk():
            if node.get("lang") != "fa" and node.name not in SHAPES:
                said = "".join(each for each in node.children if isinstance(each, str))
                assert not re.search("[\u0600-\u06ff]", said), said


@pytest.mark.usefixtures("data_copy")  # no guide of this data folder was made before
def test_a_bug_in_a_calculator_stops_the_making_of_the_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logic.core.registry.Answer", answers_with_a_bug("assistance_cost"))
    with pytest.raises(KeyError):
        guide(dt.date(2026, 10, 1))


def test_the_guide_names_the_version_that_made_it() -> None:
    assert f'<meta name="generator" content="Khodroyar {logic.__version__}">' in guide(MADE)
