"""The last day of a subscription."""

from datetime import date, timedelta
from typing import Literal

from logic.card.tables import card, no_edition
from logic.core.answer import Alternative, Answer, Step
from logic.core.jalali import add_years
from logic.core.models import Day, Flag, JalaliText, Request, Result
from logic.core.registry import calculator

READING = "A-5"


class SubscriptionValidityRequest(Request):
    """The kind of card, its first day, and whether the factory enrolled the new car."""

    kind: Literal["golden", "mobile"]
    started_on: Day
    factory_enrolled: Flag = False


class SubscriptionValidityResult(Result):
    """The last day, which is covered until 24:00; null where no edition holds."""

    edition: str | None
    reason: Literal["no_edition"] | None
    last_day: JalaliText | None


@calculator
def subscription_validity(request: SubscriptionValidityRequest) -> Answer[SubscriptionValidityResult]:
    """The last day: 365 days with the first day as day 1 (part 3, 1; part 5, 1-2), or two years (1-1).

    Two years end on the day before the second anniversary. A-5 reads "one solar year" by the calendar, which
    is a day later where 30 Esfand lies inside.
    """
    tables = card(request.started_on)
    if tables is None:
        nothing = SubscriptionValidityResult(edition=None, reason="no_edition", last_day=None)
        return Answer(nothing, (no_edition(request.started_on),))

    def ends(last_day: date) -> SubscriptionValidityResult:
        return SubscriptionValidityResult(edition=tables.edition, reason=None, last_day=last_day)

    if request.kind == "mobile" and request.factory_enrolled:
        years = tables.figures["factory_mobile_years"]
        last_day = add_years(request.started_on, int(years.value)) - timedelta(days=1)
        inputs = {"started_on": request.started_on}
        steps = (
            Step("validity_years", years.clause, int(years.value), "year", inputs),
            Step("last_day", years.clause, last_day),
        )
        return Answer(ends(last_day), steps)
    days = tables.figures["subscription_days"]
    clause = days.clause if request.kind == "golden" else tables.citations.mobile_renewal
    result = ends(request.started_on + timedelta(days=int(days.value) - 1))
    by_calendar = ends(add_years(request.started_on, 1) - timedelta(days=1))
    steps = (
        Step("validity_days", clause, int(days.value), "day", {"started_on": request.started_on}),
        Step("last_day", clause, result.last_day),
    )
    return Answer(
        result, steps, (), tuple(Alternative.where_different(READING, days.clause, result, by_calendar))
    )
