"""The tyre page's answer card: the amount, free or the refusal, and the payment over the depth."""

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


def _render_refund(page: Page, request: TyreRefundRequest, found: Answer[TyreRefundResult]) -> None:
    """Render what the maker refunds, with the payment by depth of tread."""
    t = page.t
    render_headline(page, found)
    answer_card.alternatives(page, found.alternatives, lambda other: summarise_alternative(page, other))
    if found.result.last_day:
        answer_card.paragraph(
            t("tyre.last_day", day=format_jalali(found.result.last_day, t.language, long=True))
        )
    answer_card.steps(page, found)
    chart(page, request, found.result)
    answer_card.documents(page, documents_for(request.person), "")
    answer_card.notices(page, found.notices)
    answer_card.action_bar(page, found)
    answer_card.edition(page, "iran_tire", found.result.edition)


def _render_card(page: Page, found: Answer[CardTyreResult]) -> None:
    """What the card leaves of a damaged tyre's price, and the benefit of new tyres."""
    t, result = page.t, found.result
    if result.covered:
        pays, company = result.subscriber_pays_rial, result.company_pays_rial
        wear = t("tyre.card_line", wear=format_percent(result.wear_percent, t.language))
        label, line = t("tyre.you_pay"), t("word.and").join([answer_card.toman(page, pays), wear])
        answer_card.money_headline(page, label, pays, company, line=line, other_name=t("word.company"))
        answer_card.mobile_summary(
            page, t("tyre.peek"), rule_answer.format_field(page, "subscriber_pays_rial", pays)
        )
    else:
        clause = found.steps[-1].clause
        answer_card.refusal(
            page, t("tyre.not_covered"), rule_answer.refusal_text(page, result.reason or ""), clause
        )
        answer_card.mobile_summary(page, t("tyre.peek"), t("tyre.not_covered"))
    if result.replacement_benefit:
        answer_card.paragraph(t("tyre.benefit"))
    rule_answer.render_details(page, found, "emdad")


def render_headline(page: Page, found: Answer[TyreRefundResult]) -> None:
    """The amount, free, or the refusal."""
    t, result = page.t, found.result
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
            for step in reversed(found.steps)
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
    """What another reading comes to."""
    t = page.t
    if other.get("eligible") is False:
        return t("tyre.refused")
    pays = other.get("customer_pays_rial", 0)
    return t("tyre.reading_pays", rial=format_number(pays, t.language)) if pays else t("tyre.free")


def chart(page: Page, request: TyreRefundRequest, result: TyreRefundResult) -> None:
    """The payment over the depth, with this tyre on it."""
    t, lang = page.t, page.t.language
    free, refused = (format_number(edge, lang) for edge in band_edges(request))
    pays = result.customer_pays_rial
    said = t(
        "tyre.chart_alt",
        depth=format_number(request.remaining_depth_mm, lang),
        pays=t("tyre.refused") if pays is None else t("tyre.reading_pays", rial=format_number(pays, lang)),
        free=free,
        refused=refused,
    )
    own: tuple[Decimal, int] | None = None if pays is None else (request.remaining_depth_mm, pays)
    charts.tyre_payment(page, payment_curve(request), own, price=request.new_price_rial, alternative=said)
