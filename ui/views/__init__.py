"""Rendering of the pages: one module for each page."""
