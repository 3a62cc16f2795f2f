"""How many days a stop in the workshop adds to the guarantee."""

from logic.consumer_law.stop_compensation import stop_tables
from logic.core.answer import Alternative, Answer, Notice, Step
from logic.core.models import Count, Hours, Request, Result
from logic.core.registry import calculator
from logic.warranty.tables import Maker, maker_tables


class StopExtensionRequest(Request):
    """The maker, and the stop in hours and in days."""

    maker: Maker
    stop_hours: Hours
    stop_days: Count


class StopExtensionResult(Result):
    """The days added."""

    edition: str
    extend_days: int


@calculator
def stop_extension(request: StopExtensionRequest) -> Answer[StopExtensionResult]:
    """The days of a stop that are added: Bahman's whole stop where it lasted more than 48 hours (note 2).

    MVM's booklet is silent, so the by-law answers: the stop is added in any case (1395, article 17, note
    1). Where Bahman's 48 hours give nothing, the by-law's view is the alternative (A-31).
    """
    tables = maker_tables(request.maker)
    terms = tables.terms
    by_law = stop_tables.nearest().terms.extension_clause
    if terms.stop_hours is None or terms.stop_clause is None:
        result = StopExtensionResult(edition=tables.edition, extend_days=request.stop_days)
        step = Step("stop_added_by_law", by_law, request.stop_days, "day")
        return Answer(result, (step,), (Notice("booklet_is_silent_on_stops", by_law),))
    over = request.stop_hours > terms.stop_hours
    result = StopExtensionResult(edition=tables.edition, extend_days=request.stop_days if over else 0)
    inputs = {"hours": request.stop_hours, "above": terms.stop_hours}
    steps = (
        Step("stop_above_hours", terms.stop_clause, over, inputs=inputs),
        Step("stop_added", terms.stop_clause, result.extend_days, "day"),
    )
    other = result.model_copy(update={"extend_days": request.stop_days})
    return Answer(result, steps, (), tuple(Alternative.where_different("A-31", by_law, result, other)))
