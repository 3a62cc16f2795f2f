"""The length of a stay in a workshop."""

from datetime import date

import pytest

from logic.workshop.stay import MAX_STAY_DAYS
from tests.support.calculator_client import response

pytestmark = pytest.mark.usefixtures("named_editions")


@pytest.mark.parametrize(
    ("calculator", "first", "last", "more"),
    [
        ("card_downtime", "admitted_on", "released_on", {"level": "four_star", "completed_on": "2021-03-25"}),
        ("stop_compensation", "admitted_on", "ready_on", {"vehicle_class": "van", "contract_price_rial": 1}),
        ("legal_deadline", "since", "acted_on", {"rule": "complaint"}),
    ],
)
def test_a_stay_is_at_most_a_thousand_days(
    calculator: str, first: str, last: str, more: dict[str, object]
) -> None:
    """Count from 2021-03-21; 1000 days later is 2023-12-16."""
    assert date(2023, 12, 16).toordinal() - date(2021, 3, 21).toordinal() == MAX_STAY_DAYS
    request = {**more, first: "2021-03-21"}
    assert response(calculator, **request, **{last: "2023-12-16"})["ok"]
    (error,) = response(calculator, **request, **{last: "2023-12-17"})["errors"]
    assert (error["field"], error["code"]) == (last, "stay_too_long")
    assert "1000" in error["message"]["en"].replace(",", "")
