# mypy: ignore-errors
# It runs in OpenFisca's environment (bench/openfisca.txt), so mypy cannot find its imports.
"""Measure OpenFisca's country template with its income tax and with a rule of ours; print ms as JSON."""

import json
import statistics
import sys
import time

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import YEAR
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.variables import Variable
from openfisca_country_template import CountryTaxBenefitSystem
from openfisca_country_template.entities import Person

SYSTEM = CountryTaxBenefitSystem()
ROUNDS, CALLS = 9, 100
MILLI = 1000
BASE_PERCENT, PERCENT_PER_INCIDENT = {"two_star": 10, "three_star": 10}, 10


class CardLevel(Enum):
    """Two levels of the card."""

    two_star = "two stars"
    three_star = "three stars"


class card_level(Variable):  # noqa: D101, N801 - OpenFisca names variables by their classes
    value_type = Enum
    possible_values = CardLevel
    default_value = CardLevel.two_star
    entity = Person
    definition_period = YEAR


class damage(Variable):  # noqa: D101, N801
    value_type = int
    entity = Person
    definition_period = YEAR


class prior_incidents(Variable):  # noqa: D101, N801
    value_type = int
    entity = Person
    definition_period = YEAR


class subscriber_pays(Variable):  # noqa: D101, N801
    value_type = int
    entity = Person
    definition_period = YEAR

    def formula(person: object, period: object) -> object:  # noqa: D102, N805
        level = person("card_level", period)
        base = sum((level == CardLevel[name]) * percent for name, percent in BASE_PERCENT.items())
        return (
            person("damage", period)
            * (base + PERCENT_PER_INCIDENT * person("prior_incidents", period))
            // 100
        )


SYSTEM.add_variables(card_level, damage, prior_incidents, subscriber_pays)
SITUATIONS = {
    "income_tax": ("2017-01", {"salary": {"2017-01": 3000}}),
    "subscriber_pays": ("2024", {"damage": {"2024": 50_000_000}, "prior_incidents": {"2024": 2}}),
}


def calculate_variable(variable: str, *, trace: bool) -> float:
    """Build the situation, return one variable of it."""
    period, person = SITUATIONS[variable]
    case = {"persons": {"one": person}, "households": {"home": {"adults": ["one"]}}}
    simulation = SimulationBuilder().build_from_entities(SYSTEM, case)
    simulation.trace = trace
    return simulation.calculate(variable, period)[0]


def main() -> None:
    """Print the median ms of a calculation by variable, without and with its trace."""
    if calculate_variable("subscriber_pays", trace=False) != 15_000_000:  # noqa: PLR2004 - 30 % of 50 million, as ours answers
        sys.exit("the rule of the baseline gives another result than subscriber_share")
    medians = {}
    for variable in SITUATIONS:
        medians[variable] = []
        for trace in (False, True):
            times = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                for _ in range(CALLS):
                    calculate_variable(variable, trace=trace)
                times.append((time.perf_counter() - began) / CALLS * MILLI)
            medians[variable].append(statistics.median(times))
    print(json.dumps(medians))


if __name__ == "__main__":
    main()
