"""The guarantee's answer card: what is left as two bars, the first service, the law's minimum beside it."""

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


def lengths(page: Page, months: Sequence[str]) -> dict[str, str]:
    """The names of a list of lengths in months; the first stands for an unknown one."""
    t = page.t
    said = {each: t("unit.month", value=format_number(int(each), t.language)) for each in months[1:]}
    return {months[0]: t("warranty.unknown"), **said}


def render(page: Page, asked: WarrantyStatusRequest, found: Answer[WarrantyStatusResult]) -> None:
    """The status with its bars, the working, the first service and the law's minimum."""
    t, result = page.t, found.result
    status = t.name_of("warranty_word", result.status)
    line = t("warranty.out", scope=t.name_of("warranty_word", result.scope)) if result.scope != "none" else ""
    answer_card.headline(page, t("warranty.status"), status, line=line, detail=_bars(page, asked, result))
    answer_card.mobile_summary(page, t("warranty.status"), status)
    answer_card.alternatives(
        page, found.alternatives, lambda other: rule_answer.summarise_alternative(page, other)
    )
    answer_card.steps(page, found)
    _first_service(page, asked)
    if not any(notice.key == "period_from_the_law" for notice in found.notices):
        _minimum(page, asked, result)
    answer_card.notices(page, found.notices)
    answer_card.action_bar(page, found)
    answer_card.edition(page, asked.maker, result.edition)


def _bars(page: Page, asked: WarrantyStatusRequest, result: WarrantyStatusResult) -> h.Node:
    """Time and km: how much of each is left, from the start edge; a bar for each limit that there is."""
    t = page.t
    bars = []
    if result.ends_on is not None and result.days_left is not None:
        whole = max(1, (result.ends_on - asked.started_on).days)
        left = t("unit.day", value=format_number(result.days_left, t.language))
        bars.append(
            _bar(page, "time", left, result.days_left * HUNDRED_PERCENT // whole, _day(page, result.ends_on))
        )
    if result.limit_km is not None and result.km_left is not None:
        left = t("unit.km", value=format_number(result.km_left, t.language))
        end = t("unit.km", value=format_number(result.limit_km, t.language))
        bars.append(
            _bar(page, "distance", left, result.km_left * HUNDRED_PERCENT // max(1, result.limit_km), end)
        )
    return h.div(".kh-left")[bars] if bars else None


def _bar(page: Page, kind: str, left: str, percent: int, end: str) -> h.Element:
    t = page.t
    return h.div[
        h.p[h.span[t(f"warranty.{kind}_left")], " ", h.b[left]],
        h.div(".kh-bar", aria_hidden="true")[h.i(".company", style=f"flex:0 0 {percent}%"), h.i(".gone")],
        h.small[t(f"warranty.{kind}_end", end=end)],
    ]


def _day(page: Page, day: date) -> str:
    return format_jalali(day, page.t.language)


def _first_service(page: Page, asked: WarrantyStatusRequest) -> None:
    """The window of the first service, and whether the one that is told lay in it."""
    t, row = page.t, maker_tables(asked.maker).first_service
    closes = first_service_deadline(asked.maker, asked.started_on)
    first, last = (format_number(km, t.language) for km in (row.opens_km, row.closes_km))
    answer_card.subheading(t("warranty.first_service"))
    window = t("warranty.window", first=first, last=last, day=_day(page, closes))
    show_html(h.p(".kh-line")[window, " ", clause_badge(t, row.clause)])
    if asked.first_service_on is None or asked.first_service_km is None:
        return
    done = first_service(
        FirstServiceRequest(
            maker=asked.maker,
            started_on=asked.started_on,
            on=asked.first_service_on,
            odometer_km=asked.first_service_km,
        )
    )
    why = (
        t("warranty.in_window")
        if done.result.valid
        else rule_answer.refusal_text(page, done.result.reason or "")
    )
    answer_card.paragraph(why)
    answer_card.alternatives(
        page, done.alternatives, lambda other: rule_answer.summarise_alternative(page, other)
    )
    answer_card.steps(page, done, name="first")


def _minimum(page: Page, asked: WarrantyStatusRequest, result: WarrantyStatusResult) -> None:
    """What the law asks for at least on the first day, where the booklet prints a period of its own."""
    if result.limit_months is None:
        return
    t = page.t
    least = minimum_warranty(
        MinimumWarrantyRequest(
            vehicle_class=LIGHT_VEHICLE_CLASS,
            months=result.limit_months,
            km=result.limit_km,
            on=asked.started_on,
        )
    )
    answer_card.subheading(t("warranty.law"))
    if least.result.required_months is None:
        answer_card.paragraph(rule_answer.refusal_text(page, least.result.reason or ""))
        return
    months = t("unit.month", value=format_number(least.result.required_months, t.language))
    if least.result.required_km is not None:
        km = t("unit.km", value=format_number(least.result.required_km, t.language))
        months = t("warranty.months_or_km", months=months, km=km)
    verdict = t("warranty.law_met" if least.result.meets else "warranty.law_not_met")
    show_html(
        h.p(".kh-line")[
            t("warranty.law_least", least=months), " ", verdict, " ", clause_badge(t, least.steps[0].clause)
        ]
    )
    answer_card.alternatives(
        page, least.alternatives, lambda other: rule_answer.summarise_alternative(page, other)
    )
    answer_card.steps(page, least, name="law")
