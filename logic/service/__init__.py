"""Periodic services."""
