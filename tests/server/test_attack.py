"""Hostile clients of every kind beside ordinary visitors: no replica dies, every visitor is answered."""

import pytest

from bench.attack import ATTACK_SECONDS, MEMORY_BYTES, VISITORS, scenario
from tools.harness.attackers import ATTACKS

SLOWEST_PRESS_SECONDS = 60
"""Of a visitor who thinks six seconds and waits thirty at most, with room for a busy machine."""


@pytest.mark.slow
def test_no_replica_dies_and_every_visitor_is_answered_under_attack() -> None:
    outcome = scenario(quiet_seconds=0, attack_seconds=ATTACK_SECONDS)  # raises where one is not answered
    assert outcome.killed == []
    assert outcome.peak_bytes < MEMORY_BYTES
    assert len(outcome.attacked_ms) >= VISITORS * ATTACK_SECONDS // SLOWEST_PRESS_SECONDS
    assert outcome.attacks.keys() == {attack.__name__ for attack in ATTACKS}
    idle = [kind for kind, counts in outcome.attacks.items() if not any(counts.values())]
    assert idle == []
    faults = {kind: statuses for kind, statuses in outcome.statuses.items() if "500" in statuses}
    assert faults == {}
