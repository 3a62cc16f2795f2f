from functools import partial
from typing import get_args

from logic.card.cancellation_refund import CancellationRefundRequest, ObtainedFrom
from logic.card.instalment_reactivation import InstalmentReactivationRequest
from logic.card.late_claim import LateClaimRequest
from logic.card.renewal import RenewalRequest, grounds_in_force
from logic.card.subscription_validity import SubscriptionValidityRequest
from logic.core.models import Request
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.dates import today
from ui.views import subscription

KINDS, CLAIMS = ("golden", "mobile"), ("documents", "service", "replacement")
OBTAINED: tuple[ObtainedFrom, ...] = get_args(ObtainedFrom)


def ask_kind(page: Page) -> str:
    """Ask for the kind of card: Golden Card or roadside card."""
    kinds = page.t.names_of("card_kind", KINDS)
    return fields.choice(page, "kind", KINDS, kinds, style="segments", default="golden")


def ask_cancel(page: Page) -> Request | fields.InputState:
    """Ask what was paid for a subscription and used of it."""
    t, kind = page.t, ask_kind(page)
    fee, paid = fields.money(page, "fee", minimum=1), fields.money(page, "paid")
    started = fields.day(page, "started", past=True)
    sources = t.names_of("obtained_from", OBTAINED)
    obtained_from = fields.choice(page, "obtained", OBTAINED, sources, style="list", default="company")
    periodic_services, inactive = fields.money(page, "services"), fields.switch(page, "inactive")
    used_services, open_work_order = fields.switch(page, "used"), fields.switch(page, "order")
    return fields.first_missing(fee, paid, started, optional=(periodic_services,)) or fields.validated(
        page, lambda: CancellationRefundRequest(
            kind=kind, fee_rial=fee, paid_rial=paid, started_on=started, on=today(),
            periodic_services_rial=fields.value_or_none(periodic_services) or 0, used_services=used_services,
            open_work_order=open_work_order, obtained_from=obtained_from, active=not inactive,
        )
    )  # fmt: skip


def ask_renew(page: Page) -> Request | fields.InputState:
    """Ask for the yearly price, the last day and the grounds for a discount."""
    t, kind = page.t, ask_kind(page)
    rate, expires_on = fields.money(page, "rate", minimum=1), fields.day(page, "expires")
    renewed_on, legal_entity = fields.day(page, "renewed", optional=False), fields.switch(page, "legal")
    names = t.names_of("ground", grounds_in_force())
    grounds = fields.choices(page, "grounds", [*names], names)
    return fields.first_missing(rate, expires_on, renewed_on) or fields.validated(
        page, lambda: RenewalRequest(
            kind=kind, rate_rial=rate, expires_on=expires_on, renewed_on=renewed_on,
            legal_entity=legal_entity, grounds=grounds,
        )
    )  # fmt: skip


def ask_validity(page: Page) -> Request | fields.InputState:
    """Ask for the first day of a card."""
    kind, started = ask_kind(page), fields.day(page, "started", past=True)
    factory_enrolled = fields.switch(page, "factory")
    return fields.first_missing(started) or fields.validated(
        page,
        lambda: SubscriptionValidityRequest(kind=kind, started_on=started, factory_enrolled=factory_enrolled),
    )


def ask_late(page: Page) -> Request | fields.InputState:
    """Ask what is claimed after the last day."""
    claims = page.t.names_of("claim", CLAIMS)
    claim = fields.choice(page, "claim", CLAIMS, claims, style="segments", default="documents")
    expired_on = fields.day(page, "expires", past=True)
    claimed_on = fields.day(page, "claimed", optional=False)
    file_opened, evidence = fields.switch(page, "file"), fields.switch(page, "evidence")
    return fields.first_missing(expired_on, claimed_on) or fields.validated(
        page, lambda: LateClaimRequest(
            kind=claim, expired_on=expired_on, on=claimed_on, file_opened_in_time=file_opened,
            evidence=evidence,
        )
    )  # fmt: skip


def ask_instalment(page: Page) -> Request | fields.InputState:
    """Ask for the three conditions of reactivating a card with an unpaid instalment."""
    paid, inspected = fields.switch(page, "instalment_paid"), fields.switch(page, "inspected")
    return InstalmentReactivationRequest(
        paid=paid, inspected_unchanged=inspected, inspection_fee_paid=fields.switch(page, "fee_paid")
    )


TASKS = ("cancel", "renew", "validity", "late", "instalment")
ASK = dict(zip(TASKS, (ask_cancel, ask_renew, ask_validity, ask_late, ask_instalment), strict=True))

with open_page("subscription") as page:
    t = page.t
    with page.two_columns() as (inputs, result):
        with inputs:
            task = fields.choice(
                page, "task", [*ASK], t.names_of("task", TASKS), style="pills", default="cancel"
            )
            request = ASK[task](page)
        with result:
            answer_card.render_or_pending(page, request, partial(subscription.render, page))
    subscription.render_working_use_link(page)
