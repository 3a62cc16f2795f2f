"""How many days a stay in the workshop adds to the warranty."""

from logic.consumer_law.stop_compensation import stop_tables
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Hours, Request, Result
from logic.core.registry import calculator
from logic.warranty.tables import Maker, maker_tables


class StopExtensionRequest(Request):
    """The maker, and the length of the stay in hours and in days."""

    maker: Maker
    stop_hours: Hours
    stop_days: Count


class StopExtensionResult(Result):
    """The days added to the warranty."""

    edition: str
    extend_days: int


@calculator
def stop_extension(request: StopExtensionRequest) -> Answer[StopExtensionResult]:
    """Return the days that a stay in the workshop adds to the warranty.

    Bahman adds all days of a stay of more than 48 hours (note 2). MVM's booklet has no rule, so the by-law
    applies: the stay is always added (1395, article 17, note 1). If Bahman adds nothing, the by-law's rule
    is the alternative (A-31).
    """
    tables = maker_tables(request.maker)
    terms = tables.terms
    bylaw_clause = stop_tables.nearest().terms.extension_clause
    if terms.stop_hours is None or terms.stop_clause is None:
        result = StopExtensionResult(edition=tables.edition, extend_days=request.stop_days)
        step = Step("stop_added_by_law", bylaw_clause, request.stop_days, "day")
        return Answer(result, (step,), (Notice("booklet_is_silent_on_stops", bylaw_clause),))
    exceeds_limit = request.stop_hours > terms.stop_hours
    result = StopExtensionResult(
        edition=tables.edition, extend_days=request.stop_days if exceeds_limit else 0
    )
    inputs = {"hours": request.stop_hours, "above": terms.stop_hours}
    steps = (
        Step("stop_above_hours", terms.stop_clause, exceeds_limit, inputs=inputs),
        Step("stop_added", terms.stop_clause, result.extend_days, "day"),
    )
    bylaw_result = result.model_copy(update={"extend_days": request.stop_days})
    alternatives = Alternative.where_different("A-31", bylaw_clause, result, bylaw_result)
    return Answer(result, steps, (), tuple(alternatives))
