"""The guide that needs no network: one HTML file."""
