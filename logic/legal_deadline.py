"""Whether something that the law gives days for was in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from logic.answer import Answer, Step
from logic.bylaw_in_force import FIRST, in_force
from logic.calculators import calculator
from logic.models import Count, Day, Request, Result
from logic.tables import Folder, Row, YesNo, book


class Rule(StrEnum):
    """The deadlines of the by-law of 1395."""

    WITHDRAWAL_REFUND = "withdrawal_refund"
    STOP_PAYMENT = "stop_payment"
    CUSTOMER_SETTLEMENT = "customer_settlement"
    COMPLAINT = "complaint"
    BOARD_DECISION = "board_decision"
    BOARD_EXECUTION = "board_execution"
    EXPERT_FEE = "expert_fee"


class DeadlineRow(Row):
    """The days of a deadline, whether the last counts as in time, and whether they are working days."""

    rule: Rule
    limit_days: int
    inclusive: YesNo
    working_days: YesNo
    clause: str


@dataclass(frozen=True, eq=False)
class DeadlineBook:
    """The deadlines of one by-law."""

    edition: str
    deadlines: Mapping[Rule, DeadlineRow]


@book("bylaw")
def deadline_book(folder: Folder) -> DeadlineBook:
    """The deadlines; ask them with the day of the act."""
    return DeadlineBook(
        edition=folder.edition.id,
        deadlines=folder.keyed("deadlines", DeadlineRow, lambda row: row.rule),
    )


class LegalDeadlineRequest(Request):
    """The deadline and the days that passed, working days where the rule counts those."""

    rule: Rule
    days: Count
    on: Day | None = None


class LegalDeadlineResult(Result):
    """In time or not, and the limit; null where the by-law of the day has no such deadline."""

    edition: str | None
    reason: Literal["no_edition", "no_deadline"] | None
    on_time: bool | None
    limit_days: int | None
    inclusive: bool | None
    working_days: bool | None


@calculator
def legal_deadline(request: LegalDeadlineRequest) -> Answer[LegalDeadlineResult]:
    """Whether so many days keep a deadline of the by-law of 1395 (7, 11, 18 and 29), each with its own words.

    "Within" includes the last day; "in less than" (18, note 2) does not.
    """
    rules = deadline_book(request.on)
    row = rules.deadlines.get(request.rule) if rules else None
    if row is None or rules is None:
        edition = in_force(request.on)
        reason: Literal["no_edition", "no_deadline"] = "no_deadline" if edition else "no_edition"
        clause = f"{edition.id}.scope" if edition else FIRST
        nothing = LegalDeadlineResult(
            edition=edition.id if edition else None,
            reason=reason,
            on_time=None,
            limit_days=None,
            inclusive=None,
            working_days=None,
        )
        return Answer(nothing, (Step(reason, clause, value=False),))
    in_time = request.days <= row.limit_days if row.inclusive else request.days < row.limit_days
    result = LegalDeadlineResult(
        edition=rules.edition,
        reason=None,
        on_time=in_time,
        limit_days=row.limit_days,
        inclusive=row.inclusive,
        working_days=row.working_days,
    )
    key = "deadline_within" if row.inclusive else "deadline_below"
    steps = (
        Step(key, row.clause, row.limit_days, "day", {"rule": request.rule}),
        Step("on_time", row.clause, in_time, inputs={"days": request.days}),
    )
    return Answer(result, steps)
