"""The last day of a subscription."""

from datetime import date, timedelta
from typing import Literal

from logic.card.tables import card_tables, no_edition
from logic.core.answer import Alternative, Answer, Step
from logic.core.jalali import add_years
from logic.core.models import Day, Flag, JalaliText, Request, Result
from logic.core.registry import calculator

CALENDAR_YEAR_READING = "A-5"


class SubscriptionValidityRequest(Request):
    """The kind of card, its first day, and whether the factory enrolled the car when new."""

    kind: Literal["golden", "mobile"]
    started_on: Day
    """First day of the subscription; it selects the edition of the booklet."""
    factory_enrolled: Flag = False


class SubscriptionValidityResult(Result):
    """The last day, which is covered until 24:00; null if no edition is in force."""

    edition: str | None
    reason: Literal["no_edition"] | None = None
    last_day: JalaliText | None = None


@calculator
def subscription_validity(request: SubscriptionValidityRequest) -> Answer[SubscriptionValidityResult]:
    """Return the last day of a subscription: day 365, the first day being day 1, or two years.

    A mobile card that the factory enrolled lasts two years, until the day before the second anniversary.
    The alternative (A-5) reads "one solar year" as a calendar year, which ends a day later if it contains
    30 Esfand. Source: part 3, 1; part 5, 1-1 and 1-2.
    """
    tables = card_tables(request.started_on)
    if tables is None:
        result = SubscriptionValidityResult(edition=None, reason="no_edition")
        return Answer(result, (no_edition(request.started_on),))

    def result_with(last_day: date) -> SubscriptionValidityResult:
        return SubscriptionValidityResult(edition=tables.edition, last_day=last_day)

    if request.kind == "mobile" and request.factory_enrolled:
        years = tables.figures["factory_mobile_years"]
        last_day = add_years(request.started_on, int(years.value)) - timedelta(days=1)
        inputs = {"started_on": request.started_on}
        steps = (
            Step("validity_years", years.clause, int(years.value), "year", inputs),
            Step("last_day", years.clause, last_day),
        )
        return Answer(result_with(last_day), steps)
    days = tables.figures["subscription_days"]
    clause = days.clause if request.kind == "golden" else tables.citations.mobile_renewal
    result = result_with(request.started_on + timedelta(days=int(days.value) - 1))
    calendar_year_result = result_with(add_years(request.started_on, 1) - timedelta(days=1))
    steps = (
        Step("validity_days", clause, int(days.value), "day", {"started_on": request.started_on}),
        Step("last_day", clause, result.last_day),
    )
    alternatives = Alternative.where_different(
        CALENDAR_YEAR_READING, days.clause, result, calendar_year_result
    )
    return Answer(result, steps, (), tuple(alternatives))
