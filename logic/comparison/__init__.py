"""Levels of the card side by side."""
