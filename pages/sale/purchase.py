from functools import partial

from logic.consumer_law.legal_deadline import LegalDeadlineRequest, deadline_rules
from logic.core.models import Request
from logic.sale.delivery_delay import DeliveryDelayRequest
from logic.sale.participation_profit import ParticipationProfitRequest
from logic.sale.sale_terms import SaleTermsRequest
from logic.sale.tables import MethodRow, sale_methods
from logic.sale.withdrawal_interest import WithdrawalInterestRequest
from ui.answer import answer_card
from ui.frame.page import Page, open_page
from ui.inputs import fields
from ui.l10n.numbers import format_number, format_percent
from ui.views import purchase

RATES = [str(rate) for rate in range(10, 41)]
MONTHS = [str(months) for months in range(49)]
"""The first item means "not asked"."""


def ask_method(page: Page, *, with_profit: bool = False) -> MethodRow:
    """Ask for the method of sale; only methods of participation if ``with_profit``."""
    methods = {name: row for name, row in sale_methods().items() if row.participation or not with_profit}
    names = page.t.names_of("method", methods)
    return methods[fields.choice(page, "method", [*methods], names, style="list", default="presale_definite")]


def ask_rate(page: Page, name: str) -> str:
    """Ask for a yearly interest rate; return it in percent."""
    rates = {rate: format_percent(int(rate), page.t.language) for rate in RATES}
    return fields.choice(page, name, RATES, rates, style="list", default="20")


def ask_delay(page: Page) -> Request | fields.InputState:
    """Ask about a late delivery."""
    row, paid = ask_method(page), fields.money(page, "paid", minimum=1)
    profit_percent = ask_rate(page, "profit") if row.participation else None
    due, delivered = fields.day(page, "due", past=True), fields.day(page, "came", optional=False, past=True)
    if due is None or delivered is None or isinstance(paid, fields.InputState):
        return fields.first_missing(due, delivered, paid) or fields.InputState.EMPTY
    late_days = fields.days_apart(page, due, delivered)
    return fields.first_missing(late_days) or fields.validated(
        page, lambda: DeliveryDelayRequest(
            method=row.method, paid_rial=paid, late_days=late_days, participation_percent=profit_percent,
            on=due,
        )
    )  # fmt: skip


def ask_withdrawal(page: Page) -> Request | fields.InputState:
    """Ask about a buyer's withdrawal from the contract."""
    paid, rate_percent = fields.money(page, "paid", minimum=1), ask_rate(page, "rate")
    signed, withdrawn = fields.day(page, "signed", past=True), fields.day(page, "left", past=True)
    repaid = fields.day(page, "repaid", optional=False, past=True)
    if withdrawn is None or repaid is None or fields.first_missing(paid, signed):
        return fields.first_missing(paid, signed, withdrawn, repaid) or fields.InputState.EMPTY
    days = fields.days_apart(page, withdrawn, repaid)
    return fields.first_missing(days) or fields.validated(
        page, lambda: WithdrawalInterestRequest(
            paid_rial=paid, one_year_deposit_percent=rate_percent, contracted_on=signed,
            withdrawn_on=withdrawn, repaid_after_days=days,
        )
    )  # fmt: skip


def ask_terms(page: Page) -> Request | fields.InputState:
    """Ask for the terms of a contract."""
    t, row = page.t, ask_method(page)
    imported = row.imported_limit_days is not None and fields.switch(page, "imported")
    days, months = None, MONTHS[0]
    if row.in_days:
        days = fields.days(page, "delivery_days")
    else:
        names = {months: t("unit.month", value=format_number(int(months), t.language)) for months in MONTHS}
        names[MONTHS[0]] = t("purchase.not_asked")
        months = fields.choice(page, "delivery_months", MONTHS, names, style="list", default=MONTHS[0])
    price, advance = fields.money(page, "price", minimum=1), fields.money(page, "advance")
    odometer = fields.km(page, "odometer")
    return fields.first_missing(optional=(days, price, advance, odometer)) or fields.validated(
        page, lambda: SaleTermsRequest(
            method=row.method, imported=imported, delivery_days=fields.value_or_none(days),
            delivery_months=int(months) or None, cash_price_rial=fields.value_or_none(price),
            advance_rial=fields.value_or_none(advance), odometer_km=fields.value_or_none(odometer),
        )
    )  # fmt: skip


def ask_profit(page: Page) -> Request | fields.InputState:
    """Ask about the profit on money that was paid in advance."""
    row, paid = ask_method(page, with_profit=True), fields.money(page, "paid", minimum=1)
    profit_percent = ask_rate(page, "profit")
    deposited, due = fields.day(page, "deposited", past=True), fields.day(page, "due")
    if deposited is None or due is None or isinstance(paid, fields.InputState):
        return fields.first_missing(deposited, due, paid) or fields.InputState.EMPTY
    days = fields.days_apart(page, deposited, due)
    return fields.first_missing(days) or fields.validated(
        page, lambda: ParticipationProfitRequest(
            method=row.method, paid_rial=paid, annual_percent=profit_percent, days=days, on=deposited,
        )
    )  # fmt: skip


def ask_deadline(page: Page) -> Request | fields.InputState:
    """Ask about a deadline that the by-law sets."""
    names = page.t.names_of("deadline_rule", deadline_rules())
    rule = fields.choice(page, "rule", [*deadline_rules()], names, style="list", default="withdrawal_refund")
    since, acted = fields.day(page, "since", past=True), fields.day(page, "acted", optional=False)
    return fields.first_missing(since, acted) or fields.validated(
        page, lambda: LegalDeadlineRequest(rule=rule, since=since, acted_on=acted, on=since)
    )


ASK = {
    "delay": ask_delay, "withdrawal": ask_withdrawal, "terms": ask_terms, "profit": ask_profit,
    "deadline": ask_deadline,
}  # fmt: skip

with open_page("purchase") as page, page.two_columns() as (inputs, result):
    t = page.t
    with inputs:
        names = t.names_of("sale_task", ASK)
        task = fields.choice(page, "task", [*ASK], names, style="pills", default="delay")
        request = ASK[task](page)
    with result:
        answer_card.render_or_pending(page, request, partial(purchase.render, page))
