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
from ui.l10n.numbers import number, percent
from ui.views import purchase

RATES = [str(rate) for rate in range(10, 41)]
MONTHS = [str(months) for months in range(49)]
"""The first one stands for an unknown length."""


def ask_method(page: Page, *, with_profit: bool = False) -> MethodRow:
    """The method of sale, of those that the question is about."""
    methods = {name: row for name, row in sale_methods().items() if row.participation or not with_profit}
    names = page.t.labels("method", methods)
    return methods[fields.choice(page, "method", [*methods], names, look="list", default="presale_definite")]


def ask_rate(page: Page, name: str) -> str:
    """A percent a year, of the contract or of the banks."""
    rates = {rate: percent(int(rate), page.t.language) for rate in RATES}
    return fields.choice(page, name, RATES, rates, look="list", default="20")


def ask_delay(page: Page) -> Request | fields.Missing:
    """A car that did not come on its day."""
    row, paid = ask_method(page), fields.money(page, "paid", lo=1)
    profit = ask_rate(page, "profit") if row.participation else None
    due, came = fields.day(page, "due", past=True), fields.day(page, "came", optional=False, past=True)
    if due is None or came is None or isinstance(paid, fields.Missing):
        return fields.missing(due, came, paid) or fields.Missing.EMPTY
    days = fields.days_apart(page, due, came)
    return fields.missing(days) or fields.checked(
        page, DeliveryDelayRequest, method=row.method, paid_rial=paid, late_days=days,
        participation_percent=profit, on=due,
    )  # fmt: skip


def ask_withdrawal(page: Page) -> Request | fields.Missing:
    """A buyer who gives the contract up."""
    paid, rate = fields.money(page, "paid", lo=1), ask_rate(page, "rate")
    signed, left = fields.day(page, "signed", past=True), fields.day(page, "left", past=True)
    repaid = fields.day(page, "repaid", optional=False, past=True)
    if left is None or repaid is None or fields.missing(paid, signed):
        return fields.missing(paid, signed, left, repaid) or fields.Missing.EMPTY
    days = fields.days_apart(page, left, repaid)
    return fields.missing(days) or fields.checked(
        page, WithdrawalInterestRequest, paid_rial=paid, one_year_deposit_percent=rate, contracted_on=signed,
        withdrawn_on=left, repaid_after_days=days,
    )  # fmt: skip


def ask_terms(page: Page) -> Request | fields.Missing:
    """What a contract promises and asks for."""
    t, row = page.t, ask_method(page)
    imported = row.imported_limit_days is not None and fields.switch(page, "imported")
    days, months = None, MONTHS[0]
    if row.in_days:
        days = fields.days(page, "delivery_days")
    else:
        said = {each: t("unit.month", value=number(int(each), t.language)) for each in MONTHS}
        said[MONTHS[0]] = t("purchase.not_asked")
        months = fields.choice(page, "delivery_months", MONTHS, said, look="list", default=MONTHS[0])
    price, advance = fields.money(page, "price", lo=1), fields.money(page, "advance")
    odometer = fields.km(page, "odometer")
    return fields.missing(optional=(days, price, advance, odometer)) or fields.checked(
        page, SaleTermsRequest, method=row.method, imported=imported, delivery_days=fields.known(days),
        delivery_months=int(months) or None, cash_price_rial=fields.known(price),
        advance_rial=fields.known(advance), odometer_km=fields.known(odometer),
    )  # fmt: skip


def ask_profit(page: Page) -> Request | fields.Missing:
    """The profit on money that was paid before the car."""
    row, paid = ask_method(page, with_profit=True), fields.money(page, "paid", lo=1)
    profit = ask_rate(page, "profit")
    deposited, due = fields.day(page, "deposited", past=True), fields.day(page, "due")
    if deposited is None or due is None or isinstance(paid, fields.Missing):
        return fields.missing(deposited, due, paid) or fields.Missing.EMPTY
    days = fields.days_apart(page, deposited, due)
    return fields.missing(days) or fields.checked(
        page, ParticipationProfitRequest, method=row.method, paid_rial=paid, annual_percent=profit,
        days=days, on=deposited,
    )  # fmt: skip


def ask_deadline(page: Page) -> Request | fields.Missing:
    """A day that the by-law sets to the seller, the buyer or the board."""
    names = page.t.labels("deadline_rule", deadline_rules())
    rule = fields.choice(page, "rule", [*deadline_rules()], names, look="list", default="withdrawal_refund")
    since, acted = fields.day(page, "since", past=True), fields.day(page, "acted", optional=False)
    return fields.missing(since, acted) or fields.checked(
        page, LegalDeadlineRequest, rule=rule, since=since, acted_on=acted, on=since
    )


ASK = {
    "delay": ask_delay, "withdrawal": ask_withdrawal, "terms": ask_terms, "profit": ask_profit,
    "deadline": ask_deadline,
}  # fmt: skip

with open_page("purchase") as page, page.halves() as (inputs, result):
    t = page.t
    with inputs:
        names = t.labels("sale_task", ASK)
        task = fields.choice(page, "task", [*ASK], names, look="pills", default="delay")
        asked = ASK[task](page)
    with result:
        if isinstance(asked, fields.Missing):
            answer_card.waiting(page, asked, t("answer.waiting"))
        else:
            purchase.show(page, asked)
