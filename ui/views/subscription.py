"""The subscription page's answers: the refund over the year, the renewed card's first hour, last days."""

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


def render(page: Page, asked: Request) -> None:
    """The answer of the task whose question was asked."""
    t = page.t
    match asked:
        case CancellationRefundRequest():
            _cancel(page, asked)
        case RenewalRequest():
            _renew(page, asked)
        case SubscriptionValidityRequest():
            valid = subscription_validity(asked)
            label, line = t("subscription.last"), t("subscription.until_midnight")
            rule_answer.render(page, valid, "emdad", label=label, name="last_day", line=line)
        case LateClaimRequest():
            late = late_claim(asked)
            line = ""
            if late.result.deadline:
                line = t("subscription.deadline", day=format_jalali(late.result.deadline, t.language))
            rule_answer.render(
                page, late, "emdad", label=t("subscription.accepted"), name="accepted", line=line
            )
        case InstalmentReactivationRequest():
            active = instalment_reactivation(asked)
            rule_answer.render(page, active, "emdad", label=t("subscription.reactivated"), name="reactivated")


def _cancel(page: Page, asked: CancellationRefundRequest) -> None:
    """The refund, and how it shrinks from day to day."""
    t, found = page.t, cancellation_refund(asked)
    rule_answer.render_headline(page, found, label=t("subscription.refund"), name="refund_rial")
    if found.result.refund_rial is not None:
        charts.refund_by_day(page, refund_by_day(asked), asked.days)
    rule_answer.render_details(page, found, "emdad")


def _renew(page: Page, asked: RenewalRequest) -> None:
    """The price, from when the new card holds, and whether the car is inspected first."""
    t, found = page.t, renewal(asked)
    result, lines = found.result, []
    if result.active_from_end_of:
        day = format_jalali(result.active_from_end_of, t.language)
        lines.append(t("subscription.active_from", day=day))
    if result.inspection_required is not None:
        said = "inspection" if result.inspection_required else "no_inspection"
        lines.append(t(f"subscription.{said}"))
    line = t("word.and").join(lines)
    rule_answer.render(page, found, "emdad", label=t("subscription.renewal"), name="fee_rial", line=line)


def working_use(page: Page) -> None:
    """What working use makes of a card is worked out beside the levels."""
    t = page.t
    answer_card.heading(t("subscription.working"), t("subscription.working_line"))
    answer_card.page_link(page, LEVELS, t("home.eligibility"), use="taxi")
