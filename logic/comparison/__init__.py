"""Comparison of the card levels."""
