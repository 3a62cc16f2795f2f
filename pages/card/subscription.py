from logic.cancellation_refund import CancellationRefundRequest, cancellation_refund
from logic.late_claim import LateClaimRequest, late_claim
from logic.models import Request
from logic.renewal import Ground, RenewalRequest, renewal
from logic.subscription_validity import SubscriptionValidityRequest, subscription_validity
from ui import answer, fields, rule_view
from ui.dates import today
from ui.page import Page, open_page

TASKS = ("cancel", "renew", "validity", "late")
KINDS, CLAIMS = ("golden", "mobile"), ("documents", "service", "replacement")


def ask(page: Page, task: str) -> Request | fields.Missing:
    """The request of a task; what is missing, where something needed is."""
    t, empty = page.t, fields.Missing.EMPTY
    kind = fields.choice(page, "kind", KINDS, t.labels("card_kind", KINDS), look="segments", default="golden")
    if task == "cancel":
        fee, paid = fields.money(page, "fee", lo=1), fields.money(page, "paid")
        services, started = fields.money(page, "services"), fields.day(page, "started", past=True)
        used, order = fields.switch(page, "used"), fields.switch(page, "order")
        services = 0 if services is empty else services
        for why in (fields.Missing.UNREADABLE, empty):
            if why in (fee, paid, services):
                return why
        if started is None:
            return empty
        return fields.checked(
            page, CancellationRefundRequest, kind=kind, fee_rial=fee, paid_rial=paid, started_on=started,
            on=today(), periodic_services_rial=services, used_services=used, open_work_order=order,
        )  # fmt: skip
    if task == "renew":
        rate = fields.money(page, "rate", lo=1)
        expires, legal = fields.day(page, "expires"), fields.switch(page, "legal")
        grounds = fields.choices(page, "grounds", [*Ground], t.labels("ground", Ground))
        if isinstance(rate, fields.Missing) or expires is None:
            return rate if isinstance(rate, fields.Missing) else empty
        return fields.checked(
            page, RenewalRequest, kind=kind, rate_rial=rate, expires_on=expires, renewed_on=today(),
            legal_entity=legal, grounds=grounds,
        )  # fmt: skip
    if task == "validity":
        started, factory = fields.day(page, "started", past=True), fields.switch(page, "factory")
        if started is None:
            return empty
        return fields.checked(
            page, SubscriptionValidityRequest, kind=kind, started_on=started, factory_enrolled=factory
        )
    claim = fields.choice(
        page, "claim", CLAIMS, t.labels("claim", CLAIMS), look="segments", default="documents"
    )
    expires, file = fields.day(page, "expires", past=True), fields.switch(page, "file")
    if expires is None:
        return empty
    return fields.checked(
        page, LateClaimRequest, kind=claim, expired_on=expires, on=today(), file_opened_in_time=file,
        evidence=file,
    )  # fmt: skip


with open_page("subscription") as page, page.halves() as (inputs, result):
    t = page.t
    with inputs:
        task = fields.choice(page, "task", TASKS, t.labels("task", TASKS), look="pills", default="cancel")
        asked = ask(page, task)
    with result:
        match asked:
            case CancellationRefundRequest():
                found, label, name = cancellation_refund(asked), t("subscription.refund"), "refund_rial"
                rule_view.show(page, found, "emdad", label=label, name=name)
            case RenewalRequest():
                renewed, label = renewal(asked), t("subscription.renewal")
                rule_view.show(page, renewed, "emdad", label=label, name="fee_rial")
            case SubscriptionValidityRequest():
                valid, label = subscription_validity(asked), t("subscription.last")
                rule_view.show(page, valid, "emdad", label=label, name="last_day")
            case LateClaimRequest():
                late, label = late_claim(asked), t("subscription.accepted")
                rule_view.show(page, late, "emdad", label=label, name="accepted")
            case fields.Missing():
                answer.waiting(page, asked, t("answer.waiting"))
