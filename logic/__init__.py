"""Rules as code, with receipts: pure functions over dated tables, every figure with its clause."""

__version__ = "0.1.0"
"""The version of the project; pyproject.toml and everything that names a version read it here."""
