"""The purchase page's answers, and beside them the limits of every method and every deadline."""

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


def render(page: Page, asked: Request) -> None:
    """The answer of the task whose question was asked."""
    t = page.t
    match asked:
        case DeliveryDelayRequest():
            late = delivery_delay(asked)
            line = t(
                "purchase.late_days", days=t("unit.day", value=format_number(asked.late_days, t.language))
            )
            label = t("purchase.owed")
            rule_answer.render(page, late, DOCUMENT, label=label, name="amount_rial", line=line)
        case WithdrawalInterestRequest():
            left, label = withdrawal_interest(asked), t("purchase.interest")
            rule_answer.render(page, left, DOCUMENT, label=label, name="total_rial")
        case ParticipationProfitRequest():
            shared = participation_profit(asked)
            days = t("unit.day", value=format_number(asked.days, t.language))
            label, line = t("purchase.profit_of"), t("purchase.profit_days", days=days)
            rule_answer.render(page, shared, DOCUMENT, label=label, name="amount_rial", line=line)
        case SaleTermsRequest():
            _terms(page, asked)
        case LegalDeadlineRequest():
            _deadline(page, asked)


def _terms(page: Page, asked: SaleTermsRequest) -> None:
    """The longest delivery, what else was asked, and the limits of every method."""
    t, found = page.t, sale_terms(asked)
    result = found.result
    if result.limit_months is None or result.limit_days is None:
        rule_answer.render(page, found, DOCUMENT, label=t("purchase.longest"), name="delivery_allowed")
        return
    longest = _length(page, result.limit_days, result.limit_months)
    basis = t.name_of("price_basis", result.price_basis) if result.price_basis else t("purchase.no_basis")
    answer_card.headline(page, t("purchase.longest"), longest, line=basis)
    answer_card.mobile_summary(page, t("purchase.longest"), longest)
    lines = (h.li[h.span[said], h.b[value]] for said, value in _verdicts(page, result))
    show_html(h.ul(".kh-pairs")[lines])
    rule_answer.render_details(page, found, DOCUMENT)
    _methods(page, asked.method)


def _verdicts(page: Page, result: SaleTermsResult) -> Iterator[tuple[str, str]]:
    """What is allowed of that which was asked."""
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


def _length(page: Page, days: int, months: int) -> str:
    """A length as the by-law says it: a single month in days."""
    unit, value = ("day", days) if months == 1 else ("month", months)
    return page.t(f"unit.{unit}", value=format_number(value, page.t.language))


def _methods(page: Page, chosen: str) -> None:
    """Every method of sale beside the others."""
    t, rules = page.t, sale_rules(None)
    if isinstance(rules, str):
        return

    def longest(row: MethodRow) -> str:
        said = _length(page, row.limit_days, row.limit_months)
        if row.imported_limit_days and row.imported_limit_months:
            other = _length(page, row.imported_limit_days, row.imported_limit_months)
            return t("purchase.or_imported", home=said, imported=other)
        return said

    def about(row: MethodRow) -> str:
        late = t("purchase.late_a_month", percent=format_percent(row.late_percent_a_month, t.language))
        profit = [t("purchase.with_profit")] if row.participation else []
        price = [t.name_of("price_basis", row.price_basis)] if row.price_basis else []
        return t("clause.separator").join([late, *profit, *price])

    rows = (
        h.li[
            h.span[h.b[t.name_of("method", method)], h.small[about(row)]],
            h.b[longest(row)],
        ]
        for method, row in rules.methods.items()
    )
    answer_card.subheading(t("purchase.methods"))
    show_html(h.ul(".kh-pairs")[rows], h.p[clause_badge(t, rules.methods[chosen].clause)])


def _deadline(page: Page, asked: LegalDeadlineRequest) -> None:
    """In time or not, the last day, and every other deadline of the by-law."""
    t, found = page.t, legal_deadline(asked)
    last = found.result.last_day
    line = t("purchase.last_day", day=format_jalali(last, t.language, long=True)) if last else ""
    rule_answer.render(page, found, DOCUMENT, label=t("purchase.on_time"), name="on_time", line=line)
    rules = deadline_tables(asked.on)
    if rules is None or not rules.deadlines:
        return

    def limit(days: int, *, inclusive: bool, working: bool) -> str:
        said = t("purchase.working_day" if working else "unit.day", value=format_number(days, t.language))
        return t("purchase.within" if inclusive else "purchase.below", days=said)

    rows = (
        h.li[
            h.span[t.name_of("deadline_rule", rule), " ", clause_badge(t, row.clause)],
            h.b[limit(row.limit_days, inclusive=row.inclusive, working=row.working_days)],
        ]
        for rule, row in rules.deadlines.items()
    )
    answer_card.subheading(t("purchase.every_deadline"))
    show_html(h.ul(".kh-pairs")[rows])
