"""Servers, replicas, nginx, clients, attackers and a memory limit for tests and benchmarks."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The root folder of the checkout."""
