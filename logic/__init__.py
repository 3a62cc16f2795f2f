"""Calculators: pure functions over dated tables. Every figure carries the clause that it comes from."""

__version__ = "0.1.0"
"""The version of the project; pyproject.toml and everything that names a version read it here."""
