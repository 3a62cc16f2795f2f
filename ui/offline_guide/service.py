"""The service section of the offline guide: car, odometer, what is due, and the service tables."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import htpy as h

from logic.card.tables import card_tables
from logic.core.models import Level
from logic.datasets.tables import clauses, title
from logic.service.service_schedule import cars
from ui.answer.answer_card import clause_badge, notice_text
from ui.l10n.numbers import format_number
from ui.l10n.text import Text
from ui.offline_guide.schedule import (
    HORIZON_KM,
    Cell,
    Column,
    ServicePlan,
    levels_with_services,
    service_plans,
)
from ui.offline_guide.search import name_keys
from ui.views.levels import from_level

OTHER_LEVEL = "other"


def section(t: Text) -> h.Node:
    """Return the section."""
    plans, plan_indexes = service_plans()
    return h.fragment[
        h.div(".tiles", role="group", aria_label=t("service.car"))[(_tile(t, car) for car in cars())],
        h.div(".inputs.no-search")[
            _levels(t, levels_with_services(plans)),
            _gearboxes(t, plan_indexes),
            h.label(".field")[
                h.span[t("service.odometer")],
                h.input(
                    type="text",
                    inputmode="numeric",
                    autocomplete="off",
                    enterkeyhint="done",
                    class_="odometer",
                    placeholder=format_number(29_000, t.language),
                ),
            ],
            h.p(".field-note", aria_live="polite"),
        ],
        h.div(".due.no-search", aria_live="polite"),
        h.div(".tables.no-search")[
            (_table(t, plan, f"{plan.table}-{index}") for index, plan in enumerate(plans))
        ],
    ]


def _tile(t: Text, car: str) -> h.Element:
    row = cars()[car]
    name, code = t.name_of("car", car), t.name_of("engine", row.engine)
    search_keys = name_keys("car", car, other_words=(code, row.vehicle))
    return h.button(".tile", type="button", data_car=car, data_search=search_keys, aria_pressed="false")[
        h.b[name], h.span(dir="ltr")[code]
    ]


def _levels(t: Text, levels: list[Level]) -> h.Element:
    """Return the choice of a level; levels without services are one choice."""
    choices = {"": t("service.any_level")}
    for level in levels:
        choices[level] = t.name_of("level_short" if t.has_name("level_short", level) else "level", level)
    choices[OTHER_LEVEL] = t("offline.other_level")
    return h.div(".field")[
        h.span(id=f"level-{t.language}")[t("service.level")],
        h.div(".segments", role="group", aria_labelledby=f"level-{t.language}")[
            (
                h.button(type="button", data_level=level, aria_pressed="false")[name]
                for level, name in choices.items()
            )
        ],
    ]


def _gearboxes(t: Text, plan_indexes: Mapping[str, Mapping[str, int]]) -> Iterator[h.Element]:
    for car, by_gearbox in plan_indexes.items():
        if len(by_gearbox) > 1:
            yield h.div(".field", hidden=True, data_gearboxes=car)[
                h.span(id=f"gearbox-{car}-{t.language}")[t("service.gearbox")],
                h.div(".segments", role="group", aria_labelledby=f"gearbox-{car}-{t.language}")[
                    (
                        h.button(type="button", data_gearbox=gearbox, aria_pressed="false")[
                            t.name_of("gearbox", gearbox)
                        ]
                        for gearbox in by_gearbox
                    )
                ],
            ]


# ---------------------------------------------------------------------------------------------- the table
def _table(t: Text, plan: ServicePlan, name: str) -> h.Element:
    heading = t("service.whole", table=t.name_of("table_name", plan.table))
    owner_pays_all = all(
        set(cell.cover.verdicts) == {"o"} for column in plan.columns for cell in column.cells.values()
    )
    note_clauses = {
        item: cell.clause
        for column in plan.columns
        for item, cell in column.cells.items()
        if cell.mark is None
    }
    return h.article(".plan", data_plan=name, data_gearbox=plan.gearbox)[
        h.h2[heading, _gearbox_label(t, plan), " ", clause_badge(t, plan.clause)],
        h.p(".paragraph")[t.name_of("item_reason", "owner_pays")] if owner_pays_all else None,
        h.div(".scroll-container", tabindex="0", role="region", aria_label=heading)[
            h.table(".schedule-table")[
                h.thead[
                    h.tr[
                        h.th(scope="col")[t("service.whole_head")],
                        (_head(t, column) for column in plan.columns),
                    ]
                ],
                h.tbody[
                    (
                        h.tr(data_item=item)[
                            h.th(scope="row")[t.name_of("service_item", item)],
                            (_cell(t, column.cells.get(item)) for column in plan.columns),
                        ]
                        for item in plan.items
                    )
                ],
            ]
        ],
        None if owner_pays_all else _legend(t),
        h.ul(".bullets")[
            h.li[t("offline.windows", **_window(t, plan)), " ", clause_badge(t, plan.window_clause)],
            (
                h.li[
                    t.name_of("service_item", item), ": ", t("service.by_note"), " ", clause_badge(t, clause)
                ]
                for item, clause in note_clauses.items()
            ),
            (
                h.li(class_=notice.severity)[
                    notice_text(t, notice),
                    " ",
                    clause_badge(t, notice.clause),
                ]
                for notice in plan.notices
            ),
        ],
        h.p(".edition")[title(clauses()[plan.clause].document, plan.edition)[t.language]],
    ]


def _gearbox_label(t: Text, plan: ServicePlan) -> h.Node:
    """Return the gearbox, if another gearbox has another plan of the same table."""
    variants = [other for other in service_plans()[0] if other.table == plan.table]
    return h.small[" ", t.name_of("gearbox", plan.gearbox)] if len(variants) > 1 else None


def _window(t: Text, plan: ServicePlan) -> dict[str, str]:
    """Return the window's km before and after a service, taken from the last column."""
    last = plan.columns[-1]
    before, after = last.km - last.window_from_km, last.window_to_km - last.km
    return {"before": format_number(before, t.language), "after": format_number(after, t.language)}


def _head(t: Text, column: Column) -> h.Element:
    return h.th(
        scope="col",
        data_km=str(column.km),
        data_from=str(column.window_from_km),
        data_to=str(column.window_to_km),
        data_printed="yes" if column.printed else "no",
    )[format_number(Decimal(column.km) / 1000, t.language)]


def _cell(t: Text, cell: Cell | None) -> h.Element:
    if cell is None:
        return h.td
    other_reading = cell.literal if cell.literal != cell.cover else None
    mark = "✓" if cell.check else "★" * (cell.stars or 0) or t("service.noted")
    return h.td(
        data_mark=cell.mark or "note",
        data_cover=cell.cover.verdicts,
        data_needs=cell.cover.needs or "",
        data_other=other_reading.verdicts if other_reading else None,
        data_other_needs=(other_reading.needs or "") if other_reading else None,
    )[_lowest_level(t, cell), h.small[mark]]


def _lowest_level(t: Text, cell: Cell) -> h.Node:
    """Return the stars of the lowest level in which the item is free."""
    needs, booklet = cell.cover.needs, card_tables()
    if needs is None or booklet is None:
        return None
    stars = format_number(booklet.levels[needs].stars, t.language)
    return h.b[stars if needs is Level.FOUR_STAR else t("offline.from_stars", stars=stars)]


def _legend(t: Text) -> h.Element:
    return h.p(".legend")[
        h.span[h.i(".legend-swatch.covered"), t("service.legend_yes")],
        h.span[h.i(".legend-swatch.not-covered"), t("service.yours")],
        h.span[t("offline.legend_number")],
    ]


def script_texts(t: Text) -> dict[str, object]:
    """Return the texts of the script; it fills in what depends on the reader's input."""
    service_keys = (
        "due_now", "due_next", "no_more", "no_more_line", "open", "not_yet", "left", "to_window", "window",
        "previous", "next", "items", "free", "yours", "lost_line", "reading_item", "reading_line",
        "enter_odometer",
    )  # fmt: skip
    guide_keys = ("unreadable", "understood", "choose_car", "beyond", "found", "nothing_found")
    return {
        **{name: t(f"service.{name}") for name in service_keys},
        **{name: t(f"offline.{name}") for name in guide_keys},
        "km": t("word.km"),
        "and": t("word.and"),
        "owner": t.name_of("item_reason", "owner_pays"),
        "reasons": {
            "a": t.name_of("item_reason", "above_level_ceiling"),
            "n": t.name_of("item_reason", "level_has_no_services"),
        },
        "needs": {level: from_level(t, level) for level in Level},
        "other_reading": t("answer.other_reading"),
        "reading": t.name_of("reading", "A-6"),
        "title": t("offline.title"),
        "digits": "".join(format_number(digit, t.language) for digit in range(10)),
        "group": format_number(1000, t.language)[1],
    }


def lookup_data() -> dict[str, object]:
    """Return the script's look-up data: tile → gearbox → table, and the ranges of each table."""
    plans, plan_indexes = service_plans()
    tables = {}
    for index, plan in enumerate(plans):
        last = plan.ranges[-1]
        endless = last.current is not None or last.next is not None
        tables[f"{plan.table}-{index}"] = {
            "until": HORIZON_KM if endless else None,
            "ranges": [
                [range_.from_km, range_.previous, range_.current, range_.next] for range_ in plan.ranges
            ],
        }
    cars = {
        car: {gearbox: f"{plans[index].table}-{index}" for gearbox, index in by_gearbox.items()}
        for car, by_gearbox in plan_indexes.items()
    }
    return {"tables": tables, "cars": cars, "offered": levels_with_services(plans)}
