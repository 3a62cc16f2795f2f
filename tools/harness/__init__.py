"""Start the app, replicas and nginx, act as visitors or attackers, watch memory: for tests and bench."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the checkout."""
