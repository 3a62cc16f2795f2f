"""The questions of the replacement page: total loss, theft, and a stolen car that was found again."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import htpy as h

from logic.card.recovered_vehicle import RecoveredVehicleRequest, recovered_vehicle
from logic.card.tables import card
from logic.card.total_theft import TotalTheftRequest, TotalTheftResult, total_theft
from logic.card.vehicle_replacement import VehicleReplacementRequest, vehicle_replacement
from logic.core.answer import Answer, Step
from logic.core.models import Request
from ui.answer import answer_card, rule_answer
from ui.answer.answer_card import chip
from ui.frame.page import Page, show_html
from ui.l10n.numbers import jalali, number, percent

WHOLE = 100
LONGEST = 125
"""Percent of the value at which the bar ends."""


def show(page: Page, asked: Request) -> None:
    """Return the answer to the question that was asked."""
    t = page.t
    match asked:
        case VehicleReplacementRequest():
            lost = vehicle_replacement(asked)
            result = lost.result
            line = ""
            if result.remit_to_company_rial:
                line = t("replacement.remit", rial=number(result.remit_to_company_rial, t.language))
            rule_answer.head(page, lost, label=t("replacement.new_car"), name="customer_pays_rial", line=line)
            _limit(page, asked.damage_rial, asked.value_before_rial, lost.steps)
            if result.allowed:
                answer_card.line(t("replacement.total" if result.total_loss else "replacement.by_wish"))
            rule_answer.body(page, lost, "emdad", papers=result.documents)
        case TotalTheftRequest():
            stolen = total_theft(asked)
            rule_answer.head(page, stolen, label=t("replacement.new_car"), name="customer_pays_rial")
            _timeline(page, asked, stolen)
            rule_answer.body(page, stolen, "emdad", papers=stolen.result.documents)
        case RecoveredVehicleRequest():
            mended = recovered_vehicle(asked)
            rule_answer.head(page, mended, label=t("replacement.repair"), name="subscriber_pays_rial")
            _limit(page, asked.repair_cost_rial, asked.value_before_rial, mended.steps)
            rule_answer.body(page, mended, "emdad")


def _limit(page: Page, damage: int, value: int, steps: tuple[Step, ...]) -> None:
    """The damage as a part of the value, and the line at which a car counts as lost."""
    t = page.t
    step = next((each for each in steps if each.key in ("total_loss", "below_limit")), None)
    if step is None:  # no edition answers
        return
    line, edge = step.inputs["percent"], step.inputs["edge_rial"]
    if not isinstance(line, Decimal) or not isinstance(edge, int):
        raise TypeError(step)
    part = Decimal(damage * WHOLE) / value
    side = "at" if damage == edge else "above" if damage > edge else "below"
    said = t(
        f"replacement.{side}_the_line",
        part=percent(_shown(part), t.language),
        line=percent(line, t.language),
        edge=number(edge, t.language),
    )
    scale = Decimal(WHOLE) / LONGEST
    show_html(
        h.div(".kh-limit")[
            h.div(".track", aria_hidden="true")[
                h.i(class_=side, style=f"width:{min(part, LONGEST) * scale:.2f}%"),
                h.b(style=f"inset-inline-start:{line * scale:.2f}%")[percent(line, t.language)],
            ],
            h.p(".kh-line")[said, " ", chip(t, step.clause)],
        ]
    )


def _shown(part: Decimal) -> Decimal:
    """A percentage to one place, without an empty one."""
    tenths = part.quantize(Decimal("0.1"))
    whole = tenths.quantize(Decimal(1))
    return whole if tenths == whole else tenths


def _timeline(page: Page, asked: TotalTheftRequest, found: Answer[TotalTheftResult]) -> None:
    """What has to be done after a theft, and on which day."""
    t, citations = page.t, card.nearest(asked.started_on).citations

    def stops() -> Iterator[tuple[str, date, str]]:
        if asked.stolen_on:
            yield "stolen", asked.stolen_on, citations.theft_procedure
        if asked.reported_on and asked.reported_on != asked.stolen_on:
            yield "reported", asked.reported_on, citations.theft_report
        acts = {
            "theft_notice_after": found.result.notice_after,
            "theft_letter_after": found.result.letter_after,
        }
        for step in found.steps:
            day = acts.get(step.key)
            if day:
                yield step.key, day, step.clause

    lines = (
        h.li[
            h.b[t(f"replacement.on_{key}", day=jalali(day, t.language, long=True))],
            h.span[t(f"replacement.do_{key}")],
            chip(t, clause),
        ]
        for key, day, clause in stops()
    )
    answer_card.subheading(t("replacement.timeline"))
    show_html(h.ol(".kh-timeline")[lines])
