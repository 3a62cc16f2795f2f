"""The tables of the offline guide: share, levels, roadside costs; and the lists of documents and advice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import htpy as h

from logic.card.assistance_cost import AssistanceCostRequest, assistance_cost, assistance_items
from logic.card.subscriber_share import (
    SubscriberShareRequest,
    SubscriberShareResult,
    answers_by_prior_count,
    events_by_group,
    subscriber_share,
)
from logic.card.tables import Item
from logic.comparison.compare_levels import Cell, CompareLevelsRequest, compare_levels, services_by_group
from logic.core.messages import LANGUAGES
from logic.core.models import MAX_RIAL, Level
from logic.finder.tables import contacts
from ui.answer.answer_card import clause_badge, notice_text
from ui.inputs.counts import MAX_COUNT_CHOICE
from ui.l10n.numbers import format_number, format_percent
from ui.l10n.text import Text, text
from ui.offline_guide.search import join_keys, name_keys, word_keys
from ui.views.finder_lists import all_documents
from ui.views.guide import department_line
from ui.views.levels import STARS

ASSISTANCE_CASES: tuple[tuple[str, str | None, Mapping[str, Any]], ...] = (
    (Item.CALLOUT, None, {}),
    (Item.CALLOUT, "can_move", {"immobile": False}),
    (Item.CALLOUT, "own_way", {"via_company": False}),
    (Item.TOW, None, {}),
    (Item.TOW, "second_tow", {"tow_number": 2}),
    (Item.TOW, "can_move", {"immobile": False}),
    (Item.TOW, "own_way", {"via_company": False}),
    (Item.TOW, "company_could_not_send", {"company_could_not_send": True}),
    (Item.ON_SITE_SERVICE, None, {}),
    (Item.ROADSIDE_WAGE_AND_PARTS, None, {}),
    (Item.ROADSIDE_WAGE_AND_PARTS, "in_guarantee", {"in_guarantee": True}),
    (Item.PASSENGER_TRANSFER, "intercity", {"intercity": True}),
    (Item.PASSENGER_TRANSFER, None, {}),
    (Item.CANCELLED_CALLOUT, None, {}),
)
"""A kind of assistance, the circumstance that changes who pays (a key of the levels page), request fields."""


# ---------------------------------------------------------------------------------------------- the share
def shares(t: Text) -> h.Node:
    """Return a table for each level: the subscriber's share by event and number of earlier events."""
    return h.fragment[
        _card_choice(t, "share"),
        h.p(".empty.choose-card", hidden=True)[t("offline.choose_card")],
        (_share_table(t, level) for level in Level),
        h.h2[t("offline.report")],
        h.ul(".pairs.reports")[_reports(t)],
    ]


def _card_choice(t: Text, section: str, *, with_all: bool = False) -> h.Element:
    """Return the choice of a card; ``with_all`` adds the choice of all cards side by side."""
    name = f"card-{section}-{t.language}"
    choices = {"": t("offline.every_level")} if with_all else {}
    choices |= t.names_of("level", Level)
    return h.div(".field.cards")[
        h.span(id=name)[t("share.level")],
        h.div(".pills", role="group", aria_labelledby=name)[
            (
                h.button(type="button", data_level=level, aria_pressed="false")[label]
                for level, label in choices.items()
            )
        ],
    ]


def _share_table(t: Text, level: Level) -> h.Element:
    heading = t("offline.share_of", level=t.name_of("level", level))
    counts = range(MAX_COUNT_CHOICE + 1)
    answers = (
        subscriber_share(SubscriberShareRequest(level=level, event=event, damage_rial=0))
        for events in events_by_group().values()
        for event in events
    )
    clauses = (
        step.clause for answer in answers for step in answer.steps if step.key in ("base_share", "floor")
    )
    return h.article(".shares", data_share_level=level)[
        h.h2[heading, (h.fragment[" ", clause_badge(t, clause)] for clause in dict.fromkeys(clauses))],
        h.div(".scroll-container", tabindex="0", role="region", aria_label=heading)[
            h.table(".share-table")[
                h.thead[
                    h.tr[
                        h.th(scope="col")[t("offline.earlier")],
                        (h.th(scope="col")[format_number(count, t.language)] for count in counts),
                    ]
                ],
                (
                    h.tbody(data_group=True)[
                        h.tr(".group")[
                            h.th(scope="rowgroup", colspan=str(MAX_COUNT_CHOICE + 2))[
                                h.span[t.name_of("group", group)]
                            ]
                        ],
                        (_share_rows(t, level, event, group) for event in events),
                    ]
                    for group, events in events_by_group().items()
                ),
            ]
        ],
    ]


def _share_rows(t: Text, level: Level, event: str, group: str) -> Iterator[h.Element]:
    """Yield the row of an event, and a row for its other reading if there is one."""
    answers = answers_by_prior_count(
        SubscriberShareRequest(level=level, event=event, damage_rial=0), MAX_COUNT_CHOICE
    )
    key = join_keys((name_keys("event", event), name_keys("group", group)))
    results = [answer.result for answer in answers]
    # Only a refusal is cited in its row; the clauses of covered events are listed once, with the reports.
    refusal = None if results[0].covered else clause_badge(t, answers[0].steps[-1].clause)
    yield h.tr(data_event=event, data_search=key)[
        h.th(scope="row")[t.name_of("event", event)], _share_cells(t, results, refusal)
    ]
    if any(answer.alternatives for answer in answers):
        reading = next(other.reading for answer in answers for other in answer.alternatives)
        other_results = [
            answer.result.model_copy(update=dict(answer.alternatives[0].result))
            if answer.alternatives
            else answer.result
            for answer in answers
        ]
        yield h.tr(".other-reading", data_other_event=event, data_reading=reading, data_search=key)[
            h.th(scope="row")[
                h.details[h.summary[t("offline.other_reading")], h.p[t.name_of("reading", reading)]]
            ],
            _share_cells(t, other_results),
        ]


def _share_cells(t: Text, results: list[SubscriberShareResult], clause: h.Node = None) -> Iterator[h.Element]:
    """Yield a cell for each number of earlier events; a refusal is one cell across all of them."""
    reasons = {result.reason for result in results}
    if len(reasons) == 1 and not results[0].covered:
        (reason,) = reasons
        yield h.td(".no", colspan=str(len(results)), data_share="", data_reason=reason)[
            t.name_of("refusal", str(reason)), " ", clause
        ]
        return
    for result in results:
        share = result.share_percent
        yield h.td(data_share="" if share is None else str(share), data_reason=result.reason)[
            "—" if share is None else format_percent(share, t.language)
        ]


@dataclass(frozen=True)
class _Report:
    """When an official report on an event is required."""

    above: int | None
    always: bool
    with_culprit: bool
    fire_brigade: bool


def _reports(t: Text) -> Iterator[h.Element]:
    """Yield each rule for official reports, with its events and clauses."""
    rules: dict[_Report, dict[str, list[str]]] = {}
    for event in (event for events in events_by_group().values() for event in events):
        report = _report(event)
        if report:
            rule, clauses = report
            rules.setdefault(rule, {})[event] = clauses
    for rule, events in rules.items():
        cited = dict.fromkeys(clause for clauses in events.values() for clause in clauses)
        names = [h.b(data_report=event)[t.name_of("event", event)] for event in events]
        yield h.li(
            data_above="" if rule.above is None else str(rule.above),
            data_always=_yes(rule.always),
            data_culprit=_yes(rule.with_culprit),
            data_fire=_yes(rule.fire_brigade),
            data_search=join_keys(name_keys("event", event) for event in events),
        )[
            h.span[[h.fragment[t("word.and") if index else None, name] for index, name in enumerate(names)]],
            h.div[
                _report_text(t, rule),
                h.span(".clauses")[(h.fragment[clause_badge(t, clause), " "] for clause in cited)],
            ],
        ]


def _report_text(t: Text, rule: _Report) -> str:
    if rule.always:
        first = t("share.report_yes")
    elif rule.above is None:
        first = t("offline.no_report")
    else:
        first = t("share.report_above", limit=format_number(rule.above, t.language))
    culprit = t("offline.report_culprit") if rule.with_culprit and not rule.always else ""
    return " ".join(filter(None, (first, culprit, t("share.fire_report") if rule.fire_brigade else "")))


def _report(event: str) -> tuple[_Report, list[str]] | None:
    """Return the rule of an event and its clauses, or None if no level covers the event."""
    for level in Level:
        request = SubscriberShareRequest(level=level, event=event, damage_rial=0)
        answer = subscriber_share(request)
        if answer.result.covered:
            break
    else:
        return None
    culprit_answer = subscriber_share(request.model_copy(update={"third_party_at_fault": True}))
    large_damage_answer = subscriber_share(request.model_copy(update={"damage_rial": MAX_RIAL}))
    step = next(step for step in answer.steps if step.key == "report_required")
    above = step.inputs["above"]
    rule = _Report(
        above=above if isinstance(above, int) else None,
        always=answer.result.report_required,
        with_culprit=culprit_answer.result.report_required,
        fire_brigade=large_damage_answer.result.fire_brigade_report,
    )
    clauses = [step.clause for step in answer.steps if step.key in ("covered", "report_required")]
    return rule, clauses + [
        step.clause for step in culprit_answer.steps if step.key == "report_at_any_amount"
    ]


def _yes(value: object) -> str:
    return "yes" if value else "no"


# ---------------------------------------------------------------------------------------------- the levels
def levels(t: Text) -> h.Node:
    """Return the level table; on a phone each service is a card."""
    answer = compare_levels(CompareLevelsRequest())
    rows = {row.service: row for row in answer.result.rows}
    clause_by_service = {step.inputs["service"]: step.clause for step in answer.steps}
    groups = (
        h.tbody(data_group=True)[
            h.tr(".group")[
                h.th(scope="rowgroup", colspan=str(len(Level) + 1))[h.span[t.name_of("service_group", group)]]
            ],
            (
                h.tr(data_service=service, data_search=name_keys("service_name", service))[
                    h.th(scope="row")[t.name_of("service_name", service)],
                    (
                        h.td(
                            data_of_level=level,
                            data_label=t.name_of("level", level),
                            data_kind=cell.kind,
                            data_value="" if cell.value is None else str(cell.value),
                        )[_level_cell(t, cell)]
                        for level, cell in rows[service].cells.items()
                    ),
                ]
                for service in services
                if service in rows
            ),
        ]
        for group, services in services_by_group().items()
    )
    return h.fragment[
        _card_choice(t, "levels", with_all=True),
        _level_grid(t, t("levels.service"), groups),
        h.div(".clauses")[
            (h.fragment[clause_badge(t, clause), " "] for clause in dict.fromkeys(clause_by_service.values()))
        ],
        h.ul(".bullets")[
            (h.li[notice_text(t, notice), " ", clause_badge(t, notice.clause)] for notice in answer.notices)
        ],
    ]


def _level_grid(t: Text, head: str, body: Iterable[h.Node]) -> h.Element:
    return h.div(".scroll-container", tabindex="0", role="region", aria_label=head)[
        h.table(".comparison")[
            h.thead[
                h.tr[
                    h.th(scope="col")[head],
                    (
                        h.th(scope="col", data_of_level=level)[
                            t.name_of("level", level),
                            h.span(".stars", aria_hidden="true")["★" * STARS.get(level, 0)],
                        ]
                        for level in Level
                    ),
                ]
            ],
            body,
        ]
    ]


def _level_cell(t: Text, cell: Cell) -> h.Element:
    """Return a cell as a mark or a word in the colour of who pays."""
    text = t(f"cell.{cell.kind}", value=format_number(cell.value or 0, t.language))
    match cell.kind:
        case "included":
            return h.span(".cell.yes")[h.span(aria_hidden="true")["✓ "], text]
        case "excluded":
            return h.span(".cell.no")[text]
        case kind:
            return h.span(class_=["cell", kind if cell.value is None else "limit"])[text]


# ---------------------------------------------------------------------------------------------- the roadside
def roadside(t: Text) -> h.Node:
    """Return the advice, the phone numbers, and who pays for assistance under each level."""
    booklet, advice = contacts(), [*_advice(t)]
    return h.fragment[
        advice[:1],
        h.h2[t("guide.call")],
        h.ul(".pairs.call")[
            (
                department_line(t, row)(
                    data_search=name_keys("department", row.department), data_department=row.department
                )
                for row in (booklet.departments.values() if booklet else ())
            )
        ],
        h.h2[t("levels.assistance")],
        _card_choice(t, "roadside", with_all=True),
        _level_grid(t, t("levels.item"), h.tbody(data_group=True)[(_payers(t, *case) for case in _cases())]),
        advice[1:],
    ]


def _advice(t: Text) -> Iterator[h.Node]:
    booklet = contacts()
    advice = booklet.advice if booklet else ()
    for (moment, kind), group in groupby(advice, key=lambda row: (row.moment, row.kind)):
        rows = [*group]
        lines = (
            h.li(
                data_search=word_keys(*(text(language).name_of("tip", row.tip) for language in LANGUAGES)),
                data_tip=row.tip,
            )[t.name_of("tip", row.tip)]
            for row in rows
        )
        clauses = dict.fromkeys(row.clause for row in rows)
        yield h.div(data_group=True)[
            h.h2[t.name_of("moment", moment)],
            (h.ol(".steps") if kind == "step" else h.ul(".bullets.two-columns"))[lines],
            h.div(".clauses")[(h.fragment[clause_badge(t, clause), " "] for clause in clauses)],
        ]


def _cases() -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """Yield `ASSISTANCE_CASES`, then every kind of assistance that has no case."""
    yield from ASSISTANCE_CASES
    items_with_case = {item for item, *_ in ASSISTANCE_CASES}
    yield from ((item, None, {}) for item in assistance_items() if item not in items_with_case)


def _payers(t: Text, item: str, circumstance: str | None, fields: Mapping[str, Any]) -> h.Element:
    answers = {
        level: assistance_cost(AssistanceCostRequest(level=level, item=item, **fields)) for level in Level
    }
    case = t(f"levels.{circumstance}") if circumstance else ""
    reasons = {answer.result.reason for answer in answers.values()} - {None, "not_in_level"}
    clauses = dict.fromkeys(answer.steps[-1].clause for answer in answers.values())

    def cell(level: Level, payer: str | None, reason: str | None) -> h.Element:
        css_class = "tariff" if payer in ("tariff", "customer", None) else "free"
        badge = h.span(class_=["cell", css_class])[t.name_of("payer", payer) if payer else "—"]
        return h.td(
            data_of_level=level,
            data_label=t.name_of("level", level),
            data_payer=payer or "",
            data_reason=reason or "",
        )[badge]

    return h.tr(
        data_help=item,
        data_case=circumstance or "",
        data_search=f"{name_keys('item', item)} {word_keys(case)}",
    )[
        h.th(scope="row")[
            t.name_of("item", item),
            h.small[case] if case else None,
            (h.small[t.name_of("assistance_reason", reason)] for reason in sorted(filter(None, reasons))),
            h.span(".clauses")[(h.fragment[clause_badge(t, clause), " "] for clause in clauses)],
        ],
        (cell(level, answer.result.payer, answer.result.reason) for level, answer in answers.items()),
    ]


# ---------------------------------------------------------------------------------------------- the documents
def documents(t: Text) -> Iterator[h.Node]:
    """Yield the documents of each event: when each is needed, and its clause."""
    rows_by_language = zip(
        *(all_documents(text(language)) for language in LANGUAGES), all_documents(t), strict=True
    )
    for event, rows in groupby(rows_by_language, key=lambda row: row[-1][0]):
        yield h.div(data_group=True)[
            h.h2[event],
            h.ul(".pairs")[
                (
                    h.li(
                        data_document=document,
                        data_search=join_keys(
                            name for event_and_document in names for name in event_and_document[:2]
                        ),
                    )[h.span[document, " ", clause_badge(t, clause)], h.small[when]]
                    for *names, (_, document, when, clause) in rows
                )
            ],
        ]
