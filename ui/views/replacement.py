"""The questions of the replacement page: total loss, theft, and a stolen car that was found again."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import htpy as h

from logic.card.recovered_vehicle import RecoveredVehicleRequest, recovered_vehicle
from logic.card.tables import card_tables
from logic.card.total_theft import TotalTheftRequest, TotalTheftResult, total_theft
from logic.card.vehicle_replacement import VehicleReplacementRequest, vehicle_replacement
from logic.core.answer import Answer, Step
from logic.core.models import Request
from logic.core.rounding import HUNDRED_PERCENT
from ui.answer import answer_card, rule_answer
from ui.answer.answer_card import clause_badge
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_jalali, format_number, format_percent

LONGEST = 125
"""Percent of the value at which the bar ends."""


def render(page: Page, asked: Request) -> None:
    """Return the answer to the question that was asked."""
    t = page.t
    match asked:
        case VehicleReplacementRequest():
            lost = vehicle_replacement(asked)
            result = lost.result
            line = ""
            if result.remit_to_company_rial:
                line = t("replacement.remit", rial=format_number(result.remit_to_company_rial, t.language))
            rule_answer.render_headline(
                page, lost, label=t("replacement.new_car"), name="customer_pays_rial", line=line
            )
            _limit(page, asked.damage_rial, asked.value_before_rial, lost.steps)
            if result.allowed:
                answer_card.paragraph(t("replacement.total" if result.total_loss else "replacement.by_wish"))
            rule_answer.render_details(page, lost, "emdad", required_documents=result.documents)
        case TotalTheftRequest():
            stolen = total_theft(asked)
            rule_answer.render_headline(
                page, stolen, label=t("replacement.new_car"), name="customer_pays_rial"
            )
            _timeline(page, asked, stolen)
            rule_answer.render_details(page, stolen, "emdad", required_documents=stolen.result.documents)
        case RecoveredVehicleRequest():
            mended = recovered_vehicle(asked)
            rule_answer.render_headline(
                page, mended, label=t("replacement.repair"), name="subscriber_pays_rial"
            )
            _limit(page, asked.repair_cost_rial, asked.value_before_rial, mended.steps)
            rule_answer.render_details(page, mended, "emdad")


def _limit(page: Page, damage: int, value: int, steps: tuple[Step, ...]) -> None:
    """The damage as a part of the value, and the line at which a car counts as lost."""
    t = page.t
    step = next((each for each in steps if each.key in ("total_loss", "below_limit")), None)
    if step is None:  # no edition answers
        return
    line, edge = step.inputs["percent"], step.inputs["edge_rial"]
    if not isinstance(line, Decimal) or not isinstance(edge, int):
        raise TypeError(step)
    part = Decimal(damage * HUNDRED_PERCENT) / value
    side = "at" if damage == edge else "above" if damage > edge else "below"
    said = t(
        f"replacement.{side}_the_line",
        part=format_percent(_shown(part), t.language),
        line=format_percent(line, t.language),
        edge=format_number(edge, t.language),
    )
    scale = Decimal(HUNDRED_PERCENT) / LONGEST
    show_html(
        h.div(".kh-limit")[
            h.div(".track", aria_hidden="true")[
                h.i(class_=side, style=f"width:{min(part, LONGEST) * scale:.2f}%"),
                h.b(style=f"inset-inline-start:{line * scale:.2f}%")[format_percent(line, t.language)],
            ],
            h.p(".kh-line")[said, " ", clause_badge(t, step.clause)],
        ]
    )


def _shown(part: Decimal) -> Decimal:
    """A percentage to one place, without an empty one."""
    tenths = part.quantize(Decimal("0.1"))
    whole = tenths.quantize(Decimal(1))
    return whole if tenths == whole else tenths


def _timeline(page: Page, asked: TotalTheftRequest, found: Answer[TotalTheftResult]) -> None:
    """What has to be done after a theft, and on which day."""
    t, citations = page.t, card_tables.nearest(asked.started_on).citations

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
            h.b[t(f"replacement.on_{key}", day=format_jalali(day, t.language, long=True))],
            h.span[t(f"replacement.do_{key}")],
            clause_badge(t, clause),
        ]
        for key, day, clause in stops()
    )
    answer_card.subheading(t("replacement.timeline"))
    show_html(h.ol(".kh-timeline")[lines])
