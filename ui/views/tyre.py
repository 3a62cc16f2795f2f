"""Rendering of the tyre page: the maker's refund with a chart by tread depth, and the card's cover."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from logic.card.card_tyre import CardTyreRequest, CardTyreResult, card_tyre
from logic.core.answer import Answer
from logic.tyre.tyre_refund import (
    TyreRefundRequest,
    TyreRefundResult,
    band_edges,
    documents_for,
    payment_curve,
    tyre_refund,
)
from ui.answer import answer_card, charts, rule_answer
from ui.frame.page import Page
from ui.l10n.numbers import format_jalali, format_number, format_percent


def render(page: Page, request: TyreRefundRequest | CardTyreRequest) -> None:
    """Render the answer of the tyre's maker, or of the card."""
    if isinstance(request, CardTyreRequest):
        _render_card(page, card_tyre(request))
    else:
        _render_refund(page, request, tyre_refund(request))


def _render_refund(page: Page, request: TyreRefundRequest, answer: Answer[TyreRefundResult]) -> None:
    """Render what the maker refunds, with the payment by tread depth."""
    t = page.t
    render_headline(page, answer)
    answer_card.alternatives(page, answer.alternatives, lambda other: summarise_alternative(page, other))
    if answer.result.last_day:
        answer_card.paragraph(
            t("tyre.last_day", day=format_jalali(answer.result.last_day, t.language, long=True))
        )
    answer_card.steps(page, answer)
    render_chart(page, request, answer.result)
    answer_card.documents(page, documents_for(request.person), "")
    answer_card.notices(page, answer.notices)
    answer_card.action_bar(page, answer)
    answer_card.edition(page, "iran_tire", answer.result.edition)


def _render_card(page: Page, answer: Answer[CardTyreResult]) -> None:
    """Render what the customer pays for a damaged tyre under the card, and the new-tyre benefit."""
    t, result = page.t, answer.result
    if result.covered:
        pays, company = result.subscriber_pays_rial, result.company_pays_rial
        wear = t("tyre.card_line", wear=format_percent(result.wear_percent, t.language))
        label, line = t("tyre.you_pay"), t("word.and").join([answer_card.toman(page, pays), wear])
        answer_card.money_headline(page, label, pays, company, line=line, other_name=t("word.company"))
        answer_card.mobile_summary(
            page, t("tyre.peek"), rule_answer.format_field(page, "subscriber_pays_rial", pays)
        )
    else:
        clause = answer.steps[-1].clause
        answer_card.refusal(
            page, t("tyre.not_covered"), rule_answer.refusal_text(page, result.reason or ""), clause
        )
        answer_card.mobile_summary(page, t("tyre.peek"), t("tyre.not_covered"))
    if result.replacement_benefit:
        answer_card.paragraph(t("tyre.benefit"))
    rule_answer.render_details(page, answer, "emdad")


def render_headline(page: Page, answer: Answer[TyreRefundResult]) -> None:
    """Render the amount to pay, "free", or the refusal."""
    t, result = page.t, answer.result
    wear = format_percent(result.wear_percent, t.language)
    pays, credit = result.customer_pays_rial, result.credit_rial
    if pays is None or credit is None:
        reason = result.reason or ""
        why = (
            t("tyre_reason.cause", cause=t.name_of("cause", reason))
            if t.has_name("cause", reason)
            else t.name_of("tyre_reason", reason)
        )
        refusing = next(
            step
            for step in reversed(answer.steps)
            if step.value is False or step.key in ("under_years", "band_refused")
        )
        answer_card.refusal(page, t("tyre.refused"), why, refusing.clause, t("tyre.wear", wear=wear))
        answer_card.mobile_summary(page, t("tyre.peek"), t("tyre.refused"))
    elif pays == 0:
        answer_card.headline(
            page, t("tyre.you_pay"), t("tyre.free"), line=t("tyre.line_free", wear=wear), share=0
        )
        answer_card.mobile_summary(page, t("tyre.peek"), t("tyre.free"))
    else:
        line = t("tyre.line", toman=answer_card.toman(page, pays), wear=wear)
        answer_card.money_headline(
            page, t("tyre.you_pay"), pays, credit, line=line, other_name=t("tyre.old_tyre")
        )
        answer_card.mobile_summary(
            page, t("tyre.peek"), f"{format_number(pays, t.language)} {t('word.rial')}"
        )


def summarise_alternative(page: Page, other: Mapping[str, Any]) -> str:
    """Return the result of another reading as a short text."""
    t = page.t
    if other.get("eligible") is False:
        return t("tyre.refused")
    pays = other.get("customer_pays_rial", 0)
    return t("tyre.reading_pays", rial=format_number(pays, t.language)) if pays else t("tyre.free")


def render_chart(page: Page, request: TyreRefundRequest, result: TyreRefundResult) -> None:
    """Render the chart of the payment by tread depth, with this tyre marked."""
    t, lang = page.t, page.t.language
    free_from, refused_from = (format_number(edge, lang) for edge in band_edges(request))
    pays = result.customer_pays_rial
    description = t(
        "tyre.chart_alt",
        depth=format_number(request.remaining_depth_mm, lang),
        pays=t("tyre.refused") if pays is None else t("tyre.reading_pays", rial=format_number(pays, lang)),
        free=free_from,
        refused=refused_from,
    )
    this_tyre: tuple[Decimal, int] | None = None if pays is None else (request.remaining_depth_mm, pays)
    charts.tyre_payment(
        page, payment_curve(request), this_tyre, price=request.new_price_rial, alternative=description
    )
