"""Rendering of the replacement page: total loss, theft, and a recovered car."""

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

BAR_END_PERCENT = 125
"""The percentage of the car's value at the end of the bar."""


def render(page: Page, request: Request) -> None:
    """Render the answer to a request, by its type."""
    t = page.t
    match request:
        case VehicleReplacementRequest():
            loss_answer = vehicle_replacement(request)
            result = loss_answer.result
            line = ""
            if result.remit_to_company_rial:
                line = t("replacement.remit", rial=format_number(result.remit_to_company_rial, t.language))
            rule_answer.render_headline(
                page, loss_answer, label=t("replacement.new_car"), name="customer_pays_rial", line=line
            )
            _limit(page, request.damage_rial, request.value_before_rial, loss_answer.steps)
            if result.allowed:
                answer_card.paragraph(t("replacement.total" if result.total_loss else "replacement.by_wish"))
            rule_answer.render_details(page, loss_answer, "emdad", required_documents=result.documents)
        case TotalTheftRequest():
            theft_answer = total_theft(request)
            rule_answer.render_headline(
                page, theft_answer, label=t("replacement.new_car"), name="customer_pays_rial"
            )
            _timeline(page, request, theft_answer)
            rule_answer.render_details(
                page, theft_answer, "emdad", required_documents=theft_answer.result.documents
            )
        case RecoveredVehicleRequest():
            recovery_answer = recovered_vehicle(request)
            rule_answer.render_headline(
                page, recovery_answer, label=t("replacement.repair"), name="subscriber_pays_rial"
            )
            _limit(page, request.repair_cost_rial, request.value_before_rial, recovery_answer.steps)
            rule_answer.render_details(page, recovery_answer, "emdad")


def _limit(page: Page, damage: int, value: int, steps: tuple[Step, ...]) -> None:
    """Render the damage as a percentage of the value, with the limit of a total loss."""
    t = page.t
    step = next((candidate for candidate in steps if candidate.key in ("total_loss", "below_limit")), None)
    if step is None:  # no edition is in force
        return
    limit_percent, limit_rial = step.inputs["percent"], step.inputs["edge_rial"]
    if not isinstance(limit_percent, Decimal) or not isinstance(limit_rial, int):
        raise TypeError(step)
    damage_percent = Decimal(damage * HUNDRED_PERCENT) / value
    side = "at" if damage == limit_rial else "above" if damage > limit_rial else "below"
    text = t(
        f"replacement.{side}_the_line",
        part=format_percent(_to_one_decimal(damage_percent), t.language),
        line=format_percent(limit_percent, t.language),
        edge=format_number(limit_rial, t.language),
    )
    scale = Decimal(HUNDRED_PERCENT) / BAR_END_PERCENT
    show_html(
        h.div(".kh-total-loss-bar")[
            h.div(".track", aria_hidden="true")[
                h.i(class_=side, style=f"width:{min(damage_percent, BAR_END_PERCENT) * scale:.2f}%"),
                h.b(style=f"inset-inline-start:{limit_percent * scale:.2f}%")[
                    format_percent(limit_percent, t.language)
                ],
            ],
            h.p(".kh-paragraph")[text, " ", clause_badge(t, step.clause)],
        ]
    )


def _to_one_decimal(percent: Decimal) -> Decimal:
    """Round a percentage to one decimal, without a trailing zero."""
    tenths = percent.quantize(Decimal("0.1"))
    rounded = tenths.quantize(Decimal(1))
    return rounded if tenths == rounded else tenths


def _timeline(page: Page, request: TotalTheftRequest, answer: Answer[TotalTheftResult]) -> None:
    """Render what to do after a theft, and on which day."""
    t, citations = page.t, card_tables.nearest(request.started_on).citations

    def events() -> Iterator[tuple[str, date, str]]:
        if request.stolen_on:
            yield "stolen", request.stolen_on, citations.theft_procedure
        if request.reported_on and request.reported_on != request.stolen_on:
            yield "reported", request.reported_on, citations.theft_report
        deadlines = {
            "theft_notice_after": answer.result.notice_after,
            "theft_letter_after": answer.result.letter_after,
        }
        for step in answer.steps:
            day = deadlines.get(step.key)
            if day:
                yield step.key, day, step.clause

    lines = (
        h.li[
            h.b[t(f"replacement.on_{key}", day=format_jalali(day, t.language, long=True))],
            h.span[t(f"replacement.do_{key}")],
            clause_badge(t, clause),
        ]
        for key, day, clause in events()
    )
    answer_card.subheading(t("replacement.timeline"))
    show_html(h.ol(".kh-timeline")[lines])
