"""Rendering of the subscription page: refund, renewal, validity, late claim and reactivation."""

from logic.card.cancellation_refund import CancellationRefundRequest, cancellation_refund, refund_by_day
from logic.card.instalment_reactivation import InstalmentReactivationRequest, instalment_reactivation
from logic.card.late_claim import LateClaimRequest, late_claim
from logic.card.renewal import RenewalRequest, renewal
from logic.card.subscription_validity import SubscriptionValidityRequest, subscription_validity
from logic.core.models import Request
from ui.answer import answer_card, charts, rule_answer
from ui.frame.navigation import LEVELS
from ui.frame.page import Page
from ui.l10n.numbers import format_jalali


def render(page: Page, request: Request) -> None:
    """Render the answer to a request, by its type."""
    t = page.t
    match request:
        case CancellationRefundRequest():
            _cancel(page, request)
        case RenewalRequest():
            _renew(page, request)
        case SubscriptionValidityRequest():
            validity_answer = subscription_validity(request)
            label, line = t("subscription.last"), t("subscription.until_midnight")
            rule_answer.render(page, validity_answer, "emdad", label=label, name="last_day", line=line)
        case LateClaimRequest():
            claim_answer = late_claim(request)
            deadline = claim_answer.result.deadline
            line = t("subscription.deadline", day=format_jalali(deadline, t.language)) if deadline else ""
            label = t("subscription.accepted")
            rule_answer.render(page, claim_answer, "emdad", label=label, name="accepted", line=line)
        case InstalmentReactivationRequest():
            instalment_answer, label = instalment_reactivation(request), t("subscription.reactivated")
            rule_answer.render(page, instalment_answer, "emdad", label=label, name="reactivated")


def _cancel(page: Page, request: CancellationRefundRequest) -> None:
    """Render the refund, with a chart of the refund by day of cancellation."""
    t, answer = page.t, cancellation_refund(request)
    rule_answer.render_headline(page, answer, label=t("subscription.refund"), name="refund_rial")
    if answer.result.refund_rial is not None:
        charts.refund_by_day(page, refund_by_day(request), request.days)
    rule_answer.render_details(page, answer, "emdad")


def _renew(page: Page, request: RenewalRequest) -> None:
    """Render the renewal price, the start of the new card, and whether an inspection is required."""
    t, answer = page.t, renewal(request)
    result, lines = answer.result, []
    if result.active_from_end_of:
        day = format_jalali(result.active_from_end_of, t.language)
        lines.append(t("subscription.active_from", day=day))
    if result.inspection_required is not None:
        inspection = "inspection" if result.inspection_required else "no_inspection"
        lines.append(t(f"subscription.{inspection}"))
    line = t("word.and").join(lines)
    rule_answer.render(page, answer, "emdad", label=t("subscription.renewal"), name="fee_rial", line=line)


def render_working_use_link(page: Page) -> None:
    """Render the link to the levels page, which answers what working use makes of a card."""
    t = page.t
    answer_card.heading(t("subscription.working"), t("subscription.working_line"))
    answer_card.page_link(page, LEVELS, t("home.eligibility"), use="taxi")
