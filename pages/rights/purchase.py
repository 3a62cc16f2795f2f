from logic.delivery_delay import WITH_PROFIT, DeliveryDelayRequest, delivery_delay
from logic.models import Request
from logic.sale_rules import Method
from logic.sale_terms import SaleTermsRequest, sale_terms
from logic.withdrawal_interest import WithdrawalInterestRequest, withdrawal_interest
from ui import answer, fields, rule_view
from ui.dates import today
from ui.numbers import percent
from ui.page import Page, open_page

TASKS = ("delay", "withdrawal", "advance")
RATES = [str(rate) for rate in range(10, 41)]


def ask(page: Page, task: str) -> Request | fields.Missing:
    """The request of a question; what is missing, where something needed is."""
    t, empty = page.t, fields.Missing.EMPTY
    paid = fields.money(page, "paid", lo=1)
    rates = {rate: percent(int(rate), t.language) for rate in RATES}
    if task == "withdrawal":
        rate = fields.choice(page, "rate", RATES, rates, look="list", default="20")
        signed, left = fields.day(page, "signed", past=True), fields.day(page, "left", past=True)
        if isinstance(paid, fields.Missing) or signed is None or left is None:
            return paid if isinstance(paid, fields.Missing) else empty
        return fields.checked(
            page, WithdrawalInterestRequest, paid_rial=paid, one_year_deposit_percent=rate,
            contracted_on=signed,
            withdrawn_on=left, repaid_after_days=(today() - left).days,
        )  # fmt: skip
    method = fields.choice(
        page, "method", [*Method], t.labels("method", Method), look="list", default="presale_definite"
    )
    if task == "advance":
        price = fields.money(page, "price", lo=1)
        for why in (fields.Missing.UNREADABLE, empty):
            if why in (paid, price):
                return why
        return fields.checked(page, SaleTermsRequest, method=method, cash_price_rial=price, advance_rial=paid)
    shares = method in WITH_PROFIT
    profit = fields.choice(page, "profit", RATES, rates, look="list", default="20") if shares else None
    due = fields.day(page, "due", past=True)
    if isinstance(paid, fields.Missing) or due is None:
        return paid if isinstance(paid, fields.Missing) else empty
    days = (today() - due).days
    return fields.checked(
        page,
        DeliveryDelayRequest,
        method=method,
        paid_rial=paid,
        late_days=days,
        participation_percent=profit,
    )


with open_page("purchase") as page, page.halves() as (inputs, result):
    t = page.t
    with inputs:
        task = fields.choice(page, "task", TASKS, t.labels("sale_task", TASKS), look="pills", default="delay")
        asked = ask(page, task)
    with result:
        match asked:
            case DeliveryDelayRequest():
                late, label = delivery_delay(asked), t("purchase.owed")
                rule_view.show(page, late, "bylaw", label=label, name="amount_rial")
            case WithdrawalInterestRequest():
                left, label = withdrawal_interest(asked), t("purchase.interest")
                rule_view.show(page, left, "bylaw", label=label, name="total_rial")
            case SaleTermsRequest():
                terms, label = sale_terms(asked), t("purchase.highest")
                rule_view.show(page, terms, "bylaw", label=label, name="max_advance_rial")
            case fields.Missing():
                answer.waiting(page, asked, t("answer.waiting"))
