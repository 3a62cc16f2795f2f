"""Makers' warranties: tables and calculators."""
