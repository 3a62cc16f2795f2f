"""Rendering of the warranty status: the time and distance left, the first service, the legal minimum."""

from collections.abc import Sequence
from datetime import date

import htpy as h

from logic.consumer_law.minimum_warranty import LIGHT_VEHICLE_CLASS, MinimumWarrantyRequest, minimum_warranty
from logic.core.answer import Answer
from logic.core.rounding import HUNDRED_PERCENT
from logic.warranty.first_service import FirstServiceRequest, first_service, first_service_deadline
from logic.warranty.tables import maker_tables
from logic.warranty.warranty_status import WarrantyStatusRequest, WarrantyStatusResult
from ui.answer import answer_card, rule_answer
from ui.answer.answer_card import clause_badge
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_jalali, format_number


def length_names(page: Page, months: Sequence[str]) -> dict[str, str]:
    """Return the names of durations in months; the first item means "unknown"."""
    t = page.t
    names = {length: t("unit.month", value=format_number(int(length), t.language)) for length in months[1:]}
    return {months[0]: t("warranty.unknown"), **names}


def render(page: Page, request: WarrantyStatusRequest, answer: Answer[WarrantyStatusResult]) -> None:
    """Render the status with its bars, the steps, the first service and the legal minimum."""
    t, result = page.t, answer.result
    status = t.name_of("warranty_word", result.status)
    line = t("warranty.out", scope=t.name_of("warranty_word", result.scope)) if result.scope != "none" else ""
    answer_card.headline(page, t("warranty.status"), status, line=line, detail=_bars(page, request, result))
    answer_card.mobile_summary(page, t("warranty.status"), status)
    answer_card.alternatives(
        page, answer.alternatives, lambda other: rule_answer.summarise_alternative(page, other)
    )
    answer_card.steps(page, answer)
    _first_service(page, request)
    if not any(notice.key == "period_from_the_law" for notice in answer.notices):
        _minimum(page, request, result)
    answer_card.notices(page, answer.notices)
    answer_card.action_bar(page, answer)
    answer_card.edition(page, request.maker, result.edition)


def _bars(page: Page, request: WarrantyStatusRequest, result: WarrantyStatusResult) -> h.Node:
    """Return a bar for each limit of the warranty: the share of time and of distance that is left."""
    t = page.t
    bars = []
    if result.ends_on is not None and result.days_left is not None:
        total_days = max(1, (result.ends_on - request.started_on).days)
        left = t("unit.day", value=format_number(result.days_left, t.language))
        bars.append(
            _bar(
                page,
                "time",
                left,
                result.days_left * HUNDRED_PERCENT // total_days,
                _day(page, result.ends_on),
            )
        )
    if result.limit_km is not None and result.km_left is not None:
        left = t("unit.km", value=format_number(result.km_left, t.language))
        end = t("unit.km", value=format_number(result.limit_km, t.language))
        bars.append(
            _bar(page, "distance", left, result.km_left * HUNDRED_PERCENT // max(1, result.limit_km), end)
        )
    return h.div(".kh-remaining")[bars] if bars else None


def _bar(page: Page, kind: str, left: str, percent: int, end: str) -> h.Element:
    t = page.t
    return h.div[
        h.p[h.span[t(f"warranty.{kind}_left")], " ", h.b[left]],
        h.div(".kh-stacked-bar", aria_hidden="true")[
            h.i(".company", style=f"flex:0 0 {percent}%"), h.i(".elapsed")
        ],
        h.small[t(f"warranty.{kind}_end", end=end)],
    ]


def _day(page: Page, day: date) -> str:
    return format_jalali(day, page.t.language)


def _first_service(page: Page, request: WarrantyStatusRequest) -> None:
    """Render the window of the first service, and whether the entered service was inside it."""
    t, row = page.t, maker_tables(request.maker).first_service
    closes = first_service_deadline(request.maker, request.started_on)
    first, last = (format_number(km, t.language) for km in (row.opens_km, row.closes_km))
    answer_card.subheading(t("warranty.first_service"))
    window = t("warranty.window", first=first, last=last, day=_day(page, closes))
    show_html(h.p(".kh-paragraph")[window, " ", clause_badge(t, row.clause)])
    if request.first_service_on is None or request.first_service_km is None:
        return
    answer = first_service(
        FirstServiceRequest(
            maker=request.maker,
            started_on=request.started_on,
            on=request.first_service_on,
            odometer_km=request.first_service_km,
        )
    )
    verdict = (
        t("warranty.in_window")
        if answer.result.valid
        else rule_answer.refusal_text(page, answer.result.reason or "")
    )
    answer_card.paragraph(verdict)
    answer_card.alternatives(
        page, answer.alternatives, lambda other: rule_answer.summarise_alternative(page, other)
    )
    answer_card.steps(page, answer, name="first")


def _minimum(page: Page, request: WarrantyStatusRequest, result: WarrantyStatusResult) -> None:
    """Render the legal minimum on the first day; nothing where the warranty has no period."""
    if result.limit_months is None:
        return
    t = page.t
    answer = minimum_warranty(
        MinimumWarrantyRequest(
            vehicle_class=LIGHT_VEHICLE_CLASS,
            months=result.limit_months,
            km=result.limit_km,
            on=request.started_on,
        )
    )
    answer_card.subheading(t("warranty.law"))
    if answer.result.required_months is None:
        answer_card.paragraph(rule_answer.refusal_text(page, answer.result.reason or ""))
        return
    minimum = t("unit.month", value=format_number(answer.result.required_months, t.language))
    if answer.result.required_km is not None:
        km = t("unit.km", value=format_number(answer.result.required_km, t.language))
        minimum = t("warranty.months_or_km", months=minimum, km=km)
    verdict = t("warranty.law_met" if answer.result.meets else "warranty.law_not_met")
    show_html(
        h.p(".kh-paragraph")[
            t("warranty.law_least", least=minimum), " ", verdict, " ", clause_badge(t, answer.steps[0].clause)
        ]
    )
    answer_card.alternatives(
        page, answer.alternatives, lambda other: rule_answer.summarise_alternative(page, other)
    )
    answer_card.steps(page, answer, name="law")
