"""Refund rules of the tyre maker."""
