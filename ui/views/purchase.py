"""Rendering of the purchase page: the answers, the limits of every sale method and every deadline."""

from collections.abc import Iterator

import htpy as h

from logic.consumer_law.legal_deadline import LegalDeadlineRequest, deadline_tables, legal_deadline
from logic.core.models import Request
from logic.sale.delivery_delay import DeliveryDelayRequest, delivery_delay
from logic.sale.participation_profit import ParticipationProfitRequest, participation_profit
from logic.sale.sale_terms import SaleTermsRequest, SaleTermsResult, sale_terms
from logic.sale.tables import MethodRow, sale_rules
from logic.sale.withdrawal_interest import WithdrawalInterestRequest, withdrawal_interest
from ui.answer import answer_card, rule_answer
from ui.answer.answer_card import clause_badge
from ui.frame.page import Page, show_html
from ui.l10n.numbers import format_jalali, format_number, format_percent

DOCUMENT = "bylaw"


def render(page: Page, request: Request) -> None:
    """Render the answer to a request, by its type."""
    t = page.t
    match request:
        case DeliveryDelayRequest():
            delay_answer = delivery_delay(request)
            line = t(
                "purchase.late_days", days=t("unit.day", value=format_number(request.late_days, t.language))
            )
            label = t("purchase.owed")
            rule_answer.render(page, delay_answer, DOCUMENT, label=label, name="amount_rial", line=line)
        case WithdrawalInterestRequest():
            interest_answer, label = withdrawal_interest(request), t("purchase.interest")
            rule_answer.render(page, interest_answer, DOCUMENT, label=label, name="total_rial")
        case ParticipationProfitRequest():
            profit_answer = participation_profit(request)
            days = t("unit.day", value=format_number(request.days, t.language))
            label, line = t("purchase.profit_of"), t("purchase.profit_days", days=days)
            rule_answer.render(page, profit_answer, DOCUMENT, label=label, name="amount_rial", line=line)
        case SaleTermsRequest():
            _terms(page, request)
        case LegalDeadlineRequest():
            _deadline(page, request)


def _terms(page: Page, request: SaleTermsRequest) -> None:
    """Render the longest delivery time, the verdict on each term, and the limits of every method."""
    t, answer = page.t, sale_terms(request)
    result = answer.result
    if result.limit_months is None or result.limit_days is None:
        rule_answer.render(page, answer, DOCUMENT, label=t("purchase.longest"), name="delivery_allowed")
        return
    longest = _duration(page, result.limit_days, result.limit_months)
    basis = t.name_of("price_basis", result.price_basis) if result.price_basis else t("purchase.no_basis")
    answer_card.headline(page, t("purchase.longest"), longest, line=basis)
    answer_card.mobile_summary(page, t("purchase.longest"), longest)
    lines = (h.li[h.span[label], h.b[value]] for label, value in _term_lines(page, result))
    show_html(h.ul(".kh-pairs")[lines])
    rule_answer.render_details(page, answer, DOCUMENT)
    _methods(page, request.method)


def _term_lines(page: Page, result: SaleTermsResult) -> Iterator[tuple[str, str]]:
    """Yield a label and a text for each term that was entered: whether it is allowed, or its limit."""
    t = page.t
    for name in ("delivery_allowed", "advance_allowed", "is_new"):
        verdict = getattr(result, name)
        if verdict is not None:
            yield t(f"purchase.{name}"), t("word.yes" if verdict else "word.no")
    if result.max_advance_rial is not None:
        yield (
            t("purchase.highest"),
            rule_answer.format_field(page, "max_advance_rial", result.max_advance_rial),
        )


def _duration(page: Page, days: int, months: int) -> str:
    """Return a duration as the by-law prints it: one month is printed in days."""
    unit, value = ("day", days) if months == 1 else ("month", months)
    return page.t(f"unit.{unit}", value=format_number(value, page.t.language))


def _methods(page: Page, method_id: str) -> None:
    """Render the limits of every sale method."""
    t, rules = page.t, sale_rules(None)
    if isinstance(rules, str):
        return

    def delivery_limit(row: MethodRow) -> str:
        text = _duration(page, row.limit_days, row.limit_months)
        if row.imported_limit_days and row.imported_limit_months:
            other = _duration(page, row.imported_limit_days, row.imported_limit_months)
            return t("purchase.or_imported", home=text, imported=other)
        return text

    def description(row: MethodRow) -> str:
        late = t("purchase.late_a_month", percent=format_percent(row.late_percent_a_month, t.language))
        profit = [t("purchase.with_profit")] if row.participation else []
        price = [t.name_of("price_basis", row.price_basis)] if row.price_basis else []
        return t("clause.separator").join([late, *profit, *price])

    rows = (
        h.li[
            h.span[h.b[t.name_of("method", method)], h.small[description(row)]],
            h.b[delivery_limit(row)],
        ]
        for method, row in rules.methods.items()
    )
    answer_card.subheading(t("purchase.methods"))
    show_html(h.ul(".kh-pairs")[rows], h.p[clause_badge(t, rules.methods[method_id].clause)])


def _deadline(page: Page, request: LegalDeadlineRequest) -> None:
    """Render whether the deadline was met, its last day, and every deadline of the by-law."""
    t, answer = page.t, legal_deadline(request)
    last = answer.result.last_day
    line = t("purchase.last_day", day=format_jalali(last, t.language, long=True)) if last else ""
    rule_answer.render(page, answer, DOCUMENT, label=t("purchase.on_time"), name="on_time", line=line)
    rules = deadline_tables(request.on)
    if rules is None or not rules.deadlines:
        return

    def limit(days: int, *, inclusive: bool, working: bool) -> str:
        text = t("purchase.working_day" if working else "unit.day", value=format_number(days, t.language))
        return t("purchase.within" if inclusive else "purchase.below", days=text)

    rows = (
        h.li[
            h.span[t.name_of("deadline_rule", rule), " ", clause_badge(t, row.clause)],
            h.b[limit(row.limit_days, inclusive=row.inclusive, working=row.working_days)],
        ]
        for rule, row in rules.deadlines.items()
    )
    answer_card.subheading(t("purchase.every_deadline"))
    show_html(h.ul(".kh-pairs")[rows])
