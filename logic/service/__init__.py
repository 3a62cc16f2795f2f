"""Periodic services: tables and calculator."""
