"""Hostile clients of every kind beside ordinary visitors: no replica is killed, and every visitor is answered."""

import pytest

from bench.attack import ATTACK_SECONDS, MEMORY_BYTES, VISITORS, scenario
from tools.harness.attackers import ATTACKS

MAX_SECONDS_PER_PRESS = 60
"""A visitor thinks for six seconds and waits thirty at most; the rest is for a busy machine."""


@pytest.mark.slow
def test_under_attack_no_replica_is_killed_and_every_visitor_is_answered() -> None:
    outcome = scenario(quiet_seconds=0, attack_seconds=ATTACK_SECONDS)  # raises if a visitor is not answered
    assert outcome.killed == []
    assert outcome.peak_bytes < MEMORY_BYTES
    assert len(outcome.attacked_ms) >= VISITORS * ATTACK_SECONDS // MAX_SECONDS_PER_PRESS
    assert outcome.attacks.keys() == {attack.__name__ for attack in ATTACKS}
    idle = [kind for kind, counts in outcome.attacks.items() if not any(counts.values())]
    assert idle == []
    faults = {kind: statuses for kind, statuses in outcome.statuses.items() if "500" in statuses}
    assert faults == {}
