"""Dealers, offices and cities."""
